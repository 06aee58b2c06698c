import { describe, expect, it } from 'vitest';
import { float64, int64, type Tensor } from './tensor.js';
import type { Graph, Node } from './graph.js';
import { GraphBuilder } from './builder.js';
import { simplify } from './simplify.js';

const one = (x: number): Tensor => float64([1], Float64Array.of(x));
const input = (g: GraphBuilder) => g.input('x', { dtype: 'float64', shape: [null, 2], layout: 'dense' });
const ops = (graph: Graph): string[] => graph.nodes.map((n) => n.op);

describe('simplify', () => {
  it('computes once what is written twice, over chains', () => {
    const g = new GraphBuilder();
    const x = input(g);
    const twice = [0, 1].map(() => g.exp(g.add(x, one(2))));
    const graph = simplify(g.finish([{ name: 'y', value: g.mul(twice[0], twice[1]) }]));
    expect(ops(graph)).toEqual(['Add', 'Exp', 'Mul']);
    expect(new Set(graph.nodes[2].inputs).size).toBe(1);
  });

  it('keeps what differs in operator, input, order or attribute', () => {
    const g = new GraphBuilder();
    const x = input(g);
    const parts = [g.sub(x, one(2)), g.sub(one(2), x), g.sub(x, one(3)), g.add(x, one(2)), g.cast(x, 'float32')];
    const sums = [g.sum(x, 1, false), g.sum(x, 0, false)];
    const names = [...parts, ...sums].map((value, i) => ({ name: `y${i}`, value }));
    expect(simplify(g.finish(names)).nodes).toHaveLength(7);
  });

  it('knows constants by their content, the sign of zero and the type', () => {
    const g = new GraphBuilder();
    const x = input(g);
    const values = [one(0), one(0), one(-0), int64([1], [0]), float64([1, 1], Float64Array.of(0)), one(NaN), one(NaN)];
    const used = values.map((v, i) => ({ name: `y${i}`, value: v.dtype === 'int64' ? g.constant(v) : g.add(x, v) }));
    const graph = simplify(g.finish(used));
    expect(graph.constants.size).toBe(5);
    expect(ops(graph)).toHaveLength(4);
    const outputs = graph.outputs.map((o) => o.value);
    expect(outputs[0]).toBe(outputs[1]);
    expect(outputs[5]).toBe(outputs[6]);
    expect(outputs[2]).not.toBe(outputs[0]);
  });

  it('leaves out nodes and constants that no output needs, and keeps every output of a node that one needs', () => {
    const g = new GraphBuilder();
    const x = input(g);
    g.mul(x, one(7));
    const [, places] = g.nodes('TopK', [x, g.constant(int64([1], [1]))], { axis: 1 }, 2);
    const graph = simplify(g.finish([{ name: 'y', value: places }]));
    expect(ops(graph)).toEqual(['TopK']);
    expect(graph.nodes[0].outputs).toHaveLength(2);
    expect(graph.constants.size).toBe(1);
  });

  it('follows what a body reads of the graph around it', () => {
    const g = new GraphBuilder();
    const x = input(g);
    const [a, b] = [g.exp(x), g.exp(x)];
    const graph = g.finish([{ name: 'y', value: g.add(a, b) }]);
    const inner: Graph = {
      ...{ inputs: [], outputs: [{ name: 'z', value: 0 }], nodes: [], constants: new Map(), valueCount: 1 },
      ...{ opsets: graph.opsets, captures: new Map([[0, graph.nodes[1].outputs[0]]]) },
    };
    const branch: Node = {
      domain: '',
      op: 'If',
      inputs: [graph.inputs[0].value],
      outputs: [graph.valueCount],
      attributes: { then_branch: inner, else_branch: inner },
    };
    const whole: Graph = {
      ...graph,
      nodes: [...graph.nodes, branch],
      valueCount: graph.valueCount + 1,
      outputs: [{ name: 'w', value: graph.valueCount }],
    };
    const found = simplify(whole);
    expect(ops(found)).toEqual(['Exp', 'If']);
    const body = found.nodes[1].attributes['then_branch'] as Graph;
    expect(body.captures?.get(0)).toBe(found.nodes[0].outputs[0]);
  });
});
