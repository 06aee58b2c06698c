/**
 * How each Python value looks in tagged JSON, one level at a time: what is plain, which parts it has, and
 * which of them are values in their own right. Walking those is `json.ts`.
 */
import { BrineError } from '../errors.js';
import { LazyBytes } from '../bytes/lazy.js';
import {
  PyByteArray,
  PyDict,
  PyFloat,
  PyGlobal,
  PyInstance,
  PyPersistent,
  PySet,
  PyTuple,
  type PyValue,
} from '../pickle/values.js';
import { dtypeName } from './dtype.js';
import { elements, scalarValue } from './elements.js';
import { MaskedArray } from './masked.js';
import { Dtype, NdArray, NumpyScalar } from './ndarray.js';
import type { Column } from './pandas/column.js';
import { DataFrame, Series } from './pandas/frame.js';
import { PandasIndex } from './pandas/pandas-index.js';
import { SparseMatrix } from './sparse.js';
import {
  PyBoundMethod,
  PyComplex,
  PyDateTime,
  PyDeque,
  PyDictInstance,
  PyModule,
  PyPartial,
  PyPattern,
  PyRange,
  PySlice,
} from './values.js';

/** JSON text's own scalars; a PyFloat is a number that is written with its point (`1.0`). */
export type Atom = null | boolean | number | string | PyFloat;

/** One level of tagged JSON, and what may stand inside one. */
export type Level = Atom | ListShape | ObjectShape;
export type Shape = Level | ValueShape | DeferredShape;

/** A JSON array. */
export class ListShape {
  readonly items: readonly PyValue[] | readonly Shape[];
  /** `values`: each item is a Python value to be tagged in turn. `shapes`: items are what they are. */
  readonly of: 'values' | 'shapes';
  constructor(items: readonly PyValue[] | readonly Shape[], of: 'values' | 'shapes') {
    this.items = items;
    this.of = of;
  }
}

/** A JSON object. Keys are ours, never a file's. */
export class ObjectShape {
  readonly entries: readonly (readonly [string, Shape])[];
  constructor(entries: readonly (readonly [string, Shape])[]) {
    this.entries = entries;
  }
}

/** A Python value to be tagged where it stands. */
export class ValueShape {
  readonly value: PyValue;
  constructor(value: PyValue) {
    this.value = value;
  }
}

/** What is unfolded only where it is written, so that a frame of many columns is never there at once. */
export class DeferredShape {
  readonly make: () => Level;
  constructor(make: () => Level) {
    this.make = make;
  }
}

export interface TagOptions {
  /** How many values may be written in all; 2^25 unless told otherwise. Small files can repeat large parts (CWE-400). */
  readonly maxNodes?: number;
  /** Arrays, lists and columns longer than this show their first items, `size` and `truncated: true`. */
  readonly maxItems?: number;
}

const values = (items: readonly PyValue[]): ListShape => new ListShape(items, 'values');
const shapes = (items: readonly Shape[]): ListShape => new ListShape(items, 'shapes');
const value = (of: PyValue): ValueShape => new ValueShape(of);
const tagged = (kind: string, ...entries: (readonly [string, Shape])[]): ObjectShape =>
  new ObjectShape([['$', kind], ...entries]);

/** True for values that keep their identity: the second occurrence is written as a reference. */
export function hasIdentity(of: PyValue): of is Exclude<PyValue, Atom | bigint | Uint8Array> {
  if (Array.isArray(of)) return true;
  if (typeof of !== 'object' || of === null || of instanceof Uint8Array) return false;
  if (of instanceof PyTuple) return of.items.length > 0;
  return !(of instanceof PyFloat || of instanceof PyGlobal || of instanceof PyComplex || of instanceof NumpyScalar);
}

