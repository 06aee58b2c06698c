import type { GraphBuilder, V } from '../builder.js';
import type { NeighborMetric } from '../neighbor-index.js';
import { float64 } from '../tensor.js';
import { slice, unsqueeze } from './build.js';
import { asin } from './elementary.js';
import type { Expander } from './expansion.js';
import { overColumns, type Turn } from './over-columns.js';

/**
 * How the library of the file compares: through a tree and with the heap by scikit-learn's own metrics on their reduced
 * values, the heap with the expanded square; otherwise as scipy and `pairwise_distances` do.
 */
export type Way = 'tree' | 'heap' | 'plain';

/** Values [n, m] in the order of distances, and how distances become such values and come back. */
export interface Ranking {
  readonly reduced: V;
  readonly fromReduced: (value: V) => V;
  readonly toReduced: (distance: number) => number;
}

interface Site {
  readonly e: Expander;
  readonly g: GraphBuilder;
  readonly x: V;
  readonly y: V;
  readonly columns: number;
  readonly metric: NeighborMetric;
  readonly way: Way;
}

const plain = (reduced: V): Ranking => ({ reduced, fromReduced: (d) => d, toReduced: (d) => d });
const squares = (g: GraphBuilder, reduced: V): Ranking => ({
  reduced,
  fromReduced: (d) => g.sqrt(d),
  toReduced: (d) => d * d,
});
/** Where the library ranks by whole distances, roots are taken first. */
const rooted = (s: Site, reduced: V): Ranking => (s.way === 'plain' ? plain(s.g.sqrt(reduced)) : squares(s.g, reduced));

const sum = (term: (g: GraphBuilder, a: V, b: V, numbers: readonly V[]) => V): Turn => {
  return (g, [state], a, b, numbers) => [g.add(state, term(g, a, b, numbers))];
};

const gap = (g: GraphBuilder, a: V, b: V): V => g.abs(g.sub(a, b));
const square = (g: GraphBuilder, v: V): V => g.mul(v, v);
const columnwise = (s: Site, turn: Turn, lists: readonly Float64Array[] = []): V =>
  overColumns(s.e, s.x, s.y, 1, lists, turn)[0];

/** Squares by differences, column by column: what trees and most metrics have. */
export function squaredGaps(e: Expander, x: V, y: V): V {
  return overColumns(
    e,
    x,
    y,
    1,
    [],
    sum((g, a, b) => square(g, g.sub(a, b))),
  )[0];
}

const rowSquares = (g: GraphBuilder, x: V): V => g.sum(g.mul(x, x), 1);

/** x·y for all pairs of rows. */
export const products = (g: GraphBuilder, x: V, y: V): V => g.linear(x, y);

/** |x|² − 2 x·y + |y|², not below 0: as fast as a product, and with its rounding. */
export function expandedSquares(g: GraphBuilder, x: V, y: V): V {
  const d = g.add(g.add(rowSquares(g, x), g.mul(products(g, x, y), -2)), g.transpose(rowSquares(g, y)));
  return g.where(g.lessOrEqual(d, 0), 0, d);
}

/** Rows of length 1; a row of zeros stays. */
export function unitRows(g: GraphBuilder, x: V): V {
  const length = g.sqrt(rowSquares(g, x));
  return g.div(x, g.where(g.equal(length, 0), 1, length));
}

function centred(g: GraphBuilder, x: V): V {
  return g.sub(x, g.mean(x, 1));
}

function euclidean(s: Site): Ranking {
  const { e, g, x, y } = s;
  return squares(g, s.way === 'tree' ? squaredGaps(e, x, y) : expandedSquares(g, x, y));
}

function minkowski(s: Site): Ranking {
  const { p = 2, w } = s.metric;
  const weights = w !== undefined && w.length > 0 ? [w] : [];
  if (weights.length === 0) {
    if (p === 1) return manhattan(s);
    if (p === 2) return s.way === 'plain' ? rooted(s, squaredGaps(s.e, s.x, s.y)) : euclidean(s);
    if (p === Infinity) return chebyshev(s);
  }
  const inside = s.metric.name === 'wminkowski';
  const turn = sum((g, a, b, [weight]) => {
    const d = gap(g, a, b);
    if (weights.length === 0) return g.pow(d, p);
    return inside ? g.pow(g.mul(weight, d), p) : g.mul(weight, g.pow(d, p));
  });
  const reduced = columnwise(s, turn, weights);
  const { g } = s;
  if (s.way === 'plain') return plain(g.pow(reduced, 1 / p));
  return { reduced, fromReduced: (d) => g.pow(d, 1 / p), toReduced: (d) => d ** p };
}

