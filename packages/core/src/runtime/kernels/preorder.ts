import { BrineError } from '../../errors.js';
import { readInt, type NodeField } from '../../graph/node-field.js';

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
  readonly #stack: Int32Array;
  #order: Int32Array | undefined;
  #seen: Uint8Array | undefined;

  constructor(maxNodes: number) {
    this.delta = new Int32Array(maxNodes);
    this.#stack = new Int32Array(maxNodes + 1);
  }

  /**
   * Lays out one tree and returns the number of nodes reached.
   * @throws BrineError CORRUPT with the tree's and the node's number
   */
  lay(tree: TreeShape, t: number): number {
    this.order = undefined;
    if (this.#isPreorder(tree)) return tree.count;
    return this.#traverse(tree, t);
  }

  /** scikit-learn's depth-first builder writes this order already: one pass proves it and takes the distances. */
  #isPreorder(tree: TreeShape): boolean {
    const { count, left, right, isLeaf } = tree;
    const delta = this.delta;
    const stack = this.#stack;
    let waiting = 0;
    for (let i = 0; i < count; i++) {
      const child = readInt(left, i);
      if (isLeaf === undefined ? child === -1 : readInt(isLeaf, i) !== 0) {
        delta[i] = 0;
        if (waiting === 0) return i === count - 1;
        if (stack[--waiting] !== i + 1) return false;
      } else {
        const other = readInt(right, i);
        if (child !== i + 1 || !(other > child && other < count)) return false;
        delta[i] = other - i;
        stack[waiting++] = other;
      }
    }
    return false;
  }

  #traverse(tree: TreeShape, t: number): number {
    const { count, left, right, isLeaf } = tree;
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
      const child = readInt(left, node);
      if (isLeaf === undefined ? child !== -1 : readInt(isLeaf, node) === 0) {
        checkChild(child, count, t, node);
        checkChild(readInt(right, node), count, t, node);
        stack[waiting++] = position;
        node = child;
      } else {
        delta[position] = 0;
        if (waiting === 0) return position + 1;
        const parent = stack[--waiting];
        delta[parent] = position + 1 - parent;
        node = readInt(right, order[parent]);
      }
    }
  }
}

function checkChild(child: number, count: number, t: number, node: number): void {
  if (!(child >= 0 && child < count)) {
    throw new BrineError('CORRUPT', `tree ${t}, node ${node} has child ${child}, but there are ${count} nodes`);
  }
}
