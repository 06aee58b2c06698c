import { isBig, isCsr, isFloat, type BigArray, type Csr, type Tensor, type TypedArray } from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { broadcast, eachRow } from './broadcast.js';
import { badInput, dense, float, int, make, optional, unsupported, type Numbers } from './common.js';
import { multiplyCsr } from './csr.js';
import { roundTo } from './narrow.js';
import { simdProduct } from '../kernels/gemm-simd.js';
import { gemm as product2d, type Floats } from '../kernels/gemm.js';
import { convert } from './reduce.js';
import { transposed } from './shape.js';

/** One product: a [m, k] from `i`, b [k, n] from `j` (or [n, k], transposed), result [m, n] from `o`. */
export interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transB: boolean;
  /** Sum in double precision, even where single would do. */
  readonly exact?: boolean;
}

/**
 * From this many multiplications on, single precision is summed in single precision. Below, products of lowered and
 * linear models, whose terms cancel, keep their digits; above, it is a neural network, which lives with it.
 */
const LARGE = 2 ** 22;

/** By vectors where that is faster; else sums are kept in double precision and rounded once. */
export function multiply(p: Product, a: Floats, i: number, b: Floats, j: number, out: Floats, o: number): void {
  const { m, k, n } = p;
  if (m === 0 || n === 0) return;
  const [x, y, z] = [a.subarray(i, i + m * k), b.subarray(j, j + k * n), out.subarray(o, o + m * n)];
  if (!simdProduct(x, y, z, m, k, n, { transposeB: p.transB, exact: p.exact ?? false }))
    product2d(x, y, z, m, k, n, { transposeB: p.transB });
}

/** Integers: exact modulo 2^32 or 2^64. */
function multiplyIntegers(p: Product, a: Tensor, i: number, b: Tensor, j: number, out: TypedArray, o: number): void {
  const { m, k, n } = p;
  const stepT = p.transB ? 1 : n;
  const stepC = p.transB ? k : 1;
  for (let r = 0; r < m; r++)
    for (let c = 0; c < n; c++) {
      const [x, y] = [i + r * k, j + c * stepC];
      if (isBig(a.dtype)) {
        let sum = 0n;
        for (let t = 0; t < k; t++) sum += (a.data as BigArray)[x + t] * (b.data as BigArray)[y + t * stepT];
        (out as BigArray)[o + r * n + c] = sum;
      } else {
        let sum = 0;
        for (let t = 0; t < k; t++)
          sum = (sum + Math.imul((a.data as Int32Array)[x + t], (b.data as Int32Array)[y + t * stepT])) | 0;
        (out as Int32Array)[o + r * n + c] = sum;
      }
    }
}

function checkTypes(a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) throw badInput(`types ${a.dtype} and ${b.dtype} do not go together`);
  if (a.dtype === 'string' || a.dtype === 'object' || a.dtype === 'bool') throw unsupported(`${a.dtype} input`);
}

/** numpy's matmul of dense tensors: vectors are widened, leading dimensions broadcast. */
export function matmul(site: Site, a: Tensor, b: Tensor): Tensor {
  checkTypes(a, b);
  if (a.shape.length === 0 || b.shape.length === 0) throw badInput('a scalar in a matrix product');
  const left = a.shape.length === 1 ? [1, a.shape[0]] : a.shape;
  const right = b.shape.length === 1 ? [b.shape[0], 1] : b.shape;
  const [m, k] = left.slice(-2) as [number, number];
  const [inner, n] = right.slice(-2) as [number, number];
  if (k !== inner)
    throw badInput(`[${a.shape.join(', ')}] and [${b.shape.join(', ')}] do not multiply: ${k} against ${inner}`);
  const lead = broadcast([left.slice(0, -2), right.slice(0, -2)]);
  const whole = [...lead.shape, m, n];
  const data = make(site, a.dtype, whole) as Numbers & TypedArray;
  const run = (o: number, i: number, j: number, rows: number): void => {
    const product = { m: rows, k, n, transB: false, exact: rows * k * n < LARGE };
    if (isFloat(a.dtype)) multiply(product, a.data as Floats, i, b.data as Floats, j, data as Floats, o);
    else multiplyIntegers(product, a, i, b, j, data, o);
  };
  const last = lead.sizes.length - 1;
  const [di, dj] = [lead.steps[0][last], lead.steps[1][last]];
  if (right.length === 2) run(0, 0, 0, lead.size * m);
  else
    eachRow(lead, (o, [i, j]) => {
      for (let r = 0; r < lead.sizes[last]; r++) run((o + r) * m * n, (i + r * di) * m * k, (j + r * dj) * k * n, m);
    });
  roundTo(a.dtype, data);
  const shape = whole.filter(
    (_, d) => !(d === whole.length - 2 && a.shape.length === 1) && !(d === whole.length - 1 && b.shape.length === 1),
  );
  return { dtype: a.dtype, shape, data };
}

