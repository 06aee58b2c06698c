import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { matrix, toMatrix, type Data } from './data.js';
import { estimator, type Fitted } from './estimator.js';
import { child, flag, integers, list, optional, text } from './fields.js';
import { sideBySide } from './multioutput.js';
import { stack } from './stack.js';
import { labelsPerOutput } from './tree.js';
import { activeNames, ensembleShared, ensembleState } from './voting.js';

const state = {
  ...ensembleState,
  stack_method_: list(text),
  final_estimator_: child,
  passthrough: optional(flag, false),
  _n_feature_outs: optional(integers),
};
const classifierState = { ...state, classes_: labelsPerOutput };
type Stacking = Fitted<typeof state>;
type Classifier = Fitted<typeof classifierState>;

/**
 * What the final estimator sees: the answers of all estimators, of two probabilities only the second, and with
 * `passthrough` the input itself.
 */
function answers(m: Stacking, data: Data, classes: number, g: GraphBuilder): Data {
  if (m.stack_method_.length !== m.estimators_.length)
    throw new BrineError('BAD_STATE', `${m.stack_method_.length} methods for ${m.estimators_.length} estimators`, {
      path: m.estimator.path,
    });
  const parts: V[] = m.estimators_.flatMap((e, i) => {
    const method = m.stack_method_[i];
    const result = e.run(method, data, g);
    // Several labels per row: of the two probabilities that each has, the second.
    if ('kind' in result && result.kind === 'tuple') return result.items.map((p) => g.columns(p, secondOf(p)));
    const answer = g.cast('kind' in result ? toMatrix(result, g) : result, 'float64');
    if (answer.shape.length === 1) return [g.column(answer)];
    return [method === 'predict_proba' && classes === 2 ? g.columns(answer, [1]) : answer];
  });
  const made = matrix(g.concat(parts));
  return m.passthrough ? stack([made, data], g) : made;
}

/** The columns after the first. */
const secondOf = (p: V): number[] => Array.from({ length: (p.shape[1] ?? 1) - 1 }, (_, c) => c + 1);

function names(m: Stacking, input: readonly string[]): string[] {
  const prefix = m.estimator.name.toLowerCase();
  const made = activeNames(m).flatMap(({ name }, i) => {
    const width = m._n_feature_outs?.[i] ?? 1;
    if (width === 1) return [`${prefix}_${name}`];
    return Array.from({ length: width }, (_, c) => `${prefix}_${name}${c}`);
  });
  return m.passthrough ? [...made, ...input] : made;
}

const modules = ['sklearn.ensemble._stacking'];
const delegated = (m: Stacking, all: readonly string[]): string[] =>
  all.filter((name) => name === 'transform' || name === 'get_feature_names_out' || m.final_estimator_.offers(name));

/** The number of classes; several labels per row have no one number. */
const classCount = (m: Classifier): number => (m.classes_.length === 1 ? m.classes_[0].data.length : 0);
const final =
  (method: string) =>
  (m: Classifier, data: Data, g: GraphBuilder): V =>
    m.final_estimator_.value(method, answers(m, data, classCount(m), g), g);

const classifier = estimator('StackingClassifier', classifierState, {
  modules,
  ...ensembleShared,
  offers: delegated,
  names,
  methods: {
    predict: (m, data, g) => {
      // The final estimator answers with the numbers of the classes.
      const codes = g.cast(final('predict')(m, data, g), 'int64');
      if (codes.shape.length === 1) return g.label(m.classes_[0], codes);
      return sideBySide(
        m.classes_.map((labels, i) => g.label(labels, g.flatten(g.columns(codes, [i])))),
        g,
      );
    },
    predict_proba: (m, data, g) => {
      const found = m.final_estimator_.run('predict_proba', answers(m, data, classCount(m), g), g);
      // Of several labels per row scikit-learn tells the probability that each is not there.
      if ('kind' in found && found.kind === 'tuple') return g.concat(found.items.map((p) => g.columns(p, [0])));
      return found;
    },
    decision_function: final('decision_function'),
    transform: (m, data, g) => answers(m, data, classCount(m), g),
  },
});

const regressor = estimator('StackingRegressor', state, {
  modules,
  ...ensembleShared,
  offers: delegated,
  names,
  methods: {
    predict: (m, data, g) => m.final_estimator_.run('predict', answers(m, data, 0, g), g),
    transform: (m, data, g) => answers(m, data, 0, g),
  },
});

export const stackings = [classifier, regressor];
