/**
 * Nearest neighbours as scikit-learn finds them: through the k-d or ball tree in the file (node by node as
 * sklearn/neighbors/_binary_tree.pxi.tp), or by brute force (sklearn/metrics/_pairwise_distances_reduction/). The
 * walks, heaps and sorts are the library's, so the indices agree even where distances are equal.
 */
import { BrineError } from '../../errors.js';
import { squaredNorms, type Metric } from './distances.js';
import { timesTransposed } from './gemm-simd.js';
import { heapPush, sortPairs, type SortOrder } from './topk.js';

/** k neighbours for each query: rows × k, nearest first. */
export interface Neighbors {
  readonly distances: Float64Array;
  readonly indices: Int32Array;
}

/** All neighbours within a radius: those of query i are at `indptr[i]` … `indptr[i + 1] - 1`. */
export interface NeighborsWithin extends Neighbors {
  readonly indptr: Int32Array;
}

/** The state of a KDTree or BallTree. Node i has the children 2i + 1 and 2i + 2. */
export interface NeighborTreeState {
  readonly kind: 'kd' | 'ball';
  /** The training points: `rows` × `columns`. */
  readonly data: Float64Array;
  readonly columns: number;
  /** The points in the order of the tree. */
  readonly indices: Int32Array;
  /** Of each node: where its points begin and end in `indices`, whether it is a leaf, its radius. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly isLeaf: Uint8Array;
  readonly radii: Float64Array;
  /** k-d: the lower bounds of all nodes, then the upper ones (2 × nodes × columns). Ball: the centres. */
  readonly bounds: Float64Array;
  readonly metric: Metric;
}

/** Nodes are numbered as in a heap, so a walk goes no deeper than the bits of a node count. */
const MAX_DEPTH = 64;

export class NeighborTree {
  readonly #state: NeighborTreeState;
  readonly #nodes = new Int32Array(2 * MAX_DEPTH);
  readonly #bounds = new Float64Array(2 * MAX_DEPTH);
  readonly #four = new Float64Array(4);

  /**
   * Checks that nodes split their points among their children, and that points exist.
   * @throws BrineError CORRUPT with the node's number
   */
  constructor(state: NeighborTreeState) {
    this.#state = state;
    checkTree(state);
  }

  get rows(): number {
    return this.#state.indices.length;
  }

  get state(): NeighborTreeState {
    return this.#state;
  }

  /** The least and the greatest distance from the row at `x[at]` that a point of the node can have. */
  distanceBounds(node: number, x: Float64Array, at: number): [number, number] {
    return this.#minMax(node, x, at);
  }

  /**
   * The k nearest points of n queries (n × columns).
   * @throws BrineError BAD_INPUT if there are fewer than k points
   */
  query(x: Float64Array, n: number, k: number, order: SortOrder = 'introsort'): Neighbors {
    const { columns, metric } = this.#state;
    checkQuery(x, n, columns, k, this.rows);
    const distances = new Float64Array(n * k).fill(Infinity);
    const indices = new Int32Array(n * k);
    for (let i = 0; i < n; i++) {
      this.#nearest(x, i * columns, distances, indices, i * k, k);
      sortPairs(distances, indices, i * k, k, order);
    }
    for (let i = 0; i < distances.length; i++) distances[i] = metric.fromReduced(distances[i]);
    return { distances, indices };
  }

