/** Attributes of single estimators, and models whose kin changed: generalised linear ones, encoders, imputers. */
import { PyDict, PyGlobal, type PyInstance, type PyValue } from '../../pickle/values.js';
import { Dtype, NdArray } from '../../python/ndarray.js';
import { SparseMatrix } from '../../python/sparse.js';
import { numberOf, toFloat64 } from '../../python/elements.js';
import { derived, integerOf, meant, real, renamed, rules, words } from '../define.js';
import { PyPartial } from '../../python/values.js';
import type { Subject } from '../subject.js';
import { bools, floats, numbersOf } from './arrays.js';
import { lossOf } from './losses.js';

const forests = [
  'DecisionTreeClassifier',
  'DecisionTreeRegressor',
  'ExtraTreeClassifier',
  'ExtraTreeRegressor',
  'RandomForestClassifier',
  'RandomForestRegressor',
  'ExtraTreesClassifier',
  'ExtraTreesRegressor',
  'RandomTreesEmbedding',
];

export const friedman = rules([
  meant('1.9', 'criterion', 'friedman_mse', 'squared_error', forests, 'sklearn/tree/_classes.py; #32708', 'went'),
]);

// ---- text

const tfidfParameters = ['norm', 'use_idf', 'smooth_idf', 'sublinear_tf'];
const TEXT = 'sklearn/feature_extraction/text.py';

export const vectorizers = rules([
  {
    since: '1.1',
    classes: ['TfidfVectorizer'],
    source: `${TEXT}; #22832`,
    what: 'norm, use_idf, smooth_idf and sublinear_tf are parameters of its own, no longer those of the transformer inside',
    up: (o) => {
      const inner = o.child('_tfidf');
      if (!inner) return;
      for (const name of tfidfParameters) {
        const value = inner.get(name);
        if (value !== undefined && !o.has(name)) o.set(name, value);
      }
      o.tell(`parameters ${tfidfParameters.join(', ')} taken from the transformer inside`);
    },
    down: (o) => {
      const inner = o.child('_tfidf');
      if (!inner) {
        o.set(
          '_tfidf',
          o.create(
            'sklearn.feature_extraction.text',
            'TfidfTransformer',
            PyDict.from(tfidfParameters.map((name) => [name, o.get(name) ?? null])),
          ),
        );
      }
      for (const name of tfidfParameters) o.delete(name);
      o.tell(`parameters ${tfidfParameters.join(', ')} left to the transformer inside`);
    },
  },
  {
    since: '1.0',
    classes: ['TfidfTransformer'],
    source: `${TEXT}; #18843`,
    what: 'a transformer without weights counts as fitted only if it knows the number of its features',
    up: (o) => {
      if (o.has('n_features_in_') || !o.has('use_idf')) return;
      const words = o.holder?.get('vocabulary_');
      const matrix = o.get('_idf_diag');
      const count = matrix instanceof SparseMatrix ? matrix.shape[0] : words instanceof PyDict ? words.size : undefined;
      if (count !== undefined) o.set('n_features_in_', count);
      else if (o.get('use_idf') === false) o.set('fitted_', true);
      else return;
      o.tell(
        count === undefined ? 'attribute fitted_ added, so that it counts as fitted' : 'attribute n_features_in_ added',
      );
    },
  },
]);

// ---- generalised linear models

const glms = ['PoissonRegressor', 'GammaRegressor', 'TweedieRegressor', 'GeneralizedLinearRegressor'];

function tweediePower(o: Subject): number | undefined {
  const power = o.get('power');
  if (typeof power === 'number') return power;
  return integerOf(power);
}

function glmLoss(o: Subject): PyInstance | undefined {
  if (o.name === 'PoissonRegressor') return lossOf(o, 'HalfPoissonLoss');
  if (o.name === 'GammaRegressor') return lossOf(o, 'HalfGammaLoss');
  if (o.name !== 'TweedieRegressor') return undefined;
  const power = tweediePower(o) ?? 0;
  const link = o.get('link') ?? 'auto';
  const identity = link === 'identity' || (link === 'auto' && power <= 0);
  return lossOf(o, identity ? 'HalfTweedieLossIdentity' : 'HalfTweedieLoss', { args: [real(power)] });
}

