import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import type { Tensor } from '../graph/tensor.js';
import { numbered } from './decomposition.js';
import { estimator, takes, type Fitted } from './estimator.js';
import { asNumber, asText, flag, matrixField, number, optional, raw, text } from './fields.js';
import { rowsToOne } from './scores.js';

/** Decompositions of counts and other numbers that are not negative. */

const of = (...files: string[]): string[] => files.map((file) => `sklearn.decomposition.${file}`);
const numbers = (t: Tensor): Float64Array => t.data as Float64Array;

function nonNegative(x: V, who: string, g: GraphBuilder): V {
  const dense = g.dense(x);
  const message = `${who} takes no negative values`;
  return g.own('Require', [dense, g.not(g.less(dense, 0))], { message }, { dtype: 'float64', shape: dense.shape });
}

const shared = {
  input: 'matrix' as const,
  features: (m: { components_: Tensor }) => m.components_.shape[1],
  names: (m: { components_: Tensor; estimator: { name: string } }) => numbered(m, m.components_.shape[0] ?? 0),
};

// ---- NMF --------------------------------------------------------------------------------------------

const state = {
  components_: matrixField,
  solver: optional(text, 'cd'),
  beta_loss: raw,
  tol: number,
  max_iter: number,
  transform_max_iter: optional(number),
  l1_ratio: optional(number, 0),
  alpha: raw,
  alpha_W: raw,
  alpha_H: raw,
  regularization: raw,
  shuffle: optional(flag, false),
  random_state: raw,
};
type Nmf = Fitted<typeof state>;

const betas = new Map([
  ['frobenius', 2],
  ['kullback-leibler', 1],
  ['itakura-saito', 0],
]);

/** The penalty on W. 1.0 gave W and H each its own, in proportion to the number of features. */
function penalty(m: Nmf): number {
  const features = m.components_.shape[1] ?? 0;
  const own = asNumber(m.alpha_W) ?? 0;
  if (m.version.atLeast(1, 2)) return features * own;
  if (m.version.atLeast(1, 0) && (own !== 0 || asText(m.alpha_H) !== 'same')) return features * own;
  return asText(m.regularization) === 'components' || m.regularization === null ? 0 : (asNumber(m.alpha) ?? 0);
}

function factors(m: Nmf, x: V, g: GraphBuilder): V {
  const mini = m.estimator.name === 'MiniBatchNMF';
  const { solver } = m;
  if (!mini && solver !== 'cd' && solver !== 'mu')
    throw new BrineError('UNSUPPORTED', `NMF with solver=${solver}`, { path: m.estimator.path });
  const seed = asNumber(m.random_state);
  const shuffles = !mini && solver === 'cd' && m.shuffle;
  if (shuffles && seed === undefined)
    throw new BrineError('UNSUPPORTED', 'NMF that shuffles without a whole number as random_state', {
      path: m.estimator.path,
    });
  const k = m.components_.shape[0] ?? 0;
  const loss = m.beta_loss ?? 'frobenius';
  const beta = asNumber(loss) ?? betas.get(asText(loss) ?? '');
  if (beta === undefined)
    throw new BrineError('BAD_STATE', `NMF with an unknown beta_loss`, { path: m.estimator.path });
  const amount = penalty(m);
  const attributes = {
    components: numbers(m.components_),
    k,
    solver: mini ? ('minibatch' as const) : solver === 'cd' ? ('cd' as const) : ('mu' as const),
    beta,
    l1: amount * m.l1_ratio,
    l2: amount * (1 - m.l1_ratio),
    turns: mini ? (m.transform_max_iter ?? m.max_iter) : m.max_iter,
    tolerance: m.tol,
    shuffle: shuffles ? seed : undefined,
  };
  const input = mini ? g.dense(x) : nonNegative(x, 'NMF', g);
  return g.own('NonNegativeFactors', [input], attributes, { dtype: 'float64', shape: [x.shape[0] ?? null, k] });
}

const nmf = estimator(['NMF', 'MiniBatchNMF', 'ProjectedGradientNMF'], state, {
  ...shared,
  modules: of('_nmf', 'nmf'),
  methods: {
    transform: factors,
    inverse_transform: takes('matrix', (m: Nmf, x, g) => g.matmul(g.dense(x), m.components_)),
  },
});

// ---- LatentDirichletAllocation ----------------------------------------------------------------------

const topicState = {
  components_: matrixField,
  exp_dirichlet_component_: matrixField,
  doc_topic_prior_: number,
  max_doc_update_iter: number,
  mean_change_tol: number,
};

const latentDirichlet = estimator('LatentDirichletAllocation', topicState, {
  ...shared,
  modules: of('_lda', 'online_lda'),
  methods: {
    transform: (m, x, g) => {
      const topics = m.components_.shape[0] ?? 0;
      const attributes = {
        words: numbers(m.exp_dirichlet_component_),
        topics,
        prior: m.doc_topic_prior_,
        turns: m.max_doc_update_iter,
        tolerance: m.mean_change_tol,
      };
      const counts = nonNegative(x, 'LatentDirichletAllocation', g);
      const type = { dtype: 'float64', shape: [x.shape[0] ?? null, topics] } as const;
      const out = g.own('TopicDistribution', [counts], attributes, type);
      // Up to 0.17 the distributions did not sum to one.
      return m.version.atLeast(0, 18) ? rowsToOne(out, g) : out;
    },
  },
});

export const topicModels = [nmf, latentDirichlet];
