/** What 0.18 to 0.21 kept otherwise, of estimators that changed little else. */
import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { numberOf } from '../../python/elements.js';
import { NdArray } from '../../python/ndarray.js';
import { derived, meant, real, rules } from '../define.js';
import type { Subject } from '../subject.js';

const gradientDescent = [
  ...['SGDClassifier', 'SGDRegressor', 'PassiveAggressiveClassifier', 'PassiveAggressiveRegressor', 'Perceptron'],
];

/** Results of a search as a plain dict, where the release had one that warns. */
export function plainResults(o: Subject): void {
  const had = o.get('cv_results_');
  if (!(had instanceof PyInstance)) return;
  const plain = new PyDict();
  for (const [key, value] of had.entries?.entries() ?? []) plain.set(key, value);
  o.set('cv_results_', plain);
  o.migration.forget(had);
  o.tell('cv_results_ written as a plain dict');
}

/** The label that rows without neighbours get, for each output. */
function outlierLabels(o: Subject): PyValue | undefined {
  const classes = o.get('classes_');
  const label = o.get('outlier_label') ?? null;
  if (classes === undefined || label === null) return classes === undefined ? undefined : null;
  return Array.isArray(classes) ? classes.map(() => label) : [label];
}

const classCount = (o: Subject): number => {
  const classes = o.get('classes_');
  return classes instanceof NdArray ? classes.size : 0;
};

export const older = rules([
  meant('0.19', 'decision_function_shape', null, 'ovo', ['SVC', 'NuSVC'], 'sklearn/svm/base.py', 'went'),
  {
    since: '0.19',
    classes: ['KernelRidge', 'Nystroem', 'KernelPCA'],
    source: 'sklearn/metrics/pairwise.py, KERNEL_PARAMS',
    what: 'the kernel chi2 heeds gamma; before, it was 1 whatever gamma said',
    up: (o) => {
      if (o.get('kernel') !== 'chi2') return;
      o.set('gamma', real(1));
      o.tell('gamma = 1.0, which it was for the kernel chi2');
    },
  },
  meant('0.21', 'flatten_transform', null, false, ['VotingClassifier'], 'sklearn/ensemble/voting.py', 'went'),
  {
    since: '0.19',
    classes: ['AgglomerativeClustering', 'FeatureAgglomeration'],
    source: 'sklearn/cluster/hierarchical.py',
    what: 'memory is None, or where to keep results; before, an object of scikit-learn’s own joblib',
    up: (o) => {
      const memory = o.get('memory');
      if (!(memory instanceof PyInstance)) return;
      o.set('memory', null);
      o.migration.forget(memory);
      o.tell('memory = None: what kept results while training is of no use any more');
    },
  },
  {
    since: '0.19',
    classes: gradientDescent,
    source: 'sklearn/linear_model/stochastic_gradient.py',
    what: 'the attribute loss_function, which only training needs, went',
    up: (o) => {
      const had = o.get('loss_function');
      if (!o.delete('loss_function')) return;
      if (had instanceof PyInstance) o.migration.forget(had);
      o.tell('attribute loss_function left out: only training needs it');
    },
  },
  {
    since: '0.21',
    classes: gradientDescent,
    source: 'sklearn/linear_model/stochastic_gradient.py',
    what: 'max_iter is a number; None meant 5, or 1000 where tol says when to stop',
    up: (o) => {
      if (!o.has('max_iter') || o.get('max_iter') !== null) return;
      const count = (o.get('tol') ?? null) === null ? 5 : 1000;
      o.set('max_iter', count);
      o.tell(`max_iter = None written as ${count}, which it meant`);
    },
  },
  derived(
    '0.21',
    '_cached_dict',
    (o) => (o.has('classes_') ? null : undefined),
    ['MultiLabelBinarizer'],
    'sklearn/preprocessing/label.py',
    'attribute _cached_dict came, which is filled when it is needed',
  ),
  {
    since: '0.20',
    classes: ['EllipticEnvelope'],
    source: 'sklearn/covariance/elliptic_envelope.py; #11553',
    what: 'an outlier has a decision_function below 0, which is score_samples less offset_; before, it had a scale of its own',
    up: (o) => {
      const threshold = o.get('threshold_');
      if (threshold === undefined || o.has('offset_')) return;
      o.set('offset_', real(-(numberOf(threshold) ?? NaN)));
      o.delete('threshold_');
      o.tell(
        'attribute offset_ is the threshold, the other way round: predict answers as it did, decision_function on today’s scale',
      );
    },
  },
  {
    since: '0.20',
    classes: ['newObj'],
    source: 'sklearn/neighbors/binary_tree.pxi',
    what: 'trees of neighbours may have weights, which their state names',
    up: (o) => {
      const [type] = o.instance.args.items;
      const { state } = o.instance;
      if (!(type instanceof PyGlobal) || !/^(KD|Ball|Binary)Tree/.test(type.name)) return;
      if (!(state instanceof PyTuple) || state.items.length !== 12) return;
      o.instance.state = new PyTuple([...state.items, null]);
      o.tell('no weights named');
    },
  },
  {
    since: '0.21',
    classes: ['GridSearchCV', 'RandomizedSearchCV'],
    source: 'sklearn/utils/deprecation.py, DeprecationDict',
    what: 'cv_results_ is a plain dict',
    up: plainResults,
  },
  derived(
    '0.22',
    'outlier_label_',
    outlierLabels,
    ['RadiusNeighborsClassifier'],
    'sklearn/neighbors/_classification.py',
    'attribute outlier_label_ came: outlier_label for each output',
  ),
  {
    since: '0.21',
    classes: ['LinearDiscriminantAnalysis'],
    source: 'sklearn/discriminant_analysis.py',
    what: 'probabilities of several classes are a softmax; before, each was compared with the rest',
    up: (o) => {
      if (classCount(o) < 3) return;
      throw o.refusal(
        'LinearDiscriminantAnalysis of several classes: until 0.20 its probabilities were those of one class against the rest, since 0.21 they are a softmax',
      );
    },
  },
  derived(
    '1.3',
    'n_features_in_',
    (o) => o.get('_n_features'),
    ['MissingIndicator'],
    'sklearn/impute/_base.py',
    'attribute n_features_in_ came where it is a part of another imputer',
  ),
]);
