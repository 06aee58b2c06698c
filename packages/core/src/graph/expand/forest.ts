import type { GraphBuilder, V } from '../builder.js';
import type { Ensemble } from '../ensemble.js';
import { float64, int64, type Tensor } from '../tensor.js';
import { filled, ints, shapeOf, typeOf, unsqueeze } from './build.js';
import type { Expander, Expansion, Expansions } from './expansion.js';
import { readInt } from '../node-field.js';
import { LEQ, leafValue, MEMBER, treeArrays, type TreeArrays } from './tree-arrays.js';
import { classicEnsemble, treeEnsemble } from './tree-ensemble.js';

/**
 * Trees in ONNX. TreeEnsemble adds one number per leaf to one output: enough where each tree has one output (boosting,
 * regression). Trees with several values per leaf (the probabilities of a classifier) answer with the place of the leaf
 * instead, each tree in an output of its own; the values are gathered from a table and summed over the trees, in
 * groups, so that a row takes some kilobytes and no more.
 */

/** Bytes that one row may take between the operators. */
const ROW_BYTES = 2048;
const FEWEST_TREES = 4;

/** The input as the trees compare it, and the ensemble's trees by columns of that. */
interface Prepared {
  readonly x: V;
  /** Column in `x` of each feature. */
  readonly columns: Int32Array | undefined;
}

const sum: Expansion<'Forest'> = ([input, base], { ensemble, from = 0, to = ensemble.trees.length }, e) => {
  const { g } = e;
  const prepared = prepare(input, ensemble, e);
  let total: V | undefined = base;
  const add = (v: V): void => {
    total = total ? g.add(total, v) : v;
  };
  if (e.target.trees === 'v5' && isPlain(ensemble)) {
    const arrays = treeArrays(ensemble, from, to);
    const weights = new Float64Array(arrays.leaves);
    const targets = new Int32Array(arrays.leaves);
    for (let i = 0; i < arrays.leaves; i++) {
      const tree = ensemble.trees[from + arrays.leafTree[i]];
      weights[i] = leafValue(tree, arrays.leafNode[i], 0);
      targets[i] = tree.output ?? 0;
    }
    add(treeEnsemble(g, prepared.x, arrays, prepared.columns, { weights, targets, outputs: ensemble.outputs }));
  } else {
    const size = Math.max(FEWEST_TREES, Math.floor(ROW_BYTES / (16 + 8 * ensemble.outputs)));
    for (let at = from; at < to; at += size) add(group(ensemble, at, Math.min(at + size, to), prepared, e));
  }
  return [total ?? filledRows(g, input, ensemble.outputs)];
};

/** Whether each tree adds one number to one output. */
const isPlain = (ensemble: Ensemble): boolean =>
  ensemble.outputs === 1 || ensemble.trees.every((t) => t.output !== undefined);

function filledRows(g: GraphBuilder, x: V, width: number): V {
  const rows = g.gather(shapeOf(g, x), ints(0), 0);
  const sizes = g.typed('Concat', [rows, ints(width)], { axis: 0 }, [typeOf('int64', [2])])[0];
  return filled(g, 0, sizes, [x.shape[0] ?? null, width]);
}

/** The sum over the trees `from` … `to` - 1 by the places of leaves: [n, outputs]. */
function group(ensemble: Ensemble, from: number, to: number, prepared: Prepared, e: Expander): V {
  const { g } = e;
  const arrays = treeArrays(ensemble, from, to);
  const places = leafPlaces(arrays, prepared, ensemble, e);
  const values = g.gather(leafTable(ensemble, arrays, from), places, 0);
  const [total] = g.typed('ReduceSum', [values, ints(1)], { keepdims: 0 }, [
    typeOf('float64', [places.shape[0], ensemble.outputs]),
  ]);
  return total;
}

/** int64 [n, trees]: the place of the leaf among all leaves of these trees. */
function leafPlaces(arrays: TreeArrays, { x, columns }: Prepared, ensemble: Ensemble, e: Expander): V {
  const { g } = e;
  const trees = arrays.roots.length;
  const places = Float64Array.from({ length: arrays.leaves }, (_, i) => i);
  const leaves = { weights: places, targets: arrays.leafTree, outputs: trees };
  if (e.target.trees === 'v5') return g.cast(treeEnsemble(g, x, arrays, columns, leaves), 'int64');
  if (arrays.leaves > 2 ** 24) e.refuse(`${arrays.leaves} leaves are more than float32 can count`);
  const { x: seen, arrays: plain } = withoutMembers(x, arrays, columns, g);
  return g.cast(classicEnsemble(g, seen, plain, leaves, ensemble.comparison), 'int64');
}

