import { describe, expect, it } from 'vitest';
import { compare, emptyVerdict, plain } from './compare.js';

// The judge is tested too: a comparison that cannot fail proves nothing.
const close = { atol: 1e-12, rtol: 1e-9, exact: false };
const exact = { atol: 0, rtol: 0, exact: true };

function judge(got: unknown, expected: unknown, limits = close): { wrong: number; first: string | undefined } {
  const verdict = emptyVerdict();
  compare(plain(got), expected, limits, verdict);
  return { wrong: verdict.wrong, first: verdict.first };
}

describe('the comparison', () => {
  it('accepts what is within the limits and refuses what is not', () => {
    const tensor = { shape: [2, 1], data: new Float64Array([1 + 1e-10, 2]) };
    expect(judge(tensor, [[1], [2]]).wrong).toBe(0);
    expect(judge(tensor, [[1 + 1e-6], [2]]).first).toContain('at [0][0]');
    expect(judge(tensor, [[1], [2]], exact).wrong).toBe(1);
  });

  it('sees missing values, infinities and types', () => {
    expect(judge([NaN, Infinity], [null, 'Infinity']).wrong).toBe(0);
    expect(judge([0], [null]).wrong).toBe(1);
    expect(judge([NaN], [0]).wrong).toBe(1);
    expect(judge([NaN], [NaN], exact).wrong).toBe(0);
    expect(judge([Infinity], ['-Infinity']).wrong).toBe(1);
    expect(judge(['1'], [1]).wrong).toBe(1);
    expect(judge([1], ['1']).wrong).toBe(1);
    expect(judge([true], [1]).wrong).toBe(0);
  });

  it('sees shapes', () => {
    expect(judge([[1, 2]], [1, 2]).wrong).toBeGreaterThan(0);
    expect(judge([1, 2, 3], [1, 2]).wrong).toBe(1);
    expect(judge([], [1]).wrong).toBe(1);
    expect(() => plain({ shape: [2, 2], data: [1, 2, 3] })).toThrow('holds 3 values');
  });

  it('reads sparse answers and whole numbers', () => {
    const csr = { shape: [2, 3], indptr: [0, 1, 2], indices: [2, 0], data: [5, 7] };
    expect(plain(csr)).toEqual([
      [0, 0, 5],
      [7, 0, 0],
    ]);
    expect(judge({ shape: [2], data: new BigInt64Array([3n, -1n]) }, [3, -1], exact).wrong).toBe(0);
  });
});
