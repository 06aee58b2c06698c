import type { PyInstance } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';
import { compareVersions } from '../ranges.js';
import { OLD_CODE, sklearnIn, hasField, instancesOf, writer, inOrder } from './break.js';

/** Wrong answers without a word. */
export const silentBreaks = inOrder([
  {
    id: 'idf-lost',
    stage: 'silent',
    foresee: (facts, env) =>
      instancesOf(facts, /^TfidfTransformer$/).some((one) => one.attribute('_idf_diag') !== undefined) &&
      sklearnIn(env, { from: '1.5' })
        ? 'no error, wrong answers: the TfidfTransformer loses its IDF weights'
        : undefined,
    cause:
      'scikit-learn from 1.5 on looks for idf_ and takes _idf_diag, which older ones stored, for nothing: every weight becomes 1.',
    fix: OLD_CODE,
  },
  {
    id: 'tree-counts',
    stage: 'silent',
    foresee: (facts, env) =>
      hasField(facts.treeNodes, 'missing_go_to_left') &&
      compareVersions(writer(facts), '1.4') < 0 &&
      ((instancesOf(facts, /^DecisionTreeClassifier$/).length > 0 && sklearnIn(env, { from: '1.9' })) ||
        (instancesOf(facts, /^ExtraTreeClassifier$/).length > 0 &&
          (sklearnIn(env, { from: '1.4', below: '1.6' }) || sklearnIn(env, { from: '1.9' }))))
        ? 'no error, wrong answers: predict_proba gives counts (49.0) instead of probabilities'
        : undefined,
    cause:
      'Trees of scikit-learn 1.3 store how many samples of each class they saw, later ones store fractions, and 1.9 (1.4 and 1.5 in extra trees) does not divide.',
    fix: OLD_CODE,
  },
  {
    id: 'one-vs-rest-lost',
    stage: 'silent',
    foresee: (facts, env) =>
      sklearnIn(env, { from: '1.8' }) &&
      instancesOf(facts, /^LogisticRegression(?:CV)?$/).some(
        (one) =>
          (one.attribute('multi_class') === 'ovr' || one.attribute('solver') === 'liblinear') && moreThanTwo(one),
      )
        ? 'no error, wrong answers: predict_proba gives softmax instead of one-vs-rest probabilities'
        : undefined,
    cause:
      'scikit-learn 1.8 dropped multi_class: a one-vs-rest LogisticRegression with three or more classes is taken for a multinomial one.',
    fix: OLD_CODE,
  },
  {
    id: 'multinomial-binary',
    stage: 'silent',
    foresee: (facts, env) =>
      sklearnIn(env, { from: '1.8' }) &&
      instancesOf(facts, /^LogisticRegression(?:CV)?$/).some(
        (one) => one.attribute('multi_class') === 'multinomial' && !moreThanTwo(one),
      )
        ? 'no error, wrong answers: predict_proba of two classes is less sure than it was'
        : undefined,
    cause:
      'scikit-learn 1.8 dropped multi_class: a multinomial LogisticRegression of two classes took the softmax of both signs of its score, now the logistic function of the score itself.',
    fix: OLD_CODE,
  },
  {
    id: 'multi-class-word',
    stage: 'silent',
    foresee: (facts, env) =>
      sklearnIn(env, { below: '1.5' }) &&
      instancesOf(facts, /^LogisticRegression(?:CV)?$/).some(
        (one) =>
          one.attribute('multi_class') === 'deprecated' &&
          (!moreThanTwo(one) || one.attribute('solver') === 'liblinear'),
      )
        ? 'no error, wrong answers: predict_proba gives softmax where one-vs-rest probabilities are meant'
        : undefined,
    cause: 'scikit-learn 1.5 to 1.7 store the word deprecated for multi_class, which older ones take for multinomial.',
    fix: OLD_CODE,
  },
  {
    id: 'categories-lost',
    stage: 'silent',
    foresee: (facts, env) =>
      sklearnIn(env, { below: '1.4' }) &&
      instancesOf(facts, /^HistGradientBoosting/).some((one) => (one.attribute('_preprocessor') ?? null) !== null)
        ? 'no error, wrong answers: categories are not numbered before they are looked up'
        : undefined,
    cause:
      'Since 1.4 histogram gradient boosting numbers categories with a transformer that older versions do not know.',
    fix: OLD_CODE,
  },
]);

/** Has it more than two classes? */
function moreThanTwo(one: PyInstance): boolean {
  const classes = one.attribute('classes_');
  return classes instanceof NdArray && (classes.shape[0] ?? 0) > 2;
}
