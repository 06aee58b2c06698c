import { describe, expect, it } from 'vitest';
import { difference, normal, seeded } from '../../runtime/expansion.testing.js';
import type { GraphBuilder, V } from '../builder.js';
import type { NeighborIndex, NeighborMetric } from '../neighbor-index.js';
import { float64, type Tensor } from '../tensor.js';

const COLUMNS = 3;
const COUNT = 30;
const random = seeded(7);
const points = normal(random, COUNT, COLUMNS);
/** New rows, and some that are points: at distance 0. */
const rows = float64(
  [12, COLUMNS],
  Float64Array.of(
    ...(points.data as Float64Array).subarray(0, 12),
    ...(normal(random, 8, COLUMNS).data as Float64Array),
  ),
);

/** A tree of one leaf: searched point by point, without bounds. */
const leaf = {
  kind: 'ball' as const,
  indices: Int32Array.from({ length: COUNT }, (_, i) => i),
  starts: Int32Array.of(0),
  ends: Int32Array.of(COUNT),
  isLeaf: Uint8Array.of(1),
  radii: Float64Array.of(1e9),
  bounds: new Float64Array(COLUMNS),
};

function index(metric: NeighborMetric, way: 'tree' | 'heap' | 'plain', of: Tensor = points): NeighborIndex {
  const tree = way === 'tree' ? leaf : undefined;
  return { points: of, count: COUNT, metric, tree, heap: way === 'heap', sort: 'introsort' };
}

const graphType = { dtype: 'float64', shape: [null, COUNT], layout: 'csr' } as const;

const table =
  (of: NeighborIndex, k: number) =>
  (g: GraphBuilder, [x]: readonly V[]): readonly V[] => {
    const graph = g.own('Neighbors', [x], { index: of, k }, graphType);
    return g.ownMany('NeighborTable', [graph], { k }, [
      { dtype: 'float64', shape: [null, k] },
      { dtype: 'int64', shape: [null, k] },
    ]);
  };

const variances = Float64Array.of(0.5, 2, 1);
const inverse = Float64Array.of(2, 0.3, 0, 0.3, 1, 0.1, 0, 0.1, 0.7);
const ways: readonly ('tree' | 'heap' | 'plain')[] = ['tree', 'heap', 'plain'];

describe('metrics in ONNX operators', () => {
  const metrics: NeighborMetric[] = [
    ...['euclidean', 'l1', 'chebyshev', 'canberra', 'braycurtis'].map((name) => ({ name })),
    { name: 'minkowski', p: 3 },
    { name: 'minkowski', p: 1.5, w: variances },
    { name: 'seuclidean', V: variances },
  ];
  for (const metric of metrics)
    for (const way of ways)
      it(`${metric.name} ${metric.p ?? ''} by ${way}`, async () => {
        // Squares written out leave 1e-8 where rows are points.
        const rounding = way !== 'tree' && metric.name === 'euclidean' ? 1e-7 : 1e-14;
        expect(await difference([rows], table(index(metric, way), 4), { atol: rounding })).toBeUndefined();
      });

  for (const metric of [{ name: 'cosine' }, { name: 'correlation' }, { name: 'mahalanobis', VI: inverse }])
    it(`${metric.name} as scipy has it`, async () => {
      expect(await difference([rows], table(index(metric, 'plain'), 4), { atol: 1e-12 })).toBeUndefined();
    });

  it('haversine', async () => {
    const two = (x: Tensor): Tensor =>
      float64(
        [x.shape[0], 2],
        (x.data as Float64Array).filter((_, i) => i % 3 < 2),
      );
    const of = index({ name: 'haversine' }, 'heap', two(points));
    expect(await difference([two(rows)], table(of, 5), { atol: 1e-12 })).toBeUndefined();
  });

  it('gaps are left out', async () => {
    const holed = (x: Tensor, seed: number): Tensor => {
      const holes = seeded(seed);
      return float64(
        x.shape,
        (x.data as Float64Array).map((v) => (holes() < 0.2 ? NaN : v)),
      );
    };
    const of = index({ name: 'nan_euclidean' }, 'plain', holed(points, 3));
    const given = holed(rows, 11);
    expect(await difference([given], table(of, 3), { atol: 1e-7 })).toBeUndefined();
  });

  for (const name of ['jaccard', 'hamming', 'dice', 'rogerstanimoto', 'russellrao', 'sokalsneath', 'matching'])
    it(`${name} of truth values`, async () => {
      const bits = (count: number, seed: number): Tensor => {
        const next = seeded(seed);
        // Many columns, so that few distances are equal.
        return float64(
          [count, 40],
          Float64Array.from({ length: count * 40 }, () => (next() < 0.4 ? 1 : 0)),
        );
      };
      const within = (g: GraphBuilder, [x]: readonly V[]): V =>
        g.own(
          'NeighborsWithin',
          [x],
          { index: index({ name }, 'plain', bits(COUNT, 5)), radius: 0.62, sorted: false },
          graphType,
        );
      expect(await difference([bits(9, 2)], within)).toBeUndefined();
    });

  it('refuses a metric that it does not know', async () => {
    await expect(difference([rows], table(index({ name: 'pyfunc' }, 'plain'), 2))).rejects.toThrow(/pyfunc/);
  });
});

