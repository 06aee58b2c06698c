import { BrineError } from '../../errors.js';
import {
  allocate,
  isCsr,
  isTensor,
  sizeOf,
  type Csr,
  type DType,
  type Tensor,
  type TypedArray,
  type Value,
} from '../../graph/tensor.js';
import type { Budget, Site } from '../operator.js';

export type Inputs = readonly (Value | undefined)[];

/** Flat numbers of any typed array but the 64-bit integers. */
export type Numbers = { [i: number]: number; readonly length: number };

/** Input `i` as a dense tensor. */
export function dense(inputs: Inputs, i: number): Tensor {
  const x = inputs[i];
  if (x === undefined) throw new BrineError('BAD_INPUT', `input ${i} is missing`);
  if (!isTensor(x)) throw new BrineError('BAD_INPUT', `input ${i} must be a dense tensor, got ${kindOf(x)}`);
  return x;
}

/** Input `i` as a dense tensor, or undefined where it is left out. */
export function optional(inputs: Inputs, i: number): Tensor | undefined {
  return inputs[i] === undefined ? undefined : dense(inputs, i);
}

/** Input `i` as a dense tensor or CSR. */
export function matrixLike(inputs: Inputs, i: number): Tensor | Csr {
  const x = inputs[i];
  return x !== undefined && isCsr(x) ? x : dense(inputs, i);
}

export function kindOf(x: Value): string {
  if (isCsr(x)) return 'a sparse matrix';
  if (isTensor(x)) return `${x.dtype} [${x.shape.join(', ')}]`;
  return 'sequence' in x ? 'a sequence' : 'map' in x ? 'a map' : 'an optional';
}

export function badInput(message: string): BrineError {
  return new BrineError('BAD_INPUT', message);
}

export function unsupported(message: string): BrineError {
  return new BrineError('UNSUPPORTED', message);
}

const BYTES: Partial<Record<DType, number>> = { float64: 8, int64: 8, uint64: 8, string: 8, object: 8 };

/** The number of elements of `shape`, once the budget has agreed to it. */
export function agreedSize(budget: Budget, dtype: DType, shape: readonly number[]): number {
  for (const d of shape) if (!(d >= 0)) throw badInput(`a dimension of ${d} in [${shape.join(', ')}]`);
  const size = sizeOf(shape);
  budget.allocate(size, BYTES[dtype] ?? 4);
  return size;
}

/** A zeroed array for `shape`, within the budget. */
export function make(site: Pick<Site, 'budget'>, dtype: DType, shape: readonly number[]): TypedArray | unknown[] {
  const size = agreedSize(site.budget, dtype, shape);
  return (dtype === 'float64' ? site.budget.arena.take(size) : undefined) ?? allocate(dtype, size);
}

/** As `make`, for numbers (not 64-bit integers). The caller has checked the dtype. */
export function makeNumbers(site: Site, dtype: DType, shape: readonly number[]): Numbers & TypedArray {
  return make(site, dtype, shape) as Numbers & TypedArray;
}

/** The data of a tensor of numbers that fit in a double each. */
export function numbers(x: Tensor): Numbers {
  if (x.dtype === 'int64' || x.dtype === 'uint64' || x.dtype === 'string' || x.dtype === 'object')
    throw unsupported(`${x.dtype} input`);
  return x.data as Numbers & TypedArray;
}

/** The data of an integer tensor of any width as safe numbers. */
export function integers(x: Tensor): number[] {
  const out = new Array<number>(x.data.length);
  for (let i = 0; i < out.length; i++) {
    const v = Number(x.data[i]);
    if (!Number.isSafeInteger(v)) throw badInput(`${String(x.data[i])} where an integer is needed`);
    out[i] = v;
  }
  return out;
}

/** An axis counted from the front. */
export function axisOf(axis: number, rank: number): number {
  if (!(Number.isInteger(axis) && axis >= -rank && axis < rank)) throw badInput(`axis ${axis} of ${rank} dimensions`);
  return axis < 0 ? axis + rank : axis;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

// ---- attributes ---------------------------------------------------------------------------------------

export function int(site: Site, name: string, fallback: number): number {
  const v = site.attributes[name];
  if (v === undefined) return fallback;
  const n = typeof v === 'bigint' || typeof v === 'number' || typeof v === 'boolean' ? Number(v) : NaN;
  if (!Number.isSafeInteger(n)) throw new BrineError('CORRUPT', `attribute ${name} must be an integer`);
  return n;
}

export function float(site: Site, name: string, fallback: number): number {
  const v = site.attributes[name];
  if (v === undefined) return fallback;
  if (typeof v !== 'number' && typeof v !== 'bigint')
    throw new BrineError('CORRUPT', `attribute ${name} must be a number`);
  return Number(v);
}

export function text(site: Site, name: string, fallback: string): string {
  const v = site.attributes[name];
  if (v === undefined) return fallback;
  if (typeof v !== 'string') throw new BrineError('CORRUPT', `attribute ${name} must be a string`);
  return v;
}

/** A list of integers or floats. */
export function list(site: Site, name: string): number[] | undefined {
  const v = site.attributes[name];
  if (v === undefined) return undefined;
  if (!Array.isArray(v) && !ArrayBuffer.isView(v)) throw new BrineError('CORRUPT', `attribute ${name} must be a list`);
  return Array.from(v as ArrayLike<number | bigint>, Number);
}

export function texts(site: Site, name: string): string[] | undefined {
  const v = site.attributes[name];
  if (v === undefined) return undefined;
  if (!Array.isArray(v) || v.some((s) => typeof s !== 'string')) {
    if (ArrayBuffer.isView(v) && v.byteLength === 0) return [];
    throw new BrineError('CORRUPT', `attribute ${name} must be a list of strings`);
  }
  return v as string[];
}

/** Integers that newer opsets give as input `i` and older ones as an attribute. */
export function intsFrom(site: Site, inputs: Inputs, i: number, attribute: string): number[] | undefined {
  const x = optional(inputs, i);
  return x ? integers(x) : list(site, attribute);
}
