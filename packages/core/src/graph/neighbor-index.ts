import type { Csr, Tensor } from './tensor.js';

/** A distance metric by scikit-learn's name, with its parameters. */
export interface NeighborMetric {
  readonly name: string;
  /** minkowski: the order. */
  readonly p?: number;
  /** minkowski: weights of the columns. */
  readonly w?: Float64Array;
  /** seuclidean: variances of the columns. */
  readonly V?: Float64Array;
  /** mahalanobis: the inverse covariance, columns × columns. */
  readonly VI?: Float64Array;
}

/** The nodes of a KDTree or BallTree: node i has the children 2i + 1 and 2i + 2. */
export interface NeighborTreeNodes {
  readonly kind: 'kd' | 'ball';
  /** The points in the order of the tree. */
  readonly indices: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly isLeaf: Uint8Array;
  readonly radii: Float64Array;
  /** k-d: lower, then upper bounds of all nodes; ball: their centres. */
  readonly bounds: Float64Array;
}

/** The points among which neighbours are looked for, and how the library of the file looks for them. */
export interface NeighborIndex {
  /** [count, columns]; undefined where the input holds the distances to them (`precomputed`). */
  readonly points: Tensor | Csr | undefined;
  readonly count: number;
  readonly metric: NeighborMetric;
  /** Undefined: brute force. */
  readonly tree: NeighborTreeNodes | undefined;
  /** Brute force since 1.1 keeps the nearest in a heap; before, and for some metrics, numpy's argpartition finds them. */
  readonly heap: boolean;
  /** How equal distances are sorted: `introsort` since 1.9. */
  readonly sort: 'introsort' | 'quicksort';
}
