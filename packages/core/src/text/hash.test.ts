import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashFeatures, hashTokens, type FeatureHasherOptions, type HasherSample } from './hash.js';
import type { CsrRows } from './csr.js';
import { murmurHash3 } from './murmur.js';

type Rows = [indptr: number[], indices: number[], data: number[]];
type Parameters = Record<string, unknown>;

const fixture = JSON.parse(readFileSync(new URL('../../../../fixtures/text/hashes.json', import.meta.url), 'utf8')) as {
  murmur: [text: string, seed0: number, seed42: number][];
  documents: string[];
  texts: [Parameters, Rows][];
  features: [Parameters, HasherSample[], Rows][];
};

const names = new Map([
  ['n_features', 'nFeatures'],
  ['alternate_sign', 'alternateSign'],
  ['ngram_range', 'ngramRange'],
  ['input_type', 'inputType'],
]);

function optionsOf(parameters: Parameters): FeatureHasherOptions {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [names.get(name) ?? name, value]));
}

function partsOf({ indptr, indices, data }: CsrRows): Rows {
  return [[...indptr], [...indices], [...data]];
}

it('murmurhash3_32', () => {
  for (const [text, seed0, seed42] of fixture.murmur) {
    expect([text, murmurHash3(text), murmurHash3(text, 42)]).toEqual([text, seed0, seed42]);
  }
});

it('refuses half a surrogate pair, which UTF-8 cannot encode', () => {
  expect(() => murmurHash3('a\ud800')).toThrow(/U\+D800/);
});

describe('HashingVectorizer.transform', () => {
  it.each(fixture.texts)('%j', (parameters, expected) => {
    expect(partsOf(hashTokens(fixture.documents, optionsOf(parameters)))).toEqual(expected);
  });
});

describe('FeatureHasher.transform', () => {
  it.each(fixture.features)('%j', (parameters, samples, expected) => {
    const options = optionsOf(parameters);
    expect(partsOf(hashFeatures(samples, options))).toEqual(expected);
    if (options.inputType === 'dict') {
      const maps = samples.map((sample) => new Map(Object.entries(sample as Record<string, number | string>)));
      expect(partsOf(hashFeatures(maps, options))).toEqual(expected);
    }
  });

  it('loses the signs of sums for non_negative', () => {
    const options = { nFeatures: 4, inputType: 'string' } as const;
    const plain = hashFeatures([['dog', 'cat', 'dog']], options);
    expect([...hashFeatures([['dog', 'cat', 'dog']], { ...options, nonNegative: true }).data]).toEqual(
      [...plain.data].map(Math.abs),
    );
    expect(plain.data.some((value) => value < 0)).toBe(true);
  });

  it.each([
    [[{ a: null }], 'dict', /sample 0: the value of 'a' is null/],
    [[{ a: 1 }, 'a'], 'dict', /sample 1: string is no sample/],
    [[['a']], 'dict', /an object or a Map was expected/],
    [[[['a']]], 'pair', /a pair of a name and a value/],
    [[[[1, 2]]], 'pair', /the name 1 is no string/],
    [['dog'], 'string', /sample 0: string is no sample of the kind 'string'/],
    [[{}], 'string', /an array was expected/],
    [[], 'dict', /no rows/],
  ] as const)('refuses %j as %s', (samples, inputType, message) => {
    expect(() => hashFeatures(samples as unknown as HasherSample[], { inputType })).toThrow(message);
  });

  it.each([0, -1, 1.5, 2 ** 31])('refuses %d columns', (nFeatures) => {
    expect(() => hashTokens(['a'], { nFeatures })).toThrow(/n_features/);
  });
});
