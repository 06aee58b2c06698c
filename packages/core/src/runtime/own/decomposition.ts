import { BrineError } from '../../errors.js';
import { tensor } from '../../graph/tensor.js';
import type { Pool } from '../../graph/own-decomposition.js';
import { nonNegativeFactors } from '../kernels/factors.js';
import { RandomState } from '../kernels/mersenne.js';
import { sparseCodes } from '../kernels/sparse-codes.js';
import { topicsOf } from '../kernels/topics.js';
import type { Kernel } from '../operator.js';
import { needTensor } from './columns.js';
import type { OwnOperator } from './index.js';

const factors: OwnOperator<'NonNegativeFactors'> = ({ attributes, budget }): Kernel => {
  return ([input]) => {
    const { data, shape } = needTensor(input);
    const [n = 0] = shape;
    budget.allocate(n * attributes.k, 8);
    return tensor('float64', [n, attributes.k], nonNegativeFactors(data as Float64Array, n, attributes, budget));
  };
};

const topics: OwnOperator<'TopicDistribution'> = ({ attributes, budget }): Kernel => {
  return ([input]) => {
    const { data, shape } = needTensor(input);
    const [n = 0, p = 0] = shape;
    const k = attributes.topics;
    budget.allocate(n * k, 8);
    const out = new Float64Array(n * k);
    for (let r = 0; r < n; r++)
      out.set(topicsOf((data as Float64Array).subarray(r * p, (r + 1) * p), attributes, budget), r * k);
    return tensor('float64', [n, k], out);
  };
};

const pools: Readonly<Record<Pool, (values: Float64Array) => number>> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  mean: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  max: (values) => values.reduce((a, b) => Math.max(a, b), -Infinity),
  min: (values) => values.reduce((a, b) => Math.min(a, b), Infinity),
  median: (values) => {
    const sorted = Float64Array.from(values).sort();
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  },
};

const poolColumns: OwnOperator<'PoolColumns'> = ({ attributes, budget }): Kernel => {
  const { groups } = attributes;
  const pool = pools[attributes.pool];
  return ([input]) => {
    const { data, shape } = needTensor(input);
    const x = data as Float64Array;
    const [n = 0, p = 0] = shape;
    budget.allocate(n * groups.length, 8);
    const out = new Float64Array(n * groups.length);
    for (let r = 0; r < n; r++)
      groups.forEach((columns, k) => {
        out[r * groups.length + k] = pool(Float64Array.from(columns, (c) => x[r * p + c]));
      });
    return tensor('float64', [n, groups.length], out);
  };
};

/** Solves g w = 1 for a small symmetric positive g, in place, by its Cholesky root. */
function solveOnes(g: Float64Array, k: number): Float64Array {
  for (let i = 0; i < k; i++)
    for (let j = 0; j <= i; j++) {
      let sum = g[i * k + j];
      for (let c = 0; c < j; c++) sum -= g[i * k + c] * g[j * k + c];
      g[i * k + j] = i === j ? Math.sqrt(sum) : sum / g[j * k + j];
    }
  const w = new Float64Array(k).fill(1);
  for (let i = 0; i < k; i++) {
    for (let c = 0; c < i; c++) w[i] -= g[i * k + c] * w[c];
    w[i] /= g[i * k + i];
  }
  for (let i = k - 1; i >= 0; i--) {
    for (let c = i + 1; c < k; c++) w[i] -= g[c * k + i] * w[c];
    w[i] /= g[i * k + i];
  }
  return w;
}

