import { BrineError } from '../../errors.js';

/** A dense matrix of samples, in any stride. Element (i, j) is `data[offset + i * rowStride + j * columnStride]`. */
export interface DenseRows {
  readonly kind: 'dense';
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly offset: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** A compressed-sparse-row matrix; absent entries are zero, of duplicate entries the last counts. */
export interface CsrRows {
  readonly kind: 'csr';
  readonly data: Float32Array | Float64Array;
  readonly indices: Int32Array;
  readonly indptr: Int32Array;
  readonly rows: number;
  readonly columns: number;
}

export type Rows = DenseRows | CsrRows;

/**
 * A dense matrix over a typed array.
 * @throws BrineError BAD_INPUT if the array does not hold all elements
 */
export function denseRows(
  data: Float32Array | Float64Array,
  rows: number,
  columns: number,
  strides: { offset?: number; rowStride?: number; columnStride?: number } = {},
): DenseRows {
  const { offset = 0, rowStride = columns, columnStride = 1 } = strides;
  const sane = [rows, columns, offset, rowStride, columnStride].every((n) => Number.isSafeInteger(n) && n >= 0);
  const end = rows === 0 || columns === 0 ? 0 : offset + (rows - 1) * rowStride + (columns - 1) * columnStride + 1;
  if (!sane || end > data.length) {
    throw new BrineError('BAD_INPUT', `${rows} × ${columns} values do not fit into an array of ${data.length}`);
  }
  return { kind: 'dense', data, rows, columns, offset, rowStride, columnStride };
}

/**
 * A CSR matrix over its three arrays.
 * @throws BrineError BAD_INPUT if row pointers fall, or an index is outside the columns
 */
export function csrRows(
  data: Float32Array | Float64Array,
  indices: Int32Array,
  indptr: Int32Array,
  rows: number,
  columns: number,
): CsrRows {
  if (indptr.length !== rows + 1 || indptr[0] !== 0) {
    throw new BrineError('BAD_INPUT', `a sparse matrix of ${rows} rows has ${indptr.length} row pointers`);
  }
  for (let i = 0; i < rows; i++) {
    if (indptr[i + 1] < indptr[i])
      throw new BrineError('BAD_INPUT', `row pointer ${i + 1} falls below row pointer ${i}`);
  }
  const count = indptr[rows];
  if (count > indices.length || count > data.length) {
    throw new BrineError(
      'BAD_INPUT',
      `row pointers end at ${count}, but there are ${indices.length} indices and ${data.length} values`,
    );
  }
  for (let i = 0; i < count; i++) {
    if (indices[i] < 0 || indices[i] >= columns) {
      throw new BrineError('BAD_INPUT', `sparse entry ${i} is in column ${indices[i]} of ${columns}`);
    }
  }
  return { kind: 'csr', data, indices, indptr, rows, columns };
}
