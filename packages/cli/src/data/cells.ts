/**
 * What a single cell means, by pandas' rules (`pandas.read_csv` with its defaults, pandas 3): which text is
 * missing, which is a number, which a boolean. Numbers are rounded correctly, as pandas 3.1 does; the default
 * parser of older ones may be off by one unit in the last place.
 */

/** pandas._libs.parsers.STR_NA_VALUES. */
const missingTokens: ReadonlySet<string> = new Set([
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
]);
const LONGEST_MISSING = 8;

export function isMissingText(cell: string): boolean {
  return cell.length <= LONGEST_MISSING && missingTokens.has(cell);
}

const NUMBER = /^[ \t]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t]*$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const INTEGER = /^[ \t]*[+-]?\d+[ \t]*$/;

/** The number that a cell spells, or undefined. Hexadecimal and digit groups are not numbers to pandas. */
export function parseNumber(cell: string): number | undefined {
  const first = cell.charCodeAt(0);
  const last = cell.charCodeAt(cell.length - 1);
  // Most cells start with a sign or digit and end in a digit: only `0x10`, `0b1`, `0o7` mean something else to Number.
  if (first >= 43 && first <= 57 && last >= 48 && last <= 57 && !(first === 48 && cell.charCodeAt(1) > 57)) {
    const value = Number(cell);
    return Number.isNaN(value) ? undefined : value;
  }
  if (NUMBER.test(cell)) return Number(cell);
  if (INFINITE.test(cell)) return first === 45 ? -Infinity : Infinity;
  return undefined;
}

/** An integer beyond this many digits is no number in any table; BigInt would take time square in its length (CWE-400). */
const MAX_INTEGER_DIGITS = 400;

/** The integer that a cell spells, a bigint where it is beyond 2^53, or undefined: `7`, `+7`, ` 007 `, not `7.0`. */
export function parseInteger(cell: string): number | bigint | undefined {
  if (cell.length > MAX_INTEGER_DIGITS || !INTEGER.test(cell)) return undefined;
  const value = Number(cell);
  if (Number.isSafeInteger(value)) return value;
  const digits = cell.trim();
  // BigInt knows no plus sign.
  return BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
}

export function parseBoolean(cell: string): boolean | undefined {
  if (cell.length === 4) return cell.toLowerCase() === 'true' ? true : undefined;
  if (cell.length === 5) return cell.toLowerCase() === 'false' ? false : undefined;
  return undefined;
}

/** How a format's cells are to be read: as text that spells values (CSV), or as values (JSON, Parquet, …). */
export interface CellReader {
  /** Whether every cell is text, so that a column of numbers and words is a column of text. */
  readonly spelled: boolean;
  readonly isMissing: (cell: unknown) => boolean;
  /** The cell as a number (nearest float64 of an integer too big), or undefined if it is none. */
  readonly number: (cell: unknown) => number | undefined;
  /** The cell as an integer where it is written as one; a bigint beyond 2^53. */
  readonly integer: (cell: unknown) => number | bigint | undefined;
  readonly boolean: (cell: unknown) => boolean | undefined;
  readonly text: (cell: unknown) => string | undefined;
  /** What a cell is when nothing is known about its column. */
  readonly kind: (cell: unknown) => CellKind;
}

export type CellKind = 'missing' | 'number' | 'boolean' | 'text' | 'nested';

export const textCells: CellReader = {
  spelled: true,
  isMissing: (cell) => isMissingText(cell as string),
  number: (cell) => parseNumber(cell as string),
  integer: (cell) => parseInteger(cell as string),
  boolean: (cell) => parseBoolean(cell as string),
  text: (cell) => cell as string,
  kind(cell) {
    const text = cell as string;
    if (parseNumber(text) !== undefined) return 'number';
    if (isMissingText(text)) return 'missing';
    return parseBoolean(text) === undefined ? 'text' : 'boolean';
  },
};

export const valueCells: CellReader = {
  spelled: false,
  // NaN is pandas' own mark of a missing value.
  isMissing: (cell) => cell === null || cell === undefined || cell !== cell,
  number(cell) {
    if (typeof cell === 'number') return cell;
    if (typeof cell === 'bigint') return Number(cell);
    // Numbers written as text are common in JSON.
    return typeof cell === 'string' ? parseNumber(cell) : undefined;
  },
  integer(cell) {
    if (typeof cell === 'bigint') return cell;
    return typeof cell === 'number' && Number.isSafeInteger(cell) ? cell : undefined;
  },
  boolean: (cell) => (typeof cell === 'boolean' ? cell : undefined),
  text: (cell) => (typeof cell === 'string' ? cell : undefined),
  kind(cell) {
    if (cell === null || cell === undefined || cell !== cell) return 'missing';
    if (typeof cell === 'number' || typeof cell === 'bigint') return 'number';
    if (typeof cell === 'boolean') return 'boolean';
    return typeof cell === 'string' ? 'text' : 'nested';
  },
};
