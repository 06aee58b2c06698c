import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import type { PairwiseMetric } from '../graph/kernel-program.js';
import type { Tensor } from '../graph/tensor.js';
import { PyDict, PyGlobal, type PyValue } from '../pickle/values.js';
import type { Estimator } from './estimator.js';
import { asNumber } from './fields.js';

/** The kernel parameters that scikit-learn's kernel methods share. */
export interface KernelOf {
  readonly kernel: PyValue | undefined;
  readonly gamma: number | undefined;
  readonly degree: number | undefined;
  readonly coef0: number | undefined;
  readonly kernel_params: PyValue | undefined;
  readonly estimator: Estimator;
}

const metrics: Readonly<Record<string, PairwiseMetric>> = {
  linear: 'linear',
  poly: 'polynomial',
  polynomial: 'polynomial',
  rbf: 'rbf',
  laplacian: 'laplacian',
  sigmoid: 'sigmoid',
  cosine: 'cosine',
  chi2: 'chi2',
  additive_chi2: 'additive_chi2',
};

/**
 * `pairwise_kernels` between the rows of x and the rows of `others`: [n, rows]. Parameters that are not given
 * are the kernel function's own defaults. Throws UNSUPPORTED for a Python function.
 */
export function pairwiseKernel(m: KernelOf, x: V, others: Tensor, g: GraphBuilder): V {
  if (m.kernel === 'precomputed') return g.dense(x);
  const metric = typeof m.kernel === 'string' ? metrics[m.kernel] : undefined;
  if (!metric) {
    const name = m.kernel instanceof PyGlobal ? m.kernel.fullName : m.kernel;
    const what = typeof name === 'string' ? name : 'an object of its own';
    throw new BrineError('UNSUPPORTED', `the kernel of ${m.estimator.name} is ${what}`, { path: m.estimator.path });
  }
  if (metric === 'linear') return g.linear(x, others);
  const given = (name: string, own: number | undefined): number | undefined =>
    own ?? (m.kernel_params instanceof PyDict ? asNumber(m.kernel_params.get(name)) : undefined);
  const columns = others.shape[1] ?? 1;
  const step = {
    op: 'pairwise' as const,
    metric,
    gamma: given('gamma', m.gamma) ?? (metric === 'chi2' ? 1 : 1 / columns),
    degree: given('degree', m.degree) ?? 3,
    coef0: given('coef0', m.coef0) ?? 1,
  };
  return g.own(
    'KernelMatrix',
    [g.dense(x)],
    { program: [step], others },
    {
      dtype: 'float64',
      shape: [x.shape[0] ?? null, others.shape[0] ?? null],
    },
  );
}
