import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { estimator, type Fitted } from './estimator.js';
import { flag, matrixField, number, optional, vector } from './fields.js';
import { inverse, logDeterminant, product, transposed } from './linalg.js';

/** `pca0`, `pca1` …: the class name in lower case and a number. */
export function numbered(m: { readonly estimator: { readonly name: string } }, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${m.estimator.name.toLowerCase()}${i}`);
}

const pcaState = {
  components_: matrixField,
  mean_: optional(vector),
  whiten: optional(flag, false),
  explained_variance_: optional(vector),
  noise_variance_: optional(number),
};
type Pca = Fitted<typeof pcaState>;

const values = (t: Tensor): Float64Array => t.data as Float64Array;

function project(m: Pca, x: V, g: GraphBuilder): V {
  // The order of centring and projecting changed in 1.5; so does the last digit.
  const late = m.version.atLeast(1, 5) || x.layout === 'csr';
  const [k = 0, p = 0] = m.components_.shape;
  let out: V;
  if (late) {
    out = g.linear(x, m.components_);
    if (m.mean_) out = g.sub(out, float64([k], product(values(m.components_), values(m.mean_), k, p, 1)));
  } else out = g.linear(m.mean_ ? g.sub(x, m.mean_) : x, m.components_);
  return m.whiten && m.explained_variance_ ? g.div(out, deviations(m, m.explained_variance_)) : out;
}

/** Square roots of the variances; since 1.5 those close to zero are raised to float64's epsilon. */
function deviations(m: Pca, variance: Tensor): Tensor {
  const least = m.version.atLeast(1, 5) ? 2 ** -52 : 0;
  return float64(
    variance.shape,
    Float64Array.from(values(variance), (v) => Math.max(Math.sqrt(v), least)),
  );
}

function unproject(m: Pca, x: V, g: GraphBuilder): V {
  const [k = 0, p = 0] = m.components_.shape;
  let components: Tensor = m.components_;
  if (m.whiten && m.explained_variance_) {
    const scale = values(m.explained_variance_);
    components = float64(
      [k, p],
      Float64Array.from(values(components), (v, i) => v * Math.sqrt(scale[Math.floor(i / p)])),
    );
  }
  const out = g.matmul(x, components);
  return m.mean_ ? g.add(out, m.mean_) : out;
}

/** What the covariance is made of: the components to its own scale, and how much each varies beyond the noise. */
function spread(m: Pca): { components: Float64Array; excess: Float64Array; noise: number } {
  const [k = 0, p = 0] = m.components_.shape;
  const noise = m.noise_variance_ ?? 0;
  const variance = m.explained_variance_ ? values(m.explained_variance_) : new Float64Array(k);
  const components = Float64Array.from(values(m.components_), (v, i) =>
    m.whiten ? v * Math.sqrt(variance[Math.floor(i / p)]) : v,
  );
  return { components, excess: Float64Array.from(variance, (v) => Math.max(v - noise, 0)), noise };
}

/** components componentsᵀ / noise + 1 / excess: what the matrix inversion lemma inverts instead. */
function innerMatrix(components: Float64Array, excess: Float64Array, noise: number, p: number): Float64Array {
  const k = excess.length;
  const inner = product(components, transposed(components, k, p), k, p, k).map((v) => v / noise);
  for (let i = 0; i < k; i++) inner[i * k + i] += 1 / excess[i];
  return inner;
}

/** The inverse of the covariance that the components stand for. Source: sklearn/decomposition/_base.py. */
function precision(m: Pca): Float64Array {
  const [k = 0, p = 0] = m.components_.shape;
  const { components, excess, noise } = spread(m);
  const turned = transposed(components, k, p);
  if (noise === 0) {
    const scaled = Float64Array.from(components, (v, i) => v * excess[Math.floor(i / p)]);
    return inverse(product(turned, scaled, p, k, p), p);
  }
  const inner = innerMatrix(components, excess, noise, p);
  const out = product(product(turned, inverse(inner, k), p, k, k), components, p, k, p).map(
    (v) => v / -(noise * noise),
  );
  for (let i = 0; i < p; i++) out[i * p + i] += 1 / noise;
  return out;
}

/** Beyond so many features their covariance is never written out: its square fills the memory, its cube takes hours. */
const WIDE = 1024;

function logLikelihood(m: Pca, x: V, g: GraphBuilder): V {
  const p = m.components_.shape[1] ?? 0;
  const gap = m.mean_ ? g.sub(x, m.mean_) : x;
  const [distance, logDet] = p > WIDE ? wideDistance(m, gap, g) : distanceOf(m, gap, g);
  return g.sub(g.mul(distance, -0.5), 0.5 * (p * Math.log(2 * Math.PI) - logDet));
}

/** The squared distance of rows from the mean, and the logarithm of the precision's determinant. */
function distanceOf(m: Pca, gap: V, g: GraphBuilder): [distance: V, logDet: number] {
  const p = m.components_.shape[1] ?? 0;
  const inner = precision(m);
  const distance = g.sum(g.mul(gap, g.matmul(gap, float64([p, p], Float64Array.from(inner)))), 1, false);
  return [distance, logDeterminant(inner, p)];
}

/** The same by the matrix inversion and determinant lemmas, in as many dimensions as there are components. */
function wideDistance(m: Pca, gap: V, g: GraphBuilder): [distance: V, logDet: number] {
  const [k = 0, p = 0] = m.components_.shape;
  const { components, excess, noise } = spread(m);
  if (noise === 0 || excess.includes(0)) return distanceOf(m, gap, g);
  const inner = innerMatrix(components, excess, noise, p);
  const along = g.matmul(gap, float64([p, k], transposed(components, k, p)));
  const within = g.sum(g.mul(along, g.matmul(along, float64([k, k], Float64Array.from(inverse(inner, k))))), 1, false);
  const distance = g.sub(g.div(g.sum(g.mul(gap, gap), 1, false), noise), g.div(within, noise * noise));
  const logExcess = excess.reduce((sum, v) => sum + Math.log(v), 0);
  return [distance, -p * Math.log(noise) - logExcess - logDeterminant(inner, k)];
}

const shared = {
  input: 'matrix' as const,
  features: (m: { components_: Tensor }) => m.components_.shape[1],
  names: (m: { components_: Tensor; estimator: { name: string } }) => numbered(m, m.components_.shape[0] ?? 0),
};

const pca = estimator(['PCA', 'RandomizedPCA'], pcaState, {
  ...shared,
  modules: ['sklearn.decomposition._pca', 'sklearn.decomposition.pca'],
  offers: (m, all) => (m.estimator.name === 'PCA' ? all : all.filter((name) => name !== 'score_samples')),
  methods: {
    transform: project,
    inverse_transform: (m, x, g) => unproject(m, g.dense(x), g),
    score_samples: (m, x, g) => logLikelihood(m, g.dense(x), g),
  },
});

const incrementalPca = estimator('IncrementalPCA', pcaState, {
  ...shared,
  modules: ['sklearn.decomposition._incremental_pca', 'sklearn.decomposition.incremental_pca'],
  methods: { transform: project, inverse_transform: (m, x, g) => unproject(m, g.dense(x), g) },
});

const truncatedSvd = estimator(
  'TruncatedSVD',
  { components_: matrixField },
  {
    ...shared,
    modules: ['sklearn.decomposition._truncated_svd', 'sklearn.decomposition.truncated_svd'],
    methods: {
      transform: (m, x, g) => g.linear(x, m.components_),
      inverse_transform: (m, x, g) => g.matmul(g.dense(x), m.components_),
    },
  },
);

export const decompositions = [pca, incrementalPca, truncatedSvd];
