/**
 * Tensors as the graph and the runtime see them: row-major, flat, no strides.
 *
 * `string` data are JavaScript strings, with `null` for a missing one. `object` data are arbitrary
 * values (mixed columns, records); only own operators accept them. float16 and bfloat16 are held as
 * Float32Array, whose every value is one that the narrow type can hold.
 */
export type DType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool'
  | 'string'
  | 'object'
  | NarrowFloat
  | NarrowInt;

/** Eight-bit floats and smaller: held as Float32Array, whose every value is one that the type can hold. */
export type NarrowFloat =
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'float8e8m0'
  | 'float6e2m3'
  | 'float6e3m2'
  | 'float4e2m1';

/** Integers of four and two bits: held one to an element of Int8Array or Uint8Array. */
export type NarrowInt = 'int4' | 'uint4' | 'int2' | 'uint2';

export type NumberArray =
  Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array;
export type BigArray = BigInt64Array | BigUint64Array;
export type TypedArray = NumberArray | BigArray;
export type TensorData = TypedArray | readonly unknown[];

export interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Compressed sparse rows. Columns within a row may come in any order, but none twice. */
export interface Csr {
  readonly dtype: 'float64' | 'float32';
  readonly shape: readonly [number, number];
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly data: Float64Array;
}

/** ONNX sequences, maps and optionals. */
export interface SequenceValue {
  readonly sequence: readonly Value[];
}
export interface MapValue {
  readonly map: ReadonlyMap<string | bigint, Value | number | bigint | string>;
}
export interface OptionalValue {
  readonly optional: Value | null;
}

export type Value = Tensor | Csr | SequenceValue | MapValue | OptionalValue;

export function isCsr(value: Value): value is Csr {
  return 'indptr' in value;
}

export function isTensor(value: Value): value is Tensor {
  return 'data' in value && !('indptr' in value);
}

type ArrayMaker = new (size: number) => TypedArray;

const makers: Readonly<Record<Exclude<DType, 'string' | 'object'>, ArrayMaker>> = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Float32Array,
  bfloat16: Float32Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  float8e4m3fn: Float32Array,
  float8e4m3fnuz: Float32Array,
  float8e5m2: Float32Array,
  float8e5m2fnuz: Float32Array,
  float8e8m0: Float32Array,
  float6e2m3: Float32Array,
  float6e3m2: Float32Array,
  float4e2m1: Float32Array,
  int4: Int8Array,
  uint4: Uint8Array,
  int2: Int8Array,
  uint2: Uint8Array,
};

/** A zeroed array fit for `dtype` (an array of nulls for `string` and `object`). */
export function allocate(dtype: DType, size: number): TypedArray | unknown[] {
  if (dtype === 'string' || dtype === 'object') return new Array<unknown>(size).fill(null);
  return new makers[dtype](size);
}

export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const d of shape) size *= d;
  return size;
}

export function tensor(dtype: DType, shape: readonly number[], data: TensorData): Tensor {
  return { dtype, shape, data };
}

export function float64(shape: readonly number[], data: Float64Array): Tensor {
  return { dtype: 'float64', shape, data };
}

/** int64 from safe integers. */
export function int64(shape: readonly number[], values: ArrayLike<number>): Tensor {
  return {
    dtype: 'int64',
    shape,
    data: BigInt64Array.from(values as ArrayLike<number> & Iterable<number>, (v) => BigInt(v)),
  };
}

export function strings(shape: readonly number[], data: readonly (string | null)[]): Tensor {
  return { dtype: 'string', shape, data };
}

export function isFloat(dtype: DType): boolean {
  return dtype === 'bfloat16' || dtype.startsWith('float');
}

export function isBig(dtype: DType): boolean {
  return dtype === 'int64' || dtype === 'uint64';
}
