/** Own operators of decompositions that iterate, of clusters of features, and of images. */
export interface DecompositionOperators {
  /** A lone row as a vector; several stay a matrix. (x [n, k]) → [n, k] or [k] */
  RavelSingleRow: Record<string, never>;
  /** The factor W of x ≈ W · components, not negative, by the library's own iteration. (x [n, p]) → [n, k] */
  NonNegativeFactors: {
    /** [k × p], row-major. */
    readonly components: Float64Array;
    readonly k: number;
    readonly solver: 'cd' | 'mu' | 'minibatch';
    /** The β of the divergence: 2 Frobenius, 1 Kullback-Leibler, 0 Itakura-Saito. */
    readonly beta: number;
    readonly l1: number;
    readonly l2: number;
    readonly turns: number;
    readonly tolerance: number;
    /** Coordinates in random order, from this seed. */
    readonly shuffle: number | undefined;
  };
  /** The distribution over topics of each row of counts, not normalised. (x [n, p]) → [n, topics] */
  TopicDistribution: {
    /** exp(E[log β]): [topics × p], row-major. */
    readonly words: Float64Array;
    readonly topics: number;
    readonly prior: number;
    readonly turns: number;
    readonly tolerance: number;
  };
  /** One value from the columns of each group. (x [n, p]) → [n, groups] */
  PoolColumns: { readonly groups: readonly (readonly number[])[]; readonly pool: Pool };
  /** Each row as the weighted mean of its neighbours' embeddings. (x [n, p], neighbours [n, k]) → [n, d] */
  Barycentre: {
    readonly rows: Float64Array;
    readonly columns: number;
    readonly embedding: Float64Array;
    readonly outputs: number;
    readonly regularization: number;
  };
  /** All patches of each image, or `count` at random places. (x [n, h, w] or [n, h, w, c]) → [n × patches, …] */
  Patches: {
    readonly height: number;
    readonly width: number;
    readonly most: number | undefined;
    readonly seed: number;
  };
  /** Codes of the rows in a dictionary [k × p]. (x [n, p]) → [n, k] */
  SparseCodes: {
    readonly dictionary: Float64Array;
    readonly k: number;
    readonly algorithm: 'lasso_lars' | 'lasso_cd' | 'lars' | 'omp' | 'threshold';
    /** The number of non-zeros of lars and omp, the penalty of the others. */
    readonly regularization: number;
    readonly turns: number;
    /** Of lasso_cd. */
    readonly tolerance: number;
    readonly positive: boolean;
  };
}

export type Pool = 'mean' | 'max' | 'min' | 'sum' | 'median';

export type FactorOptions = DecompositionOperators['NonNegativeFactors'];

export type SparseCodeOptions = DecompositionOperators['SparseCodes'];