/** float64 [leaves, outputs] */
function leafTable(ensemble: Ensemble, arrays: TreeArrays, from: number): Tensor {
  const { outputs } = ensemble;
  const table = new Float64Array(arrays.leaves * outputs);
  for (let i = 0; i < arrays.leaves; i++) {
    const tree = ensemble.trees[from + arrays.leafTree[i]];
    const node = arrays.leafNode[i];
    if (tree.output !== undefined) table[i * outputs + tree.output] = leafValue(tree, node, 0);
    else for (let c = 0; c < outputs; c++) table[i * outputs + c] = leafValue(tree, node, c);
  }
  return float64([arrays.leaves, outputs], table);
}

const stages: Expansion<'ForestStages'> = ([input, base], { ensemble, perStage }, e) => {
  const { g } = e;
  const { trees, outputs } = ensemble;
  const count = Math.floor(trees.length / perStage);
  const prepared = prepare(input, ensemble, e);
  const arrays = treeArrays(ensemble, 0, count * perStage);
  const places = leafPlaces(arrays, prepared, ensemble, e);
  const n = input.shape[0] ?? null;
  // [n, trees, outputs], then the trees of each stage together.
  const values = g.gather(leafTable(ensemble, arrays, 0), places, 0);
  const [staged] = g.typed('Reshape', [values, ints(-1, count, perStage, outputs)], {}, [
    typeOf('float64', [n, count, perStage, outputs]),
  ]);
  const [each] = g.typed('ReduceSum', [staged, ints(2)], { keepdims: 0 }, [typeOf('float64', [n, count, outputs])]);
  let total = g.node('CumSum', [each, int64([], [1])]);
  if (base) total = g.add(total, base.shape.length === 2 ? unsqueeze(g, base, 1) : base);
  return [g.node('Transpose', [total], { perm: [1, 0, 2] })];
};

const leaves: Expansion<'ForestLeaves'> = ([input], { ensemble }, e) => {
  const prepared = prepare(input, ensemble, e);
  const arrays = treeArrays(ensemble, 0, ensemble.trees.length);
  const places = leafPlaces(arrays, prepared, ensemble, e);
  return [e.g.gather(int64([arrays.leaves], arrays.leafNode), places, 0)];
};

/** Tables of leaf × node with more elements than this are not written: they grow with the square of the tree. */
const MAX_PATHS = 1 << 24;

const paths: Expansion<'ForestPaths'> = ([input], { ensemble }, e) => {
  const { g } = e;
  const size = ensemble.trees.reduce((total, t) => total + t.count * ((t.count + 1) >> 1), 0);
  if (size > MAX_PATHS)
    e.refuse(`the paths of ${ensemble.trees.length} trees take a table of ${size} numbers: apply gives the leaves`);
  const prepared = prepare(input, ensemble, e);
  const pointers = [0];
  const parts = ensemble.trees.map((tree, t) => {
    pointers.push(pointers[t] + tree.count);
    const arrays = treeArrays(ensemble, t, t + 1);
    const place = leafPlaces(arrays, prepared, ensemble, e);
    return g.gather(pathTable(arrays, tree.count), g.flatten(place), 0);
  });
  const all = g.concat(parts);
  return [all, g.constant(int64([pointers.length], pointers))];
};

/** A one for each node on the way to each leaf: [leaves, nodes]. Nodes by the file's numbers. */
function pathTable(arrays: TreeArrays, nodes: number): Tensor {
  const table = new Float64Array(arrays.leaves * nodes);
  const { innerNode } = arrays;
  const parent = new Int32Array(arrays.inner).fill(-1);
  const leafParent = new Int32Array(arrays.leaves).fill(-1);
  for (let i = 0; i < arrays.inner; i++) {
    (arrays.trueLeaf[i] !== 0 ? leafParent : parent)[arrays.whenTrue[i]] = i;
    (arrays.falseLeaf[i] !== 0 ? leafParent : parent)[arrays.whenFalse[i]] = i;
  }
  for (let leaf = 0; leaf < arrays.leaves; leaf++) {
    table[leaf * nodes + arrays.leafNode[leaf]] = 1;
    for (let at = leafParent[leaf]; at >= 0; at = parent[at]) table[leaf * nodes + innerNode[at]] = 1;
  }
  return float64([arrays.leaves, nodes], table);
}

