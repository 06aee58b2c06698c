import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BrineError } from '../../errors.js';
import { metricOf } from './distances.js';
import { argKmin, NeighborTree, type NeighborTreeState } from './neighbors.js';
import { heapPush, smallest, sortPairs, type SortOrder } from './topk.js';

// Written by oracle/make_kernels.py with scikit-learn 1.8 and 1.9: points on a grid, so that many distances are equal.
interface Saved {
  dtype: string;
  shape: number[];
  data: string;
}
interface TreeCase {
  kind: 'kd' | 'ball';
  metric: string;
  options: { p?: number };
  columns: number;
  data: Saved;
  index: Saved;
  bounds: Saved;
  starts: Saved;
  ends: Saved;
  isLeaf: Saved;
  radii: Saved;
  query: Saved;
  found: Record<string, [Saved, Saved]>;
  within: Record<string, [Saved, Saved, Saved, number[]]>;
}
interface Brute {
  data: Saved;
  query: Saved;
  distances: Saved;
  indices: Saved;
}
interface Fixture {
  trees: Record<string, TreeCase>;
  brute: Record<string, Brute>;
  sorts: [Saved, Saved, Saved][];
}

function fixture(version: string): Fixture {
  const file = new URL(`../../../../../fixtures/kernels/neighbors-${version}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Fixture;
}
const bytes = (a: Saved): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(a.data, 'base64'));
const floats = (a: Saved): Float64Array => new Float64Array(bytes(a).buffer);
const ints = (a: Saved): Int32Array =>
  a.dtype === '<i2' ? Int32Array.from(new Int16Array(bytes(a).buffer)) : new Int32Array(bytes(a).buffer);

function stateOf(saved: TreeCase): NeighborTreeState {
  return {
    kind: saved.kind,
    columns: saved.columns,
    data: floats(saved.data),
    indices: ints(saved.index),
    starts: ints(saved.starts),
    ends: ints(saved.ends),
    isLeaf: bytes(saved.isLeaf),
    radii: floats(saved.radii),
    bounds: floats(saved.bounds),
    metric: metricOf(saved.metric, saved.options),
  };
}

const same = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(Array.from(actual)).toEqual(Array.from(expected));
};
const close = (actual: Float64Array, expected: Float64Array, digits = 14): void => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((a, i) => {
    expect(a).toBeCloseTo(expected[i], digits);
  });
};

const versions: [string, SortOrder][] = [
  ['1.9', 'introsort'],
  ['1.8', 'quicksort'],
];

describe.each(versions)('as scikit-learn %s finds them', (version, order) => {
  const { trees, brute, sorts } = fixture(version);

  it.each(Object.entries(trees))('%s: the k nearest, equal ones in the same order', (_name, saved) => {
    const tree = new NeighborTree(stateOf(saved));
    for (const [k, [distances, indices]] of Object.entries(saved.found)) {
      const found = tree.query(floats(saved.query), saved.query.shape[0], Number(k), order);
      same(found.indices, ints(indices));
      close(found.distances, floats(distances));
    }
  });

  it.each(Object.entries(trees))('%s: all within a radius, in order of the tree and of distance', (_name, saved) => {
    const tree = new NeighborTree(stateOf(saved));
    for (const [radius, [distances, indices, ordered, counts]] of Object.entries(saved.within)) {
      const [x, n] = [floats(saved.query), saved.query.shape[0]];
      const found = tree.within(x, n, Number(radius));
      same(found.indices, ints(indices));
      close(found.distances, floats(distances));
      same(found.indptr, [0, ...counts.map((_, i) => counts.slice(0, i + 1).reduce((a, b) => a + b))]);
      same(tree.within(x, n, Number(radius), order).indices, ints(ordered));
    }
  });

  it.each(Object.entries(brute))('by brute force: %s', (name, saved) => {
    const [n, columns] = saved.query.shape;
    const metric = metricOf(name.split(' ')[0]);
    const k = saved.indices.shape[1];
    const found = argKmin(floats(saved.query), n, floats(saved.data), saved.data.shape[0], columns, k, metric, order);
    same(found.indices, ints(saved.indices));
    close(found.distances, floats(saved.distances));
  });

  it('sorts', () => {
    for (const [values, before, after] of sorts) {
      const [v, i] = [floats(values), ints(before)];
      sortPairs(v, i, 0, v.length, order);
      same(i, ints(after));
      same(
        v,
        Array.from(v).sort((a, b) => a - b),
      );
    }
  });
});

describe('sorting', () => {
  it('falls back to a heap where medians do not help', () => {
    // The pattern of Musser's median-of-three killer: introsort's depth limit must end it.
    const n = 2000;
    const half = n / 2;
    const killer = Float64Array.from({ length: n }, (_, i) =>
      i < half ? (i % 2 === 0 ? i + 1 : half + i + (i % 2)) : (i - half + 1) * 2,
    );
    const indices = Int32Array.from(killer.keys());
    const values = killer.slice();
    sortPairs(values, indices, 0, n);
    same(values, killer.slice().sort());
    same(
      values,
      Array.from(indices, (i) => killer[i]),
    );
  });

  it('keeps the smallest, equal ones in order, NaN last', () => {
    const values = Float64Array.of(9, 3, NaN, 1, 3, 1, 0, NaN, 3);
    same(smallest(values, 1, 8, 5), [5, 2, 4, 0, 3]);
    same(smallest(values, 0, 9, 20), [6, 3, 5, 1, 4, 8, 0, 2, 7]);
    const many = Float64Array.from({ length: 500 }, (_, i) => (i * 7919) % 13);
    const sorted = Array.from(many.keys()).sort((a, b) => many[a] - many[b] || a - b);
    for (const k of [0, 1, 64, 65, 500]) same(smallest(many, 0, 500, k), sorted.slice(0, k));
  });

  it('never keeps NaN on a heap', () => {
    const [values, indices] = [Float64Array.of(Infinity, Infinity), new Int32Array(2)];
    for (const [i, v] of [NaN, 3, Infinity, 2, NaN, 1].entries()) heapPush(values, indices, 0, 2, v, i);
    same(values, [2, 1]);
    same(indices, [3, 5]);
  });
});

describe('hostile trees', () => {
  const good = stateOf(fixture('1.9').trees['k-d euclidean']);
  const changed = (over: Partial<NeighborTreeState>): (() => unknown) => {
    return () => new NeighborTree({ ...good, ...over });
  };
  const at = (array: Int32Array, i: number, value: number): Int32Array => array.map((v, j) => (j === i ? value : v));

  it('are refused', () => {
    for (const [over, message] of [
      [{ indices: at(good.indices, 3, 150) }, /names point 150/],
      [{ indices: at(good.indices, 3, -1) }, /names point -1/],
      [{ ends: at(good.ends, 0, 149) }, /root .* points 0 to 149 of 150/],
      [{ ends: at(good.ends, 1, 150) }, /node 0 .* does not split/],
      [{ starts: at(good.starts, 5, 0) }, /node 2 .* does not split/],
      [{ isLeaf: new Uint8Array(good.isLeaf.length) }, /does not split/],
      [{ bounds: good.bounds.subarray(1) }, /bounds/],
      [{ data: good.data.subarray(1) }, /coordinates/],
      [{ radii: good.radii.subarray(1) }, /radii/],
      [{ starts: new Int32Array(0) }, /0 nodes/],
    ] as const) {
      expect(changed(over)).toThrow(BrineError);
      expect(changed(over)).toThrow(message);
    }
  });

  it('are asked for no more points than they hold', () => {
    const tree = new NeighborTree(good);
    expect(() => tree.query(new Float64Array(3), 1, 151)).toThrow(/151 neighbours asked for, but there are 150/);
    expect(() => tree.query(new Float64Array(2), 1, 1)).toThrow(BrineError);
  });

  it('find nothing near NaN', () => {
    const tree = new NeighborTree(good);
    expect(tree.within(Float64Array.of(NaN, 0, 0), 1, 1000).indices.length).toBe(0);
  });
});