/** Source: sklearn/manifold/_locally_linear.py, barycenter_weights */
const barycentre: OwnOperator<'Barycentre'> = ({ attributes, budget }): Kernel => {
  const { rows, columns: p, embedding, outputs, regularization } = attributes;
  if (rows.length / p !== embedding.length / outputs)
    throw new BrineError('BAD_STATE', `${embedding.length / outputs} embedded rows, ${rows.length / p} training rows`);
  return ([input, neighbours]) => {
    const x = needTensor(input).data as Float64Array;
    const { data: found, shape } = needTensor(neighbours);
    const [n = 0, k = 0] = shape;
    budget.allocate(n * outputs, 8);
    const out = new Float64Array(n * outputs);
    const gaps = new Float64Array(k * p);
    for (let r = 0; r < n; r++) {
      const at = (j: number): number => Number(found[r * k + j]);
      for (let j = 0; j < k; j++) for (let c = 0; c < p; c++) gaps[j * p + c] = rows[at(j) * p + c] - x[r * p + c];
      const g = new Float64Array(k * k);
      let trace = 0;
      for (let i = 0; i < k; i++)
        for (let j = 0; j < k; j++) {
          for (let c = 0; c < p; c++) g[i * k + j] += gaps[i * p + c] * gaps[j * p + c];
          if (i === j) trace += g[i * k + j];
        }
      for (let i = 0; i < k; i++) g[i * (k + 1)] += trace > 0 ? regularization * trace : regularization;
      const w = solveOnes(g, k);
      const total = w.reduce((a, b) => a + b, 0);
      for (let j = 0; j < k; j++)
        for (let c = 0; c < outputs; c++) out[r * outputs + c] += (embedding[at(j) * outputs + c] * w[j]) / total;
    }
    return tensor('float64', [n, outputs], out);
  };
};

const patches: OwnOperator<'Patches'> = ({ attributes, budget }): Kernel => {
  const { height, width, most, seed } = attributes;
  return ([input]) => {
    const { data, shape } = needTensor(input);
    const x = data as Float64Array;
    const [n = 0, h = 0, w = 0, channels = 1] = shape;
    const [down, across] = [h - height + 1, w - width + 1];
    if (down < 1 || across < 1)
      throw new BrineError('BAD_INPUT', `patches of ${height} × ${width} do not fit images of ${h} × ${w}`);
    const every = down * across;
    const count = most === undefined ? every : most < 1 ? Math.trunc(most * every) : Math.min(most, every);
    const size = height * width * channels;
    budget.allocate(n * count * size, 8);
    const out = new Float64Array(n * count * size);
    const random = new RandomState(seed);
    let at = 0;
    for (let image = 0; image < n; image++) {
      const draw = (below: number): number[] => Array.from({ length: count }, () => random.below(below));
      const tops = most === undefined ? undefined : draw(down);
      const lefts = most === undefined ? undefined : draw(across);
      for (let i = 0; i < count; i++) {
        const top = tops ? tops[i] : Math.floor(i / across);
        const left = lefts ? lefts[i] : i % across;
        for (let r = 0; r < height; r++) {
          const from = ((image * h + top + r) * w + left) * channels;
          out.set(x.subarray(from, from + width * channels), at);
          at += width * channels;
        }
      }
    }
    const each = channels === 1 ? [height, width] : [height, width, channels];
    return tensor('float64', [n * count, ...each], out);
  };
};

const codes: OwnOperator<'SparseCodes'> = ({ attributes, budget }): Kernel => {
  return ([input]) => {
    const { data, shape } = needTensor(input);
    const [n = 0] = shape;
    budget.allocate(n * attributes.k, 8);
    return tensor('float64', [n, attributes.k], sparseCodes(data as Float64Array, n, attributes, budget));
  };
};

const ravelSingleRow: OwnOperator<'RavelSingleRow'> = (): Kernel => {
  return ([input]) => {
    const t = needTensor(input);
    return t.shape[0] === 1 ? tensor(t.dtype, t.shape.slice(1), t.data) : t;
  };
};

export const decompositionOperators = {
  RavelSingleRow: ravelSingleRow,
  NonNegativeFactors: factors,
  TopicDistribution: topics,
  PoolColumns: poolColumns,
  Barycentre: barycentre,
  Patches: patches,
  SparseCodes: codes,
};