/** The shape of one value, without its identity. */
export function shapeOf(of: PyValue, options: TagOptions): Level {
  if (of === null || typeof of === 'boolean' || typeof of === 'string') return of;
  if (typeof of === 'number') return numberShape(of);
  if (typeof of === 'bigint')
    return Number.isSafeInteger(Number(of)) ? Number(of) : tagged('int', ['value', String(of)]);
  if (of instanceof Uint8Array) return bytesShape('bytes', of, options);
  if (Array.isArray(of)) {
    const short = shorten(of, options);
    return short === of ? values(of) : tagged('list', ['items', values(short)], ...cut(of, options));
  }
  const shape = shapers.get(of.constructor) as ((of: PyValue, options: TagOptions) => Level) | undefined;
  return shape ? shape(of, options) : tagged(of.kind);
}

function numberShape(of: number): Level {
  return Number.isInteger(of) && Object.is(of, -0) ? new PyFloat(of) : floatShape(of);
}

function floatShape(of: number): Level {
  if (Number.isFinite(of)) return of;
  return tagged('float', ['value', Number.isNaN(of) ? 'nan' : of > 0 ? 'inf' : '-inf']);
}

function bytesShape(kind: string, bytes: Uint8Array, options: TagOptions): Level {
  return tagged(
    kind,
    ['hex', hexOf(bytes.subarray(0, options.maxItems ?? bytes.length), bytes)],
    ...cut(bytes, options),
  );
}

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Long ones by the bytes they are of: a file may name the same megabyte a million times (CWE-400). */
const hexTexts = new WeakMap<Uint8Array, string>();

function hexOf(shown: Uint8Array, whole: Uint8Array): string {
  const known = hexTexts.get(whole);
  if (known?.length === shown.length * 2) return known;
  let hex = '';
  for (const byte of shown) hex += hexDigits[byte];
  if (hex.length > 1024) hexTexts.set(whole, hex);
  return hex;
}

function shorten<T>(items: readonly T[], { maxItems }: TagOptions): readonly T[] {
  return maxItems !== undefined && items.length > maxItems ? items.slice(0, maxItems) : items;
}

/** What says that something was shortened. */
function cut(items: { readonly length: number }, { maxItems }: TagOptions): (readonly [string, Shape])[] {
  if (maxItems === undefined || items.length <= maxItems) return [];
  return [
    ['truncated', true],
    ['size', items.length],
  ];
}

const instance = (module: string, name: string, ...args: PyValue[]): ObjectShape =>
  tagged('instance', ['module', module], ['name', name], ['args', values(args)]);

const pairs = (dict: PyDict): ListShape => shapes(Array.from(dict.entries(), (pair) => values(pair)));

function dictShape(dict: PyDict): Level {
  return tagged('dict', ['items', pairs(dict)]);
}

/** numpy's `dtype.str`, or for records a list like `dtype.descr`. */
function dtypeShape(dtype: Dtype): Shape {
  if (!dtype.fields) return dtypeName(dtype);
  return shapes(
    dtype.fields.map((field) => {
      const inner = field.dtype.subarray;
      return shapes([field.name, dtypeShape(inner?.base ?? field.dtype), ...(inner ? [shapes([...inner.shape])] : [])]);
    }),
  );
}

/** The flat elements of an array: only those that are shown are unfolded. */
function dataShape(array: NdArray, options: TagOptions): ListShape {
  return arrayItems(elements(head(array, options)), array.dtype);
}

/** Records are lists of their fields, and a sub-array in a record is a list too. */
function arrayItems(items: readonly PyValue[], dtype: Dtype): ListShape {
  if (!dtype.fields) return values(items);
  return shapes(items.map((item) => recordShape(item, dtype)));
}

function recordShape(item: PyValue, dtype: Dtype): Shape {
  if (!dtype.fields || !(item instanceof PyTuple)) return value(item);
  return shapes(
    dtype.fields.map((field, i) => {
      const part = item.items[i];
      if (field.dtype.subarray && part instanceof NdArray) return arrayItems(elements(part), part.dtype);
      return recordShape(part, field.dtype);
    }),
  );
}

