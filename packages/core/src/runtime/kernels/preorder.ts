import { BrineError } from '../../errors.js';
import { BEYOND_INT32, readInt, readInts, type NodeField } from '../../graph/node-field.js';

/** scikit-learn's left child of a leaf (TREE_LEAF). */
const LEAF = -1;

interface TreeShape {
  readonly count: number;
  readonly left: NodeField;
  readonly right: NodeField;
  readonly isLeaf?: NodeField | undefined;
}

/**
 * Finds the pre-order of a binary tree given by child numbers, and proves that it is a tree: children in range,
 * no node reached twice. Nodes that the root does not reach are left out. Scratch memory is reused from tree to tree.
 */
export class PreorderLayout {
  /** By position: the distance to the right child (the left one is next); 0 at leaves. */
  readonly delta: Int32Array;
  /** By position: the file's node number; undefined while that is the position itself. */
  order: Int32Array | undefined;
  /** Child numbers; LEAF on the left of a leaf. */
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #stack: Int32Array;
  #order: Int32Array | undefined;
  #seen: Uint8Array | undefined;

  constructor(maxNodes: number) {
    this.delta = new Int32Array(maxNodes);
    this.#left = new Int32Array(maxNodes);
    this.#right = new Int32Array(maxNodes);
    this.#stack = new Int32Array(maxNodes + 1);
  }

  /**
   * Lays out one tree and returns the number of nodes reached.
   * @throws BrineError CORRUPT with the tree's and the node's number
   */
  lay(tree: TreeShape, t: number): number {
    readInts(tree.left, tree.count, this.#left);
    readInts(tree.right, tree.count, this.#right);
    if (tree.isLeaf !== undefined) this.#markLeaves(tree.isLeaf, tree.count);
    this.order = undefined;
    return this.#isPreorder(tree.count) ? tree.count : this.#traverse(tree, t);
  }

  #markLeaves(isLeaf: NodeField, count: number): void {
    const left = this.#left;
    readInts(isLeaf, count, this.delta);
    for (let i = 0; i < count; i++) {
      if (this.delta[i] !== 0) left[i] = LEAF;
      else if (left[i] === LEAF) left[i] = BEYOND_INT32;
    }
  }

  /** scikit-learn's depth-first builder writes this order already: one pass proves it and takes the distances. */
  #isPreorder(count: number): boolean {
    const left = this.#left;
    const right = this.#right;
    const delta = this.delta;
    const stack = this.#stack;
    let waiting = 0;
    for (let i = 0; i < count; i++) {
      const next = left[i];
      if (next === LEAF) {
        delta[i] = 0;
        if (waiting === 0) return i === count - 1;
        if (stack[--waiting] !== i + 1) return false;
      } else {
        const other = right[i];
        if (next !== i + 1 || !(other > i + 1 && other < count)) return false;
        delta[i] = other - i;
        stack[waiting++] = other;
      }
    }
    return false;
  }

  #traverse(tree: TreeShape, t: number): number {
    const { count } = tree;
    this.#order ??= new Int32Array(this.delta.length);
    this.#seen ??= new Uint8Array(this.delta.length);
    const order = (this.order = this.#order);
    const seen = this.#seen.fill(0, 0, count);
    const delta = this.delta;
    const stack = this.#stack;
    let waiting = 0;
    let node = 0;
    for (let position = 0; ; position++) {
      if (seen[node] !== 0) throw new BrineError('CORRUPT', `tree ${t} reaches node ${node} twice`);
      seen[node] = 1;
      order[position] = node;
      if (this.#left[node] !== LEAF) {
        stack[waiting++] = position;
        node = child(this.#left[node], tree.left, count, t, node);
      } else {
        delta[position] = 0;
        if (waiting === 0) return position + 1;
        const parent = stack[--waiting];
        delta[parent] = position + 1 - parent;
        node = child(this.#right[order[parent]], tree.right, count, t, order[parent]);
      }
    }
  }
}

/** The checked number of a child. */
function child(number: number, field: NodeField, count: number, t: number, node: number): number {
  if (number >= 0 && number < count) return number;
  throw new BrineError('CORRUPT', `tree ${t}, node ${node} has child ${readInt(field, node)} of ${count} nodes`);
}