const matMul: Operator = (site) => (inputs) => {
  const a = inputs[0];
  const b = dense(inputs, 1);
  if (a !== undefined && isCsr(a)) return sparseProduct(a, b, false);
  return matmul(site, dense(inputs, 0), b);
};

function sparseProduct(a: Csr, b: Tensor, transB: boolean): Tensor {
  const wide = b.shape.length === 1 ? { ...b, shape: [b.shape[0], 1] } : b;
  const data = multiplyCsr(a, wide, transB);
  const columns = transB ? wide.shape[0] : wide.shape[1];
  return convert(a.dtype, b.shape.length === 1 ? [a.shape[0]] : [a.shape[0], columns], data);
}

const gemm: Operator = (site) => {
  const alpha = float(site, 'alpha', 1);
  const beta = float(site, 'beta', 1);
  const transA = int(site, 'transA', 0) !== 0;
  const transB = int(site, 'transB', 0) !== 0;
  // Constant weights the other way round, for sparse rows, which read them a row at a time.
  let turned: Tensor | undefined;
  return (inputs) => {
    const x = inputs[0];
    const b = dense(inputs, 1);
    const c = optional(inputs, 2);
    if (x !== undefined && isCsr(x)) {
      if (transA) throw unsupported('Gemm of a transposed sparse matrix');
      if (transB && b === site.constant(1)) turned ??= transposed(site, b, [1, 0]);
      return plusBias(turned ? sparseProduct(x, turned, false) : sparseProduct(x, b, transB), alpha, c, beta);
    }
    const given = dense(inputs, 0);
    checkTypes(given, b);
    if (given.shape.length !== 2 || b.shape.length !== 2)
      throw badInput(`Gemm wants matrices, got [${given.shape.join(', ')}] and [${b.shape.join(', ')}]`);
    const a = transA ? transposed(site, given, [1, 0]) : given;
    const [m, k] = a.shape as [number, number];
    const [n, inner] = transB ? [b.shape[0], b.shape[1]] : [b.shape[1], b.shape[0]];
    if (k !== inner) throw badInput(`${k} columns against ${inner} rows`);
    const data = make(site, a.dtype, [m, n]) as Numbers & TypedArray;
    const product = { m, k, n, transB, exact: m * k * n < LARGE };
    if (isFloat(a.dtype)) multiply(product, a.data as Floats, 0, b.data as Floats, 0, data as Floats, 0);
    else multiplyIntegers(product, a, 0, b, 0, data, 0);
    return plusBias({ dtype: a.dtype, shape: [m, n], data }, alpha, c, beta);
  };
};

/** α·y + β·c in place, c broadcast to y. */
function plusBias(y: Tensor, alpha: number, c: Tensor | undefined, beta: number): Tensor {
  const data = y.data as Numbers & TypedArray;
  if (isBig(y.dtype)) {
    const big = y.data as BigArray;
    if (alpha !== 1 || beta !== 1) throw unsupported(`scaled ${y.dtype} products`);
    if (c) addBig(big, y, c);
    return y;
  }
  if (alpha !== 1) for (let i = 0; i < data.length; i++) data[i] = data[i] * alpha;
  if (c && beta !== 0) {
    if (c.dtype !== y.dtype) throw badInput(`types ${y.dtype} and ${c.dtype} do not go together`);
    const plan = broadcast([y.shape, c.shape]);
    if (plan.shape.length !== 2 || plan.size !== data.length)
      throw badInput(`a bias of [${c.shape.join(', ')}] for [${y.shape.join(', ')}]`);
    const last = plan.sizes.length - 1;
    const [n, step] = [plan.sizes[last], plan.steps[1][last]];
    const bias = c.data as Numbers & TypedArray;
    eachRow(plan, (o, starts) => {
      for (let k = 0, j = starts[1]; k < n; k++, j += step) data[o + k] = data[o + k] + beta * bias[j];
    });
  }
  roundTo(y.dtype, data);
  return y;
}

function addBig(data: BigArray, y: Tensor, c: Tensor): void {
  const plan = broadcast([y.shape, c.shape]);
  if (plan.size !== data.length) throw badInput(`a bias of [${c.shape.join(', ')}] for [${y.shape.join(', ')}]`);
  const last = plan.sizes.length - 1;
  eachRow(plan, (o, starts) => {
    for (let k = 0, j = starts[1]; k < plan.sizes[last]; k++, j += plan.steps[1][last])
      data[o + k] = data[o + k] + (c.data as BigArray)[j];
  });
}

export const matmulOperators = { MatMul: matMul, Gemm: gemm } satisfies OperatorTable;
