/**
 * Sums of kernel values over support vectors, as libsvm's `svm_predict_values`: distances by their differences (not
 * by the expanded square), sums in the order of the vectors. Vectors are packed by fours, rows too, so that sixteen
 * products share their loads.
 */
import { BrineError } from '../../errors.js';
import { expInPlace } from './exp.js';
import type { CsrRows } from './rows.js';

export interface KernelFunction {
  readonly kernel: 'linear' | 'poly' | 'rbf' | 'sigmoid';
  readonly gamma: number;
  readonly coef0: number;
  readonly degree: number;
}

/** Which coefficients make an output: see `SupportVectors` in graph/. */
export interface KernelSums {
  readonly count: number;
  readonly coefficients: Float64Array;
  readonly outputs: readonly (readonly { readonly row: number; readonly from: number; readonly to: number }[])[];
  readonly intercepts: Float64Array;
}

/** Rows at a time; their kernel values are kept until they are summed. */
const ROWS = 32;
/** A block of packed vectors (256 KB) stays in the second-level cache while 32 rows pass over it. */
const BLOCK = 32768;

/** out[i · outputs + o] for n dense rows. */
export type DenseKernelMachine = (x: Float64Array, n: number, out: Float64Array) => void;

/** A kernel machine over dense support vectors: `sums.count` × `columns`. */
export function denseKernelMachine(
  f: KernelFunction,
  sums: KernelSums,
  vectors: Float64Array,
  columns: number,
): DenseKernelMachine {
  const { count } = sums;
  const groups = Math.ceil(count / 4);
  const stride = 4 * groups;
  const packed = new Float64Array(stride * columns);
  for (let s = 0; s < count; s++) packOne(vectors, s * columns, packed, (s >> 2) * 4 * columns + (s & 3), columns);
  const perBlock = Math.max(1, Math.floor(BLOCK / (4 * columns + 1)));
  const products = f.kernel === 'rbf' ? addSquares : addProducts;
  const rows = new Float64Array(ROWS * columns);
  const values = new Float64Array(ROWS * stride);

  return (x, n, out) => {
    for (let top = 0; top < n; top += ROWS) {
      const height = Math.min(ROWS, n - top);
      for (let r = 0; r < height; r++) packOne(x, (top + r) * columns, rows, (r >> 2) * 4 * columns + (r & 3), columns);
      for (let first = 0; first < groups; first += perBlock) {
        const last = Math.min(groups, first + perBlock);
        if (height < 4)
          for (let r = 0; r < height; r++) products(rows, r, 1, packed, first, last, columns, values, stride);
        else for (let r = 0; r < height; r += 4) products(rows, r, 4, packed, first, last, columns, values, stride);
        for (let r = 0; r < height; r++) applyKernel(f, values, r * stride + 4 * first, r * stride + 4 * last);
      }
      sumUp(sums, values, stride, height, out, top);
    }
  };
}

/** Every fourth place of `target`, as the tiles read. */
function packOne(source: Float64Array, from: number, target: Float64Array, at: number, columns: number): void {
  for (let j = 0; j < columns; j++) target[at + 4 * j] = source[from + j]!;
}

type Tiles = (
  rows: Float64Array,
  row: number,
  height: 1 | 4,
  packed: Float64Array,
  first: number,
  last: number,
  columns: number,
  values: Float64Array,
  stride: number,
) => void;

