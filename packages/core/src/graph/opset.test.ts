import { describe, expect, it } from 'vitest';
import { BrineError } from '../errors.js';
import { GraphBuilder, type V } from './builder.js';
import type { Attribute, Graph } from './graph.js';
import { irVersionOf, NEWEST_OPSET, OLDEST_OPSET, toOpset, USUAL_OPSET } from './opset.js';
import { float64, int64 } from './tensor.js';

const x = (g: GraphBuilder, shape: (number | null)[] = [null, 3]): V =>
  g.input('x', { dtype: 'float64', shape, layout: 'dense' });

/** One operator over `x`, in the form in which graphs are built. */
function graphOf(
  op: string,
  more: readonly V[] | ((g: GraphBuilder) => readonly V[]) = [],
  attributes = {},
  domain = '',
): Graph {
  const g = new GraphBuilder();
  const given = x(g);
  const rest = typeof more === 'function' ? more(g) : more;
  const type = { dtype: 'float64' as const, shape: [null, 3] };
  return g.finish([{ name: 'y', value: g.typed(op, [given, ...rest], attributes, [type], domain)[0] }]);
}
const axes = (g: GraphBuilder): V[] => [g.constant(int64([1], [1]))];

function older(graph: Graph, opset?: number, isText = false): Graph {
  return toOpset(graph, opset, { isText: () => isText, rankOf: (id) => graph.types?.[id]?.shape?.length });
}
const opsOf = (graph: Graph): string[] => graph.nodes.map((n) => n.op);
const refusal = (act: () => unknown): BrineError => {
  try {
    act();
  } catch (error) {
    if (error instanceof BrineError) return error;
  }
  throw new Error('it was not refused');
};

