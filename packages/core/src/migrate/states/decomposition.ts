/** Decompositions: names of kernel PCA, and transforms that solve a problem each time. */
import { NdArray } from '../../python/ndarray.js';
import { derived, real, renamed, rules } from '../define.js';
import type { Subject } from '../subject.js';

export const kernelPca = rules([
  renamed('1.0', 'lambdas_', 'eigenvalues_', ['KernelPCA'], 'sklearn/decomposition/_kernel_pca.py; #19908'),
  renamed('1.0', 'alphas_', 'eigenvectors_', ['KernelPCA'], 'sklearn/decomposition/_kernel_pca.py; #19908'),
  derived(
    '1.3',
    'gamma_',
    (o) => {
      const fit = o.get('X_fit_');
      if (!o.has('eigenvalues_')) return undefined;
      const gamma = o.get('gamma') ?? null;
      if (gamma !== null) return gamma;
      return fit instanceof NdArray ? real(1 / fit.shape[1]) : undefined;
    },
    ['KernelPCA'],
    'sklearn/decomposition/_kernel_pca.py; #26337',
  ),
]);

const bisections = ['DictionaryLearning', 'MiniBatchDictionaryLearning', 'SparseCoder'];

function refuseCoordinateDescent(o: Subject): void {
  if (o.get('transform_algorithm') !== 'lasso_cd') return;
  throw o.refusal(
    `${o.name} transforms by coordinate descent (lasso_cd), which stops elsewhere since 1.8: answers would differ in the third digit`,
  );
}

export const coordinateDescent = rules([
  {
    since: '1.8',
    classes: bisections,
    source: 'sklearn/linear_model/_cd_fast.pyx; #31665',
    what: 'coordinate descent stops by another rule, so that transform_algorithm=lasso_cd answers otherwise',
    up: refuseCoordinateDescent,
    down: refuseCoordinateDescent,
  },
]);
