import type { Operator, OperatorTable } from '../operator.js';
import { isFloat } from '../../graph/tensor.js';
import { pairwise, metricOf } from '../kernels/distances.js';
import { badInput, dense, text, unsupported } from './common.js';
import { convert } from './reduce.js';

/** com.microsoft's CDist: distances between the rows of two matrices. */
const cdist: Operator = (site) => {
  const name = text(site, 'metric', 'sqeuclidean');
  if (name !== 'sqeuclidean' && name !== 'euclidean') throw unsupported(`the metric ${name}`);
  const euclidean = metricOf('euclidean');
  // The reduced distance of the euclidean one is its square.
  const metric = name === 'euclidean' ? euclidean : { ...euclidean, fromReduced: (d: number) => d };
  return (inputs) => {
    const [a, b] = [dense(inputs, 0), dense(inputs, 1)];
    if (!isFloat(a.dtype) || a.dtype !== b.dtype) throw unsupported(`distances between ${a.dtype} and ${b.dtype}`);
    const [n, p] = a.shape;
    const [m, q] = b.shape;
    if (a.shape.length !== 2 || b.shape.length !== 2 || p !== q) throw badInput(`rows of ${p} and of ${q} numbers`);
    site.budget.allocate(n * m, 8);
    const doubles = (x: typeof a): Float64Array => Float64Array.from(x.data as Float64Array);
    return convert(a.dtype, [n, m], pairwise(metric, doubles(a), n, doubles(b), m, p));
  };
};

export const distanceOperators: OperatorTable = { 'com.microsoft:CDist': cdist };
