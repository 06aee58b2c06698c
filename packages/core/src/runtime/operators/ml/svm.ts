import { BrineError } from '../../../errors.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { badInput, int, list, text, type Numbers } from '../common.js';
import { convert } from '../reduce.js';
import { labelsOf } from './labels.js';
import { bestOf, samples, transformRows } from './linear.js';
import { logistic, postTransform, secondClass, transformScores } from './scores.js';

type Round = (x: number) => number;
type Dot = (a: Numbers, i: number, b: Numbers, j: number, n: number) => number;

/**
 * Sums of many support vectors cancel. In single precision every step of them is rounded, as in the runtimes whose
 * answers people keep; double input stays double throughout.
 */
const roundFor = (double: boolean): Round => (double ? (x) => x : Math.fround);

/** LIBSVM's kernels, with gamma, coef0 and degree in `kernel_params`. */
function kernelOf(site: Site, linear: boolean, round: Round): Dot {
  const [gamma = 0, coef0 = 0, degree = 0] = list(site, 'kernel_params') ?? [];
  const dot: Dot = (a, i, b, j, n) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum = round(sum + a[i + k] * b[j + k]);
    return sum;
  };
  const name = linear ? 'LINEAR' : text(site, 'kernel_type', 'LINEAR');
  switch (name) {
    case 'LINEAR':
      return dot;
    case 'POLY':
      return (a, i, b, j, n) => (gamma * dot(a, i, b, j, n) + coef0) ** degree;
    case 'SIGMOID':
      return (a, i, b, j, n) => Math.tanh(gamma * dot(a, i, b, j, n) + coef0);
    case 'RBF':
      return (a, i, b, j, n) => {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += (a[i + k] - b[j + k]) ** 2;
        return Math.exp(-gamma * sum);
      };
    default:
      throw new BrineError('CORRUPT', `an unknown kernel_type: ${name}`);
  }
}

const regressor: Operator = (site) => {
  const supports = int(site, 'n_supports', 0);
  const vectors = Float64Array.from(list(site, 'support_vectors') ?? []);
  const coefficients = list(site, 'coefficients') ?? [];
  const rho = (list(site, 'rho') ?? [0])[0] ?? 0;
  const oneClass = int(site, 'one_class', 0) !== 0;
  const linear = supports === 0;
  const features = linear ? coefficients.length : vectors.length / supports;
  if (!Number.isInteger(features))
    throw new BrineError('CORRUPT', `${vectors.length} numbers for ${supports} support vectors`);
  const transform = postTransform(site.attributes['post_transform']);
  if (!linear && coefficients.length !== supports)
    throw new BrineError('CORRUPT', `${coefficients.length} coefficients for ${supports} support vectors`);
  return (inputs) => {
    const x = samples(inputs);
    checkColumns(x.columns, features);
    const round = roundFor(x.double);
    const kernel = kernelOf(site, linear, round);
    const out = new Float64Array(x.rows);
    for (let r = 0; r < x.rows; r++) {
      let sum = 0;
      if (linear) sum = kernel(x.data, r * x.columns, coefficients, 0, features);
      else
        for (let v = 0; v < supports; v++)
          sum = round(
            sum + round(coefficients[v] * round(kernel(x.data, r * x.columns, vectors, v * features, features))),
          );
      sum = round(sum + rho);
      out[r] = oneClass ? (sum > 0 ? 1 : -1) : sum;
    }
    transformRows(out, x.rows, transform);
    return convert('float32', [x.rows, 1], out);
  };
};

function checkColumns(columns: number, features: number): void {
  if (columns !== features) throw badInput(`${columns} columns, where the support vectors have ${features}`);
}

