import type { GraphBuilder, V } from '../builder.js';
import type { KernelStep, PairwiseMetric } from '../kernel-program.js';
import { float64, type Tensor } from '../tensor.js';
import { rowsOf, slice, typeOf } from './build.js';
import { besselKernel } from './bessel.js';
import { products, squaredGaps, unitRows } from './distances.js';
import type { Expander, Expansion, Expansions } from './expansion.js';
import { overColumns } from './over-columns.js';

/** What a step is asked for: the kernel of rows of x and of y, or of each row of x with itself. */
interface Site {
  readonly e: Expander;
  readonly g: GraphBuilder;
  readonly x: V;
  readonly y: V;
  /** The rows of y are those of x. */
  readonly same: boolean;
}

type LeafStep = Exclude<KernelStep, { readonly op: 'sum' | 'product' | 'power' }>;

/** x / lengths. */
function scaled(g: GraphBuilder, x: V, lengths: Float64Array): V {
  if (lengths.length > 1) return g.div(x, float64([lengths.length], lengths));
  return lengths[0] === 1 ? x : g.div(x, lengths[0]);
}

function squares({ e, g, x, y }: Site, lengths?: Float64Array): V {
  if (!lengths) return squaredGaps(e, x, y);
  return squaredGaps(e, scaled(g, x, lengths), scaled(g, y, lengths));
}

function matern(s: Site, lengths: Float64Array, nu: number): V {
  const { e, g } = s;
  const squared = squares(s, lengths);
  if (nu === Infinity) return g.exp(g.mul(squared, -0.5));
  const distance = g.sqrt(squared);
  if (nu === 0.5) return g.exp(g.neg(distance));
  if (nu === 1.5) {
    const k = g.mul(distance, Math.sqrt(3));
    return g.mul(g.add(k, 1), g.exp(g.neg(k)));
  }
  if (nu === 2.5) {
    const k = g.mul(distance, Math.sqrt(5));
    return g.mul(g.add(g.add(k, 1), g.div(g.mul(k, k), 3)), g.exp(g.neg(k)));
  }
  return besselKernel(e, distance, nu);
}

const summed = (s: Site, term: (g: GraphBuilder, a: V, b: V) => V): V =>
  overColumns(s.e, s.x, s.y, 1, [], (g, [state], a, b) => [g.add(state, term(g, a, b))])[0];

const manhattan = (s: Site): V => summed(s, (g, a, b) => g.abs(g.sub(a, b)));

/** -Σ (a - b)² / (a + b), without what both lack. */
const chi2 = (s: Site): V => {
  const turned = summed(s, (g, a, b) => {
    const d = g.sub(a, b);
    const size = g.add(a, b);
    const none = g.equal(size, 0);
    return g.where(none, 0, g.div(g.mul(d, d), g.where(none, 1, size)));
  });
  return s.g.neg(turned);
};

type Parameters = Extract<KernelStep, { op: 'pairwise' }>;

const metrics: Readonly<Record<PairwiseMetric, (s: Site, parameters: Parameters) => V>> = {
  linear: ({ g, x, y }) => products(g, x, y),
  polynomial: ({ g, x, y }, { gamma, coef0, degree }) => g.pow(g.add(g.mul(products(g, x, y), gamma), coef0), degree),
  rbf: (s, { gamma }) => s.g.exp(s.g.mul(squares(s), -gamma)),
  laplacian: (s, { gamma }) => s.g.exp(s.g.mul(manhattan(s), -gamma)),
  sigmoid: ({ g, x, y }, { gamma, coef0 }) => g.tanh(g.add(g.mul(products(g, x, y), gamma), coef0)),
  cosine: ({ g, x, y }) => products(g, unitRows(g, x), unitRows(g, y)),
  chi2: (s, { gamma }) => s.g.exp(s.g.mul(chi2(s), gamma)),
  additive_chi2: chi2,
};

/** One value for all pairs of rows. */
function everywhere({ e, g, x, y }: Site, value: number): V {
  const ones = rowsOf(e, x, 1, value);
  const zeros = g.transpose(rowsOf(e, y, 1, 0));
  return g.add(ones, zeros);
}

/** Noise is that of a row with itself. */
function white(s: Site, level: number): V {
  const { g } = s;
  const zeros = everywhere(s, 0);
  if (!s.same) return zeros;
  const [eye] = g.typed('EyeLike', [zeros], {}, [typeOf('float64', zeros.shape)]);
  return g.mul(eye, level);
}

