import type { Ensemble } from './ensemble.js';
import type { Tensor } from './tensor.js';

/**
 * The operators of our own domain, `brine`: what ONNX operators say badly or not at all. Each entry is the
 * type of the operator's attributes; `runtime/own/` runs them, and an exact expansion into ONNX operators
 * (or a refusal that names the step) makes them convertible.
 */
export interface OwnOperators {
  /** Sparse to dense. (x) → y */
  Densify: Record<string, never>;
  /** Dense to sparse. (x) → y */
  Sparsify: Record<string, never>;
  /** Columns of equal length, of any types, to one [n, p] `object` tensor. (c1, …, cp) → y */
  ObjectColumns: Record<string, never>;
  /** Category codes: the index of x in `categories`, -1 for one that is not among them. (x) → int64 */
  Encode: { readonly categories: Tensor; readonly missing: number };
  /**
   * Passes its input on, and refuses values that the estimator `who` refuses: NaN unless `nan`, infinities
   * unless `infinite`, and what float32 cannot hold where `float32`. (x) → x
   */
  Finite: { readonly who: string; readonly nan: boolean; readonly infinite: boolean; readonly float32: boolean };
  /**
   * Sums of leaf values over the trees `from` … `to` - 1, in tree order, onto `base` or zeros (negative zeros
   * for a lone tree, so that -0 leaves stay). (x [n, p], base? [n, k] or [k]) → float64 [n, k]
   */
  Forest: { readonly ensemble: Ensemble; readonly from?: number; readonly to?: number };
  /** As Forest, after each stage of `perStage` trees: float64 [stages, n, k]. (x, base?) */
  ForestStages: { readonly ensemble: Ensemble; readonly perStage: number };
  /** The leaf that each row reaches in each tree. (x) → int64 [n, trees] */
  ForestLeaves: { readonly ensemble: Ensemble };
  /** The nodes on each row's way, and where each tree's begin. (x) → CSR [n, nodes], int64 [trees + 1] */
  ForestPaths: { readonly ensemble: Ensemble };
  /** Gives the JavaScript function of `register` its tensors. */
  Custom: { readonly run: (inputs: readonly Tensor[]) => Tensor; readonly name: string };
}

export type OwnName = keyof OwnOperators;
