/** What searches keep of how they scored. */
import { PyDict, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { rules } from '../define.js';
import type { Rule } from '../rule.js';

const searches = [
  'GridSearchCV',
  'RandomizedSearchCV',
  'HalvingGridSearchCV',
  'HalvingRandomSearchCV',
  'RFECV',
  'SequentialFeatureSelector',
];

const SCORER = 'sklearn.metrics._scorer';

function isFunction(value: PyValue | undefined, name: string): boolean {
  return typeof value === 'object' && value !== null && 'fullName' in value && value.fullName === `${SCORER}.${name}`;
}

export const scorers = rules([
  {
    since: '1.3',
    classes: searches,
    source: 'sklearn/metrics/_scorer.py; #26418',
    what: 'the scorer that leaves the score to the estimator is an object, no longer a function',
    up: (o) => {
      if (!isFunction(o.get('scorer_'), '_passthrough_scorer')) return;
      const state = PyDict.from([['_estimator', o.get('estimator') ?? null]]);
      o.set('scorer_', o.create(SCORER, '_PassthroughScorer', state));
      o.tell('_passthrough_scorer written as _PassthroughScorer');
    },
    down: (o) => {
      const scorer = o.get('scorer_');
      if (!(scorer instanceof PyInstance) || scorer.name !== '_PassthroughScorer') return;
      o.migration.forget(scorer);
      o.set('scorer_', o.function(SCORER, '_passthrough_scorer'));
      o.tell('_PassthroughScorer written as _passthrough_scorer');
    },
  },
  ...(
    [
      ['_PredictScorer', 'predict'],
      ['_ProbaScorer', 'predict_proba'],
      ['_ThresholdScorer', undefined],
    ] as const
  ).map(([name, method]): Rule => ({
    since: '1.4',
    classes: [name],
    source: 'sklearn/metrics/_scorer.py; #26840',
    what: `${name} is a _Scorer that knows the method it asks`,
    up: (o) => {
      o.become(SCORER, '_Scorer');
      o.set('_response_method', method ?? new PyTuple(['decision_function', 'predict_proba']));
      o.tell(`${name} written as _Scorer`);
    },
  })),
  {
    since: '1.4',
    classes: ['_Scorer'],
    source: 'sklearn/metrics/_scorer.py; #26840',
    what: '_Scorer is one class for all',
    down: (o) => {
      const method = o.get('_response_method');
      const name =
        method === 'predict' ? '_PredictScorer' : method === 'predict_proba' ? '_ProbaScorer' : '_ThresholdScorer';
      o.become(SCORER, name);
      o.delete('_response_method');
      o.tell(`_Scorer written as ${name}`);
    },
  },
  {
    since: '1.0',
    classes: ['HalvingGridSearchCV', 'HalvingRandomSearchCV'],
    source: 'sklearn/model_selection/_search_successive_halving.py',
    what: 'refit is kept as it was given, no longer replaced by a function',
    up: (o) => {
      const refit = o.get('refit');
      if (typeof refit !== 'object' || refit === null) return;
      o.set('refit', true);
      o.tell('refit set back to True');
    },
  },
]);
