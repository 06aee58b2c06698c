import { BrineError } from '../../errors.js';
import type { Ensemble, TreeNodes } from '../ensemble.js';
import { readFloat, readFloats, readInt, readInts } from '../node-field.js';

/** How nodes compare: the numbers of TreeEnsemble's `nodes_modes`. */
export const LEQ = 0;
export const LT = 1;
export const MEMBER = 6;

/**
 * Some trees of an ensemble as arrays: inner nodes and leaves numbered apart, each tree's root first, true branch before
 * false branch. The place of a tree's nodes is `roots[t]`; a tree that is one leaf has an inner node that leads there
 * both ways, since TreeEnsemble roots are inner nodes.
 */
export interface TreeArrays {
  readonly inner: number;
  readonly leaves: number;
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly mode: Uint8Array;
  readonly missingTrue: Uint8Array | undefined;
  readonly whenTrue: Int32Array;
  readonly whenFalse: Int32Array;
  /** 1 where the branch is a leaf. */
  readonly trueLeaf: Uint8Array;
  readonly falseLeaf: Uint8Array;
  /** The sets of MEMBER nodes in the order of the nodes. */
  readonly members: readonly (readonly number[])[];
  /** The file's numbers of inner nodes (0 for the one above a lone leaf) and leaves; the tree of each leaf. */
  readonly innerNode: Int32Array;
  readonly leafNode: Int32Array;
  readonly leafTree: Int32Array;
}

/**
 * Lays out the trees `from` … `to` - 1. Linear in the nodes, no recursion.
 * @throws BrineError CORRUPT with tree and node number if a child or feature is out of range, or a node is reached twice
 */
export function treeArrays(ensemble: Ensemble, from: number, to: number): TreeArrays {
  const trees = ensemble.trees.slice(from, to);
  const most = trees.reduce((size, tree) => Math.max(size, tree.count), 1);
  // A binary tree of n nodes has (n + 1) / 2 leaves, and one inner node fewer: but for lone leaves.
  const leaves = trees.reduce((sum, tree) => sum + ((tree.count + 1) >>> 1), 0);
  const out = new Layout(leaves + trees.length, leaves, trees.length);
  const columns = new Columns(most);
  trees.forEach((tree, t) => {
    columns.read(tree);
    lay(out, columns, tree, t, from + t, ensemble);
  });
  return out.finish();
}

/** The fields of one tree. */
class Columns {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly feature: Int32Array;
  readonly missingLeft: Int32Array;
  readonly isLeaf: Int32Array;
  readonly threshold: Float64Array;

  constructor(size: number) {
    this.left = new Int32Array(size);
    this.right = new Int32Array(size);
    this.feature = new Int32Array(size);
    this.missingLeft = new Int32Array(size);
    this.isLeaf = new Int32Array(size);
    this.threshold = new Float64Array(size);
  }

  read(tree: TreeNodes): void {
    const { count } = tree;
    readInts(tree.left, count, this.left);
    readInts(tree.right, count, this.right);
    readInts(tree.feature, count, this.feature);
    readFloats(tree.threshold, count, this.threshold);
    if (tree.missingGoLeft) readInts(tree.missingGoLeft, count, this.missingLeft);
    else this.missingLeft.fill(0, 0, count);
    if (tree.isLeaf) readInts(tree.isLeaf, count, this.isLeaf);
    else for (let i = 0; i < count; i++) this.isLeaf[i] = this.left[i] === -1 ? 1 : 0;
  }
}

class Layout {
  inner = 0;
  leaves = 0;
  anyMissing = false;
  readonly members: number[][] = [];
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly mode: Uint8Array;
  readonly missingTrue: Uint8Array;
  readonly whenTrue: Int32Array;
  readonly whenFalse: Int32Array;
  readonly trueLeaf: Uint8Array;
  readonly falseLeaf: Uint8Array;
  readonly innerNode: Int32Array;
  readonly leafNode: Int32Array;
  readonly leafTree: Int32Array;

  constructor(inner: number, leaves: number, trees: number) {
    this.roots = new Int32Array(trees);
    this.feature = new Int32Array(inner);
    this.threshold = new Float64Array(inner);
    this.mode = new Uint8Array(inner);
    this.missingTrue = new Uint8Array(inner);
    this.whenTrue = new Int32Array(inner);
    this.whenFalse = new Int32Array(inner);
    this.trueLeaf = new Uint8Array(inner);
    this.falseLeaf = new Uint8Array(inner);
    this.innerNode = new Int32Array(inner);
    this.leafNode = new Int32Array(leaves);
    this.leafTree = new Int32Array(leaves);
  }

