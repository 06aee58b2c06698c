import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzer, type AnalyzerOptions } from './analyze.js';
import { englishStopWords } from './stop-words.js';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../fixtures/text/${name}.json`, import.meta.url), 'utf8'));

/** scikit-learn's parameters, as the fixtures spell them. */
interface Parameters {
  analyzer?: 'word' | 'char' | 'char_wb';
  lowercase?: boolean;
  strip_accents?: 'ascii' | 'unicode' | null;
  token_pattern?: string;
  stop_words?: 'english' | string[];
  ngram_range?: [number, number];
}

function optionsOf({ strip_accents, token_pattern, stop_words, ngram_range, ...rest }: Parameters): AnalyzerOptions {
  return {
    ...rest,
    ...(strip_accents !== undefined && { stripAccents: strip_accents }),
    ...(token_pattern !== undefined && { tokenPattern: token_pattern }),
    ...(stop_words !== undefined && { stopWords: stop_words }),
    ...(ngram_range !== undefined && { ngramRange: ngram_range }),
  };
}

const fixture = read('analyzers') as { documents: string[]; cases: [Parameters, string[][]][] };

describe("build_analyzer() of scikit-learn's CountVectorizer", () => {
  it.each(fixture.cases)('%j', (parameters, expected) => {
    expect(fixture.documents.map(analyzer(optionsOf(parameters)))).toEqual(expected);
  });
});

it('has the English stop words', () => {
  expect([...englishStopWords()].sort()).toEqual(read('stop-words'));
});

it('keeps to what old versions did', () => {
  const words = (minor: number): string[] =>
    analyzer({ sklearnVersion: [0, minor], stopWords: 'english', stripAccents: 'unicode' })(
      'fifty fify e\u0301te\u0301',
    );
  // 0.17 had one word misspelt; 0.18 to 0.21 kept the accents of decomposed text, whose marks end a token.
  expect(words(17)).toEqual(['fifty', 'ete']);
  expect(words(18)).toEqual(['fify', 'te']);
  expect(words(21)).toEqual(['fify', 'te']);
  expect(words(22)).toEqual(['fify', 'ete']);
});

it('takes functions in place of its own steps', () => {
  const options = { preprocessor: (text: string) => `${text}!`, tokenizer: (text: string) => Array.from(text) };
  expect(analyzer({ ...options, ngramRange: [1, 2] })('Ab')).toEqual(['A', 'b', '!', 'A b', 'b !']);
});

describe('refuses', () => {
  it.each([
    [{ ngramRange: [2, 1] as const }, /lower boundary is larger/],
    [{ ngramRange: [-1, 1] as const }, /none negative/],
    [{ tokenPattern: '(a)(b)' }, /2 capturing groups/],
    [{ tokenPattern: '(' }, /token_pattern/],
    [{ stopWords: 'french' as 'english' }, /'french' is not a built-in stop list/],
    [{ analyzer: 'words' as 'word' }, /not a valid tokenization scheme/],
    [{ stripAccents: 'latin' as 'ascii' }, /strip_accents is 'latin'/],
  ])('%j', (options, message) => {
    expect(() => analyzer(options)).toThrow(message);
  });

  it.each(['word', 'char', 'char_wb'] as const)('a flood of %s n-grams before it begins', (kind) => {
    const document = kind === 'word' ? 'word '.repeat(10_000) : 'x'.repeat(100_000);
    expect(() => analyzer({ analyzer: kind, ngramRange: [1, 1e9] })(document)).toThrow(/NGRAM_CHARACTERS_LIMIT/);
  });
});
