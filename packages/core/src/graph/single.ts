import { atMostSingle } from './expand/tree-ensemble.js';
import type { Attribute, Graph, GraphInput, GraphOutput, Node, ValueType } from './graph.js';
import { isTensor, type Tensor, type Value } from './tensor.js';

/** The largest number of float32: what is larger and finite becomes this, as bounds do that mean "any number". */
const MOST = 3.4028234663852886e38;

/** The graph in float32 throughout: inputs, constants and outputs that were float64. */
export function toSingle(graph: Graph): Graph {
  const constants = new Map([...graph.constants].map(([id, value]) => [id, singleValue(value)]));
  return {
    ...graph,
    constants,
    nodes: graph.nodes.map(singleNode),
    inputs: graph.inputs.map((i): GraphInput => ({ ...i, type: i.type && singleType(i.type) })),
    outputs: graph.outputs.map((o): GraphOutput => (o.type ? { ...o, type: singleType(o.type) } : o)),
    ...(graph.types ? { types: graph.types.map(singleType) } : {}),
  };
}

const singleType = (type: ValueType): ValueType => (type.dtype === 'float64' ? { ...type, dtype: 'float32' } : type);

function singleValue(value: Value): Value {
  return isTensor(value) ? singleTensor(value) : value;
}

function singleTensor(t: Tensor, round: (x: number) => number = Math.fround): Tensor {
  if (t.dtype !== 'float64') return t;
  const data = Float32Array.from(t.data as Float64Array, (x) => {
    const y = round(x);
    return Number.isFinite(x) && !Number.isFinite(y) ? Math.sign(x) * MOST : y;
  });
  return { dtype: 'float32', shape: t.shape, data };
}

function singleNode(node: Node): Node {
  const attributes = Object.fromEntries(
    Object.entries(node.attributes).map(([name, value]): [string, Attribute] => [name, singleAttribute(name, value)]),
  );
  return { ...node, attributes };
}

function singleAttribute(name: string, value: Attribute): Attribute {
  if (name === 'to' && value === 'float64') return 'float32';
  if (typeof value !== 'object' || value === null) return value;
  if ('nodes' in value && 'valueCount' in value) return toSingle(value);
  if (!('dtype' in value)) return value;
  const t = value;
  // A single compares with the single at or below a threshold as it does with the threshold.
  if (name === 'nodes_splits' || name === 'nodes_values_as_tensor')
    return singleTensor(t, (x) => atMostSingle(x, false));
  return singleTensor(t);
}
