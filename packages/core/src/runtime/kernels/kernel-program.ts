import { BrineError } from '../../errors.js';
import type { KernelStep, PairwiseMetric } from '../../graph/kernel-program.js';
import { besselK, gamma } from './bessel.js';

/** Two rows that a kernel compares: p numbers from `i` on in x, from `j` on in y. */
interface Pair {
  readonly x: Float64Array;
  readonly i: number;
  readonly y: Float64Array;
  readonly j: number;
  readonly p: number;
  /** True where both are the same row of the same matrix. */
  readonly same: boolean;
}

type Leaf = (pair: Pair) => number;

function squared({ x, i, y, j, p }: Pair, lengths?: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < p; c++) {
    const length = lengths ? lengths[lengths.length === 1 ? 0 : c] : 1;
    const gap = x[i + c] / length - y[j + c] / length;
    sum += gap * gap;
  }
  return sum;
}

function dot({ x, i, y, j, p }: Pair): number {
  let sum = 0;
  for (let c = 0; c < p; c++) sum += x[i + c] * y[j + c];
  return sum;
}

function matern(lengths: Float64Array, nu: number): Leaf {
  const distance = (pair: Pair): number => Math.sqrt(squared(pair, lengths));
  if (nu === 0.5) return (pair) => Math.exp(-distance(pair));
  if (nu === 1.5)
    return (pair) => {
      const k = distance(pair) * Math.sqrt(3);
      return (1 + k) * Math.exp(-k);
    };
  if (nu === 2.5)
    return (pair) => {
      const k = distance(pair) * Math.sqrt(5);
      return (1 + k + (k * k) / 3) * Math.exp(-k);
    };
  if (nu === Infinity) return (pair) => Math.exp(-squared(pair, lengths) / 2);
  const factor = 2 ** (1 - nu) / gamma(nu);
  return (pair) => {
    if (pair.same) return 1;
    // As the library has it: no distance counts as the smallest there is.
    const t = Math.sqrt(2 * nu) * (distance(pair) || 2 ** -52);
    return factor * t ** nu * besselK(nu, t);
  };
}

const chi2 = ({ x, i, y, j, p }: Pair): number => {
  let sum = 0;
  for (let c = 0; c < p; c++) {
    const [a, b] = [x[i + c], y[j + c]];
    if (a + b !== 0) sum -= ((a - b) * (a - b)) / (a + b);
  }
  return sum;
};

function manhattan({ x, i, y, j, p }: Pair): number {
  let sum = 0;
  for (let c = 0; c < p; c++) sum += Math.abs(x[i + c] - y[j + c]);
  return sum;
}

const size = (x: Float64Array, i: number, p: number): number => {
  let sum = 0;
  for (let c = 0; c < p; c++) sum += x[i + c] * x[i + c];
  return Math.sqrt(sum) || 1;
};

type Parameters = Extract<KernelStep, { op: 'pairwise' }>;

/** Source: sklearn/metrics/pairwise.py */
const metrics: Readonly<Record<PairwiseMetric, (parameters: Parameters) => Leaf>> = {
  linear: () => dot,
  polynomial:
    ({ gamma: g, coef0, degree }) =>
    (pair) =>
      (g * dot(pair) + coef0) ** degree,
  rbf:
    ({ gamma: g }) =>
    (pair) =>
      Math.exp(-g * squared(pair)),
  laplacian:
    ({ gamma: g }) =>
    (pair) =>
      Math.exp(-g * manhattan(pair)),
  sigmoid:
    ({ gamma: g, coef0 }) =>
    (pair) =>
      Math.tanh(g * dot(pair) + coef0),
  cosine: () => (pair) => dot(pair) / (size(pair.x, pair.i, pair.p) * size(pair.y, pair.j, pair.p)),
  chi2:
    ({ gamma: g }) =>
    (pair) =>
      Math.exp(g * chi2(pair)),
  additive_chi2: () => chi2,
};

type LeafStep = Exclude<KernelStep, { readonly op: 'sum' | 'product' | 'power' }>;

function leaf(step: LeafStep): Leaf {
  switch (step.op) {
    case 'constant':
      return () => step.value;
    case 'white':
      return ({ same }) => (same ? step.level : 0);
    case 'rbf':
      return (pair) => Math.exp(-0.5 * squared(pair, step.lengths));
    case 'matern':
      return matern(step.lengths, step.nu);
    case 'rational':
      return (pair) => (1 + squared(pair) / (2 * step.alpha * step.length ** 2)) ** -step.alpha;
    case 'periodic':
      return (pair) => Math.exp(-2 * (Math.sin((Math.PI / step.period) * Math.sqrt(squared(pair))) / step.length) ** 2);
    case 'dot':
      return (pair) => dot(pair) + step.offset;
    case 'pairwise':
      return metrics[step.metric](step);
  }
}

/** A kernel as one function of two rows. Throws BAD_STATE if the program leaves not one value. */
export function kernelFunction(program: readonly KernelStep[]): (pair: Pair) => number {
  let depth = 0;
  let most = 0;
  const run = program.map((step): ((stack: Float64Array, top: number, pair: Pair) => number) => {
    if (step.op === 'sum' || step.op === 'product') {
      depth--;
      const add = step.op === 'sum';
      return (stack, top) => {
        stack[top - 2] = add ? stack[top - 2] + stack[top - 1] : stack[top - 2] * stack[top - 1];
        return top - 1;
      };
    }
    if (step.op === 'power')
      return (stack, top) => {
        stack[top - 1] **= step.exponent;
        return top;
      };
    most = Math.max(most, ++depth);
    const value = leaf(step);
    return (stack, top, pair) => {
      stack[top] = value(pair);
      return top + 1;
    };
  });
  if (depth !== 1) throw new BrineError('BAD_STATE', `a kernel of ${program.length} steps leaves ${depth} values`);
  const stack = new Float64Array(most);
  return (pair) => {
    let top = 0;
    for (const step of run) top = step(stack, top, pair);
    return stack[0];
  };
}
