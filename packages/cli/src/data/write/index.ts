/** Writing tables: one writer for each format, all incremental, all through an `Output` that appears whole or not at all. */
import { BrineError } from '@brine/core';
import { formatOfName, nouns } from '../detect.js';
import type { TableFormat } from '../table.js';
import { openArrowWriter } from './arrow.js';
import { openNpyWriter } from './npy.js';
import { openNpzWriter } from './npz.js';
import { type Output, openOutput } from './output.js';
import { type TextEncoding, type WriteBatch, csvEncoding, jsonEncoding } from './text.js';

export type { WriteBatch } from './text.js';
export { type Output, openOutput } from './output.js';

/** Takes batches of the same columns; `finish` makes the file appear, `abort` leaves nothing behind. */
export interface TableWriter {
  /** Whoever read our standard output has gone: nothing more needs to be made. */
  readonly closed: boolean;
  write(batch: WriteBatch): Promise<void>;
  finish(): Promise<void>;
  abort(): Promise<void>;
}

export interface WriterOptions {
  /** The format; by default the one of the name's extension, CSV for `-`. */
  readonly format?: TableFormat;
  /** NPY: a single column is written as a matrix `(n, 1)` instead of a vector `(n,)`. */
  readonly matrix?: boolean;
  /** What `-` writes to; the process's standard output by default. */
  readonly stdout?: NodeJS.WritableStream;
}

/**
 * Opens a table for writing. Parquet is not written.
 *
 * @throws BAD_ARGUMENT where the format is not plain, UNSUPPORTED for one that is not written, WRITE
 */
export async function openWriter(path: string, options: WriterOptions = {}): Promise<TableWriter> {
  const format = options.format ?? (path === '-' ? 'csv' : formatOfName(path));
  if (format === undefined) {
    const message =
      'the name does not say which format to write; end it in .csv, .tsv, .json, .jsonl, .npy, .npz or .arrow, or name the format';
    throw new BrineError('BAD_ARGUMENT', message, { file: path });
  }
  if (path.toLowerCase().endsWith('.gz')) {
    throw new BrineError(
      'UNSUPPORTED',
      'compressed tables are read, but not written; write to - and pipe it through gzip',
      { file: path },
    );
  }
  switch (format) {
    case 'csv':
      return new TextWriter(await openOutput(path, false, options.stdout), csvEncoding(','));
    case 'tsv':
      return new TextWriter(await openOutput(path, false, options.stdout), csvEncoding('\t'));
    case 'json':
    case 'jsonl':
      return new TextWriter(await openOutput(path, false, options.stdout), jsonEncoding(format === 'jsonl'));
    case 'npy':
      return openNpyWriter(path, options.matrix ?? false, options.stdout);
    case 'npz':
      return openNpzWriter(path, options.stdout);
    case 'arrow':
      return openArrowWriter(path, options.stdout);
    case 'parquet': {
      const message = `${nouns[format]} is read, but not written; write .arrow, which pandas.read_feather reads and to_parquet turns into Parquet`;
      throw new BrineError('UNSUPPORTED', message, { file: path });
    }
  }
}

/** Writes whole tables at once: `openWriter` for what comes in one piece. */
export async function writeTable(
  path: string,
  batches: Iterable<WriteBatch> | AsyncIterable<WriteBatch>,
  options: WriterOptions = {},
): Promise<void> {
  const writer = await openWriter(path, options);
  try {
    for await (const batch of batches) {
      if (writer.closed) break;
      await writer.write(batch);
    }
    await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

class TextWriter implements TableWriter {
  readonly #output: Output;
  readonly #encoding: TextEncoding;

  constructor(output: Output, encoding: TextEncoding) {
    this.#output = output;
    this.#encoding = encoding;
  }

  get closed(): boolean {
    return this.#output.closed;
  }

  write(batch: WriteBatch): Promise<void> {
    return this.#output.write(this.#encoding.rows(batch));
  }

  async finish(): Promise<void> {
    await this.#output.write(this.#encoding.end());
    await this.#output.finish();
  }

  abort(): Promise<void> {
    return this.#output.abort();
  }
}
