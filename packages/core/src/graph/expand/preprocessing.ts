import type { V } from '../builder.js';
import type { Expander, Expansion, Expansions } from './expansion.js';
import { normalCdfOf, normalQuantileOf } from './normal.js';
import { countEdges, linesBetween, onLines, type Lines } from './search.js';
import { splineBasis } from './splines.js';

const digitize: Expansion<'Digitize'> = ([x], { edges }, e) => {
  if (x.shape.length === 2) return [countEdges(e, x, edges, false)];
  return [e.g.flatten(countEdges(e, e.g.column(x), edges, false))];
};

// ---- quantiles --------------------------------------------------------------------------------------

/** Values this near to a bound count as at it. Source: sklearn/preprocessing/_data.py, BOUNDS_THRESHOLD */
const BOUNDS = 1e-7;
/** The quantiles of BOUNDS - 2⁻⁵² and of 1 less that: what normal values are clipped to. */
const NORMAL_BOUNDS = [-5.199337582605575, 5.19933758270342] as const;

/** numpy.interp, a list of points for each column: points that repeat count as the last of them. */
function interpolated(e: Expander, x: V, points: readonly (readonly [Float64Array, Float64Array])[]): V {
  const { g } = e;
  const count = countEdges(
    e,
    x,
    points.map(([xs]) => xs),
    false,
  );
  const last = points[0][0].length - 1;
  const index = g.min(g.max(g.sub(count, 1), 0), last);
  const lines: Lines[] = points.map(([xs, ys]) => linesBetween(xs, ys));
  const lows = row(points.map(([xs]) => xs[0]));
  return g.where(g.less(x, lows), row(points.map(([, ys]) => ys[0])), onLines(e, x, index, lines));
}

const row = (values: readonly number[]): { dtype: 'float64'; shape: number[]; data: Float64Array } => ({
  dtype: 'float64',
  shape: [values.length],
  data: Float64Array.from(values),
});

const backwards = (values: Float64Array): Float64Array => values.map((v) => -v).reverse();

const quantiles: Expansion<'Quantiles'> = ([x], { quantiles: table, references, normal, inverse, wide }, e) => {
  const { g } = e;
  const count = references.length;
  const width = table.length / count;
  const own = Array.from({ length: width }, (_, c) =>
    Float64Array.from({ length: count }, (__, i) => table[i * width + c]),
  );
  const near = normal || wide;
  const low = row(own.map((q) => q[0]));
  const high = row(own.map((q) => q[count - 1]));
  if (inverse) {
    const p = normal ? normalCdfOf(g, x) : wide ? g.min(g.max(x, 0), 1) : x;
    const between = interpolated(
      e,
      p,
      own.map((q) => [references, q]),
    );
    const above = near ? g.greater(g.add(p, BOUNDS), 1) : g.equal(p, 1);
    const below = near ? g.less(g.sub(p, BOUNDS), 0) : g.equal(p, 0);
    return [keepMissing(e, x, g.where(below, low, g.where(above, high, between)))];
  }
  const turned = backwards(references);
  const upwards = interpolated(
    e,
    x,
    own.map((q) => [q, references]),
  );
  const downwards = interpolated(
    e,
    g.neg(x),
    own.map((q) => [backwards(q), turned]),
  );
  const between = g.mul(g.sub(upwards, downwards), 0.5);
  const above = near ? g.greater(g.add(x, BOUNDS), high) : g.equal(x, high);
  const below = near ? g.less(g.sub(x, BOUNDS), low) : g.equal(x, low);
  const y = g.where(below, 0, g.where(above, 1, between));
  if (!near) return [keepMissing(e, x, y)];
  const [from, to] = normal ? NORMAL_BOUNDS : [BOUNDS - 2 ** -52, 1 - (BOUNDS - 2 ** -52)];
  // The quantile function is asked within the bounds only, where it is exact.
  const inner = normal ? normalQuantileOf(g, g.min(g.max(y, BOUNDS / 2), 1 - BOUNDS / 2)) : y;
  return [keepMissing(e, x, g.min(g.max(inner, from), to))];
};

/** Missing values stay missing; zeros that a sparse matrix does not store stay zeros, wherever the quantiles lie. */
function keepMissing(e: Expander, x: V, y: V): V {
  const { g } = e;
  const known = g.where(g.isNaN(x), NaN, y);
  return e.sparse[0] ? g.where(g.equal(x, 0), 0, known) : known;
}

export const preprocessingExpansions: Expansions = {
  Digitize: digitize,
  Quantiles: quantiles,
  Normal: ([x], { inverse }, e) => [inverse ? normalQuantileOf(e.g, x) : normalCdfOf(e.g, x)],
  SplineBasis: splineBasis,
  RandomClasses: (_, __, e) => e.refuse("its answers are drawn by numpy's random numbers"),
  LabelSets: (_, __, e) => e.refuse('rows of several labels, of different lengths, have no tensor'),
  LabelSetsInverse: (_, __, e) => e.refuse('it answers with several labels a row, of different lengths: no tensor'),
};
