import { isBig, isCsr, isFloat, isTensor, type BigArray, type Tensor, type TypedArray } from '../../graph/tensor.js';
import { expInPlace } from '../kernels/exp.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { dense, float, make, numbers, text, unsupported, type Numbers } from './common.js';
import { mapCsr } from './csr.js';
import { erf } from './erf.js';
import { roundTo, toEven } from './narrow.js';

type Fn = (x: number) => number;
type BigFn = (x: bigint) => bigint;

/** Applies f to every element; integers only where `big` says that integers are meant. */
export function mapped(site: Site, x: Tensor, f: Fn, big?: BigFn): Tensor {
  const { dtype, shape } = x;
  if (isBig(dtype)) {
    if (!big) throw unsupported(`${dtype} input`);
    const source = x.data as BigArray;
    const data = make(site, dtype, shape) as BigArray;
    for (let i = 0; i < data.length; i++) data[i] = big(source[i]);
    return { dtype, shape, data };
  }
  if (!isFloat(dtype) && !big) throw unsupported(`${dtype} input`);
  const source = numbers(x);
  const data = make(site, dtype, shape) as Numbers & TypedArray;
  for (let i = 0; i < data.length; i++) data[i] = f(source[i]);
  roundTo(dtype, data);
  return { dtype, shape, data };
}

function unary(f: Fn, big?: BigFn): Operator {
  return (site) => (inputs) => mapped(site, dense(inputs, 0), f, big);
}

/** As `unary`, for functions that keep zero zero: these keep sparse matrices sparse. */
function sparseToo(f: Fn, big?: BigFn): Operator {
  return (site) => (inputs) => {
    const x = inputs[0];
    return x !== undefined && isCsr(x) ? mapCsr(x, f) : mapped(site, dense(inputs, 0), f, big);
  };
}

/** Written out, since a call per element costs more than the comparison. */
const reluOperator: Operator = (site) => {
  const other = sparseToo(relu, (x) => (x < 0n ? 0n : x))(site);
  return (inputs) => {
    const x = inputs[0];
    if (x === undefined || !isTensor(x) || !(x.data instanceof Float32Array || x.data instanceof Float64Array))
      return other(inputs);
    const source = x.data;
    const data = make(site, x.dtype, x.shape) as Float32Array | Float64Array;
    for (let i = 0; i < source.length; i++) {
      const v = source[i];
      data[i] = v < 0 ? 0 : v;
    }
    return { dtype: x.dtype, shape: x.shape, data };
  };
};

/** An activation with parameters, read once. */
function activation(make: (alpha: number, beta: number) => Fn, alpha = 0, beta = 0): Operator {
  return (site) => {
    const f = make(float(site, 'alpha', alpha), float(site, 'beta', beta));
    return (inputs) => mapped(site, dense(inputs, 0), f);
  };
}

/** Exponentials of many numbers at once, in double precision whatever the type: `finish` takes them further. */
function exponential(scale: 1 | -1, finish?: (values: Float64Array) => void): Operator {
  return (site) => (inputs) => {
    const x = dense(inputs, 0);
    if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
    const { dtype, shape } = x;
    if (dtype !== 'float64') site.budget.allocate(x.data.length, 8);
    const data = make(site, dtype, shape) as Numbers & TypedArray;
    const values = data instanceof Float64Array ? data : new Float64Array(data.length);
    values.set(x.data as Float64Array);
    expInPlace(values, 0, values.length, scale);
    finish?.(values);
    if (values !== data) {
      (data as Float32Array).set(values);
      roundTo(dtype, data);
    }
    return { dtype, shape, data };
  };
}

const sigmoids = exponential(-1, (values) => {
  for (let i = 0; i < values.length; i++) values[i] = 1 / (1 + values[i]);
});

export const sigmoid: Fn = (x) => 1 / (1 + Math.exp(-x));
/** log(1 + exp(x)) without overflow. */
export const softplus: Fn = (x) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
export const relu: Fn = (x) => (x < 0 ? 0 : x);
const sign: Fn = (x) => (x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : x);

