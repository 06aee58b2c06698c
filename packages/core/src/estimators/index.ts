import type { Definition } from './estimator.js';
import { addDefinitions, definitionOf } from './registry.js';

/**
 * Where the classes of each scikit-learn module are defined, old names and new: loaded when a model names that module.
 * Alphabetical; several files may share a module.
 */
const files: readonly { readonly module: RegExp; readonly load: () => Promise<readonly Definition[]> }[] = [
  { module: /^sklearn\.calibration$/, load: async () => (await import('./calibration.js')).calibrators },
  { module: /^sklearn\.cluster\b/, load: async () => (await import('./cluster.js')).clusters },
  { module: /^sklearn\.cluster\b/, load: async () => (await import('./cluster_more.js')).moreClusters },
  { module: /^sklearn\.compose\b/, load: async () => (await import('./compose.js')).composers },
  { module: /^sklearn\.covariance\b/, load: async () => (await import('./covariance.js')).covariances },
  {
    module: /^sklearn\.cross_decomposition\b/,
    load: async () => (await import('./cross_decomposition.js')).crossDecompositions,
  },
  {
    module: /^sklearn\.decomposition\._?(fastica|factor_analysis|sparse_pca|dict_learning)/,
    load: async () => (await import('./factors.js')).factorings,
  },
  {
    module: /^sklearn\.decomposition\._?kernel_pca$/,
    load: async () => (await import('./kernel_pca.js')).kernelDecompositions,
  },
  {
    module: /^sklearn\.decomposition\._?(nmf|lda|online_lda)$/,
    load: async () => (await import('./topics.js')).topicModels,
  },
  { module: /^sklearn\.decomposition\b/, load: async () => (await import('./decomposition.js')).decompositions },
  {
    module: /^sklearn\.(discriminant_analysis|lda|qda)$/,
    load: async () => (await import('./discriminant_analysis.js')).discriminants,
  },
  { module: /^sklearn\.dummy$/, load: async () => (await import('./dummy.js')).dummies },
  { module: /^sklearn\.ensemble\._?bagging$/, load: async () => (await import('./bagging.js')).baggings },
  { module: /^sklearn\.ensemble\._?forest\b/, load: async () => (await import('./forest.js')).forests },
  {
    module: /^sklearn\.ensemble\.(_gb|gradient_boosting)$/,
    load: async () => (await import('./gradient_boosting.js')).gradientBoosting,
  },
  {
    module: /^sklearn\.ensemble\._?iforest$/,
    load: async () => (await import('./isolation_forest.js')).isolationForests,
  },
  { module: /^sklearn\.ensemble\._stacking$/, load: async () => (await import('./stacking.js')).stackings },
  { module: /^sklearn\.ensemble\._?voting/, load: async () => (await import('./voting.js')).votings },
  {
    module: /^sklearn\.ensemble\._?weight_boosting$/,
    load: async () => (await import('./weight_boosting.js')).weightBoosting,
  },
  {
    module: /^sklearn\.(ensemble|experimental)\._hist_gradient/,
    load: async () => (await import('./hist_gradient_boosting.js')).histGradientBoosting,
  },
  { module: /^sklearn\.feature_extraction\.image$/, load: async () => (await import('./patches.js')).patchExtractors },
  {
    module: /^sklearn\.feature_extraction\b/,
    load: async () => (await import('./feature_extraction.js')).featureExtractors,
  },
  {
    module: /^sklearn\.feature_selection\._?(from_model|rfe)$/,
    load: async () => (await import('./feature_selection_models.js')).modelSelectors,
  },
  {
    module: /^sklearn\.feature_selection\b/,
    load: async () => (await import('./feature_selection.js')).featureSelectors,
  },
  { module: /^sklearn\.(frozen|compose)\b/, load: async () => (await import('./delegates.js')).delegates },
  {
    module: /^sklearn\.gaussian_process\b/,
    load: async () => (await import('./gaussian_process.js')).gaussianProcesses,
  },
  { module: /^sklearn\.impute\._knn$/, load: async () => (await import('./impute_knn.js')).neighborImputers },
  { module: /^sklearn\.impute\b/, load: async () => (await import('./iterative_imputer.js')).iterativeImputers },
  {
    module: /^sklearn\.(impute|preprocessing\.imputation)\b/,
    load: async () => (await import('./impute.js')).imputers,
  },
  { module: /^sklearn\.isotonic$/, load: async () => (await import('./isotonic.js')).isotonicRegressions },
  {
    module: /^sklearn\.(kernel_ridge|kernel_approximation)$/,
    load: async () => (await import('./kernel_methods.js')).kernelMethods,
  },
  {
    module: /^sklearn\.linear_model\._?(bayes|ransac|ridge|stochastic_gradient)$/,
    load: async () => (await import('./linear_model_more.js')).moreLinearModels,
  },
  { module: /^sklearn\.linear_model\b/, load: async () => (await import('./linear_model.js')).linearModels },
  { module: /^sklearn\.manifold\b/, load: async () => (await import('./manifold.js')).manifolds },
  { module: /^sklearn\.mixture\b/, load: async () => (await import('./mixture.js')).mixtures },
  {
    module: /^sklearn\.model_selection\._classification_threshold$/,
    load: async () => (await import('./thresholds.js')).thresholdClassifiers,
  },
  {
    module: /^sklearn\.(model_selection|grid_search)\b/,
    load: async () => (await import('./model_selection.js')).modelSelection,
  },
  { module: /^sklearn\.multiclass$/, load: async () => (await import('./multiclass.js')).multiclassClassifiers },
  { module: /^sklearn\.multioutput$/, load: async () => (await import('./multioutput.js')).multiOutputs },
  { module: /^sklearn\.naive_bayes\b/, load: async () => (await import('./naive_bayes.js')).naiveBayes },
  {
    module: /^sklearn\.neighbors\._?(lof|kde|nearest_centroid|nca)$/,
    load: async () => (await import('./neighbors_more.js')).moreNeighbors,
  },
  {
    module: /^sklearn\.neighbors\._?(unsupervised|classification|regression|graph)$/,
    load: async () => (await import('./neighbors.js')).neighbors,
  },
  { module: /^sklearn\.neural_network\._?rbm$/, load: async () => (await import('./rbm.js')).boltzmannMachines },
  { module: /^sklearn\.neural_network\b/, load: async () => (await import('./neural_network.js')).neuralNetworks },
  { module: /^sklearn\.pipeline\b/, load: async () => (await import('./pipeline.js')).pipelines },
  {
    module: /^sklearn\.preprocessing\.(_?data)$/,
    load: async () => (await import('./preprocessing/data.js')).preprocessors,
  },
  {
    module: /^sklearn\.preprocessing\.(_discretization|_?data)$/,
    load: async () => (await import('./preprocessing/discretize.js')).discretizers,
  },
  {
    module: /^sklearn\.preprocessing\.(_encoders|data)$/,
    load: async () => (await import('./preprocessing/encoders.js')).encoders,
  },
  {
    module: /^sklearn\.preprocessing\._function_transformer$/,
    load: async () => (await import('./preprocessing/function_transformer.js')).functionTransformers,
  },
  {
    module: /^sklearn\.preprocessing\.(_label|label)$/,
    load: async () => (await import('./preprocessing/labels.js')).labelEncoders,
  },
  {
    module: /^sklearn\.preprocessing\.(_polynomial|_?data)$/,
    load: async () => (await import('./preprocessing/distributions.js')).distributionTransformers,
  },
  {
    module: /^sklearn\.preprocessing\.(_polynomial|_?data)$/,
    load: async () => (await import('./preprocessing/polynomial.js')).polynomials,
  },
  {
    module: /^sklearn\.preprocessing\.(_target_encoder|_?label)$/,
    load: async () => (await import('./preprocessing/targets.js')).targetTransformers,
  },
  {
    module: /^sklearn\.random_projection$/,
    load: async () => (await import('./random_projection.js')).randomProjections,
  },
  { module: /^sklearn\.semi_supervised\b/, load: async () => (await import('./semi_supervised.js')).semiSupervised },
  { module: /^sklearn\.svm\b/, load: async () => (await import('./svm.js')).supportVectorMachines },
  { module: /^sklearn\.tree\b/, load: async () => (await import('./tree.js')).trees },
];
const loaded = new Set<RegExp>();

/** Loads the definitions that a file needs, given the names of the modules in it. */
export async function loadEstimators(modules: Iterable<string>): Promise<void> {
  const names = [...modules];
  const wanted = files.filter((f) => !loaded.has(f.module) && names.some((n) => f.module.test(n)));
  await Promise.all(
    wanted.map(async (f) => {
      addDefinitions(await f.load());
      loaded.add(f.module);
    }),
  );
}

/** Every definition there is: for the list in docs/estimators.md. */
export async function allDefinitions(): Promise<Definition[]> {
  return (await Promise.all(files.map((f) => f.load()))).flat();
}

export { addDefinitions, definitionOf };
export { bind, Estimator, estimator, takes, type Definition } from './estimator.js';
export { plainLabel, raw } from './fields.js';
export { floatText } from './python_text.js';
export { strangerText } from './strangers.js';
export { togetherDefinitions } from './together.js';
export { Version } from './version.js';
export type { ColumnType, InputKind } from './estimator.js';
export type { Data, Result } from './data.js';
