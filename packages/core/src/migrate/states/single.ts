/** Single attributes and parameters that later versions ask for, of estimators that changed little else. */
import { PyGlobal, type PyValue } from '../../pickle/values.js';
import { numberOf, toFloat64 } from '../../python/elements.js';
import { NdArray } from '../../python/ndarray.js';
import { SparseMatrix } from '../../python/sparse.js';
import { PyPartial } from '../../python/values.js';
import { plainResults } from './older.js';
import { derived, integerOf, meant, real, renamed, rules, widthOf, words } from '../define.js';
import type { Subject } from '../subject.js';

export const gaussianProcesses = rules([
  renamed('0.19', 'y_train_mean', '_y_train_mean', ['GaussianProcessRegressor'], 'sklearn/gaussian_process/gpr.py'),
  {
    since: '0.20',
    classes: ['GaussianProcessRegressor'],
    source: 'sklearn/gaussian_process/gpr.py',
    what: 'the inverse of the kernel matrix is kept once it was asked for; None means that it is yet to be computed',
    up: (o) => {
      if (o.has('alpha_') && !o.has('_K_inv')) o.set('_K_inv', null);
    },
    down: (o) => {
      o.delete('_K_inv');
    },
  },
  {
    since: '0.24',
    classes: ['GaussianProcessRegressor'],
    source: 'sklearn/gaussian_process/_gpr.py; #17931',
    what: 'the inverse of the kernel matrix is not kept any more; None means that it is yet to be computed',
    up: (o) => {
      if (o.delete('_K_inv')) o.tell('attribute _K_inv left out: it is not kept since 0.24');
    },
    down: (o) => {
      if (!o.has('alpha_') || o.has('_K_inv')) return;
      o.set('_K_inv', null);
      o.tell('attribute _K_inv = None added: it is computed when asked for');
    },
  },
  {
    since: '0.23',
    classes: ['GaussianProcessRegressor'],
    source: 'sklearn/gaussian_process/_gpr.py; #15782',
    what: 'attribute _y_train_std came: targets are scaled as well as centred. 1 means not scaled, as before',
    up: (o) => {
      if (!o.has('alpha_') || o.has('_y_train_std')) return;
      o.set('_y_train_std', real(1));
      o.tell('attribute _y_train_std added');
    },
    down: (o) => {
      const scale = o.get('_y_train_std');
      const numbers = scale instanceof NdArray ? [...toFloat64(scale)] : scale === undefined ? [] : [numberOf(scale)];
      if (numbers.some((x) => x !== 1))
        throw o.refusal('GaussianProcessRegressor scales its targets, which came with 0.23');
      o.delete('_y_train_std');
    },
  },
  {
    since: '0.23',
    classes: ['Matern'],
    source: 'sklearn/gaussian_process/kernels.py; #15972',
    what: 'nu may be infinite, which is the RBF kernel',
    down: (o) => {
      const nu = o.get('nu');
      if (nu !== undefined && numberOf(nu) === Infinity) throw o.refusal('a Matern kernel with nu=inf came with 0.23');
    },
  },
]);

/** 0.23 counts the features of these before they answer, later ones only where the number is kept. */
export const countedFeaturesOfOld = rules(
  (
    [
      ['StandardScaler', (o) => widthOf(o.get('scale_')) ?? widthOf(o.get('mean_'))],
      ['SimpleImputer', (o) => widthOf(o.get('statistics_'))],
      ['MissingIndicator', (o) => integerOf(o.get('_n_features'))],
      ['IterativeImputer', (o) => widthOf(o.child('initial_imputer_')?.get('statistics_'))],
      ['PowerTransformer', (o) => widthOf(o.get('lambdas_'))],
    ] as const satisfies readonly (readonly [string, (o: Subject) => PyValue | undefined])[]
  ).map(([name, count]) => derived('0.23', 'n_features_in_', count, [name], 'sklearn/base.py; #13603')),
);

export const naiveBayesRules = rules([
  {
    since: '1.0',
    classes: ['BernoulliNB', 'CategoricalNB', 'ComplementNB', 'MultinomialNB'],
    source: 'sklearn/naive_bayes.py',
    what: 'attribute n_features_ is called n_features_in_',
    down: (o) => {
      const count = o.get('n_features_in_');
      if (count === undefined || o.has('n_features_')) return;
      o.set('n_features_', count);
      o.tell('attribute n_features_ added');
    },
  },
  renamed('1.0', 'sigma_', 'var_', ['GaussianNB'], 'sklearn/naive_bayes.py; #18842'),
]);

export const neuralNetworks = rules([
  words(
    '1.0',
    'loss',
    [['squared_loss', 'squared_error']],
    ['MLPRegressor'],
    'sklearn/neural_network/_multilayer_perceptron.py; #19310',
  ),
]);

