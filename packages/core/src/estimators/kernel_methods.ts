import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64 } from '../graph/tensor.js';
import { estimator, type Fitted } from './estimator.js';
import { array, matrixField, number, optional, raw, vector } from './fields.js';
import { pairwiseKernel } from './pairwise_kernels.js';

const kernelState = {
  kernel: raw,
  gamma: optional(number),
  degree: optional(number),
  coef0: optional(number),
  kernel_params: raw,
};

// ---- KernelRidge ------------------------------------------------------------------------------------

const kernelRidge = estimator(
  'KernelRidge',
  { ...kernelState, X_fit_: array, dual_coef_: array },
  {
    modules: ['sklearn.kernel_ridge'],
    input: 'matrix',
    features: (m) => m.X_fit_.shape[1],
    methods: {
      predict: (m, x, g) => {
        const k = pairwiseKernel(m, x, m.X_fit_, g);
        if (m.dual_coef_.shape.length === 2) return g.matmul(k, m.dual_coef_);
        const { data, dtype } = m.dual_coef_;
        return g.flatten(g.matmul(k, { dtype, data, shape: [data.length, 1] }));
      },
    },
  },
);

// ---- kernel approximation ---------------------------------------------------------------------------

const modules = ['sklearn.kernel_approximation'];
const numbered = (m: { estimator: { name: string } }, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${m.estimator.name.toLowerCase()}${i}`);

const nystroem = estimator(
  'Nystroem',
  { ...kernelState, components_: array, normalization_: matrixField },
  {
    modules,
    input: 'matrix',
    features: (m) => m.components_.shape[1],
    names: (m) => numbered(m, m.normalization_.shape[0]),
    methods: { transform: (m, x, g) => g.linear(pairwiseKernel(m, x, m.components_, g), m.normalization_) },
  },
);

const randomState = { random_weights_: matrixField, random_offset_: vector };

/** cos(x · weights + offset), scaled. */
function cosines(m: Fitted<typeof randomState>, x: V, scale: number, g: GraphBuilder): V {
  return g.mul(g.node('Cos', [g.add(g.matmul(x, m.random_weights_), m.random_offset_)]), scale);
}

const rbfSampler = estimator('RBFSampler', randomState, {
  modules,
  input: 'matrix',
  features: (m) => m.random_weights_.shape[0],
  names: (m) => numbered(m, m.random_offset_.data.length),
  methods: { transform: (m, x, g) => cosines(m, x, (2 / m.random_offset_.data.length) ** 0.5, g) },
});

const skewedChi2 = estimator(
  'SkewedChi2Sampler',
  { ...randomState, skewedness: number },
  {
    modules,
    features: (m) => m.random_weights_.shape[0],
    names: (m) => numbered(m, m.random_offset_.data.length),
    methods: {
      transform: (m, x, g) => {
        const enough = g.equal(g.sum(g.cast(g.lessOrEqual(x, -m.skewedness), 'float64'), 1, false), 0);
        const message = `${m.estimator.name} takes no entries of ${-m.skewedness} or below`;
        const checked = g.own('Require', [x, enough], { message }, { dtype: 'float64', shape: x.shape });
        const scale = Math.sqrt(2) / Math.sqrt(m.random_offset_.data.length);
        return cosines(m, g.log(g.add(checked, m.skewedness)), scale, g);
      },
    },
  },
);

const additiveState = { sample_steps: number, sample_interval: optional(number), sample_interval_: optional(number) };
type Additive = Fitted<typeof additiveState>;

/** The interval that scikit-learn takes for one, two and three steps. */
const intervals = [0.8, 0.5, 0.4];

function intervalOf(m: Additive): number {
  const interval = m.sample_interval ?? m.sample_interval_ ?? intervals[m.sample_steps - 1];
  if (interval === undefined)
    throw new BrineError('BAD_STATE', `${m.estimator.name} with ${m.sample_steps} steps needs a sample_interval`, {
      path: m.estimator.path,
    });
  return interval;
}

const additiveChi2 = estimator('AdditiveChi2Sampler', additiveState, {
  modules,
  input: 'matrix',
  names: (m, input) => [
    ...input.map((name) => `additivechi2sampler_${name}_sqrt`),
    ...Array.from({ length: m.sample_steps - 1 }, (_, j) =>
      ['cos', 'sin'].flatMap((f) => input.map((name) => `additivechi2sampler_${name}_${f}${j + 1}`)),
    ).flat(),
  ],
  methods: {
    transform: (m, x, g) => {
      const parts = 2 * m.sample_steps - 1;
      const width = x.shape[1] ?? null;
      return g.own(
        'AdditiveChi2',
        [x],
        { steps: m.sample_steps, interval: intervalOf(m) },
        { dtype: 'float64', shape: [x.shape[0] ?? null, width === null ? null : width * parts], layout: x.layout },
      );
    },
  },
});

const sketchState = {
  indexHash_: matrixField,
  bitHash_: matrixField,
  n_components: number,
  gamma: number,
  coef0: number,
};

const countSketch = estimator('PolynomialCountSketch', sketchState, {
  modules,
  input: 'matrix',
  features: (m) => (m.indexHash_.shape[1] ?? 0) - (m.coef0 === 0 ? 0 : 1),
  names: (m) => numbered(m, m.n_components),
  methods: {
    transform: (m, x, g) => {
      const scaled = g.mul(g.dense(x), Math.sqrt(m.gamma));
      const constant = float64([1], Float64Array.of(Math.sqrt(m.coef0)));
      const input = m.coef0 === 0 ? scaled : g.concat([scaled, g.repeatRows(scaled, constant)]);
      const indices = Int32Array.from(m.indexHash_.data as Float64Array);
      const signs = m.bitHash_.data as Float64Array;
      const degree = m.indexHash_.shape[0];
      const outputs = m.n_components;
      return g.own(
        'CountSketch',
        [input],
        { indices, signs, degree, outputs },
        { dtype: 'float64', shape: [x.shape[0] ?? null, outputs] },
      );
    },
  },
});

export const kernelMethods = [kernelRidge, nystroem, rbfSampler, skewedChi2, additiveChi2, countSketch];
