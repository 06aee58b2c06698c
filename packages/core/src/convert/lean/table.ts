/** What prediction does not need, class by class. Each row was read in scikit-learn's own inference code. */
export interface Needless {
  readonly classes: readonly string[];
  readonly attributes: readonly string[];
  /** What it is, and who asks for it besides prediction. */
  readonly why: string;
  /** The versions of scikit-learn whose objects have it. */
  readonly versions: string;
}

const forests = [
  'RandomForestClassifier',
  'RandomForestRegressor',
  'ExtraTreesClassifier',
  'ExtraTreesRegressor',
  'BaggingClassifier',
  'BaggingRegressor',
];
const searches = ['GridSearchCV', 'RandomizedSearchCV', 'HalvingGridSearchCV', 'HalvingRandomSearchCV'];
const perceptrons = ['MLPClassifier', 'MLPRegressor'];

export const needless: readonly Needless[] = [
  {
    classes: forests,
    attributes: ['oob_score_', 'oob_decision_function_', 'oob_prediction_'],
    why: 'how it did on rows left out of training',
    versions: 'all, with oob_score=True',
  },
  {
    classes: ['BaggingClassifier', 'BaggingRegressor', 'IsolationForest'],
    attributes: ['_y'],
    why: 'the training targets, kept for out-of-bag scores',
    versions: '0.15 and later, with oob_score=True',
  },
  {
    classes: searches,
    attributes: ['cv_results_'],
    why: 'every candidate’s scores and times',
    versions: '0.18 and later',
  },
  { classes: searches, attributes: ['grid_scores_'], why: 'every candidate’s scores', versions: '0.14 to 0.19' },
  {
    classes: ['RFECV'],
    attributes: ['cv_results_', 'grid_scores_'],
    why: 'scores by number of features',
    versions: 'all',
  },
  {
    classes: ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    attributes: ['train_score_', 'oob_improvement_', 'oob_scores_', 'oob_score_'],
    why: 'the history of training',
    versions: 'all',
  },
  {
    classes: ['HistGradientBoostingClassifier', 'HistGradientBoostingRegressor'],
    attributes: ['train_score_', 'validation_score_'],
    why: 'the history of training',
    versions: '0.21 and later',
  },
  {
    classes: perceptrons,
    attributes: ['_optimizer'],
    why: 'moments of every weight, for going on with training (partial_fit, warm_start)',
    versions: '0.18 and later',
  },
  {
    classes: perceptrons,
    attributes: ['loss_curve_', 'validation_scores_', '_best_coefs', '_best_intercepts'],
    why: 'the history of training',
    versions: '0.18 and later',
  },
  {
    classes: ['CountVectorizer', 'TfidfVectorizer'],
    attributes: ['stop_words_'],
    why: 'terms that were left out, for introspection only',
    versions: 'up to 1.6',
  },
  {
    classes: ['KMeans', 'MiniBatchKMeans', 'BisectingKMeans', 'MeanShift', 'AffinityPropagation'],
    attributes: ['labels_'],
    why: 'the clusters of the training rows',
    versions: 'all',
  },
  {
    classes: ['AffinityPropagation'],
    attributes: ['affinity_matrix_'],
    why: 'similarities of the training rows',
    versions: 'all',
  },
  {
    classes: ['LogisticRegressionCV'],
    attributes: ['coefs_paths_', 'scores_'],
    why: 'coefficients and scores of every candidate',
    versions: 'all',
  },
  {
    classes: ['LassoCV', 'ElasticNetCV', 'MultiTaskLassoCV', 'MultiTaskElasticNetCV', 'LassoLarsCV', 'LarsCV'],
    attributes: ['mse_path_', 'coef_path_', 'cv_alphas_'],
    why: 'errors and coefficients of every candidate',
    versions: 'all',
  },
  {
    classes: ['RidgeCV', 'RidgeClassifierCV'],
    attributes: ['cv_values_', 'cv_results_'],
    why: 'errors of every candidate on every row',
    versions: 'all, with store_cv_results=True',
  },
  {
    classes: ['BayesianRidge', 'ARDRegression'],
    attributes: ['scores_'],
    why: 'the history of training',
    versions: 'all',
  },
  {
    classes: ['MinCovDet', 'EllipticEnvelope'],
    attributes: ['dist_', 'support_', 'raw_support_'],
    why: 'distances of the training rows, and which were used',
    versions: 'all',
  },
  { classes: ['RANSACRegressor'], attributes: ['inlier_mask_'], why: 'which training rows fitted', versions: 'all' },
];

/** A forest's class by its objects' names: the counts of whose leaves are part of the answer. */
export const countsMatter: readonly string[] = ['IsolationForest'];

/** Meta-estimators that ask what they hold for its feature importances whenever they transform: impurities matter. */
export const importancesMatter: readonly string[] = ['SelectFromModel', 'RFE', 'RFECV'];