export const clusters = rules([
  words(
    '1.1',
    'algorithm',
    [
      ['auto', 'lloyd'],
      ['full', 'lloyd'],
    ],
    ['KMeans', 'MiniBatchKMeans'],
    'sklearn/cluster/_kmeans.py; #21735',
  ),
]);

export const selfTraining = rules([
  renamed(
    '1.6',
    'base_estimator_',
    'estimator_',
    ['SelfTrainingClassifier'],
    'sklearn/semi_supervised/_self_training.py; #28494',
  ),
]);

/** The number of penalties along a path was a parameter of its own. */
export const alphasOfPath = rules([
  meant(
    '1.9',
    'alphas',
    'warn',
    100,
    ['ElasticNetCV', 'LassoCV', 'MultiTaskElasticNetCV', 'MultiTaskLassoCV'],
    'sklearn/linear_model/_coordinate_descent.py',
    'went',
  ),
  {
    since: '1.7',
    classes: ['ElasticNetCV', 'LassoCV', 'MultiTaskElasticNetCV', 'MultiTaskLassoCV'],
    source: 'sklearn/linear_model/_coordinate_descent.py; #30616',
    what: 'alphas may be a number of penalties, which n_alphas was',
    up: (o) => {
      const count = o.get('n_alphas');
      if (count === undefined || count === 'deprecated') return;
      if ((o.get('alphas') ?? null) === null) o.set('alphas', count);
      o.set('n_alphas', 'deprecated');
      o.tell('n_alphas said by alphas');
    },
    down: (o) => {
      const alphas = o.get('alphas');
      const count = alphas === undefined || alphas === 'warn' ? 100 : integerOf(alphas);
      if (count !== undefined) o.set('alphas', null);
      o.set('n_alphas', count ?? 100);
      o.tell('the number of alphas said by n_alphas');
    },
  },
]);

/** Dictionaries of results that warned about old keys. */
export const results = rules([
  {
    since: '1.2',
    classes: ['GraphicalLassoCV', 'GraphLassoCV'],
    source: 'sklearn/covariance/_graph_lasso.py; #22105',
    what: 'cv_results_ is a plain dict',
    up: plainResults,
  },
]);

/** Splines of scipy 1.17 keep their knots and coefficients under other names, and how they make arrays. */
export const splines = rules([
  {
    since: '1.8',
    classes: ['BSpline'],
    source: 'scipy/interpolate/_bsplines.py, BSpline (scipy 1.17)',
    what: 'scipy 1.17 keeps knots and coefficients as _t and _c; both names are written, for every scipy',
    // The scipy that wrote the file is not in it.
    lasting: true,
    up: (o) => {
      const [t, c] = [o.get('t'), o.get('c')];
      if (t === undefined || c === undefined || o.has('_asarray')) return;
      o.set('_t', t);
      o.set('_c', c);
      o.set('_asarray', o.function('numpy', 'asarray'));
      o.tell('attributes _t, _c and _asarray of scipy 1.17 added');
    },
    down: (o) => {
      const [t, c] = [o.get('_t'), o.get('_c')];
      if (t === undefined || c === undefined) return;
      o.set('t', t);
      o.set('c', c);
      for (const name of ['_t', '_c', '_asarray']) o.delete(name);
      o.tell('attributes written as t and c, as before scipy 1.17');
    },
  },
]);

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

/** Names that are the input's, where the file does not tell what the input is called. */
export const unnamed = rules([
  {
    since: '1.2',
    classes: ['FunctionTransformer'],
    source: 'sklearn/preprocessing/_function_transformer.py; #23734',
    what: 'the names of the output are looked up when it transforms; a file of 1.1 does not know those of the input',
    up: (o) => {
      if (o.get('feature_names_out') !== 'one-to-one' || o.has('n_features_in_')) return;
      o.set('feature_names_out', null);
      o.tell('feature_names_out = None: the file does not tell what its input is called');
    },
  },
]);

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
    '1.3',
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
  {
    since: '0.24',
    classes: ['SparseCoder'],
    source: 'sklearn/decomposition/_dict_learning.py; #18028',
    what: 'components_ is the parameter dictionary',
    up: (o) => {
      const words = o.get('components_');
      if (words === undefined || o.has('dictionary')) return;
      o.set('dictionary', words);
      o.tell('attribute dictionary added');
    },
    down: (o) => {
      if (!o.rename('dictionary', 'components_')) return;
      o.tell('dictionary kept as components_, as before 0.24');
    },
  },
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
  meant('1.3', 'n_iter', null, 300, ['ARDRegression', 'BayesianRidge'], 'sklearn/linear_model/_bayes.py', 'came'),
  meant('1.3', 'max_iter', null, 300, ['ARDRegression', 'BayesianRidge'], 'sklearn/linear_model/_bayes.py', 'came'),
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
