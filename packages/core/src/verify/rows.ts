import { BrineError } from '../errors.js';
import { isCsr, isTensor, type Csr, type DType, type MapValue, type Tensor, type Value } from '../graph/tensor.js';

/** Any answer as rows of equal width, whichever kind of value holds it. */
export interface Rows {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly rows: number;
  readonly width: number;
  /** Row `r`; valid until the next call (sparse rows share one buffer). */
  readonly row: (r: number) => ArrayLike<unknown>;
  /** What the columns are called, where the answer says (maps of probabilities). */
  readonly keys?: readonly string[];
}

/** Rows that a map's keys may spread over columns: more are no class probabilities (CWE-770). */
const MAX_KEYS = 100_000;

/**
 * A tensor, a sparse matrix, or a sequence of maps (what ZipMap gives) as rows. A single number is one row.
 * Throws UNSUPPORTED for other values.
 */
export function rowsOf(value: Value, name: string): Rows {
  if (isCsr(value)) return sparseRows(value);
  if (isTensor(value)) return denseRows(value);
  if ('sequence' in value) return mapRows(value.sequence, name);
  if ('optional' in value && value.optional !== null) return rowsOf(value.optional, name);
  throw new BrineError(
    'UNSUPPORTED',
    `the output ${name} is neither a tensor nor a list of maps: it cannot be compared`,
  );
}

function denseRows({ dtype, shape, data }: Tensor): Rows {
  const rows = shape.length === 0 ? 1 : shape[0];
  const width = rows === 0 ? 0 : data.length / rows;
  const typed = ArrayBuffer.isView(data) ? (data as Float64Array) : undefined;
  const list = typed === undefined ? (data as readonly unknown[]) : [];
  return {
    dtype,
    shape,
    rows,
    width,
    row: (r) => (typed ? typed.subarray(r * width, (r + 1) * width) : list.slice(r * width, (r + 1) * width)),
  };
}

function sparseRows({ dtype, shape, indptr, indices, data }: Csr): Rows {
  const [rows, width] = shape;
  const buffer = new Float64Array(width);
  let held = -1;
  return {
    dtype,
    shape,
    rows,
    width,
    row: (r) => {
      if (held >= 0) for (let k = indptr[held]; k < indptr[held + 1]; k++) buffer[indices[k]] = 0;
      for (let k = indptr[r]; k < indptr[r + 1]; k++) buffer[indices[k]] += data[k];
      held = r;
      return buffer;
    },
  };
}

function mapRows(sequence: readonly Value[], name: string): Rows {
  const columns = new Map<string | bigint, number>();
  const rows = sequence.map((item): MapValue['map'] => {
    if (!('map' in item)) throw new BrineError('UNSUPPORTED', `the output ${name} is a list, but not of maps`);
    for (const key of item.map.keys()) if (!columns.has(key)) columns.set(key, columns.size);
    if (columns.size > MAX_KEYS) throw new BrineError('LIMIT', `the output ${name} has more than ${MAX_KEYS} keys`);
    return item.map;
  });
  const keys = [...columns.keys()];
  return {
    dtype: 'float32',
    shape: [rows.length, keys.length],
    rows: rows.length,
    width: keys.length,
    row: (r) => keys.map((key) => rows[r].get(key) ?? NaN),
    keys: keys.map(String),
  };
}

/** The columns in another order, or fewer of them. */
export function pickColumns(rows: Rows, columns: readonly number[]): Rows {
  return {
    ...rows,
    shape: [rows.rows, columns.length],
    width: columns.length,
    row: (r) => {
      const from = rows.row(r);
      return columns.map((c) => from[c]);
    },
  };
}
