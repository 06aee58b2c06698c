import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './builder.js';
import type { Graph } from './graph.js';
import { toSingle } from './single.js';
import { float64, int64, type Tensor } from './tensor.js';

const MOST = 3.4028234663852886e38;
const wide = (...values: number[]): Tensor => float64([values.length], Float64Array.from(values));

function withConstants(...constants: Tensor[]): Graph {
  const g = new GraphBuilder();
  const x = g.input('x', { dtype: 'float64', shape: [null, 1], layout: 'dense' });
  const outputs = constants.map((c, i) => ({
    name: `y${i}`,
    value: c.dtype === 'float64' ? g.add(x, c) : g.constant(c),
  }));
  return toSingle(g.finish([...outputs, { name: 'cast', value: g.cast(x, 'float64') }]));
}

describe('toSingle', () => {
  it('turns inputs, constants, types and casts to float64 into float32, and nothing else', () => {
    const graph = withConstants(wide(0.1, 2), int64([1], [7]));
    expect(graph.inputs[0].type?.dtype).toBe('float32');
    const held = [...graph.constants.values()] as Tensor[];
    expect(held.map((c) => c.dtype)).toEqual(['float32', 'int64']);
    expect(Array.from(held[0].data as Float32Array)).toEqual([Math.fround(0.1), 2]);
    expect(graph.types?.some((t) => t.dtype === 'float64')).toBe(false);
    const casts = graph.nodes.filter((n) => n.op === 'Cast').map((n) => n.attributes['to']);
    expect(casts.every((to) => to === 'float32')).toBe(true);
  });

  it('keeps bounds that float32 cannot hold finite, and what is infinite infinite', () => {
    const [constant] = [
      ...withConstants(wide(1e300, -1e300, Infinity, -Infinity, NaN, -0)).constants.values(),
    ] as Tensor[];
    expect(Array.from(constant.data as Float32Array)).toEqual([MOST, -MOST, Infinity, -Infinity, NaN, -0]);
  });

  it('rounds thresholds down, so that every float32 goes the way it went', () => {
    const steps = new Float32Array([0.1]);
    const bits = new Uint32Array(steps.buffer);
    const at = steps[0];
    bits[0]++;
    const above = steps[0];
    const between = (at + above) / 2;
    const node = (name: string) => ({
      ...{ domain: 'ai.onnx.ml', op: 'TreeEnsemble', inputs: [0], outputs: [1] },
      attributes: { [name]: wide(at, between, above - 1e-12, above), leaf_weights: wide(0.1) },
    });
    for (const name of ['nodes_splits', 'nodes_values_as_tensor']) {
      const graph: Graph = {
        ...{ inputs: [], outputs: [], constants: new Map(), valueCount: 2, opsets: new Map([['', 13]]) },
        nodes: [node(name)],
      };
      const [{ attributes }] = toSingle(graph).nodes;
      const splits = attributes[name] as Tensor;
      expect(Array.from(splits.data as Float32Array)).toEqual([at, at, at, above]);
      expect((attributes['leaf_weights'] as Tensor).dtype).toBe('float32');
    }
  });

  it('does the same in the bodies of control flow', () => {
    const g = new GraphBuilder();
    const x = g.input('x', { dtype: 'float64', shape: [null, 1], layout: 'dense' });
    const body = g.finish([{ name: 'y', value: g.add(x, wide(0.1)) }]);
    const outer: Graph = {
      ...{ inputs: [], outputs: [], constants: new Map(), valueCount: 1, opsets: body.opsets },
      nodes: [{ domain: '', op: 'If', inputs: [0], outputs: [], attributes: { then_branch: body, else_branch: body } }],
    };
    const inner = toSingle(outer).nodes[0].attributes['then_branch'] as Graph;
    expect(([...inner.constants.values()][0] as Tensor).dtype).toBe('float32');
  });
});