const SELU_ALPHA = 1.67326319217681884765625;
const SELU_GAMMA = 1.05070102214813232421875;

const gelu: Operator = (site) => {
  const root = Math.sqrt(2 / Math.PI);
  const f: Fn =
    text(site, 'approximate', 'none') === 'tanh'
      ? (x) => 0.5 * x * (1 + Math.tanh(root * (x + 0.044715 * x * x * x)))
      : (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2));
  return (inputs) => mapped(site, dense(inputs, 0), f);
};

const selu: Operator = (site) => {
  const alpha = float(site, 'alpha', SELU_ALPHA);
  const gamma = float(site, 'gamma', SELU_GAMMA);
  return (inputs) => mapped(site, dense(inputs, 0), (x) => (x > 0 ? gamma * x : gamma * alpha * Math.expm1(x)));
};

const shrink: Operator = (site) => {
  const bias = float(site, 'bias', 0);
  const lambda = float(site, 'lambd', 0.5);
  const f: Fn = (x) => (x < -lambda ? x + bias : x > lambda ? x - bias : 0);
  const big: BigFn = (x) => BigInt(Math.trunc(f(Number(x))));
  return (inputs) => mapped(site, dense(inputs, 0), f, big);
};

const bitwiseNot: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  if (isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
  return mapped(
    site,
    x,
    (v) => ~v,
    (v) => ~v,
  );
};

const same: BigFn = (x) => x;

export const unaryOperators = {
  Neg: sparseToo(
    (x) => -x,
    (x) => -x,
  ),
  Abs: sparseToo(Math.abs, (x) => (x < 0n ? -x : x)),
  Sign: sparseToo(sign, (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n)),
  Sqrt: sparseToo(Math.sqrt),
  Exp: exponential(1),
  Log: unary(Math.log),
  Floor: sparseToo(Math.floor, same),
  Ceil: sparseToo(Math.ceil, same),
  Round: sparseToo((x) => (Math.abs(x) < 2 ** 51 ? (Object.is(toEven(x), 0) && x < 0 ? -0 : toEven(x)) : x), same),
  Reciprocal: unary((x) => 1 / x),
  Sin: sparseToo(Math.sin),
  Cos: unary(Math.cos),
  Tan: sparseToo(Math.tan),
  Asin: sparseToo(Math.asin),
  Acos: unary(Math.acos),
  Atan: sparseToo(Math.atan),
  Sinh: sparseToo(Math.sinh),
  Cosh: unary(Math.cosh),
  Tanh: sparseToo(Math.tanh),
  Asinh: sparseToo(Math.asinh),
  Acosh: unary(Math.acosh),
  Atanh: sparseToo(Math.atanh),
  Erf: sparseToo(erf),
  Sigmoid: sigmoids,
  Softplus: unary(softplus),
  Softsign: unary((x) => x / (1 + Math.abs(x))),
  Relu: reluOperator,
  LeakyRelu: activation((alpha) => (x) => (x < 0 ? alpha * x : x), 0.01),
  ThresholdedRelu: activation((alpha) => (x) => (x > alpha ? x : 0), 1),
  Elu: activation((alpha) => (x) => (x < 0 ? alpha * Math.expm1(x) : x), 1),
  Celu: activation((alpha) => (x) => Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha)), 1),
  HardSigmoid: activation((alpha, beta) => (x) => Math.max(0, Math.min(1, alpha * x + beta)), 0.2, 0.5),
  HardSwish: unary((x) => x * Math.max(0, Math.min(1, x / 6 + 0.5))),
  Swish: activation((alpha) => (x) => x * sigmoid(alpha * x), 1),
  Mish: unary((x) => x * Math.tanh(softplus(x))),
  Gelu: gelu,
  Selu: selu,
  Shrink: shrink,
  BitwiseNot: bitwiseNot,
} satisfies OperatorTable;
