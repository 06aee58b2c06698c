import { BrineError } from '../errors.js';
import { float64, strings, type Csr, type Tensor } from '../graph/tensor.js';
import { PyDict, PyFloat, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { elements, scalarValue, toFloat64, toInt64, toObjects, toTyped } from '../python/elements.js';
import { NdArray, NumpyScalar } from '../python/ndarray.js';
import { SparseMatrix } from '../python/sparse.js';
import type { Estimator } from './estimator.js';

/** Where a field is read: for messages, and to bind what lies inside. */
export interface Reading {
  readonly owner: Estimator;
  /** `pipeline.steps[1][1].coef_` */
  readonly path: string;
}

/**
 * Reads one attribute of a saved object: checks what it is and gives it in the form that lowerings use.
 * Undefined means that the file has no such attribute.
 */
export type Field<T> = (value: PyValue | undefined, at: Reading) => T;

export function badState(at: Reading, wanted: string, got: PyValue | undefined): BrineError {
  if (got === undefined && !isFitted(at.owner))
    return new BrineError('NOT_FITTED', `${at.owner.name} was saved before it was fitted`, { path: at.path });
  if (got === undefined)
    return new BrineError('BAD_STATE', `${at.owner.name} has no such attribute; it needs ${wanted}`, { path: at.path });
  return new BrineError('BAD_STATE', `${at.owner.name} needs ${wanted} here, the file holds ${describe(got)}`, {
    path: at.path,
  });
}

/** Throws NOT_FITTED for an estimator that could answer without anything that fitting leaves, and must not. */
export function requireFitted(owner: Estimator): void {
  if (!isFitted(owner))
    throw new BrineError('NOT_FITTED', `${owner.name} was saved before it was fitted`, { path: owner.path });
}

/** scikit-learn's own test: fitting leaves attributes that end in an underscore. */
function isFitted({ instance: { state } }: Estimator): boolean {
  if (!(state instanceof PyDict)) return true;
  for (const [name] of state.entries())
    if (typeof name === 'string' && name.endsWith('_') && !name.startsWith('__')) return true;
  return false;
}

function describe(value: PyValue): string {
  if (value === null) return 'None';
  if (typeof value !== 'object') return `${typeof value} ${String(value).slice(0, 40)}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof NdArray) return `an array of shape (${value.shape.join(', ')})`;
  if (value instanceof PyInstance) return `${value.module}.${value.name}`;
  return `a ${value.kind}`;
}

// ---- numbers, text, flags ---------------------------------------------------------------------------

/** A Python or numpy number as a JavaScript number; undefined if it is none. */
export function asNumber(value: PyValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof NumpyScalar) return asNumber(scalarValue(value));
  if (value instanceof NdArray && value.size === 1) return asNumber(elements(value)[0]);
  return undefined;
}

/** A number: Python's int, float or bool, a numpy scalar, or an array of one element. */
export const number: Field<number> = (value, at) => {
  const n = asNumber(value);
  if (n === undefined) throw badState(at, 'a number', value);
  return n;
};

export const text: Field<string> = (value, at) => {
  const s = asText(value);
  if (s === undefined) throw badState(at, 'text', value);
  return s;
};

/** Python or numpy text; undefined if it is none. */
export function asText(value: PyValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof NumpyScalar) return asText(scalarValue(value));
  return undefined;
}

/** True or False (or 0 and 1, as old versions wrote). */
export const flag: Field<boolean> = (value, at) => {
  const n = asNumber(value);
  if (n === undefined) throw badState(at, 'True or False', value);
  return n !== 0;
};

/** Text that is one of `options`. */
export function oneOf<const T extends readonly string[]>(...options: T): Field<T[number]> {
  return (value, at) => {
    const s = asText(value);
    const found = options.find((o) => o === s);
    if (found === undefined) throw badState(at, `one of ${options.join(', ')}`, value);
    return found;
  };
}

/** `field`, or `fallback` where the attribute is missing or None. */
export function optional<T>(field: Field<T>): Field<T | undefined>;
export function optional<T, F>(field: Field<T>, fallback: F): Field<T | F>;
export function optional<T, F>(field: Field<T>, fallback?: F): Field<T | F | undefined> {
  return (value, at) => (value === undefined || value === null ? fallback : field(value, at));
}

/** Whatever is there, as the file holds it. */
export const raw: Field<PyValue | undefined> = (value) => value;

// ---- arrays -----------------------------------------------------------------------------------------

function asArray(value: PyValue | undefined): NdArray | undefined {
  return value instanceof NdArray ? value : undefined;
}

/** Numbers of any shape as a float64 tensor (a view on the file where it can be). */
export const array: Field<Tensor> = (value, at) => {
  const a = asArray(value);
  if (a) return float64(a.shape, toFloat64(a));
  const n = asNumber(value);
  if (n !== undefined) return float64([], Float64Array.of(n));
  if (Array.isArray(value) || value instanceof PyTuple) {
    const items = sequenceOf(value).map(asNumber);
    if (items.every((x) => x !== undefined)) return float64([items.length], Float64Array.from(items));
  }
  if (value instanceof SparseMatrix) {
    const { shape, indptr, indices, data } = value.toCsr();
    const out = new Float64Array(checkedSize(shape, at));
    for (let r = 0; r < shape[0]; r++)
      for (let p = indptr[r]; p < indptr[r + 1]; p++) out[r * shape[1] + indices[p]] += data[p];
    return float64(shape, out);
  }
  throw badState(at, 'an array of numbers', value);
};

/** Sparse coefficients are made dense up to this many elements (CWE-789). */
const DENSE_STATE_LIMIT = 2 ** 28;

function checkedSize(shape: readonly number[], at: Reading): number {
  const size = shape.reduce((a, b) => a * b, 1);
  if (size > DENSE_STATE_LIMIT)
    throw new BrineError('LIMIT', `a sparse matrix of ${shape.join(' × ')} is too large to make dense`, {
      path: at.path,
    });
  return size;
}

/** A float64 matrix [rows, columns]. */
export const matrixField: Field<Tensor> = (value, at) => {
  const t = array(value, at);
  if (t.shape.length !== 2) throw badState(at, 'a matrix', value);
  return t;
};

/** A float64 matrix [rows, columns], or a sparse one as it is. */
export const denseOrSparse: Field<Tensor | Csr> = (value, at) =>
  value instanceof SparseMatrix ? { dtype: 'float64', ...value.toCsr() } : matrixField(value, at);

/** A float64 vector [n]; a number counts as a vector of one. */
export const vector: Field<Tensor> = (value, at) => {
  const t = array(value, at);
  if (t.shape.length === 0) return float64([1], t.data as Float64Array);
  if (t.shape.length !== 1) throw badState(at, 'a vector', value);
  return t;
};

/** Integers [n] as numbers, from an array, a list or a tuple. */
export const integers: Field<number[]> = (value, at) => {
  const items = Array.from(vector(value, at).data as Float64Array);
  if (!items.every(Number.isSafeInteger)) throw badState(at, 'integers', value);
  return items;
};

/** True and False [n]. */
export const mask: Field<boolean[]> = (value, at) => {
  const a = asArray(value);
  if (a?.shape.length !== 1) throw badState(at, 'an array of True and False', value);
  return Array.from(toFloat64(a), (x) => x !== 0);
};

/**
 * Labels or categories [n], in the type they were trained with: string, int64, float64, bool, or object
 * where they are mixed.
 */
export const labels: Field<Tensor> = (value, at) => {
  const a = asArray(value);
  if (a) {
    if (a.shape.length !== 1) throw badState(at, 'a vector of labels', value);
    switch (a.dtype.type) {
      case 'i':
      case 'u':
        return { dtype: 'int64', shape: a.shape, data: toInt64(a) };
      case 'b':
        return { dtype: 'bool', shape: a.shape, data: toTyped(a) };
      case 'f':
        return float64(a.shape, toFloat64(a));
      case 'O':
        return labelsFrom(toObjects(a));
      default:
        return labelsFrom(elements(a));
    }
  }
  if (Array.isArray(value) || value instanceof PyTuple) return labelsFrom(sequenceOf(value));
  throw badState(at, 'labels', value);
};

/** Plain JavaScript values for Python labels: text, numbers, booleans, null for None, NaN. */
export function plainLabel(value: PyValue): unknown {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof NumpyScalar) return plainLabel(scalarValue(value));
  if (value instanceof Uint8Array) return String.fromCharCode(...value);
  return value;
}

/** A tensor of the narrowest type that holds every label. */
export function labelsFrom(values: readonly PyValue[]): Tensor {
  const items = values.map(plainLabel);
  const shape = [items.length];
  if (items.every((x): x is string => typeof x === 'string')) return strings(shape, items);
  if (items.every((x) => typeof x === 'boolean'))
    return { dtype: 'bool', shape, data: Uint8Array.from(items, (x) => (x ? 1 : 0)) };
  const isInt = (x: PyValue): boolean =>
    (typeof x === 'number' && Number.isInteger(x)) ||
    typeof x === 'bigint' ||
    (x instanceof NumpyScalar && (x.dtype.type === 'i' || x.dtype.type === 'u'));
  if (values.every(isInt))
    return { dtype: 'int64', shape, data: BigInt64Array.from(items as (number | bigint)[], (x) => BigInt(x)) };
  if (items.every((x): x is number => typeof x === 'number')) return float64(shape, Float64Array.from(items));
  return { dtype: 'object', shape, data: items };
}

// ---- containers -------------------------------------------------------------------------------------

/** The items of a list, tuple or object array; of anything else, none. */
export function sequenceOf(value: PyValue | undefined): PyValue[] {
  if (Array.isArray(value)) return value;
  if (value instanceof PyTuple) return value.items;
  if (value instanceof NdArray) return elements(value);
  return [];
}

function isSequence(value: PyValue | undefined): value is PyValue[] | PyTuple | NdArray {
  return Array.isArray(value) || value instanceof PyTuple || value instanceof NdArray;
}

/** A list, tuple or object array of which each item is a `field`. */
export function list<T>(field: Field<T>): Field<T[]> {
  return (value, at) => {
    if (!isSequence(value)) throw badState(at, 'a list', value);
    return sequenceOf(value).map((item, i) => field(item, { owner: at.owner, path: `${at.path}[${i}]` }));
  };
}

/** A tuple (or list) of exactly these fields. */
export function tupleOf<T extends readonly unknown[]>(...fields: { [K in keyof T]: Field<T[K]> }): Field<T> {
  return (value, at) => {
    const items = sequenceOf(value);
    if (!isSequence(value) || items.length < fields.length) throw badState(at, `a tuple of ${fields.length}`, value);
    return fields.map((field, i) => field(items[i], { owner: at.owner, path: `${at.path}[${i}]` })) as unknown as T;
  };
}

/** A dict with text keys. */
export function record<T>(field: Field<T>): Field<Map<string, T>> {
  return (value, at) => {
    if (!(value instanceof PyDict)) throw badState(at, 'a dict', value);
    const out = new Map<string, T>();
    for (const [key, item] of value.entries()) {
      const name = asText(key);
      if (name === undefined) throw badState(at, 'a dict with text keys', key);
      out.set(name, field(item, { owner: at.owner, path: `${at.path}[${JSON.stringify(name)}]` }));
    }
    return out;
  };
}

// ---- objects ----------------------------------------------------------------------------------------

/** An estimator inside this one. */
export const child: Field<Estimator> = (value, at) => {
  if (!(value instanceof PyInstance)) throw badState(at, 'an estimator', value);
  return at.owner.bind(value, at.path);
};

/** Any object with a state, such as a tree or a loss. */
export const object: Field<PyInstance> = (value, at) => {
  if (!(value instanceof PyInstance)) throw badState(at, 'an object', value);
  return value;
};

/** A function or class by its full name, such as `numpy.log1p`. */
export const globalName: Field<string> = (value, at) => {
  if (!(value instanceof PyGlobal)) throw badState(at, 'a function', value);
  return value.fullName;
};

/** The first field that accepts the value. */
export function either<A, B>(first: Field<A>, second: Field<B>): Field<A | B> {
  return (value, at) => {
    try {
      return first(value, at);
    } catch (error) {
      if (!(error instanceof BrineError) || error.code !== 'BAD_STATE') throw error;
      return second(value, at);
    }
  };
}
