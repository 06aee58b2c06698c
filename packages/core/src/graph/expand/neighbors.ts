import type { GraphBuilder, V } from '../builder.js';
import type { NeighborIndex } from '../neighbor-index.js';
import type { OwnOperators } from '../own.js';
import { float64, int64, isCsr, type Tensor } from '../tensor.js';
import { filled, ints, rowsOf, shapeOf, slice, typeOf, unsqueeze } from './build.js';
import { denseOf } from './dense.js';
import { ranking, type Ranking } from './distances.js';
import type { Expander, Expansion, Expansions } from './expansion.js';

/**
 * A graph of neighbours is a sparse matrix, whose stored zeros and whose order a dense one cannot hold. What follows a
 * search looks up here how its result was made, and the dense matrix is for those who ask for the graph itself.
 */
type Found =
  /** As many neighbours for each row, nearest first: [n, k] both. */
  | { readonly kind: 'table'; readonly distances: V; readonly places: V; readonly k: number }
  /** Which of all points [n, points], and how far they are. */
  | { readonly kind: 'mask'; readonly distances: V; readonly inside: V };

const searches = new WeakMap<V, Found>();

function foundIn(graph: V, e: Expander): Found {
  return searches.get(graph) ?? e.refuse('the graph of neighbours does not come from a search');
}

/** The result of a search as a dense matrix [n, points]. */
function dense(found: Found, count: number, e: Expander): V {
  const { g } = e;
  const value = found.kind === 'table' ? scattered(found, count, e) : g.where(found.inside, found.distances, 0);
  searches.set(value, found);
  return value;
}

function scattered(
  { distances, places }: { readonly distances: V; readonly places: V },
  count: number,
  e: Expander,
): V {
  const zeros = rowsOf(e, distances, count, 0);
  return e.g.typed('ScatterElements', [zeros, places, distances], { axis: 1 }, [typeOf('float64', zeros.shape)])[0];
}

/** The points of the index, dense: [count, columns]. */
function pointsOf({ points }: NeighborIndex, e: Expander): V {
  if (!points) return e.refuse('it looks among distances that are given');
  if (!isCsr(points)) return e.g.constant(points);
  return e.g.constant(denseOf(points));
}

function rank(x: V, index: NeighborIndex, e: Expander): Ranking {
  const width = x.shape[1];
  const columns = index.points?.shape[1] ?? index.count;
  if (width !== null && width !== columns) return e.refuse(`it looks among ${columns} columns, the input has ${width}`);
  if (!index.points) return { reduced: x, fromReduced: (d) => d, toReduced: (d) => d };
  const way = index.tree ? 'tree' : index.heap ? 'heap' : 'plain';
  return ranking(e, x, pointsOf(index, e), index.metric, way);
}

const TIES = 'of equally distant points the first is taken; the library takes whichever its search meets first';

const EXPANDED =
  'distances are rounded as squares written out round them: near 0 by about 1e-8 of the length of the rows, in the library, too';

const neighbors: Expansion<'Neighbors'> = ([x], { index, k }, e) => {
  if (k > index.count) return e.refuse(`${k} neighbours of ${index.count} points`);
  e.note(TIES);
  const { g } = e;
  const given = index.points ? undefined : searches.get(x);
  if (given) return [dense(nearestOf(given, k, e), index.count, e)];
  const ranks = rank(x, index, e);
  if (!index.tree && index.metric.name.includes('euclidean')) e.note(EXPANDED);
  const [values, places] = g.nodes('TopK', [ranks.reduced, ints(k)], { axis: 1, largest: 0, sorted: 1 }, 2);
  return [dense({ kind: 'table', distances: ranks.fromReduced(values), places, k }, index.count, e)];
};

/** Of a graph that another search made, what is stored can be a neighbour. */
function nearestOf(given: Found, k: number, e: Expander): Found {
  const { g } = e;
  if (given.kind === 'table') {
    if (k > given.k) return e.refuse(`${k} neighbours, of a graph with ${given.k} for each row`);
    const [distances, places] = [slice(g, given.distances, 1, 0, k), slice(g, given.places, 1, 0, k)];
    return { kind: 'table', distances, places, k };
  }
  const all = g.where(given.inside, given.distances, Infinity);
  const [distances, places] = g.nodes('TopK', [all, ints(k)], { axis: 1, largest: 0, sorted: 1 }, 2);
  const few = `${k} neighbours asked for, but a row of the graph has fewer`;
  return { kind: 'table', distances: e.refuseWhere(distances, g.equal(distances, Infinity), few), places, k };
}

