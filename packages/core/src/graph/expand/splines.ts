import { BrineError } from '../../errors.js';
import type { V } from '../builder.js';
import { float64, type Tensor } from '../tensor.js';
import type { Expander, Expansion } from './expansion.js';
import { countEdges } from './search.js';

/**
 * B-spline bases: on each interval between knots every basis function is a polynomial, so a row's values are one
 * polynomial whose coefficients are gathered by its interval.
 */
interface Pieces {
  /** The left ends of the intervals. */
  readonly starts: Float64Array;
  /** By power of x - start: [intervals × outputs], row-major. */
  readonly powers: readonly Float64Array[];
  readonly low: number;
  readonly high: number;
}

/** The polynomials of de Boor's recurrence: entry i holds those of basis function ell - k + i, lowest power first. */
function basisPolynomials(t: Float64Array, k: number, ell: number): number[][] {
  let out: number[][] = [[1]];
  const start = t[ell];
  // (a + b h) p, added to q.
  const add = (q: number[], p: readonly number[], a: number, b: number): void => {
    for (let i = 0; i < p.length; i++) {
      q[i] = (q[i] ?? 0) + a * p[i];
      q[i + 1] = (q[i + 1] ?? 0) + b * p[i];
    }
  };
  for (let j = 1; j <= k; j++) {
    const next: number[][] = Array.from({ length: j + 1 }, () => [0]);
    for (let n = 1; n <= j; n++) {
      const xb = t[ell + n];
      const xa = t[ell + n - j];
      if (xb === xa) continue;
      const w = 1 / (xb - xa);
      add(next[n - 1], out[n - 1], (xb - start) * w, -w);
      add(next[n], out[n - 1], (start - xa) * w, w);
    }
    out = next;
  }
  return out;
}

function pieces(t: Float64Array, coefficients: Tensor, k: number): Pieces {
  const [rows = 0, outputs = 0] = coefficients.shape;
  const count = t.length - k - 1;
  if (rows < count || t.length < 2 * k + 2)
    throw new BrineError('BAD_STATE', `a spline of degree ${k} has ${t.length} knots and ${rows} coefficients`);
  const c = coefficients.data as Float64Array;
  const intervals = count - k;
  const powers = Array.from({ length: k + 1 }, () => new Float64Array(intervals * outputs));
  for (let i = 0; i < intervals; i++)
    basisPolynomials(t, k, k + i).forEach((polynomial, f) => {
      for (let p = 0; p <= k; p++)
        for (let j = 0; j < outputs; j++) powers[p][i * outputs + j] += (polynomial[p] ?? 0) * c[(i + f) * outputs + j];
    });
  return { starts: t.slice(k, count), powers, low: t[k], high: t[count] };
}

/** The values and slopes of all functions at one place. */
function at({ starts, powers }: Pieces, x: number, outputs: number): { value: Float64Array; slope: Float64Array } {
  let interval = 0;
  while (interval + 1 < starts.length && starts[interval + 1] <= x) interval++;
  const h = x - starts[interval];
  const value = new Float64Array(outputs);
  const slope = new Float64Array(outputs);
  for (let j = 0; j < outputs; j++)
    for (let p = powers.length - 1; p >= 0; p--) {
      slope[j] = slope[j] * h + value[j];
      value[j] = value[j] * h + powers[p][interval * outputs + j];
    }
  return { value, slope };
}

/** The polynomials at x [n, 1]: [n, outputs]. Beyond the ends those of the last intervals go on. */
function evaluate(e: Expander, x: V, { starts, powers }: Pieces, outputs: number): V {
  const { g } = e;
  const index = g.cast(g.min(countEdges(e, x, [starts.slice(1)], false), starts.length - 1), 'int64');
  const flat = g.flatten(index);
  const h = g.sub(x, g.gather(float64([starts.length], starts), index, 0));
  let y: V | undefined;
  for (const table of [...powers].reverse()) {
    const term = g.gather(float64([starts.length, outputs], table), flat, 0);
    y = y ? g.add(g.mul(y, h), term) : term;
  }
  return y!;
}

export const splineBasis: Expansion<'SplineBasis'> = ([x], options, e) => {
  const { g } = e;
  const { degree, extrapolation, missingAsZero, includeBias } = options;
  // As in the kernel: of degree 0 and 1 a line moves one function more, and what is raised for a column stays raised.
  let reach = degree;
  const parts = options.columns.map(({ knots, coefficients }, c) => {
    const outputs = coefficients.shape[1] ?? 0;
    const spline = pieces(knots, coefficients, degree);
    const [low, high] = [knots[reach], knots[knots.length - reach - 1]];
    if (extrapolation === 'linear' && reach <= 1) reach++;
    const moved = reach;
    const column = g.columns(x, [c]);
    let y: V;
    if (extrapolation === 'periodic') {
      const period = spline.high - spline.low;
      const gap = g.sub(column, spline.low);
      const turns = g.floor(g.div(gap, period));
      const inside = period > 0 ? g.add(g.sub(gap, g.mul(turns, period)), spline.low) : g.mul(column, 0);
      y = evaluate(e, inside, spline, outputs);
    } else {
      const below = g.less(column, low);
      const above = g.greater(column, high);
      const checked =
        extrapolation === 'error'
          ? e.refuseWhere(
              column,
              g.or(below, above),
              'SplineTransformer: X contains values beyond the limits of the knots',
            )
          : column;
      y = evaluate(e, checked, spline, outputs);
      if (extrapolation === 'constant' || extrapolation === 'linear') {
        const beyond = (end: number, keep: (j: number) => boolean): V => {
          const { value, slope } = at(spline, end, outputs);
          const level = float64(
            [1, outputs],
            value.map((v, j) => (keep(j) ? v : 0)),
          );
          if (extrapolation === 'constant') return g.constant(level);
          const rise = float64(
            [1, outputs],
            slope.map((v, j) => (keep(j) ? v : 0)),
          );
          return g.add(level, g.mul(g.sub(column, end), rise));
        };
        y = g.where(
          below,
          beyond(low, (j) => j < moved),
          y,
        );
        y = g.where(
          above,
          beyond(high, (j) => j >= outputs - moved),
          y,
        );
      }
    }
    const kept = includeBias
      ? y
      : g.columns(
          y,
          Array.from({ length: outputs - 1 }, (_, i) => i),
        );
    return g.where(g.isNaN(column), missingAsZero ? 0 : NaN, kept);
  });
  return [g.concat(parts)];
};
