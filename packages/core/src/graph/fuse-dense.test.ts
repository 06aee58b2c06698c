import { describe, expect, it } from 'vitest';
import { plan } from '../runtime/plan.js';
import { fuseDense } from './fuse-dense.js';
import type { Graph, Node } from './graph.js';
import type { Tensor, Value } from './tensor.js';

type Maker = typeof Float32Array | typeof Float64Array;

/** Small integers, of which every sum is exact in either precision. */
function numbers(Made: Maker, n: number, seed: number): Float32Array | Float64Array {
  let state = seed;
  const out = new Made(n);
  for (let i = 0; i < n; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    out[i] = (state >>> 29) - 3;
  }
  return out;
}

const tensor = (Made: Maker, shape: number[], seed: number): Tensor => ({
  dtype: Made === Float32Array ? 'float32' : 'float64',
  shape,
  data: numbers(
    Made,
    shape.reduce((a, b) => a * b, 1),
    seed,
  ),
});

/** x → Gemm (bᵀ) → Relu → MatMul → Add → Relu → Gemm, without a bias: widths that fill no panel. */
function network(Made: Maker, widths: readonly [number, number, number, number], also: number[] = []): Graph {
  const [a, b, c, d] = widths;
  const constants = new Map<number, Value>([
    [1, tensor(Made, [b, a], 1)],
    [2, tensor(Made, [b], 2)],
    [5, tensor(Made, [b, c], 3)],
    [7, tensor(Made, [1, c], 4)],
    [10, tensor(Made, [c, d], 5)],
  ]);
  const node = (op: string, inputs: number[], output: number, attributes: Node['attributes'] = {}): Node => ({
    domain: '',
    op,
    inputs,
    outputs: [output],
    attributes,
  });
  return {
    inputs: [{ name: 'x', value: 0, type: undefined }],
    outputs: [11, ...also].map((value) => ({ name: `y${value}`, value })),
    nodes: [
      node('Gemm', [0, 1, 2], 3, { transB: 1 }),
      node('Relu', [3], 4),
      node('MatMul', [4, 5], 6),
      node('Add', [7, 6], 8),
      node('Relu', [8], 9),
      node('Gemm', [9, 10], 11),
    ],
    constants,
    valueCount: 12,
    opsets: new Map([['', 17]]),
  };
}

const ops = (graph: Graph): string[] => graph.nodes.map((n) => n.op);

describe.each([Float32Array, Float64Array])('dense layers of %o', (Made) => {
  it.each([1, 3, 130, 257])('%i rows at once are what the nodes answer, one after the other', async (n) => {
    const graph = network(Made, [1030, 250, 35, 3]);
    const fused = fuseDense(graph);
    expect(ops(fused)).toEqual(['Dense']);
    const x = tensor(Made, [n, 1030], 6);
    const [got, wanted] = [(await plan(fused)).run([x]), (await plan(graph)).run([x])];
    expect(got).toEqual(wanted);
  });

  it('two networks in turns each have their own weights; NaN and infinities pass', async () => {
    const graphs = [network(Made, [64, 600, 200, 70]), network(Made, [64, 500, 250, 1])];
    const x = tensor(Made, [9, 64], 7);
    (x.data as Float64Array)[3] = NaN;
    (x.data as Float64Array)[70] = Infinity;
    const plans = await Promise.all(graphs.flatMap((g) => [plan(fuseDense(g)), plan(g)]));
    for (let turn = 0; turn < 2; turn++)
      for (const i of [0, 2]) expect(plans[i].run([x])).toEqual(plans[i + 1].run([x]));
  });

  it('other inputs are for the nodes: few rows, other ranks; what they refuse is refused', async () => {
    const graph = network(Made, [8, 6, 5, 2]);
    const [fused, plain] = await Promise.all([plan(fuseDense(graph)), plan(graph)]);
    const x = tensor(Made, [2, 8], 8);
    expect(fused.run([x])).toEqual(plain.run([x]));
    const wrong = tensor(Made, [2, 9], 8);
    expect(() => fused.run([wrong])).toThrow(/9 columns against 8/);
  });

  it('layers too large for the memory are for the nodes', async () => {
    const graph = network(Made, [3, 2100, 2100, 2]);
    const x = tensor(Made, [2, 3], 9);
    expect((await plan(fuseDense(graph))).run([x])).toEqual((await plan(graph)).run([x]));
  });
});

describe('what is no chain stays', () => {
  it('a value in between that is asked for', () => {
    expect(ops(fuseDense(network(Float64Array, [8, 6, 5, 2], [4])))).toEqual(['Gemm', 'Relu', 'Dense']);
    expect(ops(fuseDense(network(Float64Array, [8, 6, 5, 2], [9])))).toEqual(['Dense', 'Gemm']);
  });

  it('chains without end are walked once', () => {
    const graph = network(Float64Array, [8, 8, 8, 8]);
    const [, relu, , , , gemm] = graph.nodes;
    const nodes = Array.from({ length: 30_000 }, (_, i) => ({ ...gemm, inputs: [20 + i, 10], outputs: [21 + i] }));
    const long = { ...graph, nodes: [...nodes, { ...relu, inputs: [1], outputs: [9] }] };
    const start = performance.now();
    expect(fuseDense(long)).toBe(long);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('weights of two types, scaled products, a bias for rows', () => {
    const graph = network(Float64Array, [8, 6, 5, 2]);
    const mixed = { ...graph, constants: new Map([...graph.constants, [5, tensor(Float32Array, [6, 5], 1)]]) };
    expect(ops(fuseDense(mixed))).not.toContain('Dense');
    const scaled = graph.nodes.map((n) => (n.op === 'Gemm' ? { ...n, attributes: { ...n.attributes, alpha: 2 } } : n));
    expect(ops(fuseDense({ ...graph, nodes: scaled }))).not.toContain('Dense');
    const rows = { ...graph, constants: new Map([...graph.constants, [2, tensor(Float64Array, [6, 1], 1)]]) };
    expect(ops(fuseDense(rows))).toEqual(['Gemm', 'Relu', 'Dense']);
  });
});
