import { isFloat, type Tensor, type TypedArray } from '../../graph/tensor.js';
import { expInPlace } from '../kernels/exp.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { axisOf, dense, int, make, unsupported, type Numbers } from './common.js';
import { around } from './gather.js';
import { roundTo } from './narrow.js';
import { pairwiseSum } from './reduce.js';

/** One line of n numbers, in and out. */
export type LineFn = (line: Float64Array, n: number) => void;

export const softmaxLine: LineFn = (line, n) => {
  let top = -Infinity;
  for (let i = 0; i < n; i++) top = Math.max(top, line[i]);
  for (let i = 0; i < n; i++) line[i] -= top;
  expInPlace(line, 0, n, 1);
  const sum = pairwiseSum(line, 0, n);
  for (let i = 0; i < n; i++) line[i] /= sum;
};

export const logSoftmaxLine: LineFn = (line, n) => {
  let top = -Infinity;
  for (let i = 0; i < n; i++) top = Math.max(top, line[i]);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.exp(line[i] - top);
  const shift = top + Math.log(sum);
  for (let i = 0; i < n; i++) line[i] -= shift;
};

const hardmaxLine: LineFn = (line, n) => {
  let place = 0;
  for (let i = 1; i < n; i++) if (line[i] > line[place]) place = i;
  line.fill(0, 0, n);
  line[place] = 1;
};

/** Applies a function to every line along an axis. Doubles within, whatever the type. */
export function alongAxis(site: Site, x: Tensor, outer: number, n: number, inner: number, run: LineFn): Tensor {
  if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
  const source = x.data as Numbers & TypedArray;
  const data = make(site, x.dtype, x.shape) as Numbers & TypedArray;
  const line = new Float64Array(n);
  if (n > 0) {
    for (let r = 0; r < outer; r++)
      for (let k = 0; k < inner; k++) {
        const from = r * n * inner + k;
        for (let i = 0, at = from; i < n; i++, at += inner) line[i] = source[at]!;
        run(line, n);
        for (let i = 0, at = from; i < n; i++, at += inner) data[at] = line[i]!;
      }
  }
  roundTo(x.dtype, data);
  return { dtype: x.dtype, shape: x.shape, data };
}

/** Up to opset 12 everything from `axis` on was one line; since 13 the axis alone is. */
function normalising(run: LineFn): Operator {
  return (site) => (inputs) => {
    const x = dense(inputs, 0);
    const rank = x.shape.length;
    if (rank === 0) return alongAxis(site, x, 1, 1, 1, run);
    if (site.opset >= 13) {
      const axis = axisOf(int(site, 'axis', -1), rank);
      const { outer, inner } = around(x.shape, axis);
      return alongAxis(site, x, outer, x.shape[axis], inner, run);
    }
    const given = int(site, 'axis', 1);
    const axis = given === rank ? given : axisOf(given, rank);
    const n = x.shape.slice(axis).reduce((a, d) => a * d, 1);
    return alongAxis(site, x, n === 0 ? 0 : x.data.length / n, n, 1, run);
  };
}

export const softmaxOperators = {
  Softmax: normalising(softmaxLine),
  LogSoftmax: normalising(logSoftmaxLine),
  Hardmax: normalising(hardmaxLine),
} satisfies OperatorTable;
