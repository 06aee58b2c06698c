import { BrineError } from '../../errors.js';
import type { SparseCodeOptions } from '../../graph/own-decomposition.js';
import type { Budget } from '../operator.js';
import { Cholesky } from './cholesky.js';
import { larsPath } from './lars.js';

/** Sparse codes of rows in a dictionary. Source: sklearn/decomposition/_dict_learning.py, _sparse_encode */

/** What every row needs of the dictionary D [k × p]. */
interface Coding {
  readonly k: number;
  /** D Dᵀ, [k × k] */
  readonly gram: Float64Array;
  readonly options: SparseCodeOptions;
  readonly budget: Budget;
}

export function sparseCodes(x: Float64Array, n: number, options: SparseCodeOptions, budget: Budget): Float64Array {
  const { dictionary, k, algorithm } = options;
  const p = dictionary.length / k;
  const gram = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) gram[i * k + j] = dot(dictionary, i * p, dictionary, j * p, p);
  const coding: Coding = { k, gram, options, budget };
  const out = new Float64Array(n * k);
  for (let r = 0; r < n; r++) {
    // D x: what each atom says of the row.
    const cov = Float64Array.from({ length: k }, (_, i) => dot(dictionary, i * p, x, r * p, p));
    out.set(algorithms[algorithm](cov, coding, dot(x, r * p, x, r * p, p), p), r * k);
  }
  return out;
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, p: number): number {
  let sum = 0;
  for (let c = 0; c < p; c++) sum += a[i + c] * b[j + c];
  return sum;
}

type Encode = (cov: Float64Array, coding: Coding, squaredNorm: number, p: number) => Float64Array;

const algorithms: Readonly<Record<SparseCodeOptions['algorithm'], Encode>> = {
  threshold: (cov, { options }) =>
    cov.map((v) => {
      const code = Math.sign(v) * Math.max(Math.abs(v) - options.regularization, 0);
      return options.positive ? Math.max(code, 0) : code;
    }),
  omp: (cov, coding) => matchingPursuit(cov, coding),
  lars: (cov, { k, gram, options, budget }, _, p) =>
    larsPath(cov, gram, k, {
      samples: p,
      least: 0,
      turns: Math.trunc(options.regularization),
      lasso: false,
      positive: false,
      budget,
    }),
  lasso_lars: (cov, { k, gram, options, budget }, _, p) =>
    larsPath(cov, gram, k, {
      samples: p,
      least: options.regularization / p,
      turns: options.turns,
      lasso: true,
      positive: options.positive,
      budget,
    }),
  lasso_cd: (cov, coding, squaredNorm) => coordinateDescent(cov, coding, squaredNorm),
};

// ---- orthogonal matching pursuit --------------------------------------------------------------------

const EPSILON = 2 ** -52;

/** Source: sklearn/linear_model/_omp.py, _gram_omp */
function matchingPursuit(cov: Float64Array, { k, gram, options, budget }: Coding): Float64Array {
  const most = Math.trunc(options.regularization);
  if (most < 1 || most > k) throw new BrineError('BAD_STATE', `${most} non-zero coefficients of ${k} atoms`);
  const active: number[] = [];
  const cholesky = new Cholesky(most);
  let gamma = new Float64Array(0);
  let left = Float64Array.from(cov);
  // The library swaps what it has chosen to the front; ties go to what then comes first.
  const order = Array.from({ length: k }, (_, i) => i);
  for (;;) {
    budget.step();
    let at = 0;
    for (let i = 1; i < k; i++) if (Math.abs(left[order[i]]) > Math.abs(left[order[at]])) at = i;
    const best = order[at];
    if (at < active.length || left[best] ** 2 < EPSILON) break;
    const pivot = cholesky.pivot(
      active.map((i) => gram[best * k + i]),
      gram[best * k + best],
    );
    if (active.length > 0 && pivot <= EPSILON) break;
    cholesky.push(Math.sqrt(pivot));
    [order[active.length], order[at]] = [best, order[active.length]];
    active.push(best);
    gamma = cholesky.solve(Float64Array.from(active, (i) => cov[i]));
    left = cov.map((v, j) => {
      let told = 0;
      for (let i = 0; i < active.length; i++) told += gram[j * k + active[i]] * gamma[i];
      return v - told;
    });
    if (active.length === most) break;
  }
  const out = new Float64Array(k);
  active.forEach((atom, i) => {
    out[atom] = gamma[i];
  });
  return out;
}

// ---- coordinate descent -----------------------------------------------------------------------------

/** Source: sklearn/linear_model/_cd_fast.pyx, enet_coordinate_descent_gram */
function coordinateDescent(cov: Float64Array, { k, gram, options, budget }: Coding, squaredNorm: number): Float64Array {
  const { regularization: alpha, turns, positive, tolerance } = options;
  const w = new Float64Array(k);
  const seen = new Float64Array(k);
  const enough = tolerance * squaredNorm;
  for (let turn = 0; turn < turns; turn++) {
    budget.step();
    let [largest, moved] = [0, 0];
    for (let j = 0; j < k; j++) {
      const own = gram[j * k + j];
      if (own === 0) continue;
      const before = w[j];
      const pull = cov[j] - seen[j] + before * own;
      w[j] = positive && pull < 0 ? 0 : (Math.sign(pull) * Math.max(Math.abs(pull) - alpha, 0)) / own;
      if (w[j] !== before) for (let i = 0; i < k; i++) seen[i] += (w[j] - before) * gram[j * k + i];
      moved = Math.max(moved, Math.abs(w[j] - before));
      largest = Math.max(largest, Math.abs(w[j]));
    }
    const settled = largest === 0 || moved / largest < tolerance || turn === turns - 1;
    if (settled && dualGap(w, seen, cov, alpha, squaredNorm, positive) <= enough) break;
  }
  return w;
}

function dualGap(
  w: Float64Array,
  seen: Float64Array,
  cov: Float64Array,
  alpha: number,
  squaredNorm: number,
  positive: boolean,
): number {
  let [toTarget, own, size, dual] = [0, 0, 0, positive ? -Infinity : 0];
  for (let j = 0; j < w.length; j++) {
    toTarget += w[j] * cov[j];
    own += w[j] * seen[j];
    size += Math.abs(w[j]);
    const rest = cov[j] - seen[j];
    dual = Math.max(dual, positive ? rest : Math.abs(rest));
  }
  const residual = squaredNorm + own - 2 * toTarget;
  const scale = dual > alpha ? alpha / dual : 1;
  const gap = dual > alpha ? 0.5 * (residual + residual * scale * scale) : residual;
  return gap + alpha * size - scale * (squaredNorm - toTarget);
}
