import type { Tensor } from './tensor.js';

/**
 * The operators of our own domain, `brine`: what ONNX operators say badly or not at all. Each entry is the
 * type of the operator's attributes; `runtime/own/` runs them, and an exact expansion into ONNX operators
 * (or a refusal that names the step) makes them convertible.
 *
 * Other folders add entries by declaration merging next to the attribute types they need.
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
  /** Gives the JavaScript function of `register` its tensors. */
  Custom: { readonly run: (inputs: readonly Tensor[]) => Tensor; readonly name: string };
}

export type OwnName = keyof OwnOperators;
