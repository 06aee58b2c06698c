import { BrineError } from '../../errors.js';
import { bitsToKeys, NAN_KEY } from './float-order.js';
import type { PackedForest } from './forest-pack.js';
import type { CsrRows, DenseRows, Rows } from './rows.js';

/** A block of rows should stay in the second-level cache beside the tree that walks over it. */
const BLOCK_BYTES = 1 << 18;
/** Enough rows that a tree's nodes, once in cache, are used often. A multiple of four. */
const MAX_ROWS = 256;
const MIN_ROWS = 16;

/** Slots of each input column, for sparse rows: `first[column]`, then `next[slot]`; -1 ends. */
interface ColumnSlots {
  readonly first: ReadonlyMap<number, number>;
  readonly next: Int32Array;
}

/** Where a block lies, and how: in a memory of somebody's, `lanes` rows side by side. */
interface Room {
  readonly memory: ArrayBuffer;
  /** Bytes from the beginning of the memory. */
  readonly at: number;
  readonly rows: number;
  readonly lanes: number;
}

/**
 * Some rows of the input as the walks want them: only the columns that nodes read, rounded to float32 and turned into
 * keys (narrow nodes) or as float64 with categories decoded (wide nodes). A row has `stride` places; those of `lanes`
 * rows lie place by place, row for row.
 */
export class ForestBlock {
  readonly rows: number;
  readonly stride: number;
  readonly keys: Int32Array;
  readonly values: Float64Array;
  readonly #lanes: number;
  readonly #forest: PackedForest;
  readonly #floats: Float32Array;
  readonly #float32: boolean;
  #columnSlots: ColumnSlots | undefined;

  constructor(forest: PackedForest, float32: boolean, room?: Room) {
    const narrow = forest.nodes.kind === 'narrow';
    const slots = forest.slotColumns.length;
    this.#forest = forest;
    this.#float32 = float32;
    this.stride = narrow ? slots + 1 : Math.max(slots, 1);
    this.rows = room?.rows ?? ForestBlock.rowsOf(this.stride * (narrow ? 4 : 8));
    this.#lanes = room?.lanes ?? 1;
    const { memory, at } = room ?? { memory: new ArrayBuffer(this.rows * this.stride * (narrow ? 4 : 8)), at: 0 };
    const size = this.rows * this.stride;
    this.#floats = new Float32Array(memory, at, narrow ? size : 0);
    this.keys = new Int32Array(memory, at, narrow ? size : 0);
    this.values = new Float64Array(memory, at, narrow ? 0 : size);
  }

  /** How many rows of so many bytes a block takes. */
  static rowsOf(rowBytes: number): number {
    return Math.min(MAX_ROWS, Math.max(MIN_ROWS, Math.floor(BLOCK_BYTES / rowBytes) & -8));
  }

  /** Takes rows `from` … `from + count - 1`; true if one of them has NaN in a column that is read. */
  fill(input: Rows, from: number, count: number): boolean {
    const narrow = this.#forest.nodes.kind === 'narrow';
    const to = narrow ? this.#floats : this.values;
    const place = narrow ? 1 : 0;
    const whole = Math.ceil(count / this.#lanes) * this.#lanes;
    // Lanes without a row: what lay there may be NaN.
    if (whole > count) to.fill(0, (whole - this.#lanes) * this.stride, whole * this.stride);
    if (input.kind === 'dense') this.#copyDense(input, from, count, to, place);
    else this.#copySparse(input, from, count, to, place);
    if (!narrow) return this.#finishWide(count, whole);
    this.#setFirst(whole, 0);
    const nan = bitsToKeys(this.keys, whole * this.stride);
    this.#setFirst(whole, NAN_KEY);
    return nan;
  }

  /** Where the first place of row r is; the next is `lanes` further on. */
  #placeOf(r: number): number {
    const lanes = this.#lanes;
    return lanes === 1 ? r * this.stride : (r - (r % lanes)) * this.stride + (r % lanes);
  }

  #setFirst(rows: number, key: number): void {
    for (let r = 0; r < rows; r++) this.keys[this.#placeOf(r)] = key;
  }

  #copyDense(input: DenseRows, from: number, count: number, to: Float32Array | Float64Array, place: 0 | 1): void {
    const { data, columnStride } = input;
    const columns = this.#forest.slotColumns;
    const lanes = this.#lanes;
    for (let r = 0; r < count; r++) {
      const source = input.offset + (from + r) * input.rowStride;
      let target = this.#placeOf(r) + place * lanes;
      for (let s = 0; s < columns.length; s++, target += lanes) to[target] = data[source + columns[s] * columnStride];
    }
  }

  #copySparse(input: CsrRows, from: number, count: number, to: Float32Array | Float64Array, place: 0 | 1): void {
    const { first, next } = (this.#columnSlots ??= columnSlots(this.#forest.slotColumns));
    const lanes = this.#lanes;
    to.fill(0, 0, Math.ceil(count / lanes) * lanes * this.stride);
    for (let r = 0; r < count; r++) {
      const target = this.#placeOf(r) + place * lanes;
      for (let i = input.indptr[from + r]; i < input.indptr[from + r + 1]; i++) {
        for (let s = first.get(input.indices[i]) ?? -1; s >= 0; s = next[s]) to[target + s * lanes] = input.data[i];
      }
    }
  }

  #finishWide(count: number, whole: number): boolean {
    const values = this.values;
    const length = whole * this.stride;
    let nan = 0;
    for (let i = 0; i < length; i++) {
      const x = this.#float32 ? Math.fround(values[i]) : values[i];
      values[i] = x;
      nan |= x !== x ? 1 : 0;
    }
    if (this.#forest.categorical) this.#decodeCategories(count);
    return nan === 1;
  }

  #decodeCategories(count: number): void {
    const { slotColumns, slotIsCategory, knownCategories } = this.#forest;
    for (let s = 0; s < slotColumns.length; s++) {
      if (slotIsCategory[s] === 0) continue;
      const known = knownCategories.get(slotColumns[s]);
      for (let r = 0; r < count; r++) {
        const at = r * this.stride + s;
        this.values[at] = category(this.values[at], known);
      }
    }
  }
}

/**
 * A category as HistGradientBoosting takes it: NaN and negative values are missing; else the C cast to uint8, which on
 * x86-64 goes through int32 (out of range: 0x80000000) and keeps the low byte. + 0.5 marks one unseen in training.
 */
function category(x: number, known: Uint32Array | undefined): number {
  if (x !== x || x < 0) return NaN;
  const byte = x < 2147483648 ? Math.trunc(x) & 255 : 0;
  const seen = known === undefined || ((known[byte >>> 5] >>> (byte & 31)) & 1) === 1;
  return seen ? byte : byte + 0.5;
}

function columnSlots(slotColumns: Int32Array): ColumnSlots {
  const first = new Map<number, number>();
  const next = new Int32Array(slotColumns.length).fill(-1);
  slotColumns.forEach((column, slot) => {
    next[slot] = first.get(column) ?? -1;
    first.set(column, slot);
  });
  return { first, next };
}

/** @throws BrineError BAD_INPUT if the matrix has another number of columns than the forest was trained on */
export function checkColumns(forest: PackedForest, input: Rows): void {
  if (input.columns !== forest.nFeatures) {
    throw new BrineError('BAD_INPUT', `the input has ${input.columns} columns, the trees expect ${forest.nFeatures}`);
  }
}