/** Squared distances of one or four rows to the groups `first` … `last` - 1 of four vectors. */
const addSquares: Tiles = (rows, row, height, packed, first, last, columns, values, stride) => {
  const a = (row >> 2) * 4 * columns + (row & 3);
  const end = a + 4 * columns;
  for (let group = first; group < last; group++) {
    const b = group * 4 * columns;
    const to = row * stride + 4 * group;
    if (height === 1) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let i = a, p = b; i < end; i += 4, p += 4) {
        const v = rows[i];
        const d0 = v - packed[p];
        const d1 = v - packed[p + 1];
        const d2 = v - packed[p + 2];
        const d3 = v - packed[p + 3];
        s0 += d0 * d0;
        s1 += d1 * d1;
        s2 += d2 * d2;
        s3 += d3 * d3;
      }
      values[to] = s0;
      values[to + 1] = s1;
      values[to + 2] = s2;
      values[to + 3] = s3;
      continue;
    }
    for (let half = 0; half < 4; half += 2) {
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let i = a, p = b + half; i < end; i += 4, p += 4) {
        const b0 = packed[p];
        const b1 = packed[p + 1];
        let d = rows[i] - b0;
        s00 += d * d;
        d = rows[i] - b1;
        s01 += d * d;
        d = rows[i + 1] - b0;
        s10 += d * d;
        d = rows[i + 1] - b1;
        s11 += d * d;
        d = rows[i + 2] - b0;
        s20 += d * d;
        d = rows[i + 2] - b1;
        s21 += d * d;
        d = rows[i + 3] - b0;
        s30 += d * d;
        d = rows[i + 3] - b1;
        s31 += d * d;
      }
      put(values, to + half, stride, s00, s01, s10, s11, s20, s21, s30, s31);
    }
  }
};

/** Inner products, likewise. */
const addProducts: Tiles = (rows, row, height, packed, first, last, columns, values, stride) => {
  const a = (row >> 2) * 4 * columns + (row & 3);
  const end = a + 4 * columns;
  for (let group = first; group < last; group++) {
    const b = group * 4 * columns;
    const to = row * stride + 4 * group;
    if (height === 1) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let i = a, p = b; i < end; i += 4, p += 4) {
        const v = rows[i];
        s0 += v * packed[p];
        s1 += v * packed[p + 1];
        s2 += v * packed[p + 2];
        s3 += v * packed[p + 3];
      }
      values[to] = s0;
      values[to + 1] = s1;
      values[to + 2] = s2;
      values[to + 3] = s3;
      continue;
    }
    for (let half = 0; half < 4; half += 2) {
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let i = a, p = b + half; i < end; i += 4, p += 4) {
        const b0 = packed[p];
        const b1 = packed[p + 1];
        s00 += rows[i] * b0;
        s01 += rows[i] * b1;
        s10 += rows[i + 1] * b0;
        s11 += rows[i + 1] * b1;
        s20 += rows[i + 2] * b0;
        s21 += rows[i + 2] * b1;
        s30 += rows[i + 3] * b0;
        s31 += rows[i + 3] * b1;
      }
      put(values, to + half, stride, s00, s01, s10, s11, s20, s21, s30, s31);
    }
  }
};

/** Four rows of two values. Rows beyond the last are computed, too; nothing reads them. */
function put(
  values: Float64Array,
  to: number,
  stride: number,
  s00: number,
  s01: number,
  s10: number,
  s11: number,
  s20: number,
  s21: number,
  s30: number,
  s31: number,
): void {
  values[to] = s00;
  values[to + 1] = s01;
  values[to + stride] = s10;
  values[to + stride + 1] = s11;
  values[to + 2 * stride] = s20;
  values[to + 2 * stride + 1] = s21;
  values[to + 3 * stride] = s30;
  values[to + 3 * stride + 1] = s31;
}

/** Kernel values from squared distances (rbf) or inner products (the others). */
function applyKernel(f: KernelFunction, values: Float64Array, from: number, to: number): void {
  switch (f.kernel) {
    case 'rbf':
      expInPlace(values, from, to, -f.gamma);
      break;
    case 'poly':
      for (let i = from; i < to; i++) values[i] = power(f.gamma * values[i] + f.coef0, f.degree);
      break;
    case 'sigmoid':
      for (let i = from; i < to; i++) values[i] = Math.tanh(f.gamma * values[i] + f.coef0);
      break;
    case 'linear':
      break;
  }
}

