import type { Tensor } from './tensor.js';

/** Own operators of preprocessing: bins, quantiles, splines, label sets. */
export interface PreprocessingOperators {
  /** The number of edges (rising, one list per column) that are at or below each value. (x [n, p]) → x's shape */
  Digitize: { readonly edges: readonly Float64Array[] };
  /** Each column by its quantiles, to a uniform or normal distribution, or back. (x [n, p], dense or CSR) → same */
  Quantiles: {
    /** [q × p], row-major. */
    readonly quantiles: Float64Array;
    readonly references: Float64Array;
    readonly normal: boolean;
    readonly inverse: boolean;
    /** Before 0.21: uniform values near the bounds go to the bounds, and are clipped, as normal ones are. */
    readonly wide: boolean;
  };
  /** Cumulative distribution of the standard normal, or its inverse. (x) → x's shape */
  Normal: { readonly inverse: boolean };
  /** Each column by its B-spline basis. (x [n, p]) → float64 [n, p × outputs] */
  SplineBasis: {
    readonly columns: readonly SplineColumn[];
    readonly degree: number;
    readonly extrapolation: 'error' | 'constant' | 'linear' | 'continue' | 'periodic';
    readonly missingAsZero: boolean;
    readonly includeBias: boolean;
  };
  /**
   * A class for each row and output at random, as numpy's RandomState(seed) draws them: by weight, or all alike.
   * (x [n, …]) → int64 [n, outputs]
   */
  RandomClasses: { readonly seed: number; readonly weights: readonly Float64Array[]; readonly uniform: boolean };
  /** Which classes each row's labels hold: 0 and 1. (rows [n]) → int64 [n, classes] */
  LabelSets: { readonly classes: Tensor };
  /** The classes of the ones of each row. (x [n, classes]) → object [n] of arrays */
  LabelSetsInverse: { readonly classes: Tensor };
}

export interface SplineColumn {
  readonly knots: Float64Array;
  /** Coefficients [knots - degree - 1, outputs]. */
  readonly coefficients: Tensor;
}
