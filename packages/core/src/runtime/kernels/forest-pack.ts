import { BrineError } from '../../errors.js';
import { floatOfKey, keyLessThan, keysAtMost, keysLessThan } from './float-order.js';
import type { CategoricalNodes, Ensemble, TreeNodes } from '../../graph/ensemble.js';
import { readFloat, readFloats, readInt, readInts } from '../../graph/node-field.js';
import { packRecords, recordLayout } from './forest-records.js';
import { PreorderLayout } from './preorder.js';
import { Slots } from './slots.js';

/**
 * The ensemble in evaluation order: every tree pre-order (left child = next node), so that a step is
 * `k += x <= t ? one node : Δright`, with Δ = 0 at leaves.
 */
export interface PackedForest {
  readonly trees: number;
  readonly outputs: number;
  readonly nFeatures: number;
  /** 8-byte nodes (forest-narrow.ts) where threshold and slot allow, else 16-byte nodes (forest-wide.ts). */
  readonly nodes: NarrowNodes | WideNodes;
  /** Position of each tree's root in `nodes`. */
  readonly roots: Int32Array;
  /** Whether a node sends NaN left, so that NaN in the input needs the slower step. */
  readonly directed: boolean;
  readonly categorical: boolean;
  /** Input column of each slot; a slot is a column that some node reads. */
  readonly slotColumns: Int32Array;
  /** 1 where the slot is read as a category. */
  readonly slotIsCategory: Uint8Array;
  readonly knownCategories: ReadonlyMap<number, Uint32Array>;
  /** Values of leaf l at `l * width`; empty without values. */
  readonly leafValues: Float64Array;
  readonly width: number;
  /** Column that tree t adds to, where trees have one value each. */
  readonly treeOutput: Int32Array | undefined;
  /** The file's number of each leaf's node. */
  readonly leafNode: Int32Array;
  /** For each tree whose file order is another: the file's number of each packed node. */
  readonly origins: readonly (Int32Array | undefined)[];
  readonly nodeCounts: Int32Array;
}

/**
 * 8 bytes {i32 key of the threshold, (slot + 1) << 24 | 2Δ | missing left}. A leaf is {leaf number, 0}: it reads
 * place 0 of the row, which holds NaN.
 */
export interface NarrowNodes {
  readonly kind: 'narrow';
  readonly words: Int32Array;
}

/**
 * 16 bytes {f64 threshold, i32 slot | missing left << 30 | categorical << 31, i32 2Δ}; `words` and `floats` view the same
 * bytes. A leaf's threshold is a NaN with the leaf number in its low word, a categorical node's is
 * {offset into `sets`, words}.
 */
export interface WideNodes {
  readonly kind: 'wide';
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly sets: Uint32Array;
}

/** Node positions are int32 indices of 32-bit words, four to a node. CWE-190. */
const MAX_NODES = 2 ** 29 - 1;
/** Features are int32 in the packed node, beside two flags. CWE-190. */
const MAX_FEATURES = 2 ** 30 - 1;
/** A byte numbers 256 places of a row; place 0 is the leaves' NaN. */
const MAX_NARROW_SLOTS = 255;
/** Largest Δ in 24 bits with the lowest used as a flag. */
const MAX_NARROW_NODES = 2 ** 23 - 1;

export const CATEGORICAL = 0x80000000 | 0;
export const MISSING_LEFT = 0x40000000;
export const SLOT_MASK = 0x3fffffff;
const QUIET_NAN_HIGH = 0x7ff80000;

/**
 * Checks every tree and repacks it. Linear in the nodes, no recursion.
 * @throws BrineError CORRUPT with tree and node number if a child or feature is out of range, or a node is reached twice
 */
