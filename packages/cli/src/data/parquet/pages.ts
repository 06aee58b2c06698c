import { BrineError } from '@brine/core';
import type { ParquetType } from 'hyparquet';
import { checkStruct } from './compact.js';
import type { Room } from './room.js';
import { checkPlain, checkRuns, checkSizedRuns, checkValues } from './values.js';

/** A page that says it is bigger is not read (CWE-409); pages are 1 MiB by habit. */
const MAX_PAGE_BYTES = 512 * 2 ** 20;

const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const DATA_PAGE_V2 = 3;
/** Encodings of a dictionary's values: PLAIN, and an old name for it. */
const PLAIN = new Set<unknown>([0, 2]);

/** What the footer says of a column's values. */
export interface ColumnShape {
  readonly type: ParquetType;
  readonly typeLength: number | undefined;
  /** Whether values may be missing. */
  readonly optional: boolean;
  /** Whether each value becomes an object or text, which takes more than its bytes. */
  readonly converted: boolean;
}

/** A page header's numbers by field, as parquet.thrift numbers them. */
class Header {
  readonly #scalars = new Map<string, number | boolean>();
  readonly end: number;

  constructor(chunk: Uint8Array, at: number) {
    this.end = checkStruct(chunk, at, this.#scalars);
  }

  get(field: string): number | boolean | undefined {
    return this.#scalars.get(field);
  }

  /** A count or a size. */
  count(field: string, what: string): number {
    const value = this.#scalars.get(field);
    if (typeof value !== 'number' || value < 0) throw new Error(`a page whose ${what} is ${value ?? 'not given'}`);
    return value;
  }
}

/** What a value becomes as an object or text, beyond its bytes in the page. */
const CONVERTED_BYTES = 16;

/**
 * Checks every page of a column chunk as hyparquet will read it, and decompresses those that need it.
 *
 * @param rows what the row group has
 * @returns decompressed pages by where their compressed bytes begin in the chunk
 * @throws CORRUPT, UNSUPPORTED or LIMIT with the page's offset
 */
export function checkPages(
  chunk: Uint8Array,
  shape: ColumnShape,
  rows: number,
  decode: (input: Uint8Array, length: number) => Uint8Array,
  room: Room,
  place: { readonly file: string; readonly offset: number; readonly column: string },
): ReadonlyMap<number, Uint8Array> {
  const pages = new Map<number, Uint8Array>();
  let dictionary: number | undefined;
  let seen = 0;
  let at = 0;
  const expand = (start: number, end: number, length: number): Uint8Array => {
    const page = decode(chunk.subarray(start, end), length);
    if (page.length !== length) throw new Error(`a page of ${page.length} bytes that announces ${length}`);
    pages.set(start, page);
    return page;
  };

  /** Answers where the page ends. */
  const checkPage = (): number => {
    const header = new Header(chunk, at);
    const start = header.end;
    const length = header.count('2', 'length');
    const compressed = header.count('3', 'compressed length');
    if (compressed > chunk.length - start) {
      throw new Error(`a page of ${compressed} bytes where the column has ${chunk.length - start} left`);
    }
    if (length > MAX_PAGE_BYTES) {
      throw new BrineError('LIMIT', `a page of ${length} bytes is more than ${MAX_PAGE_BYTES} (MAX_PAGE_BYTES)`);
    }
    const end = start + compressed;
    const kind = header.get('1');
    const { type, typeLength, optional, converted } = shape;
    const spend = (bytes: number): void => {
      room.spend(0, bytes);
    };
    const count = (field: string): number => {
      const values = header.count(field, 'number of values');
      // The cells of data pages were counted with their row group.
      room.spend(
        kind === DICTIONARY_PAGE ? values : 0,
        length + (converted && kind === DICTIONARY_PAGE ? CONVERTED_BYTES * values : 0),
      );
      return values;
    };
    /** A data page's values: `present` of them, from `from` in `bytes`. */
    const values = (version: 1 | 2, bytes: Uint8Array, from: number, present: number, encoding: number): void => {
      if (converted && encoding === 0) spend(CONVERTED_BYTES * present);
      checkValues(encoding, { bytes, at: from, count: present, type, typeLength, dictionary, version, spend });
    };
    const rowsLeft = (all: number): void => {
      if (all > rows - seen) throw new Error(`a page of ${all} values where ${rows - seen} rows are left`);
      seen += all;
    };
    if (kind === DICTIONARY_PAGE) {
      if (dictionary !== undefined) throw new Error('a second dictionary');
      if (!PLAIN.has(header.get('7.2'))) throw new Error('the encoding of a dictionary is unsupported');
      dictionary = count('7.1');
      checkPlain(expand(start, end, length), 0, dictionary, type, typeLength);
    } else if (kind === DATA_PAGE) {
      const all = count('5.1');
      rowsLeft(all);
      const page = expand(start, end, length);
      const levels = optional ? checkSizedRuns(page, 0, 1, all) : { ones: all, at: 0 };
      values(1, page, levels.at, levels.ones, header.count('5.2', 'encoding'));
    } else if (kind === DATA_PAGE_V2) {
      const all = count('8.1');
      rowsLeft(all);
      const missing = header.count('8.2', 'number of missing values');
      const levels = header.count('8.5', 'length of levels');
      const repeats = header.count('8.6', 'length of repetition levels');
      if (repeats !== 0 || levels > compressed || levels > length || (!optional && levels !== 0) || missing > all) {
        throw new Error(`${levels} and ${repeats} bytes of levels, ${missing} missing values of ${all}`);
      }
      if (header.count('8.3', 'number of rows') !== all) throw new Error('a page whose rows are not its values');
      const present = optional ? checkRuns(chunk.subarray(start, start + levels), 0, levels, 1, all).ones : all;
      if (present !== all - missing) throw new Error(`${all - present} missing values where ${missing} are announced`);
      const from = start + levels;
      const packed = header.get('8.7') !== false;
      const page = packed ? expand(from, end, length - levels) : chunk.subarray(from, end);
      values(2, page, 0, present, header.count('8.4', 'encoding'));
    } else {
      throw new Error(`a page of kind ${kind} is unsupported`);
    }
    return end;
  };

  const fail = (code: 'CORRUPT' | 'UNSUPPORTED' | 'LIMIT', why: string, cause: unknown): never => {
    const message = `the Parquet data of column ${place.column} cannot be read: ${why}`;
    throw new BrineError(code, message, { file: place.file, offset: place.offset + at }, { cause });
  };
  while (seen < rows && at < chunk.length - 1) {
    try {
      at = checkPage();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof BrineError && error.code === 'LIMIT') fail('LIMIT', why, error);
      fail(/unsupported/.test(why) ? 'UNSUPPORTED' : 'CORRUPT', why, error);
    }
  }
  if (seen !== rows) fail('CORRUPT', `${seen} values in a row group of ${rows} rows`, undefined);
  return pages;
}
