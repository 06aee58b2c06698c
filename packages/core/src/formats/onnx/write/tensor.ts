import { BrineError } from '../../../errors.js';
import { ONNX_TYPE_NUMBERS } from '../../../graph/onnx-types.js';
import type { DType, Tensor, TypedArray } from '../../../graph/tensor.js';
import { narrowDecoder, packedBits } from '../narrow.js';
import { TENSOR } from '../schema.js';
import { Message } from './message.js';

const utf8 = new TextEncoder();
const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * A TensorProto. Numbers are written raw, as views of the tensor's data.
 * @throws BrineError UNSUPPORTED for what ONNX has no element type for: objects and missing strings
 */
export function tensorMessage(tensor: Tensor, name: string): Message {
  const { dtype, shape, data } = tensor;
  const type = ONNX_TYPE_NUMBERS.get(dtype);
  if (type === undefined)
    throw new BrineError('UNSUPPORTED', `ONNX has no tensors of ${dtype}${name === '' ? '' : `: ${name}`}`);
  const out = new Message();
  if (shape.length > 0) out.ints(TENSOR.dims, shape);
  out.int(TENSOR.dataType, type);
  if (name !== '') out.text(TENSOR.name, name);
  if (dtype === 'string') {
    for (let i = 0; i < data.length; i++) {
      const text: unknown = data[i];
      if (typeof text !== 'string')
        throw new BrineError('UNSUPPORTED', `ONNX strings cannot be missing: element ${i} of a constant`);
      out.bytes(TENSOR.stringData, utf8.encode(text));
    }
    return out;
  }
  return out.bytes(TENSOR.rawData, rawBytes(dtype, data as TypedArray));
}

/** Elements as ONNX stores them raw: little-endian, small types packed. */
function rawBytes(dtype: DType, data: TypedArray): Uint8Array {
  const bits = packedBits(dtype);
  const code = encoder(dtype);
  if (bits) return pack(bits, data as Int8Array, code);
  if (code) {
    const wide = dtype === 'float16' || dtype === 'bfloat16';
    const values = data as Float32Array;
    return littleEndian(wide ? Uint16Array.from(values, code) : Uint8Array.from(values, code));
  }
  return littleEndian(data);
}

function littleEndian(data: TypedArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const width = data.BYTES_PER_ELEMENT;
  if (hostIsLittleEndian || width === 1) return bytes;
  const turned = bytes.slice();
  for (let i = 0; i < turned.length; i += width) turned.subarray(i, i + width).reverse();
  return turned;
}

function pack(bits: number, data: ArrayLike<number>, code: ((x: number) => number) | undefined): Uint8Array {
  const out = new Uint8Array(Math.ceil((data.length * bits) / 8));
  const mask = (1 << bits) - 1;
  for (let i = 0; i < data.length; i++) {
    const value = (code ? code(data[i]) : data[i]) & mask;
    const at = i * bits;
    const byte = Math.floor(at / 8);
    out[byte] |= value << (at % 8);
    if ((at % 8) + bits > 8) out[byte + 1] |= value >> (8 - (at % 8));
  }
  return out;
}

const CODE_BITS: Partial<Record<DType, number>> = { float16: 16, bfloat16: 16, float6e2m3: 6, float6e3m2: 6 };
const encoders = new Map<DType, (x: number) => number>();

/** From a number that the small floating type can hold to its code: what `narrowDecoder` undoes. */
function encoder(dtype: DType): ((x: number) => number) | undefined {
  const decode = narrowDecoder(dtype);
  if (!decode) return undefined;
  const known = encoders.get(dtype);
  if (known) return known;
  const codes = new Map<number | string, number>();
  // From the highest code down, so that of several spellings of NaN the first stays.
  for (let code = (1 << (packedBits(dtype) ?? CODE_BITS[dtype] ?? 8)) - 1; code >= 0; code--) {
    const x = decode(code);
    codes.set(Object.is(x, -0) ? '-0' : x, code);
  }
  const encode = (x: number): number => {
    const code = codes.get(Object.is(x, -0) ? '-0' : x);
    if (code === undefined) throw new BrineError('BAD_STATE', `${x} is no number of the type ${dtype}`);
    return code;
  };
  encoders.set(dtype, encode);
  return encode;
}
