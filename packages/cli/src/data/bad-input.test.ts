import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { BrineError } from '@brine/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BatchOptions, openTable, readTable, toTableInput } from './index.js';
import type { OpenOptions } from './open.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brine-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Reads a file to its end; the error's code and message, with the file's name as `FILE`. */
async function fails(
  name: string,
  content: string | Uint8Array,
  options: OpenOptions & BatchOptions = {},
): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, content);
  try {
    for await (const batch of readTable(path, options)) expect(batch.length).toBeGreaterThan(0);
  } catch (error) {
    if (!(error instanceof BrineError)) throw error;
    return `${error.code}: ${error.message.replaceAll(path, 'FILE')}`;
  }
  return 'no error';
}

/** fixtures/tables: by pandas and pyarrow (oracle/make_tables.py). */
const fixtures = fileURLToPath(new URL('../../../../fixtures/tables/', import.meta.url));

describe('Parquet and Arrow files with nothing to work on', () => {
  it.each([
    ['no-rows.parquet', 'BAD_INPUT: the table names 1 columns, but has no rows: there is nothing to work on'],
    ['no-rows.feather', 'BAD_INPUT: the table names 1 columns, but has no rows: there is nothing to work on'],
    ['no-columns.parquet', 'BAD_INPUT: the table has no columns: there is nothing to work on'],
    ['no-columns.feather', 'BAD_INPUT: the table has no columns: there is nothing to work on'],
    ['nested.parquet', 'UNSUPPORTED: column "list" holds lists, records or raw bytes, which are no cells of a table'],
    ['bomb.parquet', 'LIMIT: the row groups expand to more than 8388608 cells (FREE_CELLS)'],
  ])('%s', async (name, message) => {
    expect(await fails(name, readFileSync(fixtures + name))).toContain(message);
  });

  it('reads the flat columns beside a nested one', async () => {
    for await (const batch of readTable(`${fixtures}nested.parquet`, number('a'))) {
      expect([...batch.columns[0]]).toEqual([1, 2]);
    }
  });
});

const number = (name: string): BatchOptions => ({ columns: [{ name, type: 'number' }] });

describe('cells that do not fit', () => {
  it.each([
    ['age,b\n1,x\nabc,y\n', 'age', 'row 2 (line 3), column "age": "abc" is not a number'],
    ['age,b\n1,x\n\n\n"a\nb",y\n', 'age', 'row 2 (line 5), column "age": "a\\nb" is not a number'],
    [
      'b,age\n"two\nlines",1\n"x",1\n\ny,?\n',
      'age',
      'row 3 (line 6), column "age": "?" is not a number; a missing value is an empty cell, NA or NaN',
    ],
    [
      'a;age\n1;1,5\n',
      'age',
      'row 1 (line 2), column "age": "1,5" is not a number; numbers take a decimal point, not a comma',
    ],
    ['age,b\nTrue,1\n1,2\n', 'age', 'row 2 (line 3), column "age": "1" is neither True nor False'],
    ['age,b\n1,1\nTrue,2\n', 'age', 'row 2 (line 3), column "age": "True" is not a number'],
    [`age,b\n${'9x'.repeat(40)},1\n`, 'age', `row 1 (line 2), column "age": "${'9x'.repeat(20)}…" is not a number`],
    ['age,b\n\u001b[31m,1\n', 'age', 'row 1 (line 2), column "age": "\\u001b[31m" is not a number'],
  ])('%j: names row, line, column and cell', async (text, column, message) => {
    expect(await fails('cells.csv', text, number(column))).toBe(`BAD_INPUT: ${message} (in FILE)`);
  });

  it('takes True and False for 1 and 0 in a column of nothing else', async () => {
    writeFileSync(join(folder, 'flags.csv'), 'a,b\nTrue,1\n,1\nFALSE,1\n');
    for await (const batch of readTable(join(folder, 'flags.csv'), number('a'))) {
      expect(batch.columns).toEqual([Float64Array.of(1, NaN, 0)]);
    }
  });

  it('keeps text as it is written where the caller wants it so', async () => {
    writeFileSync(join(folder, 'as-is.csv'), 'id,s,n\n007,1,x\nNA,NA,NA\n');
    const columns = [
      { name: 's', type: 'string' },
      { name: 'id', type: 'as-is' },
    ] as const;
    for await (const batch of readTable(join(folder, 'as-is.csv'), { columns })) {
      expect(batch.columns).toEqual([
        ['1', null],
        ['007', 'NA'],
      ]);
      expect(toTableInput(batch)).toEqual({
        columns: { s: ['1', null], id: ['007', 'NA'] },
        dtypes: { s: 'str', id: 'object' },
      });
    }
  });

  it('does not change its mind about a column far into a file', async () => {
    const rows = (n: number, last: string): string => `a\n${'1\n'.repeat(n)}${last}\n`;
    // What is held for the decision is read as pandas does …
    writeFileSync(join(folder, 'far.csv'), rows(100, 'x'));
    for await (const batch of readTable(join(folder, 'far.csv'), { size: 10 })) expect(batch.types).toEqual(['string']);
    // … and a fraction later widens, but text is an error.
    writeFileSync(join(folder, 'far.csv'), rows(200_000, '1.5'));
    const types = new Set<string>();
    for await (const batch of readTable(join(folder, 'far.csv'), { size: 5000 })) types.add(batch.types[0]);
    expect([...types]).toEqual(['int64', 'float64']);
    expect(await fails('far.csv', rows(200_000, 'x'))).toBe(
      'BAD_INPUT: row 200001 (line 200002), column "a": "x" is not a number, as the rows before are numbers (in FILE)',
    );
  });

  it('names what JSON and Parquet hold in place of what is needed', async () => {
    expect(await fails('a.json', '[{"a": 1}, {"a": [2]}]', number('a'))).toBe(
      'BAD_INPUT: row 2, column "a": a list is not a number (in FILE)',
    );
    expect(await fails('a.jsonl', '{"a": 1}\n\n{"a": "x"}\n', number('a'))).toBe(
      'BAD_INPUT: row 2 (line 3), column "a": "x" is not a number (in FILE)',
    );
    expect(await fails('a.json', '[{"a": 1}]', { columns: [{ name: 'a', type: 'string' }] })).toBe(
      'BAD_INPUT: row 1, column "a": 1 is not text (in FILE)',
    );
  });
});

