import type { V } from '../builder.js';
import { float64, type Tensor } from '../tensor.js';
import { ints, typeOf, unsqueeze } from './build.js';
import type { Expander } from './expansion.js';
import { LEQ, LT, type TreeArrays } from './tree-arrays.js';
import { treeEnsemble } from './tree-ensemble.js';

/** Up to so many edges a column is compared with all of them; more make a tree. */
const FEW = 8;

/**
 * The number of edges of its column (rising) that are at or below each value, or (`strict`) below it: float64, x's
 * shape. NaN counts as above all, as it does for numpy's searchsorted. (x [n, p])
 */
export function countEdges(e: Expander, x: V, edges: readonly Float64Array[], strict: boolean): V {
  const most = edges.reduce((size, list) => Math.max(size, list.length), 0);
  if (most > FEW && e.target.trees === 'v5')
    return treeEnsemble(e.g, x, searchTrees(edges, strict), undefined, treeLeaves(edges));
  const { g } = e;
  const width = Math.max(1, most);
  const padded = new Float64Array(edges.length * width).fill(NaN);
  edges.forEach((list, c) => {
    padded.set(list, c * width);
  });
  const table = float64([edges.length, width], padded);
  const cells = unsqueeze(g, x, 2);
  const passed = strict ? g.greater(cells, table) : g.greaterOrEqual(cells, table);
  const [count] = g.typed('ReduceSum', [g.cast(passed, 'float64'), ints(2)], { keepdims: 0 }, [
    typeOf('float64', x.shape),
  ]);
  const all: Tensor = float64(
    [edges.length],
    Float64Array.from(edges, (list) => list.length),
  );
  return g.where(g.isNaN(x), all, count);
}

/** A leaf for each number of edges; a tree for each column. */
function treeLeaves(edges: readonly Float64Array[]): { weights: Float64Array; targets: Int32Array; outputs: number } {
  const counts = edges.map((list) => Array.from({ length: list.length + 1 }, (_, i) => i));
  return {
    // A column without edges has one leaf as well: nothing is below.
    weights: Float64Array.from(counts.flat()),
    targets: Int32Array.from(counts.flatMap((list, c) => list.map(() => c))),
    outputs: edges.length,
  };
}

/** Balanced: what is below an edge goes to the true branch. */
function searchTrees(edges: readonly Float64Array[], strict: boolean): TreeArrays {
  const inner = edges.reduce((sum, list) => sum + Math.max(1, list.length), 0);
  const out = {
    roots: new Int32Array(edges.length),
    feature: new Int32Array(inner),
    threshold: new Float64Array(inner),
    mode: new Uint8Array(inner).fill(strict ? LEQ : LT),
    whenTrue: new Int32Array(inner),
    whenFalse: new Int32Array(inner),
    trueLeaf: new Uint8Array(inner),
    falseLeaf: new Uint8Array(inner),
  };
  let at = 0;
  let leaf = 0;
  edges.forEach((list, c) => {
    out.roots[c] = at;
    if (list.length === 0) {
      out.feature[at] = c;
      out.whenTrue[at] = out.whenFalse[at] = leaf;
      out.trueLeaf[at] = out.falseLeaf[at] = 1;
      at++;
    }
    // The edges low … high - 1 under one node; `parent` is twice its place, plus one for the false branch.
    const todo: [low: number, high: number, parent: number][] = list.length === 0 ? [] : [[0, list.length, -1]];
    while (todo.length > 0) {
      const [low, high, parent] = todo.pop()!;
      const ends = low === high;
      const place = ends ? leaf + low : at;
      if (parent >= 0) {
        (parent & 1 ? out.whenFalse : out.whenTrue)[parent >> 1] = place;
        (parent & 1 ? out.falseLeaf : out.trueLeaf)[parent >> 1] = ends ? 1 : 0;
      }
      if (ends) continue;
      const middle = (low + high) >> 1;
      out.feature[at] = c;
      out.threshold[at] = list[middle];
      todo.push([middle + 1, high, 2 * at + 1], [low, middle, 2 * at]);
      at++;
    }
    leaf += list.length + 1;
  });
  const none = new Int32Array(0);
  return {
    ...out,
    inner,
    leaves: leaf,
    missingTrue: undefined,
    members: [],
    innerNode: none,
    leafNode: none,
    leafTree: none,
  };
}

/** A function that is a line between each two points: `slope · (x - x0) + y0`, by the number of the line. */
export interface Lines {
  readonly x0: Float64Array;
  readonly y0: Float64Array;
  readonly slope: Float64Array;
}

/** The lines between points; after the last, level. */
export function linesBetween(xs: Float64Array, ys: Float64Array): Lines {
  const slope = xs.map((x, j) => (j + 1 < xs.length ? (ys[j + 1] - ys[j]) / (xs[j + 1] - x) : 0));
  return { x0: xs, y0: ys, slope };
}

/** The value on the line of each column that `index` (float64, x's shape) numbers. (x [n, p], one list of lines a column) */
export function onLines(e: Expander, x: V, index: V, columns: readonly Lines[]): V {
  const { g } = e;
  const size = columns[0].x0.length;
  const table = (part: keyof Lines): Tensor => {
    const data = new Float64Array(columns.length * size);
    columns.forEach((lines, c) => {
      data.set(lines[part], c * size);
    });
    return float64([data.length], data);
  };
  const offsets = float64(
    [columns.length],
    Float64Array.from(columns, (_, c) => c * size),
  );
  const at = g.cast(columns.length === 1 ? index : g.add(index, offsets), 'int64');
  const gap = g.sub(x, g.gather(table('x0'), at, 0));
  return g.add(g.mul(g.gather(table('slope'), at, 0), gap), g.gather(table('y0'), at, 0));
}
