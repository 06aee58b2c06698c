import { BrineError } from '@brine/core';
import type { Batch, ColumnType, ColumnValues } from './batch.js';
import type { CellReader } from './cells.js';
import { TypedColumn, quote, type WantedType } from './column.js';
import { didYouMean } from '../terminal/suggest.js';

export type TableFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet' | 'arrow' | 'npy' | 'npz';

export interface ColumnInfo {
  readonly name: string;
  /** What the file declares; undefined where it is known only after reading (CSV, JSON). */
  readonly type?: ColumnType;
  /** A pandas index stored along with the data: not a feature. */
  readonly index?: boolean;
}

/** Some rows as a format's reader gives them, before cells get their types. */
export interface Block {
  /** One for each column asked for. */
  readonly columns: readonly ArrayLike<unknown>[];
  readonly length: number;
  readonly line?: (i: number) => number;
}

/** What a format's reader offers; `tableReader` makes typed batches of it. */
export interface BlockSource {
  readonly format: TableFormat;
  readonly columns: readonly ColumnInfo[];
  /** False where the file names no columns; they are then called `0`, `1`, …  */
  readonly named: boolean;
  /** What a person should know about how the file was read. */
  readonly notes: readonly string[];
  readonly rowCount?: number;
  readonly cells: CellReader;
  /** Rows in order, in blocks of about `size` rows at most; `select` are positions in `columns`. */
  blocks(select: readonly number[], size: number): AsyncIterable<Block> | Iterable<Block>;
}

export interface WantedColumn {
  readonly name: string;
  /** Default `auto`. */
  readonly type?: WantedType;
}

export interface BatchOptions {
  /** Rows in a batch, at most. */
  readonly size?: number;
  /** The columns to read and their order; default all, as pandas would type them. */
  readonly columns?: readonly WantedColumn[];
}

/** An open data file: what its columns are, and its rows in batches. May be read once. */
export interface TableReader {
  readonly name: string;
  readonly format: TableFormat;
  readonly columns: readonly ColumnInfo[];
  readonly named: boolean;
  readonly notes: readonly string[];
  readonly rowCount?: number;
  /** The file's size, where it has one: with `bytesRead`, the measure of progress. */
  readonly bytes?: number;
  readonly bytesRead: number;
  /** Typed batches, in order. Throws BAD_INPUT where a row or cell is not as it should be, and if there is no row. */
  batches(options?: BatchOptions): AsyncGenerator<Batch, void, undefined>;
  close(): Promise<void>;
}

export const DEFAULT_BATCH_ROWS = 8192;

/**
 * Types that nobody told are decided on this many rows or cells, whichever is less, held in memory until then.
 * A smaller file is thus typed exactly as pandas would; in a bigger one a later contradiction is an error.
 */
const INFER_ROWS = 65_536;
const INFER_CELLS = 2_000_000;

export function tableReader(
  source: BlockSource,
  file: {
    readonly name: string;
    readonly size: number | undefined;
    readonly bytesRead: number;
    close(): Promise<void>;
  },
): TableReader {
  return {
    name: file.name,
    format: source.format,
    columns: source.columns,
    named: source.named,
    notes: source.notes,
    ...(source.rowCount === undefined ? {} : { rowCount: source.rowCount }),
    ...(file.size === undefined ? {} : { bytes: file.size }),
    get bytesRead() {
      return file.bytesRead;
    },
    batches: (options) => typedBatches(source, file.name, options ?? {}),
    close: () => file.close(),
  };
}

async function* typedBatches(source: BlockSource, file: string, options: BatchOptions): AsyncGenerator<Batch, void> {
  const size = options.size ?? DEFAULT_BATCH_ROWS;
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new BrineError('BAD_ARGUMENT', `a batch of ${size} rows is not possible; give a whole number from 1`);
  }
  const wanted = options.columns ?? source.columns.map(({ name }): WantedColumn => ({ name }));
  const select = wanted.map(({ name }) => columnAt(source, name, file));
  const typed = wanted.map(
    ({ name, type }, i) => new TypedColumn(name, type ?? 'auto', source.cells, file, source.columns[select[i]].type),
  );
  const names = wanted.map(({ name }) => name);

  let firstRow = 0;
  const toBatch = (block: Block): Batch => {
    const { line } = block;
    const place = { firstRow, ...(line === undefined ? {} : { line }) };
    const columns = typed.map((column, i) => column.convert(block.columns[i], place));
    // A column's type is read after its cells, for they may have widened it.
    const batch = { names, types: typed.map((c) => c.type), columns, length: block.length, firstRow };
    firstRow += block.length;
    return batch;
  };

  let held: Block[] | undefined = typed.some((c) => c.undecided) ? [] : undefined;
  let heldRows = 0;
  const settle = (): Block[] => {
    const blocks = held ?? [];
    held = undefined;
    typed.forEach((column, i) => {
      if (column.undecided) column.infer(blocks.map((b) => b.columns[i]));
    });
    return blocks;
  };

  for await (const block of source.blocks(select, size)) {
    if (block.length === 0) continue;
    if (held === undefined) {
      yield* sliced(toBatch(block), size);
      continue;
    }
    held.push(block);
    heldRows += block.length;
    if (heldRows >= INFER_ROWS || heldRows * typed.length >= INFER_CELLS) {
      for (const early of settle()) yield* sliced(toBatch(early), size);
    }
  }
  for (const early of settle()) yield* sliced(toBatch(early), size);
  if (firstRow === 0) throw noRows(source, file);
}

function* sliced(batch: Batch, size: number): Generator<Batch, void> {
  if (batch.length <= size) {
    yield batch;
    return;
  }
  for (let start = 0; start < batch.length; start += size) {
    const end = Math.min(start + size, batch.length);
    yield {
      ...batch,
      columns: batch.columns.map((values) => sliceValues(values, start, end)),
      length: end - start,
      firstRow: batch.firstRow + start,
    };
  }
}

function sliceValues(values: ColumnValues, start: number, end: number): ColumnValues {
  return Array.isArray(values) ? values.slice(start, end) : (values as Float64Array).subarray(start, end);
}

function columnAt(source: BlockSource, name: string, file: string): number {
  const at = source.columns.findIndex((c) => c.name === name);
  if (at >= 0) return at;
  const names = source.columns.map((c) => c.name);
  throw new BrineError('BAD_INPUT', `there is no column ${quote(name)}${didYouMean(name, names)}`, { file });
}

function noRows(source: BlockSource, file: string): BrineError {
  const has = source.named ? `names ${source.columns.length} columns, but has no rows` : 'has no rows';
  return new BrineError('BAD_INPUT', `the table ${has}: there is nothing to work on`, { file });
}