/** The first items of an array in C order, as an array, without looking at the rest of its bytes. */
function head(array: NdArray, { maxItems }: TagOptions): NdArray {
  const { dtype, data, size } = array;
  if (maxItems === undefined || size <= maxItems) return array;
  if (array.fortran) return new NdArray(dtype, [maxItems], false, elements(array).slice(0, maxItems));
  if (Array.isArray(data)) return new NdArray(dtype, [maxItems], false, data.slice(0, maxItems));
  const bytes = data instanceof LazyBytes ? data.bytes : data;
  return bytes ? new NdArray(dtype, [maxItems], false, bytes.subarray(0, maxItems * dtype.itemsize)) : array;
}

function arrayShape(array: NdArray, options: TagOptions): ObjectShape {
  const kind = array.subclass === 'numpy.matrix' ? 'matrix' : 'ndarray';
  return tagged(
    kind,
    ['dtype', dtypeShape(array.dtype)],
    ['shape', shapes([...array.shape])],
    ['data', dataShape(array, options)],
    ...cut({ length: array.size }, options),
  );
}

function maskedShape({ data, mask, fillValue }: MaskedArray, options: TagOptions): Level {
  if (!data || !mask) return tagged('masked');
  return tagged(
    'masked',
    ['dtype', dtypeShape(data.dtype)],
    ['shape', shapes([...data.shape])],
    ['data', dataShape(data, options)],
    ['mask', dataShape(mask, options)],
    ['fill_value', value(fillValue)],
    ...cut({ length: data.size }, options),
  );
}

function sparseShape(matrix: SparseMatrix, options: TagOptions): Level {
  const { format, container, shape } = matrix;
  const part = (name: string): (readonly [string, Shape])[] => [[name, dataShape(matrix.array(name), options)]];
  const start: (readonly [string, Shape])[] = [
    ['format', format],
    ['container', container],
    ['shape', shapes([...shape])],
  ];
  if (format === 'dok') return tagged('sparse', ...start, ['items', pairs(matrix.entries())]);
  const data = matrix.array('data');
  start.push(['dtype', dtypeShape(data.dtype)]);
  const end = cut({ length: data.size }, options);
  switch (format) {
    case 'coo': {
      const coords = matrix.coordinates().map((array) => dataShape(array, options));
      return tagged('sparse', ...start, ['coords', shapes(coords)], ...part('data'), ...end);
    }
    case 'dia':
      return tagged('sparse', ...start, ...part('offsets'), ...part('data'), ...end);
    case 'lil':
      return tagged('sparse', ...start, ...part('rows'), ...part('data'), ...end);
    case 'bsr':
      start.push(['blocksize', shapes(data.shape.slice(1))]);
      break;
    default:
  }
  return tagged('sparse', ...start, ...part('indptr'), ...part('indices'), ...part('data'), ...end);
}

const columnData = (column: Column, options: TagOptions): DeferredShape =>
  new DeferredShape(() => values(shorten(column.values(), options)));

function frameShape(frame: DataFrame, options: TagOptions): Level {
  return tagged(
    'DataFrame',
    ['columns', values(frame.columns)],
    ['dtypes', shapes(frame.dtypes)],
    ['index', columnData(frame.index.asColumn(), options)],
    ['data', shapes(frame.columns.map((_, i) => columnData(frame.column(i), options)))],
    ...cut({ length: frame.index.length }, options),
  );
}

function seriesShape(series: Series, options: TagOptions): Level {
  const { column, index, name } = series;
  return tagged(
    'Series',
    ['name', value(name)],
    ['dtype', column.dtype],
    ['index', columnData(index.asColumn(), options)],
    ['data', columnData(column, options)],
    ...cut({ length: index.length }, options),
  );
}

function indexShape(index: PandasIndex, options: TagOptions): Level {
  const column = index.asColumn();
  return tagged(
    'Index',
    ['class', index.className],
    ['name', value(index.name)],
    ['dtype', column.dtype],
    ['data', columnData(column, options)],
    ...cut({ length: index.length }, options),
  );
}

