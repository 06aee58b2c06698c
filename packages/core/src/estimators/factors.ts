import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { numbered } from './decomposition.js';
import { estimator, takes, type Fitted } from './estimator.js';
import { asNumber, flag, matrixField, number, oneOf, optional, raw, vector } from './fields.js';
import { inverse, logDeterminant, product, transposed } from './linalg.js';

/** Decompositions that are linear in their input. */

const of = (...files: string[]): string[] => files.map((file) => `sklearn.decomposition.${file}`);
const numbers = (t: Tensor): Float64Array => t.data as Float64Array;
const shared = {
  features: (m: { components_: Tensor }) => m.components_.shape[1],
  names: (m: { components_: Tensor; estimator: { name: string } }) => numbered(m, m.components_.shape[0] ?? 0),
};

// ---- FastICA ----------------------------------------------------------------------------------------

const icaState = { components_: matrixField, mixing_: matrixField, mean_: optional(vector), whiten: raw };
type Ica = Fitted<typeof icaState>;
const centred = (m: Ica): Tensor | undefined => (m.whiten === false ? undefined : m.mean_);

const fastIca = estimator('FastICA', icaState, {
  ...shared,
  modules: of('_fastica', 'fastica_'),
  methods: {
    transform: (m, x, g) => {
      const mean = centred(m);
      return g.linear(mean ? g.sub(x, mean) : x, m.components_);
    },
    inverse_transform: (m, x, g) => {
      const mean = centred(m);
      const out = g.linear(x, m.mixing_);
      return mean ? g.add(out, mean) : out;
    },
  },
});

// ---- FactorAnalysis ---------------------------------------------------------------------------------

const factorState = { components_: matrixField, mean_: vector, noise_variance_: vector };
type Factors = Fitted<typeof factorState>;

/** W Ψ⁻¹ [k × p] and the covariance of the factors given a row, (I + W Ψ⁻¹ Wᵀ)⁻¹ [k × k]. */
function posterior(m: Factors): {
  weighted: Float64Array;
  covariance: Float64Array<ArrayBuffer>;
  k: number;
  p: number;
} {
  const [k = 0, p = 0] = m.components_.shape;
  const w = numbers(m.components_);
  const noise = numbers(m.noise_variance_);
  const weighted = w.map((v, i) => v / noise[i % p]);
  const inner = product(weighted, transposed(w, k, p), k, p, k);
  for (let i = 0; i < k; i++) inner[i * (k + 1)] += 1;
  return { weighted, covariance: inverse(inner, k), k, p };
}

/** The inverse of Wᵀ W + Ψ by the Woodbury identity. */
function precision(m: Factors): Float64Array<ArrayBuffer> {
  const { weighted, covariance, k, p } = posterior(m);
  const noise = numbers(m.noise_variance_);
  const out = product(product(transposed(weighted, k, p), covariance, p, k, k), weighted, p, k, p).map((v) => -v);
  for (let i = 0; i < p; i++) out[i * (p + 1)] += 1 / noise[i];
  return out;
}

const factorAnalysis = estimator('FactorAnalysis', factorState, {
  ...shared,
  modules: of('_factor_analysis', 'factor_analysis'),
  methods: {
    transform: (m, x, g) => {
      const { weighted, covariance, k, p } = posterior(m);
      return g.matmul(g.linear(g.sub(x, m.mean_), float64([k, p], weighted)), float64([k, k], covariance));
    },
    score_samples: (m, x, g) => {
      const p = m.mean_.data.length;
      const inner = precision(m);
      const gap = g.sub(x, m.mean_);
      const distance = g.sum(g.mul(gap, g.matmul(gap, float64([p, p], inner))), 1, false);
      return g.sub(g.mul(distance, -0.5), 0.5 * (p * Math.log(2 * Math.PI) - logDeterminant(inner, p)));
    },
  },
});

// ---- SparsePCA --------------------------------------------------------------------------------------

const sparseState = {
  components_: matrixField,
  mean_: optional(vector),
  ridge_alpha: number,
  normalize_components: optional((value) => value === true, false),
};
type Sparse = Fitted<typeof sparseState>;

