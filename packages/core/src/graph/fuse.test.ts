import { describe, expect, it } from 'vitest';
import { plan } from '../runtime/plan.js';
import type { Ensemble } from './ensemble.js';
import { fuse } from './fuse.js';
import type { Graph, Node } from './graph.js';
import { readFloat } from './node-field.js';
import type { Tensor, Value } from './tensor.js';

const doubles = (...data: number[]): Tensor => ({
  dtype: 'float64',
  shape: [data.length],
  data: Float64Array.from(data),
});

/** Stumps: one for each threshold, whose leaves are 1/3 and a third less than its number. */
function stumps(input: number, output: number, thresholds: readonly number[], first: number, feature = 0): Node {
  const n = thresholds.length;
  const each = <T>(make: (i: number) => T): T[] => thresholds.map((_, i) => make(i));
  return {
    domain: 'ai.onnx.ml',
    op: 'TreeEnsemble',
    inputs: [input],
    outputs: [output],
    attributes: {
      n_targets: 1,
      aggregate_function: 1,
      post_transform: 0,
      tree_roots: each((i) => i),
      nodes_featureids: each(() => feature),
      nodes_modes: { dtype: 'uint8', shape: [n], data: new Uint8Array(n) },
      nodes_splits: doubles(...thresholds),
      nodes_truenodeids: each((i) => 2 * i),
      nodes_falsenodeids: each((i) => 2 * i + 1),
      nodes_trueleafs: each(() => 1),
      nodes_falseleafs: each(() => 1),
      leaf_targetids: new Array<number>(2 * n).fill(0),
      leaf_weights: doubles(...thresholds.flatMap((_, i) => [1 / 3, (first + i) / 3])),
    },
  };
}

const node = (op: string, inputs: number[], output: number, attributes: Node['attributes'] = {}): Node => ({
  domain: '',
  op,
  inputs,
  outputs: [output],
  attributes,
});

function graphOf(nodes: Node[], outputs: number[], inputs: number[] = [0], constants?: Map<number, Value>): Graph {
  return {
    inputs: inputs.map((value) => ({ name: `x${value}`, value, type: undefined })),
    outputs: outputs.map((value) => ({ name: `y${value}`, value })),
    nodes,
    constants: constants ?? new Map<number, Value>(),
    valueCount: 20,
    opsets: new Map([
      ['', 17],
      ['ai.onnx.ml', 5],
    ]),
  };
}

const rows: Tensor = { dtype: 'float64', shape: [4, 1], data: Float64Array.of(-1, 0.25, 0.75, 3) };
const ensembleOf = (made: Node | undefined): Ensemble =>
  (made?.attributes as unknown as { ensemble: Ensemble }).ensemble;
/** What the graph's output is made by, fused. */
const maker = (graph: Graph, output: number): Node | undefined =>
  fuse(graph).nodes.find(({ outputs }) => outputs[0] === output);

async function same(graph: Graph, inputs: Tensor[]): Promise<void> {
  const [fused, plain] = await Promise.all([plan(fuse(graph)), plan(graph)]);
  expect(fused.run(inputs)).toEqual(plain.run(inputs));
}

describe('groups of trees that are added', () => {
  const groups = [stumps(0, 1, [0, 0.5], 4), stumps(0, 2, [0.25, 1, 2], 7)];
  const sum = node('Add', [1, 2], 3);

  it('are one forest, the trees in their order, and answer as the groups do', async () => {
    const graph = graphOf([...groups, sum], [3]);
    const joined = maker(graph, 3);
    expect(joined).toMatchObject({ domain: 'brine', op: 'Forest', inputs: [0] });
    const { trees, outputs, comparison } = ensembleOf(joined);
    expect(trees.map(({ threshold }) => readFloat(threshold, 0))).toEqual([0, 0.5, 0.25, 1, 2]);
    expect([outputs, comparison]).toEqual([1, 'f64']);
    await same(graph, [rows]);
  });

  it('three of them, one onto the other', async () => {
    const graph = graphOf([...groups, sum, stumps(0, 4, [-2], 1), node('Add', [3, 4], 5)], [5]);
    expect(ensembleOf(maker(graph, 5)).trees).toHaveLength(6);
    await same(graph, [rows]);
  });

  it('take as many columns as the group that takes most', async () => {
    const wide: Tensor = { dtype: 'float64', shape: [2, 2], data: Float64Array.of(0, 1, 1, 0) };
    const graph = graphOf([groups[0], stumps(0, 2, [0.5], 3, 1), sum], [3]);
    expect(ensembleOf(maker(graph, 3)).nFeatures).toBe(2);
    await same(graph, [wide]);
  });

  it('stay apart where the first is asked for as well', async () => {
    const graph = graphOf([...groups, sum], [3, 1]);
    expect(maker(graph, 3)).toMatchObject({ op: 'Forest', inputs: [0, 1] });
    await same(graph, [rows]);
  });

  it('stay apart where they look at different inputs', async () => {
    const graph = graphOf([groups[0], stumps(6, 2, [0.25], 7), sum], [3], [0, 6]);
    expect(maker(graph, 3)).toMatchObject({ op: 'Forest', inputs: [6, 1] });
    await same(graph, [rows, { ...rows, data: Float64Array.of(3, 2, 0, -1) }]);
  });

  it('stay apart where only one sees its input in single precision', async () => {
    const single = [node('Cast', [0], 7, { to: 1 }), node('Cast', [7], 8, { to: 11 })];
    const graph = graphOf([...single, groups[0], stumps(8, 2, [0.25 - 2 ** -40], 7), sum], [3]);
    const { inputs } = maker(graph, 3)!;
    expect(inputs).toEqual([0, 1]);
    await same(graph, [rows]);
  });
});
