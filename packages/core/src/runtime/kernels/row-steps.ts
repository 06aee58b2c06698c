/**
 * Steps over the rows of a matrix (checks, arithmetic with a number for each column, a product) by vectors: a block of
 * rows goes into the memory of a WebAssembly module, through all steps, and out. The arithmetic is what JavaScript does,
 * rounded alike, and sums add their terms one by one: whichever way a row is computed, its bits are the same.
 */
import type { DenseLayer } from '../../graph/dense-layer.js';
import type { RowStep, RowSteps } from '../../graph/row-steps.js';
import { packColumns, packTransposed } from './gemm-simd.js';
import { CONSTANT_BYTES, LEAST, multiplyPart, PANEL, simdModule, type SimdModule } from './simd.js';
import {
  advance,
  F64,
  get,
  i32,
  I32,
  instantiate,
  leb,
  loadF64,
  op,
  repeat,
  set,
  simd,
  storeF64,
  V128,
  type Code,
  type Routine,
} from './wasm.js';

/** What the steps compare and compute with, and weights. */
const VALUE_BYTES = 2 ** 18;
const WEIGHT_BYTES = 2 ** 20;
/** A block of rows, which stays in the second cache where rows are not long; and what a product makes of it. */
const BLOCK_BYTES = 2 ** 16;
const SIDE_BYTES = 2 ** 19;
/** Blocks are of so many rows, times some: the product with one column takes eight at a time, that with many six. */
const LONE_ROWS = 8;
const GRAIN = 24;

const [VALUES, WEIGHTS] = [CONSTANT_BYTES, CONSTANT_BYTES + VALUE_BYTES];
const [ROWS_AT, RESULTS_AT] = [WEIGHTS + WEIGHT_BYTES, WEIGHTS + WEIGHT_BYTES + SIDE_BYTES];

let module: SimdModule | undefined;
let tried = false;
/** Whose values and weights are in the memory. */
let owner: object | undefined;

function start(): SimdModule | undefined {
  if (!tried) module = simdModule(VALUE_BYTES + WEIGHT_BYTES + 2 * SIDE_BYTES);
  tried = true;
  return module;
}

/** Applies the steps to `n` rows of x and writes the result; false where a number is to be refused, or might be. */
export type RowProgram = (x: Float64Array, n: number, out: Float64Array) => boolean;

/** Undefined where the platform has no vectors, or there is too much for the memory. */
export function rowProgram({ columns, steps: given, product }: RowSteps): RowProgram | undefined {
  const shared = start();
  if (!shared) return undefined;
  const tells = product !== undefined && tellsAll(given, product);
  const steps = tells ? given.filter((s) => s.kind !== 'check') : given;
  // Two numbers go together: of rows of odd length, two rows.
  const wide = columns % 2 === 0 ? columns : 2 * columns;
  const values = valuesOf(steps, columns, wide);
  const weights = product && weightsOf(product);
  if (8 * values.length > VALUE_BYTES || (weights && 8 * weights.length > WEIGHT_BYTES)) return undefined;
  const outputs = product?.outputs ?? columns;
  const panels = Math.ceil((8 * outputs) / PANEL);
  const lone = product?.outputs === 1;
  const routines = [...(steps.length > 0 ? [pass(steps, wide)] : []), ...(lone ? [loneProduct(columns)] : [])];
  const own = routines.length === 0 ? undefined : instantiate(routines, shared.handle.buffer.byteLength, shared.handle);
  if (routines.length > 0 && !own) return undefined;
  const most = Math.min(BLOCK_BYTES / (8 * columns), SIDE_BYTES / (PANEL * panels));
  const rowsAtOnce = Math.max(GRAIN, Math.floor(most / GRAIN) * GRAIN);
  const memory = shared.views.f64;
  const step = lone ? 1 : (panels * PANEL) / 8;
  const self = {};

  return (x, n, out) => {
    if (owner !== self) {
      memory.set(values, VALUES / 8);
      if (weights) memory.set(weights, WEIGHTS / 8);
      owner = self;
    }
    for (let first = 0; first < n; first += rowsAtOnce) {
      const rows = Math.min(n - first, rowsAtOnce);
      const at = ROWS_AT / 8;
      memory.set(x.subarray(first * columns, (first + rows) * columns), at);
      // The last row again fills up what routines take at a time.
      const grain = lone ? LONE_ROWS : 2;
      const padded = Math.ceil(rows / grain) * grain;
      const last = at + (rows - 1) * columns;
      for (let r = rows; r < padded; r++) memory.copyWithin(at + r * columns, last, last + columns);
      if (steps.length > 0) {
        own!.routines['pass'](ROWS_AT, Math.ceil((rows * columns) / wide), VALUES);
        if (memory[VALUES / 8] !== 0) return false;
      }
      if (lone) own!.routines['product'](ROWS_AT, padded / LONE_ROWS, WEIGHTS, RESULTS_AT);
      else if (product) multiply(shared, columns, rows, panels);
      if (!product) out.set(memory.subarray(at, at + rows * columns), first * columns);
      else if (!take(memory, RESULTS_AT / 8, step, out, first * outputs, rows, outputs) && tells) return false;
    }
    return true;
  };
}

