import { PyInstance, PyTuple } from '../pickle/values.js';
import type { Estimator } from './estimator.js';
import { requireFitted } from './fields.js';

/** Families that cannot answer unfitted, and whose fitting has left attributes that end in an underscore in every release. */
const FITTED =
  /^(Standard|MinMax|MaxAbs|Robust)Scaler$|^(OneHot|Ordinal|Label)Encoder$|^(Label|MultiLabel)Binarizer$|^ColumnTransformer$|^(Simple|KNN)Imputer$|^(Quantile|Power)Transformer$|^(RandomForest|ExtraTrees?|GradientBoosting|HistGradientBoosting|DecisionTree|AdaBoost|Bagging|Voting|Stacking|MLP)(Classifier|Regressor)$|^(Linear|Nu)?SV[CR]$|^(Linear|Logistic)Regression$|^(Ridge|Lasso|ElasticNet)$|^(PCA|TruncatedSVD|IsolationForest|(MiniBatch)?KMeans)$|^(Grid|Randomized)SearchCV$/;

/**
 * Throws NOT_FITTED where it is plain from what was saved that the estimator, or a step of the pipeline that it is, was
 * never fitted: one that is described without its numbers being read would else seem to answer.
 */
export function requireFittedParts(estimator: Estimator): void {
  if (estimator.name !== 'Pipeline') {
    if (FITTED.test(estimator.name)) requireFitted(estimator);
    return;
  }
  const { path } = estimator;
  const steps = estimator.instance.attribute('steps');
  if (!Array.isArray(steps)) return;
  steps.forEach((step, i) => {
    const instance = step instanceof PyTuple ? step.items[1] : undefined;
    if (instance instanceof PyInstance && FITTED.test(instance.name))
      requireFitted(estimator.bind(instance, `${path === '' ? '' : `${path}.`}steps[${i}][1]`));
  });
}
