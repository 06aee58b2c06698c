import { BrineError } from '../../errors.js';
import { ONNX_TYPES } from '../../graph/onnx-types.js';
import { isBig, isCsr, isFloat, type BigArray, type DType, type Tensor, type TypedArray } from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { badInput, dense, int, make, unsupported, type Numbers } from './common.js';
import { withData } from './csr.js';
import { narrowed, isNarrow } from './narrow.js';

/** The type that `to` names: a number in files, a name in lowered graphs. */
export function dtypeAttribute(site: Site, name: string, fallback?: DType): DType {
  const v = site.attributes[name];
  if (v === undefined && fallback) return fallback;
  if (typeof v === 'string') return v as DType;
  const dtype = ONNX_TYPES.get(Number(v));
  if (!dtype) throw new BrineError('UNSUPPORTED', `the tensor type ${Number(v)}`);
  return dtype;
}

/** `x` as another type. The same type: itself, not a copy. */
export function cast(site: Site, x: Tensor, to: DType, saturate = true): Tensor {
  if (x.dtype === to) return x;
  const data = make(site, to, x.shape);
  if (to === 'object') for (let i = 0; i < x.data.length; i++) (data as unknown[])[i] = x.data[i];
  else if (to === 'string') toStrings(x, data as unknown[]);
  else if (x.dtype === 'string' || x.dtype === 'object') fromText(x, to, data as TypedArray, saturate);
  else toNumbers(x, to, data as TypedArray, saturate);
  return { dtype: to, shape: x.shape, data };
}

const MIN64 = -(2n ** 63n);

/** What C and numpy do on x86-64: what does not fit becomes the smallest integer. */
function bigOf(v: number): bigint {
  return v >= -(2 ** 63) && v < 2 ** 64 ? BigInt(Math.trunc(v)) : MIN64;
}

function toNumbers(x: Tensor, to: DType, data: TypedArray, saturate: boolean): void {
  const n = data.length;
  if (to === 'bool') {
    for (let i = 0; i < n; i++) (data as Uint8Array)[i] = Number(x.data[i]) !== 0 ? 1 : 0;
  } else if (isBig(to)) {
    const out = data as BigArray;
    if (isBig(x.dtype)) for (let i = 0; i < n; i++) out[i] = (x.data as BigArray)[i]!;
    else if (x.data instanceof Uint8Array || x.data instanceof Int32Array) {
      // The halves of a 64-bit integer: many times as fast as BigInt.
      const halves = new Int32Array(out.buffer, out.byteOffset, 2 * n);
      for (let i = 0; i < n; i++) {
        const v = x.data[i];
        halves[2 * i] = v;
        halves[2 * i + 1] = v >> 31;
      }
    } else for (let i = 0; i < n; i++) out[i] = bigOf((x.data as Numbers & TypedArray)[i]);
  } else {
    const out = data as Numbers & TypedArray;
    const put = putter(to, saturate);
    if (isBig(x.dtype)) {
      const source = x.data as BigArray;
      if (isFloat(to)) for (let i = 0; i < n; i++) out[i] = put ? put(Number(source[i])) : Number(source[i]);
      else for (let i = 0; i < n; i++) out[i] = fitted(Number(BigInt.asIntN(32, source[i])), to);
    } else if (put) {
      const source = x.data as Numbers & TypedArray;
      for (let i = 0; i < n; i++) out[i] = put(source[i]);
    } else {
      (data as Float64Array).set(x.data as Float64Array);
    }
  }
}

/** How a number is stored in a type where storing alone does not do it. */
function putter(to: DType, saturate: boolean): ((v: number) => number) | undefined {
  if (isNarrow(to)) return (v) => narrowed(v, to, saturate && to.startsWith('float8'));
  if (to === 'float8e8m0') return (v) => powerOfTwo(v, saturate);
  if (to === 'int4' || to === 'uint4' || to === 'int2' || to === 'uint2') return (v) => fitted(Math.trunc(v), to);
  if (to === 'int32')
    return (v) => (v >= -2147483648 && v <= 2147483647 ? v : v !== v || Math.abs(v) > 2 ** 62 ? -2147483648 : v);
  return undefined;
}

/** Integers of four and two bits wrap as the wider ones do. */
function fitted(v: number, to: DType): number {
  switch (to) {
    case 'int4':
      return (v << 28) >> 28;
    case 'uint4':
      return v & 15;
    case 'int2':
      return (v << 30) >> 30;
    case 'uint2':
      return v & 3;
    default:
      return v;
  }
}

/** Largest and smallest of float8e8m0, which holds powers of two alone. */
const [E8M0_MIN, E8M0_MAX] = [2 ** -127, 2 ** 127];
type RoundMode = 'up' | 'down' | 'nearest';

/**
 * A number as float8e8m0. What lies beyond the range is held at its end, or is NaN without `saturate`; what becomes of
 * negative numbers the standard leaves open: NaN here, which nobody takes for an answer.
 */
