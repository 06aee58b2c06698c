import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64 } from '../graph/tensor.js';
import { matrix, type Data } from './data.js';
import { estimator, type ColumnType, type Estimator, type Fitted, type InputKind } from './estimator.js';
import { array, asText, child, flag, labels, list, optional, raw, sequenceOf, text } from './fields.js';

/** Estimators side by side: `estimators` names them, `estimators_` are those that were fitted. */
export const ensembleState = { estimators: raw, estimators_: list(child) };
type Ensemble = Fitted<typeof ensembleState>;

/** The names of the estimators that were not dropped (`None` meant that before 0.24), and their places. */
export function activeNames(m: Ensemble): { name: string; place: number }[] {
  return sequenceOf(m.estimators)
    .map((pair, place) => {
      const [name, step] = sequenceOf(pair);
      return { name: asText(name) ?? '', place, dropped: step === null || step === 'drop' };
    })
    .filter(({ dropped }) => !dropped);
}

export const ensembleShared = {
  input: 'data' as const,
  takes: (m: Ensemble): InputKind => m.estimators_[0]?.takes ?? 'data',
  columns: (m: Ensemble): readonly ColumnType[] | undefined => m.estimators_[0]?.columns,
  inputNames: (m: Ensemble): readonly string[] | undefined => m.estimators_[0]?.inputNames,
  features: (m: Ensemble): number | undefined => m.estimators_[0]?.nFeatures,
};

const modules = ['_voting', 'voting', 'voting_classifier'].map((file) => `sklearn.ensemble.${file}`);
const votingState = { ...ensembleState, weights: optional(array) };
type Voting = Fitted<typeof votingState>;

/** One weight for each fitted estimator; all the same where none are given. */
function weightsOf(m: Voting): Float64Array | undefined {
  if (!m.weights) return undefined;
  const all = m.weights.data as Float64Array;
  const active = activeNames(m);
  const own = active.length === m.estimators_.length ? active.map(({ place }) => all[place]) : Array.from(all);
  if (own.length !== m.estimators_.length)
    throw new BrineError('BAD_STATE', `${own.length} weights for ${m.estimators_.length} estimators`, {
      path: `${m.estimator.path}.weights`,
    });
  return Float64Array.from(own);
}

/** The (weighted) mean of values of one shape, added in the order of the estimators. */
function average(m: Voting, parts: readonly V[], g: GraphBuilder): V {
  const weights = weightsOf(m);
  const weighed = weights ? parts.map((p, i) => g.mul(p, weights[i])) : parts;
  const total = weights ? weights.reduce((a, b) => a + b, 0) : parts.length;
  return g.div(
    weighed.reduce((a, b) => g.add(a, b)),
    total,
  );
}

const predicted = (e: Estimator, data: Data, g: GraphBuilder): V => g.cast(e.value('predict', data, g), 'float64');
/** [n, estimators] */
const side = (parts: readonly V[], g: GraphBuilder): V => g.concat(parts.map((p) => g.column(p)));

// ---- classification ---------------------------------------------------------------------------------

const classifierState = {
  ...votingState,
  voting: text,
  classes_: labels,
  flatten_transform: optional(flag, false),
};
type Classifier = Fitted<typeof classifierState>;

const probas = (m: Classifier, data: Data, g: GraphBuilder): V[] =>
  m.estimators_.map((e) => e.value('predict_proba', data, g));

/** The estimators inside answer with the numbers of the classes. Each vote weighs 1, or as told. */
function hardVotes(m: Classifier, data: Data, g: GraphBuilder): V {
  const k = m.classes_.data.length;
  const numbers = float64(
    [1, k],
    Float64Array.from({ length: k }, (_, i) => i),
  );
  const weights = weightsOf(m);
  const votes = m.estimators_.map((e, i) =>
    g.where(g.equal(g.column(predicted(e, data, g)), numbers), weights?.[i] ?? 1, 0),
  );
  return votes.reduce((a, b) => g.add(a, b));
}

const soft = (m: Classifier): boolean => m.voting === 'soft';
const names = (m: Voting): string[] => activeNames(m).map(({ name }) => `${m.estimator.name.toLowerCase()}_${name}`);

const classifier = estimator('VotingClassifier', classifierState, {
  modules,
  ...ensembleShared,
  offers: (m, all) => (soft(m) ? all : all.filter((name) => name !== 'predict_proba')),
  names: (m) => {
    if (!soft(m)) return names(m);
    if (!m.flatten_transform)
      throw new BrineError('UNSUPPORTED', "there are no feature names with voting='soft' and flatten_transform=False");
    return names(m).flatMap((name) => Array.from({ length: m.classes_.data.length }, (_, i) => `${name}${i}`));
  },
  methods: {
    predict: (m, data, g) => {
      const scores = soft(m) ? average(m, probas(m, data, g), g) : hardVotes(m, data, g);
      return g.label(m.classes_, g.argmax(scores));
    },
    predict_proba: (m, data, g) => average(m, probas(m, data, g), g),
    transform: (m, data, g) => {
      if (!soft(m))
        return matrix(
          g.cast(
            side(
              m.estimators_.map((e) => predicted(e, data, g)),
              g,
            ),
            'int64',
          ),
        );
      const parts = probas(m, data, g);
      if (m.flatten_transform) return matrix(g.concat(parts));
      return g.concat(
        parts.map((p) => g.reshape(p, [1, -1, m.classes_.data.length])),
        0,
      );
    },
  },
});

// ---- regression -------------------------------------------------------------------------------------

const regressor = estimator('VotingRegressor', votingState, {
  modules,
  ...ensembleShared,
  names,
  methods: {
    predict: (m, data, g) =>
      average(
        m,
        m.estimators_.map((e) => predicted(e, data, g)),
        g,
      ),
    transform: (m, data, g) =>
      side(
        m.estimators_.map((e) => predicted(e, data, g)),
        g,
      ),
  },
});

export const votings = [classifier, regressor];