export function packForest(ensemble: Ensemble): PackedForest {
  const total = ensemble.trees.reduce((sum, tree) => sum + tree.count, 0);
  if (total > MAX_NODES) throw new BrineError('LIMIT', `${total} tree nodes; at most ${MAX_NODES} can be run`);
  if (!(ensemble.nFeatures >= 0 && ensemble.nFeatures <= MAX_FEATURES)) {
    throw new BrineError('LIMIT', `${ensemble.nFeatures} features; at most ${MAX_FEATURES} can be run`);
  }
  ensemble.trees.forEach((tree, t) => {
    checkTable(tree, t, ensemble.outputs);
  });
  const byColumn = ensemble.trees.filter((tree) => tree.output !== undefined).length;
  if (byColumn !== 0 && byColumn !== ensemble.trees.length) {
    throw new BrineError('BAD_STATE', `${byColumn} of ${ensemble.trees.length} trees name an output column`);
  }
  const narrow =
    ensemble.comparison !== 'f64' &&
    ensemble.trees.every((tree) => tree.categorical === undefined && tree.count <= MAX_NARROW_NODES);
  if (narrow) {
    const packed = new ForestPacker(ensemble, total, true).run();
    if (packed !== undefined) return packed;
  }
  return new ForestPacker(ensemble, total, false).run()!;
}

function checkTable(tree: TreeNodes, t: number, outputs: number): void {
  const fields = [tree.left, tree.right, tree.feature, tree.threshold, tree.missingGoLeft, tree.isLeaf, tree.values];
  const categorical = [tree.categorical?.isCategorical, tree.categorical?.bitset];
  for (const field of [...fields, ...categorical]) {
    if (field !== undefined && field.count < tree.count) {
      throw new BrineError('CORRUPT', `tree ${t} has ${tree.count} nodes, but a field of ${field.count}`);
    }
  }
  if (!Number.isSafeInteger(tree.count) || tree.count < 1) throw new BrineError('CORRUPT', `tree ${t} has no node`);
  const width = tree.values?.width ?? 0;
  const column = tree.output;
  const fits = column === undefined ? width <= outputs : width <= 1 && column >= 0 && column < outputs;
  if (!fits) {
    const where = column === undefined ? '' : ` for column ${column}`;
    throw new BrineError('CORRUPT', `tree ${t} has ${width} values per leaf${where}, but there are ${outputs} outputs`);
  }
}

class ForestPacker {
  readonly #ensemble: Ensemble;
  readonly #narrow: boolean;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #slots: Slots;
  readonly #layout: PreorderLayout;
  /** Of the tree at hand: the file's number of each packed node, where that is not its position. */
  #order: Int32Array | undefined;
  /** Right children that the single pass has yet to meet. */
  readonly #waiting: Int32Array;
  /** Columns of the tree at hand. */
  readonly #features: Int32Array;
  readonly #thresholds: Float64Array;
  readonly #keys: Int32Array;
  readonly #missingLeft: Int32Array;
  readonly #isCategory: Int32Array;
  readonly #leafNode: Int32Array;
  readonly #leafValues: Float64Array;
  readonly #width: number;
  readonly #sets: Uint32Array[] = [];
  #setWords = 0;
  #leaves = 0;
  #directed = false;
  #categorical = false;

  constructor(ensemble: Ensemble, total: number, narrow: boolean) {
    const { trees, nFeatures } = ensemble;
    this.#ensemble = ensemble;
    this.#narrow = narrow;
    const bytes = new ArrayBuffer(total * (narrow ? 8 : 16));
    this.#words = new Int32Array(bytes);
    this.#floats = new Float64Array(bytes);
    this.#slots = new Slots(nFeatures);
    const most = trees.reduce((count, tree) => Math.max(count, tree.count), 0);
    this.#layout = new PreorderLayout(most);
    this.#waiting = new Int32Array(most);
    this.#features = new Int32Array(most);
    this.#thresholds = new Float64Array(most);
    this.#keys = new Int32Array(narrow ? most : 0);
    this.#missingLeft = new Int32Array(most);
    this.#isCategory = new Int32Array(most);
    // A binary tree of n nodes has (n + 1) / 2 leaves.
    const leaves = trees.reduce((sum, tree) => sum + ((tree.count + 1) >>> 1), 0);
    this.#width = trees.reduce((width, tree) => Math.max(width, tree.values?.width ?? 0), 0);
    this.#leafNode = new Int32Array(leaves);
    this.#leafValues = new Float64Array(leaves * this.#width);
  }