describe('toOpset', () => {
  it('writes the usual opset, or the lowest that has what is used', () => {
    expect(older(graphOf('Exp')).opsets.get('')).toBe(USUAL_OPSET);
    expect(older(graphOf('Gelu')).opsets.get('')).toBe(20);
    expect(older(graphOf('ReduceMax', axes)).opsets.get('')).toBe(USUAL_OPSET);
  });

  it.each([
    ['ReduceMax', 18],
    ['ReduceL2', 18],
    ['ReduceSum', 13],
    ['Unsqueeze', 13],
  ])('gives %s its axes as an input from opset %i, as an attribute before', (op, since) => {
    const now = older(graphOf(op, axes), since).nodes[0];
    expect(now.inputs).toHaveLength(2);
    const before = older(graphOf(op, axes), since - 1).nodes[0];
    expect(before.inputs).toHaveLength(1);
    expect(before.attributes['axes']).toEqual([1]);
  });

  it('refuses axes that only the run tells, where they would have to be an attribute', () => {
    const graph = graphOf('ReduceSum', (g) => [g.input('axes', { dtype: 'int64', shape: [1], layout: 'dense' })]);
    expect(older(graph, 13).nodes[0].inputs).toHaveLength(2);
    expect(refusal(() => older(graph, 12)).message).toBe('ReduceSum needs opset 13, opset 12 was asked for');
  });

  it('says less or equal as less, or equal, before 12', () => {
    const graph = graphOf('LessOrEqual', (g) => [g.constant(float64([1], Float64Array.of(1)))]);
    expect(opsOf(older(graph, 12))).toEqual(['LessOrEqual']);
    const before = older(graph, 11);
    expect(opsOf(before)).toEqual(['Less', 'Equal', 'Or']);
    expect(before.nodes[2].inputs).toEqual([before.nodes[0].outputs[0], before.nodes[1].outputs[0]]);
    expect(before.nodes[2].outputs).toEqual(graph.nodes[0].outputs);
    expect(before.valueCount).toBe(graph.valueCount + 2);
  });

  it('gives Softmax of old the last axis only, by its number', () => {
    expect(older(graphOf('Softmax', [], { axis: -1 }), 12).nodes[0].attributes['axis']).toBe(1);
    expect(refusal(() => older(graphOf('Softmax', [], { axis: 0 }), 12)).code).toBe('UNSUPPORTED');
  });

  it('refuses an opset that lacks an operator, and names both and the step', () => {
    const g = new GraphBuilder();
    const given = x(g);
    g.steps.push('scale');
    const value = g.typed('IsInf', [given], {}, [{ dtype: 'bool', shape: [null, 3] }])[0];
    g.steps.pop();
    const error = refusal(() => older(g.finish([{ name: 'y', value }]), 9));
    expect(error.message).toContain('IsInf needs opset 10, opset 9 was asked for');
    expect(error.place?.path).toContain('scale');
  });

  it.each([OLDEST_OPSET - 1, NEWEST_OPSET + 1, 13.5, NaN])('refuses opset %d', (opset) => {
    expect(refusal(() => older(graphOf('Exp'), opset)).code).toBe('BAD_ARGUMENT');
  });

  it('needs 19 to compare text, and 16 or 18 for scatters that reduce', () => {
    const equal = graphOf('Equal', (g) => [g.constant(float64([1], Float64Array.of(1)))]);
    expect(older(equal, undefined, true).opsets.get('')).toBe(19);
    expect(older(equal).opsets.get('')).toBe(USUAL_OPSET);
    for (const [reduction, least] of [
      ['add', 16],
      ['max', 18],
      ['none', USUAL_OPSET],
    ] as const)
      expect(older(graphOf('ScatterND', [], { reduction })).opsets.get('')).toBe(least);
  });

  it('imports the version of ai.onnx.ml that the operators need, and onnxruntime’s own only where used', () => {
    const versions = (op: string, attributes: Record<string, Attribute>, domain = 'ai.onnx.ml') =>
      [...older(graphOf(op, [], attributes, domain)).opsets].filter(([d]) => d !== '');
    const t = float64([1], Float64Array.of(1));
    expect(versions('TreeEnsemble', { nodes_splits: t })).toEqual([['ai.onnx.ml', 5]]);
    expect(versions('TreeEnsembleRegressor', { nodes_values_as_tensor: t })).toEqual([['ai.onnx.ml', 3]]);
    expect(versions('TreeEnsembleRegressor', { nodes_values: [1] })).toEqual([['ai.onnx.ml', 1]]);
    expect(versions('LabelEncoder', { keys_tensor: t })).toEqual([['ai.onnx.ml', 4]]);
    expect(versions('LabelEncoder', { keys_strings: ['a'] })).toEqual([['ai.onnx.ml', 2]]);
    expect(versions('CDist', {}, 'com.microsoft')).toEqual([['com.microsoft', 1]]);
    expect(versions('Exp', {}, '')).toEqual([]);
  });

  it('converts the bodies of control flow too', () => {
    const body = graphOf('ReduceMax', axes);
    const graph: Graph = {
      ...{ inputs: [], outputs: [], constants: new Map(), valueCount: 1, opsets: new Map([['', 21]]) },
      nodes: [{ domain: '', op: 'If', inputs: [0], outputs: [], attributes: { then_branch: body, else_branch: body } }],
    };
    const inner = older(graph, 13).nodes[0].attributes['then_branch'] as Graph;
    expect(inner.nodes[0].attributes['axes']).toEqual([1]);
    expect(inner.opsets.get('')).toBe(13);
    expect(refusal(() => older(graph, 10)).message).toContain('If needs opset 11');
  });
});

describe('irVersionOf', () => {
  it.each([
    [7, 0, 4],
    [11, 0, 6],
    [13, 0, 7],
    [13, 3, 8],
    [13, 5, 10],
    [21, 0, 10],
    [23, 0, 11],
  ])('opset %i with ai.onnx.ml %i has IR %i', (opset, ml, ir) => {
    expect(irVersionOf(new Map([['', opset], ...(ml > 0 ? [['ai.onnx.ml', ml] as const] : [])]))).toBe(ir);
  });
});