const manhattan = (s: Site): Ranking => plain(columnwise(s, sum(gap)));
const chebyshev = (s: Site): Ranking => plain(columnwise(s, (g, [most], a, b) => [g.max(most, gap(g, a, b))]));

function mahalanobis(s: Site): Ranking {
  const { e, g, x, y, columns } = s;
  const { VI } = s.metric;
  if (VI?.length !== columns * columns) return e.refuse('a Mahalanobis distance without its matrix');
  const apart = g.typed('Sub', [unsqueeze(g, x, 1), unsqueeze(g, y, 0)], {}, [
    { dtype: 'float64', shape: [x.shape[0] ?? null, y.shape[0] ?? null, columns] },
  ])[0];
  const turned = g.matmul(apart, g.constant(float64([columns, columns], transposed(VI, columns))));
  return rooted(s, g.sum(g.mul(turned, apart), 2, false));
}

function transposed(a: Float64Array, n: number): Float64Array {
  return a.map((_, i) => a[(i % n) * n + Math.floor(i / n)]);
}

function braycurtis(s: Site): Ranking {
  const { e, g } = s;
  const [apart, together] = overColumns(e, s.x, s.y, 2, [], (b, [d, t], u, v) => [
    b.add(d, gap(b, u, v)),
    // scipy divides by |u + v|, scikit-learn by |u| + |v|.
    b.add(t, s.way === 'plain' ? b.abs(b.add(u, v)) : b.add(b.abs(u), b.abs(v))),
  ]);
  const ratio = g.div(apart, together);
  return plain(s.way === 'plain' ? ratio : g.where(g.greater(together, 0), ratio, 0));
}

/** Radians in, great-circle radians out. */
function haversine(s: Site): Ranking {
  const { g, x, y } = s;
  const of = (v: V, column: number): V => slice(g, v, 1, column, column + 1);
  const half = (column: number): V => {
    const d = g.sub(of(x, column), g.transpose(of(y, column)));
    return g.node('Sin', [g.mul(d, 0.5)]);
  };
  const cos = (v: V): V => g.node('Cos', [of(v, 0)]);
  const reduced = g.add(square(g, half(0)), g.mul(g.mul(cos(x), g.transpose(cos(y))), square(g, half(1))));
  const angle = (d: V): V => g.mul(asin(g, g.sqrt(d)), 2);
  if (s.way === 'plain') return plain(angle(reduced));
  return { reduced, fromReduced: angle, toReduced: (d) => Math.sin(0.5 * d) ** 2 };
}

function cosine(s: Site): Ranking {
  const { g } = s;
  const likeness = products(g, unitRows(g, s.x), unitRows(g, s.y));
  return plain(g.min(g.max(g.sub(1, likeness), 0), 2));
}

function correlation(s: Site): Ranking {
  const { g } = s;
  const [x, y] = [centred(g, s.x), centred(g, s.y)];
  const length = (v: V): V => g.sqrt(rowSquares(g, v));
  const c = g.div(products(g, x, y), g.mul(length(x), g.transpose(length(y))));
  return plain(g.sub(1, g.where(g.greater(g.abs(c), 1), g.sign(c), c)));
}

/** Columns missing on either side are left out, and what is left is scaled up to all columns. */
export function nanEuclidean(g: GraphBuilder, x: V, y: V, columns: number): V {
  const missing = (v: V): V => g.isNaN(v);
  const [fullX, fullY] = [g.where(missing(x), 0, x), g.where(missing(y), 0, y)];
  const number = (v: V): V => g.cast(v, 'float64');
  const onlyX = products(g, square(g, fullX), number(missing(y)));
  const onlyY = products(g, number(missing(x)), square(g, fullY));
  const both = products(g, number(g.not(missing(x))), number(g.not(missing(y))));
  const d = g.sub(g.sub(expandedSquares(g, fullX, fullY), onlyX), onlyY);
  const scaled = g.mul(g.div(g.where(g.lessOrEqual(d, 0), 0, d), both), columns);
  return g.where(g.equal(both, 0), NaN, g.sqrt(scaled));
}

