import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { numbered } from './decomposition.js';
import { estimator, takes, type Fitted } from './estimator.js';
import { array, asText, child, flag, matrixField, number, optional, raw, vector } from './fields.js';
import { pairwiseStep } from './gaussian_kernels.js';

const state = {
  X_fit_: optional(array),
  // Their names up to 0.24.
  lambdas_: optional(vector),
  alphas_: optional(matrixField),
  eigenvalues_: optional(vector),
  eigenvectors_: optional(matrixField),
  kernel: raw,
  gamma: optional(number),
  gamma_: optional(number),
  degree: optional(number, 3),
  coef0: optional(number, 1),
  _centerer: child,
  fit_inverse_transform: optional(flag, false),
  X_transformed_fit_: optional(matrixField),
  dual_coef_: optional(matrixField),
};
type KernelPca = Fitted<typeof state>;

const isPrecomputed = (m: KernelPca): boolean => asText(m.kernel) === 'precomputed';

function needed<T>(value: T | undefined, name: string, m: KernelPca): T {
  if (value === undefined) throw new BrineError('BAD_STATE', `KernelPCA has no ${name}`, { path: m.estimator.path });
  return value;
}

const valuesOf = (m: KernelPca): Tensor => needed(m.eigenvalues_ ?? m.lambdas_, 'eigenvalues_', m);

/** The kernel between rows and `others`: [n, m]. */
function likeness(m: KernelPca, x: V, others: Tensor, g: GraphBuilder): V {
  const name = asText(m.kernel);
  const step = pairwiseStep(name, {
    gamma: m.gamma_ ?? m.gamma ?? 1 / (others.shape[1] ?? 1),
    degree: m.degree,
    coef0: m.coef0,
  });
  if (!step)
    throw new BrineError('UNSUPPORTED', `KernelPCA with kernel=${name ?? 'a Python function'}`, {
      path: m.estimator.path,
    });
  const type = { dtype: 'float64', shape: [x.shape[0] ?? null, others.shape[0] ?? null] } as const;
  return g.own('KernelMatrix', [x], { program: [step], others }, type);
}

function project(m: KernelPca, x: V, g: GraphBuilder): V {
  const k = isPrecomputed(m) ? x : likeness(m, x, needed(m.X_fit_, 'X_fit_', m), g);
  const vectors = needed(m.eigenvectors_ ?? m.alphas_, 'eigenvectors_', m);
  const values = valuesOf(m).data as Float64Array;
  const width = values.length;
  const scaled = (vectors.data as Float64Array).map((v, i) => {
    const value = values[i % width];
    return value === 0 ? 0 : v / Math.sqrt(value);
  });
  return g.matmul(m._centerer.value('transform', k, g), float64(vectors.shape, scaled));
}

const kernelPca = estimator('KernelPCA', state, {
  modules: ['sklearn.decomposition._kernel_pca', 'sklearn.decomposition.kernel_pca'],
  features: (m) => m.X_fit_?.shape[isPrecomputed(m) ? 0 : 1],
  offers: (m, all) => (m.fit_inverse_transform ? all : all.filter((name) => name !== 'inverse_transform')),
  methods: {
    transform: project,
    inverse_transform: takes('dense', (m: KernelPca, x, g) =>
      g.matmul(
        likeness(m, x, needed(m.X_transformed_fit_, 'X_transformed_fit_', m), g),
        needed(m.dual_coef_, 'dual_coef_', m),
      ),
    ),
  },
  names: (m) => numbered(m, valuesOf(m).data.length),
});

export const kernelDecompositions = [kernelPca];