describe('tables that are not right', () => {
  it.each([
    ['a,b\n1,2\n3\n', 'row 2 (line 3) has 1 cell, but the header names 2'],
    [
      'a,b\n1,2\n\n3,4,5\n',
      'row 2 (line 4) has 3 cells, but the header names 2; a cell that holds a "," belongs in quotes, a column of row names needs a name',
    ],
    ['a,b\n1,2,\n', 'row 1 (line 2) has 3 cells, but the header names 2; the line ends with a "," too many'],
    [
      '1,2\n3,4,5,6\n',
      'row 2 (line 2) has 4 cells, but the first row has 2; a cell that holds a "," belongs in quotes',
    ],
    ['a,b\n1,"2\n', 'the quote opened in the record of line 2 is never closed'],
    ['a,b\n1,"2"3\n', 'line 2: a quoted cell goes on after its closing quote'],
    ['a,b\n', 'the table names 2 columns, but has no rows: there is nothing to work on'],
    ['a,b,a\n1,2,3\n', 'columns 1 and 3 are both called "a"; rename one'],
  ])('%j', async (text, message) => {
    expect(await fails('wrong.csv', text)).toBe(`BAD_INPUT: ${message} (in FILE)`);
  });

  it.each([
    ['[{"a": 1, "b": 2}, {"a": 1, "B": 2}]', 'row 2 has no "b" (did you mean "B"?); a missing value is written null'],
    ['[{"a": 1}, {"a": 1, "b": 2}]', 'row 2 has "b", which the first row has not'],
    ['[[1, 2], [3]]', 'row 2 has 1 values, but the first row has 2'],
    ['[[1, 2], 3]', 'row 2 is no list, but the first row is one'],
    ['["x", {"a": 1}]', 'row 2 is a record, but the first row is a single value'],
    ['{"a": [1, 2], "b": [1]}', 'column "b" has 1 values, but "a" has 2'],
    ['{"columns": ["a", "a"], "data": [[1, 2]]}', 'columns 1 and 2 are both called "a"; rename one'],
    ['[]', 'the table has no rows: there is nothing to work on'],
    [
      '{"a": [1], "b": 2}',
      'the JSON is no table; tables look like [{"a": 1}, …], [[1, 2], …], {"a": [1, 2, …]} or what pandas’ to_json writes',
    ],
  ])('%s', async (text, message) => {
    expect(await fails('wrong.json', text)).toBe(`BAD_INPUT: ${message} (in FILE)`);
  });

  it('says which line of JSON Lines is none', async () => {
    expect(await fails('wrong.jsonl', '{"a": 1}\n{"a": \n')).toMatch(
      /^BAD_INPUT: line 2: this is not JSON: .* \(in FILE\)$/,
    );
  });

  it('asks for a column that is there', async () => {
    expect(await fails('names.csv', 'age,Income\n1,2\n', number('income'))).toBe(
      'BAD_INPUT: there is no column "income" (did you mean "Income"?) (in FILE)',
    );
  });

  it('reads a doubled name where the model was trained on one', async () => {
    writeFileSync(join(folder, 'twice.csv'), 'a,a\n1,2\n');
    const table = await openTable(join(folder, 'twice.csv'), { expectedNames: ['a', 'a.1'] });
    expect(table.columns.map((c) => c.name)).toEqual(['a', 'a.1']);
    await table.close();
  });
});