/** Metrics of truth values, from how many columns are true in both rows and in one alone. */
const booleans: Readonly<Record<string, (g: GraphBuilder, both: V, differ: V, size: number) => V>> = {
  jaccard: (g, both, differ) => {
    const any = g.add(both, differ);
    return g.where(g.equal(any, 0), 0, g.div(differ, any));
  },
  matching: (g, _, differ, size) => g.div(differ, size),
  dice: (g, both, differ) => g.div(differ, g.add(g.mul(both, 2), differ)),
  kulsinski: (g, both, differ, size) => g.div(g.add(g.sub(differ, both), size), g.add(differ, size)),
  rogerstanimoto: (g, _, differ, size) => g.div(g.mul(differ, 2), g.add(differ, size)),
  russellrao: (g, both, _, size) => g.div(g.sub(size, both), size),
  sokalmichener: (g, _, differ, size) => g.div(g.mul(differ, 2), g.add(differ, size)),
  sokalsneath: (g, both, differ) => g.div(differ, g.add(g.mul(both, 0.5), differ)),
};

function boolean(s: Site): Ranking {
  const { g, columns } = s;
  const mark = (v: V): V => g.cast(g.not(g.equal(v, 0)), 'float64');
  const [x, y] = [mark(s.x), mark(s.y)];
  const both = products(g, x, y);
  const all = g.add(g.sum(x, 1), g.transpose(g.sum(y, 1)));
  return plain(booleans[s.metric.name](g, both, g.sub(all, g.mul(both, 2)), columns));
}

const metrics = new Map<string, (s: Site) => Ranking>([
  ['euclidean', euclidean],
  ['l2', euclidean],
  // Brute force ranks by squares that are distances themselves.
  ['sqeuclidean', (s) => plain(s.way === 'heap' ? expandedSquares(s.g, s.x, s.y) : squaredGaps(s.e, s.x, s.y))],
  ['minkowski', minkowski],
  ['wminkowski', minkowski],
  ['p', minkowski],
  ['manhattan', manhattan],
  ['cityblock', manhattan],
  ['l1', manhattan],
  ['chebyshev', chebyshev],
  ['infinity', chebyshev],
  [
    'seuclidean',
    (s) => {
      const { V: variances } = s.metric;
      if (!variances) return s.e.refuse('a standardised euclidean distance without its variances');
      const turn = sum((g, a, b, [v]) => g.div(square(g, g.sub(a, b)), v));
      return rooted(s, columnwise(s, turn, [variances]));
    },
  ],
  ['mahalanobis', mahalanobis],
  [
    'hamming',
    (s) => {
      const unequal = columnwise(
        s,
        sum((g, a, b) => g.cast(g.not(g.equal(a, b)), 'float64')),
      );
      return plain(s.g.div(unequal, s.columns));
    },
  ],
  [
    'canberra',
    (s) => {
      const turn = sum((g, a, b) => {
        const size = g.add(g.abs(a), g.abs(b));
        return g.where(g.greater(size, 0), g.div(gap(g, a, b), size), 0);
      });
      return plain(columnwise(s, turn));
    },
  ],
  ['braycurtis', braycurtis],
  ['haversine', haversine],
  ['cosine', cosine],
  ['correlation', correlation],
  ['nan_euclidean', (s) => plain(nanEuclidean(s.g, s.x, s.y, s.columns))],
  ...Object.keys(booleans).map((name) => [name, boolean] as const),
]);

/** The rows of x [n, p] against those of y [m, p]. Refuses a metric that ONNX cannot say. */
export function ranking(e: Expander, x: V, y: V, metric: NeighborMetric, way: Way): Ranking {
  const make = metrics.get(metric.name);
  const columns = y.shape[1] ?? 0;
  if (!make) return e.refuse(`the metric ${metric.name} has no ONNX operators`);
  return make({ e, g: e.g, x, y, columns, metric, way });
}
