import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countTokens, tokenCounter, type CountOptions } from './count.js';

type Rows = [indptr: number[], indices: number[], data: number[]];

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../fixtures/text/${name}.json`, import.meta.url), 'utf8'));
const { documents } = read('analyzers') as { documents: string[] };
const cases = read('counts') as [Record<string, unknown>, [string, number][], Rows][];

const names = new Map([
  ['ngram_range', 'ngramRange'],
  ['stop_words', 'stopWords'],
  ['strip_accents', 'stripAccents'],
]);

function optionsOf(parameters: Record<string, unknown>): CountOptions {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [names.get(name) ?? name, value]));
}

describe('CountVectorizer.transform', () => {
  it.each(cases)('%j', (parameters, vocabulary, [indptr, indices, data]) => {
    const rows = countTokens(documents, new Map(vocabulary), optionsOf(parameters));
    expect(rows.shape).toEqual([documents.length, vocabulary.length]);
    expect([...rows.indptr]).toEqual(indptr);
    expect([...rows.indices]).toEqual(indices);
    expect([...rows.data]).toEqual(data);
  });
});

it('starts every row, and every call, from zero', () => {
  const count = tokenCounter(new Map([['ab', 0]]));
  expect([...count(['ab ab', 'ab', 'x']).data]).toEqual([2, 1]);
  expect([...count(['ab']).data]).toEqual([1]);
  expect(count([]).shape).toEqual([0, 1]);
});

it('starts from zero after a document that failed', () => {
  function* failing(): Generator<string> {
    yield 'ab';
    throw new Error('no more');
  }
  const tokenizer = (document: string): string[] =>
    Object.assign([document], document === 'bad' && { [Symbol.iterator]: failing });
  const count = tokenCounter(new Map([['ab', 0]]), { tokenizer });
  expect(() => count(['bad'])).toThrow('no more');
  expect([...count(['ab']).data]).toEqual([1]);
});

it.each([
  [new Map<string, number>(), /the vocabulary is empty/],
  [new Map([['a', 1]]), /"a" has column 1 in a vocabulary of 1 terms/],
  [new Map([['a', -1]]), /column -1/],
  [new Map([['a', 0.5]]), /column 0.5/],
  [new Map([['a', 1e12]]), /column 1000000000000/],
])('refuses %s', (vocabulary, message) => {
  expect(() => tokenCounter(vocabulary)).toThrow(message);
});

it('names the document that is no string', () => {
  expect(() => countTokens(['a', null as unknown as string], new Map([['a', 0]]))).toThrow(/document 1 is null/);
});