function multiply(shared: SimdModule, columns: number, rows: number, panels: number): void {
  multiplyPart(shared, 'f64', {
    ...{
      a: ROWS_AT,
      strideA: 8 * columns,
      b: WEIGHTS,
      c: RESULTS_AT,
      strideC: panels * PANEL,
      k: columns,
      rows,
      panels,
    },
    ...{ bias: WEIGHTS + panels * PANEL * columns, stepBias: PANEL, least: LEAST.f64, onto: 0 },
  });
}

/**
 * Whether a product that is finite proves that no number was to be refused: a missing or infinite one stays so, or
 * becomes missing, whatever finite numbers are added to it or multiplied with it.
 */
function tellsAll(steps: readonly RowStep[], { weights, bias }: DenseLayer): boolean {
  const finite = (list: ArrayLike<number> | undefined): boolean =>
    Array.prototype.every.call(list ?? [], Number.isFinite);
  let checked = false;
  for (const s of steps) {
    if (s.kind === 'check') {
      if (s.largest < Number.MAX_VALUE) return false;
      checked ||= !s.nan;
    } else if (s.kind === 'square') continue;
    else if (s.kind === 'min' || s.kind === 'max' || !finite(s.values)) return false;
    else if (s.kind === 'div' && s.values.includes(0)) return false;
    // It would hide what a check before it refuses.
    else if (s.kind === 'fill' && checked) return false;
  }
  return finite(weights) && finite(bias);
}

/** Copies what was computed; false where a number is missing or infinite. */
function take(
  memory: Float64Array,
  from: number,
  step: number,
  out: Float64Array,
  to: number,
  rows: number,
  width: number,
): boolean {
  let finite = 0;
  for (let r = 0; r < rows; r++, from += step, to += width)
    for (let j = 0; j < width; j++) {
      const y = memory[from + j];
      out[to + j] = y;
      // 0, or missing from the first number that is not finite.
      finite += y - y;
    }
  return finite === 0;
}

/** 16 bytes for the verdict, then for each two numbers of a row (or two) those of each step. */
function valuesOf(steps: readonly RowStep[], columns: number, wide: number): Float64Array {
  const out = [0, 0];
  for (let j = 0; j < wide; j += 2)
    for (const s of steps) if ('values' in s) out.push(s.values[j % columns], s.values[(j + 1) % columns]);
  return Float64Array.from(out);
}

/** Panels of four columns and their biases; of one column, its weights and its bias. */
function weightsOf({ weights, transposed, bias, inputs: k, outputs: m }: DenseLayer): Float64Array {
  if (m === 1) return Float64Array.of(...weights, bias?.[0] ?? -0);
  const wide = PANEL / 8;
  const columns = Math.ceil(m / wide) * wide;
  const out = new Float64Array(columns * k + columns).fill(-0, columns * k);
  const part = { first: 0, count: m, from: 0, depth: k, k };
  if (transposed) packTransposed(out, 0, weights, part, wide);
  else packColumns(out, 0, weights, part, wide, m);
  if (bias) out.set(bias.subarray(0, m), columns * k);
  return out;
}

const upTo = (count: number): number[] => Array.from(Array(count).keys());

/** Instructions of two f64 each, by their numbers after the prefix. */
const ARITHMETIC = { add: 0xf0, sub: 0xf1, mul: 0xf2, div: 0xf3, min: 0xf4, max: 0xf5 } as const;
const vector = { splat: 0x14, notEqual: 0x48, above: 0x4a, atMost: 0x4b, not: 0x4d, or: 0x50, anyTrue: 0x53 } as const;
const [ABS, SELECT] = [0xec, 0x52];
/** Pairs of numbers for each turn of the loop, where a row has so many times some. */
const MOST_PAIRS = 5;

