import type { Budget } from '../operator.js';
import { Cholesky } from './cholesky.js';

/**
 * Least angle regression on a Gram matrix, to the end of its path as scikit-learn walks it.
 * Source: Efron et al., Least Angle Regression (2004); sklearn/linear_model/_least_angle.py, _lars_path_solver
 */
export interface LarsOptions {
  /** What alphas are divided by: the length of the target. */
  readonly samples: number;
  /** The alpha at which the path ends. */
  readonly least: number;
  readonly turns: number;
  /** Drop what changes its sign, as the Lasso does. */
  readonly lasso: boolean;
  readonly positive: boolean;
  readonly budget: Budget;
}

const TINY = 1.1754943508222875e-38;
const EQUAL = 2 ** -23;
const EPSILON = 2 ** -52;
/** Regressors whose pivot is smaller are left out. */
const DEGENERATE = 1e-7;
/** Correlations are rounded to the decimals that float64 holds. */
const DECIMALS = 1e15;

const roundedEven = (x: number): number => {
  const y = Math.round(x);
  return Math.abs(x % 1) === 0.5 && y % 2 !== 0 ? y - 1 : y;
};

function leastPositive(values: readonly number[]): number {
  let least = Number.MAX_VALUE;
  for (const v of values) if (v > 0 && v < least) least = v;
  return least;
}

/** The coefficients [k] at the end of the path for the correlations `cov` [k]. */
export function larsPath(cov: Float64Array, gram: Float64Array, k: number, options: LarsOptions): Float64Array {
  const { samples, least, turns, lasso, positive, budget } = options;
  // `order` says which atom is where: the active ones come first.
  const order = Array.from({ length: k }, (_, i) => i);
  const g = (i: number, j: number): number => gram[order[i] * k + order[j]];
  const most = Math.max(Math.min(turns, k), 1);
  const cholesky = new Cholesky(most);
  let rest = Array.from(cov);
  let signs: number[] = [];
  let coef = new Float64Array(k);
  let before = new Float64Array(k);
  let [alpha, alphaBefore] = [0, 0];
  let drop = false;
  let turn = 0;
  let active = 0;
  for (;;) {
    budget.step();
    let chosen = 0;
    for (let i = 1; i < rest.length; i++)
      if (positive ? rest[i] > rest[chosen] : Math.abs(rest[i]) > Math.abs(rest[chosen])) chosen = i;
    const value = rest.length > 0 ? rest[chosen] : 0;
    const c = positive ? value : Math.abs(value);
    alpha = c / samples;
    if (alpha <= least + EQUAL) {
      if (Math.abs(alpha - least) > EQUAL && turn > 0) {
        const part = (alphaBefore - least) / (alphaBefore - alpha);
        coef = coef.map((v, i) => before[i] + part * (v - before[i]));
      }
      break;
    }
    if (turn >= turns || active >= k) break;
    if (!drop) {
      const sign = positive ? 1 : Math.sign(value);
      [rest[chosen], rest[0]] = [rest[0], rest[chosen]];
      const at = chosen + active;
      [order[at], order[active]] = [order[active], order[at]];
      const row = active;
      const square = cholesky.pivot(
        Array.from({ length: row }, (_, j) => g(row, j)),
        g(row, row),
      );
      const diagonal = Math.max(Math.sqrt(Math.abs(square)), EPSILON);
      if (diagonal < DEGENERATE) {
        rest[0] = 0;
        [rest[chosen], rest[0]] = [rest[0], rest[chosen]];
        continue;
      }
      rest = rest.slice(1);
      cholesky.push(diagonal);
      signs[active] = sign;
      active++;
    }
    if (lasso && turn > 0 && alphaBefore < alpha) break;
    const direction = cholesky.solve(Float64Array.from(signs.slice(0, active)));
    let angle = 1;
    if (direction.length === 1 && direction[0] === 0) direction[0] = 1;
    else {
      let sum = 0;
      for (let i = 0; i < active; i++) sum += direction[i] * signs[i];
      angle = 1 / Math.sqrt(sum);
      for (let i = 0; i < active; i++) direction[i] *= angle;
    }
    const along = rest.map((_, j) => {
      let sum = 0;
      for (let i = 0; i < active; i++) sum += g(i, active + j) * direction[i];
      return roundedEven(sum * DECIMALS) / DECIMALS;
    });
    let step = Math.min(leastPositive(rest.map((v, j) => (c - v) / (angle - along[j] + TINY))), c / angle);
    if (!positive) step = Math.min(step, leastPositive(rest.map((v, j) => (c + v) / (angle + along[j] + TINY))));
    drop = false;
    const zeros = Array.from(direction, (d, i) => -coef[order[i]] / (d + TINY));
    const crossing = leastPositive(zeros);
    let gone: number[] = [];
    if (crossing < step) {
      gone = zeros.flatMap((z, i) => (z === crossing ? [i] : [])).reverse();
      for (const i of gone) signs[i] = -signs[i];
      if (lasso) step = crossing;
      drop = true;
    }
    turn++;
    before = coef;
    alphaBefore = alpha;
    coef = new Float64Array(k);
    for (let i = 0; i < active; i++) coef[order[i]] = before[order[i]] + step * direction[i];
    rest = rest.map((v, j) => v - step * along[j]);
    if (drop && lasso) {
      const dropped = gone.map((i) => order[i]);
      for (const i of gone) {
        order.splice(active - 1, 0, ...order.splice(i, 1));
        active--;
      }
      signs = signs.filter((_, i) => !gone.includes(i));
      cholesky.rebuild(active, g);
      const told = dropped.map((atom) => {
        let sum = cov[atom];
        for (let j = 0; j < k; j++) sum -= gram[atom * k + j] * coef[j];
        return sum;
      });
      rest = [...told, ...rest];
    }
  }
  return coef;
}
