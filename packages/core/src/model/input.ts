import { BrineError } from '../errors.js';
import type { Data, InputKind } from '../estimators/index.js';
import type { GraphBuilder } from '../graph/builder.js';
import type { Dim } from '../graph/graph.js';
import { allocate, isBig, type Csr, type DType, type Tensor, type Value } from '../graph/tensor.js';

/** `{ dtype, shape, data }`: `data` a typed array, or an array of strings. */
export interface TensorInput {
  readonly dtype?: string;
  readonly shape: readonly number[];
  readonly data: ArrayLike<unknown>;
}

/** Named columns of equal length. A missing value is null, undefined or NaN. */
export interface TableInput {
  readonly columns: Readonly<Record<string, ArrayLike<unknown>>>;
  readonly dtypes?: Readonly<Record<string, string>>;
}

/** Compressed sparse rows. */
export interface SparseInput {
  readonly shape: readonly number[];
  readonly indptr: ArrayLike<number>;
  readonly indices: ArrayLike<number>;
  readonly data: ArrayLike<number>;
}

/** Tensor, table, sparse matrix, documents, rows, or records. */
export type ModelInput = TensorInput | TableInput | SparseInput | readonly unknown[];

/** An input made ready: the values to feed, how to declare them to a graph, and a key that names their types. */
export interface Prepared {
  /** Equal for inputs that the same lowered graph serves. */
  readonly key: string;
  readonly rows: number;
  readonly values: readonly Value[];
  readonly declare: (g: GraphBuilder) => Data;
  /** Column names, where the input has any. */
  readonly names: readonly string[] | undefined;
  readonly width: number | undefined;
}

/** Checks an input of any listed kind and gives it the types that the runtime knows. Throws BAD_INPUT. */
export function prepare(input: ModelInput, takes: InputKind): Prepared {
  if (Array.isArray(input)) return prepareArray(input, takes);
  if (typeof input !== 'object' || input === null)
    throw new BrineError(
      'BAD_INPUT',
      'an input is a tensor {dtype, shape, data}, a table {columns}, a sparse matrix {shape, indptr, indices, data}, ' +
        'an array of documents, rows or records',
    );
  if ('columns' in input) return prepareTable(input);
  if ('indptr' in input) return prepareSparse(input);
  if ('shape' in input && 'data' in input) return prepareTensor(input);
  throw new BrineError('BAD_INPUT', `an input with the fields ${Object.keys(input).join(', ')} is of no known kind`);
}

// ---- tensors ----------------------------------------------------------------------------------------

const dtypes = new Set<string>([
  ...['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8'],
  ...['uint64', 'uint32', 'uint16', 'uint8', 'bool', 'string', 'object'],
]);

const typedNames = new Map<string, DType>([
  ['Float64Array', 'float64'],
  ['Float32Array', 'float32'],
  ['BigInt64Array', 'int64'],
  ['BigUint64Array', 'uint64'],
  ['Int32Array', 'int32'],
  ['Int16Array', 'int16'],
  ['Int8Array', 'int8'],
  ['Uint32Array', 'uint32'],
  ['Uint16Array', 'uint16'],
  ['Uint8Array', 'uint8'],
  ['Uint8ClampedArray', 'uint8'],
]);

/** A tensor of the caller's, its shape checked and its data in the array that its dtype calls for. */
export function toTensor(input: TensorInput): Tensor {
  const rank = input.shape.length;
  const shape = new Array<number>(rank);
  let size = 1;
  for (let i = 0; i < rank; i++) {
    const given: unknown = input.shape[i];
    const d = Number(given);
    shape[i] = d;
    size = Number.isSafeInteger(d) && d >= 0 ? size * d : NaN;
  }
  if (Number.isNaN(size) || !(rank >= 0)) throw new BrineError('BAD_INPUT', `[${shape.join(', ')}] is not a shape`);
  if (input.data.length !== size)
    throw new BrineError(
      'BAD_INPUT',
      `a tensor of shape [${shape.join(', ')}] has ${size} values, the data has ${input.data.length}`,
    );
  const given =
    input.data instanceof Float64Array
      ? 'float64'
      : ArrayBuffer.isView(input.data)
        ? typedNames.get(input.data.constructor.name)
        : undefined;
  const dtype = input.dtype ?? given ?? guessDtype(input.data);
  if (!dtypes.has(dtype)) throw new BrineError('BAD_INPUT', `${dtype} is not a dtype`);
  return { dtype: dtype as DType, shape, data: convert(input.data, dtype as DType, given) };
}

