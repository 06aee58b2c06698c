import { BrineError } from '../errors.js';
import { LazyBytes } from '../bytes/lazy.js';
import { Dtype, NdArray } from './ndarray.js';
import type { PyValue } from '../pickle/values.js';

/** numpy's own NPY_MAXDIMS (2.x; 32 before): no array has more, a file that says so is a bomb (CWE-770). */
export const MAX_DIMENSIONS = 64;

export function corrupt(message: string): BrineError {
  return new BrineError('CORRUPT', message);
}

/** The number of elements of a shape. Throws CORRUPT for negative, fractional or overflowing shapes. */
export function checkShape(shape: readonly PyValue[]): asserts shape is number[] {
  elementCount(shape);
}

export function elementCount(shape: readonly PyValue[]): number {
  if (shape.length > MAX_DIMENSIONS) {
    throw new BrineError('LIMIT', `an array has ${shape.length} dimensions; numpy allows ${MAX_DIMENSIONS}`);
  }
  let count = 1;
  let zero = false;
  for (const n of shape) {
    if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 0) {
      throw corrupt(`an array has the shape (${shape.map(dimension).join(', ')})`);
    }
    if (n === 0) zero = true;
    else count *= n;
    // numpy too refuses shapes whose other dimensions overflow when one is zero.
    if (count > Number.MAX_SAFE_INTEGER) {
      throw corrupt(`an array of shape (${shape.map(dimension).join(', ')}) overflows`);
    }
  }
  return zero ? 0 : count;
}

function dimension(n: PyValue): string {
  return typeof n === 'number' || typeof n === 'bigint' ? String(n) : '?';
}

/** Elements of no bytes at all cost a file nothing, and a reader as much as others (CWE-770). */
const MAX_EMPTY_ITEMS = 2 ** 20;

/** Throws LIMIT for more than 2^20 elements of no bytes. */
export function checkEmptyItems(count: number, itemsize: number): void {
  if (itemsize === 0 && count > MAX_EMPTY_ITEMS) {
    throw new BrineError('LIMIT', `an array has ${count} elements of no bytes; the limit is ${MAX_EMPTY_ITEMS}`);
  }
}

/** True if elements hold Python objects, so that a pickle lists them instead of giving bytes. */
export function hasObject(dtype: Dtype): boolean {
  if (dtype.type === 'O' || dtype.type === 'T') return true;
  if (dtype.subarray) return hasObject(dtype.subarray.base);
  return dtype.fields?.some((field) => hasObject(field.dtype)) ?? false;
}

/**
 * An array whose bytes (or items) are as many as its shape says. A sub-array dtype adds its axes, as numpy
 * does. Throws CORRUPT with the figures otherwise.
 */
export function checkedArray(
  dtype: Dtype,
  shape: readonly PyValue[],
  fortran: boolean,
  data: Uint8Array | LazyBytes | PyValue[],
  subclass?: string,
): NdArray {
  checkShape(shape);
  if (dtype.subarray) {
    return checkedArray(dtype.subarray.base, [...shape, ...dtype.subarray.shape], fortran, data, subclass);
  }
  const count = elementCount(shape);
  const listed = Array.isArray(data);
  checkEmptyItems(count, dtype.itemsize);
  if (listed !== hasObject(dtype)) {
    throw corrupt(
      listed ? 'an array of numbers or text lists objects' : 'an array of Python objects gives bytes in their place',
    );
  }
  const size = listed ? count : count * dtype.itemsize;
  if (data.length !== size) {
    throw corrupt(
      `an array of shape (${shape.join(', ')}) × ${dtype.itemsize} bytes needs ${size} ${listed ? 'objects' : 'bytes'}, has ${data.length}`,
    );
  }
  return new NdArray(dtype, shape, fortran, data, subclass);
}
