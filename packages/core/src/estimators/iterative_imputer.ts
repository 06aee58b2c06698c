import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { PyInstance } from '../pickle/values.js';
import { matrix, toDense, type Data } from './data.js';
import { estimator, type Estimator, type Fitted } from './estimator.js';
import {
  array,
  asNumber,
  badState,
  child,
  flag,
  integers,
  list,
  number,
  optional,
  sequenceOf,
  type Field,
} from './fields.js';
import { finiteWhere, isMissing, missingValue, statistics } from './impute.js';
import { stack } from './stack.js';

/** One step: a feature, those that it is told from, and the regressor that tells it. */
interface Step {
  readonly feature: number;
  readonly neighbours: readonly number[];
  readonly estimator: Estimator;
}

/** A named tuple: what it holds are the arguments that it is made with. */
const step: Field<Step> = (value, at) => {
  // Old protocols give the three as one tuple.
  const made = value instanceof PyInstance ? value.args.items : [];
  const items = [made, ...made.map(sequenceOf)].find((parts) => parts.length === 3);
  if (!items) throw badState(at, 'a step of the imputation', value);
  return {
    feature: number(items[0], { ...at, path: `${at.path}.feat_idx` }),
    neighbours: integers(items[1], { ...at, path: `${at.path}.neighbor_feat_idx` }),
    estimator: child(items[2], { ...at, path: `${at.path}.estimator` }),
  };
};

/** What the parameter says, where the file has no `_min_value`; a list always has one. */
const oneOrEach: Field<number | undefined> = (value) => (value === undefined ? undefined : asNumber(value));

const state = {
  imputation_sequence_: list(step),
  initial_imputer_: child,
  missing_values: missingValue,
  n_iter_: number,
  sample_posterior: optional(flag, false),
  add_indicator: optional(flag, false),
  indicator_: optional(child),
  keep_empty_features: optional(flag, false),
  _min_value: optional(array),
  _max_value: optional(array),
  min_value: oneOrEach,
  max_value: oneOrEach,
};
type Imputer = Fitted<typeof state>;

/** The features without any value at fitting. */
function emptyFeatures(m: Imputer): boolean[] {
  const { instance, path } = m.initial_imputer_;
  return statistics(instance.attribute('statistics_'), { owner: m.initial_imputer_, path: `${path}.statistics_` }).map(
    (s) => s === null,
  );
}

/** A bound of one feature: bounds are one number for all, or (since 0.22) one for each. */
function bound(t: { readonly data: ArrayLike<unknown> } | undefined, feature: number, otherwise: number): number {
  if (!t || t.data.length === 0) return otherwise;
  return Number(t.data[t.data.length === 1 ? 0 : feature]);
}

interface Table {
  /** One column [n, 1] per feature that comes out. */
  readonly given: readonly V[];
  readonly missing: readonly V[];
  readonly filled: readonly V[];
}

function prepare(m: Imputer, x: V, g: GraphBuilder): Table {
  const filled = toDense(m.initial_imputer_.transform(matrix(x), g), g);
  const empty = emptyFeatures(m);
  const all = empty.map((_, i) => i);
  const kept = m.keep_empty_features ? all : all.filter((i) => !empty[i]);
  // From 1.2 to 1.5 kept empty features made everything else count as missing.
  const odd = m.keep_empty_features && m.version.before(1, 6);
  const isGap = isMissing(x, m.missing_values, g);
  const nothing = g.less(g.abs(g.columns(filled, [0])), -1);
  const start = kept.map((_, i) => g.columns(filled, [i]));
  const given = kept.map((f, i) => (m.keep_empty_features && !odd && empty[f] ? start[i] : g.columns(x, [f])));
  const missing = kept.map((f) => {
    if (odd && !empty[f]) return g.not(nothing);
    return m.keep_empty_features && !odd && empty[f] ? nothing : g.columns(isGap, [f]);
  });
  return { given, missing, filled: start };
}

function impute(m: Imputer, x: V, g: GraphBuilder): Data {
  if (m.sample_posterior)
    throw new BrineError('UNSUPPORTED', 'IterativeImputer with sample_posterior=True answers at random', {
      path: m.estimator.path,
    });
  const { given, missing, filled } = prepare(m, x, g);
  const current = [...filled];
  if (m.n_iter_ > 0) {
    for (const { feature, neighbours, estimator: inner } of m.imputation_sequence_) {
      if (feature >= current.length || neighbours.some((i) => i >= current.length))
        throw new BrineError('BAD_STATE', `a step of the imputation names feature ${feature} of ${current.length}`, {
          path: m.estimator.path,
        });
      const told = g.column(inner.value('predict', matrix(g.concat(neighbours.map((i) => current[i]))), g));
      const low = bound(m._min_value, feature, m.min_value ?? -Infinity);
      const high = bound(m._max_value, feature, m.max_value ?? Infinity);
      current[feature] = g.where(missing[feature], g.min(g.max(told, low), high), current[feature]);
    }
  }
  // Where every value of the whole input is missing, the first guesses stay.
  const blank = g.reduceMin(g.cast(g.concat(missing), 'float64'), 1);
  const allBlank = g.equal(g.reduceMin(blank, 0), 1);
  const out = current.map((value, i) =>
    g.where(
      allBlank,
      filled[i],
      g.where(missing[i], m.n_iter_ > 0 ? value : filled[i], m.n_iter_ > 0 ? given[i] : filled[i]),
    ),
  );
  const imputed = matrix(g.concat(out));
  return m.add_indicator && m.indicator_ ? stack([imputed, m.indicator_.transform(matrix(x), g)], g) : imputed;
}

const iterativeImputer = estimator('IterativeImputer', state, {
  modules: ['sklearn.impute._iterative', 'sklearn.impute.iterative', 'sklearn.impute'],
  finite: finiteWhere,
  features: (m) => emptyFeatures(m).length,
  methods: { transform: impute },
  names: (m, input) => [
    ...m.initial_imputer_.outputNames(input),
    ...(m.add_indicator && m.indicator_ ? m.indicator_.outputNames(input) : []),
  ],
});

export const iterativeImputers = [iterativeImputer];
