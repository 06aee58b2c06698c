/** Single attributes that later versions ask for, of estimators that changed little else. */
import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';
import { elements, toFloat64 } from '../../python/elements.js';
import { derived, integerOf, real, renamed, words, rules } from '../define.js';
import { SparseMatrix } from '../../python/sparse.js';
import type { Rule } from '../rule.js';
import type { Subject } from '../subject.js';
import { PandasIndex } from '../../python/pandas/pandas-index.js';
import { floats, object as OBJECT } from './arrays.js';

// ---- cross-decomposition

const pls = ['PLSRegression', 'PLSCanonical', 'CCA'];
const PLS = 'sklearn/cross_decomposition/_pls.py';

/** The transpose of a matrix, each of its rows divided by `by`. */
function transposed(matrix: NdArray, by?: Float64Array): NdArray {
  const [rows, columns] = matrix.shape;
  const values = toFloat64(matrix);
  const out = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] / (by ? by[i] : 1);
  }
  return floats(out, [columns, rows]);
}

function scaleOf(o: Subject): Float64Array | undefined {
  const scale = o.get('_x_std');
  return scale instanceof NdArray ? toFloat64(scale) : undefined;
}

/** Each column of [targets, features] times or over the scale of its feature. */
function rescaled(matrix: NdArray, scale: Float64Array, power: 1 | -1): NdArray {
  const values = toFloat64(matrix).slice();
  const width = matrix.shape[1];
  for (let i = 0; i < values.length; i++) values[i] *= scale[i % width] ** power;
  return floats(values, matrix.shape);
}

export const crossDecompositionRules = rules([
  ...['x_mean', 'y_mean', 'x_std', 'y_std'].map((name) =>
    renamed('0.24', `${name}_`, `_${name}`, [...pls, 'PLSSVD'], `${PLS}; #18768`),
  ),
  ...['x_scores', 'y_scores'].map((name) => renamed('0.24', `${name}_`, `_${name}`, ['PLSCanonical', 'CCA'], PLS)),
  {
    since: '1.1',
    classes: pls,
    source: `${PLS}; #22016`,
    what: 'coefficients are kept transposed as _coef_, with an intercept_ of their own',
    up: (o) => {
      const coef = o.get('coef_');
      if (!(coef instanceof NdArray)) return;
      o.delete('coef_');
      o.set('_coef_', transposed(coef));
      o.set('intercept_', o.get('_y_mean') ?? real(0));
      o.tell('coef_ transposed and kept as _coef_, intercept_ added');
    },
    down: (o) => {
      const coef = o.get('_coef_');
      if (!(coef instanceof NdArray)) return;
      o.delete('_coef_');
      o.delete('intercept_');
      o.set('coef_', transposed(coef));
      o.tell('_coef_ transposed and kept as coef_');
    },
  },
  renamed('1.3', '_coef_', 'coef_', pls, `${PLS}; #26016`),
  derived(
    '1.3',
    '_predict_1d',
    (o) => (o.has('coef_') ? false : undefined),
    pls,
    `${PLS}; #26602`,
    'attribute _predict_1d came: True gives predictions of one target as a vector. Before they were a column',
  ),
  {
    since: '1.5',
    classes: pls,
    source: `${PLS}; #28612`,
    what: 'coefficients take over the scaling of the input, which predict no longer does',
    up: (o) => {
      const coef = o.get('coef_');
      const scale = scaleOf(o);
      if (!(coef instanceof NdArray) || !scale) return;
      o.set('coef_', rescaled(coef, scale, -1));
      o.tell('coef_ divided by the scale of the input');
    },
    down: (o) => {
      const coef = o.get('coef_');
      const scale = scaleOf(o);
      if (!(coef instanceof NdArray) || !scale) return;
      o.set('coef_', rescaled(coef, scale, 1));
      o.tell('coef_ multiplied by the scale of the input');
    },
  },
]);

// ---- support vector machines

const svms = ['SVC', 'NuSVC', 'SVR', 'NuSVR', 'OneClassSVM'];
const SVM = 'sklearn/svm/_base.py';

