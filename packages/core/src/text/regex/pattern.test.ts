import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BrineError } from '../../errors.js';
import { compilePattern, type Match } from './pattern.js';

type Span = readonly [start: number, end: number, ...groups: (string | null)[]] | null;
type Case = readonly [text: string, found: string[] | null, search: Span, match: Span];
type Entry = readonly [pattern: string, groups?: number, cases?: readonly Case[]];

const fixture = JSON.parse(
  readFileSync(new URL('../../../../../fixtures/text/regex.json', import.meta.url), 'utf8'),
) as Record<'hand' | 'fuzz', Entry[]>;

function span(match: Match | undefined): Span {
  return match === undefined ? null : [match.start, match.end, ...match.groups.map((group) => group ?? null)];
}

/** What we answer, in the form of Python's answer. */
function ours([pattern, , cases = []]: Entry): Entry {
  let compiled;
  try {
    compiled = compilePattern(pattern);
  } catch (error) {
    if (error instanceof BrineError && error.code === 'BAD_STATE') return [pattern];
    throw error;
  }
  const { groups } = compiled;
  return [
    pattern,
    groups,
    cases.map(([text]) => [
      text,
      groups > 1 ? null : compiled.findAll(text),
      span(compiled.search(text)),
      span(compiled.match(text)),
    ]),
  ];
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof BrineError) return error.code;
    throw error;
  }
  return 'none';
}

describe("findall, search and match as Python's", () => {
  it.each(fixture.hand.filter(([pattern]) => !pattern.startsWith('\\N')).map((entry) => [entry[0], entry] as const))(
    '%j',
    (_, entry) => {
      expect(ours(entry)).toEqual(entry);
    },
  );

  it('for patterns made from a grammar', () => {
    expect(fixture.fuzz.length).toBeGreaterThan(500);
    for (const entry of fixture.fuzz) expect(ours(entry)).toEqual(entry);
  });
});

describe('refuses', () => {
  it('names of characters, since there is no table of them', () => {
    expect(() => compilePattern(String.raw`\N{DIGIT ONE}`)).toThrow(/\\N\{…\}/);
    expect(codeOf(() => compilePattern(String.raw`\N{DIGIT ONE}`))).toBe('UNSUPPORTED');
  });

  it('what Python refuses, saying why and where', () => {
    expect(() => compilePattern('ab(c', 0, { path: 'token_pattern' })).toThrow(
      /"ab\(c" is no Python regular expression: missing \), unterminated subpattern.*token_pattern/,
    );
  });

  it('to answer tuples', () => {
    expect(codeOf(() => compilePattern('(a)(b)').findAll('ab'))).toBe('BAD_STATE');
  });
});

describe('limits', () => {
  it.each(
    [
      ['(a+)+$', `${'a'.repeat(40)}b`],
      ['.*.*.*=x', 'a'.repeat(3000)],
      ['(?:){4294967294}a', 'a'],
      ['(?:){3000000000}+a', 'a'],
      ['(?:ab)+', 'ab'.repeat(1_000_000)],
      [`${'a?'.repeat(30_000)}b`, 'a'.repeat(20)],
    ].map(([pattern, text]) => [pattern.slice(0, 30), pattern, text] as const),
  )('end the work on %j', (_, pattern, text) => {
    expect(codeOf(() => compilePattern(pattern).findAll(text))).toBe('LIMIT');
  });

  it.each([
    ['deep nesting', '('.repeat(5000) + ')'.repeat(5000)],
    ['deep conditions', '(?(1)'.repeat(3000)],
    ['length', 'a'.repeat(150_000)],
    ['many sets', Array.from({ length: 3000 }, (_, i) => `[\\w${String.fromCharCode(0x2000 + i)}]`).join('')],
  ])('end the compilation for %s', (_, pattern) => {
    expect(codeOf(() => compilePattern(pattern))).toBe('LIMIT');
  });

  it('leave long honest texts alone', () => {
    const text = 'word '.repeat(100_000);
    expect(compilePattern(String.raw`(?u)\b\w\w+\b`).findAll(text)).toHaveLength(100_000);
    expect(compilePattern(String.raw`[a-z]+(?:'[a-z]+)?`).findAll(text)).toHaveLength(100_000);
    expect(compilePattern('(?:a|b)*').findAll('ab'.repeat(50_000))).toEqual(['ab'.repeat(50_000), '']);
  });

  it('do not outlive the text that reached them', () => {
    const pattern = compilePattern('(a+)+$');
    expect(codeOf(() => pattern.findAll(`${'a'.repeat(40)}b`))).toBe('LIMIT');
    expect(pattern.search('baa')).toEqual({ start: 1, end: 3, groups: ['aa', 'aa'] });
  });
});

it('counts positions in code points', () => {
  expect(compilePattern('b').search('😀b')).toEqual({ start: 1, end: 2, groups: ['b'] });
});