  /** Depth first, the nearer child first; a node is left out if all of it is farther than the k-th so far. */
  #nearest(x: Float64Array, at: number, distances: Float64Array, indices: Int32Array, heap: number, k: number): void {
    const { data, columns, starts, ends, isLeaf, indices: points, metric } = this.#state;
    const nodes = this.#nodes;
    const bounds = this.#bounds;
    const four = this.#four;
    nodes[0] = 0;
    bounds[0] = this.#minReduced(0, x, at);
    for (let waiting = 1; waiting > 0;) {
      const node = nodes[--waiting];
      if (bounds[waiting] > distances[heap]) continue;
      if (isLeaf[node] !== 0) {
        let i = starts[node];
        if (metric.name === 'euclidean') {
          for (; i + 3 < ends[node]; i += 4) {
            fourSquares(x, at, data, points, i, columns, four);
            for (let j = 0; j < 4; j++) {
              if (four[j] < distances[heap]) heapPush(distances, indices, heap, k, four[j], points[i + j]);
            }
          }
        }
        for (; i < ends[node]; i++) {
          const point = points[i];
          const rdist = metric.rdist(x, at, data, point * columns, columns);
          if (rdist < distances[heap]) heapPush(distances, indices, heap, k, rdist, point);
        }
        continue;
      }
      const left = 2 * node + 1;
      const toLeft = this.#minReduced(left, x, at);
      const toRight = this.#minReduced(left + 1, x, at);
      const leftFirst = toLeft <= toRight;
      nodes[waiting] = leftFirst ? left + 1 : left;
      bounds[waiting++] = leftFirst ? toRight : toLeft;
      nodes[waiting] = leftFirst ? left : left + 1;
      bounds[waiting++] = leftFirst ? toLeft : toRight;
    }
  }

  /**
   * The points within `radius` of each of n queries, in the order of the tree, or sorted by distance.
   * @throws BrineError BAD_INPUT
   */
  within(x: Float64Array, n: number, radius: number, sorted?: SortOrder): NeighborsWithin {
    const { columns } = this.#state;
    checkQuery(x, n, columns, 0, this.rows);
    const found = { distances: new Float64Array(this.rows), indices: new Int32Array(this.rows) };
    const rows: Neighbors[] = [];
    for (let i = 0; i < n; i++) {
      const count = this.#inside(x, i * columns, radius, found);
      if (sorted !== undefined) sortPairs(found.distances, found.indices, 0, count, sorted);
      rows.push({ distances: found.distances.slice(0, count), indices: found.indices.slice(0, count) });
    }
    return joined(rows);
  }

  #inside(x: Float64Array, at: number, radius: number, found: Neighbors): number {
    const { data, columns, starts, ends, isLeaf, indices: points, metric } = this.#state;
    const nodes = this.#nodes;
    const reduced = metric.toReduced(radius);
    let count = 0;
    nodes[0] = 0;
    for (let waiting = 1; waiting > 0;) {
      const node = nodes[--waiting];
      const [nearest, farthest] = this.#minMax(node, x, at);
      if (nearest > radius) continue;
      if (farthest <= radius || isLeaf[node] !== 0) {
        for (let i = starts[node]; i < ends[node]; i++) {
          const rdist = metric.rdist(x, at, data, points[i] * columns, columns);
          if (!(farthest <= radius) && !(rdist <= reduced)) continue;
          found.indices[count] = points[i];
          found.distances[count++] = metric.fromReduced(rdist);
        }
        continue;
      }
      nodes[waiting++] = 2 * node + 2;
      nodes[waiting++] = 2 * node + 1;
    }
    return count;
  }

  /** The least reduced distance that a point of the node can have. */
  #minReduced(node: number, x: Float64Array, at: number): number {
    const { kind, columns, bounds, radii, metric } = this.#state;
    if (kind === 'ball') {
      const distance = metric.fromReduced(metric.rdist(x, at, bounds, node * columns, columns));
      return metric.toReduced(Math.max(0, distance - radii[node]));
    }
    return this.#boxReduced(node, x, at, false);
  }

  /** The least (or greatest) reduced distance to a k-d node's box. */
  #boxReduced(node: number, x: Float64Array, at: number, greatest: boolean): number {
    const { columns, bounds, metric, starts } = this.#state;
    const { p } = metric;
    const lower = node * columns;
    const upper = lower + starts.length * columns;
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const below = bounds[lower + j] - x[at + j];
      const above = x[at + j] - bounds[upper + j];
      let d = below > 0 ? below : above > 0 ? above : 0;
      if (greatest) d = Math.max(Math.abs(below), Math.abs(above));
      if (p === 2) sum += d * d;
      else if (p === 1) sum += d;
      else if (p === Infinity) sum = Math.max(sum, d);
      else sum += Math.pow(d, p);
    }
    return sum;
  }

  #minMax(node: number, x: Float64Array, at: number): [number, number] {
    const { kind, columns, bounds, radii, metric } = this.#state;
    if (kind === 'ball') {
      const distance = metric.fromReduced(metric.rdist(x, at, bounds, node * columns, columns));
      return [Math.max(0, distance - radii[node]), distance + radii[node]];
    }
    return [
      metric.fromReduced(this.#boxReduced(node, x, at, false)),
      metric.fromReduced(this.#boxReduced(node, x, at, true)),
    ];
  }
}