function powerOfTwo(v: number, saturate: boolean, mode: RoundMode = 'up'): number {
  if (!(v >= 0)) return NaN;
  if (v < E8M0_MIN) return saturate ? E8M0_MIN : NaN;
  if (v > E8M0_MAX) return saturate ? E8M0_MAX : NaN;
  let low = 2 ** Math.floor(Math.log2(v));
  // The logarithm of a number just below a power of two may round up to it.
  if (low > v) low /= 2;
  if (v === low || mode === 'down') return low;
  return mode === 'up' || v / low >= 1.5 ? low * 2 : low;
}

function toStrings(x: Tensor, out: unknown[]): void {
  for (let i = 0; i < out.length; i++) out[i] = textOf(x.data[i], x.dtype);
}

function textOf(v: unknown, dtype: DType): string | null {
  if (dtype === 'bool') return v === 1 ? 'True' : 'False';
  if (typeof v === 'bigint') return v.toString();
  if (typeof v === 'number') return isFloat(dtype) ? floatText(v, dtype) : String(v);
  if (typeof v === 'string' || v === null) return v;
  throw unsupported(`turning ${typeof v} values into strings`);
}

/** Python's repr of a float: the shortest digits that read back as the same number of that precision. */
export function floatText(v: number, dtype: DType): string {
  if (v !== v) return 'NaN';
  if (v === Infinity) return 'INF';
  if (v === -Infinity) return '-INF';
  const digits = shortest(v, dtype);
  const [mantissa, exponent] = digits.split('e') as [string, string];
  const e = Number(exponent);
  if (e < -4 || e >= 16) return `${mantissa}e${e < 0 ? '-' : '+'}${String(Math.abs(e)).padStart(2, '0')}`;
  const plain = Number(digits).toFixed(Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - e));
  const signed = Object.is(v, -0) ? `-${plain.replace('-', '')}` : plain;
  return signed.includes('.') ? signed : `${signed}.0`;
}

function shortest(v: number, dtype: DType): string {
  if (dtype === 'float64') return v.toExponential();
  for (let precision = 1; precision < 9; precision++) {
    const s = v.toPrecision(precision);
    if (Object.is(isNarrow(dtype) ? narrowed(Number(s), dtype) : Math.fround(Number(s)), v))
      return Number(s).toExponential();
  }
  return v.toExponential(8);
}

/** Numbers as C++ and Python read them; `NaN` and `INF` in any case. */
export function parseNumber(s: string): number {
  const trimmed = s.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  const named = /^([+-]?)(nan|inf|infinity)$/i.exec(trimmed);
  if (!named) throw badInput(`"${s.slice(0, 40)}" is no number`);
  return named[2].toLowerCase() === 'nan' ? NaN : named[1] === '-' ? -Infinity : Infinity;
}

function fromText(x: Tensor, to: DType, data: TypedArray, saturate: boolean): void {
  const parsed = new Float64Array(x.data.length);
  for (let i = 0; i < parsed.length; i++) {
    const v = x.data[i];
    if (isBig(to) && typeof v === 'string' && /^\s*[+-]?\d+\s*$/.test(v)) {
      (data as BigArray)[i] = BigInt(v.trim());
      continue;
    }
    parsed[i] = numberOf(v);
    if (isBig(to)) (data as BigArray)[i] = bigOf(parsed[i]);
  }
  if (!isBig(to)) toNumbers({ dtype: 'float64', shape: x.shape, data: parsed }, to, data, saturate);
}

function numberOf(v: unknown): number {
  if (v === null || v === undefined) return NaN;
  if (typeof v === 'string') return parseNumber(v);
  if (typeof v === 'number' || typeof v === 'bigint' || typeof v === 'boolean') return Number(v);
  throw badInput(`a value of type ${typeof v} is no number`);
}

/** As Cast and CastLike do it, by their attributes `saturate` and `round_mode`. */
function castBy(site: Site): (x: Tensor, to: DType) => Tensor {
  const saturate = int(site, 'saturate', 1) !== 0;
  const mode = site.attributes['round_mode'];
  return (x, to) => {
    if (to !== 'float8e8m0' || x.dtype === to || (mode !== 'down' && mode !== 'nearest'))
      return cast(site, x, to, saturate);
    const wide = cast(site, x, 'float64').data as Float64Array;
    return { dtype: to, shape: x.shape, data: Float32Array.from(wide, (v) => powerOfTwo(v, saturate, mode)) };
  };
}

const castOperator: Operator = (site) => {
  const to = dtypeAttribute(site, 'to');
  const convert = castBy(site);
  return (inputs) => {
    const x = inputs[0];
    if (x !== undefined && isCsr(x)) {
      if (to !== 'float64' && to !== 'float32') throw unsupported(`a sparse matrix of ${to}`);
      return to === x.dtype ? x : withData({ ...x, dtype: to }, x.data.slice());
    }
    return convert(dense(inputs, 0), to);
  };
};

const castLike: Operator = (site) => {
  const convert = castBy(site);
  return (inputs) => convert(dense(inputs, 0), dense(inputs, 1).dtype);
};

export const castOperators = { Cast: castOperator, CastLike: castLike } satisfies OperatorTable;