  /** undefined if the nodes do not fit into the narrow layout. */
  run(): PackedForest | undefined {
    const { trees, nFeatures, outputs, knownCategories } = this.#ensemble;
    const roots = new Int32Array(trees.length);
    const origins: (Int32Array | undefined)[] = [];
    let base = 0;
    for (let t = 0; t < trees.length; t++) {
      const firstLeaf = this.#leaves;
      const reached = this.#pack(trees[t], t, base);
      this.#copyValues(trees[t], firstLeaf);
      if (this.#narrow && this.#slots.columns.length > MAX_NARROW_SLOTS) return undefined;
      // The wide layout counts positions in float64s, two to a node; the narrow one in int32s, two to a node.
      roots[t] = 2 * base;
      origins.push(this.#order?.slice(0, reached));
      base += reached;
    }
    return {
      trees: trees.length,
      outputs,
      nFeatures,
      nodes: this.#nodes(base),
      roots,
      directed: this.#directed,
      categorical: this.#categorical,
      slotColumns: Int32Array.from(this.#slots.columns),
      slotIsCategory: Uint8Array.from(this.#slots.isCategory),
      knownCategories: knownCategories ?? new Map<number, Uint32Array>(),
      leafValues: this.#leafValues.subarray(0, this.#leaves * this.#width),
      width: this.#width,
      treeOutput: trees[0]?.output === undefined ? undefined : Int32Array.from(trees, (tree) => tree.output ?? 0),
      leafNode: this.#leafNode.subarray(0, this.#leaves),
      origins,
      nodeCounts: Int32Array.from(trees, (tree) => tree.count),
    };
  }

  /** Packs one tree at node `base` and returns how many nodes it has. */
  #pack(tree: TreeNodes, t: number, base: number): number {
    this.#order = undefined;
    if (this.#narrow && this.#packRecords(tree, base)) return tree.count;
    const reached = this.#layout.lay(tree, t);
    this.#order = this.#layout.order;
    this.#readColumns(tree);
    this.#resolveSlots(tree, t, reached);
    if (this.#narrow) this.#packNarrow(tree.count, base, reached);
    else this.#packWide(tree, t, base, reached);
    return reached;
  }

  /** What nearly every file holds, in a single pass over its bytes; false if this tree is anything else. */
  #packRecords(tree: TreeNodes, base: number): boolean {
    const layout = this.#ensemble.comparison === 'f32' ? recordLayout(tree) : undefined;
    if (layout === undefined) return false;
    const { nFeatures } = this.#ensemble;
    const target = { words: this.#words, slots: this.#slots, leafNode: this.#leafNode, waiting: this.#waiting };
    const result = packRecords(layout, tree.count, nFeatures, target, base, this.#leaves);
    if (result < 0) return false;
    this.#leaves = result >>> 1;
    if ((result & 1) === 1) this.#directed = true;
    return true;
  }

  #readColumns(tree: TreeNodes): void {
    readInts(tree.feature, tree.count, this.#features);
    readFloats(tree.threshold, tree.count, this.#thresholds);
    if (tree.missingGoLeft === undefined) this.#missingLeft.fill(0, 0, tree.count);
    else readInts(tree.missingGoLeft, tree.count, this.#missingLeft);
    if (tree.categorical === undefined) this.#isCategory.fill(0, 0, tree.count);
    else readInts(tree.categorical.isCategorical, tree.count, this.#isCategory);
  }

  #nodes(count: number): NarrowNodes | WideNodes {
    if (this.#narrow) return { kind: 'narrow', words: this.#words.subarray(0, 2 * count) };
    const sets = new Uint32Array(this.#setWords);
    let at = 0;
    for (const set of this.#sets) {
      sets.set(set, at);
      at += set.length;
    }
    return {
      kind: 'wide',
      words: this.#words.subarray(0, 4 * count),
      floats: this.#floats.subarray(0, 2 * count),
      sets,
    };
  }

  /** Replaces the features of inner nodes by their slots. */
  #resolveSlots(tree: TreeNodes, t: number, reached: number): void {
    const { delta, order } = this.#layout;
    const features = this.#features;
    const isCategory = this.#isCategory;
    const slots = this.#slots;
    const columns = tree.features?.length ?? this.#ensemble.nFeatures;
    for (let position = 0; position < reached; position++) {
      if (delta[position] === 0) continue;
      const node = order === undefined ? position : order[position];
      const feature = features[node];
      if (!(feature >= 0 && feature < columns)) {
        const named = readInt(tree.feature, node);
        throw new BrineError('CORRUPT', `tree ${t}, node ${node} tests feature ${named} of ${columns}`);
      }
      const column = tree.features === undefined ? feature : tree.features[feature];
      if (!(column >= 0 && column < this.#ensemble.nFeatures)) {
        throw new BrineError('CORRUPT', `tree ${t} uses feature ${column} of ${this.#ensemble.nFeatures}`);
      }
      features[node] = slots.of(column, isCategory[node] === 0 ? 0 : 1);
    }
  }

  #packNarrow(count: number, base: number, reached: number): void {
    const { delta, order } = this.#layout;
    const words = this.#words;
    const slots = this.#features;
    const keys = this.#keys;
    const missingLeft = this.#missingLeft;
    const leafNode = this.#leafNode;
    if (this.#ensemble.comparison === 'f32') keysAtMost(this.#thresholds, keys, count);
    else keysLessThan(this.#thresholds, keys, count);
    let leaves = this.#leaves;
    let directed = 0;
    for (let position = 0, at = 2 * base; position < reached; position++, at += 2) {
      const node = order === undefined ? position : order[position];
      const d = delta[position];
      if (d === 0) {
        leafNode[leaves] = node;
        words[at] = leaves++;
      } else {
        const missing = missingLeft[node] === 0 ? 0 : 1;
        directed |= missing;
        words[at] = keys[node];
        words[at + 1] = ((slots[node] + 1) << 24) | (2 * d) | missing;
      }
    }
    this.#leaves = leaves;
    if (directed === 1) this.#directed = true;
  }

  #packWide(tree: TreeNodes, t: number, base: number, reached: number): void {
    const { delta, order } = this.#layout;
    const words = this.#words;
    const setBase = this.#setWords;
    if (tree.categorical !== undefined) {
      this.#sets.push(tree.categorical.bitsets);
      this.#setWords += tree.categorical.bitsets.length;
    }
    for (let position = 0, at = 4 * base; position < reached; position++, at += 4) {
      const node = order === undefined ? position : order[position];
      if (delta[position] === 0) {
        this.#leafNode[this.#leaves] = node;
        words[at] = this.#leaves++;
        words[at + 1] = QUIET_NAN_HIGH;
        continue;
      }
      const missing = this.#missingLeft[node] !== 0;
      if (missing) this.#directed = true;
      let flags = missing ? MISSING_LEFT : 0;
      if (tree.categorical !== undefined && this.#isCategory[node] !== 0) {
        this.#categorical = true;
        flags |= CATEGORICAL;
        words[at] = setBase + setOffset(tree.categorical, t, node);
        words[at + 1] = tree.categorical.words;
      } else {
        this.#floats[at / 2] = this.#threshold(this.#thresholds[node]);
      }
      words[at + 2] = this.#features[node] | flags;
      words[at + 3] = 2 * delta[position];
    }
  }

  /** A float64 threshold for `x <= threshold`. */
  #threshold(threshold: number): number {
    return this.#ensemble.comparison === 'lt32' ? floatOfKey(keyLessThan(threshold)) : threshold;
  }

  /** The values of leaves `first` … to the last so far, which are this tree's. */
  #copyValues(tree: TreeNodes, first: number): void {
    const { values, scale = 1 } = tree;
    if (values === undefined) return;
    const { view, offset, stride, width, littleEndian } = values;
    for (let leaf = first; leaf < this.#leaves; leaf++) {
      const node = this.#leafNode[leaf];
      const to = leaf * this.#width;
      // The same product as `out += scale * value`, taken once (sklearn/ensemble/_gradient_boosting.pyx).
      for (let c = 0; c < width; c++) {
        const value =
          values.type === 'f8'
            ? view.getFloat64(offset + node * stride + 8 * c, littleEndian)
            : readFloat(values, node, c);
        this.#leafValues[to + c] = scale * value;
      }
    }
  }
}

function setOffset(categorical: CategoricalNodes, t: number, node: number): number {
  const row = readInt(categorical.bitset, node);
  const offset = row * categorical.words;
  if (!(row >= 0 && offset + categorical.words <= categorical.bitsets.length)) {
    const rows = Math.floor(categorical.bitsets.length / categorical.words);
    throw new BrineError('CORRUPT', `tree ${t}, node ${node} tests category set ${row} of ${rows}`);
  }
  return offset;
}
