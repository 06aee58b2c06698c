import { BrineError } from '../../errors.js';
import { float64, isCsr, type Csr, type Value } from '../../graph/tensor.js';
import { densityOf } from '../kernels/density.js';
import { metricOf } from '../kernels/distances.js';
import { imputeNeighbors } from '../kernels/impute-neighbors.js';
import { NeighborTree } from '../kernels/neighbors.js';
import type { Kernel } from '../operator.js';
import { needTensor } from './columns.js';
import type { OwnOperator } from './index.js';

/** The features of one value x > 0: √(xL), then √(2xL / cosh(πjL)) times cos and sin of jL·log x. */
function chi2Features(x: number, steps: number, interval: number, put: (part: number, value: number) => void): void {
  if (x < 0) throw new BrineError('BAD_INPUT', `AdditiveChi2Sampler takes no negative values, such as ${x}`);
  put(0, Math.sqrt(x * interval));
  const angle = interval * Math.log(x);
  const step = 2 * x * interval;
  for (let j = 1; j < steps; j++) {
    const factor = Math.sqrt(step / Math.cosh(Math.PI * j * interval));
    put(2 * j - 1, factor * Math.cos(j * angle));
    put(2 * j, factor * Math.sin(j * angle));
  }
}

const additiveChi2: OwnOperator<'AdditiveChi2'> = ({ attributes, budget }): Kernel => {
  const { steps, interval } = attributes;
  const parts = 2 * steps - 1;
  return ([x]): Value => {
    if (x && isCsr(x)) return sparseChi2(x, steps, interval, parts);
    const { data, shape } = needTensor(x);
    const [n = 0, p = 0] = shape;
    budget.allocate(n * p * parts, 8);
    const out = new Float64Array(n * p * parts);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < p; j++) {
        const value = Number(data[i * p + j]);
        if (value !== 0) chi2Features(value, steps, interval, (part, v) => (out[i * p * parts + part * p + j] = v));
      }
    return float64([n, p * parts], out);
  };
};

/** As many entries for each part as x has. */
function sparseChi2(x: Csr, steps: number, interval: number, parts: number): Csr {
  const [n, p] = x.shape;
  const count = x.indptr[n];
  const indptr = x.indptr.map((at) => at * parts);
  const indices = new Int32Array(count * parts);
  const data = new Float64Array(count * parts);
  for (let i = 0; i < n; i++) {
    const from = x.indptr[i];
    const width = x.indptr[i + 1] - from;
    for (let e = 0; e < width; e++)
      chi2Features(x.data[from + e], steps, interval, (part, value) => {
        const at = from * parts + part * width + e;
        indices[at] = part * p + x.indices[from + e];
        data[at] = value;
      });
  }
  return { dtype: 'float64', shape: [n, p * parts], indptr, indices, data };
}

const countSketch: OwnOperator<'CountSketch'> = ({ attributes, budget }): Kernel => {
  const { indices, signs, degree, outputs } = attributes;
  const columns = indices.length / degree;
  const wrong = indices.findIndex((i) => i < 0 || i >= outputs);
  if (wrong >= 0 || signs.length !== indices.length)
    throw new BrineError('BAD_STATE', `a count sketch of ${outputs} columns adds to column ${indices[wrong] ?? '?'}`);
  return ([x]) => {
    const { data, shape } = needTensor(x);
    const [n = 0, p = 0] = shape;
    if (p !== columns) throw new BrineError('BAD_INPUT', `a count sketch of ${columns} columns was given ${p}`);
    budget.allocate(n * outputs, 8);
    const out = new Float64Array(n * outputs);
    for (let i = 0; i < n; i++) {
      let product: Float64Array | undefined;
      for (let d = 0; d < degree; d++) {
        const sketch = new Float64Array(outputs);
        for (let j = 0; j < p; j++) sketch[indices[d * p + j]] += signs[d * p + j] * Number(data[i * p + j]);
        product = product ? circular(product, sketch) : sketch;
      }
      if (product) out.set(product, i * outputs);
    }
    return float64([n, outputs], out);
  };
};

/** Circular convolution: what the product of Fourier transforms is the transform of. */
function circular(a: Float64Array, b: Float64Array): Float64Array {
  const n = a.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (a[i] === 0) continue;
    for (let j = 0; j < n; j++) out[i + j < n ? i + j : i + j - n] += a[i] * b[j];
  }
  return out;
}

const logDensities: OwnOperator<'LogDensity'> = ({ attributes }): Kernel => {
  const { points, metric, tree } = attributes;
  const [, columns = 0] = points.shape;
  const data = points.data as Float64Array;
  const density = densityOf(
    new NeighborTree({ ...tree, data, columns, metric: metricOf(metric.name, metric) }),
    attributes,
  );
  return ([x]) => {
    const { data: values, shape } = needTensor(x);
    const [n = 0, p = 0] = shape;
    if (p !== columns) throw new BrineError('BAD_INPUT', `a density over ${columns} columns was given ${p}`);
    return float64(
      [n],
      Float64Array.from({ length: n }, (_, i) => density(values as Float64Array, i * p)),
    );
  };
};

const impute: OwnOperator<'ImputeNeighbors'> = ({ attributes }): Kernel => {
  const { points, k, uniform } = attributes;
  const [count = 0, columns = 0] = points.shape;
  return ([x]) => {
    const { data, shape } = needTensor(x);
    const [n = 0, p = 0] = shape;
    if (p !== columns) throw new BrineError('BAD_INPUT', `KNNImputer knows ${columns} columns and was given ${p}`);
    const known = points.data as Float64Array;
    return float64([n, p], imputeNeighbors(data as Float64Array, n, known, count, columns, k, uniform));
  };
};

export const kernelOperators = {
  AdditiveChi2: additiveChi2,
  CountSketch: countSketch,
  LogDensity: logDensities,
  ImputeNeighbors: impute,
};