function guessDtype(data: ArrayLike<unknown>): DType {
  return columnType(data);
}

function convert(data: ArrayLike<unknown>, dtype: DType, given: DType | undefined): Tensor['data'] {
  if (dtype === 'string' || dtype === 'object') return Array.isArray(data) ? (data as unknown[]) : Array.from(data);
  const fits =
    given === dtype || (given === 'uint8' && dtype === 'bool') || (given === 'float32' && dtype.endsWith('float16'));
  if (fits) return data as unknown as Tensor['data'];
  const out = allocate(dtype, data.length);
  if (isBig(dtype)) {
    const big = out as BigInt64Array;
    for (let i = 0; i < data.length; i++) big[i] = BigInt(data[i] as number | bigint);
  } else {
    const numbers = out as Float64Array;
    for (let i = 0; i < data.length; i++) numbers[i] = toNumber(data[i], i, undefined);
  }
  return out;
}

function prepareTensor(input: TensorInput): Prepared {
  const t = toTensor(input);
  if (t.shape.length === 0) throw new BrineError('BAD_INPUT', 'a single number is no input: rows are needed');
  return {
    key: tensorKey(t),
    rows: t.shape[0],
    values: [t],
    names: undefined,
    width: t.shape[1],
    declare: (g) => {
      const shape: Dim[] = [null, ...t.shape.slice(1)];
      const value = g.input('X', { dtype: t.dtype, shape, layout: 'dense' });
      return t.shape.length === 1 ? { kind: 'list', value } : { kind: 'matrix', value, names: undefined };
    },
  };
}

/** The key of the last matrix: the next one is mostly of the same type, and texts that are one compare at once. */
let lastKey: { readonly dtype: DType; readonly width: number; readonly key: string } | undefined;

function tensorKey({ dtype, shape }: Tensor): string {
  const matrix = shape.length === 2;
  if (matrix && lastKey?.dtype === dtype && lastKey.width === shape[1]) return lastKey.key;
  const key = `tensor ${dtype} ${shape.slice(1).join('x')}${shape.length}`;
  if (matrix) lastKey = { dtype, width: shape[1], key };
  return key;
}

function prepareSparse(input: SparseInput): Prepared {
  const [n, p] = Array.from(input.shape, Number);
  if (n === undefined || p === undefined || input.shape.length !== 2 || !(n >= 0 && p >= 0))
    throw new BrineError(
      'BAD_INPUT',
      `a sparse matrix has two dimensions, got [${Array.from(input.shape).join(', ')}]`,
    );
  const indptr = input.indptr instanceof Int32Array ? input.indptr : Int32Array.from(input.indptr, Number);
  const indices = input.indices instanceof Int32Array ? input.indices : Int32Array.from(input.indices, Number);
  const data =
    input.data instanceof Float64Array
      ? input.data
      : Float64Array.from(input.data, (x, i) => toNumber(x, i, undefined));
  checkCsr(n, p, indptr, indices, data.length);
  const csr: Csr = { dtype: 'float64', shape: [n, p], indptr, indices, data };
  return {
    key: `csr ${p}`,
    rows: n,
    values: [csr],
    names: undefined,
    width: p,
    declare: (g) => ({
      kind: 'matrix',
      value: g.input('X', { dtype: 'float64', shape: [null, p], layout: 'csr' }),
      names: undefined,
    }),
  };
}

