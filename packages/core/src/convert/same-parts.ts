import { LazyBytes } from '../bytes/lazy.js';
import { equalBytes } from '../bytes/equal.js';
import {
  PyByteArray,
  PyDict,
  PyFloat,
  PyGlobal,
  PyInstance,
  PySet,
  PyTuple,
  type PyObject,
  type PyValue,
} from '../pickle/values.js';
import { Dtype, NdArray, NumpyScalar } from '../python/ndarray.js';
import { SparseMatrix } from '../python/sparse.js';
import type { Comparison } from './target.js';

/** After so many pairs, what goes on beside has its turn. */
const TURN = 32;

type Pair = readonly [PyValue | undefined, PyValue | undefined];

/**
 * True if two values are the same object in all their parts: the same classes, made in the same way, with the same
 * attributes in the same order, arrays bit by bit, and shared where the other is shared. Whatever is read off one can
 * then be read off the other, so that no program tells them apart. False where that is not shown: it says nothing about
 * values of classes that it does not know, nor of objects that are equal but made in different ways.
 *
 * Arrays must have been read. Each object is looked at once; nothing recurses, and nothing is written or copied. `beside`
 * has its turn now and then.
 */
export async function sameInAllParts(a: PyValue, b: PyValue, beside?: Pick<Comparison, 'turn'>): Promise<boolean> {
  const todo: Pair[] = [[a, b]];
  const pairs = new Pairs();
  let count = 0;
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (beside && ++count % TURN === 0) await beside.turn();
    const [x, y] = next;
    if (x === undefined || y === undefined || !isObject(x) || !isObject(y)) {
      if (!Object.is(x, y)) return false;
      continue;
    }
    if (x.constructor !== y.constructor) return false;
    const plain = x instanceof PyFloat || x instanceof PyGlobal || x instanceof Dtype;
    if (!plain) {
      const known = pairs.meet(x, y);
      if (known === 'other') return false;
      if (known === 'met') continue;
    }
    const inside = partsOf(x, y);
    if (!inside) return false;
    for (const pair of inside) todo.push(pair);
  }
  return true;
}

const isObject = (value: PyValue): value is PyObject | PyValue[] | Uint8Array =>
  typeof value === 'object' && value !== null;

/** Which object stands for which: one for one, so that what is shared here is shared there. */
class Pairs {
  readonly #right = new Map<object, object>();
  readonly #left = new Map<object, object>();

  meet(x: object, y: object): 'new' | 'met' | 'other' {
    const [right, left] = [this.#right.get(x), this.#left.get(y)];
    if (right !== undefined || left !== undefined) return right === y && left === x ? 'met' : 'other';
    this.#right.set(x, y);
    this.#left.set(y, x);
    return 'new';
  }
}

/** What is left to compare of two objects of the same class; undefined where they differ, or where nobody knows. */
function partsOf(x: PyObject | PyValue[] | Uint8Array, y: typeof x): readonly Pair[] | undefined {
  let compare = comparing.get(x.constructor);
  if (!compare) {
    compare = table.find(([type]) => x instanceof type)?.[1] ?? (() => undefined);
    comparing.set(x.constructor, compare);
  }
  return compare(x as never, y as never);
}

/** The rows of the table by the very class of an object, as they are found. */
const comparing = new Map<unknown, Compare<never>>();

const nothing: readonly Pair[] = [];
const when = (same: boolean): readonly Pair[] | undefined => (same ? nothing : undefined);

function items(x: readonly PyValue[], y: readonly PyValue[]): readonly Pair[] | undefined {
  return x.length === y.length ? x.map((item, i) => [item, y[i]]) : undefined;
}

function bytesOf(data: Uint8Array | LazyBytes): Uint8Array | undefined {
  return data instanceof LazyBytes ? data.bytes : data;
}

function sameData(x: NdArray['data'], y: NdArray['data']): readonly Pair[] | undefined {
  if (Array.isArray(x) || Array.isArray(y)) return Array.isArray(x) && Array.isArray(y) ? items(x, y) : undefined;
  const [left, right] = [bytesOf(x), bytesOf(y)];
  return when(left !== undefined && right !== undefined && equalBytes(left, right));
}

const sameShape = (x: readonly number[], y: readonly number[]): boolean =>
  x.length === y.length && x.every((n, i) => n === y[i]);

/** Depth and fields of a dtype are bounded where it is made. */
function sameDtype(x: Dtype, y: Dtype): boolean {
  if (x === y) return true;
  if (x.metadata !== undefined || y.metadata !== undefined) return false;
  const sameKind = x.type === y.type && x.itemsize === y.itemsize && x.byteOrder === y.byteOrder;
  const sameFlags = x.align === y.align && x.record === y.record && x.strict === y.strict;
  if (!sameKind || !sameFlags || String(x.unit) !== String(y.unit)) return false;
  if (x.subarray || y.subarray) {
    if (!x.subarray || !y.subarray || !sameShape(x.subarray.shape, y.subarray.shape)) return false;
    if (!sameDtype(x.subarray.base, y.subarray.base)) return false;
  }
  if (!x.fields || !y.fields) return x.fields === y.fields;
  const [left, right] = [x.fields, y.fields];
  return (
    left.length === right.length &&
    left.every((field, i) => {
      const other = right[i];
      const sameField = field.name === other.name && field.offset === other.offset && field.title === other.title;
      return sameField && sameDtype(field.dtype, other.dtype);
    })
  );
}

type Compare<T> = (x: T, y: T) => readonly Pair[] | undefined;
type Row<T> = readonly [abstract new (...args: never[]) => T, Compare<T>];
const row = <T>(...given: Row<T>): readonly [Row<T>[0], Compare<never>] => given;

/** By class. A subclass that is not in here may hold more than its base: it is not shown to be the same. */
const table = [
  row(Array<PyValue>, items),
  row(Uint8Array, (x, y) => when(equalBytes(x, y))),
  row(PyFloat, (x, y) => when(Object.is(x.value, y.value))),
  row(PyTuple, (x, y) => items(x.items, y.items)),
  row(PyByteArray, (x, y) => when(equalBytes(x.bytes, y.bytes))),
  row(PySet, (x, y) => (x.kind === y.kind ? items(x.items, y.items) : undefined)),
  row(PyDict, (x, y) => {
    if (x.constructor !== PyDict) return undefined;
    const [keys, values] = [items(x.keys, y.keys), items(x.values, y.values)];
    return keys && values && [...keys, ...values];
  }),
  row(PyGlobal, (x, y) => when(x.module === y.module && x.name === y.name)),
  row(PyInstance, (x, y) => {
    if (x.constructor !== PyInstance || x.made !== y.made) return undefined;
    return [
      [x.callable, y.callable],
      [x.args, y.args],
      [x.kwargs, y.kwargs],
      [x.state, y.state],
      [x.appended, y.appended],
      [x.entries, y.entries],
    ];
  }),
  row(Dtype, (x, y) => when(sameDtype(x, y))),
  row(NdArray, (x, y) => {
    const alike = x.subclass === y.subclass && x.fortran === y.fortran && sameShape(x.shape, y.shape);
    return alike && sameDtype(x.dtype, y.dtype) ? sameData(x.data, y.data) : undefined;
  }),
  row(NumpyScalar, (x, y) => (sameDtype(x.dtype, y.dtype) ? [[x.data, y.data]] : undefined)),
  row(SparseMatrix, (x, y) => {
    const alike = x.format === y.format && x.container === y.container && sameShape(x.shape, y.shape);
    return alike ? [[x.instance, y.instance]] : undefined;
  }),
];
