import { ONNX_TYPES } from '../../../graph/onnx-types.js';
import { isBig, isFloat, type DType, type Tensor, type TypedArray } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { axisOf, badInput, dense, int, make, optional, unsupported, type Inputs, type Numbers } from '../common.js';
import { matmul } from '../matmul.js';
import { narrowed, toEven } from '../narrow.js';
import { convert } from '../reduce.js';
import { convolve } from './conv.js';

const RANGES: Partial<Record<DType, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int4: [-8, 7],
  uint4: [0, 15],
  int2: [-2, 1],
  uint2: [0, 3],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** x / scale + zero point, rounded to even and held within the type. */
function quantised(v: number, zero: number, dtype: DType, saturate: boolean): number {
  const range = RANGES[dtype];
  if (!range) return narrowed(dtype.startsWith('float8') ? v : v + zero, dtype, saturate);
  const r = Number.isFinite(v) ? (Math.abs(v) < 2 ** 51 ? toEven(v) : v) + zero : Number.isNaN(v) ? 0 : v;
  return Math.min(Math.max(r, range[0]), range[1]);
}

/** Which scale belongs to element i: one for all, one per slice of an axis, or one per block along it. */
function placesOf(site: Site, x: Tensor, scale: Tensor): (i: number) => number {
  if (scale.data.length === 1 && scale.shape.length <= 1) return () => 0;
  const rank = x.shape.length;
  const axis = axisOf(int(site, 'axis', 1), rank);
  const inner = x.shape.slice(axis + 1).reduce((a, d) => a * d, 1);
  const d = x.shape[axis];
  if (scale.shape.length === 1) {
    if (scale.data.length !== d) throw badInput(`${scale.data.length} scales for ${d} slices`);
    return (i) => Math.floor(i / inner) % d;
  }
  const blocks = scale.shape[axis];
  const given = int(site, 'block_size', 0);
  const size = given > 0 ? given : Math.ceil(d / blocks);
  if (scale.shape.length !== rank || Math.ceil(d / size) !== blocks)
    throw badInput(`scales [${scale.shape.join(', ')}] for [${x.shape.join(', ')}]`);
  return (i) =>
    (Math.floor(i / (inner * d)) * blocks + Math.floor((Math.floor(i / inner) % d) / size)) * inner + (i % inner);
}

function numbersOf(x: Tensor): Numbers {
  if (isBig(x.dtype) || x.dtype === 'string' || x.dtype === 'object') throw unsupported(`${x.dtype} input`);
  return x.data as Numbers & TypedArray;
}

const quantizeLinear: Operator = (site) => {
  const saturate = int(site, 'saturate', 1) !== 0;
  const wanted = ONNX_TYPES.get(int(site, 'output_dtype', 0));
  return (inputs) => {
    const x = dense(inputs, 0);
    const scale = dense(inputs, 1);
    const zero = optional(inputs, 2);
    const dtype = zero?.dtype ?? wanted ?? 'uint8';
    const place = placesOf(site, x, scale);
    const [source, scales] = [numbersOf(x), numbersOf(scale)];
    const zeros = zero && numbersOf(zero);
    const data = make(site, dtype, x.shape) as Numbers & TypedArray;
    for (let i = 0; i < data.length; i++) {
      const p = place(i);
      data[i] = quantised(Math.fround(source[i] / scales[p]), zeros ? zeros[p] : 0, dtype, saturate);
    }
    return { dtype, shape: x.shape, data };
  };
};

const dequantizeLinear: Operator = (site) => {
  const wanted = ONNX_TYPES.get(int(site, 'output_dtype', 0));
  return (inputs) => {
    const x = dense(inputs, 0);
    const scale = dense(inputs, 1);
    const zero = optional(inputs, 2);
    const place = placesOf(site, x, scale);
    const [source, scales] = [numbersOf(x), numbersOf(scale)];
    const zeros = zero && numbersOf(zero);
    const out = new Float64Array(source.length);
    for (let i = 0; i < out.length; i++) {
      const p = place(i);
      out[i] = (source[i] - (zeros ? zeros[p] : 0)) * scales[p];
    }
    const dtype = wanted ?? (isFloat(scale.dtype) && scale.dtype !== 'float8e8m0' ? scale.dtype : 'float32');
    return convert(dtype, x.shape, out);
  };
};

const dynamicQuantizeLinear: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const source = numbersOf(x);
  let [low, high] = [0, 0];
  for (let i = 0; i < source.length; i++) {
    low = Math.min(low, source[i]);
    high = Math.max(high, source[i]);
  }
  const scale = Math.fround(Math.fround(high - low) / 255);
  const zero = scale === 0 ? 0 : Math.min(255, Math.max(0, toEven(Math.fround(-low / scale))));
  const data = make(site, 'uint8', x.shape) as Uint8Array;
  for (let i = 0; i < data.length; i++)
    data[i] = scale === 0 ? 0 : quantised(Math.fround(source[i] / scale), zero, 'uint8', true);
  return [
    { dtype: 'uint8', shape: x.shape, data },
    { dtype: 'float32', shape: [], data: Float32Array.of(scale) },
    { dtype: 'uint8', shape: [], data: Uint8Array.of(zero) },
  ];
};

