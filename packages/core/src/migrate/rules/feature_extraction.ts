import { vectorizers } from '../states/vectorizers.js';
import { tfidf } from '../states/text.js';
import { added, removed } from '../define.js';
import type { Chapter } from '../rule.js';

export const featureExtraction: Chapter = {
  module: 'sklearn.feature_extraction',
  moves: [
    {
      since: '0.22',
      from: 'sklearn.feature_extraction.dict_vectorizer',
      to: 'sklearn.feature_extraction._dict_vectorizer',
      source: 'sklearn/feature_extraction/_dict_vectorizer.py',
    },
    {
      since: '0.22',
      from: 'sklearn.feature_extraction.hashing',
      to: 'sklearn.feature_extraction._hash',
      source: 'sklearn/feature_extraction/_hash.py',
    },
  ],
  rules: [
    ...vectorizers,

    ...tfidf,

    added('0.19', 'alternate_sign', true, ['FeatureHasher'], 'sklearn/feature_extraction/hashing.py', {
      answers: true,
    }),
    added('0.19', 'alternate_sign', true, ['HashingVectorizer'], 'sklearn/feature_extraction/text.py', {
      answers: true,
    }),
    removed('0.21', 'non_negative', false, ['FeatureHasher'], 'sklearn/feature_extraction/hashing.py'),
    removed('0.21', 'non_negative', false, ['HashingVectorizer'], 'sklearn/feature_extraction/text.py'),
  ],
};
