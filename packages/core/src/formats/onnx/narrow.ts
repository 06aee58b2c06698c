import { allocate, type DType, type TensorData } from '../../graph/tensor.js';

/** How the small floating types spell numbers (onnx/docs: "Float stored in 8 bits", IEEE 754 binary16). */
interface Layout {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /** The largest exponent holds infinity and NaN, as in IEEE; in `fn` types only its last code is NaN. */
  readonly special: 'ieee' | 'last' | 'minusZero' | 'none';
}

const layouts: Partial<Record<DType, Layout>> = {
  float16: { exponentBits: 5, mantissaBits: 10, bias: 15, special: 'ieee' },
  bfloat16: { exponentBits: 8, mantissaBits: 7, bias: 127, special: 'ieee' },
  float8e4m3fn: { exponentBits: 4, mantissaBits: 3, bias: 7, special: 'last' },
  float8e4m3fnuz: { exponentBits: 4, mantissaBits: 3, bias: 8, special: 'minusZero' },
  float8e5m2: { exponentBits: 5, mantissaBits: 2, bias: 15, special: 'ieee' },
  float8e5m2fnuz: { exponentBits: 5, mantissaBits: 2, bias: 16, special: 'minusZero' },
  float6e2m3: { exponentBits: 2, mantissaBits: 3, bias: 1, special: 'none' },
  float6e3m2: { exponentBits: 3, mantissaBits: 2, bias: 3, special: 'none' },
  float4e2m1: { exponentBits: 2, mantissaBits: 1, bias: 1, special: 'none' },
};

/** Turns a code of a small floating type into its number; undefined for other types. */
export function narrowDecoder(dtype: DType): ((code: number) => number) | undefined {
  if (dtype === 'float8e8m0') return (code) => (code === 255 ? NaN : 2 ** (code - 127));
  const layout = layouts[dtype];
  if (!layout) return undefined;
  const { exponentBits, mantissaBits, bias, special } = layout;
  const signBit = 1 << (exponentBits + mantissaBits);
  const top = (1 << exponentBits) - 1;
  const whole = 1 << mantissaBits;
  return (code) => {
    const sign = code & signBit ? -1 : 1;
    const exponent = (code >> mantissaBits) & top;
    const mantissa = code & (whole - 1);
    if (special === 'ieee' && exponent === top) return mantissa === 0 ? sign * Infinity : NaN;
    if (special === 'last' && exponent === top && mantissa === whole - 1) return NaN;
    if (special === 'minusZero' && (code & (signBit * 2 - 1)) === signBit) return NaN;
    if (exponent === 0) return sign * mantissa * 2 ** (1 - bias - mantissaBits);
    return sign * (1 + mantissa / whole) * 2 ** (exponent - bias);
  };
}

/** Bits of the types that lie several to a byte. */
export function packedBits(dtype: DType): 2 | 4 | 6 | undefined {
  switch (dtype) {
    case 'int4':
    case 'uint4':
    case 'float4e2m1':
      return 4;
    case 'int2':
    case 'uint2':
      return 2;
    case 'float6e2m3':
    case 'float6e3m2':
      return 6;
    default:
      return undefined;
  }
}

/** Elements of a few bits each, one after another from the lowest bit of the first byte on. */
export function unpack(dtype: DType, bits: 2 | 4 | 6, bytes: Uint8Array, size: number): TensorData {
  const out = allocate(dtype, size) as Int8Array;
  const mask = (1 << bits) - 1;
  const decode = narrowDecoder(dtype);
  const signed = dtype === 'int4' || dtype === 'int2';
  for (let i = 0; i < size; i++) {
    const at = i * bits;
    const byte = Math.floor(at / 8);
    const code = ((bytes[byte] | ((bytes[byte + 1] ?? 0) << 8)) >> (at % 8)) & mask;
    out[i] = decode ? decode(code) : signed ? (code << (32 - bits)) >> (32 - bits) : code;
  }
  return out;
}