export const supportVectors = rules([
  renamed('0.22', 'n_support_', '_n_support', svms, `${SVM}; #15099`),
  renamed('0.22', 'probA_', '_probA', svms, `${SVM}; #15099`),
  renamed('0.22', 'probB_', '_probB', svms, `${SVM}; #15099`),
  {
    since: '1.9',
    classes: svms,
    source: `${SVM}; #32050`,
    what: "probability is on its way out ('deprecated' by default); whether probabilities were trained is kept beside it",
    up: (o) => {
      if (o.has('support_')) {
        o.set('_effective_probability', o.get('probability') ?? false);
        o.tell('attribute _effective_probability added');
      }
      if ((o.name === 'SVC' || o.name === 'NuSVC') && o.get('probability') === false) {
        o.set('probability', 'deprecated');
        o.tell("probability = False written as 'deprecated', the default that means it");
      }
    },
    down: (o) => {
      if (o.delete('_effective_probability')) o.tell('attribute _effective_probability left out');
      if (o.get('probability') === 'deprecated') {
        o.set('probability', false);
        o.tell("probability = 'deprecated' written as False, which it meant");
      }
    },
  },
]);

// ---- decomposition, neighbours, Gaussian processes, clusters

export const kernelPca = rules([
  renamed('1.0', 'lambdas_', 'eigenvalues_', ['KernelPCA'], 'sklearn/decomposition/_kernel_pca.py; #19908'),
  renamed('1.0', 'alphas_', 'eigenvectors_', ['KernelPCA'], 'sklearn/decomposition/_kernel_pca.py; #19908'),
  derived(
    '1.3',
    'gamma_',
    (o) => {
      const fit = o.get('X_fit_');
      if (!o.has('eigenvalues_')) return undefined;
      const gamma = o.get('gamma') ?? null;
      if (gamma !== null) return gamma;
      return fit instanceof NdArray ? real(1 / fit.shape[1]) : undefined;
    },
    ['KernelPCA'],
    'sklearn/decomposition/_kernel_pca.py; #26337',
  ),
]);

/** A weighted Minkowski metric has a weight for each feature; an unweighted one said a single 0 before. */
function weights(o: Subject, from: number, to: number): void {
  const [type] = o.instance.args.items;
  if (!(type instanceof PyGlobal) || !type.name.startsWith('MinkowskiDistance')) return;
  const { state } = o.instance;
  const vector = state instanceof PyTuple ? state.items[1] : undefined;
  if (!(state instanceof PyTuple) || !(vector instanceof NdArray) || vector.size !== from) return;
  if (from === 1 && toFloat64(vector)[0] !== 0) return;
  state.items[1] = floats(new Float64Array(to));
  o.tell('no weights said by an array of length ' + String(to));
}

