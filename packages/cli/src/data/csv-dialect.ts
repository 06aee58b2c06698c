import { type Options, parse } from 'csv-parse/sync';
import { textCells } from './cells.js';
import { columnNames } from './names.js';
import type { TableFormat } from './table.js';

/** How a delimited text is to be cut, and whether its first record names the columns. */
export interface Dialect {
  readonly delimiter: string;
  readonly header: boolean;
  /** Set where the choice was a guess worth telling. */
  readonly note?: string;
}

export interface DialectHints {
  readonly format: TableFormat;
  readonly delimiter?: string;
  readonly header?: boolean;
  /** Names that the columns may have: a first record that holds one of them is a header. */
  readonly expectedNames?: readonly string[];
}

/** Strongest first: nobody's prose holds the same number of tabs in every line, but many have commas. */
const delimiters = ['\t', ';', '|', ','];
const SAMPLE_RECORDS = 100;

/** Options of csv-parse that make it read as pandas does: quotes within a cell are text; any line end ends a line. */
export const csvOptions = {
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n', '\r'],
} satisfies Options;

/** Guesses the dialect from the first lines. `whole` tells whether they are all there is. */
export function sniffDialect(head: string, whole: boolean, hints: DialectHints): Dialect {
  const sample = whole ? head : head.slice(0, Math.max(head.lastIndexOf('\n'), head.lastIndexOf('\r')) + 1) || head;
  const delimiter = hints.delimiter ?? sniffDelimiter(sample, hints.format);
  const [first] = sampleRecords(sample, delimiter, 1);
  return { delimiter, ...sniffHeader(first ?? [], hints) };
}

function sniffDelimiter(sample: string, format: TableFormat): string {
  const scored = delimiters.map((delimiter) => {
    const records = sampleRecords(sample, delimiter, SAMPLE_RECORDS);
    const width = records[0]?.length ?? 0;
    const share = width > 1 ? records.filter((r) => r.length === width).length / records.length : 0;
    return { delimiter, share: format === 'tsv' && delimiter === '\t' && width > 1 ? 1 : share };
  });
  const steady = scored.find(({ share }) => share === 1);
  if (steady) return steady.delimiter;
  // Some line has the wrong width: the reader will say which.
  const best = scored.reduce((a, b) => (b.share >= a.share ? b : a));
  if (best.share > 0) return best.delimiter;
  return format === 'tsv' ? '\t' : ',';
}

/** The first records, as far as they can be read: a quote left open by the sample's end is no error here. */
function sampleRecords(sample: string, delimiter: string, count: number): string[][] {
  const records: string[][] = [];
  const keep = (record: string[]): null => {
    if (records.length < count) records.push(record);
    return null;
  };
  try {
    parse(sample, { ...csvOptions, bom: true, delimiter, to: count, on_record: keep });
  } catch {
    // What came before the fault is enough for a guess.
  }
  return records;
}

function sniffHeader(first: readonly string[], hints: DialectHints): Pick<Dialect, 'header' | 'note'> {
  if (hints.header !== undefined) return { header: hints.header };
  const expected = new Set(hints.expectedNames);
  if (first.some((cell) => expected.has(cell))) return { header: true };
  if (isCounting(first)) return { header: true };
  const numbers = first.filter((cell) => textCells.number(cell) !== undefined).length;
  if (numbers === 0) return { header: true };
  return {
    header: false,
    note: `the first line holds ${numbers === 1 ? 'a number' : 'numbers'}, so it was read as data, and the columns are ${columnNames(first.length)}`,
  };
}

/** pandas writes columns without names as 0, 1, 2 …, after an empty name if the index is written too. */
function isCounting(cells: readonly string[]): boolean {
  const names = cells[0] === '' ? cells.slice(1) : cells;
  return names.length > 1 && names.every((name, i) => name === String(i));
}
