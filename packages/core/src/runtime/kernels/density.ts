/** Kernel densities as scikit-learn's trees give them (sklearn/neighbors/_binary_tree.pxi.tp). */
import { exactExp, exactLog } from './exp.js';
import type { NeighborTree } from './neighbors.js';

export type DensityKernel = 'gaussian' | 'tophat' | 'epanechnikov' | 'exponential' | 'linear' | 'cosine';

/** The logarithm of each kernel, without its normalisation, at a distance; h is the bandwidth. */
const logKernels: Readonly<Record<DensityKernel, (d: number, h: number) => number>> = {
  gaussian: (d, h) => (-0.5 * (d * d)) / (h * h),
  tophat: (d, h) => (d < h ? 0 : -Infinity),
  epanechnikov: (d, h) => (d < h ? exactLog(1 - (d * d) / (h * h)) : -Infinity),
  exponential: (d, h) => -d / h,
  linear: (d, h) => (d < h ? exactLog(1 - d / h) : -Infinity),
  cosine: (d, h) => (d < h ? exactLog(Math.cos((0.5 * Math.PI * d) / h)) : -Infinity),
};

/** log Γ(n / 2) for whole n > 0, by the recurrence from Γ(1/2) and Γ(1). */
function logGammaHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : 0.5 * exactLog(Math.PI);
  for (let k = n % 2 === 0 ? 2 : 1; k < n; k += 2) sum += exactLog(k / 2);
  return sum;
}

/** The volume of the unit ball, and the area of the unit sphere, in n dimensions. */
const logVolume = (n: number): number => 0.5 * n * exactLog(Math.PI) - logGammaHalf(n + 2);
const logArea = (n: number): number => exactLog(2 * Math.PI) + logVolume(n - 1);

/** The logarithm of the integral of each kernel of bandwidth 1 over d dimensions. */
const logIntegrals: Readonly<Record<DensityKernel, (d: number) => number>> = {
  gaussian: (d) => 0.5 * d * exactLog(2 * Math.PI),
  tophat: (d) => logVolume(d),
  epanechnikov: (d) => logVolume(d) + exactLog(2 / (d + 2)),
  exponential: (d) => logArea(d - 1) + logGammaHalf(2 * d),
  linear: (d) => logVolume(d) - exactLog(d + 1),
  cosine: (d) => {
    let factor = 0;
    let term = 2 / Math.PI;
    for (let k = 1; k <= d; k += 2) {
      factor += term;
      term *= -(d - k) * (d - k - 1) * (2 / Math.PI) ** 2;
    }
    return exactLog(factor) + logArea(d - 1);
  },
};

export interface DensityOptions {
  readonly kernel: DensityKernel;
  readonly bandwidth: number;
  /** Of the points in their own order; 1 each where left out. */
  readonly weights: Float64Array | undefined;
  readonly atol: number;
  readonly rtol: number;
  readonly breadthFirst: boolean;
}

const logAdd = (a: number, b: number): number => {
  const most = Math.max(a, b);
  return most === -Infinity ? -Infinity : most + exactLog(exactExp(a - most) + exactExp(b - most));
};
const logSubtract = (a: number, b: number): number => (a <= b ? -Infinity : a + exactLog(1 - exactExp(b - a)));

/**
 * The log density at a row. A node stands for its points with bounds on what they add; nodes are split, nearest first
 * or depth first, until the bounds of all together are within the tolerances. Without tolerances every point counts,
 * but what is added and taken away leaves rounding behind, which shows where the density is all but zero: that is why
 * the library's own steps are taken.
 */
export function densityOf(tree: NeighborTree, options: DensityOptions): (x: Float64Array, at: number) => number {
  const { kernel, bandwidth: h, weights, atol, rtol, breadthFirst } = options;
  const { data, columns, indices, starts, ends, isLeaf, metric } = tree.state;
  const logKernel = logKernels[kernel];
  const weightOf = (node: number): number => {
    if (!weights) return ends[node] - starts[node];
    let sum = 0;
    for (let i = starts[node]; i < ends[node]; i++) sum += weights[indices[i]];
    return sum;
  };
  const total = weights ? weights.reduce((a, b) => a + b, 0) : indices.length;
  const logTotal = exactLog(total);
  const logNorm = -logIntegrals[kernel](columns) - columns * exactLog(h);
  const logAtol = exactLog(atol * total);
  const logRtol = exactLog(rtol);

  return (x, at) => {
    let low = 0;
    let spread = 0;
    const open: OpenNode[] = [];
    const bounded = (node: number): OpenNode => {
      const [nearest, farthest] = tree.distanceBounds(node, x, at);
      const logWeight = exactLog(weightOf(node));
      const least = logWeight + logKernel(farthest, h);
      const most = logWeight + logKernel(nearest, h);
      // Breadth first, only the root's spread is without its least: sklearn's own way.
      const gap = breadthFirst && node !== 0 ? most : logSubtract(most, least);
      return { node, nearest, low: least, spread: gap, logWeight };
    };
    const root = bounded(0);
    low = root.low;
    spread = root.spread;
    open.push(root);
    while (open.length > 0) {
      const next = breadthFirst ? popNearest(open) : open.pop()!;
      const { node } = next;
      if (logNorm + next.spread - next.logWeight + logTotal <= logAdd(logAtol, logRtol + logNorm + next.low)) continue;
      if (logNorm + spread <= logAdd(logAtol, logRtol + logNorm + low)) break;
      low = logSubtract(low, next.low);
      spread = logSubtract(spread, next.spread);
      if (isLeaf[node] !== 0) {
        for (let i = starts[node]; i < ends[node]; i++) {
          const point = indices[i];
          const distance = metric.fromReduced(metric.rdist(x, at, data, point * columns, columns));
          low = logAdd(low, logKernel(distance, h) + (weights ? exactLog(weights[point]) : 0));
        }
        continue;
      }
      const left = bounded(2 * node + 1);
      const right = bounded(2 * node + 2);
      low = logAdd(logAdd(low, left.low), right.low);
      spread = logAdd(logAdd(spread, left.spread), right.spread);
      if (breadthFirst) {
        pushNode(open, left);
        pushNode(open, right);
      } else open.push(right, left);
    }
    return logAdd(low, spread - Math.LN2) + logNorm - logTotal;
  };
}

interface OpenNode {
  readonly node: number;
  readonly nearest: number;
  readonly low: number;
  readonly spread: number;
  readonly logWeight: number;
}

/** A binary heap, the nearest node first. */
function pushNode(heap: OpenNode[], item: OpenNode): void {
  heap.push(item);
  let i = heap.length - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent].nearest <= heap[i].nearest) break;
    [heap[parent], heap[i]] = [heap[i], heap[parent]];
    i = parent;
  }
}

function popNearest(heap: OpenNode[]): OpenNode {
  const first = heap[0];
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  heap[0] = last;
  for (let i = 0; ;) {
    const left = 2 * i + 1;
    const right = left + 1;
    let least = i;
    if (left < heap.length && heap[left].nearest < heap[least].nearest) least = left;
    if (right < heap.length && heap[right].nearest < heap[least].nearest) least = right;
    if (least === i) return first;
    [heap[least], heap[i]] = [heap[i], heap[least]];
    i = least;
  }
}
