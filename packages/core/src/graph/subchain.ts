import type { Graph, Node } from './graph.js';
import { isTensor, type Tensor, type Value } from './tensor.js';

/** Nodes that lead from one value to another, as a graph of their own: numbered anew, so that it is no larger than they. */
export function subchain(graph: Graph, nodes: readonly Node[], from: number): Graph {
  const numbers = new Map<number, number>();
  const numberOf = (id: number): number => {
    if (id < 0) return id;
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return numbers.get(id)!;
  };
  const own = nodes.map((n) => ({ ...n, inputs: n.inputs.map(numberOf), outputs: n.outputs.map(numberOf) }));
  const constants = new Map<number, Value>();
  for (const [id, number] of numbers) {
    const value = graph.constants.get(id);
    if (value) constants.set(number, value);
  }
  return {
    inputs: [{ name: 'x', value: numberOf(from), type: undefined }],
    outputs: [{ name: 'y', value: own[own.length - 1].outputs[0] }],
    nodes: own,
    constants,
    valueCount: numbers.size,
    opsets: graph.opsets,
  };
}

/** Puts nodes in the place of others: each of `instead` stands where its key stood, those of `gone` are left out. */
export function replaced(graph: Graph, instead: ReadonlyMap<Node, Node>, gone: ReadonlySet<Node>): Graph {
  if (instead.size === 0) return graph;
  const nodes = graph.nodes.flatMap((n) => instead.get(n) ?? (gone.has(n) ? [] : [n]));
  return { ...graph, nodes, opsets: new Map([...graph.opsets, ['brine', 1]]) };
}

/** The nodes that read each value; none for values that are wanted outside of nodes, too. */
export function readersOf(graph: Graph): ReadonlyMap<number, readonly Node[]> {
  const readers = new Map<number, Node[]>();
  const outside = new Set(graph.outputs.map((o) => o.value));
  for (const node of graph.nodes) {
    for (const id of new Set(node.inputs)) {
      const those = readers.get(id);
      if (those) those.push(node);
      else readers.set(id, [node]);
    }
    for (const a of Object.values(node.attributes).flat())
      if (typeof a === 'object' && a !== null && 'captures' in a)
        for (const outer of a.captures?.values() ?? []) outside.add(outer);
  }
  for (const id of outside) readers.delete(id);
  return readers;
}

export function constantOf(graph: Graph, id: number | undefined): Tensor | undefined {
  const value = id === undefined ? undefined : graph.constants.get(id);
  return value && isTensor(value) ? value : undefined;
}