/** Squared distances to four points, side by side since each sum must be taken in order. */
function fourSquares(
  x: Float64Array,
  at: number,
  data: Float64Array,
  points: Int32Array,
  first: number,
  columns: number,
  out: Float64Array,
): void {
  const p0 = points[first] * columns;
  const p1 = points[first + 1] * columns;
  const p2 = points[first + 2] * columns;
  const p3 = points[first + 3] * columns;
  let d0 = 0;
  let d1 = 0;
  let d2 = 0;
  let d3 = 0;
  for (let j = 0; j < columns; j++) {
    const v = x[at + j];
    const t0 = v - data[p0 + j];
    const t1 = v - data[p1 + j];
    const t2 = v - data[p2 + j];
    const t3 = v - data[p3 + j];
    d0 += t0 * t0;
    d1 += t1 * t1;
    d2 += t2 * t2;
    d3 += t3 * t3;
  }
  out[0] = d0;
  out[1] = d1;
  out[2] = d2;
  out[3] = d3;
}

function checkTree(state: NeighborTreeState): void {
  const { kind, data, columns, indices, starts, ends, isLeaf, radii, bounds } = state;
  const count = starts.length;
  const places = (kind === 'kd' ? 2 : 1) * count * columns;
  if (count === 0 || ends.length !== count || isLeaf.length !== count || radii.length !== count) {
    throw new BrineError(
      'CORRUPT',
      `a neighbour tree of ${count} nodes with ${ends.length} ends and ${radii.length} radii`,
    );
  }
  if (bounds.length < places || data.length < indices.length * columns) {
    throw new BrineError(
      'CORRUPT',
      `a neighbour tree of ${count} nodes and ${indices.length} points holds ${bounds.length} bounds, ${data.length} coordinates`,
    );
  }
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] < 0 || indices[i] >= indices.length) {
      throw new BrineError('CORRUPT', `a neighbour tree of ${indices.length} points names point ${indices[i]}`);
    }
  }
  if (starts[0] !== 0 || ends[0] !== indices.length) {
    throw new BrineError(
      'CORRUPT',
      `the root of a neighbour tree holds points ${starts[0]} to ${ends[0]} of ${indices.length}`,
    );
  }
  const waiting = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isLeaf[node] !== 0) continue;
    const left = 2 * node + 1;
    const right = left + 1;
    const split =
      right < count &&
      starts[left] === starts[node] &&
      ends[left] === starts[right] &&
      ends[right] === ends[node] &&
      starts[left] <= ends[left] &&
      starts[right] <= ends[right];
    if (!split)
      throw new BrineError('CORRUPT', `node ${node} of a neighbour tree does not split its points among two others`);
    waiting.push(right, left);
  }
}

function checkQuery(x: Float64Array, n: number, columns: number, k: number, rows: number): void {
  if (x.length < n * columns) throw new BrineError('BAD_INPUT', `${n} × ${columns} values do not fit into ${x.length}`);
  if (!(k <= rows)) throw new BrineError('BAD_INPUT', `${k} neighbours asked for, but there are ${rows} points`);
}

function joined(rows: Neighbors[]): NeighborsWithin {
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (indptr[i + 1] = indptr[i] + row.indices.length));
  const distances = new Float64Array(indptr[rows.length]);
  const indices = new Int32Array(indptr[rows.length]);
  rows.forEach((row, i) => {
    distances.set(row.distances, indptr[i]);
    indices.set(row.indices, indptr[i]);
  });
  return { distances, indices, indptr };
}

/** Rows of X and of Y at a time, as scikit-learn's `pairwise_dist_chunk_size`. */
const CHUNK = 256;

