import type { NeighborMetric, NeighborTreeNodes } from './neighbor-index.js';
import type { Tensor } from './tensor.js';

/** Own operators of kernel approximation, densities, and imputation by neighbours. */
export interface KernelOperators {
  /** The features of the additive chi-squared kernel. (x [n, p], dense or CSR) → [n, p × (2 steps - 1)], as x */
  AdditiveChi2: { readonly steps: number; readonly interval: number };
  /** The product of `degree` count sketches: their circular convolution. (x [n, p]) → float64 [n, outputs] */
  CountSketch: {
    /** [degree, p]: where each column is added, and with which sign. */
    readonly indices: Int32Array;
    readonly signs: Float64Array;
    readonly degree: number;
    readonly outputs: number;
  };
  /**
   * The logarithm of a kernel density, bounded node by node of the file's tree until the bounds are within the
   * tolerances, as the library does. (x [n, p]) → float64 [n]
   */
  LogDensity: {
    readonly points: Tensor;
    readonly tree: NeighborTreeNodes;
    readonly weights: Float64Array | undefined;
    readonly metric: NeighborMetric;
    readonly kernel: DensityKernel;
    readonly bandwidth: number;
    readonly atol: number;
    readonly rtol: number;
    readonly breadthFirst: boolean;
  };
  /** NaN replaced by the (weighted) mean of the nearest points that have a value. (x [n, p]) → float64 [n, p] */
  ImputeNeighbors: { readonly points: Tensor; readonly k: number; readonly uniform: boolean };
}

export const densityKernels = ['gaussian', 'tophat', 'epanechnikov', 'exponential', 'linear', 'cosine'] as const;
export type DensityKernel = (typeof densityKernels)[number];
