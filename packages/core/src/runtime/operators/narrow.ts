import type { DType } from '../../graph/tensor.js';
import type { Numbers } from './common.js';

/** A floating format of eight bits or fewer, or of sixteen, as IEEE 754 describes one. */
interface Format {
  /** Bits of the significand that are stored. */
  readonly mantissa: number;
  /** Exponent of the smallest normal number. */
  readonly minExponent: number;
  readonly max: number;
  /** Whether the format has infinities; without them, what is too big is NaN. */
  readonly infinite: boolean;
  readonly nan: boolean;
  /** Whether there is a -0. */
  readonly minusZero: boolean;
}

const formats: Partial<Record<DType, Format>> = {
  float16: { mantissa: 10, minExponent: -14, max: 65504, infinite: true, nan: true, minusZero: true },
  bfloat16: { mantissa: 7, minExponent: -126, max: 3.3895313892515355e38, infinite: true, nan: true, minusZero: true },
  float8e4m3fn: { mantissa: 3, minExponent: -6, max: 448, infinite: false, nan: true, minusZero: true },
  float8e4m3fnuz: { mantissa: 3, minExponent: -7, max: 240, infinite: false, nan: true, minusZero: false },
  float8e5m2: { mantissa: 2, minExponent: -14, max: 57344, infinite: true, nan: true, minusZero: true },
  float8e5m2fnuz: { mantissa: 2, minExponent: -15, max: 57344, infinite: false, nan: true, minusZero: false },
  float6e2m3: { mantissa: 3, minExponent: 0, max: 7.5, infinite: false, nan: false, minusZero: true },
  float6e3m2: { mantissa: 2, minExponent: -2, max: 28, infinite: false, nan: false, minusZero: true },
  float4e2m1: { mantissa: 1, minExponent: 0, max: 6, infinite: false, nan: false, minusZero: true },
};

/**
 * The nearest value of a narrow type, ties to even.
 * `saturate`: what is too big (and, in the eight-bit types, infinite) becomes the largest number, as ONNX's
 * Cast and QuantizeLinear do by default; else infinity or NaN.
 */
export function narrowed(x: number, dtype: DType, saturate = false): number {
  const f = formats[dtype];
  if (!f) return Math.fround(x);
  // ONNX leaves open what NaN becomes where there is none; its reference makes it -0.
  if (Number.isNaN(x)) return f.nan ? x : -0;
  if (x === 0) return f.minusZero ? x : 0;
  const magnitude = Math.abs(x);
  let rounded = magnitude;
  if (magnitude !== Infinity) {
    // 2^exponent ≤ magnitude, found without logarithms, which round.
    let exponent = Math.max(f.minExponent, Math.floor(Math.log2(magnitude)));
    if (2 ** exponent > magnitude && exponent > f.minExponent) exponent--;
    else if (2 ** (exponent + 1) <= magnitude) exponent++;
    const unit = 2 ** (exponent - f.mantissa);
    rounded = toEven(magnitude / unit) * unit;
  }
  if (rounded > f.max) {
    if (saturate || !f.nan) rounded = f.max;
    else rounded = f.infinite ? Infinity : NaN;
  }
  if (rounded === 0 && !f.minusZero) return 0;
  return x < 0 ? -rounded : rounded;
}

/** Rounds half to even, for |x| below 2^51. */
export function toEven(x: number): number {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

export function isNarrow(dtype: DType): boolean {
  return formats[dtype] !== undefined;
}

/** Rounds what was computed in single precision to a narrow type, in place. Other types stay as they are. */
export function roundTo(dtype: DType, data: Numbers): void {
  if (!isNarrow(dtype)) return;
  for (let i = 0; i < data.length; i++) data[i] = narrowed(data[i], dtype);
}