export const nearest = rules([
  {
    since: '1.0',
    classes: ['newObj'],
    source: 'sklearn/metrics/_dist_metrics.pyx, MinkowskiDistance; #21741',
    what: 'MinkowskiDistance may have weights: none is an empty array, where it was a single 0',
    up: (o) => {
      weights(o, 1, 0);
    },
    down: (o) => {
      weights(o, 0, 1);
    },
  },
  {
    since: '1.1',
    classes: [
      'KNeighborsClassifier',
      'KNeighborsRegressor',
      'NearestNeighbors',
      'LocalOutlierFactor',
      'RadiusNeighborsClassifier',
      'RadiusNeighborsRegressor',
    ],
    source: 'sklearn/metrics/_pairwise_distances_reduction.pyx; #21987',
    what:
      'brute force computes distances itself, where scipy did: for braycurtis scipy divides by |x + y|, scikit-learn by |x| + |y|. ' +
      'Models that met scipy’s name its function',
    up: (o) => {
      if (o.get('_fit_method') !== 'brute' || o.get('effective_metric_') !== 'braycurtis') return;
      const metric = o.function('scipy.spatial.distance', 'braycurtis');
      o.set('metric', metric);
      o.set('effective_metric_', metric);
      o.tell('metric braycurtis written as scipy’s function, which it was');
    },
    down: (o) => {
      if (o.get('_fit_method') !== 'brute' || o.get('effective_metric_') !== 'braycurtis') return;
      throw o.refusal(`${o.name} has scikit-learn’s own braycurtis distance by brute force, which came with 1.1`);
    },
  },
  derived(
    '0.22',
    'n_samples_fit_',
    (o) => {
      const fit = o.get('_fit_X');
      return fit instanceof NdArray || fit instanceof SparseMatrix ? fit.shape[0] : undefined;
    },
    [
      'KNeighborsClassifier',
      'KNeighborsRegressor',
      'RadiusNeighborsClassifier',
      'RadiusNeighborsRegressor',
      'NearestNeighbors',
      'LocalOutlierFactor',
    ],
    'sklearn/neighbors/_base.py; #10482',
  ),
  derived(
    '1.6',
    'class_prior_',
    (o) => {
      const classes = o.get('classes_');
      if (!o.has('centroids_') || !(classes instanceof NdArray)) return undefined;
      return floats(new Float64Array(classes.size).fill(1 / classes.size));
    },
    ['NearestCentroid'],
    'sklearn/neighbors/_nearest_centroid.py; #26689',
    'attribute class_prior_ came: all classes alike, as before',
  ),
]);

export const gaussianProcesses = rules([
  derived(
    '0.23',
    '_y_train_std',
    (o) => (o.has('alpha_') ? real(1) : undefined),
    ['GaussianProcessRegressor'],
    'sklearn/gaussian_process/_gpr.py; #15782',
    'attribute _y_train_std came: targets are scaled as well as centred. 1 means not scaled, as before',
  ),
]);

export const naiveBayesRules = rules([
  renamed('1.0', 'sigma_', 'var_', ['GaussianNB'], 'sklearn/naive_bayes.py; #18842'),
]);