function checkCsr(n: number, p: number, indptr: Int32Array, indices: Int32Array, values: number): void {
  if (indptr.length !== n + 1 || indptr[0] !== 0 || indptr[n] !== indices.length || indices.length !== values)
    throw new BrineError(
      'BAD_INPUT',
      `a sparse matrix of ${n} rows has ${n + 1} row pointers from 0 to the number of values; ` +
        `got ${indptr.length} pointers up to ${indptr[n] ?? '?'}, ${indices.length} indices and ${values} values`,
    );
  for (let r = 0; r < n; r++)
    if (indptr[r + 1] < indptr[r])
      throw new BrineError('BAD_INPUT', `row ${r} of a sparse matrix ends before it begins`);
  for (const column of indices)
    if (!(column >= 0 && column < p))
      throw new BrineError('BAD_INPUT', `column ${column} of a sparse matrix of ${p} columns`);
}

// ---- tables -----------------------------------------------------------------------------------------

function isMissing(x: unknown): boolean {
  return x === null || x === undefined || (typeof x === 'number' && Number.isNaN(x));
}

/** The narrowest type that holds a column of JavaScript values. All missing: float64. */
function columnType(values: ArrayLike<unknown>): DType {
  let numbers = false;
  let texts = false;
  let flags = false;
  let missing = false;
  let others = false;
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    if (isMissing(x)) missing = true;
    else if (typeof x === 'number' || typeof x === 'bigint') numbers = true;
    else if (typeof x === 'string') texts = true;
    else if (typeof x === 'boolean') flags = true;
    else others = true;
  }
  if (others || (texts && (numbers || flags)) || (flags && (numbers || missing))) return 'object';
  if (texts) return 'string';
  return flags ? 'bool' : 'float64';
}

/** pandas' names for dtypes, where the caller gives them. */
function hintedType(hint: string | undefined, values: ArrayLike<unknown>): DType {
  const seen = columnType(values);
  if (hint === undefined || values.length === 0 || seen !== 'float64') {
    if (hint !== undefined && values.length === 0) return /^(str|object|category)/.test(hint) ? 'string' : 'float64';
    return seen;
  }
  // A column of nothing but missing values is text if the caller says so.
  const empty = Array.from(values).every(isMissing);
  return empty && /^(str|object|category)/.test(hint) ? 'string' : seen;
}

function toNumber(x: unknown, row: number, column: string | undefined): number {
  if (typeof x === 'number') return x;
  if (x === null || x === undefined) return NaN;
  if (typeof x === 'boolean') return x ? 1 : 0;
  if (typeof x === 'bigint') return Number(x);
  const where = column === undefined ? `value ${row}` : `row ${row}, column ${JSON.stringify(column)}`;
  throw new BrineError('BAD_INPUT', `${where}: ${JSON.stringify(x)} is not a number`);
}

function columnTensor(name: string, values: ArrayLike<unknown>, hint: string | undefined): Tensor {
  const n = values.length;
  if (ArrayBuffer.isView(values)) {
    const dtype = typedNames.get(values.constructor.name);
    if (dtype)
      return { dtype: hint === 'bool' ? 'bool' : dtype, shape: [n], data: values as unknown as Tensor['data'] };
  }
  const dtype = hintedType(hint, values);
  if (dtype === 'string' || dtype === 'object') {
    const data = Array.from(values, (x) => (isMissing(x) ? null : x));
    return { dtype, shape: [n], data };
  }
  const numbers = dtype === 'bool' ? new Uint8Array(n) : new Float64Array(n);
  for (let i = 0; i < n; i++) numbers[i] = toNumber(values[i], i, name);
  return { dtype, shape: [n], data: numbers };
}

function prepareTable(input: TableInput): Prepared {
  const names = Object.keys(input.columns);
  if (names.length === 0) throw new BrineError('BAD_INPUT', 'the table has no columns');
  return prepareColumns(
    names.map((name) => [name, input.columns[name]]),
    input.dtypes,
  );
}