  finish(): TreeArrays {
    const { inner, leaves } = this;
    return {
      inner,
      leaves,
      roots: this.roots,
      feature: this.feature.subarray(0, inner),
      threshold: this.threshold.subarray(0, inner),
      mode: this.mode.subarray(0, inner),
      missingTrue: this.anyMissing ? this.missingTrue.subarray(0, inner) : undefined,
      whenTrue: this.whenTrue.subarray(0, inner),
      whenFalse: this.whenFalse.subarray(0, inner),
      trueLeaf: this.trueLeaf.subarray(0, inner),
      falseLeaf: this.falseLeaf.subarray(0, inner),
      members: this.members,
      innerNode: this.innerNode.subarray(0, inner),
      leafNode: this.leafNode.subarray(0, leaves),
      leafTree: this.leafTree.subarray(0, leaves),
    };
  }
}

/** In preorder: a node's true branch follows it; its false branch waits for its turn. */
function lay(out: Layout, columns: Columns, tree: TreeNodes, t: number, named: number, ensemble: Ensemble): void {
  const { left, right, feature, threshold, missingLeft, isLeaf } = columns;
  const { count } = tree;
  const mode = ensemble.comparison === 'lt32' ? LT : LEQ;
  const width = tree.features?.length ?? ensemble.nFeatures;
  const waiting: number[] = [];
  const budget = count;
  let visited = 0;
  out.roots[t] = out.inner;
  const leaf = (node: number): number => {
    out.leafNode[out.leaves] = node;
    out.leafTree[out.leaves] = t;
    return out.leaves++;
  };
  if (isLeaf[0] !== 0) {
    const at = out.inner++;
    out.whenTrue[at] = out.whenFalse[at] = leaf(0);
    out.trueLeaf[at] = out.falseLeaf[at] = 1;
    return;
  }
  // A pair: the node, and where its parent's branch to it is kept (true branches even, false ones odd).
  waiting.push(0, -1);
  while (waiting.length > 0) {
    const slot = waiting.pop()!;
    const node = waiting.pop()!;
    if (!(node >= 0 && node < count) || ++visited > budget)
      throw new BrineError('CORRUPT', `tree ${named} has ${count} nodes, and a way that does not end in a leaf`);
    const ending = isLeaf[node] !== 0;
    if (ending && out.leaves >= out.leafNode.length)
      throw new BrineError('CORRUPT', `tree ${named}: a node is reached twice`);
    const place = ending ? leaf(node) : out.inner;
    if (slot >= 0) {
      const parent = slot >> 1;
      if ((slot & 1) === 0) {
        out.whenTrue[parent] = place;
        out.trueLeaf[parent] = ending ? 1 : 0;
      } else {
        out.whenFalse[parent] = place;
        out.falseLeaf[parent] = ending ? 1 : 0;
      }
    }
    if (ending) continue;
    if (out.inner >= out.feature.length) throw new BrineError('CORRUPT', `tree ${named}: a node is reached twice`);
    out.inner++;
    out.innerNode[place] = node;
    const f = feature[node];
    const column = f >= 0 && f < width ? (tree.features ? tree.features[f] : f) : -1;
    if (!(column >= 0 && column < ensemble.nFeatures))
      throw new BrineError('CORRUPT', `tree ${named}, node ${node} tests feature ${readInt(tree.feature, node)}`);
    out.feature[place] = column;
    if (missingLeft[node] !== 0) {
      out.missingTrue[place] = 1;
      out.anyMissing = true;
    }
    if (tree.categorical && readInt(tree.categorical.isCategorical, node) !== 0) {
      out.mode[place] = MEMBER;
      out.members.push(categoriesOf(tree.categorical, node, named));
    } else {
      out.mode[place] = mode;
      out.threshold[place] = threshold[node];
    }
    waiting.push(right[node], place * 2 + 1, left[node], place * 2);
  }
}

function categoriesOf(categorical: NonNullable<TreeNodes['categorical']>, node: number, named: number): number[] {
  const { bitset, bitsets, words } = categorical;
  const row = readInt(bitset, node);
  if (!(row >= 0 && (row + 1) * words <= bitsets.length))
    throw new BrineError('CORRUPT', `tree ${named}, node ${node} tests category set ${row}`);
  const out: number[] = [];
  for (let c = 0; c < 32 * words; c++) if (((bitsets[row * words + (c >>> 5)] >>> (c & 31)) & 1) === 1) out.push(c);
  return out;
}

/** The values of a leaf of tree `t`, scaled as the library scales them: `width` of them, missing ones zero. */
export function leafValue(tree: TreeNodes, node: number, column: number): number {
  const { values, scale = 1 } = tree;
  return values && column < values.width ? scale * readFloat(values, node, column) : 0;
}
