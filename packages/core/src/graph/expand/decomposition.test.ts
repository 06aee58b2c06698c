import { describe, expect, it } from 'vitest';
import { difference, normal, seeded } from '../../runtime/expansion.testing.js';
import type { GraphBuilder, V } from '../builder.js';
import { float64 } from '../tensor.js';

const random = seeded(6);

describe('columns of groups in ONNX operators', () => {
  const groups = [[0, 2], [1], [3, 4, 5]];
  for (const pool of ['mean', 'max', 'min', 'sum', 'median'] as const)
    it(pool, async () => {
      const build = (g: GraphBuilder, [x]: readonly V[]): V =>
        g.own('PoolColumns', [x], { groups, pool }, { dtype: 'float64', shape: [null, 3] });
      expect(await difference([normal(random, 7, 6)], build)).toBeUndefined();
    });
});

it('means of embedded neighbours, one of them the row itself', async () => {
  const points = normal(random, 9, 3);
  const embedding = normal(random, 9, 2).data as Float64Array;
  const rows = float64([2, 3], (points.data as Float64Array).slice(0, 6));
  const places = { dtype: 'int64', shape: [2, 4], data: BigInt64Array.of(0n, 3n, 5n, 8n, 7n, 1n, 2n, 6n) } as const;
  const attributes = {
    ...{ rows: points.data as Float64Array, columns: 3 },
    ...{ embedding, outputs: 2, regularization: 1e-3 },
  };
  const build = (g: GraphBuilder, [x, found]: readonly V[]): V =>
    g.own('Barycentre', [x, found], attributes, { dtype: 'float64', shape: [null, 2] });
  expect(await difference([rows, places], build, { rtol: 1e-10 })).toBeUndefined();
});

it('topics of documents that settle at different turns, and of an empty one', async () => {
  const [topics, p] = [3, 8];
  const words = Float64Array.from({ length: topics * p }, () => random() + 1e-4);
  const counts = float64(
    [6, p],
    Float64Array.from({ length: 6 * p }, (_, i) => (i < p ? 0 : Math.floor(random() * 4))),
  );
  for (const [turns, tolerance] of [
    [100, 1e-3],
    [2, 1e-9],
  ]) {
    const attributes = { words, topics, prior: 0.2, turns, tolerance };
    const build = (g: GraphBuilder, [x]: readonly V[]): V =>
      g.own('TopicDistribution', [x], attributes, { dtype: 'float64', shape: [null, topics] });
    expect(await difference([counts], build)).toBeUndefined();
  }
});

it('non-negative factors, as many turns as the library takes', async () => {
  const [k, p] = [3, 6];
  const components = Float64Array.from({ length: k * p }, () => random());
  const x = float64(
    [5, p],
    Float64Array.from({ length: 5 * p }, () => random() * 3),
  );
  for (const [turns, tolerance, l1, l2] of [
    [200, 1e-4, 0, 0],
    [3, 1e-9, 0.1, 0.2],
  ]) {
    const rest = { beta: 2, turns, tolerance, l1, l2, shuffle: undefined };
    const build = (g: GraphBuilder, [v]: readonly V[]): V =>
      g.own(
        'NonNegativeFactors',
        [v],
        { components, k, solver: 'cd', ...rest },
        { dtype: 'float64', shape: [null, k] },
      );
    expect(await difference([x], build, { rtol: 1e-10 })).toBeUndefined();
  }
});

it('codes by a threshold; others are refused by name', async () => {
  const dictionary = normal(random, 4, 3).data as Float64Array;
  for (const positive of [true, false]) {
    const attributes = { dictionary, k: 4, regularization: 0.3, turns: 10, tolerance: 1e-4, positive };
    const build =
      (algorithm: 'threshold' | 'omp') =>
      (g: GraphBuilder, [x]: readonly V[]): V =>
        g.own('SparseCodes', [x], { ...attributes, algorithm }, { dtype: 'float64', shape: [null, 4] });
    expect(await difference([normal(random, 6, 3)], build('threshold'))).toBeUndefined();
    await expect(difference([normal(random, 6, 3)], build('omp'))).rejects.toThrow(/omp codes each row/);
  }
});