function leaf(s: Site, step: LeafStep): V {
  const { g } = s;
  switch (step.op) {
    case 'constant':
      return everywhere(s, step.value);
    case 'white':
      return white(s, step.level);
    case 'rbf':
      return g.exp(g.mul(squares(s, step.lengths), -0.5));
    case 'matern':
      return matern(s, step.lengths, step.nu);
    case 'rational':
      return g.pow(g.add(g.div(squares(s), 2 * step.alpha * step.length ** 2), 1), -step.alpha);
    case 'periodic': {
      const angle = g.mul(g.sqrt(squares(s)), Math.PI / step.period);
      const turn = g.div(g.node('Sin', [angle]), step.length);
      return g.exp(g.mul(g.mul(turn, turn), -2));
    }
    case 'dot':
      return g.add(products(g, s.x, s.y), step.offset);
    case 'pairwise':
      return metrics[step.metric](s, step);
  }
}

/** What a step gives for a row with itself: [n, 1]. */
function ownLeaf(e: Expander, x: V, step: LeafStep): V {
  const { g } = e;
  const each = (value: number): V => rowsOf(e, x, 1, value);
  const length = (): V => g.sum(g.mul(x, x), 1);
  switch (step.op) {
    case 'constant':
      return each(step.value);
    case 'white':
      return each(step.level);
    case 'dot':
      return g.add(length(), step.offset);
    case 'pairwise':
      switch (step.metric) {
        case 'linear':
          return length();
        case 'polynomial':
          return g.pow(g.add(g.mul(length(), step.gamma), step.coef0), step.degree);
        case 'sigmoid':
          return g.tanh(g.add(g.mul(length(), step.gamma), step.coef0));
        case 'cosine': {
          const unit = unitRows(g, x);
          return g.sum(g.mul(unit, unit), 1);
        }
        case 'additive_chi2':
          return each(0);
        default:
          return each(1);
      }
    default:
      return each(1);
  }
}

/** A kernel's steps one after another on a stack of values. */
function run(program: readonly KernelStep[], e: Expander, of: (step: LeafStep) => V): V {
  const { g } = e;
  const stack: V[] = [];
  for (const step of program) {
    if (step.op === 'sum' || step.op === 'product') {
      const b = stack.pop();
      const a = stack.pop();
      if (!a || !b) return e.refuse('a kernel without its parts');
      stack.push(step.op === 'sum' ? g.add(a, b) : g.mul(a, b));
    } else if (step.op === 'power') {
      const a = stack.pop();
      if (!a) return e.refuse('a kernel without its parts');
      stack.push(g.pow(a, step.exponent));
    } else stack.push(of(step));
  }
  if (stack.length !== 1) return e.refuse(`a kernel of ${program.length} steps leaves ${stack.length} values`);
  return stack[0];
}

const kernelMatrix: Expansion<'KernelMatrix'> = ([x], { program, others }, e) => {
  const s: Site = { e, g: e.g, x, y: others ? e.g.constant(others) : x, same: !others };
  return [run(program, e, (step) => leaf(s, step))];
};

const kernelDiagonal: Expansion<'KernelDiagonal'> = ([x], { program }, e) => {
  return [e.g.flatten(run(program, e, (step) => ownLeaf(e, x, step)))];
};

/** Unknowns that are solved at once, by the inverse of their own small triangle. */
const BLOCK = 32;

/** Substitution from the top, block by block: what is known is taken away, then the block's own triangle inverted. */
const solveLower: Expansion<'SolveLower'> = ([b], { lower }, e) => {
  const { g } = e;
  const m = Math.sqrt(lower.length);
  const solved: V[] = [];
  for (let from = 0; from < m; from += BLOCK) {
    const to = Math.min(m, from + BLOCK);
    let rest = slice(g, b, 1, from, to);
    if (from > 0) rest = g.sub(rest, g.linear(g.concat(solved), part(lower, m, from, to, 0, from)));
    solved.push(g.linear(rest, inverted(part(lower, m, from, to, from, to))));
  }
  return [g.concat(solved)];
};

function part(a: Float64Array, m: number, top: number, bottom: number, left: number, right: number): Tensor {
  const width = right - left;
  const data = new Float64Array((bottom - top) * width);
  for (let r = top; r < bottom; r++) data.set(a.subarray(r * m + left, r * m + right), (r - top) * width);
  return float64([bottom - top, width], data);
}

/** The inverse of a lower triangle. */
function inverted({ shape, data }: Tensor): Tensor {
  const [n] = shape;
  const a = data as Float64Array;
  const out = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let r = c; r < n; r++) {
      let sum = r === c ? 1 : 0;
      for (let j = c; j < r; j++) sum -= a[r * n + j] * out[j * n + c];
      out[r * n + c] = sum / a[r * n + r];
    }
  return float64([n, n], out);
}

/** The operators of `runtime/own/kernel-program.ts` in ONNX operators. */
export const kernelProgramExpansions: Expansions = {
  KernelMatrix: kernelMatrix,
  KernelDiagonal: kernelDiagonal,
  SolveLower: solveLower,
};
