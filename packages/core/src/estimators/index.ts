import type { Definition } from './estimator.js';
import { addDefinitions, definitionOf } from './registry.js';

/** Where the classes of each scikit-learn module are defined: loaded when a model names that module. */
const files: readonly { readonly prefix: RegExp; readonly load: () => Promise<readonly Definition[]> }[] = [
  {
    prefix: /^sklearn\.feature_extraction\.image$/,
    load: async () => (await import('./patches.js')).patchExtractors,
  },
  {
    prefix: /^sklearn\.neural_network\._?rbm$/,
    load: async () => (await import('./rbm.js')).boltzmannMachines,
  },
  {
    prefix: /^sklearn\.cluster\b/,
    load: async () => (await import('./cluster_more.js')).moreClusters,
  },
  {
    prefix: /^sklearn\.manifold\b/,
    load: async () => (await import('./manifold.js')).manifolds,
  },
  {
    prefix: /^sklearn\.decomposition\._?kernel_pca$/,
    load: async () => (await import('./kernel_pca.js')).kernelDecompositions,
  },
  {
    prefix: /^sklearn\.decomposition\._?(nmf|lda|online_lda)$/,
    load: async () => (await import('./topics.js')).topicModels,
  },
  {
    prefix: /^sklearn\.decomposition\._?(fastica|factor_analysis|sparse_pca|dict_learning)/,
    load: async () => (await import('./factors.js')).factorings,
  },
  {
    prefix: /^sklearn\.impute\b/,
    load: async () => (await import('./iterative_imputer.js')).iterativeImputers,
  },
  {
    prefix: /^sklearn\.random_projection$/,
    load: async () => (await import('./random_projection.js')).randomProjections,
  },
  {
    prefix: /^sklearn\.cross_decomposition\b/,
    load: async () => (await import('./cross_decomposition.js')).crossDecompositions,
  },
  {
    prefix: /^sklearn\.covariance\b/,
    load: async () => (await import('./covariance.js')).covariances,
  },
  {
    prefix: /^sklearn\.mixture\b/,
    load: async () => (await import('./mixture.js')).mixtures,
  },
  {
    prefix: /^sklearn\.gaussian_process\b/,
    load: async () => (await import('./gaussian_process.js')).gaussianProcesses,
  },
  {
    prefix: /^sklearn\.(discriminant_analysis|lda|qda)$/,
    load: async () => (await import('./discriminant_analysis.js')).discriminants,
  },
  {
    prefix: /^sklearn\.semi_supervised\b/,
    load: async () => (await import('./semi_supervised.js')).semiSupervised,
  },
  {
    prefix: /^sklearn\.linear_model\._?(bayes|ransac|ridge|stochastic_gradient)$/,
    load: async () => (await import('./linear_model_more.js')).moreLinearModels,
  },
  {
    prefix: /^sklearn\.model_selection\._classification_threshold$/,
    load: async () => (await import('./thresholds.js')).thresholdClassifiers,
  },
  {
    prefix: /^sklearn\.multioutput$/,
    load: async () => (await import('./multioutput.js')).multiOutputs,
  },
  {
    prefix: /^sklearn\.multiclass$/,
    load: async () => (await import('./multiclass.js')).multiclassClassifiers,
  },
  { prefix: /^sklearn\.tree\b/, load: async () => (await import('./tree.js')).trees },
  { prefix: /^sklearn\.ensemble\._?forest\b/, load: async () => (await import('./forest.js')).forests },
  {
    prefix: /^sklearn\.ensemble\.(_gb|gradient_boosting)$/,
    load: async () => (await import('./gradient_boosting.js')).gradientBoosting,
  },
  {
    prefix: /^sklearn\.(ensemble|experimental)\._hist_gradient/,
    load: async () => (await import('./hist_gradient_boosting.js')).histGradientBoosting,
  },
  { prefix: /^sklearn\.linear_model\b/, load: async () => (await import('./linear_model.js')).linearModels },
  {
    prefix: /^sklearn\.(frozen|compose)\b/,
    load: async () => (await import('./delegates.js')).delegates,
  },
  {
    prefix: /^sklearn\.feature_selection\._?(from_model|rfe)$/,
    load: async () => (await import('./feature_selection_models.js')).modelSelectors,
  },
  {
    prefix: /^sklearn\.preprocessing\.(_discretization|_?data)$/,
    load: async () => (await import('./preprocessing/discretize.js')).discretizers,
  },
  {
    prefix: /^sklearn\.preprocessing\.(_polynomial|_?data)$/,
    load: async () => (await import('./preprocessing/distributions.js')).distributionTransformers,
  },
  {
    prefix: /^sklearn\.preprocessing\.(_target_encoder|_?label)$/,
    load: async () => (await import('./preprocessing/targets.js')).targetTransformers,
  },
  { prefix: /^sklearn\.compose\b/, load: async () => (await import('./compose.js')).composers },
  {
    prefix: /^sklearn\.feature_selection\b/,
    load: async () => (await import('./feature_selection.js')).featureSelectors,
  },
  {
    prefix: /^sklearn\.feature_extraction\b/,
    load: async () => (await import('./feature_extraction.js')).featureExtractors,
  },
  {
    prefix: /^sklearn\.preprocessing\._function_transformer$/,
    load: async () => (await import('./preprocessing/function_transformer.js')).functionTransformers,
  },
  { prefix: /^sklearn\.dummy$/, load: async () => (await import('./dummy.js')).dummies },
  {
    prefix: /^sklearn\.preprocessing\.(_label|label)$/,
    load: async () => (await import('./preprocessing/labels.js')).labelEncoders,
  },
  {
    prefix: /^sklearn\.preprocessing\.(_polynomial|_?data)$/,
    load: async () => (await import('./preprocessing/polynomial.js')).polynomials,
  },
  {
    prefix: /^sklearn\.(impute|preprocessing\.imputation)\b/,
    load: async () => (await import('./impute.js')).imputers,
  },
  { prefix: /^sklearn\.decomposition\b/, load: async () => (await import('./decomposition.js')).decompositions },
  { prefix: /^sklearn\.calibration$/, load: async () => (await import('./calibration.js')).calibrators },
  { prefix: /^sklearn\.isotonic$/, load: async () => (await import('./isotonic.js')).isotonicRegressions },
  { prefix: /^sklearn\.naive_bayes\b/, load: async () => (await import('./naive_bayes.js')).naiveBayes },
  { prefix: /^sklearn\.neural_network\b/, load: async () => (await import('./neural_network.js')).neuralNetworks },
  {
    prefix: /^sklearn\.(model_selection|grid_search)\b/,
    load: async () => (await import('./model_selection.js')).modelSelection,
  },
  { prefix: /^sklearn\.cluster\b/, load: async () => (await import('./cluster.js')).clusters },
  {
    prefix: /^sklearn\.ensemble\._?weight_boosting$/,
    load: async () => (await import('./weight_boosting.js')).weightBoosting,
  },
  { prefix: /^sklearn\.ensemble\._?bagging$/, load: async () => (await import('./bagging.js')).baggings },
  {
    prefix: /^sklearn\.ensemble\._?iforest$/,
    load: async () => (await import('./isolation_forest.js')).isolationForests,
  },
  { prefix: /^sklearn\.ensemble\._?voting/, load: async () => (await import('./voting.js')).votings },
  { prefix: /^sklearn\.ensemble\._stacking$/, load: async () => (await import('./stacking.js')).stackings },
  {
    prefix: /^sklearn\.neighbors\._?(lof|kde|nearest_centroid|nca)$/,
    load: async () => (await import('./neighbors_more.js')).moreNeighbors,
  },
  {
    prefix: /^sklearn\.(kernel_ridge|kernel_approximation)$/,
    load: async () => (await import('./kernel_methods.js')).kernelMethods,
  },
  { prefix: /^sklearn\.impute\._knn$/, load: async () => (await import('./impute_knn.js')).neighborImputers },
  { prefix: /^sklearn\.svm\b/, load: async () => (await import('./svm.js')).supportVectorMachines },
  {
    prefix: /^sklearn\.neighbors\._?(unsupervised|classification|regression|graph)$/,
    load: async () => (await import('./neighbors.js')).neighbors,
  },
  { prefix: /^sklearn\.pipeline\b/, load: async () => (await import('./pipeline.js')).pipelines },
  {
    prefix: /^sklearn\.preprocessing\.(_?data)$/,
    load: async () => (await import('./preprocessing/data.js')).preprocessors,
  },
  {
    prefix: /^sklearn\.preprocessing\.(_encoders|data)$/,
    load: async () => (await import('./preprocessing/encoders.js')).encoders,
  },
];
const loaded = new Set<RegExp>();

/** Loads the definitions that a file needs, given the names of the modules in it. */
export async function loadEstimators(modules: Iterable<string>): Promise<void> {
  const names = [...modules];
  const wanted = files.filter((f) => !loaded.has(f.prefix) && names.some((n) => f.prefix.test(n)));
  await Promise.all(
    wanted.map(async (f) => {
      addDefinitions(await f.load());
      loaded.add(f.prefix);
    }),
  );
}

export { addDefinitions, definitionOf };
export { bind, Estimator, estimator, takes, type Definition } from './estimator.js';
export { plainLabel, raw } from './fields.js';
export { floatText } from './python_text.js';
export { togetherDefinitions } from './together.js';
export { Version } from './version.js';
export type { ColumnType, InputKind } from './estimator.js';
export type { Data, Result } from './data.js';
