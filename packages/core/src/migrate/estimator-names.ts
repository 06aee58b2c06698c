/**
 * Every class of scikit-learn 0.17 to 1.9 that derives from `BaseEstimator`, whose saved state therefore says the
 * version since 0.18. Made from the sources of all of them by `oracle/migrate/sweep.py estimators`.
 */
const names = new Set(
  (
    'ARDRegression AdaBoostClassifier AdaBoostRegressor AdditiveChi2Sampler AffinityPropagation ' +
    'AgglomerativeClustering BaggingClassifier BaggingRegressor BayesianGaussianMixture BayesianRidge BernoulliNB ' +
    'BernoulliRBM Binarizer Birch BisectingKMeans CCA CalibratedClassifierCV CategoricalNB ClassicalMDS ' +
    'ClassifierChain ColumnTransformer ComplementNB CountVectorizer DBSCAN DPGMM DecisionTreeClassifier ' +
    'DecisionTreeRegressor DictVectorizer DictionaryLearning DummyClassifier DummyRegressor ElasticNet ElasticNetCV ' +
    'EllipticEnvelope EmpiricalCovariance ExtraTreeClassifier ExtraTreeRegressor ExtraTreesClassifier ' +
    'ExtraTreesRegressor FactorAnalysis FastICA FeatureAgglomeration FeatureHasher FeatureUnion ' +
    'FixedThresholdClassifier FrozenEstimator FunctionTransformer GMM GammaRegressor GaussianMixture GaussianNB ' +
    'GaussianProcess GaussianProcessClassifier GaussianProcessRegressor GaussianRandomProjection ' +
    'GaussianRandomProjectionHash GeneralizedLinearRegressor GenericUnivariateSelect GradientBoostingClassifier ' +
    'GradientBoostingRegressor GraphLasso GraphLassoCV GraphicalLasso GraphicalLassoCV GridSearchCV HDBSCAN ' +
    'HalvingGridSearchCV HalvingRandomSearchCV HashingVectorizer HistGradientBoostingClassifier ' +
    'HistGradientBoostingRegressor HuberRegressor Imputer IncrementalPCA IsolationForest Isomap IsotonicRegression ' +
    'IterativeImputer KBinsDiscretizer KMeans KNNImputer KNeighborsClassifier KNeighborsRegressor ' +
    'KNeighborsTransformer KernelCenterer KernelDensity KernelPCA KernelRidge LDA LSHForest LabelBinarizer ' +
    'LabelEncoder LabelPropagation LabelSpreading Lars LarsCV Lasso LassoCV LassoLars LassoLarsCV LassoLarsIC ' +
    'LatentDirichletAllocation LedoitWolf LinearDiscriminantAnalysis LinearRegression LinearSVC LinearSVR ' +
    'LocalOutlierFactor LocallyLinearEmbedding LogOddsEstimator LogisticRegression LogisticRegressionCV MDS ' +
    'MLPClassifier MLPRegressor MaxAbsScaler MeanEstimator MeanShift MinCovDet MinMaxScaler ' +
    'MiniBatchDictionaryLearning MiniBatchKMeans MiniBatchNMF MiniBatchSparsePCA MissingIndicator ' +
    'MultiLabelBinarizer MultiOutputClassifier MultiOutputLinearModel MultiOutputRegressor MultiTaskElasticNet ' +
    'MultiTaskElasticNetCV MultiTaskLasso MultiTaskLassoCV MultinomialNB NMF NearestCentroid NearestNeighbors ' +
    'NeighborhoodComponentsAnalysis Normalizer NuSVC NuSVR Nystroem OAS OPTICS OneClassSVM OneHotEncoder ' +
    'OneVsOneClassifier OneVsRestClassifier OrdinalEncoder OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV ' +
    'OutputCodeClassifier PCA PLSCanonical PLSRegression PLSSVD PassiveAggressiveClassifier ' +
    'PassiveAggressiveRegressor PatchExtractor Perceptron Pipeline PoissonRegressor PolynomialCountSketch ' +
    'PolynomialFeatures PowerTransformer PriorProbabilityEstimator ProjectedGradientNMF QDA ' +
    'QuadraticDiscriminantAnalysis QuantileEstimator QuantileRegressor QuantileTransformer RANSACRegressor ' +
    'RBFSampler RFE RFECV RadiusNeighborsClassifier RadiusNeighborsRegressor RadiusNeighborsTransformer ' +
    'RandomForestClassifier RandomForestRegressor RandomTreesEmbedding RandomizedLasso RandomizedLogisticRegression ' +
    'RandomizedPCA RandomizedSearchCV RegressorChain Ridge RidgeCV RidgeClassifier RidgeClassifierCV RobustScaler ' +
    'SGDClassifier SGDOneClassSVM SGDRegressor SVC SVR ScaledLogOddsEstimator SelectFdr SelectFpr SelectFromModel ' +
    'SelectFwe SelectKBest SelectPercentile SelfTrainingClassifier SequentialFeatureSelector ShrunkCovariance ' +
    'SimpleImputer SkewedChi2Sampler SparseCoder SparsePCA SparseRandomProjection SpectralBiclustering ' +
    'SpectralClustering SpectralCoclustering SpectralEmbedding SplineTransformer StackingClassifier ' +
    'StackingRegressor StandardScaler TSNE TargetEncoder TfidfTransformer TfidfVectorizer TheilSenRegressor ' +
    'TransformedTargetRegressor TruncatedSVD TunedThresholdClassifierCV TweedieRegressor VBGMM VarianceThreshold ' +
    'VotingClassifier VotingRegressor ZeroEstimator _BinMapper _BinaryGaussianProcessClassifierLaplace ' +
    '_ConstantPredictor _GeneralizedLinearRegressor _IdentityClassifier _IdentityRegressor _PLS _RidgeGCV ' +
    '_SigmoidCalibration _TemperatureScaling'
  ).split(' '),
);

export function isEstimatorName(name: string): boolean {
  return names.has(name);
}