const neighborsWithin: Expansion<'NeighborsWithin'> = ([x], { index, radius }, e) => {
  const { g } = e;
  const given = index.points ? undefined : searches.get(x);
  if (given?.kind === 'table') return e.refuse('neighbours within a radius, of a graph with some for each row');
  if (given) {
    const inside = g.and(given.inside, g.lessOrEqual(given.distances, radius));
    return [dense({ ...given, inside }, index.count, e)];
  }
  const { reduced, fromReduced, toReduced } = rank(x, index, e);
  const inside = g.lessOrEqual(reduced, toReduced(radius));
  return [dense({ kind: 'mask', distances: fromReduced(reduced), inside }, index.count, e)];
};

const neighborTable: Expansion<'NeighborTable'> = ([graph], { k }, e) => {
  const found = foundIn(graph, e);
  if (found.kind !== 'table' || found.k !== k) return e.refuse('rows with different numbers of neighbours');
  return [found.distances, found.places];
};

const connectivity: Expansion<'Connectivity'> = ([graph], _, e) => {
  const { g } = e;
  const found = foundIn(graph, e);
  const ones = filled(g, 1, shapeOf(g, found.distances), found.distances.shape);
  return [dense({ ...found, distances: ones }, graph.shape[1] ?? 0, e)];
};

/** Ones, or 1 / distance; where a distance in the row is 0, ones for those and zeros for the others. */
function weights(distances: V, uniform: boolean, g: GraphBuilder, inside?: V): V {
  const members = inside ? g.cast(inside, 'float64') : filled(g, 1, shapeOf(g, distances), distances.shape);
  if (uniform) return members;
  const near = g.div(1, distances);
  const infinite = g.equal(g.abs(near), Infinity);
  const exact = inside ? g.and(inside, infinite) : infinite;
  const any = g.greater(g.reduceMax(g.cast(exact, 'float64'), 1), 0);
  const shares = g.where(any, g.cast(infinite, 'float64'), near);
  return inside ? g.where(inside, shares, 0) : shares;
}

/** One row for each point: a one in the column of its class. */
function memberships(codes: Int32Array, classes: number): Tensor {
  const data = new Float64Array(codes.length * classes);
  codes.forEach((code, i) => (data[i * classes + code] = 1));
  return float64([codes.length, classes], data);
}

const neighborVotes: Expansion<'NeighborVotes'> = ([graph], { codes, classes, uniform, none }, e) => {
  const { g } = e;
  const found = foundIn(graph, e);
  if (found.kind === 'table') {
    const columns = g.gather(int64([codes.length], codes), found.places, 0);
    const zeros = rowsOf(e, found.distances, classes, 0);
    const shares = weights(found.distances, uniform, g);
    const attributes = { axis: 1, reduction: 'add' };
    return g.typed('ScatterElements', [zeros, columns, shares], attributes, [typeOf('float64', zeros.shape)]);
  }
  const votes = g.matmul(weights(found.distances, uniform, g, found.inside), memberships(codes, classes));
  return [withoutNeighbors(votes, found.inside, none, classes, e)];
};

/** What a row without neighbours gets. */
function withoutNeighbors(
  votes: V,
  inside: V,
  none: OwnOperators['NeighborVotes']['none'],
  classes: number,
  e: Expander,
): V {
  const { g } = e;
  const lonely = g.equal(g.reduceMax(g.cast(inside, 'float64'), 1, false), 0);
  if (none.refuse !== undefined) return e.refuseWhere(votes, lonely, none.refuse);
  if (none.column === undefined) return votes;
  const instead = float64(
    [1, classes],
    Float64Array.from({ length: classes }, (_, c) => (c === none.column ? 1 : 0)),
  );
  return g.where(g.column(lonely), instead, votes);
}

const neighborMeans: Expansion<'NeighborMeans'> = ([graph], { targets, outputs, uniform, none }, e) => {
  const { g } = e;
  const found = foundIn(graph, e);
  const points = float64([targets.length / outputs, outputs], targets);
  if (found.kind === 'table') {
    const shares = weights(found.distances, uniform, g);
    const values = g.mul(g.gather(points, found.places, 0), unsqueeze(g, shares, 2));
    return [g.div(g.sum(values, 1, false), g.sum(shares, 1))];
  }
  const shares = weights(found.distances, uniform, g, found.inside);
  const total = g.sum(shares, 1);
  const means = g.div(g.matmul(shares, points), total);
  return [g.where(g.equal(g.reduceMax(g.cast(found.inside, 'float64'), 1), 0), none, means)];
};

/** The operators of `runtime/own/neighbors.ts` in ONNX operators. */
export const neighborExpansions: Expansions = {
  Neighbors: neighbors,
  NeighborsWithin: neighborsWithin,
  NeighborTable: neighborTable,
  NeighborLists: (_, __, e) => e.refuse('rows of different lengths (as many as there are neighbours) have no tensor'),
  Connectivity: connectivity,
  NeighborVotes: neighborVotes,
  NeighborMeans: neighborMeans,
};
