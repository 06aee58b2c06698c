import { BrineError } from '@brine/core';
import { valueCells } from './cells.js';
import { quote } from './column.js';
import { cellOf, keyOf, parseJson } from './json-text.js';
import { checkNames } from './names.js';
import type { Block, BlockSource } from './table.js';
import { didYouMean } from '../terminal/suggest.js';

/** A JSON document is parsed whole, and a JavaScript string holds about 2^29 characters (CWE-770). */
export const MAX_JSON_CHARS = 2 ** 29 - 64;

/** Columns of one document. */
interface JsonTable {
  readonly names: string[];
  readonly named: boolean;
  readonly columns: unknown[][];
  readonly note?: string;
  /** Columns that are row labels. */
  readonly index?: ReadonlySet<string>;
}

/**
 * A table in one JSON document: an array of records, of rows or of values; `{name: [values]}`; the library's
 * `{columns: {name: [values]}}`; and pandas' orients `records`, `split`, `columns`, `index`, `table`, `values`.
 */
export async function openJson(
  text: AsyncIterable<string>,
  name: string,
  expectedNames: readonly string[] = [],
): Promise<BlockSource> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of text) {
    length += part.length;
    if (length > MAX_JSON_CHARS) {
      const message = `a JSON document is limited to ${MAX_JSON_CHARS} characters (MAX_JSON_CHARS); JSON Lines of any size are read`;
      throw new BrineError('LIMIT', message, { file: name });
    }
    parts.push(part);
  }
  const table = tableOf(parsed(parts.join(''), name), name, expectedNames);
  const rowCount = table.columns[0]?.length ?? 0;
  return {
    format: 'json',
    columns: table.names.map((column) => ({
      name: column,
      ...(table.index?.has(column) === true ? { index: true } : {}),
    })),
    named: table.named,
    notes: table.note === undefined ? [] : [table.note],
    rowCount,
    cells: valueCells,
    *blocks(select, size): Generator<Block, void> {
      for (let start = 0; start < rowCount; start += size) {
        const end = Math.min(start + size, rowCount);
        yield { columns: select.map((c) => table.columns[c].slice(start, end)), length: end - start };
      }
    },
  };
}

/** One JSON value a line: records, rows or single values. All must be like the first. */
export async function openJsonLines(text: AsyncIterable<string>, name: string): Promise<BlockSource> {
  const lines = textLines(text, name);
  const values = async function* (): AsyncGenerator<{ value: unknown; line: number }, void> {
    for await (const { text: line, number } of lines) {
      if (line.trim() !== '') yield { value: parsed(line, name, number), line: number };
    }
  };
  const rest = values();
  const first = await rest.next();
  if (first.done === true) throw new BrineError('EMPTY', 'the file has nothing but blank lines', { file: name });
  const shape = rowShape(first.value.value);
  return {
    format: 'jsonl',
    columns: shape.names.map((column) => ({ name: column })),
    named: shape.named,
    notes: [],
    cells: valueCells,
    async *blocks(select, size): AsyncGenerator<Block, void> {
      let rows: unknown[][] = [];
      let numbers: number[] = [];
      let firstRow = 0;
      const block = (): Block => {
        const at = numbers;
        const columns = select.map((c) => rows.map((row) => row[c]));
        const made = { columns, length: rows.length, line: (i: number) => at[i] };
        firstRow += rows.length;
        rows = [];
        numbers = [];
        return made;
      };
      for (
        let next: IteratorResult<{ value: unknown; line: number }, void> = first;
        next.done !== true;
        next = await rest.next()
      ) {
        const { value, line } = next.value;
        rows.push(shape.take(value, `row ${firstRow + rows.length + 1} (line ${line})`, name));
        numbers.push(line);
        if (rows.length >= size) yield block();
      }
      if (rows.length > 0) yield block();
    },
  };
}

function parsed(text: string, name: string, line?: number): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const where = line === undefined ? '' : `line ${line}: `;
    const why = error instanceof Error ? error.message.replace(/^JSON\.parse: /, '') : String(error);
    throw new BrineError(
      'BAD_INPUT',
      `${where}this is not JSON: ${quote(why).slice(1, -1)}`,
      { file: name },
      { cause: error },
    );
  }
}

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How a row is written, told from the first one. */
interface RowShape {
  readonly names: string[];
  readonly named: boolean;
  /** The row's cells in the order of `names`; throws BAD_INPUT where the row is not like the first. */
  take(value: unknown, place: string, file: string): unknown[];
}

function rowShape(first: unknown): RowShape {
  if (isObject(first)) {
    const keys = Object.keys(first);
    return { names: keys.map(keyOf), named: true, take: (value, place, file) => recordCells(value, keys, place, file) };
  }
  if (Array.isArray(first)) {
    const width = first.length;
    return {
      names: first.map((_, i) => String(i)),
      named: false,
      take(value, place, file) {
        if (!Array.isArray(value))
          throw new BrineError('BAD_INPUT', `${place} is no list, but the first row is one`, { file });
        if (value.length === width) return value.map(cellOf);
        throw new BrineError('BAD_INPUT', `${place} has ${value.length} values, but the first row has ${width}`, {
          file,
        });
      },
    };
  }
  return {
    names: ['0'],
    named: false,
    take(value, place, file) {
      if (typeof value !== 'object' || value === null) return [cellOf(value)];
      throw new BrineError(
        'BAD_INPUT',
        `${place} is a ${Array.isArray(value) ? 'list' : 'record'}, but the first row is a single value`,
        {
          file,
        },
      );
    },
  };
}

