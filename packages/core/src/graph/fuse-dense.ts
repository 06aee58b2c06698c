import type { DenseLayer } from './dense-layer.js';
import type { Graph, Node } from './graph.js';
import { constantOf, readersOf, replaced, subchain } from './subchain.js';
import type { Tensor } from './tensor.js';

/** A matrix product with constant weights, its bias and its Relu, as far as they follow. */
interface Link {
  readonly layer: DenseLayer;
  readonly nodes: readonly Node[];
  readonly dtype: Tensor['dtype'];
}

/**
 * Layers of a dense network (Gemm, or MatMul and Add; Relu) that follow each other, as one operator that takes rows
 * through all of them. The nodes go along: what the operator does not do fast, they do.
 */
export function fuseDense(graph: Graph): Graph {
  if (!graph.nodes.some((n) => n.op === 'Relu' && n.domain === '')) return graph;
  const readers = readersOf(graph);
  const next = (id: number): Node | undefined => (readers.get(id)?.length === 1 ? readers.get(id)![0] : undefined);
  const gone = new Set<Node>();
  /** Parts of chains that were looked at: what they end in is no better. */
  const seen = new Set<Node>();
  const instead = new Map<Node, Node>();
  for (const node of graph.nodes) {
    if (seen.has(node)) continue;
    const links: Link[] = [];
    for (let at: Node | undefined = node; at;) {
      const link = linkFrom(graph, at, next);
      const before = links.at(-1);
      if (!link || (before && (link.dtype !== before.dtype || link.layer.inputs !== before.layer.outputs))) break;
      links.push(link);
      at = next(link.nodes.at(-1)!.outputs[0]);
    }
    const nodes = links.flatMap((l) => l.nodes);
    nodes.forEach((n) => seen.add(n));
    if (links.length < 2 || !links.some((l) => l.layer.relu)) continue;
    const last = nodes[nodes.length - 1];
    nodes.forEach((n) => gone.add(n));
    instead.set(last, fused(graph, nodes, links));
  }
  return replaced(graph, instead, gone);
}

/** A product with constant weights, and its constant bias where it is a Gemm with one; undefined where it is more. */
export function layerOf(graph: Graph, node: Node): DenseLayer | undefined {
  const product = productOf(graph, node);
  if (!product) return undefined;
  const { weights, transposed, bias: c } = product;
  const [inputs, outputs] = transposed ? [weights.shape[1], weights.shape[0]] : weights.shape;
  const bias = c && biasOf(c, weights, outputs);
  if (c && !bias) return undefined;
  return { weights: weights.data as Float64Array, transposed, bias, inputs, outputs, relu: false };
}

function linkFrom(graph: Graph, node: Node, next: (id: number) => Node | undefined): Link | undefined {
  const product = productOf(graph, node);
  if (!product) return undefined;
  const { weights, transposed, dtype } = product;
  const [inputs, outputs] = transposed ? [weights.shape[1], weights.shape[0]] : weights.shape;
  const nodes = [node];
  let follower = next(node.outputs[0]);
  let c = product.bias;
  if (node.op === 'MatMul' && follower?.op === 'Add' && isPlain(follower)) {
    c = constantOf(graph, follower.inputs[follower.inputs[0] === node.outputs[0] ? 1 : 0]);
    if (c && biasOf(c, weights, outputs)) {
      nodes.push(follower);
      follower = next(follower.outputs[0]);
    } else c = undefined;
  }
  const bias = c && biasOf(c, weights, outputs);
  if (c && !bias) return undefined;
  const relu = follower?.op === 'Relu' && follower.domain === '';
  if (relu) nodes.push(follower!);
  const data = weights.data as Float64Array;
  return { layer: { weights: data, transposed, bias, inputs, outputs, relu }, nodes, dtype };
}

/** Without the axis along which Add of old files goes. */
const isPlain = (node: Node): boolean => node.domain === '' && Object.keys(node.attributes).length === 0;

function productOf(
  graph: Graph,
  { op, domain, inputs, attributes }: Node,
): { weights: Tensor; transposed: boolean; bias: Tensor | undefined; dtype: Tensor['dtype'] } | undefined {
  if (domain !== '' || (op !== 'Gemm' && op !== 'MatMul') || graph.constants.has(inputs[0])) return undefined;
  const weights = constantOf(graph, inputs[1]);
  if (weights?.shape.length !== 2 || weights.data.length === 0) return undefined;
  const { dtype, data } = weights;
  if (!(dtype === 'float64' && data instanceof Float64Array) && !(dtype === 'float32' && data instanceof Float32Array))
    return undefined;
  if (op === 'MatMul') return { weights, transposed: false, bias: undefined, dtype };
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = attributes;
  if (alpha !== 1 || beta !== 1 || Number(transA) !== 0) return undefined;
  const bias = constantOf(graph, inputs[2]);
  if (!bias && (inputs[2] ?? -1) >= 0) return undefined;
  return { weights, transposed: Number(transB) !== 0, bias, dtype };
}

/** A bias for each column, of the weights' type. */
function biasOf(c: Tensor, weights: Tensor, columns: number): Float64Array | undefined {
  const { shape } = c;
  const fits = c.dtype === weights.dtype && (shape.at(-1) ?? 1) === columns && c.data.length === columns;
  return fits && shape.length <= 2 ? (c.data as Float64Array) : undefined;
}

function fused(graph: Graph, nodes: readonly Node[], links: readonly Link[]): Node {
  const [x] = nodes[0].inputs;
  const { outputs, name } = nodes[nodes.length - 1];
  const chain = subchain(graph, nodes, x);
  const attributes = { layers: links.map((l) => l.layer), dtype: links[0].dtype, chain };
  return { domain: 'brine', op: 'Dense', inputs: [x], outputs, attributes, ...(name === undefined ? {} : { name }) };
}
