import { isBig, isCsr, isFloat, type BigArray, type DType, type Tensor, type TypedArray } from '../../graph/tensor.js';
import { expInPlace } from '../kernels/exp.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { axisOf, badInput, dense, int, intsFrom, make, unsupported, type Inputs, type Numbers } from './common.js';
import { mapCsr, sumCsr } from './csr.js';
import { int64Data } from './move.js';
import { roundTo } from './narrow.js';
import { transposed } from './shape.js';

/** Reduces [outer, middle, inner] over the middle; `out` is [outer, inner]. */
type Fold = (a: Numbers, outer: number, middle: number, inner: number, out: Numbers) => void;

/**
 * numpy's pairwise sum of n neighbours, which decides the last bits of every mean and score:
 * umath/loops_utils.h.src. Eight running sums up to 128 elements, halves beyond.
 */
export function pairwiseSum(a: Numbers, from: number, n: number): number {
  if (n < 8) {
    let sum = 0;
    for (let i = from; i < from + n; i++) sum += a[i];
    return sum;
  }
  if (n <= 128) {
    let [r0, r1, r2, r3] = [a[from], a[from + 1], a[from + 2], a[from + 3]];
    let [r4, r5, r6, r7] = [a[from + 4], a[from + 5], a[from + 6], a[from + 7]];
    let i = 8;
    for (; i < n - (n % 8); i += 8) {
      r0 += a[from + i];
      r1 += a[from + i + 1];
      r2 += a[from + i + 2];
      r3 += a[from + i + 3];
      r4 += a[from + i + 4];
      r5 += a[from + i + 5];
      r6 += a[from + i + 6];
      r7 += a[from + i + 7];
    }
    let sum = r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7));
    for (; i < n; i++) sum += a[from + i];
    return sum;
  }
  let half = Math.floor(n / 2);
  half -= half % 8;
  return pairwiseSum(a, from, half) + pairwiseSum(a, from + half, n - half);
}

const sums: Fold = (a, outer, middle, inner, out) => {
  if (inner === 1) {
    for (let r = 0; r < outer; r++) out[r] = pairwiseSum(a, r * middle, middle);
    return;
  }
  for (let r = 0; r < outer; r++)
    for (let m = 0, i = r * middle * inner; m < middle; m++)
      for (let o = r * inner; o < (r + 1) * inner; o++, i++) out[o] += a[i];
};

/** A fold from a function of two numbers. */
function folding(start: number, f: (x: number, y: number) => number): Fold {
  return (a, outer, middle, inner, out) => {
    for (let o = 0; o < outer * inner; o++) out[o] = start;
    for (let r = 0; r < outer; r++)
      for (let m = 0, i = r * middle * inner; m < middle; m++)
        for (let o = r * inner; o < (r + 1) * inner; o++, i++) out[o] = f(out[o], a[i]);
  };
}

interface Reduction {
  readonly fold: Fold;
  /** Applied to each element before, and to each result after. */
  readonly before?: (x: number) => number;
  readonly after?: (x: number, count: number) => number;
  /** For 64-bit integers; where it is missing they are refused. */
  readonly big?: { readonly start: bigint; readonly step: (sum: bigint, x: bigint) => bigint };
  /** For integers that wrap or have no infinity. */
  readonly int?: (dtype: DType) => Fold;
  readonly bool?: true;
}

const square = (x: number): number => x * x;
const smallest: Partial<Record<DType, number>> = {
  int8: -128,
  int16: -32768,
  int32: -(2 ** 31),
  uint8: 0,
  uint16: 0,
  uint32: 0,
  bool: 0,
};
const largest: Partial<Record<DType, number>> = {
  int8: 127,
  int16: 32767,
  int32: 2 ** 31 - 1,
  uint8: 255,
  uint16: 65535,
  uint32: 2 ** 32 - 1,
  bool: 1,
};
const maximum = folding(-Infinity, Math.max);
const minimum = folding(Infinity, Math.min);
const big = (step: (sum: bigint, x: bigint) => bigint, start = 0n): NonNullable<Reduction['big']> => ({ start, step });

