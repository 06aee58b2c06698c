import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import type { CoefficientRange, SupportVectors } from '../graph/support-vectors.js';
import { float64, isCsr, type Csr, type Tensor } from '../graph/tensor.js';
import { PyGlobal } from '../pickle/values.js';
import { estimator, type Fitted } from './estimator.js';
import { array, denseOrSparse, flag, integers, labels, number, optional, raw, text, vector } from './fields.js';
import { affine, decision } from './linear_model.js';
import { oneVsRestFromPairs, pairVotes } from './pairs.js';
import { predictedLabel } from './scores.js';

// ---- libsvm -----------------------------------------------------------------------------------------

/**
 * `_dual_coef_` and `_intercept_` are libsvm's own; the public ones without underscore have another sign where there
 * are two classes. `_n_support`, `_probA` and `_probB` had public names before 0.22.
 */
const machineState = {
  kernel: raw,
  degree: optional(number, 3),
  coef0: optional(number, 0),
  _gamma: optional(number, 0),
  support_: integers,
  support_vectors_: denseOrSparse,
  _dual_coef_: array,
  _intercept_: vector,
  shape_fit_: optional(integers),
};
const classifierState = {
  ...machineState,
  classes_: labels,
  _n_support: optional(integers),
  n_support_: optional(integers),
  probability: raw,
  _probA: optional(vector),
  _probB: optional(vector),
  probA_: optional(vector),
  probB_: optional(vector),
  decision_function_shape: optional(text, 'ovo'),
  break_ties: optional(flag, false),
};
type Machine = Fitted<typeof machineState>;
type Classifier = Fitted<typeof classifierState>;

const kernels = ['linear', 'poly', 'rbf', 'sigmoid', 'precomputed'] as const;

function kernelOf(m: Machine): (typeof kernels)[number] {
  const known = kernels.find((k) => k === m.kernel);
  if (known !== undefined) return known;
  const name = m.kernel instanceof PyGlobal ? m.kernel.fullName : 'an object of its own';
  throw new BrineError('UNSUPPORTED', `the kernel of ${m.estimator.name} is a Python function, ${name}`, {
    path: m.estimator.path,
  });
}

function misfit(m: Machine, message: string): BrineError {
  return new BrineError('BAD_STATE', `${m.estimator.name}: ${message}`, { path: m.estimator.path });
}

/** Regression and outliers: one sum over all vectors. */
const oneSum = (m: Machine): CoefficientRange[][] => [[{ row: 0, from: 0, to: m.support_.length }]];

/** Classification: vectors are grouped by class; those of class i take row j - 1 for the pair (i, j), of class j row i. */
function pairSums(m: Classifier): CoefficientRange[][] {
  const counts = m._n_support ?? m.n_support_ ?? [];
  const k = m.classes_.data.length;
  const starts = [0];
  for (const count of counts) starts.push(starts[starts.length - 1] + Math.max(0, count));
  if (counts.length !== k || starts[k] !== m.support_.length)
    throw misfit(m, `${k} classes with ${counts.join(', ')} support vectors, of which there are ${m.support_.length}`);
  const outputs: CoefficientRange[][] = [];
  for (let i = 0; i < k; i++)
    for (let j = i + 1; j < k; j++)
      outputs.push([
        { row: j - 1, from: starts[i], to: starts[i + 1] },
        { row: i, from: starts[j], to: starts[j + 1] },
      ]);
  return outputs;
}

/** Products of coefficients and vectors are kept as weights up to this many (CWE-789). */
const WEIGHTS_LIMIT = 2 ** 24;

