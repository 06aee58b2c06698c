import { describe, expect, it } from 'vitest';
import { type HaveColumns, matchColumns } from './match.js';

const table = (names: string[], more: Partial<HaveColumns> = {}): HaveColumns => ({
  name: 'data.csv',
  columns: names.map((name) => ({ name })),
  named: true,
  ...more,
});

describe('matching by name', () => {
  it('gives the model its own order', () => {
    expect(matchColumns(table(['b', 'id', 'a']), { names: ['a', 'b'] }, { keep: ['id'] })).toEqual({
      features: ['a', 'b'],
      names: ['a', 'b'],
      keep: ['id'],
      notes: [],
    });
  });

  it.each<[string[], string[], string]>([
    [
      ['age', 'Income'],
      ['age', 'income'],
      'the table lacks the column "income" (there is "Income", which differs in case)',
    ],
    [['age', 'incom'], ['age', 'income'], 'the table lacks the column "income" (there is "incom")'],
    [
      ['age', ' income'],
      ['age', 'income'],
      'the table lacks the column "income" (there is " income", which has spaces around it)',
    ],
    [['age', 'zip'], ['age', 'income'], 'the table lacks the column "income" (the table has "age", "zip")'],
    [['x'], ['age', 'income'], 'the table lacks the 2 columns "age" (the table has "x"), "income" (the table has "x")'],
    [['age', 'target'], ['age'], 'the model does not know the column "target"; leave it out or keep it aside'],
    [['age', 'x', 'y'], ['age'], 'the model does not know the 2 columns "x", "y"; leave them out or keep them aside'],
  ])('%j for %j', (have, names, message) => {
    expect(() => matchColumns(table(have), { names })).toThrow(`${message} (in data.csv)`);
  });

  it('leaves out what it is told to', () => {
    const have = table(['age', 'target', 'id']);
    expect(matchColumns(have, { names: ['age'] }, { drop: ['target'], keep: ['id'] }).features).toEqual(['age']);
    expect(matchColumns(have, { names: ['age'] }, { extra: 'ignore' }).notes).toEqual([
      'left out, for the model does not know the 2 columns "target", "id"',
    ]);
    expect(() => matchColumns(have, { names: ['age'] }, { keep: ['Id'] })).toThrow(
      'there is no column "Id" to keep (did you mean "id"?)',
    );
  });

  it('knows row labels', () => {
    expect(matchColumns(table(['Unnamed: 0', 'age']), { names: ['age'] }).features).toEqual(['age']);
    const stored = { name: 'd', named: true, columns: [{ name: 'age' }, { name: 'id', index: true }] };
    expect(matchColumns(stored, { names: ['age'] }).features).toEqual(['age']);
    expect(matchColumns(stored, { names: ['id'] }, { drop: ['age'] }).features).toEqual(['id']);
  });
});

describe('matching by position', () => {
  it('takes what is there', () => {
    expect(matchColumns(table(['0', '1'], { named: false }), { names: ['a', 'b'] })).toEqual({
      features: ['0', '1'],
      names: ['a', 'b'],
      keep: [],
      notes: ['the table names no columns: they are taken in the model’s order'],
    });
    expect(matchColumns(table(['x', 'y', 'id']), { count: 2 }, { keep: ['id'] }).features).toEqual(['x', 'y']);
    expect(matchColumns(table(['Unnamed: 0', 'y']), { count: 1 }).features).toEqual(['y']);
    expect(matchColumns(table(['text']), {}).features).toEqual(['text']);
  });

  it('counts', () => {
    expect(() => matchColumns(table(['x', 'y']), { count: 1 })).toThrow(
      'the model expects 1 column, the table has 2; leave out what is no feature ("x", "y") (in data.csv)',
    );
    expect(() => matchColumns(table(['x'], { named: false }), { names: ['a', 'b'] })).toThrow(
      'the model expects 2 columns, the table has 1 ("x")',
    );
  });
});
