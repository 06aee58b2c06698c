import { BrineError } from '../../errors.js';
import type { NeighborIndex } from '../../graph/neighbor-index.js';
import { float64, int64, isCsr, isTensor, tensor, type Csr, type Value } from '../../graph/tensor.js';
import { denseDistances, sparseDistances, type BruteMetric } from '../kernels/brute-distances.js';
import { metricOf } from '../kernels/distances.js';
import { bruteSearch, treeSearch, type NeighborSearch } from '../kernels/neighbor-search.js';
import { NeighborTree, type NeighborsWithin } from '../kernels/neighbors.js';
import { csrRows } from '../kernels/rows.js';
import type { Kernel } from '../operator.js';
import type { OwnOperator } from './index.js';

/** Made once per model, however many methods use it. */
const searches = new WeakMap<NeighborIndex, NeighborSearch>();

function searchOf(index: NeighborIndex): NeighborSearch {
  let search = searches.get(index);
  if (!search) searches.set(index, (search = makeSearch(index)));
  return search;
}

function makeSearch({ points, count, metric, tree, heap, sort }: NeighborIndex): NeighborSearch {
  const { name } = metric;
  if (!points) return bruteSearch(precomputed, count, count);
  const columns = points.shape[1] ?? 0;
  if (isCsr(points)) {
    const rows = csrRows(points.data, points.indices, points.indptr, count, columns);
    return bruteSearch(sparseDistances(name, rows), count, columns);
  }
  const data = points.data as Float64Array;
  if (tree) {
    const state = { ...tree, data, columns, metric: metricOf(name, metric) };
    return treeSearch(new NeighborTree(state), sort);
  }
  // The heap ranks squares, too, where those are the distances.
  const ranking = name === 'sqeuclidean' ? { ...metricOf('euclidean'), fromReduced: (d: number) => d } : undefined;
  const brute = denseDistances(name, metric, data, count, columns, heap);
  if (!heap) return bruteSearch(brute, count, columns);
  return bruteSearch(brute, count, columns, {
    points: data,
    columns,
    metric: ranking ?? metricOf(name, metric),
    order: sort,
  });
}

/** The input's own values are the distances. */
const precomputed: BruteMetric = { reduced: (x) => x, fromReduced: (d) => d, toReduced: (d) => d };

/** Rows of a sparse input are made dense a block at a time: as many as fit into this many values. */
const DENSE_BLOCK = 2 ** 20;

function searched(
  x: Value | undefined,
  index: NeighborIndex,
  find: (rows: Float64Array, count: number) => NeighborsWithin,
): Csr {
  const shape = x && 'shape' in x ? x.shape : [];
  const columns = index.points?.shape[1] ?? index.count;
  const rows = shape[0] ?? 0;
  if (shape.length !== 2 || shape[1] !== columns)
    throw new BrineError('BAD_INPUT', `neighbours are looked for among ${columns} columns, not [${shape.join(', ')}]`);
  let found: NeighborsWithin;
  if (x && isCsr(x)) {
    const perBlock = Math.max(1, Math.floor(DENSE_BLOCK / Math.max(1, columns)));
    const parts: NeighborsWithin[] = [];
    for (let from = 0; from < rows; from += perBlock) {
      const n = Math.min(perBlock, rows - from);
      const dense = new Float64Array(n * columns);
      for (let i = 0; i < n; i++)
        for (let e = x.indptr[from + i]; e < x.indptr[from + i + 1]; e++)
          dense[i * columns + x.indices[e]] += x.data[e];
      parts.push(find(dense, n));
    }
    found = stacked(parts, rows);
  } else if (x && isTensor(x) && x.data instanceof Float64Array) found = find(x.data, rows);
  else throw new BrineError('BAD_INPUT', 'neighbours are looked for in a matrix of float64');
  const { distances: data, indices, indptr } = found;
  return { dtype: 'float64', shape: [rows, index.count], indptr, indices, data };
}

