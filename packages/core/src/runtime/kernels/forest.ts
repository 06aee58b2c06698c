/**
 * Tree ensembles: packed once, then run over dense or sparse rows.
 *
 *     const kernel = forestKernel({ nFeatures, comparison: 'f32', outputs: k, trees });
 *     kernel.sum(denseRows(X, n, p), out);          // out[i, c] += leaf values of row i, in tree order
 *     kernel.leaves(denseRows(X, n, p));            // Int32Array [n × trees], node numbers of the file
 *     kernel.decisionPath(denseRows(X, n, p));      // CSR of the nodes on each row's way
 *
 * A tree is described by fields over its node table, read in place (node-field.ts): nothing is copied before packing.
 *
 * What the estimators sum, so that results are bit for bit scikit-learn's:
 * - RandomForest, ExtraTrees: out = 0; `values` is each tree's `predict_proba` row, or its `value` for regressors
 *   (divide the sums by the number of trees at the end). Trees saved before scikit-learn 1.3 hold counts: normalise
 *   their rows first.
 * - GradientBoosting: out = the initial raw prediction; trees stage by stage with `scale` = learning_rate and
 *   `output` = class.
 * - HistGradientBoosting: out = the baseline; `comparison: 'f64'`, trees iteration by iteration, `output` = class.
 * - one DecisionTree: out = -0, since -0 + v is v for every v.
 *
 * Reads of the input: a float64 matrix is rounded to float32 where the comparison is in float32.
 */
import { BrineError } from '../../errors.js';
import { checkColumns, ForestBlock } from './forest-block.js';
import { ForestMemory } from './forest-memory.js';
import { narrowBatch, narrowBatchMissing, narrowGoesLeft, narrowRow } from './forest-narrow.js';
import type { Ensemble } from '../../graph/ensemble.js';
import { packForest, type PackedForest } from './forest-pack.js';
import { wideBatch, wideBatchMissing, wideCategorical, wideGoesLeft, wideRow } from './forest-wide.js';
import type { Rows } from './rows.js';

/** Trees `from` … `to` - 1 of the ensemble, for staged predictions and early stopping. */
export interface TreeRange {
  readonly from?: number;
  readonly to?: number;
}

/** Rows' ways through the trees: CSR with row pointers, and node numbers offset by `nodePointers[tree]`. */
export interface DecisionPaths {
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly nodePointers: Int32Array;
}

/** What runs a packed ensemble. A kernel keeps scratch memory: its methods are synchronous and not reentrant. */
export interface ForestKernel {
  readonly trees: number;
  readonly outputs: number;
  readonly nFeatures: number;
  /**
   * Adds to `out` (rows × outputs, row-major) the leaf values of each row, tree by tree in float64.
   * @throws BrineError BAD_INPUT, BAD_ARGUMENT
   */
  sum(input: Rows, out: Float64Array, range?: TreeRange): void;
  /** The file's number of the leaf that each row reaches in each tree: rows × trees, row-major. */
  leaves(input: Rows): Int32Array;
  /** Every node on the way from root to leaf, as scikit-learn's `decision_path`. */
  decisionPath(input: Rows): DecisionPaths;
}

/** Makes a kernel of a packed ensemble. */
export type ForestBackend = (forest: PackedForest, comparison: Ensemble['comparison']) => ForestKernel;

/**
 * Checks and packs an ensemble, and returns what runs it.
 * @param backend another implementation over the same packed nodes
 * @throws BrineError CORRUPT naming tree and node, LIMIT
 */
export function forestKernel(ensemble: Ensemble, backend: ForestBackend = scalarForest): ForestKernel {
  return backend(packForest(ensemble), ensemble.comparison);
}

/** The implementation in TypeScript, which hands sums to WebAssembly once they are worth its start. */
export const scalarForest: ForestBackend = (forest, comparison) => new ScalarForest(forest, comparison !== 'f64');
/** The same without WebAssembly, and with it from the first row. */
export const plainForest: ForestBackend = (forest, comparison) =>
  new ScalarForest(forest, comparison !== 'f64', Infinity);