/** Ridge regression on the components. Before 0.22 without `normalize_components` columns were scaled to length one. */
function encode(m: Sparse, x: V, g: GraphBuilder): V {
  const old = m.version.before(0, 22) && !m.normalize_components;
  const [k = 0, p = 0] = m.components_.shape;
  const c = numbers(m.components_);
  const inner = product(c, transposed(c, k, p), k, p, k);
  for (let i = 0; i < k; i++) inner[i * (k + 1)] += m.ridge_alpha;
  const centre = !old && m.mean_ ? g.sub(x, m.mean_) : x;
  const code = g.linear(centre, float64([k, p], product(inverse(inner, k), c, k, k, p)));
  // Since 1.6 the regression gives a vector for a single row.
  if (!old) return m.version.atLeast(1, 6) ? g.own('RavelSingleRow', [code], {}, code) : code;
  const size = g.sqrt(g.sum(g.mul(code, code), 0));
  return g.div(code, g.where(g.equal(size, 0), 1, size));
}

const sparsePca = estimator(['SparsePCA', 'MiniBatchSparsePCA'], sparseState, {
  ...shared,
  modules: of('_sparse_pca', 'sparse_pca'),
  offers: (m, all) => (m.version.before(1, 1) ? all.filter((name) => name !== 'inverse_transform') : all),
  methods: {
    transform: encode,
    inverse_transform: (m, x, g) => {
      const out = g.matmul(x, m.components_);
      return m.mean_ ? g.add(out, m.mean_) : out;
    },
  },
});

// ---- sparse codes -----------------------------------------------------------------------------------

const codeState = {
  components_: optional(matrixField),
  dictionary: optional(matrixField),
  transform_algorithm: oneOf('lasso_lars', 'lasso_cd', 'lars', 'omp', 'threshold'),
  transform_n_nonzero_coefs: raw,
  transform_alpha: optional(number),
  transform_max_iter: optional(number, 1000),
  alpha: optional(number),
  positive_code: optional(flag, false),
  split_sign: optional(flag, false),
};
type Coder = Fitted<typeof codeState>;

/** SparseCoder's dictionary is a parameter; up to 0.23 it had it as `components_`, too. */
function dictionaryOf(m: Coder): Tensor {
  const dictionary = m.components_ ?? m.dictionary;
  if (!dictionary)
    throw new BrineError('NOT_FITTED', `${m.estimator.name} has no dictionary`, { path: m.estimator.path });
  return dictionary;
}

function codesOf(m: Coder, x: V, g: GraphBuilder): V {
  const dictionary = dictionaryOf(m);
  const [k = 0, p = 0] = dictionary.shape;
  const algorithm = m.transform_algorithm;
  const counted = algorithm === 'lars' || algorithm === 'omp';
  const atoms = asNumber(m.transform_n_nonzero_coefs) ?? Math.min(Math.max(p / 10, 1), k);
  const penalty = m.transform_alpha ?? (m.version.atLeast(1, 2) ? m.alpha : undefined) ?? 1;
  const attributes = {
    dictionary: numbers(dictionary),
    ...{ k, algorithm },
    regularization: counted ? atoms : penalty,
    turns: m.transform_max_iter,
    // Up to 1.7 the library left its Lasso at the default.
    tolerance: m.version.atLeast(1, 8) ? 1e-8 : 1e-4,
    positive: m.positive_code,
  };
  const code = g.own('SparseCodes', [x], attributes, { dtype: 'float64', shape: [x.shape[0] ?? null, k] });
  return m.split_sign ? g.concat([g.max(code, 0), g.neg(g.min(code, 0))]) : code;
}

function decode(m: Coder, x: V, g: GraphBuilder): V {
  const dictionary = dictionaryOf(m);
  const k = dictionary.shape[0] ?? 0;
  const range = (from: number): number[] => Array.from({ length: k }, (_, i) => from + i);
  const code = m.split_sign ? g.sub(g.columns(x, range(0)), g.columns(x, range(k))) : x;
  return g.matmul(code, dictionary);
}

const coders = estimator(['SparseCoder', 'DictionaryLearning', 'MiniBatchDictionaryLearning'], codeState, {
  modules: of('_dict_learning', 'dict_learning'),
  features: (m) => dictionaryOf(m).shape[1],
  offers: (m, all) => (m.version.before(1, 1) ? all.filter((name) => name !== 'inverse_transform') : all),
  methods: { transform: codesOf, inverse_transform: takes('dense', decode) },
  names: (m) => numbered(m, dictionaryOf(m).shape[0] ?? 0),
});

export const factorings = [fastIca, factorAnalysis, sparsePca, coders];