const classifier: Operator = (site) => {
  const labels = labelsOf(site, 'classlabels_ints');
  const perClass = list(site, 'vectors_per_class') ?? [];
  const vectors = Float64Array.from(list(site, 'support_vectors') ?? []);
  const coefficients = list(site, 'coefficients') ?? [];
  const rho = list(site, 'rho') ?? [];
  const probA = list(site, 'prob_a') ?? [];
  const probB = list(site, 'prob_b') ?? [];
  const transform = postTransform(site.attributes['post_transform']);
  const n = labels.count;
  const total = perClass.reduce((a, v) => a + v, 0);
  const linear = total === 0;
  const pairs = (n * (n - 1)) / 2;
  const positive = coefficients.every((c) => c >= 0);
  const starts = perClass.map((_, i) => perClass.slice(0, i).reduce((a, v) => a + v, 0));
  if (linear ? rho.length < 1 : rho.length < pairs || coefficients.length < (n - 1) * total || perClass.length !== n)
    throw new BrineError('CORRUPT', `${rho.length} offsets and ${coefficients.length} coefficients for ${n} classes`);
  const withProbabilities = !linear && probA.length > 0;
  if (withProbabilities && (probA.length < pairs || probB.length < pairs))
    throw new BrineError('CORRUPT', `${probA.length} probabilities for ${pairs} pairs of classes`);
  const features = linear ? coefficients.length / n : vectors.length / total;
  if (!Number.isInteger(features))
    throw new BrineError('CORRUPT', `${vectors.length} numbers for ${total} support vectors`);
  const width = withProbabilities || linear || n <= 2 ? Math.max(n, linear ? n : 2) : pairs;

  return (inputs) => {
    const x = samples(inputs);
    checkColumns(x.columns, features);
    const round = roundFor(x.double);
    const kernel = kernelOf(site, linear, round);
    const out = new Float64Array(x.rows * width);
    const classes = new Int32Array(x.rows);
    const products = new Float64Array(total);
    const decisions = new Float64Array(pairs);
    for (let r = 0; r < x.rows; r++) {
      const line = out.subarray(r * width, (r + 1) * width);
      const from = r * x.columns;
      if (linear) {
        for (let c = 0; c < n; c++) line[c] = kernel(x.data, from, coefficients, c * features, features) + rho[0];
        const best = bestOf(line, 0, n);
        classes[r] = n === 2 && (positive ? line[best] >= 0.5 : line[best] > 0) ? 1 : best;
        transformScores(line, transform);
        continue;
      }
      for (let v = 0; v < total; v++) products[v] = kernel(x.data, from, vectors, v * features, features);
      const votes = new Int32Array(n);
      let pair = 0;
      for (let i = 0; i < n - 1; i++)
        for (let j = i + 1; j < n; j++, pair++) {
          let sum = 0;
          for (let m = 0, v = starts[i]; m < perClass[i]; m++, v++)
            sum += coefficients[total * (j - 1) + v] * products[v];
          for (let m = 0, v = starts[j]; m < perClass[j]; m++, v++) sum += coefficients[total * i + v] * products[v];
          decisions[pair] = sum + rho[pair];
          votes[decisions[pair] > 0 ? i : j]++;
        }
      classes[r] = bestOf(votes, 0, n);
      if (withProbabilities) {
        coupled(decisions, probA, probB, n, line);
        transformScores(line, transform);
      } else if (n <= 2) {
        secondClass(decisions[0], transform !== 'NONE', transform, line);
      } else {
        line.set(decisions);
        transformScores(line, transform);
      }
    }
    return [labels.at(classes), convert('float32', [x.rows, width], out)];
  };
};

/** Pairwise coupling of Platt's probabilities (Wu, Lin and Weng 2004, second approach), as LIBSVM does it. */
function coupled(
  decisions: Float64Array,
  probA: readonly number[],
  probB: readonly number[],
  n: number,
  p: Float64Array,
): void {
  const r = new Float64Array(n * n);
  let pair = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++, pair++) {
      const v = 1 - logistic(decisions[pair] * probA[pair] + probB[pair]);
      r[i * n + j] = Math.min(Math.max(v, 1e-7), 1 - 1e-7);
      r[j * n + i] = 1 - r[i * n + j];
    }
  const q = new Float64Array(n * n);
  const qp = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    p[i] = 1 / n;
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      q[i * n + i] += r[j * n + i] * r[j * n + i];
      q[i * n + j] = -r[j * n + i] * r[i * n + j];
    }
  }
  for (let turn = 0; turn < 100; turn++) {
    let pqp = 0;
    for (let i = 0; i < n; i++) {
      qp[i] = 0;
      for (let j = 0; j < n; j++) qp[i] += q[i * n + j] * p[j];
      pqp += p[i] * qp[i];
    }
    let error = 0;
    for (let i = 0; i < n; i++) error = Math.max(error, Math.abs(qp[i] - pqp));
    if (error < 0.005 / n) return;
    for (let i = 0; i < n; i++) {
      const diff = (pqp - qp[i]) / q[i * n + i];
      p[i] += diff;
      pqp = (pqp + diff * (diff * q[i * n + i] + 2 * qp[i])) / (1 + diff) ** 2;
      for (let j = 0; j < n; j++) {
        qp[j] = (qp[j] + diff * q[i * n + j]) / (1 + diff);
        p[j] /= 1 + diff;
      }
    }
  }
}

export const svmOperators = {
  'ai.onnx.ml:SVMRegressor': regressor,
  'ai.onnx.ml:SVMClassifier': classifier,
} satisfies OperatorTable;
