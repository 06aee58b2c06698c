/** What older versions ask for that newer ones have left out, and what they do not know. */
import { PyDict, type PyValue } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';
import { numberOf } from '../../python/elements.js';
import { derived, meant, real, rules } from '../define.js';
import { sameValue } from '../same.js';
import type { Subject } from '../subject.js';
import { floats } from './arrays.js';

const hist = ['HistGradientBoostingClassifier', 'HistGradientBoostingRegressor'];

/** Placeholders and choices that older versions do not know, by what they mean. */
export const choices = rules([
  meant(
    '1.4',
    'categorical_features',
    'from_dtype',
    null,
    hist,
    'sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py',
    'came',
  ),
  meant(
    '1.6',
    'handle_unknown',
    'warn',
    'infrequent_if_exist',
    ['OneHotEncoder'],
    'sklearn/preprocessing/_encoders.py',
    'came',
  ),
  meant('1.5', 'svd_solver', 'covariance_eigh', 'full', ['PCA'], 'sklearn/decomposition/_pca.py', 'came'),
  meant('1.6', 'ensemble', 'auto', true, ['CalibratedClassifierCV'], 'sklearn/calibration.py', 'came'),
  meant(
    '1.8',
    'max_samples',
    null,
    real(1),
    ['BaggingClassifier', 'BaggingRegressor'],
    'sklearn/ensemble/_bagging.py',
    'came',
  ),
  meant(
    '1.5',
    'store_cv_values',
    null,
    false,
    ['RidgeCV', 'RidgeClassifierCV'],
    'sklearn/linear_model/_ridge.py',
    'came',
  ),
  meant(
    '0.20',
    'multi_class',
    'warn',
    'ovr',
    ['LogisticRegression', 'LogisticRegressionCV'],
    'sklearn/linear_model/logistic.py',
    'came',
  ),
  meant(
    '0.22',
    'multi_class',
    'warn',
    'ovr',
    ['LogisticRegression', 'LogisticRegressionCV'],
    'sklearn/linear_model/_logistic.py',
    'went',
  ),
  {
    since: '0.23',
    classes: hist,
    source: 'sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py; #14516',
    what: 'early_stopping says whether to stop early, which n_iter_no_change = None said before',
    up: (o) => {
      if (o.get('n_iter_no_change') !== null || !o.has('n_iter_no_change')) return;
      o.set('n_iter_no_change', 10);
      o.set('early_stopping', false);
      o.tell('n_iter_no_change = None said by early_stopping = False');
    },
    down: (o) => {
      if (o.get('early_stopping') !== false) return;
      o.set('n_iter_no_change', null);
      o.tell('early_stopping = False said by n_iter_no_change = None');
    },
  },
]);

export const bayesianNormalize = rules([
  {
    since: '1.0',
    classes: ['BayesianRidge', 'ARDRegression'],
    source: 'sklearn/linear_model/_bayes.py; #17743',
    what: 'whether inputs were normalised is kept as _normalize',
    up: (o) => {
      if (!o.has('coef_') || o.has('_normalize')) return;
      o.set('_normalize', o.get('normalize') === true);
      o.tell('attribute _normalize added');
    },
    down: (o) => {
      const had = o.get('_normalize');
      if (!o.delete('_normalize')) return;
      o.set('normalize', had === true);
    },
  },
  {
    since: '1.2',
    classes: ['BayesianRidge', 'ARDRegression'],
    source: 'sklearn/linear_model/_bayes.py; #24391',
    what: '_normalize went with normalize',
    up: (o) => {
      o.delete('_normalize');
    },
    down: (o) => {
      if (!o.has('coef_')) return;
      o.set('_normalize', false);
      o.tell('attribute _normalize = False added');
    },
  },
]);

/** The first guess of the sampled interval, by the number of steps. */
const intervals = new Map([
  [1, 0.8],
  [2, 0.5],
  [3, 0.4],
]);

function interval(o: Subject): PyValue | undefined {
  const given = o.get('sample_interval') ?? null;
  if (given !== null) return given;
  const steps = o.get('sample_steps');
  return typeof steps === 'number' ? intervals.get(steps) : undefined;
}

const pls = (o: Subject): PyValue | undefined => {
  const components = o.get('components_');
  return components instanceof NdArray ? components.shape[1] : undefined;
};