function stacked(parts: readonly NeighborsWithin[], rows: number): NeighborsWithin {
  const total = parts.reduce((sum, part) => sum + part.indices.length, 0);
  const out = { distances: new Float64Array(total), indices: new Int32Array(total), indptr: new Int32Array(rows + 1) };
  let row = 0;
  let at = 0;
  for (const part of parts) {
    out.distances.set(part.distances, at);
    out.indices.set(part.indices, at);
    for (let i = 1; i < part.indptr.length; i++) out.indptr[++row] = at + part.indptr[i];
    at += part.indices.length;
  }
  return out;
}

const neighbors: OwnOperator<'Neighbors'> = ({ attributes, budget }): Kernel => {
  const { index, k } = attributes;
  const search = searchOf(index);
  return ([x]) => {
    if (!index.points && x && isCsr(x)) return fromGraph(x, index.count, (row) => firstOf(row, k));
    return searched(x, index, (data, rows) => {
      budget.allocate(rows * k, 12);
      return search.nearest(data, rows, k);
    });
  };
};

const neighborsWithin: OwnOperator<'NeighborsWithin'> = ({ attributes }): Kernel => {
  const { index, radius, sorted } = attributes;
  const search = searchOf(index);
  return ([x]) => {
    if (!index.points && x && isCsr(x))
      return fromGraph(x, index.count, (row) => row.filter(({ distance }) => distance <= radius));
    return searched(x, index, (data, rows) => search.within(data, rows, radius, sorted));
  };
};

interface Neighbor {
  readonly index: number;
  readonly distance: number;
}

/** A sparse matrix of distances: only what is stored can be a neighbour, nearest first. */
function fromGraph(x: Csr, count: number, pick: (row: Neighbor[], i: number) => Neighbor[]): Csr {
  const [rows, columns] = x.shape;
  if (columns !== count) throw new BrineError('BAD_INPUT', `distances to ${columns} points, fitted on ${count}`);
  const found: Neighbor[][] = [];
  for (let i = 0; i < rows; i++) {
    const row: Neighbor[] = [];
    for (let e = x.indptr[i]; e < x.indptr[i + 1]; e++) row.push({ index: x.indices[e], distance: x.data[e] });
    row.sort((a, b) => a.distance - b.distance);
    found.push(pick(row, i));
  }
  const all = found.flat();
  const indptr = new Int32Array(rows + 1);
  found.forEach((row, i) => (indptr[i + 1] = indptr[i] + row.length));
  return {
    dtype: 'float64',
    shape: [rows, count],
    indptr,
    indices: Int32Array.from(all, (n) => n.index),
    data: Float64Array.from(all, (n) => n.distance),
  };
}

function firstOf(row: Neighbor[], k: number): Neighbor[] {
  if (row.length < k)
    throw new BrineError('BAD_INPUT', `${k} neighbours asked for, but a row of the graph has ${row.length}`);
  return row.slice(0, k);
}

function needGraph(value: Value | undefined): Csr {
  if (value && isCsr(value)) return value;
  throw new BrineError('BAD_INPUT', 'wants the graph of neighbours');
}

const neighborTable: OwnOperator<'NeighborTable'> = ({ attributes }): Kernel => {
  const { k } = attributes;
  return ([graph]) => {
    const { shape, data, indices } = needGraph(graph);
    return [float64([shape[0], k], data), int64([shape[0], k], indices)];
  };
};

const neighborLists: OwnOperator<'NeighborLists'> = (): Kernel => {
  return ([graph]) => {
    const { shape, data, indices, indptr } = needGraph(graph);
    const rows = (from: Float64Array | Int32Array): unknown[] =>
      Array.from({ length: shape[0] }, (_, i) => from.slice(indptr[i], indptr[i + 1]));
    return [tensor('object', [shape[0]], rows(data)), tensor('object', [shape[0]], rows(indices))];
  };
};

const connectivity: OwnOperator<'Connectivity'> = (): Kernel => {
  return ([graph]) => {
    const g = needGraph(graph);
    return { ...g, data: new Float64Array(g.data.length).fill(1) };
  };
};

