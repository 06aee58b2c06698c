import { BrineError } from '../../errors.js';
import { ONNX_TYPES } from '../../graph/onnx-types.js';
import { allocate, sizeOf, type DType, type Tensor, type TensorData, type TypedArray } from '../../graph/tensor.js';
import { narrowDecoder, packedBits, unpack } from './narrow.js';
import { readEntry } from './protos.js';
import { MAX_SPARSE_ELEMENTS } from './limits.js';
import { SPARSE_TENSOR, TENSOR } from './schema.js';
import { decodeText, WireReader } from './wire.js';

/** A tensor whose bytes lie elsewhere: in another file, or further on in a large one. */
export interface Elsewhere {
  /** The file beside the model; undefined for the model's own file. */
  readonly location: string | undefined;
  readonly offset: number;
  /** Undefined: up to the end of the file. */
  readonly length: number | undefined;
}

export interface TensorProto {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: number[];
  readonly data: TensorData | undefined;
  readonly elsewhere: Elsewhere | undefined;
}

/** Bytes of one element as ONNX stores it raw; below one byte for packed types. */
const WIDTHS: Partial<Record<DType, number>> = {
  float64: 8,
  int64: 8,
  uint64: 8,
  float32: 4,
  int32: 4,
  uint32: 4,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  uint16: 2,
};

/** The bytes that `size` elements take, raw. */
export function rawLength(dtype: DType, size: number): number {
  const bits = packedBits(dtype);
  return bits ? Math.ceil((size * bits) / 8) : size * (WIDTHS[dtype] ?? 1);
}

/** Reads a TensorProto. Numbers are views on the file where they lie aligned. `external` is where to look else. */
export function readTensorProto(r: WireReader, apart?: Elsewhere): TensorProto {
  const dims: number[] = [];
  let type = 0;
  let name = '';
  let raw: Uint8Array | undefined;
  let external = false;
  const floats: Uint8Array[] = [];
  const doubles: Uint8Array[] = [];
  const varints: WireReader[] = [];
  let varintCount = 0;
  const texts: Uint8Array[] = [];
  const location = new Map<string, string>();
  while (r.next()) {
    switch (r.field) {
      case TENSOR.dims:
        r.varints((low, high) => dims.push((high | 0) * 2 ** 32 + low));
        break;
      case TENSOR.dataType:
        type = r.integer();
        break;
      case TENSOR.name:
        name = r.text();
        break;
      case TENSOR.rawData:
        raw = r.chunk();
        break;
      case TENSOR.floatData:
        floats.push(r.fixedChunk(4));
        break;
      case TENSOR.doubleData:
        doubles.push(r.fixedChunk(8));
        break;
      case TENSOR.int32Data:
      case TENSOR.int64Data:
      case TENSOR.uint64Data: {
        // They are read once the type is known.
        const { reader, count } = r.varintsAhead();
        varints.push(reader);
        varintCount += count;
        break;
      }
      case TENSOR.stringData:
        texts.push(r.chunk());
        break;
      case TENSOR.externalData:
        readEntry(r.message(), location);
        break;
      case TENSOR.dataLocation:
        external = r.integer() === 1;
        break;
      default:
        r.skip();
    }
  }
  const dtype = ONNX_TYPES.get(type);
  if (!dtype) throw r.error('UNSUPPORTED', `the tensor ${name} has the element type ${type}`);
  if (dims.some((d) => !(d >= 0)) || !Number.isSafeInteger(sizeOf(dims)))
    throw r.error('CORRUPT', `the tensor ${name} has the shape [${dims.join(', ')}]`);
  const size = sizeOf(dims);
  const done = (data: TensorData): TensorProto => {
    if (data.length !== size)
      throw r.error('CORRUPT', `the tensor ${name} [${dims.join(', ')}] has ${data.length} elements, not ${size}`);
    return { name, dtype, shape: dims, data, elsewhere: undefined };
  };
  if (apart) return { name, dtype, shape: dims, data: undefined, elsewhere: apart };
  if (external) return { name, dtype, shape: dims, data: undefined, elsewhere: elsewhereOf(r, name, location) };
  if (dtype === 'string') return done(texts.map((t) => decodeText(t) ?? latin(t)));
  if (raw) return done(fromRaw(dtype, size, raw, name));
  if (dtype === 'float32') return done(joined(floats, Float32Array));
  if (dtype === 'float64') return done(joined(doubles, Float64Array));
  const bits = typedBits(dtype);
  if (bits && varintCount !== Math.ceil((size * bits) / 8))
    throw r.error('CORRUPT', `the tensor ${name} [${dims.join(', ')}] has ${varintCount} packed bytes`);
  return done(fromVarints(dtype, size, varints, varintCount));
}

/** Strings are bytes in ONNX; those that are not UTF-8 keep their bytes as code points. */
function latin(bytes: Uint8Array): string {
  let out = '';
  for (const b of bytes) out += String.fromCharCode(b);
  return out;
}

function elsewhereOf(r: WireReader, name: string, entries: ReadonlyMap<string, string>): Elsewhere {
  const location = entries.get('location');
  const number = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined || text === '') return undefined;
    const v = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(v))
      throw r.error('CORRUPT', `the tensor ${name} has the external ${key} "${text.slice(0, 40)}"`);
    return v;
  };
  if (location === undefined || location === '') throw r.error('CORRUPT', `the tensor ${name} names no external file`);
  return { location, offset: number('offset') ?? 0, length: number('length') };
}