export const olderAttributes = rules([
  {
    since: '1.3',
    classes: ['AdditiveChi2Sampler'],
    source: 'sklearn/kernel_approximation.py; #25190',
    what: 'the sampled interval is computed when it is needed; sample_interval_ went',
    up: (o) => {
      if (o.delete('sample_interval_')) o.tell('attribute sample_interval_ left out');
    },
    down: (o) => {
      const value = interval(o);
      if (value === undefined) return;
      o.set('sample_interval_', value);
      o.delete('_sample_interval');
      o.tell('attribute sample_interval_ added');
    },
  },
  {
    since: '1.5',
    classes: ['AdditiveChi2Sampler'],
    source: 'sklearn/kernel_approximation.py; #25190',
    what: 'attribute _sample_interval went',
    up: (o) => {
      o.delete('_sample_interval');
    },
    down: (o) => {
      const value = interval(o);
      if (value !== undefined) o.set('_sample_interval', value);
    },
  },
  {
    since: '1.1',
    classes: ['FastICA'],
    source: 'sklearn/decomposition/_fastica.py; #19490',
    what: 'whitening says how: arbitrary-variance is what True did',
    up: (o) => {
      if (!o.has('components_')) return;
      o.set('_whiten', o.get('whiten') === true ? 'arbitrary-variance' : (o.get('whiten') ?? false));
      o.tell('attribute _whiten added');
    },
    down: (o) => {
      o.delete('_whiten');
      if (typeof o.get('whiten') !== 'string') return;
      o.set('whiten', true);
      o.tell('whiten written as True, which was the only way');
    },
  },
  {
    since: '1.3',
    classes: ['FastICA'],
    source: 'sklearn/decomposition/_fastica.py',
    what: 'attribute _whiten went',
    up: (o) => {
      o.delete('_whiten');
    },
    down: (o) => {
      if (!o.has('components_')) return;
      o.set('_whiten', o.get('whiten') ?? false);
      o.tell('attribute _whiten added');
    },
  },
  {
    since: '1.6',
    classes: ['RidgeClassifier', 'RidgeClassifierCV'],
    source: 'sklearn/linear_model/_ridge.py; #29442',
    what: 'coefficients of two classes are a vector, no longer a matrix of one row',
    down: (o) => {
      const coef = o.get('coef_');
      if (!(coef instanceof NdArray) || coef.shape.length !== 1) return;
      o.set('coef_', new NdArray(coef.dtype, [1, coef.size], false, coef.data));
      o.tell('coef_ made a row');
    },
  },
  {
    since: '1.0',
    classes: ['RidgeClassifier', 'RidgeClassifierCV'],
    source: 'sklearn/linear_model/_ridge.py, RidgeClassifier.predict',
    what: 'several labels for each row may be predicted',
    down: (o) => {
      if (o.child('_label_binarizer')?.get('y_type_') === 'multilabel-indicator')
        throw o.refusal(`${o.name} was trained with several labels for each row, which it predicts since 1.0`);
    },
  },
  {
    since: '1.5',
    classes: ['NeighborhoodComponentsAnalysis'],
    source: 'sklearn/neighbors/_nca.py',
    what: 'the number of outputs is computed, no longer kept',
    up: (o) => {
      o.delete('_n_features_out');
    },
    down: (o) => {
      const value = pls(o);
      if (value !== undefined) o.set('_n_features_out', value);
    },
  },
  {
    since: '1.4',
    classes: ['TargetEncoder'],
    source: 'sklearn/preprocessing/_target_encoder.py; #26674',
    what: 'targets may have several classes',
    down: (o) => {
      if (o.get('target_type_') !== 'multiclass') return;
      throw o.refusal('TargetEncoder was trained on several classes, which came with 1.4');
    },
  },
  {
    since: '1.2',
    classes: ['MiniBatchNMF', 'NMF'],
    source: 'sklearn/decomposition/_nmf.py; #25438',
    what: 'penalties are computed for each call, no longer kept',
    up: (o) => {
      for (const name of ['_l1_reg_W', '_l1_reg_H', '_l2_reg_W', '_l2_reg_H']) o.delete(name);
    },
    down: (o) => {
      const width = pls(o);
      const alpha = o.get('alpha_W');
      const ratio = o.get('l1_ratio');
      if (typeof width !== 'number' || alpha === undefined || ratio === undefined) return;
      const [a, r] = [numberOf(alpha), numberOf(ratio)];
      o.set('_l1_reg_W', real(width * a * r));
      o.set('_l2_reg_W', real(width * a * (1 - r)));
      o.set('_l1_reg_H', real(0));
      o.set('_l2_reg_H', real(0));
      o.tell('penalties of transform computed once');
    },
  },
  {
    since: '1.2',
    classes: ['SVR', 'NuSVR', 'OneClassSVM'],
    source: 'sklearn/svm/_base.py; #25540',
    what: 'class_weight_ went where there are no classes',
    down: (o) => {
      if (o.has('support_') && !o.has('class_weight_')) o.set('class_weight_', floats([]));
    },
  },
  {
    since: '1.3',
    classes: ['OrdinalEncoder'],
    source: 'sklearn/preprocessing/_encoders.py; #25677',
    what: 'seldom categories may be grouped',
    down: (o) => {
      if (o.get('_infrequent_enabled') !== true) return;
      throw o.refusal('OrdinalEncoder groups seldom categories, which came with 1.3');
    },
  },
  {
    since: '1.1',
    classes: ['OneHotEncoder'],
    source: 'sklearn/preprocessing/_encoders.py; #16018',
    what: 'seldom categories may be grouped, and unknown ones go with them',
    down: (o) => {
      const groups = o.get('_infrequent_indices');
      if (Array.isArray(groups) && groups.some((group) => group !== null))
        throw o.refusal('OneHotEncoder groups seldom categories, which came with 1.1');
      if (o.get('handle_unknown') !== 'infrequent_if_exist') return;
      o.set('handle_unknown', 'ignore');
      o.tell("handle_unknown = 'infrequent_if_exist' written as 'ignore': nothing was grouped");
    },
  },
  {
    since: '1.5',
    classes: ['CalibratedClassifierCV'],
    source: 'sklearn/utils/multiclass.py; #27593',
    what: 'labels in bytes are refused',
    up: (o) => {
      const classes = o.get('classes_');
      if (classes instanceof NdArray && classes.dtype.type === 'S')
        throw o.refusal('the labels are bytes, which scikit-learn refuses from 1.5 on');
    },
  },
  ...(
    [
      ['1.3', 'kulsinski'],
      ['1.9', 'sokalmichener'],
    ] as const
  ).map(([since, metric]) => ({
    since,
    classes: [
      'KNeighborsClassifier',
      'KNeighborsRegressor',
      'RadiusNeighborsClassifier',
      'RadiusNeighborsRegressor',
      'NearestNeighbors',
      'LocalOutlierFactor',
    ],
    source: 'scipy/spatial/distance.py, which took it out',
    what: `scipy’s distance ${metric} went`,
    up: (o: Subject) => {
      if (o.get('effective_metric_') === metric && o.get('_fit_method') === 'brute')
        throw o.refusal(`${o.name} asks scipy for the distance ${metric}, which went`);
    },
  })),
  {
    since: '1.0',
    classes: ['OneHotEncoder'],
    source: 'sklearn/preprocessing/_encoders.py; #19041',
    what: 'a category may be dropped where unknown ones are ignored',
    down: (o) => {
      if (o.get('handle_unknown') !== 'ignore' || (o.get('drop') ?? null) === null) return;
      throw o.refusal('OneHotEncoder drops a category and ignores unknown ones, which came with 1.0');
    },
  },
  {
    since: '1.1',
    classes: ['KBinsDiscretizer'],
    source: 'sklearn/preprocessing/_discretization.py; #22229',
    what: 'values are compared with the edges of bins exactly; before, those within 1e-5 of an edge went to the bin above',
    up: (o) => {
      if (o.has('bin_edges_')) o.tell('values just below the edge of a bin (1e-5 of it) stay below it from now on');
    },
    down: (o) => {
      if (o.has('bin_edges_')) o.tell('values just below the edge of a bin (1e-5 of it) go to the bin above');
    },
  },
  {
    since: '1.2',
    classes: ['OneHotEncoder'],
    source: 'sklearn/preprocessing/_encoders.py; #23655',
    what: 'a dropped category is found after seldom ones are grouped',
    down: (o) => {
      if (o.get('_infrequent_enabled') !== true || (o.get('drop') ?? null) === null) return;
      throw o.refusal('OneHotEncoder drops a category and groups seldom ones, which answers otherwise before 1.2');
    },
  },
  {
    since: '1.2',
    classes: ['StackingClassifier'],
    source: 'sklearn/ensemble/_stacking.py; #24146',
    what: 'several targets at once may be predicted',
    down: (o) => {
      if (Array.isArray(o.get('classes_')))
        throw o.refusal('StackingClassifier predicts several targets at once, which came with 1.2');
    },
  },
  {
    since: '0.22',
    classes: ['AdaBoostClassifier'],
    source: 'sklearn/ensemble/_weight_boosting.py',
    what: 'probabilities of SAMME follow from its votes; before, they were means of those of its estimators',
    up: (o) => {
      if (o.get('algorithm') !== 'SAMME' || !o.has('estimators_')) return;
      throw o.refusal(
        'AdaBoostClassifier votes by SAMME: until 0.21 its probabilities were means of those of its estimators, since 0.22 they follow from the votes',
      );
    },
  },
  {
    since: '1.3',
    classes: ['AdaBoostClassifier'],
    source: 'sklearn/ensemble/_weight_boosting.py; #26521',
    what: 'votes of SAMME against a class count too, so that decision_function and probabilities are others',
    up: refuseVotes,
    down: refuseVotes,
  },
  derived(
    '1.2',
    '_name_to_fitted_passthrough',
    (o) => (o.has('transformers_') ? new PyDict() : undefined),
    ['ColumnTransformer'],
    'sklearn/compose/_column_transformer.py; #23734',
  ),
]);

function refuseVotes(o: Subject): void {
  const algorithm = o.get('algorithm');
  if (
    !o.has('estimators_') ||
    (algorithm !== undefined && !sameValue(algorithm, 'SAMME') && algorithm !== 'deprecated')
  )
    return;
  throw o.refusal(
    'AdaBoostClassifier votes by SAMME; since 1.3 votes against a class count too, and its probabilities are others',
  );
}
