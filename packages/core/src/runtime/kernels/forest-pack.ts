import { BrineError } from '../../errors.js';
import { floatOfKey, keyAtMost, keyLessThan } from './float-order.js';
import type { CategoricalNodes, Ensemble, TreeNodes } from '../../graph/ensemble.js';
import { readFloat, readInt } from '../../graph/node-field.js';
import { PreorderLayout } from './preorder.js';

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

/** Columns up to here get a table; more would let a small file ask for much memory. CWE-789. */
const SLOT_TABLE_COLUMNS = 65536;

/** Numbers the columns that nodes read, in order of first use. */
class Slots {
  readonly columns: number[] = [];
  readonly isCategory: number[] = [];
  readonly #table: Int32Array | undefined;
  readonly #map = new Map<number, number>();

  constructor(nFeatures: number) {
    if (nFeatures <= SLOT_TABLE_COLUMNS) this.#table = new Int32Array(2 * nFeatures);
  }

  of(column: number, isCategory: 0 | 1): number {
    const id = 2 * column + isCategory;
    const known = this.#table === undefined ? (this.#map.get(id) ?? 0) : this.#table[id];
    return known === 0 ? this.#add(id, column, isCategory) : known - 1;
  }

  #add(id: number, column: number, isCategory: 0 | 1): number {
    const slot = this.columns.length;
    this.columns.push(column);
    this.isCategory.push(isCategory);
    if (this.#table === undefined) this.#map.set(id, slot + 1);
    else this.#table[id] = slot + 1;
    return slot;
  }
}

class ForestPacker {
  readonly #ensemble: Ensemble;
  readonly #narrow: boolean;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #slots: Slots;
  readonly #layout: PreorderLayout;
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
    this.#layout = new PreorderLayout(trees.reduce((most, tree) => Math.max(most, tree.count), 0));
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
      const reached = this.#layout.lay(trees[t], t);
      if (this.#narrow) this.#packNarrow(trees[t], t, base, reached);
      else this.#packWide(trees[t], t, base, reached);
      if (this.#narrow && this.#slots.columns.length > MAX_NARROW_SLOTS) return undefined;
      // The wide layout counts positions in float64s, two to a node; the narrow one in int32s, two to a node.
      roots[t] = 2 * base;
      origins.push(this.#layout.order?.slice(0, reached));
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

  #packNarrow(tree: TreeNodes, t: number, base: number, reached: number): void {
    const { delta, order } = this.#layout;
    const words = this.#words;
    const keyOf = this.#ensemble.comparison === 'f32' ? keyAtMost : keyLessThan;
    for (let position = 0; position < reached; position++) {
      const node = order === undefined ? position : order[position];
      const at = 2 * (base + position);
      if (delta[position] === 0) {
        words[at] = this.#addLeaf(tree, node);
        words[at + 1] = 0;
        continue;
      }
      const missing = tree.missingGoLeft !== undefined && readInt(tree.missingGoLeft, node) !== 0 ? 1 : 0;
      this.#directed ||= missing === 1;
      words[at] = keyOf(readFloat(tree.threshold, node));
      words[at + 1] = ((this.#slotOf(tree, t, node, 0) + 1) << 24) | (2 * delta[position]) | missing;
    }
  }

  #packWide(tree: TreeNodes, t: number, base: number, reached: number): void {
    const { delta, order } = this.#layout;
    const words = this.#words;
    const setBase = this.#setWords;
    if (tree.categorical !== undefined) {
      this.#sets.push(tree.categorical.bitsets);
      this.#setWords += tree.categorical.bitsets.length;
    }
    for (let position = 0; position < reached; position++) {
      const node = order === undefined ? position : order[position];
      const at = 4 * (base + position);
      if (delta[position] === 0) {
        words[at] = this.#addLeaf(tree, node);
        words[at + 1] = QUIET_NAN_HIGH;
        continue;
      }
      const missing = tree.missingGoLeft !== undefined && readInt(tree.missingGoLeft, node) !== 0;
      this.#directed ||= missing;
      const categorical = tree.categorical !== undefined && readInt(tree.categorical.isCategorical, node) !== 0;
      if (categorical) {
        this.#categorical = true;
        words[at] = setBase + setOffset(tree.categorical, t, node);
        words[at + 1] = tree.categorical.words;
      } else {
        this.#floats[at / 2] = this.#threshold(readFloat(tree.threshold, node));
      }
      const slot = this.#slotOf(tree, t, node, categorical ? 1 : 0);
      words[at + 2] = slot | (missing ? MISSING_LEFT : 0) | (categorical ? CATEGORICAL : 0);
      words[at + 3] = 2 * delta[position];
    }
  }

  /** A float64 threshold for `x <= threshold`. */
  #threshold(threshold: number): number {
    return this.#ensemble.comparison === 'lt32' ? floatOfKey(keyLessThan(threshold)) : threshold;
  }

  #slotOf(tree: TreeNodes, t: number, node: number, isCategory: 0 | 1): number {
    let feature = readInt(tree.feature, node);
    const columns = tree.features?.length ?? this.#ensemble.nFeatures;
    if (!(feature >= 0 && feature < columns)) {
      throw new BrineError('CORRUPT', `tree ${t}, node ${node} tests feature ${feature} of ${columns}`);
    }
    if (tree.features !== undefined) {
      feature = tree.features[feature];
      if (feature < 0 || feature >= this.#ensemble.nFeatures) {
        throw new BrineError('CORRUPT', `tree ${t} uses feature ${feature} of ${this.#ensemble.nFeatures}`);
      }
    }
    return this.#slots.of(feature, isCategory);
  }

  #addLeaf(tree: TreeNodes, node: number): number {
    const leaf = this.#leaves++;
    this.#leafNode[leaf] = node;
    const { values, scale = 1 } = tree;
    if (values !== undefined) {
      const at = leaf * this.#width;
      // The same product as `out += scale * value`, taken once (sklearn/ensemble/_gradient_boosting.pyx).
      for (let c = 0; c < values.width; c++) this.#leafValues[at + c] = scale * readFloat(values, node, c);
    }
    return leaf;
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