/** (rows, how many times `wide` numbers, values): all steps on each pair of numbers, in place. */
function pass(steps: readonly RowStep[], wide: number): Routine {
  const pairs = wide / 2;
  const atOnce = upTo(MOST_PAIRS).reduce((best, i) => (pairs % (i + 1) === 0 ? i + 1 : best), 1);
  const each = steps.filter((s) => 'values' in s).length;
  const [x, times, values, turn, step, at, number, bad] = upTo(8);
  const load = (place: number, offset: number): Code => [get(place), simd(0x00), 4, leb(offset)];
  const one = (pair: number): Code => {
    let place = 16 * each * pair;
    const own = (): Code => {
      place += 16;
      return load(at, place - 16);
    };
    return [
      load(x, 16 * pair),
      steps.map((s): Code => {
        if (s.kind === 'check') {
          const bound = [
            constant(s.largest),
            simd(s.nan ? vector.above : vector.atMost),
            s.nan ? [] : simd(vector.not),
          ];
          return [set(number), get(number), simd(ABS), bound, get(bad), simd(vector.or), set(bad), get(number)];
        }
        if (s.kind === 'square') return [set(number), get(number), get(number), simd(ARITHMETIC.mul)];
        // Of [missing ones' number, number, which are not missing]: fill where it differs from itself.
        if (s.kind === 'fill')
          return [set(number), own(), get(number), get(number), get(number), simd(vector.notEqual), simd(SELECT)];
        return [own(), simd(ARITHMETIC[s.kind])];
      }),
      set(number),
      [get(x), get(number), simd(0x0b), 4, leb(16 * pair)],
    ];
  };
  return {
    name: 'pass',
    parameters: 3,
    locals: [
      [3, I32],
      [2, V128],
    ],
    code: [
      repeat(turn, get(times), [
        [get(values), i32(16), op.add, set(at)],
        repeat(step, i32(pairs / atOnce), [
          upTo(atOnce).map(one),
          advance(x, i32(16 * atOnce)),
          advance(at, i32(16 * atOnce * each)),
        ]),
      ]),
      // 0 where nothing was bad.
      [get(values), get(bad), simd(vector.anyTrue), CONVERT, storeF64(0)],
    ],
  };
}

/** An i32 as f64. */
const CONVERT: Code = [0xb7];
const constant = (value: number): Code => {
  const bytes = [...new Uint8Array(Float64Array.of(value, value).buffer)];
  return [simd(0x0c), bytes];
};
const MUL_F64: Code = [0xa2];

/** Terms of each of the eight sums for each turn of the loop. */
const TERMS = 2;

/** (rows, how many times eight of them, weights and bias, results): eight sums at a time, since each waits for itself. */
function loneProduct(columns: number): Routine {
  const [x, times, weights, results, turn, step, at] = upTo(7);
  const weight = 7;
  const sums = upTo(LONE_ROWS).map((r) => 8 + r);
  const term = (l: number): Code => [
    [get(at), loadF64(8 * l), set(weight)],
    sums.map((sum, r) => [get(sum), get(x), loadF64(8 * (r * columns + l)), get(weight), MUL_F64, op.addF64, set(sum)]),
  ];
  const terms = (count: number): Code => [
    upTo(count).map(term),
    advance(x, i32(8 * count)),
    advance(at, i32(8 * count)),
  ];
  return {
    name: 'product',
    parameters: 4,
    locals: [
      [3, I32],
      [1 + LONE_ROWS, F64],
    ],
    code: repeat(turn, get(times), [
      [get(weights), set(at)],
      sums.map((sum) => [ZERO_F64, set(sum)]),
      repeat(step, i32(Math.floor(columns / TERMS)), terms(TERMS)),
      upTo(columns % TERMS).map(() => terms(1)),
      sums.map((sum, r) => [get(results), get(sum), get(at), loadF64(0), op.addF64, storeF64(8 * r)]),
      advance(results, i32(8 * LONE_ROWS)),
      advance(x, i32(8 * (LONE_ROWS - 1) * columns)),
    ]),
  };
}
const ZERO_F64: Code = [0x44, new Array<number>(8).fill(0)];
