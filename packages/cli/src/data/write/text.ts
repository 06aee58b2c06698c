import { BrineError } from '@brine/core';
import type { ColumnType, ColumnValues } from '../batch.js';
import { pythonFloat, shortestFloat32 } from './numbers.js';

/** Rows to write. A `Batch` is one; `types` tells int64 columns held as floats. */
export interface WriteBatch {
  readonly names: readonly string[];
  readonly columns: readonly (
    ColumnValues | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array
  )[];
  readonly types?: readonly ColumnType[];
  readonly length: number;
}

/** A format that is text, made piece by piece. */
export interface TextEncoding {
  /** The rows, with what goes before the first ones. */
  rows(batch: WriteBatch): string;
  /** What goes after the last. */
  end(): string;
}

/** How the numbers, booleans and missing values of a column are spelled. */
interface Spelling {
  readonly missing: string;
  readonly infinite: (value: number) => string;
  readonly boolean: (value: boolean) => string;
  readonly text: (value: string) => string;
}

type Cell = (i: number) => string;

function speller(values: WriteBatch['columns'][number], type: ColumnType | undefined, how: Spelling): Cell {
  const float = (value: number): string => {
    if (Number.isFinite(value)) return pythonFloat(value);
    return value !== value ? how.missing : how.infinite(value);
  };
  if (values instanceof Float32Array) return (i) => float(shortestFloat32(values[i]));
  if (values instanceof Float64Array && type !== 'int64' && type !== 'uint64') return (i) => float(values[i]);
  if (!Array.isArray(values)) return (i) => String((values as ArrayLike<number | bigint>)[i]);
  const any = values as readonly unknown[];
  return (i) => {
    const value = any[i];
    switch (typeof value) {
      case 'string':
        return how.text(value);
      case 'number':
        return Number.isSafeInteger(value) ? String(value) : float(value);
      case 'bigint':
        return String(value);
      case 'boolean':
        return how.boolean(value);
      default:
        return value === null || value === undefined ? how.missing : how.text(json(value));
    }
  };
}

/** A nested value (from Parquet or JSON) as JSON; integers of any size as they are. */
function json(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? '';
}

/**
 * CSV as pandas writes and reads it, with RFC 4180's quoting: a missing value is empty, booleans are True and
 * False, floats are Python's. Lines end in `\n`.
 */
export function csvEncoding(delimiter: ',' | '\t'): TextEncoding {
  const special = delimiter === ',' ? /[",\r\n]/ : /["\t\r\n]/;
  const quoted = (text: string): string => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const how: Spelling = {
    missing: '',
    infinite: (value) => (value > 0 ? 'inf' : '-inf'),
    boolean: (value) => (value ? 'True' : 'False'),
    text: quoted,
  };
  let names: readonly string[] | undefined;
  return {
    rows(batch) {
      const lines: string[] = [];
      if (names === undefined) lines.push(batch.names.map(quoted).join(delimiter) || '""');
      names = sameNames(names, batch.names);
      const cells = batch.columns.map((values, c) => speller(values, batch.types?.[c], how));
      // A blank line would be no row to whoever reads it.
      for (let i = 0; i < batch.length; i++) lines.push(cells.map((cell) => cell(i)).join(delimiter) || '""');
      return `${lines.join('\n')}\n`;
    },
    end: () => '',
  };
}

/** JSON has no infinity: this literal is valid, and JavaScript and Python read infinity from it. */
const JSON_INFINITY = '1e999';

/** Records, in one array or a line each. A missing value is null. */
export function jsonEncoding(lines: boolean): TextEncoding {
  const how: Spelling = {
    missing: 'null',
    infinite: (value) => (value > 0 ? JSON_INFINITY : `-${JSON_INFINITY}`),
    boolean: String,
    text: (value) => JSON.stringify(value),
  };
  let names: readonly string[] | undefined;
  return {
    rows(batch) {
      const start = lines ? '' : names === undefined ? '[\n' : ',\n';
      names = sameNames(names, batch.names);
      const keys = batch.names.map((name, c) => `${c === 0 ? '{' : ', '}${JSON.stringify(name)}: `);
      const cells = batch.columns.map((values, c) => nestedAsJson(speller(values, batch.types?.[c], how), values));
      const rows = Array.from(
        { length: batch.length },
        (_, i) => `${cells.map((cell, c) => keys[c] + cell(i)).join('')}}`,
      );
      return start + rows.join(lines ? '\n' : ',\n') + (lines ? '\n' : '');
    },
    end: () => (lines ? '' : names === undefined ? '[]\n' : '\n]\n'),
  };
}

/** Lists and records stay what they are in JSON. */
function nestedAsJson(cell: Cell, values: WriteBatch['columns'][number]): Cell {
  if (!Array.isArray(values)) return cell;
  return (i) => {
    const value: unknown = values[i];
    return typeof value === 'object' && value !== null ? json(value) : cell(i);
  };
}

export function sameNames(before: readonly string[] | undefined, names: readonly string[]): readonly string[] {
  if (before === undefined || (before.length === names.length && before.every((name, i) => name === names[i])))
    return names;
  throw new BrineError('BAD_ARGUMENT', 'the columns to write changed from one batch to the next');
}
