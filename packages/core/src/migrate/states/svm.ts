/** Support vector machines: counts and probabilities under other names. */
import { Dtype, NdArray } from '../../python/ndarray.js';
import { renamed, rules } from '../define.js';

const svms = ['SVC', 'NuSVC', 'SVR', 'NuSVR', 'OneClassSVM'];

const SVM = 'sklearn/svm/_base.py';

export const supportVectors = rules([
  renamed('0.22', 'n_support_', '_n_support', svms, `${SVM}; #15099`),
  renamed('0.23', 'probA_', '_probA', svms, `${SVM}; #15099`),
  renamed('0.23', 'probB_', '_probB', svms, `${SVM}; #15099`),
  {
    since: '1.9',
    classes: svms,
    source: `${SVM}; #32050`,
    what: "probability is on its way out ('deprecated' by default); whether probabilities were trained is kept beside it",
    up: (o) => {
      if (o.has('support_')) {
        o.set('_effective_probability', o.get('probability') ?? false);
        o.tell('attribute _effective_probability added');
      }
      if ((o.name === 'SVC' || o.name === 'NuSVC') && o.get('probability') === false) {
        o.set('probability', 'deprecated');
        o.tell("probability = False written as 'deprecated', the default that means it");
      }
    },
    down: (o) => {
      if (o.delete('_effective_probability')) o.tell('attribute _effective_probability left out');
      if (o.get('probability') === 'deprecated') {
        o.set('probability', false);
        o.tell("probability = 'deprecated' written as False, which it meant");
      }
    },
  },
]);

export const supportCounts = rules([
  {
    since: '0.22',
    classes: ['SVR', 'NuSVR', 'OneClassSVM'],
    source: 'sklearn/svm/_base.py; #14874',
    what: '_n_support counts the support vectors; it held anything before where there are no classes',
    up: (o) => {
      const vectors = o.get('support_');
      if (!(vectors instanceof NdArray)) return;
      const counts = Int32Array.of(vectors.size, vectors.size);
      o.set('_n_support', new NdArray(new Dtype('i', 4, '<'), [2], false, new Uint8Array(counts.buffer)));
      o.tell('attribute _n_support counted');
    },
  },
]);
