import type { DType } from '../graph/tensor.js';

/** Two numbers are the same where |a - b| ≤ atol + rtol · max(|a|, |b|). */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

interface FloatType {
  /** Bits of the fraction, without the one that is implied. */
  readonly fraction: number;
  /** The exponent of the smallest normal number. */
  readonly smallest: number;
  readonly tolerance: Tolerance;
}

/** From the finest to the coarsest. */
const floats = new Map<DType, FloatType>([
  ['float64', { fraction: 52, smallest: -1022, tolerance: { rtol: 1e-9, atol: 1e-12 } }],
  ['float32', { fraction: 23, smallest: -126, tolerance: { rtol: 1e-5, atol: 1e-6 } }],
  ['float16', { fraction: 10, smallest: -14, tolerance: { rtol: 1e-2, atol: 1e-3 } }],
  ['bfloat16', { fraction: 7, smallest: -126, tolerance: { rtol: 2e-2, atol: 1e-3 } }],
]);
const order = [...floats.keys()];

/** The coarser of two types; integers and flags are exact, and the other decides. */
export function coarser(a: DType, b: DType): DType {
  const at = Math.max(order.indexOf(a), order.indexOf(b));
  return order[at] ?? 'float64';
}

/** What is granted where nobody says otherwise: rounding in the coarser of the two types, and little more. */
export function usualTolerance(dtype: DType): Tolerance {
  return floats.get(dtype)?.tolerance ?? { rtol: 0, atol: 0 };
}

const value = new Float64Array(1);
const words = new Uint32Array(value.buffer);
const high = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The distance between numbers of `dtype` of the size of x. */
export function unitInLastPlace(x: number, dtype: DType): number {
  const { fraction, smallest } = floats.get(dtype) ?? floats.get('float64')!;
  value[0] = x;
  const exponent = ((words[high] >>> 20) & 0x7ff) - 1023;
  return 2 ** (Math.max(exponent, smallest) - fraction);
}