/** libsvm's decision values: [n, outputs]. */
function decisionValues(m: Machine, outputs: CoefficientRange[][], x: V, g: GraphBuilder): V {
  const kernel = kernelOf(m);
  const count = m.support_.length;
  const [rows = 0, width = 0] = m._dual_coef_.shape;
  const intercepts = m._intercept_.data as Float64Array;
  const lastRow = Math.max(...outputs.flat().map((range) => range.row));
  if ((count > 0 && (width !== count || rows <= lastRow)) || intercepts.length !== outputs.length)
    throw misfit(m, `coefficients ${rows} × ${width} and ${intercepts.length} intercepts for ${count} support vectors`);
  const coefficients = m._dual_coef_.data as Float64Array;
  if (kernel === 'precomputed') {
    const limit = m.shape_fit_?.[1] ?? m.nFeatures ?? 0;
    if (m.support_.some((s) => s < 0 || s >= limit)) throw misfit(m, `support vectors beyond the ${limit} rows fitted`);
    if (outputs.length * count > WEIGHTS_LIMIT)
      throw new BrineError('LIMIT', `${outputs.length} pairs of classes with ${count} support vectors`);
    const weights = new Float64Array(outputs.length * count);
    outputs.forEach((ranges, o) => {
      for (const { row, from, to } of ranges)
        for (let s = from; s < to; s++) weights[o * count + s] = coefficients[row * count + s]!;
    });
    return g.linear(g.columns(g.dense(x), m.support_), float64([outputs.length, count], weights), m._intercept_);
  }
  const machine = machineOf(m, kernel, outputs, coefficients, intercepts);
  const columns = machine.vectors.shape[1] ?? 0;
  // Of dense vectors libsvm's sums are followed term by term: large features nearly cancel in them.
  if (kernel === 'linear' && isCsr(machine.vectors) && outputs.length * columns <= WEIGHTS_LIMIT)
    return g.linear(x, linearWeights(machine, machine.vectors), m._intercept_);
  const input = isCsr(machine.vectors) ? x : g.dense(x);
  return g.own(
    'KernelMachine',
    [input],
    { machine },
    { dtype: 'float64', shape: [x.shape[0] ?? null, outputs.length] },
  );
}

const machines = new WeakMap<object, SupportVectors>();

/** Described once per model, however many methods use it. */
function machineOf(
  m: Machine,
  kernel: SupportVectors['kernel'],
  outputs: CoefficientRange[][],
  coefficients: Float64Array,
  intercepts: Float64Array,
): SupportVectors {
  let machine = machines.get(m.estimator);
  if (machine) return machine;
  const vectors = worthwhile(m.support_vectors_);
  const count = m.support_.length;
  if (vectors.shape[0] !== count)
    throw misfit(m, `${vectors.shape[0]} support vectors, and places of ${count} of them`);
  const { degree, coef0, _gamma: gamma } = m;
  if (kernel === 'poly' && !(Number.isInteger(degree) && degree >= 0 && degree <= 2 ** 31))
    throw misfit(m, `a polynomial of degree ${degree}`);
  machine = { kernel, gamma, coef0, degree, vectors, coefficients, outputs, intercepts };
  machines.set(m.estimator, machine);
  return machine;
}

/** Sparse vectors with more than this part of their places filled, or fewer places than this, are faster as dense. */
const DENSE_PART = 0.25;
const DENSE_PLACES = 2 ** 14;

function worthwhile(vectors: Tensor | Csr): Tensor | Csr {
  if (!isCsr(vectors)) return vectors;
  const [rows, columns] = vectors.shape;
  const places = rows * columns;
  if (places > DENSE_PLACES && vectors.data.length < DENSE_PART * places) return vectors;
  const data = new Float64Array(places);
  eachEntry(vectors, (r, c, value) => (data[r * columns + c] += value));
  return float64([rows, columns], data);
}

function eachEntry(
  { shape, indptr, indices, data }: Csr,
  use: (row: number, column: number, value: number) => void,
): void {
  for (let r = 0; r < shape[0]; r++) for (let e = indptr[r]; e < indptr[r + 1]; e++) use(r, indices[e], data[e]);
}

/**
 * [outputs, columns]: with the linear kernel an output is one inner product, which spares a product with each of the
 * thousands of vectors that text models have. The sums keep what rounding loses (Neumaier), since coefficients of
 * both signs nearly cancel.
 */
function linearWeights({ coefficients, outputs }: SupportVectors, vectors: Csr): Tensor {
  const [count, columns] = vectors.shape;
  const sums = new Float64Array(outputs.length * columns);
  const lost = new Float64Array(outputs.length * columns);
  const add = (at: number, term: number): void => {
    const before = sums[at];
    const after = before + term;
    lost[at] += Math.abs(before) >= Math.abs(term) ? before - after + term : term - after + before;
    sums[at] = after;
  };
  outputs.forEach((ranges, o) => {
    for (const { row, from, to } of ranges)
      for (let s = from; s < to; s++)
        for (let e = vectors.indptr[s]; e < vectors.indptr[s + 1]; e++)
          add(o * columns + vectors.indices[e], coefficients[row * count + s] * vectors.data[e]);
  });
  return float64(
    [outputs.length, columns],
    sums.map((sum, i) => sum + lost[i]),
  );
}

const shared = {
  modules: ['sklearn.svm._classes', 'sklearn.svm.classes'],
  input: 'matrix' as const,
  features: (m: Machine) => m.shape_fit_?.[1],
};

// ---- classifiers ------------------------------------------------------------------------------------

