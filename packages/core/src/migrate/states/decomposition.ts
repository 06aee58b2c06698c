/** Decompositions: names of kernel PCA, and transforms that solve a problem each time. */
import { numberOf } from '../../python/elements.js';
import { NdArray } from '../../python/ndarray.js';
import { SparseMatrix } from '../../python/sparse.js';
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
      const width = fit instanceof NdArray || fit instanceof SparseMatrix ? fit.shape[1] : undefined;
      return width === undefined ? undefined : real(1 / width);
    },
    ['KernelPCA'],
    'sklearn/decomposition/_kernel_pca.py; #26337',
  ),
]);

/** How many features a factorisation was fitted on, which scales its penalty since 1.0. */
function featuresOf(o: Subject): number | undefined {
  const components = o.get('components_');
  return components instanceof NdArray ? components.shape[1] : undefined;
}

const NMF = { since: '1.0', classes: ['NMF'], source: 'sklearn/decomposition/_nmf.py; #20512' } as const;
const penalty = 'alpha_W is the penalty of what transform gives, and is multiplied by the number of features';

const dictionaries = ['DictionaryLearning', 'MiniBatchDictionaryLearning'];

/** What None stands for: 1 until 1.1, which warn of it since 1.0; alpha since 1.2. */
export const transformPenalties = rules([
  ...(['1.0', '1.2'] as const).map((since) => ({
    since,
    classes: dictionaries,
    source: 'sklearn/decomposition/_dict_learning.py',
    what:
      since === '1.0'
        ? 'transform_alpha=None is warned of: it means 1, and shall mean alpha'
        : 'transform_alpha=None means alpha; before, 1',
    up: (o: Subject): void => {
      if (!o.has('transform_alpha') || o.get('transform_alpha') !== null) return;
      o.set('transform_alpha', real(1));
      o.tell('transform_alpha = 1.0, which None meant');
    },
    ...(since === '1.2'
      ? {
          down: (o: Subject): void => {
            const alpha = o.get('alpha');
            if (o.get('transform_alpha') !== null || alpha === undefined) return;
            o.set('transform_alpha', alpha);
            o.tell('transform_alpha is alpha, which None meant');
          },
        }
      : {}),
  })),
]);

/** Before the rules that retire alpha. */
export const penaltyUp = rules([
  {
    ...NMF,
    what: `alpha is said by alpha_W: ${penalty}`,
    up: sayPenalty,
  },
  {
    ...NMF,
    since: '1.2',
    what: 'alpha went: until then it counted where neither alpha_W nor alpha_H said anything',
    up: (o) => {
      const weight = o.get('alpha_W') ?? null;
      if ((weight === null || numberOf(weight) === 0) && (o.get('alpha_H') ?? 'same') === 'same') sayPenalty(o);
    },
  },
]);

function sayPenalty(o: Subject): void {
  const features = featuresOf(o);
  const alpha = o.get('alpha');
  if (features === undefined || alpha === undefined || typeof alpha === 'string') return;
  const both = o.get('regularization') ?? 'both';
  if (numberOf(alpha) === 0 || (both !== 'both' && both !== 'transformation' && both !== 'deprecated')) return;
  o.set('alpha_W', real(numberOf(alpha) / features));
  o.tell('alpha said by alpha_W, over the number of features');
}

/** After the rules that take alpha_W away, which run in reverse. */
export const penaltyDown = rules([
  {
    ...NMF,
    what: `alpha_W came: ${penalty}`,
    down: (o) => {
      const features = featuresOf(o);
      const weight = o.get('alpha_W');
      if (features === undefined || weight === undefined || numberOf(weight) === 0) return;
      o.set('alpha', real(numberOf(weight) * features));
      o.set('regularization', 'both');
      o.set('alpha_W', real(0));
      o.tell('alpha_W said by alpha, times the number of features');
    },
  },
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