export const generalized = rules([
  {
    since: '1.1',
    classes: glms,
    source: 'sklearn/linear_model/_glm/glm.py; #22548',
    what: 'the distribution and the link are one loss object, _base_loss',
    up: (o) => {
      if (!o.has('coef_') || o.has('_base_loss')) return;
      const loss = glmLoss(o);
      if (!loss) throw o.refusal(`the distribution of ${o.name} has no successor`);
      o.set('_base_loss', loss);
      for (const name of ['_family_instance', '_link_instance']) o.delete(name);
      if (o.name !== 'TweedieRegressor') for (const name of ['family', 'link', 'power']) o.delete(name);
      o.tell('_family_instance and _link_instance written as _base_loss');
    },
    down: (o) => {
      if (!o.delete('_base_loss')) return;
      const log =
        o.get('link') !== 'identity' &&
        !(o.name === 'TweedieRegressor' && (o.get('link') ?? 'auto') === 'auto' && (tweediePower(o) ?? 0) <= 0);
      o.set(
        '_link_instance',
        o.create('sklearn.linear_model._glm.link', log ? 'LogLink' : 'IdentityLink', new PyDict()),
      );
      const family =
        { PoissonRegressor: 'PoissonDistribution', GammaRegressor: 'GammaDistribution' }[o.name] ??
        'TweedieDistribution';
      const power = { PoissonRegressor: 1, GammaRegressor: 2 }[o.name] ?? tweediePower(o) ?? 0;
      const distribution = o.create('sklearn._loss.glm_distribution', family, PyDict.from([['_power', power]]));
      o.set('_family_instance', distribution);
      if (o.name === 'PoissonRegressor' || o.name === 'GammaRegressor') {
        o.set('family', o.name === 'PoissonRegressor' ? 'poisson' : 'gamma');
        o.set('link', 'log');
      }
      o.tell('_base_loss written as _family_instance and _link_instance');
    },
  },
]);

// ---- ensembles of any kind

export const stacks = rules([
  renamed('1.2', '_le', '_label_encoder', ['StackingClassifier'], 'sklearn/ensemble/_stacking.py; #24146'),
]);

/** `check_array` as a function of a transformer, with its arguments bound. */
export const checks = rules([
  {
    since: '1.6',
    classes: ['FunctionTransformer'],
    source: 'sklearn/utils/validation.py, check_array; #29404',
    what: 'the argument force_all_finite of check_array is called ensure_all_finite',
    up: (o) => {
      renameKeyword(o, 'force_all_finite', 'ensure_all_finite');
    },
    down: (o) => {
      renameKeyword(o, 'ensure_all_finite', 'force_all_finite');
    },
  },
]);

function renameKeyword(o: Subject, from: string, to: string): void {
  const func = o.get('func');
  if (!(func instanceof PyPartial) || !(func.func instanceof PyGlobal) || func.func.name !== 'check_array') return;
  const value = func.keywords.get(from);
  if (value === undefined) return;
  func.keywords.delete(from);
  func.keywords.set(to, value);
  o.tell(`argument ${from} of check_array renamed to ${to}`);
}

export const dummies = rules([
  derived(
    '0.22',
    '_strategy',
    (o) => (o.has('classes_') ? (o.get('strategy') ?? undefined) : undefined),
    ['DummyClassifier'],
    'sklearn/dummy.py; #15382',
  ),
  {
    since: '0.22',
    classes: ['DummyRegressor'],
    source: 'sklearn/dummy.py',
    what: 'attribute constant_ has two dimensions',
    up: (o) => {
      const constant = o.get('constant_');
      if (!(constant instanceof NdArray) || constant.shape.length === 2) return;
      o.set('constant_', new NdArray(constant.dtype, [1, constant.size], false, constant.data));
      o.tell('attribute constant_ made a row');
    },
  },
]);

