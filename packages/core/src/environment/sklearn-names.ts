// Written by oracle/environment/tables.py from what scikit-learn 0.18.2 to 1.9.1 import. Do not edit.
// A line a module: the minor versions that have it, first and last (open where the swept ones end), then names that
// only some of those have. 17 versions: 0.18.2, 0.19.2, 0.20.4, 0.21.3, 0.22.2.post1, 0.23.2, 0.24.2, 1.0.2, 1.1.3, 1.2.2, 1.3.2, 1.4.2, 1.5.2, 1.6.1, 1.7.2, 1.8.0, 1.9.1.
export const SWEPT = [
  '0.18',
  '0.19',
  '0.20',
  '0.21',
  '0.22',
  '0.23',
  '0.24',
  '1.0',
  '1.1',
  '1.2',
  '1.3',
  '1.4',
  '1.5',
  '1.6',
  '1.7',
  '1.8',
  '1.9',
] as const;

export const sklearnNames = `
sklearn -; 0.19- config_context get_config set_config; -1.5 setup_module
sklearn.__check_build -
sklearn.__check_build._check_build -
sklearn._built_with_meson 1.5-1.7
sklearn._config 0.20-
sklearn._cyutility 1.7-
sklearn._distributor_init 0.22-
sklearn._isotonic -
sklearn._loss 0.23-
sklearn._loss._loss 1.1-; 1.3- CyExponentialLoss CyHuberLoss; 1.1-1.5 __pyx_unpickle_CyAbsoluteError __pyx_unpickle_CyHalfBinomialLoss __pyx_unpickle_CyHalfGammaLoss __pyx_unpickle_CyHalfPoissonLoss __pyx_unpickle_CyHalfSquaredError __pyx_unpickle_CyHalfTweedieLoss __pyx_unpickle_CyHalfTweedieLossIdentity __pyx_unpickle_CyLossFunction __pyx_unpickle_CyPinballLoss; 1.3-1.5 __pyx_unpickle_CyExponentialLoss __pyx_unpickle_CyHuberLoss
sklearn._loss.glm_distribution 0.23-1.2
sklearn._loss.link 1.1-; 1.3- HalfLogitLink
sklearn._loss.loss 1.1-; 1.9- ArrayAPILossMixin HalfBinomialLossArrayAPI HalfMultinomialLossArrayAPI HalfPoissonLossArrayAPI; 1.3- CyExponentialLoss CyHuberLoss ExponentialLoss HuberLoss
sklearn._min_dependencies 0.24-
sklearn.base -; -0.18 ChangedBehaviorWarning; 1.2- ClassNamePrefixFeaturesOutMixin OneToOneFeatureMixin; 0.21- MultiOutputMixin; 0.20- OutlierMixin _UnstableArchMixin is_outlier_detector; 1.1-1.1 _ClassNamePrefixFeaturesOutMixin; 1.0-1.1 _OneToOneFeatureMixin; 1.6- is_clusterer
sklearn.calibration -; 1.0- CalibrationDisplay; 1.8- _TemperatureScaling
sklearn.callback 1.9-
sklearn.callback._base 1.9-
sklearn.callback._callback_context 1.9-
sklearn.callback._callback_support 1.9-
sklearn.callback._progressbar 1.9-
sklearn.callback._scoring_monitor 1.9-
sklearn.callback._transport 1.9-
sklearn.cluster -
sklearn.cluster._affinity_propagation 0.22-
sklearn.cluster._agglomerative 0.22-
sklearn.cluster._bicluster 0.22-
sklearn.cluster._birch 0.22-
sklearn.cluster._bisect_k_means 1.1-
sklearn.cluster._dbscan 0.22-
sklearn.cluster._dbscan_inner -
sklearn.cluster._feature_agglomeration -
sklearn.cluster._hdbscan 1.3-
sklearn.cluster._hdbscan._linkage 1.3-
sklearn.cluster._hdbscan._reachability 1.3-
sklearn.cluster._hdbscan._tree 1.3-
sklearn.cluster._hdbscan.hdbscan 1.3-
sklearn.cluster._hierarchical -0.21; 0.20-0.21 UnionFind __pyx_unpickle_UnionFind single_linkage_label; 0.19-0.21 __pyx_unpickle_WeightedEdge
sklearn.cluster._hierarchical_fast 0.22-; 0.23- mst_linkage_core
sklearn.cluster._k_means -0.21
sklearn.cluster._k_means_common 1.0-
sklearn.cluster._k_means_elkan -; 0.23- elkan_iter_chunked_dense elkan_iter_chunked_sparse init_bounds_dense init_bounds_sparse; -0.22 k_means_elkan
sklearn.cluster._k_means_fast 0.22-0.24
sklearn.cluster._k_means_lloyd 0.23-
sklearn.cluster._k_means_minibatch 1.0-
sklearn.cluster._kmeans 0.22-; 1.1- _BaseKMeans; 0.24- kmeans_plusplus
sklearn.cluster._mean_shift 0.22-
sklearn.cluster._optics 0.22-
sklearn.cluster._spectral 0.22-; 1.1- cluster_qr
sklearn.cluster.affinity_propagation_ -0.23
sklearn.cluster.bicluster -0.23
sklearn.cluster.birch -0.23
sklearn.cluster.dbscan_ -0.23
sklearn.cluster.hierarchical -0.23
sklearn.cluster.k_means_ -0.23
sklearn.cluster.mean_shift_ -0.23
sklearn.cluster.optics_ 0.21-0.23
sklearn.cluster.spectral -0.23
sklearn.compose 0.20-
sklearn.compose._column_transformer 0.20-; 1.5-1.6 _RemainderColsList; 0.22- make_column_selector
sklearn.compose._target 0.20-
sklearn.covariance -
sklearn.covariance._elliptic_envelope 0.22-
sklearn.covariance._empirical_covariance 0.22-
sklearn.covariance._graph_lasso 0.22-; 1.2- BaseGraphicalLasso; 1.0-1.1 _DictWithDeprecatedKeys
sklearn.covariance._robust_covariance 0.22-
sklearn.covariance._shrunk_covariance 0.22-
sklearn.covariance.elliptic_envelope 0.20-0.23
sklearn.covariance.empirical_covariance_ -0.23
sklearn.covariance.graph_lasso_ -0.23; 0.20-0.23 GraphicalLasso GraphicalLassoCV graphical_lasso graphical_lasso_path
sklearn.covariance.outlier_detection -0.19; -0.18 OutlierDetectionMixin
sklearn.covariance.robust_covariance -0.23
sklearn.covariance.shrunk_covariance_ -0.23
sklearn.cross_decomposition -
sklearn.cross_decomposition._cca 0.22-0.23
sklearn.cross_decomposition._pls 0.22-; 0.24- CCA
sklearn.cross_decomposition.cca_ -0.23
sklearn.cross_decomposition.pls_ -0.23
sklearn.cross_validation -0.19
sklearn.decomposition -
sklearn.decomposition._base 0.22-
sklearn.decomposition._cdnmf_fast 0.22-
sklearn.decomposition._dict_learning 0.22-; 0.22-0.23 SparseCodingMixin; 0.24- _BaseSparseCoding
sklearn.decomposition._factor_analysis 0.22-
sklearn.decomposition._fastica 0.22-
sklearn.decomposition._incremental_pca 0.22-
sklearn.decomposition._kernel_pca 0.22-
sklearn.decomposition._lda 0.22-
sklearn.decomposition._nmf 0.22-; 1.1- MiniBatchNMF; 1.2- _BaseNMF
sklearn.decomposition._online_lda -0.21
sklearn.decomposition._online_lda_fast 0.22-
sklearn.decomposition._pca 0.22-
sklearn.decomposition._sparse_pca 0.22-; 1.2- _BaseSparsePCA
sklearn.decomposition._truncated_svd 0.22-
sklearn.decomposition.base -0.23
sklearn.decomposition.cdnmf_fast -0.23
sklearn.decomposition.dict_learning -0.23; -0.21 DictionaryLearning MiniBatchDictionaryLearning SparseCoder SparseCodingMixin dict_learning dict_learning_online sparse_encode
sklearn.decomposition.factor_analysis -0.23
sklearn.decomposition.fastica_ -0.23
sklearn.decomposition.incremental_pca -0.23
sklearn.decomposition.kernel_pca -0.23
sklearn.decomposition.nmf -0.23
sklearn.decomposition.online_lda -0.23
sklearn.decomposition.online_lda_fast 0.22-0.23
sklearn.decomposition.pca -0.23
sklearn.decomposition.sparse_pca -0.23
sklearn.decomposition.truncated_svd -0.23
sklearn.discriminant_analysis -; 1.6- DiscriminantAnalysisPredictionMixin
sklearn.dummy -
sklearn.ensemble -
sklearn.ensemble._bagging 0.22-
sklearn.ensemble._base 0.22-
sklearn.ensemble._bootstrap 1.9-
sklearn.ensemble._forest 0.22-
sklearn.ensemble._gb 0.22-; 0.22-0.22 BinomialDeviance ClassificationLossFunction HuberLossFunction LeastAbsoluteError LeastSquaresError LogOddsEstimator LossFunction MeanEstimator MultinomialDeviance PriorProbabilityEstimator QuantileEstimator QuantileLossFunction RegressionLossFunction ScaledLogOddsEstimator ZeroEstimator; 1.4- set_huber_delta
sklearn.ensemble._gb_losses 0.21-1.3
sklearn.ensemble._gradient_boosting -
sklearn.ensemble._hist_gradient_boosting 0.21-
sklearn.ensemble._hist_gradient_boosting._binning 0.21-
sklearn.ensemble._hist_gradient_boosting._bitset 0.24-1.8
sklearn.ensemble._hist_gradient_boosting._gradient_boosting 0.21-
sklearn.ensemble._hist_gradient_boosting._loss 0.21-1.0
sklearn.ensemble._hist_gradient_boosting._predictor 0.21-
sklearn.ensemble._hist_gradient_boosting.binning 0.21-
sklearn.ensemble._hist_gradient_boosting.common 0.22-; 1.4- MonotonicConstraint
sklearn.ensemble._hist_gradient_boosting.gradient_boosting 0.21-
sklearn.ensemble._hist_gradient_boosting.grower 0.21-
sklearn.ensemble._hist_gradient_boosting.histogram 0.21-
sklearn.ensemble._hist_gradient_boosting.loss 0.21-1.0; 0.22-1.0 LeastAbsoluteDeviation; 0.23-1.0 Poisson
sklearn.ensemble._hist_gradient_boosting.predictor 0.21-
sklearn.ensemble._hist_gradient_boosting.splitting 0.21-; 0.23- compute_node_value
sklearn.ensemble._hist_gradient_boosting.types 0.21-0.21
sklearn.ensemble._hist_gradient_boosting.utils 0.21-; 0.21-1.4 sum_parallel
sklearn.ensemble._iforest 0.22-
sklearn.ensemble._stacking 0.22-
sklearn.ensemble._voting 0.22-
sklearn.ensemble._weight_boosting 0.22-
sklearn.ensemble.bagging -0.23
sklearn.ensemble.base -0.23
sklearn.ensemble.forest -0.23; 0.19-0.23 accumulate_prediction
sklearn.ensemble.gradient_boosting -0.23
sklearn.ensemble.iforest -0.23
sklearn.ensemble.partial_dependence -0.22
sklearn.ensemble.voting 0.21-0.23
sklearn.ensemble.voting_classifier -0.20
sklearn.ensemble.weight_boosting -0.23
sklearn.exceptions -; -1.0 ChangedBehaviorWarning NonBLASDotWarning; 1.6- EstimatorCheckFailedWarning; 1.3- InconsistentVersionWarning UnsetMetadataPassedError; 0.22- PositiveSpectrumWarning; 0.19- SkipTestWarning
sklearn.experimental 0.21-
sklearn.experimental.enable_halving_search_cv 0.24-
sklearn.experimental.enable_hist_gradient_boosting 0.21-
sklearn.experimental.enable_iterative_imputer 0.21-
sklearn.externals -
sklearn.externals.funcsigs -0.20
sklearn.externals.joblib -0.22
sklearn.externals.odict -0.18
sklearn.externals.six -0.22
sklearn.externals.test_externals_setup -0.19
sklearn.feature_extraction -
sklearn.feature_extraction._dict_vectorizer 0.22-
sklearn.feature_extraction._hash 0.22-
sklearn.feature_extraction._hashing -0.21
sklearn.feature_extraction._hashing_fast 0.22-
sklearn.feature_extraction._stop_words 0.22-
sklearn.feature_extraction.dict_vectorizer -0.23
sklearn.feature_extraction.hashing -0.23
sklearn.feature_extraction.image -; -0.23 extract_patches
sklearn.feature_extraction.stop_words -0.23
sklearn.feature_extraction.text -; -0.23 VectorizerMixin; 0.22- _VectorizerMixin
sklearn.feature_selection -
sklearn.feature_selection._base 0.22-
sklearn.feature_selection._from_model 0.22-
sklearn.feature_selection._mutual_info 0.22-
sklearn.feature_selection._rfe 0.22-
sklearn.feature_selection._sequential 0.24-
sklearn.feature_selection._univariate_selection 0.22-; 1.0- r_regression
sklearn.feature_selection._variance_threshold 0.22-
sklearn.feature_selection.base -0.23
sklearn.feature_selection.from_model -0.23
sklearn.feature_selection.mutual_info 0.22-0.23
sklearn.feature_selection.mutual_info_ -0.21
sklearn.feature_selection.rfe -0.23
sklearn.feature_selection.univariate_selection -0.23
sklearn.feature_selection.variance_threshold -0.23
sklearn.frozen 1.6-
sklearn.frozen._frozen 1.6-
sklearn.gaussian_process -
sklearn.gaussian_process._gpc 0.22-
sklearn.gaussian_process._gpr 0.22-
sklearn.gaussian_process.correlation_models -0.21
sklearn.gaussian_process.gaussian_process -0.19
sklearn.gaussian_process.gpc -0.23
sklearn.gaussian_process.gpr -0.23
sklearn.gaussian_process.kernels -; 0.22- GenericKernelMixin
sklearn.gaussian_process.regression_models -0.21
sklearn.grid_search -0.19
sklearn.impute 0.20-
sklearn.impute._base 0.21-; 0.22- _BaseImputer
sklearn.impute._iterative 0.21-
sklearn.impute._knn 0.22-
sklearn.inspection 0.21-
sklearn.inspection._partial_dependence 0.22-; 0.22-0.22 PartialDependenceDisplay plot_partial_dependence
sklearn.inspection._pd_utils 1.2-
sklearn.inspection._permutation_importance 0.22-
sklearn.inspection._plot 0.23-
sklearn.inspection._plot.decision_boundary 1.1-
sklearn.inspection._plot.partial_dependence 0.23-; 0.23-1.1 plot_partial_dependence
sklearn.inspection.partial_dependence 0.21-0.23; 0.21-0.21 partial_dependence plot_partial_dependence
sklearn.isotonic -
sklearn.kernel_approximation -; 0.24- PolynomialCountSketch
sklearn.kernel_ridge -
sklearn.lda -0.18
sklearn.learning_curve -0.19
sklearn.linear_model -
sklearn.linear_model._base 0.22-; 1.9- MultiOutputLinearModel
sklearn.linear_model._bayes 0.22-
sklearn.linear_model._cd_fast 0.22-
sklearn.linear_model._coordinate_descent 0.22-
sklearn.linear_model._glm 0.23-
sklearn.linear_model._glm._newton_solver 1.2-
sklearn.linear_model._glm.glm 0.23-; 0.23-1.0 GeneralizedLinearRegressor; 1.1- _GeneralizedLinearRegressor
sklearn.linear_model._glm.link 0.23-1.0
sklearn.linear_model._huber 0.22-
sklearn.linear_model._least_angle 0.22-
sklearn.linear_model._linear_loss 1.1-; 1.6- sandwich_dot
sklearn.linear_model._logistic 0.22-; 1.9- _LbfgsCallbackBridge; 0.22-0.22 logistic_regression_path
sklearn.linear_model._omp 0.22-
sklearn.linear_model._passive_aggressive 0.22-
sklearn.linear_model._perceptron 0.22-
sklearn.linear_model._quantile 1.0-
sklearn.linear_model._ransac 0.22-
sklearn.linear_model._ridge 0.22-; 0.23- _IdentityClassifier _IdentityRegressor; 1.0- _RidgeClassifierMixin; 1.5- resolve_solver resolve_solver_for_numpy
sklearn.linear_model._sag 0.22-
sklearn.linear_model._sag_fast 0.22-; 0.22-1.5 MultinomialLogLoss32 MultinomialLogLoss64
sklearn.linear_model._sgd_fast 0.22-; 0.22-1.5 Huber Log LossFunction SquaredLoss __pyx_unpickle_LossFunction; 0.22-0.22 average_sgd plain_sgd
sklearn.linear_model._stochastic_gradient 0.22-; 1.6- CyHalfBinomialLoss CyHalfSquaredError CyHuberLoss; 1.0- SGDOneClassSVM
sklearn.linear_model._theil_sen 0.22-
sklearn.linear_model.base -0.23
sklearn.linear_model.bayes -0.23
sklearn.linear_model.cd_fast -0.23
sklearn.linear_model.coordinate_descent -0.23
sklearn.linear_model.huber -0.23
sklearn.linear_model.least_angle -0.23; 0.21-0.23 lars_path_gram
sklearn.linear_model.logistic -0.23
sklearn.linear_model.omp -0.23
sklearn.linear_model.passive_aggressive -0.23
sklearn.linear_model.perceptron -0.23
sklearn.linear_model.randomized_l1 -0.20
sklearn.linear_model.ransac -0.23
sklearn.linear_model.ridge -0.23; 0.21-0.23 _X_operator _Xt_operator
sklearn.linear_model.sag -0.23
sklearn.linear_model.sag_fast -0.23; 0.21-0.23 MultinomialLogLoss32 MultinomialLogLoss64 sag32 sag64
sklearn.linear_model.sgd_fast -0.23; 0.19-0.23 __pyx_unpickle_Classification __pyx_unpickle_LossFunction __pyx_unpickle_Regression
sklearn.linear_model.stochastic_gradient -0.23; 0.20-0.23 _ValidationScoreCallback
sklearn.linear_model.theil_sen -0.23
sklearn.manifold -
sklearn.manifold._barnes_hut_tsne -; -0.18 calculate_edge check_quadtree
sklearn.manifold._classical_mds 1.8-
sklearn.manifold._isomap 0.22-
sklearn.manifold._locally_linear 0.22-
sklearn.manifold._mds 0.22-
sklearn.manifold._spectral_embedding 0.22-
sklearn.manifold._t_sne 0.22-
sklearn.manifold._utils -
sklearn.manifold.isomap -0.23
sklearn.manifold.locally_linear -0.23
sklearn.manifold.mds -0.23
sklearn.manifold.spectral_embedding_ -0.23
sklearn.manifold.t_sne -0.23
sklearn.metrics -
sklearn.metrics._base 0.22-
sklearn.metrics._classification 0.22-; 1.2- class_likelihood_ratios; 1.8- d2_brier_score; 1.5- d2_log_loss_score; 0.22-0.22 jaccard_similarity_score
sklearn.metrics._dist_metrics 1.0-; 1.0-1.2 BrayCurtisDistance CanberraDistance ChebyshevDistance DiceDistance EuclideanDistance HammingDistance HaversineDistance JaccardDistance KulsinskiDistance MahalanobisDistance ManhattanDistance MatchingDistance MinkowskiDistance PyFuncDistance RogersTanimotoDistance RussellRaoDistance SEuclideanDistance SokalMichenerDistance SokalSneathDistance WMinkowskiDistance; 1.2- BrayCurtisDistance32 CanberraDistance32 ChebyshevDistance32 DiceDistance32 DistanceMetric32 EuclideanDistance32 HammingDistance32 HaversineDistance32 JaccardDistance32 KulsinskiDistance32 MahalanobisDistance32 ManhattanDistance32 MatchingDistance32 MinkowskiDistance32 PyFuncDistance32 RogersTanimotoDistance32 RussellRaoDistance32 SEuclideanDistance32 SokalMichenerDistance32 SokalSneathDistance32; 1.3- BrayCurtisDistance64 CanberraDistance64 ChebyshevDistance64 DiceDistance64 DistanceMetric64 EuclideanDistance64 HammingDistance64 HaversineDistance64 JaccardDistance64 KulsinskiDistance64 MahalanobisDistance64 ManhattanDistance64 MatchingDistance64 MinkowskiDistance64 PyFuncDistance64 RogersTanimotoDistance64 RussellRaoDistance64 SEuclideanDistance64 SokalMichenerDistance64 SokalSneathDistance64 __pyx_unpickle_DistanceMetric; 1.1-1.1 DatasetsPair DenseDenseDatasetsPair __pyx_unpickle_DatasetsPair __pyx_unpickle_DenseDenseDatasetsPair; 1.2-1.2 WMinkowskiDistance32
sklearn.metrics._pairwise_distances_reduction 1.1-; 1.1-1.1 FastEuclideanPairwiseDistancesArgKmin FastEuclideanPairwiseDistancesRadiusNeighborhood GEMMTermComputer PairwiseDistancesArgKmin PairwiseDistancesRadiusNeighborhood PairwiseDistancesReduction __pyx_unpickle_GEMMTermComputer __pyx_unpickle_PairwiseDistancesReduction
sklearn.metrics._pairwise_distances_reduction._argkmin 1.2-
sklearn.metrics._pairwise_distances_reduction._argkmin_classmode 1.3-
sklearn.metrics._pairwise_distances_reduction._base 1.2-
sklearn.metrics._pairwise_distances_reduction._datasets_pair 1.2-
sklearn.metrics._pairwise_distances_reduction._dispatcher 1.2-; 1.3- ArgKminClassMode; 1.4- RadiusNeighborsClassMode
sklearn.metrics._pairwise_distances_reduction._middle_term_computer 1.2-; 1.3- SparseDenseMiddleTermComputer32 SparseDenseMiddleTermComputer64 __pyx_unpickle_SparseDenseMiddleTermComputer32 __pyx_unpickle_SparseDenseMiddleTermComputer64
sklearn.metrics._pairwise_distances_reduction._radius_neighbors 1.2-
sklearn.metrics._pairwise_distances_reduction._radius_neighbors_classmode 1.4-
sklearn.metrics._pairwise_fast 0.22-
sklearn.metrics._plot 0.22-
sklearn.metrics._plot.base 0.22-1.2
sklearn.metrics._plot.confusion_matrix 0.22-; 0.22-1.1 plot_confusion_matrix
sklearn.metrics._plot.det_curve 0.24-; 0.24-1.1 plot_det_curve
sklearn.metrics._plot.precision_recall_curve 0.22-; 0.22-1.1 plot_precision_recall_curve
sklearn.metrics._plot.regression 1.2-
sklearn.metrics._plot.roc_curve 0.22-; 0.22-1.1 plot_roc_curve
sklearn.metrics._ranking 0.22-; 1.8- confusion_matrix_at_thresholds; 0.24- det_curve top_k_accuracy_score; 1.9- metric_at_thresholds
sklearn.metrics._regression 0.22-; 1.1- d2_absolute_error_score d2_pinball_score; 1.0- d2_tweedie_score mean_pinball_loss; 0.24- mean_absolute_percentage_error; 1.4- root_mean_squared_error root_mean_squared_log_error
sklearn.metrics._scorer 0.22-; 1.6- _CurveScorer neg_max_error_scorer; 1.1-1.2 _DeprecatedScorers; 1.3- _PassthroughScorer; 0.22-1.3 _PredictScorer _ProbaScorer _ThresholdScorer; 1.4- _Scorer neg_root_mean_squared_log_error_scorer; 0.22-1.2 _passthrough_scorer; 1.5- d2_absolute_error_scorer; 1.8- d2_brier_score_scorer d2_log_loss_scorer; 1.1- get_scorer_names matthews_corrcoef_scorer; 0.22-1.7 max_error_scorer; 0.24- neg_mean_absolute_percentage_error_scorer rand_scorer top_k_accuracy_scorer; 1.2- neg_negative_likelihood_ratio_scorer negative_likelihood_ratio positive_likelihood_ratio positive_likelihood_ratio_scorer
sklearn.metrics.base -0.23
sklearn.metrics.classification -0.23; 0.20-0.23 balanced_accuracy_score; 0.21-0.23 jaccard_score multilabel_confusion_matrix
sklearn.metrics.cluster -
sklearn.metrics.cluster._bicluster 0.22-
sklearn.metrics.cluster._expected_mutual_info_fast 0.22-
sklearn.metrics.cluster._supervised 0.22-; 0.24- pair_confusion_matrix rand_score
sklearn.metrics.cluster._unsupervised 0.22-; 0.22-0.22 calinski_harabaz_score
sklearn.metrics.cluster.bicluster -0.23
sklearn.metrics.cluster.expected_mutual_info_fast -0.23
sklearn.metrics.cluster.supervised -0.23
sklearn.metrics.cluster.unsupervised -0.23; 0.21-0.23 calinski_harabasz_score; 0.20-0.23 davies_bouldin_score
sklearn.metrics.pairwise -; 0.21- haversine_distances; 0.22- nan_euclidean_distances; 0.20- pairwise_distances_chunked
sklearn.metrics.pairwise_fast -0.23
sklearn.metrics.ranking -0.23
sklearn.metrics.regression -0.23; 0.21-0.23 max_error; 0.19-0.23 mean_squared_log_error
sklearn.metrics.scorer -0.23; 0.19-0.23 adjusted_mutual_info_scorer completeness_scorer explained_variance_scorer fowlkes_mallows_scorer homogeneity_scorer mutual_info_scorer neg_mean_squared_log_error_scorer normalized_mutual_info_scorer v_measure_scorer; 0.20-0.23 balanced_accuracy_scorer brier_score_loss_scorer; 0.21-0.23 max_error_scorer
sklearn.mixture -
sklearn.mixture._base 0.22-
sklearn.mixture._bayesian_mixture 0.22-
sklearn.mixture._gaussian_mixture 0.22-
sklearn.mixture.base -0.23
sklearn.mixture.bayesian_mixture -0.23
sklearn.mixture.dpgmm -0.19
sklearn.mixture.gaussian_mixture -0.23
sklearn.mixture.gmm -0.19
sklearn.model_selection -
sklearn.model_selection._classification_threshold 1.5-
sklearn.model_selection._plot 1.2-; 1.3- ValidationCurveDisplay _BaseCurveDisplay
sklearn.model_selection._search -; -0.20 _CVScoreTuple; -0.24 fit_grid_point
sklearn.model_selection._search_successive_halving 0.24-
sklearn.model_selection._split -; 1.3- GroupsConsumerMixin; 0.19- RepeatedKFold RepeatedStratifiedKFold _RepeatedSplits; 1.0- StratifiedGroupKFold; 1.5- _UnsupportedGroupCVMixin
sklearn.model_selection._validation -; 0.19- cross_validate
sklearn.multiclass -
sklearn.multioutput -; 0.19- ClassifierChain; -0.23 MultiOutputEstimator; 0.20- RegressorChain _BaseChain; 0.22- _MultiOutputEstimator
sklearn.naive_bayes -; -0.23 BaseDiscreteNB BaseNB; 0.22- CategoricalNB _BaseDiscreteNB _BaseNB; 0.20- ComplementNB
sklearn.neighbors -
sklearn.neighbors._ball_tree 0.22-; 1.4- BallTree32 BallTree64 BinaryTree32 BinaryTree64 NeighborsHeap32 NeighborsHeap64; 0.22-1.3 BinaryTree NeighborsHeap load_heap
sklearn.neighbors._base 0.22-; 0.22-0.23 SupervisedFloatMixin SupervisedIntegerMixin UnsupervisedMixin; 1.2- sort_graph_by_row_values
sklearn.neighbors._classification 0.22-
sklearn.neighbors._dist_metrics 0.22-0.24
sklearn.neighbors._distance_metric 1.0-1.2
sklearn.neighbors._graph 0.22-
sklearn.neighbors._kd_tree 0.22-; 0.22-1.3 BinaryTree NeighborsHeap load_heap; 1.4- BinaryTree32 BinaryTree64 KDTree32 KDTree64 NeighborsHeap32 NeighborsHeap64
sklearn.neighbors._kde 0.22-
sklearn.neighbors._lof 0.22-
sklearn.neighbors._nca 0.22-
sklearn.neighbors._nearest_centroid 0.22-
sklearn.neighbors._partition_nodes 1.0-
sklearn.neighbors._quad_tree 0.22-
sklearn.neighbors._regression 0.22-
sklearn.neighbors._typedefs 0.22-0.24
sklearn.neighbors._unsupervised 0.22-
sklearn.neighbors.approximate -0.20
sklearn.neighbors.ball_tree -0.23
sklearn.neighbors.base -0.23
sklearn.neighbors.classification -0.23
sklearn.neighbors.dist_metrics -0.23
sklearn.neighbors.graph -0.23
sklearn.neighbors.kd_tree -0.23
sklearn.neighbors.kde -0.23
sklearn.neighbors.lof 0.19-0.23
sklearn.neighbors.nca 0.21-0.23
sklearn.neighbors.nearest_centroid -0.23
sklearn.neighbors.quad_tree 0.19-0.23
sklearn.neighbors.regression -0.23
sklearn.neighbors.typedefs -0.23
sklearn.neighbors.unsupervised -0.23
sklearn.neural_network -
sklearn.neural_network._base -; -0.23 identity logistic relu softmax tanh; 1.7- inplace_exp poisson_loss; 0.24- inplace_identity inplace_logistic inplace_relu inplace_softmax inplace_tanh
sklearn.neural_network._multilayer_perceptron 0.22-
sklearn.neural_network._rbm 0.22-
sklearn.neural_network._stochastic_optimizers -
sklearn.neural_network.multilayer_perceptron -0.23
sklearn.neural_network.rbm -0.23
sklearn.pipeline -; -0.18 _BasePipeline
sklearn.preprocessing -
sklearn.preprocessing._csr_polynomial_expansion 0.21-; 1.3- py_calc_expanded_nnz_deg2 py_calc_expanded_nnz_deg3
sklearn.preprocessing._data 0.22-; 0.22-0.24 PolynomialFeatures
sklearn.preprocessing._discretization 0.20-
sklearn.preprocessing._encoders 0.20-
sklearn.preprocessing._function_transformer -
sklearn.preprocessing._label 0.22-
sklearn.preprocessing._polynomial 1.0-
sklearn.preprocessing._target_encoder 1.3-
sklearn.preprocessing._target_encoder_fast 1.3-
sklearn.preprocessing.base 0.20-0.21
sklearn.preprocessing.data -0.23; 0.20-0.23 CategoricalEncoder PowerTransformer power_transform; 0.19-0.23 QuantileTransformer quantile_transform
sklearn.preprocessing.imputation -0.21
sklearn.preprocessing.label -0.23
sklearn.qda -0.18
sklearn.random_projection -; -0.23 gaussian_random_matrix sparse_random_matrix
sklearn.semi_supervised -
sklearn.semi_supervised._label_propagation 0.22-
sklearn.semi_supervised._self_training 0.24-
sklearn.semi_supervised.label_propagation -0.23
sklearn.svm -
sklearn.svm._base 0.22-
sklearn.svm._bounds 0.22-
sklearn.svm._classes 0.22-
sklearn.svm._liblinear 0.22-
sklearn.svm._libsvm 0.22-
sklearn.svm._libsvm_sparse 0.22-
sklearn.svm._newrand 0.24-
sklearn.svm.base -0.23
sklearn.svm.bounds -0.23
sklearn.svm.classes -0.23
sklearn.svm.liblinear -0.23
sklearn.svm.libsvm -0.23
sklearn.svm.libsvm_sparse -0.23
sklearn.tree -
sklearn.tree._classes 0.22-
sklearn.tree._criterion -; -1.8 FriedmanMSE; 0.24- Poisson; 1.3- __pyx_unpickle_Criterion
sklearn.tree._export 0.22-
sklearn.tree._partitioner 1.6-
sklearn.tree._reingold_tilford 0.21-
sklearn.tree._splitter -; -1.2 BaseDenseSplitter BaseSparseSplitter; 1.3-1.5 DensePartitioner SparsePartitioner __pyx_unpickle_DensePartitioner __pyx_unpickle_SparsePartitioner
sklearn.tree._tree -; 0.22- _AlphaPruner _CCPPruneController _PathFinder __pyx_unpickle__CCPPruneController ccp_pruning_path; 0.19- __pyx_unpickle_TreeBuilder
sklearn.tree._utils -; -1.0 PriorityHeap Stack; 1.8- PytestWeightedFenwickTree WeightedFenwickTree; -1.7 WeightedMedianCalculator WeightedPQueue
sklearn.tree.export -0.23; 0.21-0.23 _BaseTreeExporter _DOTTreeExporter _MPLTreeExporter export_text plot_tree
sklearn.tree.tree -0.23
sklearn.utils -; 0.19- Bunch; -0.18 ConvergenceWarning; 0.20-0.22 Memory Parallel; 0.22- all_estimators; -1.4 axis0_safe_slice indices_to_mask; 0.21-1.4 check_matplotlib_support; 0.22-1.4 check_pandas_support; 0.20-1.4 get_chunk_n_rows is_scalar_nan; 0.20-1.6 parallel_backend; -0.23 safe_indexing; -1.6 tosequence
sklearn.utils._arpack 0.24-
sklearn.utils._array_api 1.2-; 1.9- NamespaceAndDevice check_same_namespace move_estimator_to yield_mixed_namespace_input_permutations; 1.2-1.5 _ArrayAPIWrapper; 1.3-1.6 _NumPyAPIWrapper; 1.2-1.2 _NumPyApiWrapper; 1.3- device size; 1.5-1.7 ensure_common_namespace_device; 1.5- get_namespace_and_device indexing_dtype yield_namespaces; 1.3-1.7 isdtype; 1.8- move_to; 1.4- supported_float_dtypes yield_namespace_device_dtype_combinations
sklearn.utils._available_if 1.2-
sklearn.utils._bitset 1.9-
sklearn.utils._bunch 1.1-
sklearn.utils._chunking 1.5-
sklearn.utils._cython_blas 0.21-; 1.4- BLAS_Order BLAS_Trans
sklearn.utils._dataframe 1.8-
sklearn.utils._encode 0.24-; 1.1- _NaNCounter
sklearn.utils._estimator_html_repr 0.23-1.7; 1.4-1.7 _HTMLDocumentationLinkMixin; 1.1-1.7 _IDCounter
sklearn.utils._fast_dict 0.22-
sklearn.utils._heap 1.1-
sklearn.utils._indexing 1.5-
sklearn.utils._isfinite 1.2-; 1.4- FiniteStatus
sklearn.utils._joblib 0.20-1.6
sklearn.utils._logistic_sigmoid -1.3
sklearn.utils._mask 0.22-; 1.5- axis0_safe_slice indices_to_mask safe_mask
sklearn.utils._metadata_requests 1.3-; 1.4- _RoutingNotSupportedMixin
sklearn.utils._missing 1.5-
sklearn.utils._mocking 0.22-; 1.3- _MockEstimatorOnOffPrediction
sklearn.utils._openmp_helpers 0.22-
sklearn.utils._optional_dependencies 1.5-; 1.9- check_rich_support
sklearn.utils._param_validation 1.2-; 1.3- MissingValues RealNotInt; 1.2-1.2 _MissingValues
sklearn.utils._plotting 1.3-
sklearn.utils._pprint 0.21-
sklearn.utils._random -
sklearn.utils._readonly_array_wrapper 1.0-1.2
sklearn.utils._repr_html 1.7-
sklearn.utils._repr_html.base 1.7-; 1.9- _IDCounter
sklearn.utils._repr_html.common 1.9-
sklearn.utils._repr_html.estimator 1.7-
sklearn.utils._repr_html.features 1.9-
sklearn.utils._repr_html.fitted_attributes 1.9-
sklearn.utils._repr_html.params 1.7-
sklearn.utils._response 1.3-
sklearn.utils._scipy_sparse_lsqr_backport -0.20
sklearn.utils._seq_dataset 0.22-
sklearn.utils._set_output 1.2-; 1.4- ContainerAdapterProtocol ContainerAdaptersManager PandasAdapter PolarsAdapter check_library_installed get_columns
sklearn.utils._show_versions 0.20-
sklearn.utils._sorting 1.1-
sklearn.utils._sparse 1.9-
sklearn.utils._tags 0.24-; 1.6- ClassifierTags InputTags RegressorTags Tags TargetTags TransformerTags get_tags; 1.6-1.7 default_tags
sklearn.utils._typedefs 1.0-; 1.3- testing_make_array_from_typed_val
sklearn.utils._unique 1.6-
sklearn.utils._unittest_backport 0.20-0.21
sklearn.utils._user_interface 1.5-
sklearn.utils._vector_sentinel 1.1-
sklearn.utils._weight_vector 0.22-; 0.22-0.24 WeightVector; 1.0- WeightVector32 WeightVector64
sklearn.utils.arpack -0.20; -0.18 ArpackError ArpackNoConvergence IterInv IterOpInv LuInv SpLuInv _ArpackParams _SymmetricArpackParams _UnsymmetricArpackParams get_OPinv_matvec get_inv_matvec; 0.19-0.20 eigs eigsh svds
sklearn.utils.arrayfuncs -; 1.5-1.6 sum_parallel
sklearn.utils.bench -0.20
sklearn.utils.class_weight -
sklearn.utils.deprecation -; 0.19-0.20 DeprecationDict
sklearn.utils.discovery 1.2-
sklearn.utils.extmath -; 0.19-0.20 fast_dot; -1.5 log_logistic; -0.20 logsumexp norm pinvh; -0.23 safe_min; 1.5- safe_sqr
sklearn.utils.fast_dict -0.23; 0.19-0.23 __pyx_unpickle_IntFloatDict
sklearn.utils.fixes -; 0.23-0.24 MaskedArray; 0.24-1.1 _FuncWrapper; 0.24-1.4 delayed; 1.0-1.0 linspace percentile; -0.21 parallel_helper; 1.4- pd_fillna; -0.18 safe_copy; -0.19 sparse_min_max; 1.5- tarfile_extractall; 1.0-1.4 threadpool_info threadpool_limits
sklearn.utils.graph -; -0.20 connected_components graph_laplacian; -1.1 graph_shortest_path
sklearn.utils.graph_shortest_path -0.24
sklearn.utils.lgamma -0.21
sklearn.utils.linear_assignment_ -0.22
sklearn.utils.metadata_routing 1.3-
sklearn.utils.metaestimators -; 1.0-1.2 _AvailableIfDescriptor; 0.19- _BaseComposition; -1.2 _IffHasAttrDescriptor if_delegate_has_method; 1.0- available_if
sklearn.utils.mocking 0.20-0.23
sklearn.utils.multiclass -
sklearn.utils.murmurhash -; -1.1 murmurhash3_bytes_array_s32 murmurhash3_bytes_array_u32
sklearn.utils.optimize -; -0.23 newton_cg
sklearn.utils.parallel 1.2-
sklearn.utils.random -; -0.20 choice; -0.23 random_choice_csc
sklearn.utils.seq_dataset -0.23; 0.21-0.23 ArrayDataset32 ArrayDataset64 CSRDataset32 CSRDataset64 SequentialDataset32 SequentialDataset64
sklearn.utils.sparsefuncs -; 1.8- sparse_matmul_to_dense
sklearn.utils.sparsefuncs_fast -; 1.8- csr_matmul_csr_to_dense
sklearn.utils.sparsetools -0.20
sklearn.utils.sparsetools._graph_tools -0.18
sklearn.utils.sparsetools._graph_validation -0.18
sklearn.utils.sparsetools._traversal -0.18
sklearn.utils.stats -; 0.19-0.20 rankdata
sklearn.utils.validation -; -0.23 NonBLASDotWarning; 0.19- check_memory; 0.21- check_scalar; 1.6- validate_data
sklearn.utils.weight_vector -0.23
`;
