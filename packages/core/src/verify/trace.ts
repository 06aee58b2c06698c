import type { Graph, Node } from '../graph/graph.js';
import { isTensor, type Tensor } from '../graph/tensor.js';
import { carries, type Crossing } from './carry.js';
import { Hints } from './hints.js';
import { MAX_TAKEN, sources } from './sources.js';
import { keyOf, widthsOf } from './widths.js';

/** Nodes that are looked at: what a graph of more nodes tells is in the first of them (CWE-400). */
const MAX_NODES = 200_000;

/**
 * What a graph's own figures (thresholds, categories, vocabularies, vectors) make worth trying, by input. They are
 * carried back from where they are used, through scaling, selection and imputation, to the columns that come in.
 * `most` of a kind are taken.
 */
export function hintsOf(graph: Graph, most = MAX_TAKEN): Map<string, Hints> {
  const hints = new Map<number, Hints>();
  const of = (id: number): Hints => {
    let known = hints.get(id);
    if (!known) hints.set(id, (known = new Hints()));
    return known;
  };
  const constantAt = (node: Node, i: number): Tensor | undefined => {
    const value = graph.constants.get(node.inputs[i] ?? -1);
    return value && isTensor(value) ? value : undefined;
  };
  const widths = widthsOf(graph, constantAt);
  const nowhere = new Hints();
  for (const node of graph.nodes.slice(0, MAX_NODES).reverse()) {
    const key = keyOf(node);
    const at: Crossing = {
      node,
      into: (i) => {
        const id = node.inputs[i] ?? -1;
        return id < 0 || graph.constants.has(id) ? nowhere : of(id);
      },
      constant: (i) => constantAt(node, i),
      most,
      width: (i) => widths[(i < 0 ? node.outputs[0] : node.inputs[i]) ?? -1],
    };
    // A graph's operators are named by its file.
    if (Object.hasOwn(sources, key)) sources[key](at);
    if (Object.hasOwn(carries, key)) carries[key](at, of(node.outputs[0] ?? -1));
  }
  return new Map(graph.inputs.map(({ name, value }) => [name, hints.get(value) ?? new Hints()]));
}
