/**
 * Dense and sparse matrix products. Sums are in float64; a Float32Array to write to rounds each result once, at the
 * end. Elements are added in the order of k (in blocks of `DEPTH`), which no BLAS promises either, so results agree
 * with numpy's to rounding, not bit for bit.
 */
import { BrineError } from '../../errors.js';
import type { CsrRows } from './rows.js';

export type Floats = Float32Array | Float64Array;

export interface GemmOptions {
  /** `b` is given as m × k, a row for each column of the result. */
  readonly transposeB?: boolean;
  /** Added to every row of the result: m values. */
  readonly bias?: Floats | undefined;
}

/** A block of B (DEPTH × COLUMNS float64s, 128 KB) stays in the second-level cache, a panel of it in the first. */
const DEPTH = 256;
const COLUMNS = 64;

/** Fewer rows than this do not repay the packing. */
const PACKED_ROWS = 4;

/**
 * out[n × m] = a[n × k] · b[k × m] + bias, all row-major.
 * @throws BrineError BAD_ARGUMENT if an array is too short
 */
export function gemm(
  a: Floats,
  b: Floats,
  out: Floats,
  n: number,
  k: number,
  m: number,
  { transposeB = false, bias }: GemmOptions = {},
): void {
  if (a.length < n * k || b.length < k * m || out.length < n * m || (bias !== undefined && bias.length < m)) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `${n} × ${k} times ${k} × ${m}: ${a.length}, ${b.length}, ${out.length} values given`,
    );
  }
  const sums = out instanceof Float64Array ? out : new Float64Array(n * m);
  if (n >= PACKED_ROWS && m >= 4) packedProduct(a, b, sums, n, k, m, transposeB);
  else if (m === 1) vectorProduct(a, b, sums, n, k);
  else for (let i = 0; i < n; i++) rowProduct(a, i * k, b, sums, i * m, k, m, transposeB);
  if (bias !== undefined) addBias(sums, n, m, bias);
  if (sums !== out) for (let i = 0; i < n * m; i++) out[i] = sums[i];
}

function addBias(sums: Float64Array, n: number, m: number, bias: Floats): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) sums[i * m + j] += bias[j];
}

/** sums[n] = a[n × k] · b[k], four rows at a time, since each waits for its own sum. */
function vectorProduct(a: Floats, b: Floats, sums: Float64Array, n: number, k: number): void {
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const row0 = i * k;
    const row1 = row0 + k;
    const row2 = row1 + k;
    const row3 = row2 + k;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let l = 0; l < k; l++) {
      const y = b[l];
      s0 += a[row0 + l] * y;
      s1 += a[row1 + l] * y;
      s2 += a[row2 + l] * y;
      s3 += a[row3 + l] * y;
    }
    sums[i] = s0;
    sums[i + 1] = s1;
    sums[i + 2] = s2;
    sums[i + 3] = s3;
  }
  for (; i < n; i++) {
    let sum = 0;
    for (let l = 0; l < k; l++) sum += a[i * k + l] * b[l];
    sums[i] = sum;
  }
}

/** sums[at … at + m] = the row of `a` that begins at `row`, times b. */
function rowProduct(
  a: Floats,
  row: number,
  b: Floats,
  sums: Float64Array,
  at: number,
  k: number,
  m: number,
  transposeB: boolean,
): void {
  if (!transposeB && m > 1) {
    sums.fill(0, at, at + m);
    let l = 0;
    for (; l + 3 < k; l += 4) {
      const x0 = a[row + l];
      const x1 = a[row + l + 1];
      const x2 = a[row + l + 2];
      const x3 = a[row + l + 3];
      for (let j = 0, from = l * m; j < m; j++, from++) {
        sums[at + j] = sums[at + j] + x0 * b[from] + x1 * b[from + m] + x2 * b[from + 2 * m] + x3 * b[from + 3 * m];
      }
    }
    for (; l < k; l++) for (let j = 0; j < m; j++) sums[at + j] += a[row + l] * b[l * m + j];
    return;
  }
  // Four products at a time, since each waits for its own sum.
  let j = 0;
  for (; j + 3 < m; j += 4) {
    const b0 = j * k;
    const b1 = b0 + k;
    const b2 = b1 + k;
    const b3 = b2 + k;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let l = 0; l < k; l++) {
      const x = a[row + l];
      s0 += x * b[b0 + l];
      s1 += x * b[b1 + l];
      s2 += x * b[b2 + l];
      s3 += x * b[b3 + l];
    }
    sums[at + j] = s0;
    sums[at + j + 1] = s1;
    sums[at + j + 2] = s2;
    sums[at + j + 3] = s3;
  }
  for (; j < m; j++) {
    let sum = 0;
    for (let l = 0; l < k; l++) sum += a[row + l] * b[j * k + l];
    sums[at + j] = sum;
  }
}

