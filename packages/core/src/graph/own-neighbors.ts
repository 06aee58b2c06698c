import type { NeighborIndex } from './neighbor-index.js';

/**
 * Operators of nearest neighbours. A graph of neighbours is a CSR matrix [n, points]: row i holds the distances to the
 * neighbours of row i, in the order in which the library gives them.
 */
export interface NeighborOperators {
  /** The k nearest, nearest first. (x) → CSR [n, points] */
  Neighbors: { readonly index: NeighborIndex; readonly k: number };
  /** All within the radius. (x) → CSR [n, points] */
  NeighborsWithin: { readonly index: NeighborIndex; readonly radius: number; readonly sorted: boolean };
  /** A graph with k neighbours in every row as two tables. (CSR) → distances [n, k], int64 [n, k] */
  NeighborTable: { readonly k: number };
  /** A graph as lists. (CSR) → object [n] of distances, object [n] of places */
  NeighborLists: Record<string, never>;
  /** A one for every neighbour. (CSR) → CSR */
  Connectivity: Record<string, never>;
  /**
   * The summed weights (ones, or 1 / distance) of the neighbours of each class. (CSR) → [n, classes]
   * `pairwise`: summed as numpy sums. `none` says what a row without neighbours gets: a refusal, one vote, nothing.
   */
  NeighborVotes: {
    readonly codes: Int32Array;
    readonly classes: number;
    readonly uniform: boolean;
    readonly pairwise: boolean;
    readonly none: { readonly refuse?: string; readonly column?: number };
  };
  /** The (weighted) mean of the neighbours' targets [points, outputs]; `none` without neighbours. (CSR) → [n, outputs] */
  NeighborMeans: {
    readonly targets: Float64Array;
    readonly outputs: number;
    readonly uniform: boolean;
    readonly none: number;
  };
}
