import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { int64 } from '../graph/tensor.js';
import { numbered } from './decomposition.js';
import { estimator, type Fitted } from './estimator.js';
import { asNumber, matrixField, raw, vector } from './fields.js';

const state = { components_: matrixField, intercept_hidden_: vector, intercept_visible_: vector, random_state: raw };
type Rbm = Fitted<typeof state>;

/** log(1 + exp(x)) without overflow. */
function softplus(x: V, g: GraphBuilder): V {
  const small = g.own('Ufunc', [g.exp(g.neg(g.abs(x)))], { name: 'log1p' }, { dtype: 'float64', shape: x.shape });
  return g.add(g.max(x, 0), small);
}

const hidden = (m: Rbm, x: V, g: GraphBuilder): V => g.linear(x, m.components_, m.intercept_hidden_);

/** -log of the unnormalised probability of each row: [n]. */
function freeEnergy(m: Rbm, x: V, g: GraphBuilder): V {
  const visible = g.sum(g.mul(x, m.intercept_visible_), 1, false);
  return g.neg(g.add(visible, g.sum(softplus(hidden(m, x, g), g), 1, false)));
}

/** Pseudo-likelihood by turning over one value of each row, drawn from the seed. */
function scoreSamples(m: Rbm, input: V, g: GraphBuilder): V {
  const seed = asNumber(m.random_state);
  if (seed === undefined)
    throw new BrineError(
      'UNSUPPORTED',
      'BernoulliRBM.score_samples draws at random: it needs a whole number as random_state',
      {
        path: m.estimator.path,
      },
    );
  const x = g.dense(input);
  const width = m.components_.shape[1] ?? 0;
  const type = { dtype: 'int64', shape: [x.shape[0] ?? null, 1] } as const;
  const drawn = g.own('RandomClasses', [x], { seed, weights: [new Float64Array(width)], uniform: true }, type);
  const chosen = g.equal(
    drawn,
    int64(
      [width],
      Array.from({ length: width }, (_, i) => i),
    ),
  );
  const turned = g.where(chosen, g.sub(1, x), x);
  const gap = g.sub(freeEnergy(m, turned, g), freeEnergy(m, x, g));
  return g.mul(softplus(g.neg(gap), g), -width);
}

const rbm = estimator('BernoulliRBM', state, {
  modules: ['sklearn.neural_network._rbm', 'sklearn.neural_network.rbm'],
  input: 'matrix',
  features: (m) => m.components_.shape[1],
  methods: { transform: (m, x, g) => g.sigmoid(hidden(m, x, g)), score_samples: scoreSamples },
  names: (m) => numbered(m, m.components_.shape[0] ?? 0),
});

export const boltzmannMachines = [rbm];
