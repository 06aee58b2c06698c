import { describe, expect, it } from 'vitest';
import { BrineError } from '../../errors.js';
import type { Attribute, Graph, Node } from '../../graph/graph.js';
import { float64, int64, type Tensor, type Value } from '../../graph/tensor.js';
import type { RunLimits } from '../budget.js';
import { plan } from '../plan.js';

const bool = (v: number): Tensor => ({ dtype: 'bool', shape: [], data: Uint8Array.of(v) });

/** A graph of one node over inputs 0 … n-1, whose outputs are its outputs. */
function single(
  op: string,
  inputs: number,
  attributes: Record<string, Attribute> = {},
  outputs = 1,
  domain = '',
): Graph {
  const node: Node = {
    domain,
    op,
    inputs: Array.from({ length: inputs }, (_, i) => i),
    outputs: Array.from({ length: outputs }, (_, i) => inputs + i),
    attributes,
  };
  return {
    inputs: node.inputs.map((i) => ({ name: `i${i}`, value: i, type: undefined })),
    outputs: node.outputs.map((o) => ({ name: `o${o}`, value: o })),
    nodes: [node],
    constants: new Map(),
    valueCount: inputs + outputs,
    opsets: new Map([['', 21]]),
  };
}

async function codeOf(graph: Graph, inputs: readonly (Value | undefined)[], limits: RunLimits): Promise<string> {
  try {
    (await plan(graph, limits)).run(inputs);
    return 'nothing thrown';
  } catch (error) {
    return error instanceof BrineError ? error.code : `not a BrineError: ${String(error)}`;
  }
}

const limits: RunLimits = { steps: 5000, bytes: 1e8 };

/** A loop's body that hands its condition on, with more nodes and outputs. */
function body(
  nodes: readonly Node[],
  results: readonly number[],
  valueCount: number,
  constants = new Map<number, Value>(),
): Graph {
  return {
    inputs: [0, 1, 2].map((i) => ({ name: `b${i}`, value: i, type: undefined })),
    outputs: [1, ...results].map((value, i) => ({ name: `r${i}`, value })),
    nodes,
    constants,
    valueCount,
    opsets: new Map([['', 21]]),
  };
}

