import type { NodeField } from './node-field.js';

/**
 * How a node compares:
 * - `f32`: `(double)(float)x <= threshold`, scikit-learn's trees (sklearn/tree/_tree.pyx)
 * - `f64`: `x <= threshold` in float64, HistGradientBoosting (_hist_gradient_boosting/_predictor.pyx), LightGBM
 * - `lt32`: `x < threshold` in float32, XGBoost
 */
export type Comparison = 'f32' | 'f64' | 'lt32';

/** Which nodes split on a set of categories, and the sets. */
export interface CategoricalNodes {
  /** Non-zero where the node tests membership. */
  readonly isCategorical: NodeField;
  /** The node's row in `bitsets`. */
  readonly bitset: NodeField;
  /** Bit sets of `words` 32-bit words each; a category whose bit is set goes left. */
  readonly bitsets: Uint32Array;
  readonly words: number;
}

/** One tree, as the columns of its file's own node table. Node 0 is the root. */
export interface TreeNodes {
  readonly count: number;
  readonly left: NodeField;
  readonly right: NodeField;
  readonly feature: NodeField;
  readonly threshold: NodeField;
  /** Non-zero where NaN goes left. Without it NaN goes right, as any comparison with NaN fails. */
  readonly missingGoLeft?: NodeField;
  /** Non-zero at leaves. Without it a leaf is a node whose left child is -1. */
  readonly isLeaf?: NodeField;
  readonly categorical?: CategoricalNodes;
  /** What a leaf adds: `width` values per node. Left out where only `leaves` and `decisionPath` are wanted. */
  readonly values?: NodeField;
  /** The tree's values times this (the learning rate of boosting). */
  readonly scale?: number;
  /** The output column that a tree of one value adds to. Without it the values are added to columns 0, 1, … */
  readonly output?: number;
  /** Column j of the tree is column `features[j]` of the input (bagging over features). */
  readonly features?: Int32Array;
}

export interface Ensemble {
  readonly nFeatures: number;
  readonly comparison: Comparison;
  /** Columns of the sums. */
  readonly outputs: number;
  readonly trees: readonly TreeNodes[];
  /**
   * For categorical features, the categories seen in training, as bit sets: any other is treated as missing.
   * A category is the value's integer part modulo 256, as HistGradientBoosting casts it; negative is missing.
   */
  readonly knownCategories?: ReadonlyMap<number, Uint32Array>;
}
