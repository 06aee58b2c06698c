import { describe, expect, it } from 'vitest';
import { BrineError } from '../errors.js';
import { disassembleSync } from './disassemble.js';
import { entryToJson, formatEntry } from './listing.js';
import { readPickleSync } from './read.js';
import { readCases } from '../../test/support/pickle-cases.js';
import { PyDict, PyTuple, type PyValue } from './values.js';

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const MILLION = 1_000_000;

describe('nesting a million deep', () => {
  const depthOf = (value: PyValue, inner: (value: PyValue) => PyValue | undefined): number => {
    let depth = 0;
    for (let at: PyValue | undefined = value; at !== undefined && at !== null; at = inner(at)) depth++;
    return depth;
  };

  it('reads lists', () => {
    const bytes = latin1(`\x80\x04${']\x94'.repeat(MILLION)}${'a'.repeat(MILLION - 1)}.`);
    const value = readPickleSync(bytes).value;
    expect(depthOf(value, (list) => (list as PyValue[])[0])).toBe(MILLION);
  });

  it('reads tuples', () => {
    const value = readPickleSync(latin1(`N${'\x85'.repeat(MILLION)}.`)).value;
    expect(depthOf(value, (tuple) => (tuple as PyTuple).items[0])).toBe(MILLION);
  });

  it('reads dicts, by SETITEMS with marks open', () => {
    const value = readPickleSync(latin1(`${'}(K\x01'.repeat(MILLION)}N${'u'.repeat(MILLION)}.`)).value;
    expect(depthOf(value, (dict) => (dict as PyDict).get(1))).toBe(MILLION);
  });
});

describe('bombs', () => {
  it('reads billion laughs as the shared structure it is', () => {
    const doubled = readPickleSync(latin1(`\x80\x02N${'2\x86'.repeat(190)}.`)).value as PyTuple;
    expect(doubled.items[0]).toBe(doubled.items[1]);
    const laughs = latin1(
      `]q\x00${Array.from({ length: 200 }, (_, i) => `](${`h${String.fromCharCode(i)}`.repeat(10)}eq${String.fromCharCode(i + 1)}`).join('')}.`,
    );
    expect((readPickleSync(laughs).value as PyValue[]).length).toBe(10);
  });

  it('takes a doubled tuple as a key', () => {
    const dict = readPickleSync(latin1(`\x80\x02}N${'2\x86'.repeat(190)}K\x01s.`)).value as PyDict;
    expect(dict.size).toBe(1);
  });

  const refused: [string, string, string][] = [
    ['LONG4 of 2 GiB', '\x80\x02\x8b\xff\xff\xff\x7f', 'LIMIT'],
    ['LONG4 of 64 KiB that are not there', '\x80\x02\x8b\x00\x00\x01\x00', 'TRUNCATED'],
    ['LONG of a million digits', `L${'9'.repeat(MILLION)}L\n.`, 'LIMIT'],
    ['BINBYTES8 of 2^64 - 1', `\x80\x04\x8e${'\xff'.repeat(8)}.`, 'TRUNCATED'],
    ['BINUNICODE8 of 2^63', `\x80\x04\x8d${'\x00'.repeat(7)}\x80.`, 'TRUNCATED'],
    ['BYTEARRAY8 of 1 TiB', '\x80\x05\x96\x00\x00\x00\x00\x00\x01\x00\x00.', 'TRUNCATED'],
    ['BINSTRING of -1', 'T\xff\xff\xff\xff.', 'CORRUPT'],
    ['a frame of 2^64 - 1', `\x80\x04\x95${'\xff'.repeat(8)}N.`, 'CORRUPT'],
    ['PUT at 10^30', `Np${'9'.repeat(30)}\n.`, 'CORRUPT'],
    ['five million items', `${']'.repeat(5 * MILLION)}.`, 'LIMIT'],
    ['three million marks', `${'('.repeat(3 * MILLION)}.`, 'LIMIT'],
  ];
  it.each(refused)('refuses %s', (_, text, code) => {
    expect(() => readPickleSync(latin1(text))).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('puts at four billion without an array of that length', () => {
    const bytes = latin1('Nr\xff\xff\xff\xff0K\x05r\xfe\xff\xff\xff0j\xff\xff\xff\xffj\xfe\xff\xff\xff\x86.');
    expect((readPickleSync(bytes).value as PyTuple).items).toEqual([null, 5]);
  });
});

function outcome(bytes: Uint8Array): 'read' | 'refused' {
  try {
    readPickleSync(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof BrineError) return 'refused';
    throw error;
  }
}

/** The listing ends by itself, and never throws. */
function list(bytes: Uint8Array): void {
  let entries = 0;
  for (const entry of disassembleSync(bytes)) {
    formatEntry(entry);
    entryToJson(entry);
    entries++;
  }
  expect(entries).toBeLessThanOrEqual(2 * bytes.length + 1);
}

const cases = readCases();

it('refuses every prefix of every stream', () => {
  let prefixes = 0;
  for (const { bytes, name, error, stricter } of cases) {
    if (error !== undefined || stricter !== undefined || bytes.length > 900) continue;
    for (let length = 1; length < bytes.length; length++) {
      if (outcome(bytes.subarray(0, length)) === 'read') expect.fail(`${length} of ${bytes.length} bytes of ${name}`);
      prefixes++;
    }
  }
  expect(prefixes).toBeGreaterThan(10_000);
});

it('survives ten thousand mutations', () => {
  // mulberry32, so that a failure can be made again
  let seed = 20_261_121;
  const random = (below: number): number => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
  const small = cases.filter(({ bytes }) => bytes.length < 2000);
  const results = { read: 0, refused: 0 };
  for (let i = 0; i < 10_000; i++) {
    const bytes = Uint8Array.from(small[random(small.length)].bytes);
    const edits = 1 + random(4);
    for (let k = 0; k < edits; k++) {
      const at = random(bytes.length);
      switch (random(4)) {
        case 0:
          bytes[at] = random(256);
          break;
        case 1:
          bytes[at] ^= 1 << random(8);
          break;
        case 2:
          bytes.copyWithin(at, random(bytes.length), random(bytes.length));
          break;
        default:
          bytes[at] = small[random(small.length)].bytes[0];
      }
    }
    results[outcome(bytes)]++;
    if (i % 4 === 0) list(bytes);
  }
  expect(results.read).toBeGreaterThan(500);
  expect(results.refused).toBeGreaterThan(5000);
});