export const renamedClasses = rules([
  ...(
    [
      ['GraphLasso', 'GraphicalLasso'],
      ['GraphLassoCV', 'GraphicalLassoCV'],
    ] as const
  ).map(([from, to]) => ({
    since: '0.20',
    classes: [from],
    source: 'sklearn/covariance/graph_lasso_.py; #9993',
    what: `${from} is called ${to}`,
    up: (o: Subject): void => {
      o.become('sklearn.covariance.graph_lasso_', to);
      o.tell(`${from} written as ${to}`);
    },
  })),
  {
    since: '0.20',
    classes: ['Imputer'],
    source: 'sklearn/impute.py; #9151',
    what: 'SimpleImputer takes the place of Imputer, which also imputed along rows',
    up: (o) => {
      if (integerOf(o.get('axis')) === 1) throw o.refusal('Imputer imputes along rows (axis=1); nothing later does');
      if (o.get('missing_values') === 'NaN') o.set('missing_values', real(NaN));
      o.delete('axis');
      o.set('fill_value', null);
      o.become('sklearn.impute', 'SimpleImputer');
      o.tell('Imputer written as SimpleImputer');
    },
  },
]);

export const prefit = rules([
  {
    since: '1.8',
    classes: ['CalibratedClassifierCV'],
    source: 'sklearn/calibration.py; #29893',
    what: "cv='prefit' went; a FrozenEstimator says that the estimator is fitted already",
    up: (o) => {
      if (o.get('cv') !== 'prefit') return;
      const estimator = o.get('estimator') ?? null;
      o.set('cv', null);
      o.set(
        'estimator',
        o.create('sklearn.frozen._frozen', 'FrozenEstimator', PyDict.from([['estimator', estimator]])),
      );
      o.tell("cv = 'prefit' said by a FrozenEstimator");
    },
  },
  {
    since: '1.6',
    classes: ['CalibratedClassifierCV', 'SelfTrainingClassifier', 'SelectFromModel', 'StackingClassifier'],
    source: 'sklearn/frozen/_frozen.py; #29705',
    what: 'FrozenEstimator came, and with it another way to say that an estimator is fitted',
    down: (o) => {
      const frozen = o.child('estimator');
      if (o.name !== 'CalibratedClassifierCV' || frozen?.name !== 'FrozenEstimator') return;
      o.set('estimator', frozen.get('estimator') ?? null);
      o.set('cv', 'prefit');
      o.tell("FrozenEstimator written as cv = 'prefit'");
    },
  },
]);

// ---- support vectors of regressors

export const supportCounts = rules([
  {
    since: '0.22',
    classes: ['SVR', 'NuSVR', 'OneClassSVM'],
    source: 'sklearn/svm/_base.py; #14874',
    what: '_n_support counts the support vectors; it held anything before where there are no classes',
    up: (o) => {
      const vectors = o.get('support_');
      if (!(vectors instanceof NdArray)) return;
      const counts = Int32Array.of(vectors.size, vectors.size);
      o.set('_n_support', new NdArray(new Dtype('i', 4, '<'), [2], false, new Uint8Array(counts.buffer)));
      o.tell('attribute _n_support counted');
    },
  },
]);

// ---- imputers

function flags(value: PyValue | undefined): Uint8Array | undefined {
  return value instanceof NdArray && value.dtype.type === 'b' && value.data instanceof Uint8Array && !value.fortran
    ? value.data
    : undefined;
}

