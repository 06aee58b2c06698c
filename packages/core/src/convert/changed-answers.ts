import { Version } from '../estimators/index.js';
import type { DescribedEstimator } from '../model/model.js';

/**
 * What scikit-learn itself answers otherwise since a release, of the same fitted object: no file can keep that.
 * Predictions and probabilities are not among it; a migration that changes those is refused.
 */
interface ChangedAnswer {
  /** Class names. */
  readonly of: RegExp;
  /** Any method, also of what holds it, if there is none. */
  readonly method?: string;
  readonly since: readonly [major: number, minor: number];
  /** What is otherwise, as the end of a sentence. */
  readonly says: string;
  readonly source: string;
}

const changed: readonly ChangedAnswer[] = [
  {
    of: /(Tree|Forest|Trees)(Classifier|Regressor)$|^RandomTreesEmbedding$/,
    method: 'decision_path',
    since: [1, 8],
    says: 'missing values are followed to where the tree sends them, and not always to the right',
    source: 'sklearn/tree/_tree.pyx, _decision_path_dense',
  },
  {
    of: /^(SVC|NuSVC|OneVsOneClassifier)$/,
    method: 'decision_function',
    since: [0, 21],
    says: 'of more than two classes, scores are scaled row by row, and not by the largest of all rows given',
    source: 'sklearn/utils/multiclass.py, _ovr_decision_function',
  },
  {
    of: /^MultiOutputClassifier$/,
    method: 'predict_proba',
    since: [0, 19],
    says: 'the probabilities of the outputs come as a list, and are not stacked behind each other',
    source: 'sklearn/multioutput.py, MultiOutputClassifier.predict_proba',
  },
  {
    of: /^KBinsDiscretizer$/,
    since: [1, 1],
    says: 'values are compared with the edges of bins exactly; before, those within 1e-5 below an edge went to the bin above',
    source: 'sklearn/preprocessing/_discretization.py, KBinsDiscretizer.transform; #22229',
  },
  {
    of: /^KNNImputer$/,
    method: 'transform',
    since: [1, 3],
    says: 'rows of which none is missing get columns that tell of it, as others do',
    source: 'sklearn/impute/_knn.py, KNNImputer.transform; #27010',
  },
  {
    of: /Neighbors|^LocalOutlierFactor$/,
    method: 'kneighbors',
    since: [1, 9],
    says: 'neighbours that are equally far come in another order',
    source: 'sklearn/utils/_sorting.pyx',
  },
  {
    of: /^EllipticEnvelope$/,
    method: 'decision_function',
    since: [0, 20],
    says: 'it is the threshold less the squared distance; before, the difference of their cube roots. The signs are the same',
    source: 'sklearn/covariance/elliptic_envelope.py, EllipticEnvelope.decision_function',
  },
  {
    of: /^LinearDiscriminantAnalysis$/,
    method: 'predict_log_proba',
    since: [0, 24],
    says: 'the logarithm of a probability of zero is that of the smallest number, and not -inf',
    source: 'sklearn/discriminant_analysis.py, LinearDiscriminantAnalysis.predict_log_proba',
  },
  {
    of: /^QuadraticDiscriminantAnalysis$/,
    method: 'predict_log_proba',
    since: [1, 6],
    says: 'logarithms are computed without their probabilities, so that small ones are not -inf',
    source: 'sklearn/discriminant_analysis.py, DiscriminantAnalysisPredictionMixin',
  },
];

/**
 * What a scikit-learn of another version answers otherwise by `method`, whatever a file says: a sentence for people;
 * undefined where nothing is known.
 */
export function changedAnswer(
  content: DescribedEstimator,
  method: string,
  from: string | undefined,
  to: string,
): string | undefined {
  const [old, next] = [new Version(from ?? '0.17'), new Version(to)];
  const names = new Set<string>();
  const todo = [content];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    names.add(at.name);
    todo.push(...at.children);
  }
  for (const { of, method: which, since, says } of changed) {
    if ((which !== undefined && which !== method) || old.atLeast(...since) === next.atLeast(...since)) continue;
    const name = [...names].find((n) => of.test(n));
    if (name !== undefined) return `${method} of ${name} changes with scikit-learn: since ${since.join('.')}, ${says}`;
  }
  return undefined;
}
