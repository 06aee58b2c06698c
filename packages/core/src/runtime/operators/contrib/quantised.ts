import type { Tensor } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { badInput, dense, float, int, make, numbers, optional, unsupported } from '../common.js';
import { reshaped } from '../shape.js';
import { attended, noState, parts, widthsOf } from './transformers.js';
import { scalar, singles, standard, standards, without, withoutOutputs, type Call } from './standard.js';

// The operators of onnxruntime's quantised models, as the operators over plain numbers that they stand for.
// Source: onnxruntime/docs/ContribOperators.md

/** Numbers from their codes, and codes from numbers: as (De)QuantizeLinear, by one scale or one for each column. */
const codec = (site: Site): { from: Call; to: Call } => ({
  from: (x, scale, zero) =>
    standard(site, 'DequantizeLinear', { axis: x!.shape.length - 1 })(x, plain(scale!), zero && plain(zero)),
  to: (x, scale, zero) => standard(site, 'QuantizeLinear')(x, plain(scale!), zero && plain(zero)),
});
/** A list of one number as a number. */
const plain = (x: Tensor): Tensor => (x.data.length === 1 ? reshaped(x, []) : x);

/** Two quantised arguments, an operator over numbers, one quantised result. */
const between =
  (op: string): Operator =>
  (site) => {
    const [run, { from, to }] = [standard(site, op), codec(site)];
    return (inputs) => {
      const [a, b] = [0, 3].map((i) => from(dense(inputs, i), dense(inputs, i + 1), optional(inputs, i + 2)));
      return to(run(a, b), dense(inputs, 6), optional(inputs, 7));
    };
  };

/** One quantised argument: x, its scale and zero point, then those of y. */
const of =
  (op: string, attributes: (site: Site) => Record<string, number> = () => ({})): Operator =>
  (site) => {
    const [run, { from, to }] = [standard(site, op, attributes(site)), codec(site)];
    return (inputs) => {
      const x = from(dense(inputs, 0), dense(inputs, 1), optional(inputs, 2));
      return to(run(x), dense(inputs, 3), optional(inputs, 4));
    };
  };

const globalAverage: Operator = (site) => {
  if (int(site, 'channels_last', 0) !== 0) throw unsupported('channels_last');
  return of('GlobalAveragePool')(site);
};

const qGemm: Operator = (site) => {
  const [transA, transB] = [int(site, 'transA', 0), int(site, 'transB', 0)];
  const gemm = standard(site, 'Gemm', { transA, transB, alpha: float(site, 'alpha', 1) });
  const [add, mul, { to }] = [standard(site, 'Add'), standard(site, 'Mul'), codec(site)];
  const alpha = scalar(float(site, 'alpha', 1));
  const from = (x: Tensor, scale: Tensor, zero: Tensor | undefined, axis: number): Tensor =>
    standard(site, 'DequantizeLinear', { axis })(x, plain(scale), zero && plain(zero));
  return (inputs) => {
    const [aScale, bScale] = [plain(dense(inputs, 1)), plain(dense(inputs, 4))];
    // A scale for each column of the product: a row of B where it is turned.
    const a = from(dense(inputs, 0), aScale, optional(inputs, 2), 1);
    const b = from(dense(inputs, 3), bScale, optional(inputs, 5), transB !== 0 ? 0 : 1);
    const product = gemm(a, b, undefined);
    const c = optional(inputs, 6);
    // The bias is counted in steps of the product.
    const bias = c && mul(singles(c.shape, Float32Array.from(numbers(c))), mul(alpha, mul(aScale, bScale)));
    const y = bias ? add(product, bias) : product;
    const scale = optional(inputs, 7);
    return scale ? to(y, scale, optional(inputs, 8)) : y;
  };
};

const qConcat: Operator = (site) => {
  const [concat, { from, to }] = [standard(site, 'Concat', { axis: int(site, 'axis', 0) }), codec(site)];
  return (inputs) => {
    const count = (inputs.length - 2) / 3;
    const given = Array.from({ length: count }, (_, i) =>
      from(dense(inputs, 3 * i + 2), dense(inputs, 3 * i + 3), optional(inputs, 3 * i + 4)),
    );
    return to(concat(...given), dense(inputs, 0), optional(inputs, 1));
  };
};

/** a and b in codes: the integer product in numbers again, and a bias. */
function productOf(site: Site): Call {
  const [integer, mul, add] = [standard(site, 'MatMulInteger'), standard(site, 'Mul'), standard(site, 'Add')];
  return (a, b, aScale, bScale, aZero, bZero, bias) => {
    const y = integer(a, b, aZero && plain(aZero), bZero && plain(bZero));
    const numbersOf = singles(y.shape, Float32Array.from(numbers(y)));
    const product = mul(numbersOf, mul(plain(aScale!), plain(bScale!)));
    return bias ? add(product, bias) : product;
  };
}

const matMulIntegerToFloat: Operator = (site) => {
  const run = productOf(site);
  return (inputs) =>
    run(...[0, 1, 2, 3].map((i) => dense(inputs, i)), optional(inputs, 4), optional(inputs, 5), optional(inputs, 6));
};