/** What pandas holds in a form that nobody reads is shown as the instance that the file has. */
const orInstance =
  <T extends { readonly instance: PyInstance }>(shape: (of: T, options: TagOptions) => Level) =>
  (of: T, options: TagOptions): Level => {
    try {
      return shape(of, options);
    } catch (error) {
      if (error instanceof BrineError && error.code !== 'LIMIT') return instanceShape(of.instance);
      throw error;
    }
  };

function instanceShape(of: PyInstance): Level {
  const entries: (readonly [string, Shape])[] = [
    ['module', of.module],
    ['name', of.name],
  ];
  if (!(of.callable instanceof PyGlobal)) entries.push(['callable', value(of.callable)]);
  if (of.made === 'call' || of.args.items.length > 0) entries.push(['args', values(of.args.items)]);
  if (of.kwargs && of.kwargs.size > 0) entries.push(['kwargs', value(of.kwargs)]);
  if (of.appended) entries.push(['items', values(of.appended)]);
  if (of.entries) entries.push(['entries', pairs(of.entries)]);
  if (of.state !== undefined) entries.push(['state', value(of.state)]);
  return tagged('instance', ...entries);
}

type Shaper<T> = (of: T, options: TagOptions) => Level;

const shaper = <T>(type: new (...args: never[]) => T, shape: Shaper<T>): [unknown, unknown] => [type, shape];

const shapers = new Map<unknown, unknown>([
  shaper(PyFloat, (of) => (Number.isFinite(of.value) ? of : floatShape(of.value))),
  shaper(PyTuple, (of) => tagged('tuple', ['items', values(of.items)])),
  shaper(PySet, (of) => tagged(of.kind, ['items', values(of.items)])),
  shaper(PyDict, dictShape),
  shaper(PyDictInstance, (of) =>
    tagged(
      'dict',
      ['module', of.type.module],
      ['name', of.type.name],
      ...(of.factory === undefined ? [] : [['factory', value(of.factory)] as const]),
      ['items', pairs(of)],
      ...(of.attributes === undefined ? [] : [['state', value(of.attributes)] as const]),
    ),
  ),
  shaper(PyByteArray, (of, options) => bytesShape('bytearray', of.bytes, options)),
  shaper(PyComplex, (of) => tagged('complex', ['real', floatShape(of.real)], ['imag', floatShape(of.imag)])),
  shaper(PyGlobal, (of) => tagged('class', ['module', of.module], ['name', of.name])),
  shaper(PyModule, (of) => tagged('module', ['name', of.name])),
  shaper(PyInstance, instanceShape),
  shaper(PyPersistent, (of) => tagged('persistent', ['value', value(of.id)])),
  shaper(PySlice, (of) => instance('builtins', 'slice', of.start, of.stop, of.step)),
  shaper(PyRange, (of) => instance('builtins', 'range', of.start, of.stop, of.step)),
  shaper(PyDeque, (of) => instance('collections', 'deque', of.items, of.maxlen)),
  shaper(PyDateTime, (of) => instance('datetime', of.kind, ...of.fields, ...(of.tzinfo === null ? [] : [of.tzinfo]))),
  shaper(PyPartial, (of) =>
    tagged(
      'instance',
      ['module', 'functools'],
      ['name', 'partial'],
      ['args', values([of.func, ...of.args.items])],
      ...(of.keywords.size > 0 ? [['kwargs', value(of.keywords)] as const] : []),
    ),
  ),
  shaper(PyBoundMethod, (of) => instance('builtins', 'getattr', of.object, of.name)),
  shaper(PyPattern, (of) => instance('re', 'compile', of.pattern, of.flags)),
  shaper(Dtype, (of) => tagged('dtype', ['dtype', dtypeShape(of)])),
  shaper(NdArray, arrayShape),
  shaper(NumpyScalar, (of) =>
    tagged('scalar', ['dtype', dtypeShape(of.dtype)], ['value', recordShape(scalarValue(of), of.dtype)]),
  ),
  shaper(MaskedArray, maskedShape),
  shaper(SparseMatrix, orInstance(sparseShape)),
  shaper(DataFrame, orInstance(frameShape)),
  shaper(Series, orInstance(seriesShape)),
  shaper(PandasIndex, indexShape),
]);
