import type { Graph, Node } from '../graph/graph.js';
import { isTensor, type Tensor } from '../graph/tensor.js';

/** How many columns each value of a graph has; undefined where that is not plain. A vector [n] has one. */
export type Widths = readonly (number | undefined)[];

/** A constant input of a node, where it is one. */
export type ConstantAt = (node: Node, i: number) => Tensor | undefined;

type Rule = (
  node: Node,
  width: (i: number) => number | undefined,
  constant: (i: number) => Tensor | undefined,
) => number | undefined;

const first: Rule = (_, width) => width(0);
const widest: Rule = (node, width) => {
  const all = node.inputs.map((_, i) => width(i));
  return all.some((w) => w === undefined) ? undefined : Math.max(...(all as number[]));
};
const one: Rule = () => 1;

/** A list of integers that an attribute or a constant input holds. */
export function integersOf(value: unknown): number[] | undefined {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<number | bigint>, Number);
  return undefined;
}

export function isLastAxis(node: Node): boolean {
  const axis = Number(node.attributes['axis'] ?? 0);
  return axis === 1 || axis === -1;
}

/** Column counts of what keeps or says them; other operators' are unknown. */
const rules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    [
      ...[
        'Identity',
        'Cast',
        'Neg',
        'Abs',
        'Exp',
        'Log',
        'Sqrt',
        'Tanh',
        'Sigmoid',
        'Relu',
        'Sign',
        'Floor',
        'Ceil',
        'Round',
      ],
      ...[
        'IsNaN',
        'Not',
        'Clip',
        'Erf',
        'Reciprocal',
        'Softmax',
        'LogSoftmax',
        'Dropout',
        'CastLike',
        'StringNormalizer',
      ],
      ...['brine:Finite', 'brine:Require', 'brine:FillMissing', 'brine:Densify', 'brine:Sparsify', 'brine:Numbers'],
      ...[
        'brine:Lookup',
        'brine:Digitize',
        'brine:Quantiles',
        'brine:Ufunc',
        'brine:Interpolate',
        'brine:ImputeNeighbors',
      ],
      ...[
        'ai.onnx.ml:Scaler',
        'ai.onnx.ml:Imputer',
        'ai.onnx.ml:Normalizer',
        'ai.onnx.ml:Binarizer',
        'ai.onnx.ml:LabelEncoder',
      ],
    ].map((op): [string, Rule] => [op, first]),
  ),
  ...Object.fromEntries(
    [
      'Add',
      'Sub',
      'Mul',
      'Div',
      'Pow',
      'Min',
      'Max',
      'Equal',
      'Less',
      'LessOrEqual',
      'Greater',
      'GreaterOrEqual',
      'And',
      'Or',
      'Where',
    ].map((op): [string, Rule] => [op, widest]),
  ),
  Concat: (node, width) => {
    if (!isLastAxis(node)) return width(0);
    let sum = 0;
    for (let i = 0; i < node.inputs.length; i++) {
      const w = width(i);
      if (w === undefined) return undefined;
      sum += w;
    }
    return sum;
  },
  Gather: (node, width, constant) => (isLastAxis(node) ? constant(1)?.data.length : width(0)),
  'ai.onnx.ml:ArrayFeatureExtractor': (_, __, constant) => constant(1)?.data.length,
  Gemm: (node, _, constant) => constant(1)?.shape[Number(node.attributes['transB'] ?? 0) === 1 ? 0 : 1],
  MatMul: (_, __, constant) => constant(1)?.shape[1] ?? 1,
  Reshape: (_, width, constant) => {
    const shape = integersOf(constant(1)?.data);
    if (shape?.length === 1) return width(0) === 1 ? 1 : undefined;
    return shape?.length === 2 && shape[1] > 0 ? shape[1] : width(0);
  },
  Squeeze: first,
  Unsqueeze: first,
  ArgMax: one,
  ArgMin: one,
  ReduceSum: one,
  ReduceMean: one,
  ReduceMax: one,
  ReduceMin: one,
  ReduceL2: one,
  'ai.onnx.ml:FeatureVectorizer': (node, width) => {
    const all = node.inputs.map((_, i) => width(i));
    return all.some((w) => w === undefined) ? undefined : (all as number[]).reduce((a, b) => a + b, 0);
  },
  'ai.onnx.ml:OneHotEncoder': (node) =>
    integersOf(node.attributes['cats_int64s'])?.length ?? listLength(node.attributes['cats_strings']),
  'brine:OneHotSlots': (node) => Number(node.attributes['width']),
  'brine:ObjectColumns': (node) => node.inputs.length,
  'brine:CountTerms': (node) => (node.attributes['vocabulary'] as ReadonlyMap<string, number>).size,
  'brine:CountRecords': (node) => (node.attributes['vocabulary'] as ReadonlyMap<string, number>).size,
};

function listLength(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

export function keyOf(node: Node): string {
  return node.domain === '' ? node.op : `${node.domain}:${node.op}`;
}

/** The column counts of a graph's values, as far as its constants and declared inputs tell. */
export function widthsOf(graph: Graph, constantAt: ConstantAt): Widths {
  const widths = new Array<number | undefined>(graph.valueCount).fill(undefined);
  for (const [id, value] of graph.constants)
    if (isTensor(value)) widths[id] = value.shape.length === 0 ? 1 : value.shape[value.shape.length - 1];
  for (const { value, type } of graph.inputs) widths[value] = declaredWidth(type?.shape);
  for (const node of graph.nodes) {
    const rule = Object.hasOwn(rules, keyOf(node)) ? rules[keyOf(node)] : undefined;
    const found = rule?.(
      node,
      (i) => widths[node.inputs[i] ?? -1],
      (i) => constantAt(node, i),
    );
    if (found !== undefined && node.outputs[0] >= 0) widths[node.outputs[0]] = found;
  }
  return widths;
}

/** [n] is one column, [n, p] are p. */
export function declaredWidth(shape: readonly (number | null)[] | undefined): number | undefined {
  if (shape === undefined) return undefined;
  if (shape.length <= 1) return 1;
  return shape.length === 2 ? (shape[1] ?? undefined) : undefined;
}
