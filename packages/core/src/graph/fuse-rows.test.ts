import { describe, expect, it } from 'vitest';
import { plan } from '../runtime/plan.js';
import { GraphBuilder } from './builder.js';
import { fuseRows } from './fuse-rows.js';
import type { Graph } from './graph.js';
import type { Tensor } from './tensor.js';

/** Numbers of many digits, of either sign, some of them zero. */
function numbers(n: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 29 === 0 ? 0 : state / 7e8;
  });
}

type Build = (x: ReturnType<GraphBuilder['input']>, g: GraphBuilder) => ReturnType<GraphBuilder['input']>;

/** One of rows of `p` columns. */
function graphOf(p: number, build: Build): Graph {
  const g = new GraphBuilder();
  const x = g.input('X', { dtype: 'float64', shape: [null, p], layout: 'dense' });
  return g.finish([{ name: 'y', value: build(x, g) }]);
}

const row = (p: number, seed: number): Tensor => ({ dtype: 'float64', shape: [p], data: numbers(p, seed) });
const matrix = (n: number, p: number, seed: number): Tensor => ({
  dtype: 'float64',
  shape: [n, p],
  data: numbers(n * p, seed),
});
const nonZero = (t: Tensor): Tensor => ({ ...t, data: (t.data as Float64Array).map((v) => (v === 0 ? 0.3 : v)) });

const finite =
  (who: string, nan = false): Build =>
  (x, g) => {
    const { dtype, shape, layout } = x;
    return g.own('Finite', [x], { who, nan, infinite: false, float32: false }, { dtype, shape, layout });
  };
const scaled: Build = (x, g) => {
  const p = x.shape[1]!;
  return g.div(g.sub(finite('the scaler', true)(x, g), g.value(row(p, 1))), g.value(nonZero(row(p, 2))));
};
const filled: Build = (x, g) => {
  const there = finite('the imputer', true)(x, g);
  return g.where(g.isNaN(there), g.value(row(x.shape[1]!, 3)), there);
};
const times =
  (m: number): Build =>
  (x, g) =>
    g.linear(finite('the model')(x, g), g.value(matrix(m, x.shape[1]!, 4)), g.value(row(m, 5)));
const clipped: Build = (x, g) =>
  g.max(g.min(g.add(g.mul(x, g.value(row(x.shape[1]!, 6))), g.value(row(x.shape[1]!, 7))), 1), -0.5);

const cases: readonly (readonly [string, Build])[] = [
  ['check and product', times(1)],
  ['check and wide product', times(5)],
  ['scaled', scaled],
  ['scaled, product', (x, g) => times(1)(scaled(x, g), g)],
  ['filled, scaled, product', (x, g) => times(3)(scaled(filled(x, g), g), g)],
  [
    'how far from the mean',
    (x, g) => {
      const off = g.sub(x, g.value(row(x.shape[1]!, 1)));
      return g.div(g.mul(off, off), g.value(nonZero(row(x.shape[1]!, 2))));
    },
  ],
  ['clipped, checked', (x, g) => finite('it')(clipped(x, g), g)],
  ['clipped, product', (x, g) => times(2)(clipped(finite('it')(x, g), g), g)],
];

/** What either graph says: its bits, or its refusal. */
async function answer(graph: Graph, x: Tensor): Promise<unknown> {
  const ready = await plan(graph);
  try {
    const [y] = ready.run([x]) as Tensor[];
    return { shape: y.shape, bits: [...new BigInt64Array((y.data as Float64Array).slice().buffer)] };
  } catch (error) {
    return (error as Error).message;
  }
}

describe('fuseRows', () => {
  it.each(cases)('%s: bit for bit what the nodes say, and the same refusals', async (_, build) => {
    for (const [n, p] of [
      [2731, 3],
      [1200, 8],
      [301, 30],
      [47, 255],
    ] as const) {
      const graph = graphOf(p, build);
      const fused = fuseRows(graph);
      expect(fused.nodes.map((node) => node.op)).toEqual(['Rows']);
      const x = matrix(n, p, 8);
      const data = x.data as Float64Array;
      expect(await answer(fused, x)).toEqual(await answer(graph, x));
      for (const odd of [NaN, Infinity, -Infinity, 1e300, -0]) {
        const kept = data[n * p - 2];
        data[n * p - 2] = odd;
        expect(await answer(fused, x)).toEqual(await answer(graph, x));
        data[n * p - 2] = kept;
      }
    }
  });

  it('leaves values that are read twice, and lone nodes', () => {
    const twice: Build = (x, g) => {
      const y = scaled(x, g);
      return g.mul(y, g.abs(y));
    };
    expect(fuseRows(graphOf(4, twice)).nodes.map((node) => node.op)).toEqual(['Rows', 'Abs', 'Mul']);
    expect(fuseRows(graphOf(4, finite('it'))).nodes.map((node) => node.op)).toEqual(['Finite']);
  });
});
