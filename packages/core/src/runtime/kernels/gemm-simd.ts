/**
 * Matrix products by vectors where the platform has them. Single precision sums in single precision, as the runtimes
 * of neural networks do, in stretches of `DEPTH` so that long sums keep their digits; double, or where asked, in double.
 */
import { gemm } from './gemm.js';
import {
  CONSTANT_BYTES,
  LEAST,
  multiplyPart,
  NO_BIAS,
  PANEL,
  ROWS,
  simdModule,
  type Precision,
  type SimdModule,
} from './simd.js';

/** Packed rows, packed columns and results, in bytes of the module's memory. */
const A_BYTES = 2 ** 20;
const B_BYTES = 4 * 2 ** 20;
const C_BYTES = 4 * 2 ** 20;
/** Terms that are summed at a stretch. */
export const DEPTH = 1024;

/** Rows of fewer columns are copied one number at a time. */
const SHORT = 32;

/** Smaller products than these do not repay the packing. */
const LEAST_ROWS = 8;
const LEAST_COLUMNS = 2;
const LEAST_WORK = 2 ** 16;

let module: SimdModule | undefined;
let tried = false;

function start(): SimdModule | undefined {
  if (!tried) module = simdModule(A_BYTES + B_BYTES + C_BYTES);
  tried = true;
  return module;
}

export type Floats = Float32Array | Float64Array;

/** A part of one operand: `count` rows or columns from `first` on, terms `from` … `from + depth` of their `k`. */
export interface Part {
  readonly first: number;
  readonly count: number;
  readonly from: number;
  readonly depth: number;
  readonly k: number;
}

/**
 * out[n × m] = a[n × k] · b[k × m], or · bᵀ with b [m × k].
 * @param exact sum in double precision, whatever the arrays are; else only where one of them is double
 * @returns false, and leaves `out` alone, where another kernel is the better one
 */
export function simdProduct(
  a: Floats,
  b: Floats,
  out: Floats,
  n: number,
  k: number,
  m: number,
  { transposeB = false, exact = false }: { readonly transposeB?: boolean; readonly exact?: boolean } = {},
): boolean {
  if (n < LEAST_ROWS || m < LEAST_COLUMNS || n * k * m < LEAST_WORK) return false;
  const simd = start();
  if (!simd) return false;
  const single = !exact && [a, b, out].every((x) => x instanceof Float32Array);
  const precision: Precision = single ? 'f32' : 'f64';
  const memory: Floats = simd.views[precision];
  const size = memory.BYTES_PER_ELEMENT;
  const wide = PANEL / size;
  const depthAtOnce = Math.min(k, DEPTH);
  const columnsAtOnce = Math.floor(B_BYTES / (depthAtOnce * PANEL)) * wide;
  const [aAt, bAt, cAt] = [CONSTANT_BYTES, CONSTANT_BYTES + A_BYTES, CONSTANT_BYTES + A_BYTES + B_BYTES];
  const [aFrom, bFrom, cFrom] = [aAt / size, bAt / size, cAt / size];

  for (let column = 0; column < m; column += columnsAtOnce) {
    const columns = Math.min(m - column, columnsAtOnce);
    const panels = Math.ceil(columns / wide);
    const fitting = Math.min(A_BYTES / (depthAtOnce * size), C_BYTES / (panels * PANEL));
    const rowsAtOnce = Math.floor(fitting / ROWS) * ROWS;
    for (let from = 0; from < k; from += DEPTH) {
      const depth = Math.min(k - from, DEPTH);
      const taken = { first: column, count: columns, from, depth, k };
      if (transposeB) packTransposed(memory, bFrom, b, taken, wide);
      else packColumns(memory, bFrom, b, taken, wide, m);
      for (let row = 0; row < n; row += rowsAtOnce) {
        const rows = Math.min(n - row, rowsAtOnce);
        copyRows(memory, aFrom, a, { first: row, count: rows, from, depth, k });
        multiplyPart(simd, precision, {
          ...{ a: aAt, strideA: depth * size, b: bAt, c: cAt, strideC: panels * PANEL, k: depth, rows, panels },
          ...{ bias: NO_BIAS[precision], stepBias: 0, least: LEAST[precision], onto: 0 },
        });
        for (let r = 0; r < rows; r++) {
          const at = cFrom + r * panels * wide;
          const to = (row + r) * m + column;
          if (from === 0 && columns < SHORT) for (let c = 0; c < columns; c++) out[to + c] = memory[at + c];
          else if (from === 0) out.set(memory.subarray(at, at + columns), to);
          else for (let c = 0; c < columns; c++) out[to + c] += memory[at + c];
        }
      }
    }
  }
  return true;
}

/** out[n × m] = a[n × k] · bᵀ of doubles, in doubles: by vectors where that pays. */
export function timesTransposed(a: Floats, b: Floats, out: Floats, n: number, k: number, m: number): void {
  const options = { transposeB: true, exact: true };
  if (!simdProduct(a, b, out, n, k, m, options)) gemm(a, b, out, n, k, m, options);
}

/** Rows one after the other, `depth` numbers each. */
function copyRows(memory: Floats, to: number, a: Floats, { first, count, from, depth, k }: Part): void {
  if (depth === k) memory.set(a.subarray(first * k, (first + count) * k), to);
  else
    for (let r = 0, at = first * k + from; r < count; r++, at += k)
      memory.set(a.subarray(at, at + depth), to + r * depth);
}

/** Panels of `wide` columns; columns that are missing are zero. */
export function packColumns(memory: Floats, to: number, b: Floats, part: Part, wide: number, m: number): void {
  const { first, count, from, depth } = part;
  for (let c = 0; c < count; c += wide) {
    const width = Math.min(wide, count - c);
    let at = to + c * depth;
    for (let i = 0; i < depth; i++, at += wide) {
      const start = (from + i) * m + first + c;
      for (let j = 0; j < width; j++) memory[at + j] = b[start + j];
      for (let j = width; j < wide; j++) memory[at + j] = 0;
    }
  }
}

/** The same from bᵀ, whose rows are the columns. */
export function packTransposed(memory: Floats, to: number, b: Floats, part: Part, wide: number): void {
  const { first, count, from, depth, k } = part;
  for (let c = 0; c < count; c += wide)
    for (let j = 0; j < wide; j++) {
      let at = to + c * depth + j;
      const start = (first + c + j) * k + from;
      if (c + j < count) for (let i = start; i < start + depth; i++, at += wide) memory[at] = b[i];
      else for (let i = 0; i < depth; i++, at += wide) memory[at] = 0;
    }
}
