import type { Tensor } from '../tensor.js';

/**
 * Values of any types as a tensor that ONNX has: all text or missing as `string`, all numbers, truth values or
 * missing as float64. Undefined where they are mixed.
 */
export function narrow(t: Tensor, missingText: string): Tensor | undefined {
  if (t.dtype !== 'object' && t.dtype !== 'string') return t;
  const items = t.data as readonly unknown[];
  const missing = (x: unknown): boolean => x === null || x === undefined || Number.isNaN(x);
  if (items.every((x) => typeof x === 'string' || missing(x)) && (t.dtype === 'string' || !items.every(missing)))
    return { dtype: 'string', shape: t.shape, data: items.map((x) => (typeof x === 'string' ? x : missingText)) };
  if (t.dtype === 'string' || items.some((x) => typeof x === 'string' || (typeof x === 'object' && x !== null)))
    return undefined;
  return { dtype: 'float64', shape: t.shape, data: Float64Array.from(items, (x) => (missing(x) ? NaN : Number(x))) };
}
