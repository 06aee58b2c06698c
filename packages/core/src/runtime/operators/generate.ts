import {
  allocate,
  isBig,
  isFloat,
  sizeOf,
  type BigArray,
  type DType,
  type Tensor,
  type TypedArray,
} from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { dtypeAttribute } from './cast.js';
import {
  badInput,
  dense,
  float,
  int,
  integers,
  list,
  make,
  optional,
  texts,
  text,
  unsupported,
  type Numbers,
} from './common.js';
import { moving } from './move.js';
import { convert } from './reduce.js';

/** A tensor of one value repeated. */
export function filled(site: Site, like: Tensor, shape: readonly number[]): Tensor {
  const data = make(site, like.dtype, shape);
  if (data.length > 0) moving(data, like.data).strided(0, 0, 0, data.length);
  return { dtype: like.dtype, shape, data };
}

const ZERO: Tensor = { dtype: 'float32', shape: [1], data: new Float32Array(1) };

const constantOfShape: Operator = (site) => {
  const value = (site.attributes['value'] as Tensor | undefined) ?? ZERO;
  return (inputs) => filled(site, value, integers(dense(inputs, 0)));
};

const constant: Operator = (site) => {
  const { attributes } = site;
  const value = attributes['value'] as Tensor | undefined;
  if (value) return () => value;
  const ints = list(site, 'value_ints');
  if (ints) return () => ({ dtype: 'int64', shape: [ints.length], data: BigInt64Array.from(ints, (v) => BigInt(v)) });
  const floats = list(site, 'value_floats');
  if (floats) return () => ({ dtype: 'float32', shape: [floats.length], data: Float32Array.from(floats) });
  const strings = texts(site, 'value_strings');
  if (strings) return () => ({ dtype: 'string', shape: [strings.length], data: strings });
  if ('value_int' in attributes)
    return () => ({ dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(int(site, 'value_int', 0))) });
  if ('value_string' in attributes)
    return () => ({ dtype: 'string', shape: [], data: [text(site, 'value_string', '')] });
  return () => ({ dtype: 'float32', shape: [], data: Float32Array.of(float(site, 'value_float', 0)) });
};

const range: Operator = (site) => (inputs) => {
  const [a, b, c] = [dense(inputs, 0), dense(inputs, 1), dense(inputs, 2)];
  const [from, to, by] = [a, b, c].map((x) => Number(x.data[0])) as [number, number, number];
  if (by === 0 || Number.isNaN(by)) throw badInput(`a range in steps of ${by}`);
  const n = Math.max(0, Math.ceil((to - from) / by));
  const data = make(site, a.dtype, [n]) as TypedArray;
  if (isBig(a.dtype)) {
    const out = data as BigArray;
    let v = (a.data as BigArray)[0];
    const step = (c.data as BigArray)[0];
    for (let i = 0; i < n; i++, v += step) out[i] = v;
  } else for (let i = 0; i < n; i++) (data as Numbers & TypedArray)[i] = from + i * by;
  return { dtype: a.dtype, shape: [n], data };
};

const eyeLike: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const dtype = dtypeAttribute(site, 'dtype', x.dtype);
  const k = int(site, 'k', 0);
  if (x.shape.length !== 2) throw badInput(`EyeLike of [${x.shape.join(', ')}]`);
  const data = make(site, dtype, x.shape) as (number | bigint)[];
  const one = isBig(dtype) ? 1n : 1;
  for (let i = 0; i < x.shape[0]; i++) if (i + k >= 0 && i + k < x.shape[1]) data[i * x.shape[1] + i + k] = one;
  return { dtype, shape: x.shape, data: data as Tensor['data'] };
};

const clip: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const low = optional(inputs, 1) ?? attributeBound(site, 'min', x.dtype);
  const high = optional(inputs, 2) ?? attributeBound(site, 'max', x.dtype);
  if (!low && !high) return x;
  if (isBig(x.dtype)) {
    const [a, b] = [low?.data[0], high?.data[0]] as (bigint | undefined)[];
    const data = (x.data as BigArray).map((v) => {
      const raised = a !== undefined && v < a ? a : v;
      return b !== undefined && raised > b ? b : raised;
    });
    return { ...x, data };
  }
  if (x.dtype === 'string' || x.dtype === 'object') throw unsupported(`${x.dtype} input`);
  const [a, b] = [Number(low?.data[0] ?? -Infinity), Number(high?.data[0] ?? Infinity)];
  const source = x.data as Numbers & TypedArray;
  const data = make(site, x.dtype, x.shape) as Numbers & TypedArray;
  for (let i = 0; i < data.length; i++) {
    const v = source[i];
    const raised = v < a ? a : v;
    data[i] = raised > b ? b : raised;
  }
  return { dtype: x.dtype, shape: x.shape, data };
};

/** Up to opset 10 the bounds were attributes. */
function attributeBound(site: Site, name: string, dtype: DType): Tensor | undefined {
  return site.attributes[name] === undefined ? undefined : convert(dtype, [], Float64Array.of(float(site, name, 0)));
}

const trilu: Operator = (site) => {
  const upper = int(site, 'upper', 1) !== 0;
  return (inputs) => {
    const x = dense(inputs, 0);
    const k = optional(inputs, 1) ? Number(dense(inputs, 1).data[0]) : 0;
    if (x.shape.length < 2) throw badInput(`Trilu of [${x.shape.join(', ')}]`);
    const [n, m] = x.shape.slice(-2) as [number, number];
    const data = make(site, x.dtype, x.shape);
    const move = moving(data, x.data);
    for (let row = 0; row < data.length / Math.max(1, m); row++) {
      const edge = Math.min(m, Math.max(0, (row % n) + k + (upper ? 0 : 1)));
      if (upper) move.span(row * m + edge, row * m + edge, m - edge);
      else move.span(row * m, row * m, edge);
    }
    return { dtype: x.dtype, shape: x.shape, data };
  };
};

/** Training is refused: what it drops would be drawn at random. */
const dropout: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const training = optional(inputs, 2);
  const ratio = optional(inputs, 1) ? Number(dense(inputs, 1).data[0]) : float(site, 'ratio', 0.5);
  if (training && Number(training.data[0]) !== 0 && ratio !== 0)
    throw unsupported('Dropout in training, which is random');
  const maskType: DType = site.opset >= 10 ? 'bool' : x.dtype;
  const mask = allocate(maskType, sizeOf(x.shape)) as TypedArray;
  if (isFloat(maskType) || maskType === 'bool') (mask as Float32Array).fill(1);
  return [x, { dtype: maskType, shape: x.shape, data: mask }];
};

const BITS: Partial<Record<DType, number>> = {
  float64: 8,
  int64: 8,
  uint64: 8,
  float32: 4,
  int32: 4,
  uint32: 4,
  int16: 2,
  uint16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** The same bits as another type of the same width. */
const bitCast: Operator = (site) => {
  const to = dtypeAttribute(site, 'to');
  return (inputs) => {
    const x = dense(inputs, 0);
    if (BITS[x.dtype] === undefined || BITS[to] !== BITS[x.dtype]) throw unsupported(`the bits of ${x.dtype} as ${to}`);
    const source = x.data as TypedArray;
    const out = allocate(to, x.data.length) as TypedArray;
    const bytes = (a: TypedArray): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
    bytes(out).set(bytes(source));
    return { dtype: to, shape: x.shape, data: out };
  };
};

export const generateOperators = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  EyeLike: eyeLike,
  Clip: clip,
  Trilu: trilu,
  Dropout: dropout,
  BitCast: bitCast,
} satisfies OperatorTable;
