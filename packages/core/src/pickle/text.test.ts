import { expect, it } from 'vitest';
import { floatRepr } from './repr.js';
import { decodeInteger, parseFloatText, parseInteger } from './numbers.js';
import { decodeLatin1, decodeUtf8, unescapeString } from './text.js';

const all = (bytes: readonly number[] | Uint8Array): [Uint8Array, number, number] => [
  Uint8Array.from(bytes),
  0,
  bytes.length,
];

it('keeps a byte order mark and lone surrogates', () => {
  expect(decodeUtf8(...all([0xef, 0xbb, 0xbf, 0x61]))).toBe('\ufeffa');
  expect(decodeUtf8(...all([0x61, 0xed, 0xa0, 0x80, 0x62]))).toBe('a\ud800b');
});

it('refuses what is no UTF-8, next to a surrogate too', () => {
  const surrogate = [0xed, 0xa0, 0x80];
  for (const bad of [
    [0xff],
    [0xc0, 0x80],
    [0xe0, 0x80, 0x80],
    [0xf0, 0x80, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xe2, 0x82],
  ]) {
    expect(decodeUtf8(...all(bad))).toBeUndefined();
    expect(decodeUtf8(...all([...surrogate, ...bad]))).toBeUndefined();
  }
});

it('reads short text the same however often and at whatever length', () => {
  const source = 'abcdefghijklmnopqrstuvwxyz';
  for (let round = 0; round < 3; round++) {
    for (let length = 0; length <= source.length; length++) {
      const text = source.slice(0, length);
      expect(decodeUtf8(...all(new TextEncoder().encode(text)))).toBe(text);
    }
  }
});

it('reads latin-1 and not windows-1252, also when long', () => {
  const bytes = Uint8Array.from({ length: 30_000 }, (_, i) => i % 256);
  const text = decodeLatin1(bytes, 0, bytes.length);
  expect(text.length).toBe(bytes.length);
  for (let i = 0; i < bytes.length; i += 7) expect(text.charCodeAt(i)).toBe(bytes[i]);
});

it('unescapes a megabyte of a Python 2 array', () => {
  const escaped = new TextEncoder().encode('\\x00\\xff?\\n'.repeat(250_000));
  const plain = unescapeString(escaped, 0, escaped.length)!;
  expect(plain.length).toBe(1_000_000);
  expect([...plain.subarray(-4)]).toEqual([0, 255, 0x3f, 10]);
});

it('reads integers of every width exactly', () => {
  for (const value of [
    0n,
    1n,
    -1n,
    127n,
    -128n,
    2n ** 53n - 1n,
    2n ** 53n,
    -(2n ** 53n),
    2n ** 500n + 1n,
    -(2n ** 500n),
  ]) {
    for (let width = 1; width < 80; width++) {
      if (value >= 2n ** BigInt(8 * width - 1) || value < -(2n ** BigInt(8 * width - 1))) continue;
      const bytes = Array.from({ length: width }, (_, i) => Number(BigInt.asUintN(8, value >> BigInt(8 * i))));
      const read = decodeInteger(...all(bytes));
      expect(BigInt(read)).toBe(value);
      expect(typeof read).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint');
    }
  }
});

it('parses only what is a number', () => {
  expect(parseInteger('-0')).toBe(0);
  for (const bad of ['', ' 1', '1 ', '0x1', '1_0', '1.0', '٣', '01']) expect(parseInteger(bad)).toBeUndefined();
  for (const bad of ['', '0x1', '1e', 'e1', '1,5', 'infin', '.']) expect(parseFloatText(bad)).toBeUndefined();
});

it('prints floats as Python does', () => {
  const pairs: [number, string][] = [
    [1e16, '1e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e15, '1000000000000000.0'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [5e-324, '5e-324'],
    [-2.5, '-2.5'],
  ];
  for (const [value, text] of pairs) expect(floatRepr(value)).toBe(text);
});
