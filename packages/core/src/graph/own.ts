import type { CountOptions, FeatureHasherOptions, HashingVectorizerOptions } from '../text/index.js';
import type { DenseLayer } from './dense-layer.js';
import type { Ensemble } from './ensemble.js';
import type { Graph } from './graph.js';
import type { KernelOperators } from './own-kernels.js';
import type { NeighborOperators } from './own-neighbors.js';
import type { PreprocessingOperators } from './own-preprocessing.js';
import type { RowSteps } from './row-steps.js';
import type { SupportVectors } from './support-vectors.js';
import type { KernelProgramOperators } from './kernel-program.js';
import type { DecompositionOperators } from './own-decomposition.js';
import type { Tensor } from './tensor.js';

/**
 * The operators of our own domain, `brine`: what ONNX operators say badly or not at all. Each entry is the
 * type of the operator's attributes; `runtime/own/` runs them, and an exact expansion into ONNX operators
 * (or a refusal that names the step) makes them convertible.
 */
export interface OwnOperators
  extends KernelOperators, NeighborOperators, PreprocessingOperators, KernelProgramOperators, DecompositionOperators {
  /** Sparse to dense. (x) → y */
  Densify: Record<string, never>;
  /** Dense to sparse. (x) → y */
  Sparsify: Record<string, never>;
  /** Columns of equal length, of any types, to one [n, p] `object` tensor. (c1, …, cp) → y */
  ObjectColumns: Record<string, never>;
  /**
   * The value that belongs to each key; `otherwise` (or a refusal) for what is no key. Numbers that are equal
   * are one key, and so are all missing values. (x) → values' type, x's shape
   */
  Lookup: {
    readonly keys: Tensor;
    readonly values: Tensor;
    /** Undefined: a value that is no key is refused, in the words of `who`. */
    readonly otherwise: number | string | null | undefined;
    readonly who: string;
  };
  /** A one in each of the columns that the inputs name (int32 [n]; negative: none). (c1, …, cp) → CSR [n, width] */
  OneHotSlots: { readonly width: number };
  /** Text as numbers, as Python's `float` reads it; what is no number is refused by row. (x) → float64, x's shape */
  Numbers: { readonly what: string };
  /** Passes x on, and refuses where the condition is false anywhere. (x, condition) → x */
  Require: { readonly message: string };
  /**
   * Passes its input on, and refuses values that the estimator `who` refuses: NaN unless `nan`, infinities
   * unless `infinite`, and what float32 cannot hold where `float32`. (x) → x
   */
  Finite: { readonly who: string; readonly nan: boolean; readonly infinite: boolean; readonly float32: boolean };
  /**
   * Sums of leaf values over the trees `from` … `to` - 1, in tree order, onto `base` or zeros (negative zeros
   * for a lone tree, so that -0 leaves stay). (x [n, p], base? [n, k] or [k]) → float64 [n, k]
   * `wider`: x may have columns after those of the ensemble, which only knows those that it asks for.
   */
  Forest: { readonly ensemble: Ensemble; readonly from?: number; readonly to?: number; readonly wider?: boolean };
  /** Layers of a dense network; `chain`: the same as nodes. (x [n, inputs]) → [n, outputs]; `graph/fuse-dense.ts` makes them. */
  Dense: { readonly layers: readonly DenseLayer[]; readonly dtype: 'float32' | 'float64'; readonly chain: Graph };
  /** Steps over rows at once; `chain`: the same as nodes. (x [n, columns]) → [n, columns] or [n, outputs]; `graph/fuse-rows.ts` makes them. */
  Rows: RowSteps & { readonly chain: Graph };
  /** As Forest, after each stage of `perStage` trees: float64 [stages, n, k]. (x, base?) */
  ForestStages: { readonly ensemble: Ensemble; readonly perStage: number };
  /** The leaf that each row reaches in each tree. (x) → int64 [n, trees] */
  ForestLeaves: { readonly ensemble: Ensemble };
  /** The nodes on each row's way, and where each tree's begin. (x) → CSR [n, nodes], int64 [trees + 1] */
  ForestPaths: { readonly ensemble: Ensemble };
  /** The rows of `x` many times the same values. (x [n, …], values [k]) → [n, k] */
  RepeatRows: Record<string, never>;
  /** Straight lines between points of rising x, constant beyond them. (x) → x's shape */
  Interpolate: { readonly xs: Float64Array; readonly ys: Float64Array };
  /** Whatever equals `missing` (null for a missing value, NaN too) becomes `fill`. (x) → x's type */
  FillMissing: { readonly missing: string | number | null; readonly fill: string | number | boolean | null };
  /** A numpy function of one argument that ONNX has no operator for. (x) → x's shape */
  Ufunc: { readonly name: string };
  /** Counts the terms of documents by a vocabulary. (documents [n]) → CSR [n, vocabulary] */
  CountTerms: { readonly vocabulary: ReadonlyMap<string, number>; readonly options: CountOptions };
  /** Counts the terms of documents by their hashes. (documents [n]) → CSR [n, columns] */
  HashTerms: { readonly options: HashingVectorizerOptions };
  /** Records, pairs or names by their hashes. (samples [n]) → CSR [n, columns] */
  HashFeatures: { readonly options: FeatureHasherOptions };
  /** Dicts by a vocabulary of names and `name=value`. (records [n]) → CSR [n, vocabulary] */
  CountRecords: { readonly vocabulary: ReadonlyMap<string, number>; readonly separator: string };
  /** What is stored in each row, by the column's name: an array of names, or (`values`) an object. (x) → object [n] */
  NamesOfRows: { readonly names: readonly string[]; readonly values: boolean };
  /** Term frequencies weighted, row by row: log(f) + 1 if `sublinear`, times `idf`, rows scaled to `norm`. (CSR) → CSR */
  Tfidf: {
    readonly sublinear: boolean;
    readonly idf: Float64Array | undefined;
    readonly norm: 'l1' | 'l2' | 'max' | undefined;
  };
  /** The outputs of a kernel machine. (x [n, columns]; CSR only for sparse vectors) → float64 [n, outputs] */
  KernelMachine: { readonly machine: SupportVectors };
  /** libsvm's class probabilities from the scores of pairs of classes. (scores [n, pairs]) → float64 [n, classes] */
  PairwiseCoupling: { readonly classes: number; readonly probA: Float64Array; readonly probB: Float64Array };
  /** Gives the JavaScript function of `register` its tensors. */
  Custom: { readonly run: (inputs: readonly Tensor[]) => Tensor; readonly name: string };
}

export type OwnName = keyof OwnOperators;