const dynamicQuantizeMatMul: Operator = (site) => {
  const [run, quantise] = [productOf(site), standards(site, 'DynamicQuantizeLinear', 3)];
  return (inputs) => {
    const [a, scale, zero] = quantise(dense(inputs, 0));
    return run(a, dense(inputs, 1), scale, dense(inputs, 2), zero, optional(inputs, 3), optional(inputs, 4));
  };
};

const qAttention: Operator = (site) => {
  withoutOutputs(site, { 1: 'present' });
  const [run, core] = [productOf(site), attended(site)];
  return (inputs) => {
    without(site, inputs, { 8: noState[4] });
    const [x, w, bias, xScale, wScale] = [0, 1, 2, 3, 4].map((i) => dense(inputs, i));
    const product = run(x, w, xScale, wScale, optional(inputs, 6), optional(inputs, 7), bias);
    return core(parts(site, product, widthsOf(site, w.shape[1])), optional(inputs, 5));
  };
};

/** Weights of two, four or eight bits, in blocks that each have a scale: [columns, blocks, bytes]. */
function weightsOf(site: Site, packed: Tensor, scales: Tensor, zeros: Tensor | undefined): Tensor {
  const [k, n, bits, size] = ['K', 'N', 'bits', 'block_size'].map((name) => int(site, name, name === 'bits' ? 4 : 0));
  if (![2, 4, 8].includes(bits) || size < 16 || k < 1 || n < 1) throw unsupported(`${bits} bits in blocks of ${size}`);
  const blocks = Math.ceil(k / size);
  const bytes = (size * bits) / 8;
  const zeroBytes = Math.ceil((blocks * bits) / 8);
  const floats = zeros && zeros.dtype !== 'uint8';
  if (packed.data.length !== n * blocks * bytes || scales.data.length !== n * blocks)
    throw badInput(`${packed.data.length} bytes and ${scales.data.length} scales for ${k} × ${n} weights`);
  if (zeros && zeros.data.length !== n * (floats ? blocks : zeroBytes))
    throw badInput(`${zeros.data.length} zero points for ${n} × ${blocks} blocks`);
  const [source, scale, zero] = [numbers(packed), numbers(scales), zeros && numbers(zeros)];
  const mask = 2 ** bits - 1;
  const code = (from: ArrayLike<number>, start: number, i: number): number =>
    (from[start + Math.floor((i * bits) / 8)] >> ((i * bits) % 8)) & mask;
  const data = make(site, 'float32', [k, n]) as Float32Array;
  for (let column = 0; column < n; column++)
    for (let row = 0; row < k; row++) {
      const block = Math.floor(row / size);
      const at = column * blocks + block;
      const middle = !zero ? 2 ** (bits - 1) : floats ? zero[at] : code(zero, column * zeroBytes, block);
      data[row * n + column] = (code(source, at * bytes, row % size) - middle) * scale[at];
    }
  return { dtype: 'float32', shape: [k, n], data };
}

const matMulNBits: Operator = (site) => {
  const [matmul, add] = [standard(site, 'MatMul'), standard(site, 'Add')];
  return (inputs) => {
    without(site, inputs, { 4: 'g_idx' });
    const a = dense(inputs, 0);
    if (a.dtype !== 'float32') throw unsupported(`${a.dtype} input`);
    const y = matmul(a, weightsOf(site, dense(inputs, 1), dense(inputs, 2), optional(inputs, 3)));
    const bias = optional(inputs, 5);
    return bias ? add(y, bias) : y;
  };
};

const same =
  (op: string): Operator =>
  (site) => {
    const run = standard(site, op, site.attributes);
    return (inputs) => run(dense(inputs, 0), dense(inputs, 1), optional(inputs, 2));
  };

export const quantisedOperators: OperatorTable = {
  'com.microsoft:QuantizeLinear': same('QuantizeLinear'),
  'com.microsoft:DequantizeLinear': same('DequantizeLinear'),
  'com.microsoft:QLinearAdd': between('Add'),
  'com.microsoft:QLinearMul': between('Mul'),
  'com.microsoft:QLinearSigmoid': of('Sigmoid'),
  'com.microsoft:QLinearLeakyRelu': of('LeakyRelu', (site) => ({ alpha: float(site, 'alpha', 0.01) })),
  'com.microsoft:QLinearSoftmax': of('Softmax', (site) => ({ axis: int(site, 'axis', -1) })),
  'com.microsoft:QLinearGlobalAveragePool': globalAverage,
  'com.microsoft:QLinearConcat': qConcat,
  'com.microsoft:QGemm': qGemm,
  'com.microsoft:MatMulIntegerToFloat': matMulIntegerToFloat,
  'com.microsoft:DynamicQuantizeMatMul': dynamicQuantizeMatMul,
  'com.microsoft:QAttention': qAttention,
  'com.microsoft:MatMulNBits': matMulNBits,
};
