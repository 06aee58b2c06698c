import type { TensorData, TypedArray } from '../../graph/tensor.js';
import { badInput, type Numbers } from './common.js';
import type { Tensor } from '../../graph/tensor.js';

/**
 * Moving elements about without looking at them. Arrays are seen as one of few kinds (by width), so that the
 * loops stay in the fast path of the engines however many dtypes a graph mixes.
 */
export interface Moving {
  /** out[o + k] = source[i + k · step] for k < n. */
  strided(o: number, i: number, step: number, n: number): void;
  /** out[o + k] = source[base + at[k]] for k < at.length. */
  picked(o: number, base: number, at: Int32Array): void;
  /** out[o + k · step] = source[i + k] for k < n. */
  spread(o: number, step: number, i: number, n: number): void;
  /** n neighbours at once. */
  span(o: number, i: number, n: number): void;
  /** out[at[k]] = source[i + k]: the other way round. */
  scattered(at: Int32Array, i: number): void;
}

/** Below this a loop beats the call that copies a typed array. */
const SHORT = 24;

/** Rows of a transposition that are moved together. */
const BLOCK = 64;

export function moving(out: TensorData, source: TensorData): Moving {
  if (Array.isArray(out) || Array.isArray(source)) return movingWide(out as unknown[], source as readonly unknown[]);
  const a = byWidth(out as TypedArray);
  const b = byWidth(source as TypedArray);
  if (a instanceof BigInt64Array || b instanceof BigInt64Array)
    return movingWide(a as unknown as unknown[], b as unknown as readonly unknown[]);
  return movingNumbers(a, b);
}

type Narrow = Uint8Array | Uint16Array | Int32Array | Float64Array;

function byWidth(data: TypedArray): Narrow | BigInt64Array {
  const { buffer, byteOffset, length } = data;
  switch (data.BYTES_PER_ELEMENT) {
    case 1:
      return new Uint8Array(buffer, byteOffset, length);
    case 2:
      return new Uint16Array(buffer, byteOffset, length);
    case 4:
      return new Int32Array(buffer, byteOffset, length);
    default:
      return data instanceof Float64Array ? data : new BigInt64Array(buffer, byteOffset, length);
  }
}

function movingNumbers(out: Narrow, source: Narrow): Moving {
  return {
    strided: (o, i, step, n) => {
      for (let k = 0; k < n; k++, i += step) out[o + k] = source[i]!;
    },
    picked: (o, base, at) => {
      for (let k = 0; k < at.length; k++) out[o + k] = source[base + at[k]]!;
    },
    spread: (o, step, i, n) => {
      for (let k = 0; k < n; k++, o += step) out[o] = source[i + k]!;
    },
    span: (o, i, n) => {
      if (n < SHORT) for (let k = 0; k < n; k++) out[o + k] = source[i + k]!;
      else out.set(source.subarray(i, i + n), o);
    },
    scattered: (at, i) => {
      for (let k = 0; k < at.length; k++) out[at[k]] = source[i + k]!;
    },
  };
}

function movingWide(out: unknown[], source: readonly unknown[]): Moving {
  const strided = (o: number, i: number, step: number, n: number): void => {
    for (let k = 0; k < n; k++, i += step) out[o + k] = source[i];
  };
  return {
    strided,
    picked: (o, base, at) => {
      for (let k = 0; k < at.length; k++) out[o + k] = source[base + at[k]];
    },
    spread: (o, step, i, n) => {
      for (let k = 0; k < n; k++, o += step) out[o] = source[i + k];
    },
    span: (o, i, n) => {
      if (n >= SHORT && out instanceof BigInt64Array && source instanceof BigInt64Array)
        out.set(source.subarray(i, i + n), o);
      else strided(o, i, 1, n);
    },
    scattered: (at, i) => {
      for (let k = 0; k < at.length; k++) out[at[k]] = source[i + k];
    },
  };
}

/** Indices into a dimension of `size`, counted from the front and checked. */
export function indicesOf(x: Tensor, size: number): Int32Array {
  const n = x.data.length;
  const out = new Int32Array(n);
  const bad = (k: number): never => {
    throw badInput(`index ${String(x.data[k])} of ${size}`);
  };
  if (x.data instanceof BigInt64Array) {
    // The halves of a 64-bit integer: thirty times as fast as BigInt.
    const halves = new Int32Array(x.data.buffer, x.data.byteOffset, 2 * n);
    for (let k = 0; k < n; k++) {
      const low = halves[2 * k];
      const at = low < 0 ? low + size : low;
      if (halves[2 * k + 1] !== low >> 31 || at < 0 || at >= size) bad(k);
      out[k] = at;
    }
    return out;
  }
  const source = x.data as Numbers & TypedArray;
  for (let k = 0; k < n; k++) {
    const v = source[k];
    const at = v < 0 ? v + size : v;
    if (!(at >= 0 && at < size) || !Number.isInteger(at)) bad(k);
    out[k] = at;
  }
  return out;
}

/** int64 data of numbers that fit in 32 bits. */
export function int64Data(values: Int32Array): BigInt64Array {
  const out = new BigInt64Array(values.length);
  const halves = new Int32Array(out.buffer);
  for (let k = 0; k < values.length; k++) {
    halves[2 * k] = values[k]!;
    halves[2 * k + 1] = values[k] >> 31;
  }
  return out;
}

/** Row-major steps of a shape, in elements. */
export function stepsOf(shape: readonly number[]): number[] {
  const out = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = step;
    step *= shape[i];
  }
  return out;
}

/**
 * Copies a strided view of `source` into the contiguous `out`: element (i0, i1, …) of the result is
 * source[start + Σ ik · steps[k]]. Steps may be negative or zero.
 */
export function copyView(
  out: TensorData,
  source: TensorData,
  shape: readonly number[],
  steps: readonly number[],
  start: number,
): void {
  const sizes: number[] = [];
  const strides: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] === 0) return;
    if (shape[d] === 1) continue;
    if (sizes.length > 0 && steps[d] === strides[0] * sizes[0]) sizes[0] *= shape[d];
    else {
      sizes.unshift(shape[d]);
      strides.unshift(steps[d]);
    }
  }
  const move = moving(out, source);
  const outer = sizes.length - 1;
  const inner = outer < 0 ? 1 : sizes[outer];
  const step = outer < 0 ? 1 : strides[outer];
  if (outer === 1 && strides[0] < step) {
    // A transposition: by blocks, so that what a cache line holds is used before it goes.
    for (let from = 0; from < inner; from += BLOCK)
      for (let r = 0; r < sizes[0]; r++)
        move.strided(r * inner + from, start + r * strides[0] + from * step, step, Math.min(BLOCK, inner - from));
    return;
  }
  const at = new Array<number>(Math.max(0, outer)).fill(0);
  let i = start;
  const size = sizes.reduce((a, d) => a * d, 1);
  for (let o = 0; o < size; o += inner) {
    if (step === 1) move.span(o, i, inner);
    else move.strided(o, i, step, inner);
    for (let d = outer - 1; d >= 0; d--) {
      i += strides[d];
      if (++at[d] < sizes[d]) break;
      i -= strides[d] * sizes[d];
      at[d] = 0;
    }
  }
}
