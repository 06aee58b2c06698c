import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { BrineError } from '../../errors.js';
import { csrTimesDense, denseTimesCsrTransposed, gemm } from './gemm.js';
import { csrRows } from './rows.js';

/** Products of small integers are exact in float64, in any order. */
function naive(a: number[], b: number[], n: number, k: number, m: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a[i * k + l] * b[l * m + j];
      out.push(sum);
    }
  }
  return out;
}
const turned = (b: number[], k: number, m: number): number[] =>
  Array.from({ length: k * m }, (_, i) => b[(i % k) * m + Math.floor(i / k)]);

const matrix = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -9, max: 9 }), { minLength: length, maxLength: length });
const shapes = fc.tuple(
  fc.integer({ min: 0, max: 14 }),
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 14 }),
);
const problems = shapes.chain(([n, k, m]) =>
  fc.tuple(fc.constant([n, k, m] as const), matrix(n * k), matrix(k * m), matrix(m)),
);

describe('gemm', () => {
  it('is the sum of products, for every small shape, transposed, with a bias, in float32', () => {
    fc.assert(
      fc.property(problems, ([[n, k, m], a, b, bias]) => {
        const expected = naive(a, b, n, k, m);
        const biased = expected.map((v, i) => v + bias[i % m]);
        for (const Type of [Float64Array, Float32Array]) {
          const [x, y, z] = [Type.from(a), Type.from(b), Type.from(bias)];
          const out = new Type(n * m).fill(7);
          gemm(x, y, out, n, k, m);
          expect(Array.from(out, (v) => v + 0)).toEqual(expected.map((v) => v + 0));
          gemm(x, Type.from(turned(b, k, m)), out, n, k, m, { transposeB: true, bias: z });
          expect(Array.from(out, (v) => v + 0)).toEqual(biased.map((v) => v + 0));
        }
        const indices = Int32Array.from(a.keys(), (i) => i % k);
        const sparse = csrRows(
          Float64Array.from(a),
          indices,
          Int32Array.from({ length: n + 1 }, (_, i) => i * k),
          n,
          k,
        );
        const out = new Float64Array(n * m);
        csrTimesDense(sparse, Float64Array.from(b), out, m, { bias: Float64Array.from(bias) });
        expect(Array.from(out, (v) => v + 0)).toEqual(biased.map((v) => v + 0));
        csrTimesDense(sparse, Float64Array.from(turned(b, k, m)), out, m, { transposeB: true });
        expect(Array.from(out, (v) => v + 0)).toEqual(expected.map((v) => v + 0));
        denseTimesCsrTransposed(Float64Array.from(turned(b, k, m)), sparse, out, m);
        expect(Array.from(out, (v) => v + 0)).toEqual(turned(expected, n, m).map((v) => v + 0));
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it.each([
    [4, 600, 70],
    [67, 257, 129],
    [5, 1, 64],
  ])('crosses its blocks: %i × %i × %i', (n, k, m) => {
    const a = Array.from({ length: n * k }, (_, i) => ((i * 7919) % 19) - 9);
    const b = Array.from({ length: k * m }, (_, i) => ((i * 104729) % 17) - 8);
    const out = new Float64Array(n * m);
    gemm(Float64Array.from(a), Float64Array.from(b), out, n, k, m);
    expect(Array.from(out)).toEqual(naive(a, b, n, k, m));
  });

  it('keeps NaN and infinities in their own rows and columns', () => {
    const out = new Float64Array(25);
    const a = Float64Array.from({ length: 25 }, (_, i) => (i === 6 ? NaN : i === 18 ? Infinity : 1));
    gemm(a, new Float64Array(25).fill(1), out, 5, 5, 5);
    expect(Array.from({ length: 5 }, (_, i) => out[5 * i])).toEqual([5, NaN, 5, Infinity, 5]);
  });

  it('agrees with numpy to rounding', () => {
    const file = new URL('../../../../../fixtures/kernels/distances.json.gz', import.meta.url);
    const saved = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Record<
      string,
      { shape: number[]; data: string }
    >;
    const floats = (name: string): Float64Array =>
      new Float64Array(new Uint8Array(Buffer.from(saved[name].data, 'base64')).buffer);
    const [[n, k], [m]] = [saved['X'].shape, saved['Y'].shape];
    const out = new Float64Array(n * m);
    gemm(floats('X'), floats('Y'), out, n, k, m, { transposeB: true });
    const product = floats('product');
    out.forEach((v, i) => {
      expect(v).toBeCloseTo(product[i], 14);
    });
  });

  it('refuses arrays that are too short', () => {
    const short = new Float64Array(5);
    expect(() => {
      gemm(short, new Float64Array(6), new Float64Array(4), 2, 3, 2);
    }).toThrow(BrineError);
  });
});
