import type { Tensor } from './tensor.js';

/**
 * A covariance or similarity function of two rows, as a program for a stack: operations come after what they
 * take. Lengths are one number, or one per column.
 */
export type KernelStep =
  | { readonly op: 'sum' }
  | { readonly op: 'product' }
  | { readonly op: 'power'; readonly exponent: number }
  | { readonly op: 'constant'; readonly value: number }
  /** Noise: on the diagonal of K(X, X) only. */
  | { readonly op: 'white'; readonly level: number }
  | { readonly op: 'rbf'; readonly lengths: Float64Array }
  | { readonly op: 'matern'; readonly lengths: Float64Array; readonly nu: number }
  | { readonly op: 'rational'; readonly length: number; readonly alpha: number }
  | { readonly op: 'periodic'; readonly length: number; readonly period: number }
  /** x · y + offset */
  | { readonly op: 'dot'; readonly offset: number }
  | {
      readonly op: 'pairwise';
      readonly metric: PairwiseMetric;
      readonly gamma: number;
      readonly degree: number;
      readonly coef0: number;
    };

/** The kernels of sklearn.metrics.pairwise. */
export type PairwiseMetric =
  'linear' | 'polynomial' | 'rbf' | 'laplacian' | 'sigmoid' | 'cosine' | 'chi2' | 'additive_chi2';

/** Own operators of kernels between rows. */
export interface KernelProgramOperators {
  /** K(x, y) for each pair of rows of x [n, p] and `others` [m, p]; without others, among the rows of x. (x) → [n, m] */
  KernelMatrix: { readonly program: readonly KernelStep[]; readonly others: Tensor | undefined };
  /** K(x, x) of each row. (x [n, p]) → [n] */
  KernelDiagonal: { readonly program: readonly KernelStep[] };
  /** Each row z of the result has L z = b; L lower triangular [m, m], row-major. (b [n, m]) → [n, m] */
  SolveLower: { readonly lower: Float64Array };
}
