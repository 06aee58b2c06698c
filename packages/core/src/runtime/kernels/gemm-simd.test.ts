import { describe, expect, it } from 'vitest';
import { gemm } from './gemm.js';
import { simdProduct } from './gemm-simd.js';

/** Sizes around the blocks: rows of 6, panels of 8 or 4 columns, stretches of 1024 terms, several memories full. */
const sizes = [
  [8, 128, 64],
  [9, 1025, 17],
  [33, 100, 65],
  [9, 1100, 1080],
  [1100, 1040, 33],
] as const;

/** Small integers, of which every sum is exact in either precision. */
const noise = (n: number, seed: number): number[] => {
  let state = seed;
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 28) - 7;
  });
};

describe.each([Float32Array, Float64Array])('simdProduct of %o', (Maker) => {
  it.each(sizes)('%i × %i × %i is what the plain kernel computes', (n, k, m) => {
    for (const transposeB of [false, true]) {
      const [a, b] = [new Maker(noise(n * k, 1)), new Maker(noise(k * m, 2))];
      const [got, wanted] = [new Maker(n * m), new Float64Array(n * m)];
      expect(simdProduct(a, b, got, n, k, m, { transposeB })).toBe(true);
      gemm(a, b, wanted, n, k, m, { transposeB });
      expect(Array.from(got)).toEqual(Array.from(wanted));
    }
  });

  it('sums in double precision where asked to', () => {
    const [n, k, m] = [16, 400, 16];
    // Beyond the 24 bits of single precision.
    const [a, b] = [new Maker(noise(n * k, 1)), new Maker(noise(k * m, 2))];
    const [got, wanted] = [new Float64Array(n * m), new Float64Array(n * m)];
    a[0] = 2 ** 24;
    expect(simdProduct(a, b, got, n, k, m, { exact: true })).toBe(true);
    gemm(a, b, wanted, n, k, m);
    expect(got).toEqual(wanted);
  });

  it('hands NaN and infinities on', () => {
    const a = new Maker(16 * 64).fill(1);
    const b = new Maker(64 * 128).fill(1);
    a[0] = NaN;
    a[64] = Infinity;
    const out = new Maker(16 * 128);
    expect(simdProduct(a, b, out, 16, 64, 128)).toBe(true);
    expect([out[0], out[128], out[256]]).toEqual([NaN, Infinity, 64]);
  });

  it('leaves small products to others', () => {
    const out = new Maker(4);
    expect(simdProduct(new Maker(4), new Maker(4), out, 2, 2, 2)).toBe(false);
  });
});