export const wasmForest: ForestBackend = (forest, comparison) => new ScalarForest(forest, comparison !== 'f64', 0);

/** Fewer rows than this go one by one, several trees at a time, instead of several rows at a time through one tree. */
const BATCH_ROWS = 4;

/**
 * Rows times trees after which a forest goes into the memory of a module: its nodes are written out once more for that,
 * and code is compiled, some milliseconds for a large one.
 */
const worthwhile = ({ nodes }: PackedForest): number => 2 ** 12 + nodes.words.length / 32;

class ScalarForest implements ForestKernel {
  readonly #forest: PackedForest;
  readonly #block: ForestBlock;
  /** Leaf numbers of a block's rows in one tree. */
  readonly #leaf: Int32Array;
  /** Leaf numbers of one row in all trees. */
  readonly #rowLeaf: Int32Array;
  readonly #float32: boolean;
  /** Rows times trees until `#memory` is tried. */
  #toMemory: number;
  #memory: ForestMemory | undefined;

  constructor(forest: PackedForest, float32: boolean, toMemory = worthwhile(forest)) {
    this.#forest = forest;
    this.#float32 = float32;
    this.#toMemory = toMemory;
    this.#block = new ForestBlock(forest, float32);
    this.#leaf = new Int32Array(this.#block.rows);
    this.#rowLeaf = new Int32Array(forest.trees);
  }

  get trees(): number {
    return this.#forest.trees;
  }

  get outputs(): number {
    return this.#forest.outputs;
  }

  get nFeatures(): number {
    return this.#forest.nFeatures;
  }

