import { BrineError } from '@brine/core';
import type { ColumnType, ColumnValues } from './batch.js';
import { isMissingText, type CellReader } from './cells.js';

/**
 * What the caller needs of a column. `as-is` hands cells on as the file has them (CSV text stays text);
 * `auto` decides as pandas would.
 */
export type WantedType = 'number' | 'string' | 'bool' | 'as-is' | 'auto';

/** Where a block of cells lies in its file, for messages. */
export interface CellPlace {
  /** The first cell's row, counted from 0. */
  readonly firstRow: number;
  /** The line of the i-th cell, counted from 1, in formats that have lines. */
  readonly line?: (i: number) => number;
}

const INT64_MIN = -(2n ** 63n);
const INT64_END = 2n ** 63n;
const UINT64_END = 2n ** 64n;

/**
 * Turns a column's cells into values of one type, block after block. Once decided the type stays, with one
 * widening: an inferred integer column becomes float64 when a fraction or a missing value turns up, as in
 * pandas. A cell that contradicts the type throws BAD_INPUT naming its row and column.
 */
export class TypedColumn {
  readonly name: string;
  readonly #cells: CellReader;
  readonly #file: string;
  readonly #inferred: boolean;
  #type: ColumnType | undefined;
  /** A column of numbers may be all True and False instead (1 and 0); not a mixture. */
  #sawNumber = false;
  #sawBoolean = false;

  /** `declared` is what the file itself says of the column, where it does. */
  constructor(name: string, wanted: WantedType, cells: CellReader, file: string, declared?: ColumnType) {
    this.name = name;
    this.#cells = cells;
    this.#file = file;
    this.#inferred = wanted === 'auto' && declared === undefined;
    if (declared !== undefined) checkDeclared(name, wanted, declared, file);
    if (wanted === 'as-is') this.#type = 'any';
    else if (wanted === 'number') this.#type = declared === 'float32' ? 'float32' : 'float64';
    else if (wanted === 'auto') this.#type = declared;
    else this.#type = wanted;
  }

  /** A column that has held nothing but missing cells so far is float64, as in pandas. */
  get type(): ColumnType {
    return this.#type ?? 'float64';
  }

  get undecided(): boolean {
    return this.#type === undefined;
  }

  /** Decides the type from all cells known so far; leaves it open if every one of them is missing. */
  infer(blocks: readonly ArrayLike<unknown>[]): void {
    const { kind, integer } = this.#cells;
    let numbers = false;
    let booleans = false;
    let missing = false;
    let text = false;
    let nested = false;
    let integers = true;
    let low = 0n;
    let high = 0n;
    for (const cells of blocks) {
      for (let i = 0; i < cells.length; i++) {
        const cell = cells[i];
        switch (kind(cell)) {
          case 'missing':
            missing = true;
            break;
          case 'boolean':
            booleans = true;
            break;
          case 'text':
            text = true;
            break;
          case 'nested':
            nested = true;
            break;
          case 'number': {
            numbers = true;
            const value = integers ? integer(cell) : undefined;
            if (value === undefined) integers = false;
            else if (typeof value === 'bigint') {
              if (value < low) low = value;
              if (value > high) high = value;
            }
          }
        }
      }
    }
    const mixed = Number(numbers) + Number(booleans) + Number(text) > 1;
    if (nested) this.#type = 'nested';
    // What is written as text is then text throughout; values of several kinds stay apart.
    else if (mixed) this.#type = this.#cells.spelled ? 'string' : 'any';
    else if (text) this.#type = 'string';
    else if (booleans) this.#type = 'bool';
    else if (numbers) {
      if (!integers || missing) this.#type = 'float64';
      else if (low >= INT64_MIN && high < INT64_END) this.#type = 'int64';
      else this.#type = low >= 0n && high < UINT64_END ? 'uint64' : 'float64';
    }
  }

