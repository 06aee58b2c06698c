/**
 * Matrix products by vectors where the platform has them. Single precision sums in single precision, as the runtimes
 * of neural networks do, in stretches of `DEPTH` so that long sums keep their digits; double, or where asked, in double.
 */
import { simdModule, type Precision, type SimdModule } from './simd.js';

/** Packed rows, packed columns and results, in bytes of the module's memory. */
const A_BYTES = 2 ** 20;
const B_BYTES = 4 * 2 ** 20;
const C_BYTES = 4 * 2 ** 20;
/** What one block of rows and one panel of columns are, as `simd.ts` wants them. */
const ROWS = 4;
const PANEL = 32;
/** Terms that are summed at a stretch. */
const DEPTH = 512;

/** Smaller products than these do not repay the packing. */
const LEAST_SIDE = 8;
const LEAST_WORK = 2 ** 16;

/** The module's memory as numbers; it never grows, so the views stay valid. */
interface Views {
  readonly module: SimdModule;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}
let views: Views | undefined;
let tried = false;

function start(): Views | undefined {
  if (tried) return views;
  tried = true;
  const module = simdModule(A_BYTES + B_BYTES + C_BYTES);
  if (module) {
    const { buffer } = module.memory;
    views = { module, f32: new Float32Array(buffer), f64: new Float64Array(buffer) };
  }
  return views;
}

type Floats = Float32Array | Float64Array;

/** A part of one operand: `count` rows or columns from `first` on, terms `from` … `from + depth` of their `k`. */
interface Part {
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
  if (n < LEAST_SIDE || m < LEAST_SIDE || n * k * m < LEAST_WORK) return false;
  const v = start();
  if (!v) return false;
  const single = !exact && [a, b, out].every((x) => x instanceof Float32Array);
  const precision: Precision = single ? 'f32' : 'f64';
  const memory: Floats = single ? v.f32 : v.f64;
  const size = memory.BYTES_PER_ELEMENT;
  const wide = PANEL / size;
  const depthAtOnce = Math.min(k, DEPTH);
  const columnsAtOnce = Math.floor(B_BYTES / (depthAtOnce * PANEL)) * wide;
  const [bFrom, cFrom] = [A_BYTES / size, (A_BYTES + B_BYTES) / size];

  for (let column = 0; column < m; column += columnsAtOnce) {
    const columns = Math.min(m - column, columnsAtOnce);
    const panels = Math.ceil(columns / wide);
    const rowsAtOnce =
      Math.min(Math.floor(A_BYTES / (depthAtOnce * ROWS * size)), Math.floor(C_BYTES / (panels * PANEL * ROWS))) * ROWS;
    for (let from = 0; from < k; from += DEPTH) {
      const depth = Math.min(k - from, DEPTH);
      const taken = { first: column, count: columns, from, depth, k };
      if (transposeB) packTransposed(memory, bFrom, b, taken, wide);
      else packColumns(memory, bFrom, b, taken, wide, m);
      for (let row = 0; row < n; row += rowsAtOnce) {
        const rows = Math.min(n - row, rowsAtOnce);
        packRows(memory, a, { first: row, count: rows, from, depth, k });
        v.module.product[precision](0, A_BYTES, A_BYTES + B_BYTES, depth, Math.ceil(rows / ROWS), panels);
        for (let r = 0; r < rows; r++) {
          const at = cFrom + r * panels * wide;
          const to = (row + r) * m + column;
          if (from === 0) out.set(memory.subarray(at, at + columns), to);
          else for (let c = 0; c < columns; c++) out[to + c] += memory[at + c];
        }
      }
    }
  }
  return true;
}

/** Blocks of four rows, interleaved; rows that are missing are zero. */
function packRows(memory: Floats, a: Floats, { first, count, from, depth, k }: Part): void {
  for (let r = 0; r < count; r += ROWS) {
    let at = r * depth;
    const start = (first + r) * k + from;
    if (r + ROWS <= count) {
      for (let i = start; i < start + depth; i++, at += ROWS) {
        memory[at] = a[i];
        memory[at + 1] = a[i + k];
        memory[at + 2] = a[i + 2 * k];
        memory[at + 3] = a[i + 3 * k];
      }
    } else {
      for (let i = start; i < start + depth; i++, at += ROWS)
        for (let s = 0; s < ROWS; s++) memory[at + s] = r + s < count ? a[i + s * k] : 0;
    }
  }
}

/** Panels of `wide` columns; columns that are missing are zero. */
function packColumns(memory: Floats, to: number, b: Floats, part: Part, wide: number, m: number): void {
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
function packTransposed(memory: Floats, to: number, b: Floats, part: Part, wide: number): void {
  const { first, count, from, depth, k } = part;
  for (let c = 0; c < count; c += wide)
    for (let j = 0; j < wide; j++) {
      let at = to + c * depth + j;
      const start = (first + c + j) * k + from;
      if (c + j < count) for (let i = start; i < start + depth; i++, at += wide) memory[at] = b[i];
      else for (let i = 0; i < depth; i++, at += wide) memory[at] = 0;
    }
}