function recordCells(value: unknown, keys: readonly string[], place: string, file: string): unknown[] {
  if (!isObject(value)) throw new BrineError('BAD_INPUT', `${place} is no record, but the first row is one`, { file });
  const cells = keys.map((key) => {
    if (Object.hasOwn(value, key)) return cellOf(value[key]);
    const guess = didYouMean(keyOf(key), Object.keys(value).map(keyOf));
    throw new BrineError('BAD_INPUT', `${place} has no ${quote(keyOf(key))}${guess}; a missing value is written null`, {
      file,
    });
  });
  if (Object.keys(value).length > keys.length) {
    const known = new Set(keys);
    const extra = keyOf(Object.keys(value).find((key) => !known.has(key))!);
    throw new BrineError('BAD_INPUT', `${place} has ${quote(extra)}, which the first row has not`, { file });
  }
  return cells;
}

function tableOf(document: unknown, file: string, expected: readonly string[]): JsonTable {
  if (Array.isArray(document)) return rowsTable(document, file);
  if (!isObject(document)) throw notATable(file);
  const { columns, data } = document;
  if (Array.isArray(columns) && Array.isArray(data)) return splitTable(columns, data, file);
  if (Array.isArray(data) && isObject(document['schema'])) {
    const { primaryKey } = document['schema'];
    return { ...rowsTable(data, file), index: new Set(Array.isArray(primaryKey) ? primaryKey.map(String) : []) };
  }
  if (isObject(columns) && Object.values(columns).every(Array.isArray)) return columnsTable(columns, file);
  const values = Object.values(document);
  if (values.length === 0) throw notATable(file);
  if (values.every(Array.isArray)) return columnsTable(document, file);
  if (values.every(isObject)) return labelledTable(document, values, file, expected);
  // A single record.
  if (values.every((v) => typeof v !== 'object' || v === null)) return rowsTable([document], file);
  throw notATable(file);
}

function notATable(file: string): BrineError {
  const shapes = '[{"a": 1}, …], [[1, 2], …], {"a": [1, 2, …]} or what pandas’ to_json writes';
  return new BrineError('BAD_INPUT', `the JSON is no table; tables look like ${shapes}`, { file });
}

function rowsTable(rows: readonly unknown[], file: string): JsonTable {
  if (rows.length === 0) return { names: [], named: false, columns: [] };
  const shape = rowShape(rows[0]);
  const columns = shape.names.map(() => new Array<unknown>(rows.length));
  rows.forEach((row, r) => {
    shape.take(row, `row ${r + 1}`, file).forEach((cell, c) => (columns[c][r] = cell));
  });
  return { names: shape.names, named: shape.named, columns };
}

/** pandas' orient `split`. */
function splitTable(names: readonly unknown[], data: readonly unknown[], file: string): JsonTable {
  const columns = names.map(() => new Array<unknown>(data.length));
  data.forEach((row, r) => {
    const width = Array.isArray(row) ? row.length : 0;
    if (!Array.isArray(row) || width !== names.length) {
      throw new BrineError('BAD_INPUT', `row ${r + 1} has ${width} values, but there are ${names.length} columns`, {
        file,
      });
    }
    row.forEach((cell, c) => (columns[c][r] = cellOf(cell)));
  });
  const texts = names.map((n) => {
    const name = cellOf(n);
    return typeof name === 'string' ? name : JSON.stringify(n);
  });
  checkNames(texts, file);
  return { names: texts, named: true, columns };
}

function columnsTable(document: JsonObject, file: string): JsonTable {
  const keys = Object.keys(document);
  const columns = keys.map((key) => (document[key] as unknown[]).map(cellOf));
  const length = columns[0]?.length ?? 0;
  columns.forEach((column, i) => {
    if (column.length === length) return;
    const [first, other] = [quote(keyOf(keys[0])), quote(keyOf(keys[i]))];
    throw new BrineError('BAD_INPUT', `column ${other} has ${column.length} values, but ${first} has ${length}`, {
      file,
    });
  });
  return { names: keys.map(keyOf), named: true, columns };
}

/** pandas' orients `columns` (its default: column → row label → value) and `index` (row label → column → value). */
function labelledTable(
  document: JsonObject,
  inner: readonly JsonObject[],
  file: string,
  expected: readonly string[],
): JsonTable {
  const outerKeys = Object.keys(document);
  const innerKeys = Object.keys(inner[0]);
  const names = new Set(expected);
  const outer = outerKeys.map(keyOf);
  const byRow =
    names.size > 0
      ? !outer.some((key) => names.has(key)) && innerKeys.some((key) => names.has(keyOf(key)))
      : outer.every((key) => /^\d+$/.test(key)) && !innerKeys.every((key) => /^\d+$/.test(keyOf(key)));
  if (byRow) return { ...rowsTable(inner, file), note: 'the JSON was read as row label → column → value' };
  const columns = inner.map((column, i) => recordCells(column, innerKeys, `column ${quote(outer[i])}`, file));
  return { names: outer, named: true, columns };
}

/** Lines with their numbers, without their ends. */
async function* textLines(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<{ text: string; number: number }, void> {
  let open: string[] = [];
  let openLength = 0;
  let number = 0;
  for await (const chunk of text) {
    const lines = chunk.split('\n');
    openLength += lines[0].length;
    if (openLength > MAX_JSON_CHARS) {
      throw new BrineError('LIMIT', `line ${number + 1} is longer than ${MAX_JSON_CHARS} characters (MAX_JSON_CHARS)`, {
        file: name,
      });
    }
    open.push(lines[0]);
    if (lines.length === 1) continue;
    lines[0] = open.join('');
    const last = lines.pop()!;
    open = [last];
    openLength = last.length;
    for (const line of lines) yield { text: line, number: ++number };
  }
  const last = open.join('');
  if (last !== '') yield { text: last, number: ++number };
}
