/** Kernel densities as scikit-learn's trees give them (sklearn/neighbors/_binary_tree.pxi.tp), point by point. */
import type { Metric } from './distances.js';

export type DensityKernel = 'gaussian' | 'tophat' | 'epanechnikov' | 'exponential' | 'linear' | 'cosine';

/** The logarithm of each kernel, without its normalisation, at a distance; h is the bandwidth. */
const logKernels: Readonly<Record<DensityKernel, (d: number, h: number) => number>> = {
  gaussian: (d, h) => (-0.5 * (d * d)) / (h * h),
  tophat: (d, h) => (d < h ? 0 : -Infinity),
  epanechnikov: (d, h) => (d < h ? Math.log(1 - (d * d) / (h * h)) : -Infinity),
  exponential: (d, h) => -d / h,
  linear: (d, h) => (d < h ? Math.log(1 - d / h) : -Infinity),
  cosine: (d, h) => (d < h ? Math.log(Math.cos((0.5 * Math.PI * d) / h)) : -Infinity),
};

/** log Γ(n / 2) for whole n > 0, by the recurrence from Γ(1/2) and Γ(1). */
function logGammaHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let k = n % 2 === 0 ? 2 : 1; k < n; k += 2) sum += Math.log(k / 2);
  return sum;
}

/** The volume of the unit ball, and the area of the unit sphere, in n dimensions. */
const logVolume = (n: number): number => 0.5 * n * Math.log(Math.PI) - logGammaHalf(n + 2);
const logArea = (n: number): number => Math.log(2 * Math.PI) + logVolume(n - 1);

/** The logarithm of the integral of each kernel of bandwidth 1 over d dimensions. */
const logIntegrals: Readonly<Record<DensityKernel, (d: number) => number>> = {
  gaussian: (d) => 0.5 * d * Math.log(2 * Math.PI),
  tophat: (d) => logVolume(d),
  epanechnikov: (d) => logVolume(d) + Math.log(2 / (d + 2)),
  exponential: (d) => logArea(d - 1) + logGammaHalf(2 * d),
  linear: (d) => logVolume(d) - Math.log(d + 1),
  cosine: (d) => {
    let factor = 0;
    let term = 2 / Math.PI;
    for (let k = 1; k <= d; k += 2) {
      factor += term;
      term *= -(d - k) * (d - k - 1) * (2 / Math.PI) ** 2;
    }
    return Math.log(factor) + logArea(d - 1);
  },
};

/** The log density at each of n rows, from `count` points with weights (1 each where left out). */
export function logDensity(
  x: Float64Array,
  n: number,
  points: Float64Array,
  count: number,
  columns: number,
  metric: Metric,
  kernel: DensityKernel,
  bandwidth: number,
  weights: Float64Array | undefined,
): Float64Array {
  const logKernel = logKernels[kernel];
  const logWeights = weights?.map(Math.log);
  const total = weights ? weights.reduce((a, b) => a + b, 0) : count;
  const norm = logIntegrals[kernel](columns) + columns * Math.log(bandwidth) + Math.log(total);
  const terms = new Float64Array(count);
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let most = -Infinity;
    for (let j = 0; j < count; j++) {
      const distance = metric.fromReduced(metric.rdist(x, i * columns, points, j * columns, columns));
      const term = logKernel(distance, bandwidth) + (logWeights ? logWeights[j] : 0);
      terms[j] = term;
      if (term > most) most = term;
    }
    let sum = 0;
    for (let j = 0; j < count; j++) sum += Math.exp(terms[j] - most);
    out[i] = most === -Infinity ? -Infinity : most + Math.log(sum) - norm;
  }
  return out;
}
