import { BrineError } from '@brine/core';
import { isArrowFile, openArrowFile, openArrowStream } from './arrow.js';
import type { Batch } from './batch.js';
import { openCsv } from './csv.js';
import { sniffDialect } from './csv-dialect.js';
import { type Detected, detectTable } from './detect.js';
import { Input } from './input.js';
import { openJson, openJsonLines } from './json.js';
import { openNpy, openNpz } from './npy.js';
import { openParquet } from './parquet.js';
import { type BatchOptions, type BlockSource, type TableFormat, type TableReader, tableReader } from './table.js';
import { type TextHead, decodeHead, decodeText } from './text.js';

export interface OpenOptions {
  /** Read as this format, whatever the content looks like. */
  readonly format?: TableFormat;
  /** CSV: the character between cells; sniffed among tab, `;`, `|` and `,` by default. */
  readonly delimiter?: string;
  /** CSV: whether the first record names the columns; told from the content by default. */
  readonly header?: boolean;
  /** Text: an encoding's label; UTF-8, or UTF-16 where that is plain, by default. */
  readonly encoding?: string;
  /** Names that columns may have (a model's features): they settle doubtful headers and orientations. */
  readonly expectedNames?: readonly string[];
  /** NPZ: which array. */
  readonly array?: string;
  /** What `-` reads; the process's standard input by default. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

/**
 * Opens a data file: CSV, TSV, JSON, JSON Lines, Parquet, Arrow, NPY or NPZ, told by content; `-` is standard
 * input; text may be gzip. Reads no more than the beginning, except of a JSON document.
 *
 * @throws READ, EMPTY, TRUNCATED, CORRUPT, UNKNOWN_FORMAT, UNSUPPORTED, LIMIT, BAD_INPUT, AMBIGUOUS
 */
export async function openTable(path: string, options: OpenOptions = {}): Promise<TableReader> {
  const input = await Input.open(path, options.stdin);
  try {
    const { source, note } = await openInput(input, options);
    return tableReader(note === undefined ? source : { ...source, notes: [note, ...source.notes] }, input);
  } catch (error) {
    await input.close();
    throw error;
  }
}

/** The batches of a file, which is closed at the end. */
export async function* readTable(
  path: string,
  options: OpenOptions & BatchOptions = {},
): AsyncGenerator<Batch, void, undefined> {
  const table = await openTable(path, options);
  try {
    yield* table.batches(options);
  } finally {
    await table.close();
  }
}

async function openInput(input: Input, options: OpenOptions): Promise<{ source: BlockSource; note?: string }> {
  const { name, head } = input;
  const decoded = (): TextHead | undefined => decodeHead(head, name, options.encoding);
  const detected: Detected =
    options.format === undefined ? detectTable(head, () => decoded()?.text, name) : { format: options.format };
  const { format, note } = detected;
  const source = await openAs(format, input, isText(format) ? decoded() : undefined, options);
  return note === undefined ? { source } : { source, note };
}

async function openAs(
  format: TableFormat,
  input: Input,
  decoded: TextHead | undefined,
  options: OpenOptions,
): Promise<BlockSource> {
  const { name } = input;
  const expected = options.expectedNames ?? [];
  switch (format) {
    case 'parquet':
      return openParquet(await input.source());
    case 'arrow':
      return isArrowFile(input.head) ? openArrowFile(await input.source()) : openArrowStream(input.stream(), name);
    case 'npy':
      return openNpy(await input.source());
    case 'npz':
      return openNpz(await input.source(), options.array);
    default: {
      if (decoded === undefined)
        throw new BrineError('BAD_INPUT', `the content is not text, so it is no ${format.toUpperCase()}`, {
          file: name,
        });
      const text = decodeText(input.stream(), decoded.encoding, name);
      if (format === 'json') return openJson(text, name, expected);
      if (format === 'jsonl') return openJsonLines(text, name);
      const dialect = sniffDialect(decoded.text, input.whole, { format, ...options });
      return openCsv(text, name, format, dialect, expected);
    }
  }
}

const isText = (format: TableFormat): boolean => ['csv', 'tsv', 'json', 'jsonl'].includes(format);