export const calibrations = rules([
  renamed('0.24', 'calibrators_', 'calibrators', ['_CalibratedClassifier'], 'sklearn/calibration.py; #17856'),
  {
    since: '0.24',
    classes: ['_CalibratedClassifier'],
    source: 'sklearn/calibration.py; #17856',
    what: 'the classes are given, no longer encoded by a label encoder',
    up: (o) => {
      if ((o.get('classes') ?? null) !== null) return;
      const classes = o.child('label_encoder_')?.get('classes_') ?? o.get('classes_');
      if (classes === undefined) return;
      o.set('classes', classes);
      o.delete('label_encoder_');
      o.tell('attribute classes taken from the label encoder');
    },
  },
  renamed('1.2', 'base_estimator', 'estimator', ['_CalibratedClassifier'], 'sklearn/calibration.py; #22054'),
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

// ---- columns

/** What a column transformer puts in the place of `passthrough`, with every parameter of 1.4. */
function passthrough(o: Subject, columns: PyValue | undefined): PyInstance {
  const numbers = Array.isArray(columns) ? columns.map((c) => integerOf(c) ?? 0) : undefined;
  const all = namesOf(o.get('feature_names_in_') ?? null);
  const names = all && numbers?.map((n) => all[n]);
  return o.create(
    'sklearn.preprocessing._function_transformer',
    'FunctionTransformer',
    PyDict.from([
      ['func', null],
      ['inverse_func', null],
      ['validate', false],
      ['accept_sparse', true],
      ['check_inverse', false],
      ['feature_names_out', 'one-to-one'],
      ['kw_args', null],
      ['inv_kw_args', null],
      ...(numbers ? ([['n_features_in_', numbers.length]] as [string, PyValue][]) : []),
      ...(names
        ? ([['feature_names_in_', new NdArray(OBJECT, [names.length], false, names)]] as [string, PyValue][])
        : []),
    ]),
  );
}

function tuplesOf(value: PyValue | undefined): PyTuple[] {
  return Array.isArray(value) ? value.filter((item): item is PyTuple => item instanceof PyTuple) : [];
}

const COLUMNS = 'sklearn/compose/_column_transformer.py';

/** Which columns of the input a transformer gets, by number; undefined where that is not plain. */
function columnNumbers(columns: PyValue, names: readonly PyValue[] | undefined, width: number): number[] | undefined {
  const one = (value: PyValue): number | undefined => {
    const number = integerOf(value);
    if (number !== undefined) return number < 0 ? number + width : number;
    const at = typeof value === 'string' ? names?.indexOf(value) : undefined;
    return at === -1 ? undefined : at;
  };
  if (columns instanceof NdArray && columns.dtype.type === 'b') {
    return [...toFloat64(columns).keys()].filter((i) => toFloat64(columns)[i] !== 0);
  }
  const items = columns instanceof NdArray ? [...toFloat64(columns)] : Array.isArray(columns) ? columns : undefined;
  if (items) {
    if (items.length > 0 && items.every((item) => typeof item === 'boolean')) {
      return items.flatMap((item, i) => (item ? [i] : []));
    }
    const numbers = items.map(one);
    return numbers.every((n) => n !== undefined) ? numbers : undefined;
  }
  const single = one(columns);
  return single === undefined ? undefined : [single];
}

export const columnRules = rules([
  {
    since: '1.0',
    classes: ['ColumnTransformer'],
    source: `${COLUMNS}; #18444`,
    what: 'the columns of each transformer are kept as numbers too, and the names of the input as feature_names_in_',
    up: (o) => {
      if (o.has('_transformer_to_input_indices') || !o.has('transformers_')) return;
      const found = o.get('_df_columns') ?? o.get('_feature_names_in') ?? null;
      const names = namesOf(found);
      if (names && !o.has('feature_names_in_')) {
        o.set('feature_names_in_', new NdArray(OBJECT, [names.length], false, [...names]));
        o.set('n_features_in_', names.length);
      }
      const width = integerOf(o.get('n_features_in_') ?? o.get('_n_features')) ?? names?.length ?? 0;
      const indices = new PyDict();
      for (const { items } of tuplesOf(o.get('transformers_'))) {
        const numbers = items.length === 3 ? columnNumbers(items[2], names, width) : undefined;
        if (numbers) indices.set(items[0], numbers);
      }
      if (!indices.has('remainder')) indices.set('remainder', []);
      o.set('_transformer_to_input_indices', indices);
      for (const name of ['_df_columns', '_feature_names_in', '_has_str_cols']) o.delete(name);
      o.tell('attribute _transformer_to_input_indices added');
    },
  },
  {
    since: '1.4',
    classes: ['ColumnTransformer'],
    source: `${COLUMNS}; #27204`,
    what: "fitted transformers have a FunctionTransformer where they said 'passthrough'",
    up: (o) => {
      let changed = false;
      for (const { items } of tuplesOf(o.get('transformers_'))) {
        if (items[1] !== 'passthrough') continue;
        const places = o.get('_transformer_to_input_indices');
        items[1] = passthrough(o, places instanceof PyDict ? places.get(items[0]) : undefined);
        changed = true;
      }
      o.delete('_name_to_fitted_passthrough');
      o.delete('_n_features');
      if (changed) o.tell("'passthrough' in transformers_ written as a FunctionTransformer");
    },
    down: (o) => {
      o.set('_name_to_fitted_passthrough', new PyDict());
      const width = o.get('n_features_in_');
      if (width !== undefined) o.set('_n_features', width);
      o.tell('attributes _name_to_fitted_passthrough and _n_features added');
    },
  },
  ...(
    [
      ['1.7', 'up', 'the remaining columns are a plain list, no longer one that warns'],
      ['1.5', 'down', 'the remaining columns are a list that warns'],
    ] as const
  ).map(([since, way, what]): Rule => ({
    since,
    classes: ['ColumnTransformer'],
    source: `${COLUMNS}; #31167`,
    what,
    [way]: (o: Subject): void => {
      const plain = (value: PyValue): PyValue => {
        if (!(value instanceof PyInstance) || value.name !== '_RemainderColsList') return value;
        o.migration.forget(value);
        return value.attribute('data') ?? [];
      };
      const holders = [...tuplesOf(o.get('transformers_')), o.get('_remainder')];
      let changed = false;
      for (const holder of holders) {
        if (!(holder instanceof PyTuple)) continue;
        holder.items.forEach((item, i) => {
          const now = plain(item);
          if (now === item) return;
          holder.items[i] = now;
          changed = true;
        });
      }
      if (changed) o.tell('list of the remaining columns made plain');
    },
  })),
]);

/** Column names, where all are text. */
function namesOf(value: PyValue): readonly PyValue[] | undefined {
  const items =
    value instanceof PandasIndex
      ? value.labels()
      : value instanceof NdArray
        ? elements(value)
        : Array.isArray(value)
          ? value
          : undefined;
  return items?.every((item) => typeof item === 'string') === true && items.length > 0 ? items : undefined;
}

// ---- searches

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

const bisections = ['DictionaryLearning', 'MiniBatchDictionaryLearning', 'SparseCoder'];

function refuseCoordinateDescent(o: Subject): void {
  if (o.get('transform_algorithm') !== 'lasso_cd') return;
  throw o.refusal(
    `${o.name} transforms by coordinate descent (lasso_cd), which stops elsewhere since 1.8: answers would differ in the third digit`,
  );
}

export const coordinateDescent = rules([
  {
    since: '1.8',
    classes: bisections,
    source: 'sklearn/linear_model/_cd_fast.pyx; #31665',
    what: 'coordinate descent stops by another rule, so that transform_algorithm=lasso_cd answers otherwise',
    up: refuseCoordinateDescent,
    down: refuseCoordinateDescent,
  },
]);

/** True where no two classes get the very same number but by a miracle: weighted sums of inputs or kernels. */
function isContinuous(o: Subject | undefined): boolean {
  if (!o) return false;
  if (o.has('coef_') || o.has('dual_coef_') || o.has('coefs_')) return true;
  const steps = o.get('steps');
  const last = Array.isArray(steps) ? steps[steps.length - 1] : undefined;
  const end = last instanceof PyTuple ? last.items[1] : (o.get('best_estimator_') ?? o.get('regressor_'));
  return end instanceof PyInstance && isContinuous(o.migration.subjectOf(end));
}

function refuseTies(o: Subject): void {
  const list = o.get('estimators_');
  const first = Array.isArray(list) ? list[0] : undefined;
  if (!(first instanceof PyInstance) || o.child('label_binarizer_')?.get('y_type_') !== 'multiclass') return;
  const inner = o.migration.subjectOf(first);
  if (isContinuous(inner)) return;
  throw o.refusal(
    `OneVsRestClassifier of ${inner.name}: where classes tie, the last of them won until 1.7, the first wins since; the predictions would be others`,
  );
}

export const ties = rules([
  {
    since: '1.8',
    classes: ['OneVsRestClassifier'],
    source: 'sklearn/multiclass.py; #15504',
    what: 'where classes tie, the first wins, no longer the last',
    up: refuseTies,
    down: refuseTies,
  },
]);

/** Dictionaries of results that warned about old keys. */
export const results = rules([
  {
    since: '1.2',
    classes: ['GraphicalLassoCV', 'GraphLassoCV'],
    source: 'sklearn/covariance/_graph_lasso.py; #22105',
    what: 'cv_results_ is a plain dict',
    up: (o) => {
      const had = o.get('cv_results_');
      if (!(had instanceof PyInstance)) return;
      const plain = new PyDict();
      for (const [key, value] of had.entries?.entries() ?? []) plain.set(key, value);
      o.set('cv_results_', plain);
      o.migration.forget(had);
      o.tell('cv_results_ written as a plain dict');
    },
  },
]);

/** Splines of scipy 1.17 keep their knots and coefficients under other names, and how they make arrays. */
export const splines = rules([
  {
    since: '1.8',
    classes: ['BSpline'],
    source: 'scipy/interpolate/_bsplines.py, BSpline (scipy 1.17)',
    what: 'scipy 1.17 keeps knots and coefficients as _t and _c; both names are written, for every scipy',
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
