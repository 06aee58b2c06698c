import { BrineError } from '../../errors.js';
import { isCsr, tensor, type Value } from '../../graph/tensor.js';
import { needTensor } from './columns.js';
import type { Kernel } from '../operator.js';
import type { OwnOperator } from './index.js';

/** numpy's and scipy's functions of one number that ONNX has no operator for. */
const functions: Readonly<Record<string, (x: number) => number>> = {
  log1p: Math.log1p,
  expm1: Math.expm1,
  log2: Math.log2,
  log10: Math.log10,
  exp2: (x) => 2 ** x,
  cbrt: Math.cbrt,
  trunc: Math.trunc,
  logit: (x) => Math.log(x / (1 - x)),
  deg2rad: (x) => x * (Math.PI / 180),
  rad2deg: (x) => x * (180 / Math.PI),
  nan_to_num: (x) => (Number.isNaN(x) ? 0 : Math.min(Math.max(x, -Number.MAX_VALUE), Number.MAX_VALUE)),
};

/** Which numpy functions the operator `Ufunc` computes. */
const ufunc: OwnOperator<'Ufunc'> = ({ attributes }): Kernel => {
  const f = functions[attributes.name];
  if (!f) throw new BrineError('UNSUPPORTED', `the function ${attributes.name}`);
  return ([x]): Value => {
    if (x && isCsr(x)) {
      if (f(0) !== 0)
        throw new BrineError('UNSUPPORTED', `${attributes.name} of a sparse matrix, which would make it dense`);
      return { ...x, data: x.data.map(f) };
    }
    const { data, shape } = needTensor(x);
    return tensor('float64', shape, (data as Float64Array).map(f));
  };
};

const interpolate: OwnOperator<'Interpolate'> = ({ attributes }): Kernel => {
  const { xs, ys } = attributes;
  const last = xs.length - 1;
  const at = (x: number): number => {
    if (Number.isNaN(x) || last < 0) return NaN;
    if (x <= xs[0]) return ys[0];
    if (x >= xs[last]) return ys[last];
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      // The line that ends at x where x is one of the points, as scipy's interp1d has it.
      if (xs[middle] < x) low = middle;
      else high = middle;
    }
    return ((ys[high] - ys[low]) / (xs[high] - xs[low])) * (x - xs[low]) + ys[low];
  };
  return ([x]) => {
    const { data, shape } = needTensor(x);
    return tensor('float64', shape, (data as Float64Array).map(at));
  };
};

export const ufuncOperators = { Ufunc: ufunc, Interpolate: interpolate };