  convert(cells: ArrayLike<unknown>, place: CellPlace): ColumnValues {
    if (this.#type === undefined) this.infer([cells]);
    switch (this.type) {
      case 'float64':
        return cells instanceof Float64Array ? cells : this.#numbers(cells, place, new Float64Array(cells.length));
      case 'float32':
        return cells instanceof Float32Array ? cells : this.#numbers(cells, place, new Float32Array(cells.length));
      case 'int64':
      case 'uint64':
        return this.#integers(cells, place);
      case 'bool':
        return this.#each(cells, place, this.#cells.boolean, 'neither True nor False');
      case 'string':
        return this.#each(cells, place, this.#cells.text, 'not text');
      case 'datetime':
      case 'nested':
      case 'any':
        return this.#asGiven(cells);
    }
  }

  #numbers<T extends Float64Array | Float32Array>(cells: ArrayLike<unknown>, place: CellPlace, out: T): T {
    const { number, isMissing, boolean } = this.#cells;
    for (let i = 0; i < out.length; i++) {
      const cell = cells[i];
      const value = number(cell);
      if (value !== undefined) {
        if (this.#sawBoolean && !isMissing(cell)) throw this.#misfit(cell, i, place, 'neither True nor False');
        if (value === value) this.#sawNumber = true;
        out[i] = value;
      } else if (isMissing(cell)) {
        out[i] = NaN;
      } else {
        const truth = boolean(cell);
        if (truth === undefined || this.#sawNumber) throw this.#misfit(cell, i, place, 'not a number');
        this.#sawBoolean = true;
        out[i] = truth ? 1 : 0;
      }
    }
    return out;
  }

  #integers(cells: ArrayLike<unknown>, place: CellPlace): ColumnValues {
    if (cells instanceof BigInt64Array || cells instanceof BigUint64Array) return narrowed(cells);
    const { integer } = this.#cells;
    const out = new Float64Array(cells.length);
    let big = false;
    for (let i = 0; i < out.length; i++) {
      const value = integer(cells[i]);
      if (value === undefined) {
        // A fraction or a missing value: from here on the column is float64; anything else fails there.
        this.#type = 'float64';
        return this.convert(cells, place);
      }
      if (typeof value === 'bigint') big = true;
      else out[i] = value;
    }
    if (!big) return out;
    const exact = Array.from(cells, (cell) => BigInt(integer(cell)!));
    if (exact.every((v) => v >= INT64_MIN && v < INT64_END)) return BigInt64Array.from(exact);
    if (exact.every((v) => v >= 0n && v < UINT64_END)) return BigUint64Array.from(exact);
    this.#type = 'float64';
    return this.convert(cells, place);
  }

  #each<T>(
    cells: ArrayLike<unknown>,
    place: CellPlace,
    read: (cell: unknown) => T | undefined,
    problem: string,
  ): (T | null)[] {
    const { isMissing } = this.#cells;
    const out = new Array<T | null>(cells.length);
    for (let i = 0; i < out.length; i++) {
      const cell = cells[i];
      if (isMissing(cell)) {
        out[i] = null;
        continue;
      }
      const value = read(cell);
      if (value === undefined) throw this.#misfit(cell, i, place, problem);
      out[i] = value;
    }
    return out;
  }

  #asGiven(cells: ArrayLike<unknown>): ColumnValues {
    if (cells instanceof Float64Array || cells instanceof Float32Array) return cells;
    if (cells instanceof BigInt64Array || cells instanceof BigUint64Array) return cells;
    return Array.from(cells, (cell) => (cell === undefined || cell !== cell ? null : cell));
  }

  #misfit(cell: unknown, i: number, place: CellPlace, problem: string): BrineError {
    const line = place.line === undefined ? '' : ` (line ${place.line(i)})`;
    const before = this.#inferred && place.firstRow + i > 0 ? `, as the rows before are ${plural[this.type]}` : '';
    return new BrineError(
      'BAD_INPUT',
      `row ${place.firstRow + i + 1}${line}, column ${quote(this.name)}: ${show(cell)} is ${problem}${before}${hint(cell)}`,
      { file: this.#file },
    );
  }
}

const plural: Record<ColumnType, string> = {
  float64: 'numbers',
  float32: 'numbers',
  int64: 'numbers',
  uint64: 'numbers',
  bool: 'booleans',
  string: 'text',
  datetime: 'dates',
  nested: 'lists or records',
  any: 'mixed',
};

const accepts: Record<Exclude<WantedType, 'auto' | 'as-is'>, { types: readonly ColumnType[]; noun: string }> = {
  number: { types: ['float64', 'float32', 'int64', 'uint64', 'bool'], noun: 'numbers' },
  string: { types: ['string'], noun: 'text' },
  bool: { types: ['bool'], noun: 'True or False' },
};

function checkDeclared(name: string, wanted: WantedType, declared: ColumnType, file: string): void {
  if (wanted === 'auto' || wanted === 'as-is' || declared === 'any') return;
  const { types, noun } = accepts[wanted];
  if (types.includes(declared)) return;
  throw new BrineError(
    'BAD_INPUT',
    `column ${quote(name)} holds ${plural[declared]} (${declared}), where ${noun} are needed`,
    { file },
  );
}

/** 64-bit integers as Float64Array where that loses nothing. */
function narrowed(cells: BigInt64Array | BigUint64Array): ColumnValues {
  const out = new Float64Array(cells.length);
  for (let i = 0; i < cells.length; i++) {
    out[i] = Number(cells[i]);
    if (!Number.isSafeInteger(out[i])) return cells;
  }
  return out;
}

const LONGEST_SHOWN = 40;

function show(cell: unknown): string {
  if (typeof cell === 'string') return quote(cell);
  if (typeof cell === 'object' && cell !== null) return Array.isArray(cell) ? 'a list' : 'a record';
  return String(cell);
}

/** Text in quotes, shortened, with control characters escaped so that a file cannot write to the terminal (CWE-150). */
export function quote(text: string): string {
  const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return JSON.stringify(short).replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function hint(cell: unknown): string {
  if (typeof cell !== 'string') return '';
  if (/^\s*[+-]?\d+,\d+\s*$/.test(cell)) return '; numbers take a decimal point, not a comma';
  if (/^\s*(?:\?|-+|\.|\*|missing|unknown)\s*$/i.test(cell) || isMissingText(cell.trim()))
    return '; a missing value is an empty cell, NA or NaN';
  return '';
}