describe('votes and means of neighbours in ONNX operators', () => {
  const codes = Int32Array.from({ length: COUNT }, (_, i) => i % 3);
  const targets = normal(random, COUNT, 2).data as Float64Array;
  const tree = index({ name: 'euclidean' }, 'tree');

  for (const uniform of [true, false]) {
    const label = uniform ? 'alike' : 'by distance';
    it(`${label}, of the nearest`, async () => {
      const build = (g: GraphBuilder, [x]: readonly V[]): readonly V[] => {
        const graph = g.own('Neighbors', [x], { index: tree, k: 5 }, graphType);
        const vote = { codes, classes: 3, uniform, pairwise: false, none: {} };
        return [
          g.own('NeighborVotes', [graph], vote, { dtype: 'float64', shape: [null, 3] }),
          g.own(
            'NeighborMeans',
            [graph],
            { targets, outputs: 2, uniform, none: NaN },
            { dtype: 'float64', shape: [null, 2] },
          ),
          g.own('Connectivity', [graph], {}, graphType),
          graph,
        ];
      };
      expect(await difference([rows], build)).toBeUndefined();
    });

    it(`${label}, within a radius that some rows have nobody in`, async () => {
      const build = (g: GraphBuilder, [x]: readonly V[]): readonly V[] => {
        const graph = g.own('NeighborsWithin', [x], { index: tree, radius: 0.45, sorted: false }, graphType);
        const vote = { codes, classes: 3, uniform, pairwise: false, none: { column: 1 } };
        return [
          g.own('NeighborVotes', [graph], vote, { dtype: 'float64', shape: [null, 3] }),
          g.own(
            'NeighborMeans',
            [graph],
            { targets, outputs: 2, uniform, none: -1 },
            { dtype: 'float64', shape: [null, 2] },
          ),
          graph,
        ];
      };
      expect(await difference([rows], build)).toBeUndefined();
    });
  }

  it('ends the run where a row without neighbours is refused', async () => {
    const build = (g: GraphBuilder, [x]: readonly V[]): V => {
      const graph = g.own('NeighborsWithin', [x], { index: tree, radius: 0.01, sorted: false }, graphType);
      const vote = { codes, classes: 3, uniform: true, pairwise: false, none: { refuse: 'nobody near' } };
      return g.own('NeighborVotes', [graph], vote, { dtype: 'float64', shape: [null, 3] });
    };
    const first = float64([1, COLUMNS], (points.data as Float64Array).slice(0, COLUMNS));
    expect(await difference([first], build)).toBeUndefined();
    await expect(difference([rows], build)).rejects.toThrow();
  });

  it('goes on from the graph of another search', async () => {
    const given: NeighborIndex = { ...tree, points: undefined, metric: { name: 'precomputed' }, tree: undefined };
    const build = (g: GraphBuilder, [x]: readonly V[]): readonly V[] => {
      const first = g.own('Neighbors', [x], { index: tree, k: 7 }, graphType);
      const graph = g.own('Neighbors', [first], { index: given, k: 3 }, graphType);
      return g.ownMany('NeighborTable', [graph], { k: 3 }, [
        { dtype: 'float64', shape: [null, 3] },
        { dtype: 'int64', shape: [null, 3] },
      ]);
    };
    expect(await difference([rows], build)).toBeUndefined();
  });

  it('takes the first of equal points, and finds one neighbour', async () => {
    const twins = float64([COUNT, COLUMNS], new Float64Array(COUNT * COLUMNS).fill(1));
    const build = (g: GraphBuilder, [x]: readonly V[]): V =>
      table(index({ name: 'euclidean' }, 'plain', twins), 1)(g, [x])[1];
    expect(await difference([rows], build)).toBeUndefined();
  });
});
