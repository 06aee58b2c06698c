import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../graph/builder.js';
import type { Graph } from '../graph/graph.js';
import { float64, type Tensor, type Value } from '../graph/tensor.js';
import { plan } from './plan.js';

const rows = (g: GraphBuilder, width: number) =>
  g.input('x', { dtype: 'float64', shape: [null, width], layout: 'dense' });
const data = (value: Value | undefined): number[] => Array.from((value as Tensor).data as Float64Array);

describe('plan', () => {
  it('runs a lowered graph', async () => {
    const g = new GraphBuilder();
    const x = rows(g, 2);
    const y = g.linear(x, float64([1, 2], Float64Array.of(2, 3)), float64([1], Float64Array.of(1)));
    const { run } = await plan(g.finish([{ name: 'y', value: y }]));
    expect(data(run([float64([2, 2], Float64Array.of(1, 1, 0, 2))])[0])).toEqual([6, 7]);
  });

  it('computes what depends on constants only once, before any run', async () => {
    const g = new GraphBuilder();
    const x = rows(g, 1);
    let calls = 0;
    const count = (inputs: readonly Tensor[]): Tensor => {
      calls++;
      return inputs[0];
    };
    const constant = g.add(float64([1], Float64Array.of(1)), float64([1], Float64Array.of(2)));
    const custom = g.own(
      'Custom',
      [g.add(x, constant)],
      { run: count, name: 'count' },
      { dtype: 'float64', shape: [null, 1] },
    );
    const { run } = await plan(g.finish([{ name: 'y', value: custom }]));
    expect(calls).toBe(0);
    expect(data(run([float64([1, 1], Float64Array.of(4))])[0])).toEqual([7]);
    expect(data(run([float64([1, 1], Float64Array.of(5))])[0])).toEqual([8]);
    expect(calls).toBe(2);
  });

  it('does not run what no output needs', async () => {
    const g = new GraphBuilder();
    const x = rows(g, 1);
    const fail = (): Tensor => {
      throw new Error('ran');
    };
    g.own('Custom', [x], { run: fail, name: 'unused' }, { dtype: 'float64', shape: [null, 1] });
    const { run } = await plan(g.finish([{ name: 'y', value: g.neg(x) }]));
    expect(data(run([float64([1, 1], Float64Array.of(4))])[0])).toEqual([-4]);
  });

  it('names every operator that is missing, at once', async () => {
    const graph: Graph = {
      inputs: [{ name: 'x', value: 0, type: undefined }],
      outputs: [{ name: 'y', value: 2 }],
      nodes: [
        { domain: '', op: 'Nonsense', inputs: [0], outputs: [1], attributes: {} },
        { domain: 'acme', op: 'Frobnicate', inputs: [1], outputs: [2], attributes: {} },
      ],
      constants: new Map(),
      valueCount: 3,
      opsets: new Map([['', 21]]),
    };
    await expect(plan(graph)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await expect(plan(graph)).rejects.toThrow(/Nonsense.*acme:Frobnicate/);
  });

  it('refuses shapes that do not multiply while lowering, with the step’s name', () => {
    const g = new GraphBuilder();
    g.steps.push('steps[1][1]');
    const x = rows(g, 3);
    expect(() => g.linear(x, float64([1, 2], Float64Array.of(2, 3)))).toThrow(/\[\?, 3\].*\[1, 2\].*steps\[1\]\[1\]/);
  });

  it('ends a run that takes too many steps', async () => {
    const g = new GraphBuilder();
    const x = rows(g, 1);
    let y = x;
    for (let i = 0; i < 20; i++) y = g.add(y, 1);
    const { run } = await plan(g.finish([{ name: 'y', value: y }]), { steps: 10 });
    expect(() => run([float64([1, 1], Float64Array.of(0))])).toThrow(/more than 10 steps/);
  });
});