/** `_get_weights`: 1 / distance, or, where a distance is 0, ones for those and zeros for the others. */
function weightsOf(distances: Float64Array, from: number, to: number, uniform: boolean): Float64Array {
  const weights = new Float64Array(to - from);
  let infinite = false;
  for (let i = 0; i < weights.length; i++) {
    weights[i] = uniform ? 1 : 1 / distances[from + i];
    if (Math.abs(weights[i]) === Infinity) infinite = true;
  }
  return infinite ? weights.map((w) => (Math.abs(w) === Infinity ? 1 : 0)) : weights;
}

const neighborVotes: OwnOperator<'NeighborVotes'> = ({ attributes, budget }): Kernel => {
  const { codes, classes, uniform, pairwise, none } = attributes;
  return ([graph]) => {
    const { shape, data, indices, indptr } = needGraph(graph);
    const [rows] = shape;
    budget.allocate(rows * classes, 8);
    const out = new Float64Array(rows * classes);
    for (let i = 0; i < rows; i++) {
      const from = indptr[i];
      const to = indptr[i + 1];
      if (from === to) {
        if (none.refuse !== undefined) throw new BrineError('BAD_INPUT', `${none.refuse} (row ${i})`);
        if (none.column !== undefined) out[i * classes + none.column] = 1;
        continue;
      }
      const weights = weightsOf(data, from, to, uniform);
      if (pairwise && !uniform && to - from >= 8) {
        const own = new Float64Array(weights.length);
        for (let c = 0; c < classes; c++) {
          for (let j = 0; j < own.length; j++) own[j] = codes[indices[from + j]] === c ? weights[j] : 0;
          out[i * classes + c] = pairwiseSum(own, 0, own.length);
        }
        continue;
      }
      for (let j = from; j < to; j++) out[i * classes + codes[indices[j]]] += weights[j - from];
    }
    return float64([rows, classes], out);
  };
};

/** numpy's sum along a contiguous axis: eight sums side by side, halves beyond 128. */
function pairwiseSum(values: Float64Array, from: number, count: number): number {
  if (count < 8) {
    let sum = 0;
    for (let i = from; i < from + count; i++) sum += values[i];
    return sum;
  }
  if (count <= 128) {
    const r = values.slice(from, from + 8);
    let i = 8;
    for (; i < count - (count % 8); i += 8) for (let j = 0; j < 8; j++) r[j] += values[from + i + j];
    let sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
    for (; i < count; i++) sum += values[from + i];
    return sum;
  }
  const middle = Math.floor(count / 2);
  const half = middle - (middle % 8);
  return pairwiseSum(values, from, half) + pairwiseSum(values, from + half, count - half);
}

const neighborMeans: OwnOperator<'NeighborMeans'> = ({ attributes, budget }): Kernel => {
  const { targets, outputs, uniform, none } = attributes;
  return ([graph]) => {
    const { shape, data, indices, indptr } = needGraph(graph);
    const [rows] = shape;
    budget.allocate(rows * outputs, 8);
    const out = new Float64Array(rows * outputs);
    for (let i = 0; i < rows; i++) {
      const from = indptr[i];
      const to = indptr[i + 1];
      const weights = weightsOf(data, from, to, uniform);
      let total = 0;
      for (const w of weights) total += w;
      for (let o = 0; o < outputs; o++) {
        let sum = 0;
        for (let j = from; j < to; j++) sum += targets[indices[j] * outputs + o] * weights[j - from];
        out[i * outputs + o] = from === to ? none : sum / total;
      }
    }
    return float64([rows, outputs], out);
  };
};

export const neighborOperators = {
  Neighbors: neighbors,
  NeighborsWithin: neighborsWithin,
  NeighborTable: neighborTable,
  NeighborLists: neighborLists,
  Connectivity: connectivity,
  NeighborVotes: neighborVotes,
  NeighborMeans: neighborMeans,
};
