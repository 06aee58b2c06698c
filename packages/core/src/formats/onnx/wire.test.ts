import { describe, expect, it } from 'vitest';
import { BrineError } from '../../errors.js';
import { WireReader } from './wire.js';

/** int64 as protocol buffers write it: seven bits a byte, ten bytes where it is negative. */
function varint(value: bigint): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return [...out, Number(rest)];
}

/** Around every length that a varint can have. */
const values = [0n, 1n, -1n, -(2n ** 63n), 2n ** 63n - 1n];
for (let bits = 7n; bits < 63n; bits += 7n) values.push(2n ** bits - 1n, 2n ** bits, -(2n ** bits));

const field = (number: number, wire: number): number => number * 8 + wire;
const packed = [field(7, 2), ...varint(BigInt(values.flatMap(varint).length)), ...values.flatMap(varint)];
const apart = values.flatMap((v) => [field(7, 0), ...varint(v)]);
const reader = (bytes: number[]): WireReader => {
  const r = new WireReader(Uint8Array.from(bytes), 'test');
  expect(r.next()).toBe(true);
  return r;
};

describe.each([
  ['packed', packed],
  ['one by one', apart],
])('integers %s', (_, bytes) => {
  const more = [...bytes, field(8, 0), 5];

  it('come one after another', () => {
    const r = reader(more);
    const got: bigint[] = [];
    r.varints((low, high) => got.push((BigInt(high | 0) << 32n) | BigInt(low)));
    expect(got).toEqual(values);
    expect(r.next() && r.field === 8 && r.integer() === 5).toBe(true);
  });

  it('are counted, and written into an array later', () => {
    const r = reader(more);
    const { reader: later, count } = r.varintsAhead();
    expect(count).toBe(values.length);
    expect(r.next() && r.field === 8 && r.integer() === 5).toBe(true);
    const wide = new BigInt64Array(count + 1);
    expect(later.varintsInto(new Int32Array(wide.buffer), 2, true)).toBe(2 * count + 2);
    expect(Array.from(wide)).toEqual([0n, ...values]);
  });

  it('are written by their low halves', () => {
    const { reader: later, count } = reader(more).varintsAhead();
    const low = new Int32Array(count);
    later.varintsInto(low, 0, false);
    expect(Array.from(low)).toEqual(values.map((v) => Number(BigInt.asIntN(32, v))));
  });

  it('end where the file does', () => {
    for (let end = 2; end < bytes.length; end++) {
      const part = bytes.slice(0, end);
      const read = (): void => {
        const { reader: later, count } = reader(part).varintsAhead();
        later.varintsInto(new Int32Array(2 * count), 0, true);
      };
      // A whole number of them is a shorter list where each has its own tag.
      if (bytes === apart && wholeUpTo(end)) expect(read).not.toThrow();
      else expect(read).toThrow(BrineError);
    }
  });
});

function wholeUpTo(end: number): boolean {
  let at = 0;
  for (const v of values) {
    at += 1 + varint(v).length;
    if (at === end) return true;
  }
  return false;
}

describe('numbers of fixed width', () => {
  const numbers = Float32Array.of(1.5, -2, NaN, 3e38);
  const bytes = new Uint8Array(numbers.buffer);
  const each = Array.from(numbers, (_, i) => [...bytes.subarray(4 * i, 4 * i + 4)]);

  it('are a view where they are packed, and joined where each has its tag', () => {
    expect(reader([field(7, 2), 16, ...bytes]).fixedChunk(4)).toEqual(bytes);
    // A tag of two bytes, and another field after.
    const long = varint(BigInt(field(700, 5)));
    const r = reader([...each.flatMap((b) => [...long, ...b]), field(8, 0), 5]);
    expect(r.fixedChunk(4)).toEqual(bytes);
    expect(r.next() && r.field === 8 && r.integer() === 5).toBe(true);
  });

  it('end where the file does', () => {
    const all = each.flatMap((b) => [field(7, 5), ...b]);
    for (let end = 2; end < all.length; end++)
      if (end % 5 === 0) expect(reader(all.slice(0, end)).fixedChunk(4).byteLength).toBe((end / 5) * 4);
      else if (end % 5 > 0) expect(() => reader(all.slice(0, end)).fixedChunk(4)).toThrow(/wanted where/);
  });
});