const pairScores = (m: Classifier, x: V, g: GraphBuilder): V => decisionValues(m, pairSums(m), x, g);
const second = (scores: V, g: GraphBuilder): V => g.not(g.greater(scores, 0));

function classScores(m: Classifier, x: V, g: GraphBuilder): V {
  const scores = pairScores(m, x, g);
  const k = m.classes_.data.length;
  if (k === 2) return g.neg(g.flatten(scores));
  if (m.decision_function_shape !== 'ovr') return scores;
  // Before 0.18 the confidences had the wrong sign.
  const confidences = m.version.atLeast(0, 18) ? g.neg(scores) : scores;
  return oneVsRestFromPairs(g.less(scores, 0), confidences, k, m.version, g);
}

function classify(m: Classifier, x: V, g: GraphBuilder): V {
  const k = m.classes_.data.length;
  if (m.break_ties && m.decision_function_shape === 'ovo')
    throw misfit(m, "break_ties needs decision_function_shape='ovr'; scikit-learn refuses to predict, too");
  if (m.break_ties && k > 2) return predictedLabel(m.classes_, classScores(m, x, g), g);
  const chosen = second(pairScores(m, x, g), g);
  const index = k === 2 ? g.cast(g.flatten(chosen), 'int64') : g.argmax(pairVotes(chosen, k, g));
  return g.label(m.classes_, index);
}

function proba(m: Classifier, x: V, g: GraphBuilder): V {
  const classes = m.classes_.data.length;
  const probA = (m._probA ?? m.probA_)?.data as Float64Array | undefined;
  const probB = (m._probB ?? m.probB_)?.data as Float64Array | undefined;
  const pairs = (classes * (classes - 1)) / 2;
  if (probA?.length !== pairs || probB?.length !== pairs)
    throw misfit(m, `it was fitted without what predict_proba needs (probability=True)`);
  const shape = [x.shape[0] ?? null, classes];
  return g.own('PairwiseCoupling', [pairScores(m, x, g)], { classes, probA, probB }, { dtype: 'float64', shape });
}

const classifiers = estimator(['SVC', 'NuSVC'], classifierState, {
  ...shared,
  offers: (m, all) => (m.probability === true ? all : all.filter((name) => !name.includes('proba'))),
  methods: {
    decision_function: classScores,
    predict: classify,
    predict_proba: proba,
    predict_log_proba: (m, x, g) => g.log(proba(m, x, g)),
  },
});

// ---- regressors and outliers ------------------------------------------------------------------------

const score = (m: Machine, x: V, g: GraphBuilder): V => decisionValues(m, oneSum(m), x, g);

const regressors = estimator(['SVR', 'NuSVR'], machineState, {
  ...shared,
  // Deprecated in 0.17, gone in 0.19.
  offers: (m, all) => (m.version.before(0, 19) ? all : all.filter((name) => name !== 'decision_function')),
  methods: { predict: (m, x, g) => g.flatten(score(m, x, g)), decision_function: score },
});

const outliers = estimator(
  'OneClassSVM',
  { ...machineState, offset_: optional(vector) },
  {
    ...shared,
    offers: (m, all) => (m.offset_ ? all : all.filter((name) => name !== 'score_samples')),
    methods: {
      predict: (m, x, g) => {
        const inside = g.greater(g.flatten(score(m, x, g)), 0);
        return g.cast(g.where(inside, 1, -1), m.version.atLeast(0, 19) ? 'int64' : 'float64');
      },
      // A column before 0.20.
      decision_function: (m, x, g) => (m.version.atLeast(0, 20) ? g.flatten(score(m, x, g)) : score(m, x, g)),
      score_samples: (m, x, g) => g.add(g.flatten(score(m, x, g)), m.offset_ ?? 0),
    },
  },
);

// ---- liblinear --------------------------------------------------------------------------------------

const linearState = { coef_: array, intercept_: optional(array, float64([], Float64Array.of(0))) };
const linearShared = {
  modules: shared.modules,
  input: 'matrix' as const,
  features: (m: { coef_: Tensor }) => m.coef_.shape.at(-1),
};

const linearClassifier = estimator(
  'LinearSVC',
  { ...linearState, classes_: labels },
  {
    ...linearShared,
    methods: {
      decision_function: decision,
      predict: (m, x, g) => predictedLabel(m.classes_, decision(m, x, g), g),
    },
  },
);

const linearRegressor = estimator('LinearSVR', linearState, { ...linearShared, methods: { predict: affine } });

export const supportVectorMachines = [classifiers, regressors, outliers, linearClassifier, linearRegressor];
