import { describe, expect, it } from 'vitest';
import { plan } from '../../runtime/plan.js';
import { GraphBuilder } from '../builder.js';
import { float64, isTensor } from '../tensor.js';
import { elementary } from './elementary.js';

const sizes = [0, 1e-300, 1e-17, 1e-9, 1e-4, 0.01, 0.0312, 0.1, 0.3, 0.5, 0.75, 0.9999999, 1];
const large = [1.0000001, 1.5, 2, 2.5, 3.3, 5.9, 6.1, 20, 300, 709, 1e5, 1e18, 1e300, Infinity];
const signs = (values: readonly number[]): number[] => [...values, ...values.map((v) => -v), NaN];

/** erf where others give it, from tables: Abramowitz and Stegun, 7.1 and mpmath. */
const erfs = new Map([
  [0, 0],
  [1e-300, 1.1283791670955126e-300],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [3.3, 0.9999969422902036],
  [6.1, 1],
  [Infinity, 1],
]);

const expected: Readonly<Record<string, { at: readonly number[]; of: (x: number) => number }>> = {
  Acos: { at: [...signs(sizes), 1.1], of: Math.acos },
  Acosh: { at: [0.5, 1, ...large], of: Math.acosh },
  Asin: { at: [...signs(sizes), 1.1], of: Math.asin },
  Asinh: { at: signs([...sizes, ...large]), of: Math.asinh },
  Atan: { at: signs([...sizes, ...large]), of: Math.atan },
  Atanh: { at: [...signs(sizes), 2], of: Math.atanh },
  Cosh: { at: signs([...sizes, ...large]), of: Math.cosh },
  Erf: { at: [...erfs.keys()], of: (x) => erfs.get(x) ?? NaN },
  Sigmoid: { at: signs([...sizes, ...large.filter((x) => x < 700)]), of: (x) => 1 / (1 + Math.exp(-x)) },
  Sinh: { at: signs([...sizes, ...large]), of: Math.sinh },
  Softplus: { at: signs([...sizes, ...large]), of: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) },
  Tan: { at: signs(sizes), of: Math.tan },
};

describe('functions without a kernel in float64', () => {
  for (const [name, { at, of }] of Object.entries(expected))
    it(name, async () => {
      const g = new GraphBuilder();
      const x = g.input('x', { dtype: 'float64', shape: [null], layout: 'dense' });
      const make = elementary[name];
      if (!make) throw new Error(`no ${name}`);
      const graph = g.finish([{ name: 'y', value: make(g, x) }]);
      const [y] = (await plan(graph)).run([float64([at.length], Float64Array.from(at))]);
      if (!isTensor(y)) throw new Error('no tensor');
      at.forEach((value, i) => {
        const [got, want] = [Number(y.data[i]), of(value)];
        const close = Object.is(got, want) || got === want || Math.abs(got - want) <= 2e-15 * Math.abs(want);
        expect(close, `${name}(${value}) is ${got}, not ${want}`).toBe(true);
      });
    });

  it('all of them are told', () => {
    expect(Object.keys(elementary).filter((name) => !(name in expected))).toEqual([]);
  });
});