const reductions = {
  ReduceSum: { fold: sums, big: big((s, x) => s + x) },
  ReduceMean: { fold: sums, after: (x, n) => x / n },
  ReduceMax: {
    fold: maximum,
    int: (dtype) => folding(smallest[dtype]!, Math.max),
    big: big((s, x) => (x > s ? x : s), -(2n ** 63n)),
    bool: true,
  },
  ReduceMin: {
    fold: minimum,
    int: (dtype) => folding(largest[dtype]!, Math.min),
    big: big((s, x) => (x < s ? x : s), 2n ** 63n - 1n),
    bool: true,
  },
  ReduceProd: { fold: folding(1, (s, x) => s * x), int: () => folding(1, Math.imul), big: big((s, x) => s * x, 1n) },
  ReduceSumSquare: { fold: sums, before: square, big: big((s, x) => s + x * x) },
  ReduceL1: { fold: sums, before: Math.abs, big: big((s, x) => s + (x < 0n ? -x : x)) },
  ReduceL2: { fold: sums, before: square, after: Math.sqrt },
  ReduceLogSum: { fold: sums, after: Math.log },
} as const satisfies Record<string, Reduction>;

/** The tensor as [outer, middle, inner] with all axes that go in the middle, and the shape of the result. */
function arranged(
  site: Site,
  x: Tensor,
  axes: readonly number[],
): { x: Tensor; outer: number; middle: number; inner: number } {
  const gone = new Set(axes);
  const first = x.shape.findIndex((d, i) => gone.has(i) && d !== 1);
  let last = x.shape.length - 1;
  while (last > first && !(gone.has(last) && x.shape[last] !== 1)) last--;
  let whole = true;
  for (let i = first; i <= last; i++) if (i >= 0 && !gone.has(i) && x.shape[i] !== 1) whole = false;
  if (!whole) {
    const kept = x.shape.map((_, i) => i).filter((i) => !gone.has(i));
    return arranged(
      site,
      transposed(site, x, [...kept, ...axes]),
      axes.map((_, i) => kept.length + i),
    );
  }
  const product = (from: number, to: number): number => x.shape.slice(from, to).reduce((a, d) => a * d, 1);
  if (first < 0) return { x, outer: x.data.length, middle: 1, inner: 1 };
  return { x, outer: product(0, first), middle: product(first, last + 1), inner: product(last + 1, x.shape.length) };
}

/** The axes to reduce; undefined where nothing is (`noop_with_empty_axes`). */
function axesFor(site: Site, inputs: Inputs, rank: number): number[] | undefined {
  const given = intsFrom(site, inputs, 1, 'axes');
  if (!given || given.length === 0) {
    if (int(site, 'noop_with_empty_axes', 0) !== 0) return undefined;
    return Array.from({ length: rank }, (_, i) => i);
  }
  return [...new Set(given.map((a) => axisOf(a, rank)))].sort((a, b) => a - b);
}

function reduction(op: Reduction): Operator {
  return (site) => {
    const keep = int(site, 'keepdims', 1) !== 0;
    return (inputs) => {
      const given = inputs[0];
      if (given !== undefined && isCsr(given)) {
        // Sums of what keeps zero at zero need only what is stored.
        if (op.fold !== sums) throw unsupported('this reduction of a sparse matrix');
        const axes = axesFor(site, inputs, 2) ?? [];
        if (axes.length !== 1) throw unsupported('a sparse matrix is summed over one axis');
        const data = sumCsr(op.before ? mapCsr(given, op.before) : given, axes[0]);
        if (op.after) for (let i = 0; i < data.length; i++) data[i] = op.after(data[i], given.shape[axes[0]]);
        const shape = axes[0] === 0 ? [1, given.shape[1]] : [given.shape[0], 1];
        return convert(given.dtype, keep ? shape : [data.length], data);
      }
      const x = dense(inputs, 0);
      const axes = axesFor(site, inputs, x.shape.length);
      // Nothing is summed, yet what is done to each element still is.
      const shape = axes ? remaining(x.shape, axes, keep) : x.shape;
      return reduced(site, op, x, axes ?? [], shape);
    };
  };
}

