import type { FactorOptions } from '../../graph/own-decomposition.js';
import type { Budget } from '../operator.js';
import { RandomState } from './mersenne.js';

/**
 * Non-negative factors: W in X ≈ W H for given H, turn by turn as the library goes, so that it stops where
 * that stops. Source: sklearn/decomposition/_nmf.py, _cdnmf_fast.pyx.
 */

/** float32's epsilon stands for zero in divisions. */
const EPSILON = 2 ** -23;
const DOUBLE_EPSILON = 2 ** -52;

interface Problem {
  readonly x: Float64Array;
  readonly n: number;
  readonly p: number;
  readonly k: number;
  /** [k × p] */
  readonly h: Float64Array;
  /** H Hᵀ, [k × k] */
  readonly hh: Float64Array;
  /** X Hᵀ, [n × k] */
  readonly xh: Float64Array;
}

/** a [n × p] · bᵀ, b [m × p]. */
function timesTransposed(a: Float64Array, b: Float64Array, n: number, m: number, p: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let c = 0; c < p; c++) sum += a[i * p + c] * b[j * p + c];
      out[i * m + j] = sum;
    }
  return out;
}

/** W · H: [n × p]. */
function reconstruct(w: Float64Array, { n, p, k, h }: Problem): Float64Array {
  const out = new Float64Array(n * p);
  for (let i = 0; i < n; i++)
    for (let t = 0; t < k; t++) {
      const v = w[i * k + t];
      if (v !== 0) for (let c = 0; c < p; c++) out[i * p + c] += v * h[t * p + c];
    }
  return out;
}

export function nonNegativeFactors(x: Float64Array, n: number, options: FactorOptions, budget: Budget): Float64Array {
  const { components: h, k } = options;
  const p = h.length / k;
  const problem: Problem = {
    ...{ x, n, p, k, h },
    hh: timesTransposed(h, h, k, k, p),
    xh: timesTransposed(x, h, n, k, p),
  };
  return options.solver === 'cd' ? descend(problem, options, budget) : multiply(problem, options, budget);
}

function descend({ n, k, hh, xh }: Problem, options: FactorOptions, budget: Budget): Float64Array {
  const { l1, l2, turns, tolerance, shuffle } = options;
  const w = new Float64Array(n * k);
  const hessian = Float64Array.from(hh);
  for (let t = 0; t < k; t++) hessian[t * (k + 1)] += l2;
  const random = shuffle === undefined ? undefined : new RandomState(shuffle);
  let first = 0;
  for (let turn = 1; turn <= turns; turn++) {
    budget.step();
    let violation = 0;
    const order = random ? random.permutation(k) : undefined;
    for (let s = 0; s < k; s++) {
      const t = order ? order[s] : s;
      for (let i = 0; i < n; i++) {
        let gradient = -(xh[i * k + t] - l1);
        for (let r = 0; r < k; r++) gradient += hessian[t * k + r] * w[i * k + r];
        const here = w[i * k + t];
        violation += Math.abs(here === 0 ? Math.min(0, gradient) : gradient);
        const slope = hessian[t * (k + 1)];
        if (slope !== 0) w[i * k + t] = Math.max(here - gradient / slope, 0);
      }
    }
    if (turn === 1) first = violation;
    if (first === 0 || violation / first <= tolerance) break;
  }
  return w;
}

