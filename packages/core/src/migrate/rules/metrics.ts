import { added } from '../define.js';
import type { Chapter } from '../rule.js';

export const metrics: Chapter = {
  module: 'sklearn.metrics',
  moves: [
    {
      since: '0.22',
      from: 'sklearn.metrics.classification',
      to: 'sklearn.metrics._classification',
      source: 'sklearn/metrics/_classification.py',
    },
    {
      since: '0.22',
      from: 'sklearn.metrics.cluster.bicluster',
      to: 'sklearn.metrics.cluster._bicluster',
      source: 'sklearn/metrics/cluster/_bicluster.py',
    },
    {
      since: '0.22',
      from: 'sklearn.metrics.cluster.supervised',
      to: 'sklearn.metrics.cluster._supervised',
      source: 'sklearn/metrics/cluster/_supervised.py',
    },
    {
      since: '0.22',
      from: 'sklearn.metrics.cluster.unsupervised',
      to: 'sklearn.metrics.cluster._unsupervised',
      source: 'sklearn/metrics/cluster/_unsupervised.py',
    },
    {
      since: '0.22',
      from: 'sklearn.metrics.ranking',
      to: 'sklearn.metrics._ranking',
      source: 'sklearn/metrics/_ranking.py',
    },
    {
      since: '0.22',
      from: 'sklearn.metrics.regression',
      to: 'sklearn.metrics._regression',
      source: 'sklearn/metrics/_regression.py',
    },
    {
      since: '0.22',
      from: 'sklearn.metrics.scorer',
      to: 'sklearn.metrics._scorer',
      source: 'sklearn/metrics/_scorer.py',
    },
  ],
  rules: [
    added('1.2', 'raise_exc', true, ['_MultimetricScorer'], 'sklearn/metrics/_scorer.py'),
    added('1.2', 'scorers', null, ['_MultimetricScorer'], 'sklearn/metrics/_scorer.py'),
  ],
  existence: [
    { since: '0.22', names: ['_MultimetricScorer'], change: 'came' },
    { since: '1.3', names: ['_PassthroughScorer'], change: 'came' },
    { since: '1.4', names: ['_Scorer'], change: 'came' },
    { since: '1.4', names: ['_PredictScorer', '_ProbaScorer', '_ThresholdScorer'], change: 'went' },
  ],
};