/**
 * The k nearest of m points Y for each of n queries X by brute force: `ArgKmin`, scikit-learn ≥ 1.1, run by one thread.
 * For the euclidean metric squares are expanded (see distances.ts), as there.
 * @throws BrineError BAD_INPUT if there are fewer than k points
 */
export function argKmin(
  x: Float64Array,
  n: number,
  y: Float64Array,
  m: number,
  columns: number,
  k: number,
  metric: Metric,
  order: SortOrder = 'introsort',
): Neighbors {
  checkQuery(x, n, columns, k, m);
  const scan = scanner(x, n, y, m, columns, k, metric);
  const distances = new Float64Array(n * k).fill(Number.MAX_VALUE);
  const indices = new Int32Array(n * k);
  // With few queries the threads share out Y instead, each into a heap of its own, merged at the end.
  const heaps =
    n > 4 * CHUNK ? undefined : { distances: new Float64Array(CHUNK * k), indices: new Int32Array(CHUNK * k) };
  for (let top = 0; top < n; top += CHUNK) {
    const rows = Math.min(CHUNK, n - top);
    const into = heaps ?? { distances: distances.subarray(top * k), indices: indices.subarray(top * k) };
    if (heaps !== undefined) {
      heaps.distances.fill(Number.MAX_VALUE);
      heaps.indices.fill(-1);
    }
    for (let left = 0; left < m; left += CHUNK) {
      scan(top, rows, left, Math.min(CHUNK, m - left), into.distances, into.indices);
    }
    if (heaps === undefined) continue;
    for (let i = 0; i < rows; i++) {
      for (let j = i * k; j < (i + 1) * k; j++) {
        heapPush(distances, indices, (top + i) * k, k, heaps.distances[j], heaps.indices[j]);
      }
    }
  }
  for (let i = 0; i < n; i++) sortPairs(distances, indices, i * k, k, order);
  for (let i = 0; i < distances.length; i++) distances[i] = metric.fromReduced(Math.max(distances[i], 0));
  return { distances, indices };
}

/** Puts the points `left` … `left + width` that are near enough into the heaps of the queries `top` … `top + rows`. */
type Scan = (
  top: number,
  rows: number,
  left: number,
  width: number,
  distances: Float64Array,
  indices: Int32Array,
) => void;

/** Of the points of models, which are asked again and again. */
const norms = new WeakMap<Float64Array, Float64Array>();

function normsOf(points: Float64Array, count: number, columns: number): Float64Array {
  let known = norms.get(points);
  if (known?.length !== count) norms.set(points, (known = squaredNorms(points, count, columns)));
  return known;
}

function scanner(
  x: Float64Array,
  n: number,
  y: Float64Array,
  m: number,
  columns: number,
  k: number,
  metric: Metric,
): Scan {
  if (metric.name !== 'euclidean') {
    return (top, rows, left, width, distances, indices) => {
      for (let i = 0; i < rows; i++) {
        for (let j = left; j < left + width; j++) {
          const rdist = metric.rdist(x, (top + i) * columns, y, j * columns, columns);
          if (rdist < distances[i * k]) heapPush(distances, indices, i * k, k, rdist, j);
        }
      }
    };
  }
  const chunk = new Float64Array(Math.min(n, CHUNK) * Math.min(m, CHUNK));
  const xNorms = squaredNorms(x, n, columns);
  const yNorms = normsOf(y, m, columns);
  return (top, rows, left, width, distances, indices) => {
    const a = x.subarray(top * columns, (top + rows) * columns);
    const b = y.subarray(left * columns, (left + width) * columns);
    timesTransposed(a, b, chunk, rows, columns, width);
    for (let i = 0; i < rows; i++) {
      const norm = xNorms[top + i];
      const heap = i * k;
      let most = distances[heap];
      for (let j = 0; j < width; j++) {
        const d = norm + -2 * chunk[i * width + j] + yNorms[left + j];
        if (!(d < most)) continue;
        heapPush(distances, indices, heap, k, d < 0 ? 0 : d, left + j);
        most = distances[heap];
      }
    }
  };
}