function multiply(problem: Problem, options: FactorOptions, budget: Budget): Float64Array {
  const { x, n, k } = problem;
  const { beta, turns, tolerance, solver } = options;
  let total = 0;
  for (const v of x) total += v;
  const w = new Float64Array(n * k).fill(Math.sqrt(total / x.length / k));
  if (solver === 'minibatch') {
    for (let turn = 0; turn < turns; turn++) {
      budget.step();
      const before = Float64Array.from(w);
      update(w, problem, options, rowSums(problem));
      let [moved, size] = [0, 0];
      for (let i = 0; i < w.length; i++) {
        moved += (w[i] - before[i]) ** 2;
        size += w[i] ** 2;
      }
      if (tolerance > 0 && Math.sqrt(moved) / Math.sqrt(size) <= tolerance) break;
    }
    return w;
  }
  // The library keeps these sums from turn to turn and adds the penalty to them in place each time.
  const sums = rowSums(problem);
  const start = divergence(w, problem, beta);
  let previous = start;
  for (let turn = 1; turn <= turns; turn++) {
    budget.step();
    update(w, problem, options, sums);
    if (beta < 1) for (let i = 0; i < w.length; i++) if (w[i] < DOUBLE_EPSILON) w[i] = 0;
    if (tolerance > 0 && turn % 10 === 0) {
      const error = divergence(w, problem, beta);
      if ((previous - error) / start < tolerance) break;
      previous = error;
    }
  }
  return w;
}

/** The sum of each row of H. */
function rowSums({ k, p, h }: Problem): Float64Array {
  const sums = new Float64Array(k);
  for (let t = 0; t < k; t++) for (let c = 0; c < p; c++) sums[t] += h[t * p + c];
  return sums;
}

/** One multiplicative step of W in place; `sums` are those of the rows of H, and change where β is 1. */
function update(w: Float64Array, problem: Problem, { beta, l1, l2 }: FactorOptions, sums: Float64Array): void {
  const { x, n, p, k, h, hh, xh } = problem;
  let numerator: Float64Array;
  let denominator: Float64Array;
  if (beta === 2) {
    numerator = Float64Array.from(xh);
    denominator = timesTransposed(w, hh, n, k, k);
  } else {
    const wh = reconstruct(w, problem);
    const ratio = wh.map((v, i) => {
      const safe = beta < 2 && v < EPSILON ? EPSILON : v;
      return beta === 1 ? x[i] / safe : safe ** (beta - 2) * x[i];
    });
    numerator = timesTransposed(ratio, h, n, k, p);
    if (beta === 1) {
      if (l1 > 0) for (let t = 0; t < k; t++) sums[t] += l1;
      denominator = Float64Array.from(w, (_, i) => sums[i % k]);
    } else {
      const powers = wh.map((v) => (beta < 1 && v < EPSILON ? EPSILON : v) ** (beta - 1));
      denominator = timesTransposed(powers, h, n, k, p);
    }
  }
  const gamma = beta < 1 ? 1 / (2 - beta) : beta > 2 ? 1 / (beta - 1) : 1;
  for (let i = 0; i < w.length; i++) {
    let under = denominator[i];
    if (l1 > 0 && beta !== 1) under += l1;
    if (l2 > 0) under += l2 * w[i];
    const step = numerator[i] / (under === 0 ? EPSILON : under);
    w[i] *= gamma === 1 ? step : step ** gamma;
  }
}

/** √(2 · β-divergence) of X from W H. */
function divergence(w: Float64Array, problem: Problem, beta: number): number {
  const { x, n, p } = problem;
  const wh = reconstruct(w, problem);
  let sum = 0;
  if (beta === 2) {
    for (let i = 0; i < x.length; i++) sum += (x[i] - wh[i]) ** 2;
    return Math.sqrt(sum);
  }
  for (let i = 0; i < x.length; i++) {
    const there = x[i] > EPSILON;
    const safe = Math.max(wh[i], EPSILON);
    if (beta === 1) {
      if (there) sum += x[i] * Math.log(x[i] / safe) - x[i];
      sum += wh[i];
    } else if (beta === 0) {
      if (there) sum += x[i] / safe - Math.log(x[i] / safe);
    } else {
      if (there) sum += x[i] ** beta - beta * x[i] * safe ** (beta - 1);
      sum += (beta - 1) * wh[i] ** beta;
    }
  }
  if (beta === 0) sum -= n * p;
  else if (beta !== 1) sum /= beta * (beta - 1);
  return Math.sqrt(2 * Math.max(sum, 0));
}
