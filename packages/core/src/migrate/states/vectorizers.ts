/** Vectorisers: parameters of their own, and how they know that they are fitted. */
import { PyDict } from '../../pickle/values.js';
import { SparseMatrix } from '../../python/sparse.js';
import { rules } from '../define.js';

const tfidfParameters = ['norm', 'use_idf', 'smooth_idf', 'sublinear_tf'];

const TEXT = 'sklearn/feature_extraction/text.py';

export const vectorizers = rules([
  {
    since: '0.24',
    classes: ['DictVectorizer'],
    source: 'sklearn/feature_extraction/_dict_vectorizer.py',
    what: 'values may be lists of texts; before, those were left out of account without a word',
    down: (o) => {
      const names = o.get('feature_names_');
      const separator = o.get('separator');
      if (!Array.isArray(names) || typeof separator !== 'string') return;
      if (names.some((name) => typeof name === 'string' && name.includes(separator)))
        throw o.refusal(
          'the file does not tell whether DictVectorizer was trained with lists of texts, which came with 0.24; before, they count for nothing, without a word',
        );
    },
  },
  {
    since: '1.1',
    classes: ['TfidfVectorizer'],
    source: `${TEXT}; #22832`,
    what: 'norm, use_idf, smooth_idf and sublinear_tf are parameters of its own, no longer those of the transformer inside',
    up: (o) => {
      const inner = o.child('_tfidf');
      if (!inner) return;
      for (const name of tfidfParameters) {
        const value = inner.get(name);
        if (value !== undefined && !o.has(name)) o.set(name, value);
      }
      o.tell(`parameters ${tfidfParameters.join(', ')} taken from the transformer inside`);
    },
    down: (o) => {
      const inner = o.child('_tfidf');
      if (!inner) {
        o.set(
          '_tfidf',
          o.create(
            'sklearn.feature_extraction.text',
            'TfidfTransformer',
            PyDict.from(tfidfParameters.map((name) => [name, o.get(name) ?? null])),
          ),
        );
      }
      for (const name of tfidfParameters) o.delete(name);
      o.tell(`parameters ${tfidfParameters.join(', ')} left to the transformer inside`);
    },
  },
  {
    since: '1.0',
    classes: ['TfidfTransformer'],
    source: `${TEXT}; #18843`,
    what: 'a transformer without weights counts as fitted only if it knows the number of its features',
    up: (o) => {
      if (o.has('n_features_in_') || !o.has('use_idf')) return;
      const words = o.holder?.get('vocabulary_');
      const matrix = o.get('_idf_diag');
      const count = matrix instanceof SparseMatrix ? matrix.shape[0] : words instanceof PyDict ? words.size : undefined;
      if (count !== undefined) o.set('n_features_in_', count);
      else if (o.get('use_idf') === false) o.set('fitted_', true);
      else return;
      o.tell(
        count === undefined ? 'attribute fitted_ added, so that it counts as fitted' : 'attribute n_features_in_ added',
      );
    },
  },
]);
