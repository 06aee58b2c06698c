import { naiveBayesRules } from '../states/single.js';
import { added, meant } from '../define.js';
import type { Chapter } from '../rule.js';

export const naiveBayes: Chapter = {
  module: 'sklearn.naive_bayes',
  rules: [
    ...naiveBayesRules,

    added('0.18', 'priors', null, ['GaussianNB'], 'sklearn/naive_bayes.py'),
    added('0.20', 'var_smoothing', 1e-9, ['GaussianNB'], 'sklearn/naive_bayes.py'),
    added('0.24', 'min_categories', null, ['CategoricalNB'], 'sklearn/naive_bayes.py'),
    added(
      '1.2',
      'force_alpha',
      false,
      ['BernoulliNB', 'CategoricalNB', 'ComplementNB', 'MultinomialNB'],
      'sklearn/naive_bayes.py',
    ),
    meant(
      '1.4',
      'force_alpha',
      'warn',
      false,
      ['BernoulliNB', 'CategoricalNB', 'ComplementNB', 'MultinomialNB'],
      'sklearn/naive_bayes.py',
      'went',
    ),
  ],
  existence: [
    { since: '0.20', names: ['ComplementNB'], change: 'came' },
    { since: '0.22', names: ['CategoricalNB', '_BaseDiscreteNB', '_BaseNB'], change: 'came' },
    { since: '0.24', names: ['BaseDiscreteNB', 'BaseNB'], change: 'went' },
  ],
};
