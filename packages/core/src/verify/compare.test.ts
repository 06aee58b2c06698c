import { describe, expect, it } from 'vitest';
import { float64, int64, strings, type Tensor, type Value } from '../graph/tensor.js';
import { compareAnswers, type OutputComparison } from './compare.js';

const column = (...values: number[]): Tensor => float64([values.length], Float64Array.from(values));
const narrow = (...values: number[]): Tensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});
function one(a: Value, b: Value, options = {}): OutputComparison {
  return compareAnswers('predict', a as Tensor, b as Tensor, options).outputs[0];
}

describe('numbers', () => {
  it('are the same within the tolerance, and the largest differences have their places', () => {
    const r = one(column(1, 2, 300), column(1, 2 + 2 ** -50, 300 + 1e-6));
    expect(r).toMatchObject({ kind: 'numbers', same: false, different: 1, identical: 1, rows: 3, differentRows: 1 });
    expect(r.absolute).toMatchObject({ row: 2, column: 0, a: 300, b: 300 + 1e-6 });
    expect(r.absolute!.value).toBeCloseTo(1e-6, 12);
    expect(one(column(2), column(2 + 2 ** -50)).ulps!.value).toBe(2);
    expect(one(column(300), column(300 + 1e-6), { rtol: 1e-8 }).same).toBe(true);
    expect(one(column(300), column(300 + 1e-6), { rtol: 0, atol: 1e-7 }).same).toBe(false);
  });

  it('count units of the coarser type', () => {
    const r = one(column(0.1), narrow(0.1));
    expect(r).toMatchObject({ same: true, ulpType: 'float32', tolerance: { rtol: 1e-5, atol: 1e-6 } });
    expect(r.ulps!.value).toBeLessThan(1);
    expect(r.ulps!.value).toBeGreaterThan(0.1);
  });

  it('NaN equals NaN and nothing else', () => {
    expect(one(column(NaN, 1), column(NaN, 1))).toMatchObject({ same: true, identical: 2 });
    expect(one(column(NaN), column(0))).toMatchObject({ same: false, absolute: { value: Infinity } });
    expect(one(column(Infinity), column(Infinity)).same).toBe(true);
    expect(one(column(Infinity), column(-Infinity)).same).toBe(false);
  });

  it('near zero and below the normal numbers have units, too', () => {
    expect(one(column(0), column(5e-324)).ulps!.value).toBe(1);
    expect(one(column(0), column(-0))).toMatchObject({ same: true, identical: 1 });
  });

  it('of integers and floats are compared as numbers', () => {
    expect(one(int64([2], [1, 2]), column(1, 2))).toMatchObject({ same: true, kind: 'numbers' });
  });
});

describe('labels', () => {
  it('differ or not, with the first places', () => {
    const a = strings([7], ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const b = strings([7], ['a', 'x', 'x', 'x', 'x', 'x', 'x']);
    const r = one(a, b);
    expect(r).toMatchObject({ kind: 'labels', same: false, different: 6, identical: 1 });
    expect(r.places).toHaveLength(5);
    expect(r.places[0]).toEqual({ row: 1, column: 0, a: 'b', b: 'x' });
  });

  it('of any width of integer are one label, and so are flags', () => {
    const narrowInt: Tensor = { dtype: 'int32', shape: [2], data: Int32Array.of(1, 0) };
    const flags: Tensor = { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) };
    expect(one(int64([2], [1, 0]), narrowInt).same).toBe(true);
    expect(one(narrowInt, flags).same).toBe(true);
    const big = (v: bigint): Tensor => ({ dtype: 'int64', shape: [1], data: BigInt64Array.of(v) });
    expect(one(big(2n ** 60n), big(2n ** 60n + 1n)).same).toBe(false);
  });

  it('that are text in the one and numbers in the other are no labels of one model', () => {
    const r = one(strings([1], ['1']), int64([1], [1]));
    expect(r.same).toBe(false);
    expect(r.problem).toContain('string in the first and int64');
  });

  it('that are missing are equal', () => {
    const objects = (...data: unknown[]): Tensor => ({ dtype: 'object', shape: [data.length], data });
    expect(one(objects(null, NaN, 'a'), objects(NaN, null, 'a')).same).toBe(true);
    expect(one(objects([1, 2]), objects([1, 2])).same).toBe(true);
    expect(one(objects([1, 2]), objects([1, 3])).same).toBe(false);
  });
});

describe('shapes', () => {
  it('[n] and [n, 1] are one', () => {
    expect(one(column(1, 2), float64([2, 1], Float64Array.of(1, 2))).same).toBe(true);
    const r = one(column(1, 2), column(1, 2, 3));
    expect(r.same).toBe(false);
    expect(r.problem).toContain('[2] in the first and [3] in the second');
  });

  it('sparse and dense are one', () => {
    const csr = {
      dtype: 'float64' as const,
      shape: [2, 3] as const,
      indptr: Int32Array.of(0, 1, 2),
      indices: Int32Array.of(2, 0),
      data: Float64Array.of(5, 7),
    };
    expect(one(csr, float64([2, 3], Float64Array.of(0, 0, 5, 7, 0, 0))).same).toBe(true);
    expect(one(csr, float64([2, 3], Float64Array.of(0, 0, 5, 7, 5, 0))).same).toBe(false);
  });

  it('maps of probabilities are columns by their keys, and two scores one', () => {
    const maps = (...rows: [string, number][][]): Value => ({ sequence: rows.map((r) => ({ map: new Map(r) })) });
    const a = maps([['x', 0.25], ['y', 0.75]]); // prettier-ignore
    const b = maps([['y', 0.75], ['x', 0.25]]); // prettier-ignore
    expect(one(a, b).same).toBe(true);
    expect(one(a, float64([1, 2], Float64Array.of(0.25, 0.75))).same).toBe(true);
    const r = one(column(-3, 4), float64([2, 2], Float64Array.of(3, -3, -4, 4)));
    expect(r).toMatchObject({ same: true });
    expect(r.notes[0]).toContain('two columns');
  });

  it('several outputs are compared each', () => {
    const r = compareAnswers('kneighbors', [column(1), int64([1], [3])], [column(1), int64([1], [4])]);
    expect(r.same).toBe(false);
    expect(r.outputs.map((o) => [o.name, o.same])).toEqual([
      ['kneighbors[0]', true],
      ['kneighbors[1]', false],
    ]);
    const missing = compareAnswers('run', { outputs: { a: column(1), b: column(1) } }, { outputs: { a: column(1) } });
    expect(missing.outputs.map((o) => o.problem)).toEqual([undefined, 'only the first has it']);
  });
});
