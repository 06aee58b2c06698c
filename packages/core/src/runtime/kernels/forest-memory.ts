import { ForestBlock } from './forest-block.js';
import type { NarrowNodes, PackedForest, WideNodes } from './forest-pack.js';
import { MISSING_LEFT, SLOT_MASK } from './forest-pack.js';
import { LANES, NARROW_DELTA, walks, type Walks } from './forest-walks.js';
import type { Rows } from './rows.js';
import { instantiate } from './wasm.js';

/** Forests that take more memory than this stay where they are: it would be taken a second time. */
const MOST_BYTES = 2 ** 29;
/** Sums of a block of rows should stay in the second-level cache. */
const SUMS_BYTES = 2 ** 18;
/** Up to here rows go one by one: a group of eight takes as long however many of its lanes are empty. */
const ONE_BY_ONE = 5;
/** Slots × 64 of a wide node is an int32. CWE-190. */
const MAX_WIDE_SLOTS = 2 ** 25 - 1;

/** Where things are in the memory, in bytes. */
interface Places {
  readonly block: number;
  readonly sums: number;
  readonly roots: number;
  readonly columns: number;
  readonly nodes: number;
  readonly values: number;
  readonly end: number;
}

/**
 * A packed forest in the memory of a WebAssembly module that walks it. Sums are the same bits as those of the walks in
 * JavaScript: comparisons are the same, and values are added in the same order.
 */
export class ForestMemory {
  readonly #forest: PackedForest;
  readonly #walks: Walks;
  readonly #places: Places;
  /** Eight rows side by side, and a single one. */
  readonly #block: ForestBlock;
  readonly #single: ForestBlock;
  readonly #rows: number;
  readonly #sums: Float64Array;
  readonly #tables: Int32Array;
  /** The trees whose roots the table holds. */
  #from = 0;
  #to = 0;

  /** undefined where the forest does not fit, has categories or no values, or the platform has no WebAssembly. */
  static of(forest: PackedForest, float32: boolean): ForestMemory | undefined {
    const { nodes, categorical, width, outputs, treeOutput, slotColumns } = forest;
    const wide = nodes.kind === 'wide';
    if (categorical || width === 0 || (wide && slotColumns.length > MAX_WIDE_SLOTS)) return undefined;
    const slots = Math.max(1, slotColumns.length + (wide ? 0 : 1));
    const fitting = Math.floor(SUMS_BYTES / (8 * outputs)) & -LANES;
    const rows = Math.min(ForestBlock.rowsOf(slots * (wide ? 8 : 4)), Math.max(LANES, fitting));
    const places = placesOf(forest, slots * (wide ? 8 : 4), rows);
    if (places.end > MOST_BYTES) return undefined;
    const shape = { wide, width, outputs, byColumn: treeOutput !== undefined && outputs > 1 };
    const instance = instantiate(walks(shape), places.end);
    if (!instance) return undefined;
    const filled = wide
      ? writeWide(nodes, instance.memory, places, width)
      : writeNarrow(nodes, instance.memory, places, width);
    if (!filled) return undefined;
    const values = new Float64Array(instance.memory, places.values);
    values.set(forest.leafValues);
    // The leaf of trees that only fill a group: -0 changes no sum.
    values.fill(-0, forest.leafValues.length, forest.leafValues.length + width);
    return new ForestMemory(forest, float32, rows, places, instance.memory, instance.routines as never);
  }

  private constructor(
    forest: PackedForest,
    float32: boolean,
    rows: number,
    places: Places,
    memory: ArrayBuffer,
    routines: Walks,
  ) {
    this.#forest = forest;
    this.#walks = routines;
    this.#places = places;
    this.#rows = rows;
    this.#block = new ForestBlock(forest, float32, { memory, at: places.block, rows, lanes: LANES });
    this.#single = new ForestBlock(forest, float32, { memory, at: 0, rows: 1, lanes: 1 });
    this.#sums = new Float64Array(memory, places.sums, rows * forest.outputs);
    this.#tables = new Int32Array(memory, places.roots, (places.nodes - places.roots) / 4);
  }

  /** As `ForestKernel.sum`, whose checks have passed. */
  sum(input: Rows, out: Float64Array, from: number, to: number): void {
    if (input.rows > ONE_BY_ONE) this.#sumBlocks(input, out, from, to);
    else for (let row = 0; row < input.rows; row++) this.#sumRow(input, row, out, from, to);
  }

  #sumRow(input: Rows, row: number, out: Float64Array, from: number, to: number): void {
    const { outputs, directed } = this.#forest;
    const { roots, columns, sums } = this.#places;
    const nan = this.#single.fill(input, row, 1) && directed;
    if (this.#from !== from || this.#to !== to) this.#take(from, to);
    const at = row * outputs;
    for (let c = 0; c < outputs; c++) this.#sums[c] = out[at + c];
    const groups = (to - from + LANES - 1) >>> 3;
    if (nan) this.#walks.rowMissing(roots, columns, sums, groups);
    else this.#walks.row(roots, columns, sums, groups);
    for (let c = 0; c < outputs; c++) out[at + c] = this.#sums[c];
  }

