/**
 * How elements lie in memory: Fortran order, foreign byte order, alignment. Everything here works on bytes
 * and keeps their values. JavaScript engines are little-endian wherever they run today.
 */
import type { Dtype, NdArray } from './ndarray.js';

/**
 * For a Fortran-ordered array, the memory position of each element in C order; undefined where memory
 * order is C order already.
 */
export function memoryOrder(array: NdArray): Uint32Array | Float64Array | undefined {
  return array.fortran && needsReorder(array.shape) ? cOrderPositions(array.shape) : undefined;
}

/** Copies Fortran-ordered elements into C order. Returns `bytes` itself where both are the same. */
export function toCOrder(bytes: Uint8Array, shape: readonly number[], itemsize: number): Uint8Array {
  if (!needsReorder(shape) || bytes.length === 0) return bytes;
  const positions = cOrderPositions(shape);
  const out = new Uint8Array(bytes.length);
  const unit = itemsize % 4 === 0 ? 4 : 1;
  const from = unit === 4 ? words(aligned(bytes, 4)) : bytes;
  const to = unit === 4 ? words(out) : out;
  const width = itemsize / unit;
  for (let i = 0, at = 0; i < positions.length; i++) {
    const start = positions[i] * width;
    for (let w = 0; w < width; w++) to[at++] = from[start + w]!;
  }
  return out;
}

/** Copies `width` bytes at `offset` of each of `count` records of `stride` bytes. */
export function packField(bytes: Uint8Array, stride: number, offset: number, width: number, count: number): Uint8Array {
  const out = new Uint8Array(width * count);
  const unit = (bytes.byteOffset | bytes.length | stride | offset | width) % 4 === 0 ? 4 : 1;
  const from = unit === 4 ? words(bytes) : bytes;
  const to = unit === 4 ? words(out) : out;
  const step = stride / unit;
  const size = width / unit;
  for (let i = 0, at = offset / unit, put = 0; i < count; i++, at += step) {
    for (let w = 0; w < size; w++) to[put++] = from[at + w]!;
  }
  return out;
}

/** The same bytes at an address that is a multiple of `unit`: themselves, or a copy. */
export function aligned(bytes: Uint8Array, unit: number): Uint8Array {
  return bytes.byteOffset % unit === 0 ? bytes : new Uint8Array(bytes);
}

/** Elements in little-endian order: `bytes` itself where nothing is big-endian, else a copy. */
export function swapBytes(dtype: Dtype, bytes: Uint8Array): Uint8Array {
  const runs: Run[] = [];
  foreignRuns(dtype, 0, runs);
  if (runs.length === 0) return bytes;
  const out = new Uint8Array(bytes);
  const stride = dtype.itemsize;
  for (const { offset, unit, count } of runs) {
    for (let record = offset; record < out.length; record += stride) {
      for (let i = 0, at = record; i < count; i++, at += unit) {
        for (let low = at, high = at + unit - 1; low < high; low++, high--) {
          const byte = out[low];
          out[low] = out[high]!;
          out[high] = byte;
        }
      }
    }
  }
  return out;
}

interface Run {
  offset: number;
  unit: number;
  count: number;
}

/** Where the big-endian numbers of one element lie. Dtypes are bounded in depth when they are made. */
function foreignRuns(dtype: Dtype, offset: number, runs: Run[]): void {
  if (dtype.subarray) {
    const { base, shape } = dtype.subarray;
    const inner: Run[] = [];
    foreignRuns(base, 0, inner);
    const count = inner.length === 0 ? 0 : shape.reduce((a, b) => a * b, 1);
    for (let i = 0; i < count; i++) {
      for (const run of inner) runs.push({ ...run, offset: offset + i * base.itemsize + run.offset });
    }
  } else if (dtype.fields) {
    for (const field of dtype.fields) foreignRuns(field.dtype, offset + field.offset, runs);
  } else if (dtype.byteOrder === '>') {
    const unit = dtype.type === 'U' ? 4 : dtype.type === 'c' ? dtype.itemsize / 2 : dtype.itemsize;
    if (unit > 1) runs.push({ offset, unit, count: dtype.itemsize / unit });
  }
}

function needsReorder(shape: readonly number[]): boolean {
  return shape.filter((n) => n !== 1).length > 1;
}

/** For each element in C order, its position in Fortran order. */
function cOrderPositions(shape: readonly number[]): Uint32Array | Float64Array {
  const count = shape.reduce((a, b) => a * b, 1);
  const out = count < 2 ** 32 ? new Uint32Array(count) : new Float64Array(count);
  if (count === 0) return out;
  const strides: number[] = [];
  let stride = 1;
  for (const n of shape) {
    strides.push(stride);
    stride *= n;
  }
  const last = shape.length - 1;
  const inner = shape[last];
  const step = strides[last];
  const index = new Array<number>(last).fill(0);
  for (let i = 0, start = 0; i < count;) {
    for (let k = 0, at = start; k < inner; k++, at += step) out[i++] = at;
    for (let axis = last - 1; axis >= 0; axis--) {
      start += strides[axis];
      if (++index[axis] < shape[axis]) break;
      start -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
}

/** The value of an IEEE 754 half. Exact. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