export const moreImputers = rules([
  {
    since: '0.23',
    classes: ['IterativeImputer'],
    source: 'sklearn/impute/_iterative.py; #16493',
    what: 'the bounds of imputed values are kept for each feature',
    up: (o) => {
      const width = o.child('initial_imputer_')?.get('statistics_');
      if (!(width instanceof NdArray)) return;
      for (const [name, otherwise] of [
        ['_min_value', -Infinity],
        ['_max_value', Infinity],
      ] as const) {
        const bound = o.get(name) ?? o.get(name.slice(1)) ?? null;
        if (bound instanceof NdArray) continue;
        o.set(name, floats(new Float64Array(width.size).fill(bound === null ? otherwise : numberOf(bound))));
      }
      o.tell('attributes _min_value and _max_value made one number for each feature');
    },
  },
  derived('1.2', 'n_features_in_', (o) => o.get('_n_features'), ['MissingIndicator'], 'sklearn/impute/_base.py'),
  derived(
    '1.1',
    '_valid_mask',
    (o) => {
      const mask = o.get('_mask_fit_X');
      if (!(mask instanceof NdArray)) return undefined;
      const [rows, columns] = mask.shape;
      const own = flags(mask) ?? Uint8Array.from(toFloat64(mask));
      return bools(
        Array.from(
          { length: columns },
          (_, j) => rows === 0 || !Array.from({ length: rows }, (_, i) => own[i * columns + j]).every((x) => x !== 0),
        ),
      );
    },
    ['KNNImputer'],
    'sklearn/impute/_knn.py; #23833',
  ),
  derived(
    '1.6',
    '_is_empty_feature',
    (o) => {
      const initial = o.child('initial_imputer_');
      const statistics = numbersOf(initial?.get('statistics_'));
      return statistics && bools(Array.from(statistics, Number.isNaN));
    },
    ['IterativeImputer'],
    'sklearn/impute/_iterative.py; #29451',
  ),
  derived(
    '0.24',
    '_precomputed',
    // Those inside imputers are given the mask itself.
    (o) => (o.has('features_') ? (o.holder?.has('add_indicator') ?? false) : undefined),
    ['MissingIndicator'],
    'sklearn/impute/_base.py; #16426',
  ),
]);

// ---- one attribute each

/** Where the number of features stands in what an estimator learned: the last axis of this attribute. */
const widths: readonly (readonly [string, string])[] = [
  ['PowerTransformer', 'lambdas_'],
  ['QuantileTransformer', 'quantiles_'],
  ['StandardScaler', 'scale_'],
  ['StandardScaler', 'mean_'],
  ['MinMaxScaler', 'scale_'],
  ['MaxAbsScaler', 'scale_'],
  ['RobustScaler', 'scale_'],
  ['RobustScaler', 'center_'],
  ['KMeans', 'cluster_centers_'],
  ['MiniBatchKMeans', 'cluster_centers_'],
  ['SimpleImputer', 'statistics_'],
  ['PCA', 'components_'],
  ['IncrementalPCA', 'components_'],
  ['TruncatedSVD', 'components_'],
  ['NMF', 'components_'],
  ['FactorAnalysis', 'components_'],
  ['DictionaryLearning', 'components_'],
  ['MiniBatchDictionaryLearning', 'components_'],
  ['SparsePCA', 'components_'],
  ['MiniBatchSparsePCA', 'components_'],
  ['VarianceThreshold', 'variances_'],
  ['SelectKBest', 'scores_'],
  ['SelectPercentile', 'scores_'],
  ['SelectFpr', 'scores_'],
  ['SelectFdr', 'scores_'],
  ['SelectFwe', 'scores_'],
  ['GenericUnivariateSelect', 'scores_'],
  ['RFE', 'support_'],
  ['RFECV', 'support_'],
];

function knownWidth(o: Subject): PyValue | undefined {
  for (const [name, attribute] of widths) {
    const value = name === o.name ? o.get(attribute) : undefined;
    if (value instanceof NdArray && value.shape.length > 0) return value.shape[value.shape.length - 1];
  }
  return undefined;
}

const components = (o: Subject): PyValue | undefined => {
  const value = o.get('components_');
  if (value instanceof SparseMatrix) return value.shape[0];
  return value instanceof NdArray ? value.shape[0] : undefined;
};