/** Little-endian elements as ONNX stores them raw. A view where alignment allows, else a copy. */
export function fromRaw(dtype: DType, size: number, raw: Uint8Array, name: string): TensorData {
  if (raw.byteLength !== rawLength(dtype, size))
    throw new BrineError(
      'CORRUPT',
      `the tensor ${name} holds ${raw.byteLength} bytes; ${size} elements of ${dtype} take ${rawLength(dtype, size)}`,
    );
  const bits = packedBits(dtype);
  if (bits) return unpack(dtype, bits, raw, size);
  const decode = narrowDecoder(dtype);
  if (decode) {
    const codes = dtype === 'float16' || dtype === 'bfloat16' ? aligned(raw, Uint16Array) : raw;
    return Float32Array.from(codes, decode);
  }
  const Maker = allocate(dtype, 0).constructor as ArrayMaker<TypedArray>;
  return aligned(raw, Maker);
}

interface ArrayMaker<T> {
  new (buffer: ArrayBufferLike, offset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

function aligned<T>(bytes: Uint8Array, Maker: ArrayMaker<T>): T {
  const whole = bytes.byteOffset % Maker.BYTES_PER_ELEMENT === 0 ? bytes : copied(bytes);
  return new Maker(whole.buffer, whole.byteOffset, whole.byteLength / Maker.BYTES_PER_ELEMENT);
}

/** As `slice`, which takes up to three times as long for a hundred megabytes. */
function copied(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.byteLength);
  out.set(bytes);
  return out;
}

/** The pieces of a repeated number as one array. */
export function joined<T>(pieces: readonly Uint8Array[], Maker: ArrayMaker<T>): T {
  if (pieces.length === 1) return aligned(pieces[0], Maker);
  const whole = new Uint8Array(pieces.reduce((sum, p) => sum + p.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return aligned(whole, Maker);
}

/** In the typed fields, types of two and four bits lie several to an integer; those of six do not. */
function typedBits(dtype: DType): 2 | 4 | undefined {
  const bits = packedBits(dtype);
  return bits === 6 ? undefined : bits;
}

function fromVarints(dtype: DType, size: number, readers: readonly WireReader[], count: number): TensorData {
  const bits = typedBits(dtype);
  const big = dtype === 'int64' || dtype === 'uint64';
  const wide = new BigInt64Array(big ? count : 0);
  const values = big ? new Int32Array(wide.buffer) : new Int32Array(count);
  let at = 0;
  for (const r of readers) at = r.varintsInto(values, at, big);
  if (big) return dtype === 'uint64' ? new BigUint64Array(wide.buffer) : wide;
  if (bits) return unpack(dtype, bits, Uint8Array.from(values), size);
  const decode = narrowDecoder(dtype);
  if (decode) return Float32Array.from(values, decode);
  if (dtype === 'int32') return values;
  const out = allocate(dtype, count) as Int32Array;
  out.set(values);
  return out;
}

/** A SparseTensorProto, written out densely. */
export function readSparseTensor(r: WireReader): Tensor & { readonly name: string } {
  let values: TensorProto | undefined;
  let indices: TensorProto | undefined;
  const dims: number[] = [];
  while (r.next()) {
    if (r.field === SPARSE_TENSOR.values) values = readTensorProto(r.message());
    else if (r.field === SPARSE_TENSOR.indices) indices = readTensorProto(r.message());
    else if (r.field === SPARSE_TENSOR.dims) r.varints((low, high) => dims.push((high | 0) * 2 ** 32 + low));
    else r.skip();
  }
  if (!values?.data || !indices?.data) throw r.error('UNSUPPORTED', 'a sparse tensor without its values in the file');
  const size = sizeOf(dims);
  if (dims.some((d) => d < 0) || !(size <= MAX_SPARSE_ELEMENTS))
    throw r.error('LIMIT', `a sparse tensor [${dims.join(', ')}] of more than ${MAX_SPARSE_ELEMENTS} elements`);
  const out = allocate(values.dtype, size) as (number | bigint)[];
  const n = values.data.length;
  const rank = dims.length;
  if (indices.dtype !== 'int64' || indices.data.length !== n * (indices.shape.length === 1 ? 1 : rank))
    throw r.error('CORRUPT', `a sparse tensor of ${n} values and ${indices.data.length} indices`);
  for (let k = 0; k < n; k++) {
    let at = 0;
    if (indices.shape.length === 1) at = Number(indices.data[k]);
    else
      for (let d = 0; d < rank; d++) {
        const i = Number(indices.data[k * rank + d]);
        if (!(i >= 0 && i < dims[d])) throw r.error('CORRUPT', `an index ${i} into [${dims.join(', ')}]`);
        at = at * dims[d] + i;
      }
    if (!(at >= 0 && at < size)) throw r.error('CORRUPT', `an index ${at} of ${size}`);
    out[at] = values.data[k] as number | bigint;
  }
  return { name: values.name, dtype: values.dtype, shape: dims, data: out };
}