/** Blocks of b and four rows of a, packed in the order in which 4 × 4 tiles read them. */
function packedProduct(
  a: Floats,
  b: Floats,
  sums: Float64Array,
  n: number,
  k: number,
  m: number,
  transposeB: boolean,
): void {
  const panelA = new Float64Array(4 * Math.min(k, DEPTH));
  const panelB = new Float64Array(Math.min(k, DEPTH) * Math.min((m + 3) & ~3, COLUMNS));
  const tile = new Float64Array(16);
  sums.fill(0, 0, n * m);
  for (let from = 0; from < k; from += DEPTH) {
    const depth = Math.min(DEPTH, k - from);
    for (let left = 0; left < m; left += COLUMNS) {
      const columns = Math.min(COLUMNS, m - left);
      packB(b, panelB, from, depth, left, columns, k, m, transposeB);
      for (let top = 0; top < n; top += 4) {
        const rows = Math.min(4, n - top);
        packA(a, panelA, top, rows, from, depth, k);
        for (let j = 0; j < columns; j += 4) {
          const at = top * m + left + j;
          if (rows === 4 && j + 4 <= columns) {
            addTile(panelA, panelB, j * depth, depth, sums, at, m);
            continue;
          }
          tile.fill(0);
          addTile(panelA, panelB, j * depth, depth, tile, 0, 4);
          const width = Math.min(4, columns - j);
          for (let r = 0; r < rows; r++) for (let c = 0; c < width; c++) sums[at + r * m + c] += tile[4 * r + c];
        }
      }
    }
  }
}

/** Panels of four columns: panel[4 * l + c]. Columns beyond the last keep what was there; no result reads them. */
function packB(
  b: Floats,
  panel: Float64Array,
  from: number,
  depth: number,
  left: number,
  columns: number,
  k: number,
  m: number,
  transposeB: boolean,
): void {
  const [alongDepth, alongColumns] = transposeB ? [1, k] : [m, 1];
  for (let j = 0; j < columns; j++) {
    let source = from * alongDepth + (left + j) * alongColumns;
    let target = (j >> 2) * 4 * depth + (j & 3);
    for (let l = 0; l < depth; l++, source += alongDepth, target += 4) panel[target] = b[source];
  }
}

function packA(
  a: Floats,
  panel: Float64Array,
  top: number,
  rows: number,
  from: number,
  depth: number,
  k: number,
): void {
  for (let r = 0; r < rows; r++) {
    const source = (top + r) * k + from;
    for (let l = 0; l < depth; l++) panel[4 * l + r] = a[source + l];
  }
}

/** sums (4 × 4 at `at`, rows `stride` apart) += four packed rows times four packed columns, two columns at a time. */
function addTile(
  panelA: Float64Array,
  panelB: Float64Array,
  b: number,
  depth: number,
  sums: Float64Array,
  at: number,
  stride: number,
): void {
  for (let half = 0; half < 4; half += 2) {
    let s00 = 0;
    let s01 = 0;
    let s10 = 0;
    let s11 = 0;
    let s20 = 0;
    let s21 = 0;
    let s30 = 0;
    let s31 = 0;
    for (let l = 0, p = b + half; l < 4 * depth; l += 4, p += 4) {
      const a0 = panelA[l];
      const a1 = panelA[l + 1];
      const a2 = panelA[l + 2];
      const a3 = panelA[l + 3];
      const b0 = panelB[p];
      const b1 = panelB[p + 1];
      s00 += a0 * b0;
      s01 += a0 * b1;
      s10 += a1 * b0;
      s11 += a1 * b1;
      s20 += a2 * b0;
      s21 += a2 * b1;
      s30 += a3 * b0;
      s31 += a3 * b1;
    }
    const to = at + half;
    sums[to] += s00;
    sums[to + 1] += s01;
    sums[to + stride] += s10;
    sums[to + stride + 1] += s11;
    sums[to + 2 * stride] += s20;
    sums[to + 2 * stride + 1] += s21;
    sums[to + 3 * stride] += s30;
    sums[to + 3 * stride + 1] += s31;
  }
}

/**
 * out[rows × m] = sparse[rows × k] · b[k × m] + bias; with transposeB, b is m × k.
 * @throws BrineError BAD_ARGUMENT if an array is too short
 */
export function csrTimesDense(
  sparse: CsrRows,
  b: Floats,
  out: Floats,
  m: number,
  { transposeB = false, bias }: GemmOptions = {},
): void {
  const { data, indices, indptr, rows, columns } = sparse;
  if (b.length < columns * m || out.length < rows * m || (bias !== undefined && bias.length < m)) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `${rows} × ${columns} times ${columns} × ${m}: ${b.length}, ${out.length} values given`,
    );
  }
  const [alongRows, alongColumns] = transposeB ? [1, columns] : [m, 1];
  const sums = new Float64Array(m);
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      const x = data[e];
      const from = indices[e] * alongRows;
      for (let j = 0; j < m; j++) sums[j] += x * b[from + j * alongColumns];
    }
    for (let j = 0; j < m; j++) out[i * m + j] = bias === undefined ? sums[j] : sums[j] + bias[j];
  }
}

/**
 * out[n × rows] = a[n × columns] · sparseᵀ.
 * @throws BrineError BAD_ARGUMENT if an array is too short
 */
export function denseTimesCsrTransposed(a: Floats, sparse: CsrRows, out: Floats, n: number): void {
  const { data, indices, indptr, rows, columns } = sparse;
  if (a.length < n * columns || out.length < n * rows) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `${n} × ${columns} times ${columns} × ${rows}: ${a.length}, ${out.length} values given`,
    );
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < rows; j++) {
      let sum = 0;
      for (let e = indptr[j]; e < indptr[j + 1]; e++) sum += a[i * columns + indices[e]] * data[e];
      out[i * rows + j] = sum;
    }
  }
}