export function remaining(shape: readonly number[], axes: readonly number[], keep: boolean): number[] {
  return keep ? shape.map((d, i) => (axes.includes(i) ? 1 : d)) : shape.filter((_, i) => !axes.includes(i));
}

function reduced(site: Site, op: Reduction, given: Tensor, axes: readonly number[], shape: readonly number[]): Tensor {
  const { dtype } = given;
  const { x, outer, middle, inner } = arranged(site, given, axes);
  if (isBig(dtype)) {
    const after = op.after;
    const sum = op.big ?? (op.before ? reductions.ReduceSumSquare.big : reductions.ReduceSum.big);
    const start =
      dtype === 'uint64' && sum.start < 0n
        ? 0n
        : dtype === 'uint64' && sum.start > 2n ** 62n
          ? 2n ** 64n - 1n
          : sum.start;
    const data = make(site, dtype, shape) as BigArray;
    const source = x.data as BigArray;
    for (let r = 0; r < outer; r++)
      for (let k = 0; k < inner; k++) {
        let s = start;
        for (let m = 0, i = r * middle * inner + k; m < middle; m++, i += inner) s = sum.step(s, source[i]);
        data[r * inner + k] = after ? BigInt(Math.trunc(finite(after(Number(s), middle)))) : s;
      }
    return { dtype, shape, data };
  }
  if (dtype === 'string' || dtype === 'object' || (dtype === 'bool' && !op.bool)) throw unsupported(`${dtype} input`);
  let source = x.data as Numbers & TypedArray;
  if (op.before) {
    const changed = new Float64Array(source.length);
    for (let i = 0; i < changed.length; i++) changed[i] = op.before(source[i]);
    source = changed;
  }
  const fold = isFloat(dtype) ? op.fold : (op.int?.(dtype) ?? op.fold);
  site.budget.allocate(outer * inner, 8);
  // Sums are kept in double precision whatever the type; only the result is rounded.
  const sums = new Float64Array(outer * inner);
  fold(source, outer, middle, inner, sums);
  if (op.after) for (let i = 0; i < sums.length; i++) sums[i] = op.after(sums[i], middle);
  return convert(dtype, shape, sums);
}

function finite(x: number): number {
  if (!Number.isFinite(x)) throw badInput('an integer mean of nothing');
  return x;
}

/** Doubles as a tensor of `dtype`, rounded or wrapped as that type does. */
export function convert(dtype: DType, shape: readonly number[], values: Float64Array): Tensor {
  if (dtype === 'float64') return { dtype, shape, data: values };
  const makers: Partial<Record<DType, new (v: ArrayLike<number>) => TypedArray>> = {
    int32: Int32Array,
    int16: Int16Array,
    int8: Int8Array,
    int4: Int8Array,
    uint32: Uint32Array,
    uint16: Uint16Array,
    uint8: Uint8Array,
    uint4: Uint8Array,
    bool: Uint8Array,
  };
  const Maker = makers[dtype] ?? Float32Array;
  const data = new Maker(values);
  roundTo(dtype, data as Numbers & TypedArray);
  return { dtype, shape, data };
}