describe('files that are no table', () => {
  it.each([
    ['empty.csv', '', 'EMPTY: the file is empty'],
    ['blank.csv', '\n\n  \n', 'EMPTY: the file has nothing but blank lines'],
    [
      'page.csv',
      '<!DOCTYPE html>\n<html>',
      'UNKNOWN_FORMAT: this is a web page or XML, not a table (a login page saved as the data?)',
    ],
    [
      'lfs.csv',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\n',
      'UNKNOWN_FORMAT: this is a git-LFS pointer; run `git lfs pull` to get the data',
    ],
    [
      'latin.csv',
      Buffer.from('name,n\nJosé,1\n', 'latin1'),
      'BAD_INPUT: the text is not UTF-8: byte 0xe9 is out of place; save the file as UTF-8, or name its encoding (windows-1252 is common) (at byte 10,',
    ],
    [
      'model.csv',
      Uint8Array.of(0x80, 4, 0x95, 0, 0, 0),
      'UNKNOWN_FORMAT: this is a pickle, not a table; models come first on the command line, then the data',
    ],
    [
      'noise.csv',
      Uint8Array.of(1, 2, 3, 4),
      'UNKNOWN_FORMAT: the content is neither text nor a table format that brine knows (CSV, TSV, JSON, JSON Lines, Parquet, Arrow, NPY, NPZ)',
    ],
    ['cut.csv.gz', gzipSync('a,b\n1,2\n').subarray(0, 20), 'TRUNCATED: the gzip data ends too early'],
    [
      'workbook.xls',
      Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1),
      'UNKNOWN_FORMAT: this is an old Excel workbook or another OLE file; save the sheet as CSV',
    ],
  ])('%s', async (name, content, message) => {
    expect(await fails(name, content)).toBe(message.endsWith(',') ? `${message} in FILE)` : `${message} (in FILE)`);
  });

  it('names what cannot be opened', async () => {
    await expect(openTable(join(folder, 'nothing.csv'))).rejects.toThrow('there is no such file');
    await expect(openTable(folder)).rejects.toThrow('a folder cannot be read as a table');
    expect(await fails('x.csv', 'a\n1\n', { encoding: 'utf-7' })).toContain(
      'BAD_ARGUMENT: no encoding is called "utf-7"',
    );
    expect(await fails('x.csv', 'a\n1\n', { size: 0 })).toContain('BAD_ARGUMENT: a batch of 0 rows is not possible');
  });

  it('reads what a file is, not what it is called, and says so', async () => {
    writeFileSync(join(folder, 'lies.csv'), '{"a": 1}\n{"a": 2}\n');
    const table = await openTable(join(folder, 'lies.csv'));
    expect(table.format).toBe('jsonl');
    expect(table.notes).toEqual([`${join(folder, 'lies.csv')} is JSON Lines, whatever its name says; read as that`]);
    await table.close();
  });

  it('asks which array of several', async () => {
    const two = new URL('../../../../fixtures/tables/two.npz', import.meta.url);
    await expect(openTable(two.pathname)).rejects.toThrow('the file holds 2 arrays, "X", "y"; say which one to read');
    await expect(openTable(two.pathname, { array: 'x' })).rejects.toThrow('there is no array "x" (did you mean "X"?)');
    await expect(openTable(two.pathname.replace('two.npz', 'cube.npy'))).rejects.toThrow('the shape (2, 2, 2)');
    await expect(openTable(two.pathname.replace('two.npz', 'objects.npy'))).rejects.toThrow(BrineError);
  });
});

describe('headers and delimiters', () => {
  async function opened(text: string, options: OpenOptions = {}): Promise<{ names: string[]; named: boolean }> {
    writeFileSync(join(folder, 'h.csv'), text);
    const table = await openTable(join(folder, 'h.csv'), options);
    await table.close();
    return { names: table.columns.map((c) => c.name), named: table.named };
  }

  it.each<[string, string, OpenOptions, string[], boolean]>([
    ['words', 'a,b\nc,d\n', {}, ['a', 'b'], true],
    ['numbers', '1.5,x\n2.5,y\n', {}, ['0', '1'], false],
    ['pandas’ own counting', ',0,1\n0,5,6\n', {}, ['Unnamed: 0', '0', '1'], true],
    ['names that the model knows', '2019,2020\n1,2\n', { expectedNames: ['2019', '2020'] }, ['2019', '2020'], true],
    ['the caller', 'a,b\nc,d\n', { header: false }, ['0', '1'], false],
    ['the caller, too', '1,2\n3,4\n', { header: true }, ['1', '2'], true],
    ['prose with commas, unquoted, under one name', 'text\nhello\n', {}, ['text'], true],
    ['decimal commas', 'a;b\n1,5;2\n', {}, ['a', 'b'], true],
    ['tabs in a file called csv', 'a\tb,c\n1\t2,3\n', {}, ['a', 'b,c'], true],
    ['a delimiter within quotes', '"a;b","c"\n"1;2","3"\n', {}, ['a;b', 'c'], true],
    ['the caller’s delimiter', 'a:b\n1:2\n', { delimiter: ':' }, ['a', 'b'], true],
  ])('tells by %s', async (_, text, options, names, named) => {
    expect(await opened(text, options)).toEqual({ names, named });
  });
});