  sum(input: Rows, out: Float64Array, range: TreeRange = {}): void {
    const { trees, outputs } = this.#forest;
    const { from = 0, to = trees } = range;
    checkColumns(this.#forest, input);
    if (out.length !== input.rows * outputs) {
      throw new BrineError('BAD_ARGUMENT', `sums of ${input.rows} rows × ${outputs} need not ${out.length} places`);
    }
    if (!(from >= 0 && from <= to && to <= trees)) {
      throw new BrineError('BAD_ARGUMENT', `trees ${from} to ${to} of ${trees}`);
    }
    if (this.#toMemory >= 0) {
      this.#toMemory -= input.rows * (to - from);
      if (this.#toMemory < 0) this.#memory = ForestMemory.of(this.#forest, this.#float32);
    }
    if (this.#memory) {
      this.#memory.sum(input, out, from, to);
      return;
    }
    for (let row = 0; row < input.rows; row += this.#block.rows) {
      const rows = Math.min(this.#block.rows, input.rows - row);
      const nan = this.#block.fill(input, row, rows);
      if (this.#oneByOne(rows, nan) && row === 0) {
        this.#sumRows(input, rows, out, from, to);
        continue;
      }
      for (let t = from; t < to; t++) {
        this.#walk(t, rows, nan);
        this.#addLeaves(t, rows, out, row);
      }
    }
  }

  leaves(input: Rows): Int32Array {
    const { trees, leafNode } = this.#forest;
    checkColumns(this.#forest, input);
    const out = new Int32Array(input.rows * trees);
    for (let row = 0; row < input.rows; row += this.#block.rows) {
      const rows = Math.min(this.#block.rows, input.rows - row);
      const nan = this.#block.fill(input, row, rows);
      for (let t = 0; t < trees; t++) {
        this.#walk(t, rows, nan);
        for (let r = 0; r < rows; r++) out[(row + r) * trees + t] = leafNode[this.#leaf[r]];
      }
    }
    return out;
  }

  decisionPath(input: Rows): DecisionPaths {
    const { trees, nodeCounts, roots, origins } = this.#forest;
    checkColumns(this.#forest, input);
    const nodePointers = new Int32Array(trees + 1);
    for (let t = 0; t < trees; t++) nodePointers[t + 1] = nodePointers[t] + nodeCounts[t];
    const indptr = new Int32Array(input.rows + 1);
    let indices = new Int32Array(16);
    let used = 0;
    for (let row = 0; row < input.rows; row++) {
      this.#block.fill(input, row, 1);
      for (let t = 0; t < trees; t++) {
        for (let k = roots[t]; ; k += this.#step(k)) {
          if (used === indices.length) indices = grown(indices);
          const position = (k - roots[t]) / 2;
          indices[used++] = nodePointers[t] + (origins[t]?.[position] ?? position);
          if (this.#step(k) === 0) break;
        }
      }
      indptr[row + 1] = used;
    }
    return { indptr, indices: indices.slice(0, used), nodePointers };
  }

  #oneByOne(rows: number, nan: boolean): boolean {
    return rows < BATCH_ROWS && !(nan && this.#forest.directed) && !this.#forest.categorical;
  }

  #walk(t: number, rows: number, nan: boolean): void {
    const { nodes, roots, directed, categorical } = this.#forest;
    const { keys, values, stride } = this.#block;
    const leaf = this.#leaf;
    if (nodes.kind === 'narrow') {
      const walk = nan && directed ? narrowBatchMissing : narrowBatch;
      walk(nodes.words, roots[t], keys, stride, rows, leaf);
    } else if (categorical) {
      wideCategorical(nodes.words, nodes.floats, nodes.sets, roots[t], values, stride, rows, leaf);
    } else {
      const walk = nan && directed ? wideBatchMissing : wideBatch;
      walk(nodes.words, nodes.floats, roots[t], values, stride, rows, leaf);
    }
  }

  #addLeaves(t: number, rows: number, out: Float64Array, row: number): void {
    const { leafValues, width, treeOutput, outputs } = this.#forest;
    const leaf = this.#leaf;
    let at = row * outputs + (treeOutput === undefined ? 0 : treeOutput[t]);
    if (width === 1) {
      for (let r = 0; r < rows; r++, at += outputs) out[at] += leafValues[leaf[r]];
    } else if (width === 2) {
      for (let r = 0; r < rows; r++, at += outputs) {
        const value = 2 * leaf[r];
        out[at] += leafValues[value];
        out[at + 1] += leafValues[value + 1];
      }
    } else {
      for (let r = 0; r < rows; r++, at += outputs) {
        const value = width * leaf[r];
        for (let c = 0; c < width; c++) out[at + c] += leafValues[value + c];
      }
    }
  }

  /** Rows 0 … rows - 1, all of them in the block, each through all trees. Allocates nothing. */
  #sumRows(input: Rows, rows: number, out: Float64Array, from: number, to: number): void {
    const { nodes, roots, leafValues, width, treeOutput, outputs } = this.#forest;
    const { keys, values } = this.#block;
    const leaf = this.#rowLeaf;
    for (let r = 0; r < rows; r++) {
      if (r > 0) this.#block.fill(input, r, 1);
      if (nodes.kind === 'narrow') narrowRow(nodes.words, roots, from, to, keys, leaf);
      else wideRow(nodes.words, nodes.floats, roots, from, to, values, leaf);
      const at = r * outputs;
      for (let t = from; t < to; t++) {
        const place = treeOutput === undefined ? at : at + treeOutput[t];
        const value = leaf[t] * width;
        for (let c = 0; c < width; c++) out[place + c] += leafValues[value + c];
      }
    }
  }

  /** The distance from position k to the next node on the way of the block's first row; 0 at a leaf. */
  #step(k: number): number {
    const { nodes } = this.#forest;
    if (nodes.kind === 'narrow') {
      const d = nodes.words[k + 1] & 0xfffffe;
      return d !== 0 && narrowGoesLeft(nodes.words, k, this.#block.keys, 0) ? 2 : d;
    }
    const d = nodes.words[2 * k + 3];
    const left = d !== 0 && wideGoesLeft(nodes.words, nodes.floats, nodes.sets, k, this.#block.values, 0);
    return left ? 2 : d;
  }
}

/** An array of twice the room with the same beginning. */
function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(array.length * 2);
  bigger.set(array);
  return bigger;
}