/** Whether any node of a tree compares: a lone leaf does not even look at its input. */
function prepare(input: V, ensemble: Ensemble, e: Expander): Prepared {
  const { g } = e;
  if (ensemble.comparison !== 'f64') {
    // In single precision as the library compares, and back: a double is what the thresholds are.
    const single = g.cast(input, 'float32');
    return { x: e.target.trees === 'v5' ? g.cast(single, 'float64') : single, columns: undefined };
  }
  const categorical = categoricalFeatures(ensemble);
  if (categorical.length === 0) return { x: input, columns: undefined };
  return withCategories(input, categorical, ensemble, e);
}

/** The features that were declared categories, or are asked for membership by some node. */
function categoricalFeatures(ensemble: Ensemble): number[] {
  const found = new Set(ensemble.knownCategories?.keys());
  for (const { categorical, count, feature } of ensemble.trees)
    if (categorical)
      for (let i = 0; i < count; i++) if (readInt(categorical.isCategorical, i) !== 0) found.add(readInt(feature, i));
  return [...found].filter((f) => f >= 0 && f < ensemble.nFeatures).sort((a, b) => a - b);
}

/** What HistGradientBoosting makes of a category: its integer part modulo 256; missing if negative or not seen. */
function withCategories(x: V, categorical: readonly number[], ensemble: Ensemble, e: Expander): Prepared {
  const { g } = e;
  const width = ensemble.nFeatures;
  const others = Array.from({ length: width }, (_, f) => f).filter((f) => !categorical.includes(f));
  const raw = g.columns(x, categorical);
  const some = g.greaterOrEqual(raw, 0);
  const byte = g.where(g.and(some, g.less(raw, 2 ** 31)), raw, 0);
  const codes = g.node('Mod', [g.cast(byte, 'int64'), int64([], [256])]);
  const table = new Float64Array(256 * categorical.length).fill(NaN);
  categorical.forEach((f, i) => {
    const known = ensemble.knownCategories?.get(f);
    for (let c = 0; c < 256; c++) if (!known || ((known[c >>> 5] >>> (c & 31)) & 1) === 1) table[256 * i + c] = c;
  });
  const offsets = int64(
    [categorical.length],
    categorical.map((_, i) => 256 * i),
  );
  const seen = g.where(some, g.gather(float64([table.length], table), g.add(codes, offsets), 0), NaN);
  const columns = new Int32Array(width);
  categorical.forEach((f, i) => (columns[f] = i));
  others.forEach((f, i) => (columns[f] = categorical.length + i));
  return { x: others.length === 0 ? seen : g.concat([seen, g.columns(x, others)]), columns };
}

/**
 * Older trees know no membership: each node that asks for it gets a column of its own, 0 where the category is in its
 * set, 1 where not, NaN where it is missing, and compares that.
 */
function withoutMembers(
  x: V,
  arrays: TreeArrays,
  columns: Int32Array | undefined,
  g: GraphBuilder,
): { x: V; arrays: TreeArrays } {
  const width = x.shape[1] ?? 0;
  const feature = columns ? arrays.feature.map((f) => columns[f]) : arrays.feature.slice();
  if (arrays.members.length === 0) return { x, arrays: { ...arrays, feature } };
  const mode = arrays.mode.slice();
  const threshold = arrays.threshold.slice();
  const asked: number[] = [];
  const table = new Float64Array(256 * arrays.members.length).fill(1);
  for (let i = 0; i < arrays.inner; i++) {
    if (mode[i] !== MEMBER) continue;
    const k = asked.length;
    for (const c of arrays.members[k]) if (c < 256) table[256 * k + c] = 0;
    asked.push(feature[i]);
    mode[i] = LEQ;
    threshold[i] = 0.5;
    feature[i] = width + k;
  }
  const codes = g.columns(x, asked);
  const known = g.not(g.isNaN(codes));
  const offsets = asked.map((_, k) => 256 * k);
  const at = g.add(g.cast(g.where(known, codes, 0), 'int64'), int64([asked.length], offsets));
  const inSet = g.where(known, g.gather(float64([table.length], table), at, 0), NaN);
  return { x: g.concat([x, inSet]), arrays: { ...arrays, feature, mode, threshold } };
}

export const forestExpansions: Expansions = {
  Forest: sum,
  ForestStages: stages,
  ForestLeaves: leaves,
  ForestPaths: paths,
};
