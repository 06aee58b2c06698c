import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { finiteNumbers, matrix, toMatrix, tuple, type Data } from './data.js';
import { estimator, type Estimator, type Fitted, type InputKind } from './estimator.js';
import { badState, child, integers, list, optional, text } from './fields.js';

const modules = ['sklearn.multioutput'];

const state = { estimators_: list(child) };
type Outputs = Fitted<typeof state>;

const shared = {
  modules,
  input: 'data' as const,
  features: (m: { estimators_: readonly Estimator[] }) => m.estimators_[0]?.nFeatures,
  columns: (m: { estimators_: readonly Estimator[] }) => m.estimators_[0]?.columns,
  inputNames: (m: { estimators_: readonly Estimator[] }) => m.estimators_[0]?.inputNames,
};

/** One column for each output, in the type that numpy would give them together. */
export function sideBySide(columns: readonly V[], g: GraphBuilder): V {
  const types = new Set(columns.map((c) => c.dtype));
  const type =
    types.size === 1
      ? columns[0].dtype
      : types.has('object')
        ? 'object'
        : types.has('string')
          ? 'string'
          : types.has('float64')
            ? 'float64'
            : 'int64';
  return g.concat(columns.map((c) => g.cast(g.column(c), type)));
}

function predictEach(m: Outputs, data: Data, g: GraphBuilder): V {
  return sideBySide(
    m.estimators_.map((e) => e.value('predict', data, g)),
    g,
  );
}

const takes = (m: { estimators_: readonly Estimator[] }): InputKind => m.estimators_[0]?.takes ?? 'data';

const regressor = estimator('MultiOutputRegressor', state, { ...shared, takes, methods: { predict: predictEach } });

/** 0.18 stacked the probabilities of all outputs behind each other: [n, classes, outputs]. */
function stacked(parts: readonly V[], g: GraphBuilder): V {
  const [first] = parts;
  if (parts.some((p) => p.shape[1] !== first.shape[1]))
    throw new BrineError(
      'UNSUPPORTED',
      'scikit-learn 0.18 stacks the probabilities of outputs, which do not have equally many classes here',
    );
  return g.concat(
    parts.map((p) => g.reshape(p, [-1, first.shape[1] ?? 0, 1])),
    2,
  );
}

const classifier = estimator('MultiOutputClassifier', state, {
  ...shared,
  takes,
  offers: (m, all) => all.filter((name) => m.estimators_.every((e) => e.offers(name))),
  methods: {
    predict: predictEach,
    predict_proba: (m, data, g) => {
      const parts = m.estimators_.map((e) => e.value('predict_proba', data, g));
      return m.version.before(0, 19) ? stacked(parts, g) : tuple(...parts);
    },
  },
});

// ---- chains -----------------------------------------------------------------------------------------

const chainState = { estimators_: list(child), order_: integers, chain_method_: optional(text, 'predict') };
type Chain = Fitted<typeof chainState>;

/** The answer of one link [n]; of probabilities, that of the last class. */
function answer(e: Estimator, method: string, data: Data, g: GraphBuilder): V {
  const y = e.value(method, data, g);
  return g.cast(method === 'predict_proba' ? g.flatten(g.columns(y, [(y.shape[1] ?? 2) - 1])) : y, 'float64');
}

/** Each estimator sees the answers of those before it as more features. */
function chained(m: Chain, data: Data, method: string, g: GraphBuilder): V {
  const x = finiteNumbers(toMatrix(data, g), m.estimator.name, g);
  const passed: V[] = [];
  const outputs = m.estimators_.map((e) => {
    const seen = matrix(g.concat([x, ...passed]));
    const next = answer(e, m.chain_method_, seen, g);
    passed.push(g.column(next));
    return g.column(method === m.chain_method_ ? next : answer(e, method, seen, g));
  });
  const places = m.estimators_.map((_, i) => m.order_.indexOf(i));
  if (places.includes(-1)) {
    const { instance, path } = m.estimator;
    throw badState(
      { owner: m.estimator, path: `${path}.order_` },
      'an order of the estimators',
      instance.attribute('order_'),
    );
  }
  return g.columns(g.concat(outputs), places);
}

const classifierChain = estimator('ClassifierChain', chainState, {
  ...shared,
  offers: (m, all) =>
    all.filter((name) => m.estimators_.every((e) => e.offers(name === 'predict_log_proba' ? 'predict_proba' : name))),
  methods: {
    predict: (m, data, g) => chained(m, data, 'predict', g),
    predict_proba: (m, data, g) => chained(m, data, 'predict_proba', g),
    predict_log_proba: (m, data, g) => g.log(chained(m, data, 'predict_proba', g)),
    decision_function: (m, data, g) => chained(m, data, 'decision_function', g),
  },
});

const regressorChain = estimator('RegressorChain', chainState, {
  ...shared,
  methods: { predict: (m, data, g) => chained(m, data, 'predict', g) },
});

export const multiOutputs = [regressor, classifier, classifierChain, regressorChain];