describe('hostile graphs', () => {
  it('end an endless loop', async () => {
    const forever = single('Loop', 3, { body: body([], [2], 3) });
    expect(await codeOf(forever, [undefined, bool(1), int64([], [1])], limits)).toBe('LIMIT');
  });

  it('end a loop without end within seconds by default, whatever it does', async () => {
    const began = performance.now();
    const nothing = single('Loop', 3, { body: body([], [2], 3) });
    expect(await codeOf(nothing, [undefined, bool(1), int64([], [1])], {})).toBe('LIMIT');
    const collecting = single('Loop', 3, { body: body([], [2, 2], 3) }, 2);
    expect(await codeOf(collecting, [undefined, bool(1), int64([], [1])], {})).toBe('LIMIT');
    const inner: Node = {
      domain: '',
      op: 'Loop',
      inputs: [-1, 1, 2],
      outputs: [3],
      attributes: { body: body([], [2], 3) },
    };
    expect(
      await codeOf(single('Loop', 3, { body: body([inner], [3], 4) }), [undefined, bool(1), int64([], [1])], {}),
    ).toBe('LIMIT');
    expect(performance.now() - began).toBeLessThan(25_000);
  }, 30_000);

  it('end a loop of constants, which is run when the graph is planned', async () => {
    const graph = single('Loop', 3, { body: body([], [2], 3) });
    const constants = new Map<number, Value>([
      [0, int64([], [2 ** 52])],
      [1, bool(1)],
      [2, int64([], [1])],
    ]);
    await expect(plan({ ...graph, inputs: [], constants }, limits)).rejects.toMatchObject({ code: 'LIMIT' });
  });

  it('refuse two gigabytes at once by default', async () => {
    expect(await codeOf(single('ConstantOfShape', 1), [int64([1], [2 ** 29])], {})).toBe('LIMIT');
  });

  it('end a loop that doubles what it carries', async () => {
    const doubling: Node = { domain: '', op: 'Concat', inputs: [2, 2], outputs: [3], attributes: { axis: 0 } };
    const graph = single('Loop', 3, { body: body([doubling], [3], 4) });
    expect(await codeOf(graph, [undefined, bool(1), float64([1], Float64Array.of(1))], limits)).toBe('LIMIT');
  });

  it('end a loop that collects without end', async () => {
    const constants = new Map<number, Value>([[3, float64([100_000], new Float64Array(100_000))]]);
    const graph = single('Loop', 3, { body: body([], [2, 3], 4, constants) }, 2);
    expect(await codeOf(graph, [undefined, bool(1), int64([], [1])], limits)).toBe('LIMIT');
  });

  it('refuse what would take more memory than agreed', async () => {
    const huge = int64([2], [2 ** 20, 2 ** 11]);
    const one = float64([1, 1], Float64Array.of(1));
    expect(await codeOf(single('ConstantOfShape', 1), [huge], limits)).toBe('LIMIT');
    expect(await codeOf(single('Expand', 2), [one, huge], limits)).toBe('LIMIT');
    expect(await codeOf(single('Tile', 2), [one, huge], limits)).toBe('LIMIT');
    expect(await codeOf(single('Range', 3), [int64([], [0]), int64([], [2 ** 40]), int64([], [1])], limits)).toBe(
      'LIMIT',
    );
    expect(await codeOf(single('OneHot', 3), [int64([1], [0]), int64([], [2 ** 40]), int64([2], [0, 1])], limits)).toBe(
      'LIMIT',
    );
    expect(await codeOf(single('Pad', 2), [one, int64([4], [0, 0, 2 ** 20, 2 ** 20])], limits)).toBe('LIMIT');
    expect(await codeOf(single('Resize', 4), [one, undefined, undefined, huge], limits)).toBe('LIMIT');
    expect(await codeOf(single('Gather', 2), [one, int64([1], [5])], limits)).toBe('BAD_INPUT');
    expect(await codeOf(single('ConstantOfShape', 1), [int64([1], [-5])], limits)).toBe('BAD_INPUT');
  });

  it('refuse sums that would take for ever', async () => {
    const long = float64([4000], new Float64Array(4000));
    const graph = single('Einsum', 3, { equation: 'a,b,c->' });
    expect(await codeOf(graph, [long, long, long], limits)).toBe('LIMIT');
  });

  it('do not walk a window that lies in the padding', async () => {
    const graph = single('AveragePool', 1, { kernel_shape: [1e9, 1e9], pads: [1e9, 1e9, 0, 0], count_include_pad: 1 });
    const image = float64([1, 1, 1, 1], Float64Array.of(6));
    const [y] = (await plan(graph, limits)).run([image]) as Tensor[];
    expect(y.shape).toEqual([1, 1, 2, 2]);
  });

  it('refuse trees that go in circles or lead nowhere', async () => {
    const tree = (whenTrue: number[], whenFalse: number[]): Graph =>
      single(
        'TreeEnsembleRegressor',
        1,
        {
          nodes_treeids: [0, 0, 0],
          nodes_nodeids: [0, 1, 2],
          nodes_featureids: [0, 0, 0],
          nodes_modes: ['BRANCH_LEQ', 'BRANCH_LEQ', 'LEAF'],
          nodes_values: Float32Array.of(0, 0, 0),
          nodes_truenodeids: whenTrue,
          nodes_falsenodeids: whenFalse,
          target_treeids: [0],
          target_nodeids: [2],
          target_ids: [0],
          target_weights: Float32Array.of(1),
          n_targets: 1,
        },
        1,
        'ai.onnx.ml',
      );
    const x = float64([1, 1], Float64Array.of(1));
    expect(await codeOf(tree([1, 0, 0], [2, 2, 0]), [x], limits)).toBe('CORRUPT');
    expect(await codeOf(tree([1, 9, 0], [2, 2, 0]), [x], limits)).toBe('CORRUPT');
  });

  it('names all operators that are missing, before anything runs', async () => {
    const graph = single('Nonsense', 1);
    const both: Graph = {
      ...graph,
      nodes: [...graph.nodes, { ...graph.nodes[0], op: 'AlsoNonsense', outputs: [-1] }],
    };
    await expect(plan(both)).rejects.toThrow(/AlsoNonsense, Nonsense/);
  });

  it('says that random operators are refused because they are random', async () => {
    await expect(plan(single('RandomUniformLike', 1))).rejects.toThrow(/random/);
  });
});