/** log Σ exp(x) with the largest taken out first, so that nothing overflows. */
const logSumExp: Operator = (site) => {
  const keep = int(site, 'keepdims', 1) !== 0;
  return (inputs) => {
    const given = dense(inputs, 0);
    if (!isFloat(given.dtype)) throw unsupported(`${given.dtype} input`);
    const axes = axesFor(site, inputs, given.shape.length);
    const shape = axes ? remaining(given.shape, axes, keep) : given.shape;
    const { x, outer, middle, inner } = arranged(site, given, axes ?? []);
    const source = x.data as Numbers & TypedArray;
    const out = new Float64Array(outer * inner);
    const row = new Float64Array(middle);
    for (let r = 0; r < outer; r++)
      for (let k = 0; k < inner; k++) {
        let top = -Infinity;
        for (let m = 0, i = r * middle * inner + k; m < middle; m++, i += inner) top = Math.max(top, source[i]);
        const shift = Number.isFinite(top) ? top : 0;
        for (let m = 0, i = r * middle * inner + k; m < middle; m++, i += inner) row[m] = source[i] - shift;
        expInPlace(row, 0, middle, 1);
        out[r * inner + k] = Math.log(pairwiseSum(row, 0, middle)) + shift;
      }
    return convert(given.dtype, shape, out);
  };
};

/** The place of the first (or last) extreme; NaN beats every number, as in numpy. */
function extremePlace(better: (x: number | bigint, than: number | bigint) => boolean, sign: 1 | -1): Operator {
  return (site) => {
    const keep = int(site, 'keepdims', 1) !== 0;
    const last = int(site, 'select_last_index', 0) !== 0;
    return (inputs) => {
      const x = dense(inputs, 0);
      if (x.dtype === 'string' || x.dtype === 'object') throw unsupported(`${x.dtype} input`);
      const axis = axisOf(int(site, 'axis', 0), x.shape.length);
      const { outer, middle, inner } = arranged(site, x, [axis]);
      const places = new Int32Array(outer * inner);
      if (x.shape[axis] === 0 && places.length > 0) throw badInput('the largest of no elements');
      const source = x.data as Numbers & TypedArray;
      if (x.data instanceof Float64Array && inner === 1 && !last)
        for (let r = 0, at = 0; r < outer; r++, at += middle)
          places[r] = sign === 1 ? largestOf(x.data, at, middle) : smallestOf(x.data, at, middle);
      else
        for (let r = 0; r < outer; r++)
          for (let k = 0; k < inner; k++) {
            let i = r * middle * inner + k;
            let best = source[i];
            let place = 0;
            for (let m = 1; m < middle; m++) {
              i += inner;
              const v = source[i];
              if (last ? !better(best, v) && (best === best || v !== v) : better(v, best)) {
                best = v;
                place = m;
              }
            }
            places[r * inner + k] = place;
          }
      return int64Result(remaining(x.shape, [axis], keep), places);
    };
  };
}

/** The same of `n` neighbours: most of labels and clusters. */
function largestOf(a: Float64Array, from: number, n: number): number {
  let best = a[from];
  let place = 0;
  for (let m = 0; m < n; m++) {
    const v = a[from + m];
    if (v > best) {
      best = v;
      place = m;
    } else if (v !== v) return m;
  }
  return place;
}

function smallestOf(a: Float64Array, from: number, n: number): number {
  let best = a[from];
  let place = 0;
  for (let m = 0; m < n; m++) {
    const v = a[from + m];
    if (v < best) {
      best = v;
      place = m;
    } else if (v !== v) return m;
  }
  return place;
}

function int64Result(shape: readonly number[], places: Int32Array): Tensor {
  return { dtype: 'int64', shape, data: int64Data(places) };
}

export const reduceOperators = {
  ...(Object.fromEntries(Object.entries(reductions).map(([name, op]) => [name, reduction(op)])) as {
    [K in keyof typeof reductions]: Operator;
  }),
  ReduceLogSumExp: logSumExp,
  ArgMax: extremePlace((x, than) => x > than || (x !== x && than === than), 1),
  ArgMin: extremePlace((x, than) => x < than || (x !== x && than === than), -1),
} satisfies OperatorTable;
