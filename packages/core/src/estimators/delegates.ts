import { toDense, type Data } from './data.js';
import { estimator, type Estimator, type Fitted } from './estimator.js';
import { child, number, optional } from './fields.js';
import type { GraphBuilder, V } from '../graph/builder.js';

/** Estimators that hand everything, or their targets, to one inside them. */

/** FrozenEstimator is its estimator, kept from being fitted again. */
const frozen = estimator(
  'FrozenEstimator',
  {},
  {
    modules: ['sklearn.frozen._frozen'],
    input: 'data',
    picks: true,
    methods: {},
    offers: (m) => innerOf(m).methods,
    takes: (m) => innerOf(m).takes,
    columns: (m) => innerOf(m).columns,
    inputNames: (m) => innerOf(m).inputNames,
    features: (m) => innerOf(m).nFeatures,
    any: (m, method, data, g) => innerOf(m).run(method, data, g),
    names: (m, input) => innerOf(m).outputNames(input),
  },
);

// The field has the name that every fitted estimator's own handle has: it is read from the file here.
function innerOf(m: { readonly estimator: Estimator }): Estimator {
  const { instance, path } = m.estimator;
  return child(instance.attribute('estimator'), { owner: m.estimator, path: `${path}.estimator` });
}

// ---- TransformedTargetRegressor ---------------------------------------------------------------------

const targetState = { regressor_: child, transformer_: child, _training_dim: optional(number, 1) };

function predict(m: Fitted<typeof targetState>, data: Data, g: GraphBuilder): V {
  const y = m.regressor_.value('predict', data, g);
  const table = y.shape.length === 1 ? g.column(y) : y;
  const back = toDense(m.transformer_.transform(table, g, 'inverse_transform'), g);
  return m._training_dim === 1 && back.shape.length === 2 && back.shape[1] === 1 ? g.flatten(back) : back;
}

const transformedTarget = estimator('TransformedTargetRegressor', targetState, {
  modules: ['sklearn.compose._target'],
  input: 'data',
  picks: true,
  takes: (m) => m.regressor_.takes,
  columns: (m) => m.regressor_.columns,
  inputNames: (m) => m.regressor_.inputNames,
  features: (m) => m.regressor_.nFeatures,
  methods: { predict },
});

export const delegates = [frozen, transformedTarget];
