import { BrineError } from '@brine/core';
import type { TableFormat } from './table.js';

const byExtension: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  txt: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
  npy: 'npy',
  npz: 'npz',
};

/** The format that a file's name promises, `.gz` set aside; undefined where it promises none. */
export function formatOfName(path: string): TableFormat | undefined {
  const extension = /\.([^./\\]+)$/.exec(path.toLowerCase().replace(/\.gz$/, ''))?.[1];
  return extension !== undefined && Object.hasOwn(byExtension, extension) ? byExtension[extension] : undefined;
}

interface Signature {
  readonly bytes: readonly number[];
  readonly offset?: number;
  readonly format?: TableFormat;
  /** What to say of content that is no table that brine reads. */
  readonly refuse?: string;
}

const ascii = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0));

const signatures: readonly Signature[] = [
  { bytes: ascii('PAR1'), format: 'parquet' },
  { bytes: ascii('PARE'), refuse: 'an encrypted Parquet file; write it without encryption' },
  { bytes: ascii('ARROW1'), format: 'arrow' },
  { bytes: [0xff, 0xff, 0xff, 0xff], format: 'arrow' },
  { bytes: ascii('FEA1'), refuse: 'a Feather version 1 file; write it again as Feather 2 (pandas to_feather does)' },
  { bytes: [0x93, ...ascii('NUMPY')], format: 'npy' },
  { bytes: ascii('PK\u0003\u0004'), format: 'npz' },
  { bytes: ascii('PK\u0005\u0006'), refuse: 'an empty zip archive' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], refuse: 'compressed with zstd; decompress it first (gzip is read as it is)' },
  { bytes: ascii('BZh'), refuse: 'compressed with bzip2; decompress it first (gzip is read as it is)' },
  { bytes: [0xfd, ...ascii('7zXZ')], refuse: 'compressed with xz; decompress it first (gzip is read as it is)' },
  { bytes: [0x04, 0x22, 0x4d, 0x18], refuse: 'compressed with lz4; decompress it first (gzip is read as it is)' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], refuse: 'an old Excel workbook or another OLE file; save the sheet as CSV' },
  { bytes: ascii('SQLite format 3'), refuse: 'an SQLite database; export the table as CSV' },
  { bytes: [0x89, ...ascii('HDF')], refuse: 'an HDF5 file; write the table as Parquet or CSV' },
  { bytes: ascii('%PDF'), refuse: 'a PDF document' },
  { bytes: ascii('$FL2'), refuse: 'an SPSS file; write the table as CSV' },
  { bytes: [0x80, 0x02], refuse: 'a pickle, not a table; models come first on the command line, then the data' },
  { bytes: [0x80, 0x03], refuse: 'a pickle, not a table; models come first on the command line, then the data' },
  { bytes: [0x80, 0x04, 0x95], refuse: 'a pickle, not a table; models come first on the command line, then the data' },
  { bytes: [0x80, 0x05, 0x95], refuse: 'a pickle, not a table; models come first on the command line, then the data' },
];

export interface Detected {
  readonly format: TableFormat;
  /** Set where the name promises something else than the content is. */
  readonly note?: string;
}

/**
 * What kind of table begins with these bytes. Content decides; the name only chooses between CSV and TSV and
 * between JSON and JSON Lines where both are possible. Throws UNKNOWN_FORMAT for what is no table.
 *
 * @param decode gives the head as text where it has no binary format's signature; undefined for what is no text
 */
export function detectTable(head: Uint8Array, decode: () => string | undefined, name: string): Detected {
  const promised = formatOfName(name);
  const format = binaryFormat(head, name) ?? textFormat(decode(), promised, name);
  const same = promised === undefined || promised === format || (isLines(promised) && isLines(format));
  return same ? { format } : { format, note: `${name} is ${nouns[format]}, whatever its name says; read as that` };
}

export const nouns: Readonly<Record<TableFormat, string>> = {
  csv: 'CSV',
  tsv: 'tab-separated text',
  json: 'JSON',
  jsonl: 'JSON Lines',
  parquet: 'Parquet',
  arrow: 'Arrow',
  npy: 'NPY',
  npz: 'NPZ',
};

const isLines = (format: TableFormat): boolean => format === 'csv' || format === 'tsv';

function binaryFormat(head: Uint8Array, name: string): TableFormat | undefined {
  const found = signatures.find(({ bytes, offset = 0 }) => bytes.every((b, i) => head[offset + i] === b));
  if (found?.refuse !== undefined) throw new BrineError('UNKNOWN_FORMAT', `this is ${found.refuse}`, { file: name });
  return found?.format;
}

function textFormat(text: string | undefined, promised: TableFormat | undefined, name: string): TableFormat {
  if (text === undefined) {
    const what = 'the content is neither text nor a table format that brine knows';
    throw new BrineError('UNKNOWN_FORMAT', `${what} (CSV, TSV, JSON, JSON Lines, Parquet, Arrow, NPY, NPZ)`, {
      file: name,
    });
  }
  const start = text.trimStart();
  if (/^<(?:!doctype html|html|\?xml|head|body)/i.test(start)) {
    throw new BrineError('UNKNOWN_FORMAT', 'this is a web page or XML, not a table (a login page saved as the data?)', {
      file: name,
    });
  }
  if (start.startsWith('version https://git-lfs.github.com/')) {
    throw new BrineError('UNKNOWN_FORMAT', 'this is a git-LFS pointer; run `git lfs pull` to get the data', {
      file: name,
    });
  }
  if (looksLikeJson(start, promised)) return jsonKind(start, promised);
  return promised === 'tsv' ? 'tsv' : 'csv';
}

/** Text that begins like JSON. A name that says CSV asks for more than a bracket, which prose may start with. */
function looksLikeJson(start: string, promised: TableFormat | undefined): boolean {
  const strict = promised === 'csv' || promised === 'tsv';
  return strict
    ? /^(?:\[\s*[[{]|\{\s*"[^"\n]*"\s*:)/.test(start)
    : promised === 'json' || promised === 'jsonl' || /^(?:\[|\{)\s*(?:["\]}{[\d-]|null|true|false|NaN|$)/.test(start);
}

/** JSON Lines if the first line is a whole value and another value follows. */
function jsonKind(start: string, promised: TableFormat | undefined): TableFormat {
  const end = start.indexOf('\n');
  const single = end < 0 || start.slice(end).trim() === '';
  if (single) return promised === 'jsonl' ? 'jsonl' : 'json';
  return balanced(start.slice(0, end)) ? 'jsonl' : 'json';
}

/** Whether a line closes every bracket that it opens: a value of its own. Strings are skipped. */
function balanced(line: string): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (inText) {
      if (c === '\\') i++;
      else if (c === '"') inText = false;
    } else if (c === '"') inText = true;
    else if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth--;
  }
  return depth === 0 && !inText;
}