  #sumBlocks(input: Rows, out: Float64Array, from: number, to: number): void {
    const { outputs, directed, roots, treeOutput } = this.#forest;
    const { block, sums, nodes } = this.#places;
    const scale = this.#nodeBytes / 2;
    const stepX = this.#block.stride * LANES * (this.#forest.nodes.kind === 'wide' ? 8 : 4);
    for (let row = 0; row < input.rows; row += this.#rows) {
      const rows = Math.min(this.#rows, input.rows - row);
      const nan = this.#block.fill(input, row, rows) && directed;
      const groups = (rows + LANES - 1) >>> 3;
      this.#sums.set(out.subarray(row * outputs, (row + rows) * outputs));
      for (let t = from; t < to; t++) {
        const root = nodes + scale * roots[t];
        const onto = sums + (treeOutput === undefined ? 0 : 8 * treeOutput[t]);
        if (nan) this.#walks.batchMissing(root, block, stepX, onto, groups);
        else this.#walks.batch(root, block, stepX, onto, groups);
      }
      out.set(this.#sums.subarray(0, rows * outputs), row * outputs);
    }
  }

  get #nodeBytes(): number {
    return this.#forest.nodes.kind === 'wide' ? 16 : 8;
  }

  /** Writes roots and columns of these trees, and of trees of a single leaf up to a whole group. */
  #take(from: number, to: number): void {
    const { roots, treeOutput } = this.#forest;
    const { nodes } = this.#places;
    const scale = this.#nodeBytes / 2;
    const half = this.#tables.length / 2;
    const count = (to - from + LANES - 1) & -LANES;
    for (let i = 0; i < count; i++) {
      const real = from + i < to;
      this.#tables[i] = real ? nodes + scale * roots[from + i] : nodes + this.#nodeBytes * this.#nodes;
      this.#tables[half + i] = real && treeOutput !== undefined ? 8 * treeOutput[from + i] : 0;
    }
    [this.#from, this.#to] = [from, to];
  }

  get #nodes(): number {
    return nodesOf(this.#forest);
  }
}

const nodesOf = ({ nodes }: PackedForest): number => nodes.words.length / (nodes.kind === 'wide' ? 4 : 2);

function placesOf(forest: PackedForest, rowBytes: number, rows: number): Places {
  const { trees, outputs, leafValues, width, nodes } = forest;
  let at = 0;
  const take = (bytes: number): number => {
    const from = at;
    at += Math.ceil(bytes / 64) * 64;
    return from;
  };
  take(rowBytes);
  const block = take(rowBytes * rows);
  const sums = take(8 * outputs * rows);
  const table = Math.ceil((4 * (trees + LANES)) / 64) * 64;
  const roots = take(table);
  const columns = take(table);
  // One more leaf than there are.
  const nodeAt = take((nodesOf(forest) + 1) * (nodes.kind === 'wide' ? 16 : 8));
  const values = take(8 * (leafValues.length + width));
  return { block, sums, roots, columns, nodes: nodeAt, values, end: at };
}

/** False where a distance is too long for its bits. */
function writeNarrow({ words }: NarrowNodes, memory: ArrayBuffer, { nodes, values }: Places, width: number): boolean {
  const to = new Int32Array(memory, nodes, words.length + 2);
  let leaves = 0;
  let longest = 0;
  for (let i = 0; i < words.length; i += 2) {
    const word = words[i + 1];
    const distance = (word & 0xfffffe) << 2;
    if (word === 0) {
      to[i] = values + 8 * width * words[i];
      leaves++;
    } else {
      to[i] = words[i];
      to[i + 1] = (word & 0xff000001) | distance;
    }
    longest |= distance;
  }
  to[words.length] = values + 8 * width * leaves;
  return (longest & ~NARROW_DELTA) === 0;
}

function writeWide({ words }: WideNodes, memory: ArrayBuffer, { nodes, values }: Places, width: number): boolean {
  const to = new Int32Array(memory, nodes, words.length + 4);
  let leaves = 0;
  for (let i = 0; i < words.length; i += 4) {
    to[i + 1] = words[i + 1];
    if (words[i + 3] === 0) {
      to[i] = values + 8 * width * words[i];
      leaves++;
      continue;
    }
    to[i] = words[i];
    to[i + 2] = 64 * (words[i + 2] & SLOT_MASK);
    to[i + 3] = (8 * words[i + 3]) | ((words[i + 2] & MISSING_LEFT) === 0 ? 0 : 1);
  }
  to[words.length] = values + 8 * width * leaves;
  to[words.length + 1] = 0x7ff80000;
  return true;
}
