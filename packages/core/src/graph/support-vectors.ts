import type { Csr, Tensor } from './tensor.js';

/** `coefficients[row]` times the kernel values `from` … `to` - 1. */
export interface CoefficientRange {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A kernel machine: what libsvm calls a model. Output o of a row x is the sum over its ranges, in order, of
 * coefficient · K(x, support vector), plus `intercepts[o]`.
 */
export interface SupportVectors {
  readonly kernel: 'linear' | 'poly' | 'rbf' | 'sigmoid';
  readonly gamma: number;
  readonly coef0: number;
  /** poly only: a whole number. */
  readonly degree: number;
  /** [vectors, columns] */
  readonly vectors: Tensor | Csr;
  /** [rows, vectors], row-major. */
  readonly coefficients: Float64Array;
  readonly outputs: readonly (readonly CoefficientRange[])[];
  readonly intercepts: Float64Array;
}