/** libsvm's `powi`: by squaring. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let factor = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= factor;
    factor *= factor;
  }
  return result;
}

function sumUp(
  { count, coefficients, outputs, intercepts }: KernelSums,
  values: Float64Array,
  stride: number,
  height: number,
  out: Float64Array,
  top: number,
): void {
  const width = outputs.length;
  for (let o = 0; o < width; o++) {
    const ranges = outputs[o];
    const intercept = intercepts[o];
    let r = 0;
    // Four rows side by side, since each sum must be taken in order.
    for (; r + 3 < height; r += 4) {
      const v0 = r * stride;
      const v1 = v0 + stride;
      const v2 = v1 + stride;
      const v3 = v2 + stride;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (const { row, from, to } of ranges) {
        const c = row * count;
        for (let s = from; s < to; s++) {
          const w = coefficients[c + s];
          s0 += w * values[v0 + s];
          s1 += w * values[v1 + s];
          s2 += w * values[v2 + s];
          s3 += w * values[v3 + s];
        }
      }
      const at = (top + r) * width + o;
      out[at] = s0 + intercept;
      out[at + width] = s1 + intercept;
      out[at + 2 * width] = s2 + intercept;
      out[at + 3 * width] = s3 + intercept;
    }
    for (; r < height; r++) {
      let sum = 0;
      for (const { row, from, to } of ranges)
        for (let s = from; s < to; s++) sum += coefficients[row * count + s] * values[r * stride + s];
      out[(top + r) * width + o] = sum + intercept;
    }
  }
}

/**
 * Where γ(|x|² + |y|²) stays below this, the expanded square is exact enough for a kernel value good to 12 digits;
 * beyond, distances are taken by differences.
 */
const EXPANDED = 1000;

/** out[i · outputs + o] for rows given one after the other, each by its non-zero columns and their values. */
export type SparseKernelMachine = (
  n: number,
  row: (i: number) => { readonly indices: ArrayLike<number>; readonly data: Float64Array },
  out: Float64Array,
) => void;

/** A kernel machine over sparse support vectors. */
export function sparseKernelMachine(f: KernelFunction, sums: KernelSums, vectors: CsrRows): SparseKernelMachine {
  const { data, indices, indptr, columns } = vectors;
  const { count } = sums;
  if (vectors.rows !== count)
    throw new BrineError('BAD_STATE', `${vectors.rows} support vectors for coefficients of ${count}`);
  const norms = new Float64Array(count);
  for (let s = 0; s < count; s++) for (let e = indptr[s]; e < indptr[s + 1]; e++) norms[s] += data[e] ** 2;
  const dense = new Float64Array(columns);
  const gaps = new Float64Array(f.kernel === 'rbf' ? columns : 0);
  const values = new Float64Array(count);

  return (n, rowAt, out) => {
    for (let i = 0; i < n; i++) {
      const row = rowAt(i);
      let norm = 0;
      for (let e = 0; e < row.indices.length; e++) {
        dense[row.indices[e]] = row.data[e]!;
        norm += row.data[e] ** 2;
      }
      for (let s = 0; s < count; s++) {
        let product = 0;
        for (let e = indptr[s]; e < indptr[s + 1]; e++) product += dense[indices[e]] * data[e];
        if (f.kernel !== 'rbf') values[s] = product;
        else if (f.gamma * (norm + norms[s]) <= EXPANDED) values[s] = Math.max(0, norm + norms[s] - 2 * product);
        else values[s] = squaredGaps(row, s);
      }
      applyKernel(f, values, 0, count);
      sumUp(sums, values, count, 1, out, i);
      for (let e = 0; e < row.indices.length; e++) dense[row.indices[e]] = 0;
    }
  };

  function squaredGaps(row: { readonly indices: ArrayLike<number>; readonly data: Float64Array }, s: number): number {
    for (let e = 0; e < row.indices.length; e++) gaps[row.indices[e]] = row.data[e]!;
    for (let e = indptr[s]; e < indptr[s + 1]; e++) gaps[indices[e]] -= data[e];
    let sum = 0;
    const take = (j: number): void => {
      sum += gaps[j] ** 2;
      gaps[j] = 0;
    };
    for (let e = 0; e < row.indices.length; e++) take(row.indices[e]);
    for (let e = indptr[s]; e < indptr[s + 1]; e++) take(indices[e]);
    return sum;
  }
}