/** Integers as doubles with the zero point taken off; per row where there is one for each. */
function centred(x: Tensor, zero: Tensor | undefined, axis: number): Tensor {
  const source = numbersOf(x);
  const out = new Float64Array(source.length);
  const zeros = zero && numbersOf(zero);
  const inner = x.shape.slice(axis + 1).reduce((a, d) => a * d, 1);
  const d = x.shape[axis] ?? 1;
  if (zeros && zeros.length !== 1 && zeros.length !== d) throw badInput(`${zeros.length} zero points for ${d} slices`);
  for (let i = 0; i < out.length; i++)
    out[i] = source[i] - (zeros ? zeros[zeros.length === 1 ? 0 : Math.floor(i / inner) % d] : 0);
  return { dtype: 'float64', shape: x.shape, data: out };
}

const matMulInteger: Operator = (site) => (inputs) => {
  const [a, b] = [dense(inputs, 0), dense(inputs, 1)];
  const y = matmul(
    site,
    centred(a, optional(inputs, 2), Math.max(0, a.shape.length - 2)),
    centred(b, optional(inputs, 3), Math.max(0, b.shape.length - 1)),
  );
  return convert('int32', y.shape, y.data as Float64Array);
};

/** Sums of products of integers to the output's scale and type. */
function requantised(y: Tensor, factor: (i: number) => number, zero: Tensor, site: Site): Tensor {
  const sums = y.data as Float64Array;
  const data = make(site, zero.dtype, y.shape) as Numbers & TypedArray;
  const z = Number(zero.data[0]);
  for (let i = 0; i < data.length; i++) data[i] = quantised(Math.fround(sums[i] * factor(i)), z, zero.dtype, true);
  return { dtype: zero.dtype, shape: y.shape, data };
}

const scalarOf = (inputs: Inputs, i: number): number => Number(dense(inputs, i).data[0]);

const qLinearMatMul: Operator = (site) => (inputs) => {
  const [a, b] = [dense(inputs, 0), dense(inputs, 3)];
  const y = matmul(
    site,
    centred(a, dense(inputs, 2), Math.max(0, a.shape.length - 2)),
    centred(b, dense(inputs, 5), Math.max(0, b.shape.length - 1)),
  );
  const [sa, sb] = [numbersOf(dense(inputs, 1)), numbersOf(dense(inputs, 4))];
  const n = y.shape[y.shape.length - 1];
  const m = y.shape[y.shape.length - 2] ?? 1;
  const sy = scalarOf(inputs, 6);
  const factor = (i: number): number =>
    (sa[sa.length === 1 ? 0 : Math.floor(i / n) % m] * sb[sb.length === 1 ? 0 : i % n]) / sy;
  return requantised(y, factor, dense(inputs, 7), site);
};

function integerConv(
  site: Site,
  x: Tensor,
  xZero: Tensor | undefined,
  w: Tensor,
  wZero: Tensor | undefined,
  bias?: Tensor,
): Tensor {
  const [a, b] = [centred(x, xZero, 0), centred(w, wZero, 0)];
  const { data, shape } = convolve(
    site,
    { data: a.data as Float64Array, shape: a.shape },
    { data: b.data as Float64Array, shape: b.shape },
    bias && numbersOf(bias),
    (s) => make(site, 'float64', s) as Float64Array,
  );
  return { dtype: 'float64', shape, data: data as Float64Array };
}

const convInteger: Operator = (site) => (inputs) => {
  const y = integerConv(site, dense(inputs, 0), optional(inputs, 2), dense(inputs, 1), optional(inputs, 3));
  return convert('int32', y.shape, y.data as Float64Array);
};

const qLinearConv: Operator = (site) => (inputs) => {
  const y = integerConv(
    site,
    dense(inputs, 0),
    dense(inputs, 2),
    dense(inputs, 3),
    dense(inputs, 5),
    optional(inputs, 8),
  );
  const scales = numbersOf(dense(inputs, 4));
  const pixels = y.shape.slice(2).reduce((a, d) => a * d, 1);
  const [sx, sy] = [scalarOf(inputs, 1), scalarOf(inputs, 6)];
  const factor = (i: number): number =>
    (sx * scales[scales.length === 1 ? 0 : Math.floor(i / pixels) % y.shape[1]]) / sy;
  return requantised(y, factor, dense(inputs, 7), site);
};

export const quantiseOperators = {
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  MatMulInteger: matMulInteger,
  QLinearMatMul: qLinearMatMul,
  ConvInteger: convInteger,
  QLinearConv: qLinearConv,
} satisfies OperatorTable;
