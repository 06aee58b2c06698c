import { describe, expect, it } from 'vitest';
import { difference, seeded } from '../../runtime/expansion.testing.js';
import { analyzer, type AnalyzerOptions } from '../../text/index.js';
import type { GraphBuilder, V } from '../builder.js';
import { float64, strings } from '../tensor.js';
import { tokenRule } from './texts/patterns.js';

const pieces = [
  ...['the cat', 'Die Straße', 'ÉTÉ', 'naïve', 'ΟΔΟΣ', 'ΣΑΣ.', "Σ'", 'İstanbul', 'ﬁn', '日本語', 'ελλάδα', 'ДИМА'],
  ...[' ', '  ', '\t\n', '\u2003', '\u00a0', '-', '!', '?', '.', '42', '٤٢', '½', 'Ⅷ', '_', 'a', 'I', '#tag', '😀'],
  ...['e\u0301', '\u0301', '\u00ad', '가나', 'ǅ', 'K', '\u200d', 'x-ray', "don't", 'ſ', 'AA BB aa bb'],
];
const random = seeded(4);
const documents = [
  '',
  ' ',
  'Σ',
  'ΑΣ',
  ...Array.from({ length: 40 }, () =>
    Array.from({ length: 1 + Math.floor(random() * 12) }, () => pieces[Math.floor(random() * pieces.length)]).join(
      random() < 0.5 ? '' : ' ',
    ),
  ),
];
const given = strings([documents.length], documents);

/** The terms that the documents have, each with a column, in some order. */
function vocabulary(options: AnalyzerOptions): Map<string, number> {
  const terms = [...new Set(documents.flatMap(analyzer(options)))].sort();
  return new Map(terms.filter((_, i) => i % 5 !== 1).map((term, i) => [term, i]));
}

const count = (options: AnalyzerOptions & { binary?: boolean }) => {
  const known = vocabulary(options);
  return (g: GraphBuilder, [x]: readonly V[]): V =>
    g.own(
      'CountTerms',
      [x],
      { vocabulary: known, options },
      { dtype: 'float64', shape: [null, known.size], layout: 'csr' },
    );
};

const settings: Readonly<Record<string, AnalyzerOptions & { binary?: boolean }>> = {
  'as it is': {},
  'upper case stays': { lowercase: false },
  'words of one letter': { tokenPattern: String.raw`(?u)\b\w+\b` },
  'pairs and triples of words': { ngramRange: [1, 3] },
  'pairs alone, each once': { ngramRange: [2, 2], binary: true },
  'stop words, then pairs': { stopWords: ['the', 'aa', 'die'], ngramRange: [1, 2] },
  'the English stop words': { stopWords: 'english' },
  'without accents': { stripAccents: 'unicode' },
  'ascii alone': { stripAccents: 'ascii' },
  'accents, upper case stays': { stripAccents: 'unicode', lowercase: false },
  'what is no white space': { tokenPattern: String.raw`\S+` },
  'letters between boundaries': { tokenPattern: String.raw`\b[a-zß-öø-ÿ]{2,4}\b` },
  'ascii words': { tokenPattern: String.raw`(?a)\w{2,}` },
  'behind a sign': { tokenPattern: String.raw`#(\w+)`, ngramRange: [1, 2] },
  'words and signs': { tokenPattern: String.raw`\b\w\w+\b|!|\?` },
  characters: { analyzer: 'char', ngramRange: [1, 3] },
  'characters, upper case stays': { analyzer: 'char', ngramRange: [2, 2], lowercase: false },
  'characters of words': { analyzer: 'char_wb', ngramRange: [1, 4] },
  'long characters of words': { analyzer: 'char_wb', ngramRange: [5, 7] },
};

describe('counts of terms in ONNX operators', () => {
  for (const [name, options] of Object.entries(settings))
    it(name, async () => {
      expect(await difference([given], count(options))).toBeUndefined();
    });

  it('documents without a term, and no documents', async () => {
    for (const none of [strings([2], ['', ' !']), strings([0], [])]) {
      for (const name of ['as it is', 'stop words, then pairs', 'behind a sign', 'characters', 'characters of words'])
        expect(await difference([none], count(settings[name])), name).toBeUndefined();
    }
  });

  it('refuses what ONNX cannot say', async () => {
    await expect(difference([given], count({ ngramRange: [0, 1] }))).rejects.toThrow(/n-grams of 0 to 1/);
    const old = { stripAccents: 'unicode' as const, sklearnVersion: [0, 20] as const };
    await expect(difference([given], count(old))).rejects.toThrow(/NFKD/);
    await expect(difference([given], count({ tokenPattern: String.raw`(?<=#)\w+` }))).rejects.toThrow(/RE2/);
  });
});

describe('hashes of terms in ONNX operators', () => {
  const hash =
    (more: object) =>
    (g: GraphBuilder, [x]: readonly V[]): V =>
      g.own(
        'HashTerms',
        [x],
        { options: { nFeatures: 37, ...more } },
        { dtype: 'float64', shape: [null, 37], layout: 'csr' },
      );
  for (const more of [
    {},
    { binary: true },
    { alternateSign: false },
    { nonNegative: true },
    { ngramRange: [1, 2] as const },
  ])
    it(JSON.stringify(more), async () => {
      expect(await difference([given], hash(more))).toBeUndefined();
    });
});

describe('weights of terms in ONNX operators', () => {
  const x = float64([3, 3], Float64Array.of(1, 0, 4, 0, 0, 0, 2, 7, 0));
  for (const norm of ['l1', 'l2', 'max', undefined] as const)
    for (const sublinear of [true, false])
      it(`${norm ?? 'no norm'}${sublinear ? ', logarithms' : ''}`, async () => {
        const idf = Float64Array.of(1.5, 0.2, 3);
        const build = (g: GraphBuilder, [v]: readonly V[]): V =>
          g.own(
            'Tfidf',
            [g.sparse(v)],
            { sublinear, idf, norm },
            { dtype: 'float64', shape: [null, 3], layout: 'csr' },
          );
        expect(await difference([x], build)).toBeUndefined();
      });
});

describe('token patterns', () => {
  const said = [
    String.raw`(?u)\b\w\w+\b`,
    String.raw`\w{1,3}`,
    '[a-z]+|[0-9]+',
    String.raw`(\b\w+\b)`,
    String.raw`\b(?:ab|a)\b`,
  ];
  for (const pattern of said)
    it(`says ${pattern}`, () => {
      expect(typeof tokenRule(pattern)).toBe('object');
    });

  const unsaid: readonly (readonly [string, RegExp])[] = [
    [String.raw`a|ab`, /begin with the same|neither/],
    [String.raw`\b\w*\b`, /neither|nothing/],
    [String.raw`(a)(b)`, /several groups/],
    [String.raw`(\w+)@`, /only a part/],
    [String.raw`\b[\w']+\b`, /more than word characters/],
    [String.raw`\w+?`, /neither/],
    [String.raw`\b\w+(?=x)\b`, /looks around/],
    [String.raw`\b(a)|b`, /only a part/],
    [String.raw`\w{50}`, /more than 40/],
  ];
  for (const [pattern, why] of unsaid)
    it(`does not say ${pattern}`, () => {
      expect(tokenRule(pattern)).toMatch(why);
    });
});