export const single = rules([
  derived(
    '0.24',
    'n_features_in_',
    knownWidth,
    [...new Set(widths.map(([name]) => name))],
    'sklearn/base.py, _check_n_features; #13603',
  ),
  derived(
    '1.2',
    '_n_features_out',
    components,
    ['GaussianRandomProjection', 'SparseRandomProjection'],
    'sklearn/random_projection.py; #24213',
  ),
  {
    since: '1.2',
    classes: ['KernelDensity'],
    source: 'sklearn/neighbors/_kde.py; #23993',
    what: 'the bandwidth may be estimated by name; what it came to is kept as bandwidth_',
    up: (o) => {
      const value = o.get('bandwidth');
      if (!o.has('tree_') || o.has('bandwidth_') || value === undefined) return;
      o.set('bandwidth_', value);
      o.tell('attribute bandwidth_ added');
    },
    down: (o) => {
      const value = o.get('bandwidth_');
      if (value === undefined) return;
      o.set('bandwidth', value);
      o.delete('bandwidth_');
      o.tell('attribute bandwidth_ written as bandwidth');
    },
  },
  derived(
    '0.23',
    '_n_threads',
    (o) => (o.has('cluster_centers_') ? 1 : undefined),
    ['KMeans', 'MiniBatchKMeans'],
    'sklearn/cluster/_kmeans.py; #11950',
  ),
  renamed('0.24', '_necessary_X_', 'X_thresholds_', ['IsotonicRegression'], 'sklearn/isotonic.py; #16289'),
  renamed('0.24', '_necessary_y_', 'y_thresholds_', ['IsotonicRegression'], 'sklearn/isotonic.py; #16289'),
  derived(
    '0.24',
    'dictionary',
    (o) => o.get('components_'),
    ['SparseCoder'],
    'sklearn/decomposition/_dict_learning.py; #18028',
  ),
  derived(
    '1.8',
    'n_components_',
    (o) => {
      const dictionary = o.get('dictionary');
      return dictionary instanceof NdArray ? dictionary.shape[0] : undefined;
    },
    ['SparseCoder'],
    'sklearn/decomposition/_dict_learning.py; #31999',
  ),
  meant(
    '1.7',
    'store_cv_results',
    null,
    false,
    ['RidgeCV', 'RidgeClassifierCV'],
    'sklearn/linear_model/_ridge.py',
    'went',
  ),
  meant('1.5', 'max_iter', null, 300, ['ARDRegression', 'BayesianRidge'], 'sklearn/linear_model/_bayes.py', 'went'),
  meant('1.7', 'max_iter', null, 1000, ['TSNE'], 'sklearn/manifold/_t_sne.py', 'went'),
  meant(
    '1.4',
    'max_iter',
    null,
    1000,
    ['MiniBatchDictionaryLearning', 'MiniBatchSparsePCA'],
    'sklearn/decomposition/_dict_learning.py',
    'went',
  ),
  meant(
    '1.4',
    'metric',
    null,
    'euclidean',
    ['AgglomerativeClustering', 'FeatureAgglomeration'],
    'sklearn/cluster/_agglomerative.py',
    'went',
  ),
  meant('1.3', 'whiten', true, 'arbitrary-variance', ['FastICA'], 'sklearn/decomposition/_fastica.py; #19490', 'went'),
  meant(
    '1.3',
    'whiten',
    'warn',
    'arbitrary-variance',
    ['FastICA'],
    'sklearn/decomposition/_fastica.py; #19490',
    'went',
  ),
  words(
    '0.22',
    'max_bins',
    [[256, 255]],
    ['HistGradientBoostingClassifier', 'HistGradientBoostingRegressor'],
    'sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py',
  ),
  meant('0.22', 'categories', null, 'auto', ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py', 'went'),
  meant(
    '0.22',
    'validate',
    null,
    true,
    ['FunctionTransformer'],
    'sklearn/preprocessing/_function_transformer.py',
    'went',
  ),
  {
    since: '0.22',
    classes: ['SparsePCA', 'MiniBatchSparsePCA'],
    source: 'sklearn/decomposition/_sparse_pca.py; #13204',
    what: 'inputs are centred and outputs not scaled by all rows at once, which normalize_components=False did before',
    up: (o) => {
      if (o.has('components_') && !o.has('mean_')) {
        throw o.refusal(
          `${o.name} was trained with normalize_components=False, which scales every output by all of its rows; 0.22 took that out`,
        );
      }
    },
  },
]);
