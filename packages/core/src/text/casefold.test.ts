import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lower, nfkd, stripAccents } from './casefold.js';
import { compilePattern } from './regex/pattern.js';

type Digest = readonly [before: string, after: string, sha256: string];

const fixture = JSON.parse(
  readFileSync(new URL('../../../../fixtures/text/unicode.json', import.meta.url), 'utf8'),
) as Record<'lower' | 'nfkd' | 'unicode' | 'ascii', Digest[]> & { classes: [pattern: string, sha256: string][] };

const points: string[] = [];
for (let code = 0; code < 0x110000; code++) {
  if (code < 0xd800 || code >= 0xe000) points.push(String.fromCodePoint(code));
}

/** Every code point but surrogates, 4096 to a text, each between `before` and `after`. */
function* blocks(before: string, after: string): Generator<string> {
  for (let i = 0; i < points.length; i += 4096) {
    yield before + points.slice(i, i + 4096).join(after + before) + after;
  }
}

function digest(before: string, after: string, convert: (text: string) => string): string {
  const hash = createHash('sha256');
  for (const text of blocks(before, after)) hash.update(convert(text)).update('\0');
  return hash.digest('hex');
}

describe('all of Unicode, against Python 3.11', () => {
  it.each(fixture.lower)('str.lower() between %j and %j', (before, after, expected) => {
    expect(digest(before, after, lower)).toBe(expected);
  });

  it.each(fixture.nfkd)("unicodedata.normalize('NFKD') between %j and %j", (before, after, expected) => {
    expect(digest(before, after, nfkd)).toBe(expected);
  });

  it.each(fixture.unicode)('strip_accents_unicode between %j and %j', (before, after, expected) => {
    expect(digest(before, after, (text) => stripAccents(text, 'unicode'))).toBe(expected);
  });

  it.each(fixture.ascii)('strip_accents_ascii between %j and %j', (before, after, expected) => {
    expect(digest(before, after, (text) => stripAccents(text, 'ascii'))).toBe(expected);
  });

  it.each(fixture.classes)('what %j matches', (pattern, expected) => {
    const compiled = compilePattern(pattern);
    expect(digest('', '', (text) => compiled.findAll(text).join(''))).toBe(expected);
  });
});

it('keeps lone surrogates', () => {
  expect(lower('A\ud800ΑΣ\udc00')).toBe('a\ud800ας\udc00');
  expect(stripAccents('é\ud800', 'unicode')).toBe('e\ud800');
});

it('leaves decomposed text alone for scikit-learn 0.18 to 0.21, as their source does', () => {
  expect(stripAccents('e\u0301', 'unicode', true)).toBe('e\u0301');
  expect(stripAccents('é', 'unicode', true)).toBe('e');
  expect(stripAccents('e\u0301', 'unicode')).toBe('e');
});