function prepareColumns(
  columns: readonly (readonly [string | undefined, ArrayLike<unknown>])[],
  hints: Readonly<Record<string, string>> | undefined,
): Prepared {
  const rows = columns[0]?.[1].length ?? 0;
  const tensors = columns.map(([name, values], i) => {
    if (values.length !== rows)
      throw new BrineError(
        'BAD_INPUT',
        `the column ${JSON.stringify(name ?? i)} has ${values.length} values, ${JSON.stringify(columns[0][0] ?? 0)} has ${rows}`,
      );
    return columnTensor(name ?? String(i), values, name === undefined ? undefined : hints?.[name]);
  });
  const named = columns.every(([name]) => name !== undefined);
  return {
    key: `table ${columns.map(([name], i) => `${JSON.stringify(name ?? i)}:${tensors[i].dtype}`).join(' ')}`,
    rows,
    values: tensors,
    names: named ? columns.map(([name]) => name!) : undefined,
    width: columns.length,
    declare: (g) => ({
      kind: 'frame',
      columns: columns.map(([name], i) => ({
        name,
        value: g.input(name ?? `x${i}`, { dtype: tensors[i].dtype, shape: [null], layout: 'dense' }),
      })),
    }),
  };
}

// ---- arrays of documents, rows, records -------------------------------------------------------------

function prepareArray(items: readonly unknown[], takes: InputKind): Prepared {
  const first = items.find((x) => x !== null && x !== undefined);
  if (takes === 'list' || typeof first !== 'object') return prepareList(items);
  if (Array.isArray(first) || ArrayBuffer.isView(first)) return prepareRows(items);
  return prepareRecords(items);
}

function prepareList(items: readonly unknown[]): Prepared {
  const dtype = items.length === 0 ? 'string' : columnType(items);
  const t: Tensor =
    dtype === 'string' || dtype === 'object'
      ? { dtype, shape: [items.length], data: items }
      : columnTensor('', items, undefined);
  return {
    key: `list ${dtype}`,
    rows: items.length,
    values: [t],
    names: undefined,
    width: undefined,
    declare: (g) => ({ kind: 'list', value: g.input('X', { dtype, shape: [null], layout: 'dense' }) }),
  };
}

function prepareRows(items: readonly unknown[]): Prepared {
  const rows = items.map((row, i) => {
    if (Array.isArray(row)) return row as readonly unknown[];
    if (ArrayBuffer.isView(row)) return Array.from(row as unknown as ArrayLike<unknown>);
    throw new BrineError('BAD_INPUT', `row ${i} is not an array`);
  });
  const width = rows[0]?.length ?? 0;
  const wrong = rows.findIndex((row) => row.length !== width);
  if (wrong >= 0)
    throw new BrineError('BAD_INPUT', `row ${wrong} has ${rows[wrong].length} values, the first has ${width}`);
  const columns = Array.from({ length: width }, (_, c) => rows.map((row) => row[c]));
  if (columns.every((c) => columnType(c) === 'float64')) {
    const data = new Float64Array(rows.length * width);
    columns.forEach((values, c) => {
      values.forEach((x, r) => (data[r * width + c] = toNumber(x, r, String(c))));
    });
    return prepareTensor({ dtype: 'float64', shape: [rows.length, width], data });
  }
  return prepareColumns(
    columns.map((values) => [undefined, values]),
    undefined,
  );
}

function prepareRecords(items: readonly unknown[]): Prepared {
  const columns = new Map<string, unknown[]>();
  items.forEach((record, row) => {
    if (typeof record !== 'object' || record === null) throw new BrineError('BAD_INPUT', `row ${row} is not a record`);
    for (const [name, value] of Object.entries(record)) {
      let column = columns.get(name);
      if (!column) columns.set(name, (column = new Array<unknown>(items.length).fill(null)));
      column[row] = value;
    }
  });
  return prepareColumns([...columns], undefined);
}
