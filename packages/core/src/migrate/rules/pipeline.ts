import { steps } from '../states/steps.js';
import { added } from '../define.js';
import type { Chapter } from '../rule.js';

export const pipeline: Chapter = {
  module: 'sklearn.pipeline',
  rules: [
    ...steps,
    added('0.19', 'memory', null, ['Pipeline'], 'sklearn/pipeline.py'),
    added('0.21', 'verbose', false, ['FeatureUnion', 'Pipeline'], 'sklearn/pipeline.py'),
    added('1.5', 'verbose_feature_names_out', true, ['FeatureUnion'], 'sklearn/pipeline.py'),
    added('1.6', 'transform_input', null, ['Pipeline'], 'sklearn/pipeline.py'),
  ],
  existence: [
    { since: '0.18', names: ['_BasePipeline'], change: 'came' },
    { since: '0.19', names: ['_BasePipeline'], change: 'went' },
  ],
};
