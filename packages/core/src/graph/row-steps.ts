import type { DenseLayer } from './dense-layer.js';

/** What happens to each number of a matrix by its column; `values` has one for each. */
export type RowStep =
  /** Numbers beyond ±largest are refused, missing ones unless `nan`. */
  | { readonly kind: 'check'; readonly nan: boolean; readonly largest: number }
  | { readonly kind: 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max'; readonly values: Float64Array }
  | { readonly kind: 'square' }
  /** A missing number becomes the column's. */
  | { readonly kind: 'fill'; readonly values: Float64Array };

/** Steps over rows of `columns` numbers, then a product with constant weights where there is one. */
export type RowSteps = {
  readonly columns: number;
  readonly steps: readonly RowStep[];
  readonly product: DenseLayer | undefined;
};
