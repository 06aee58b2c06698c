import { BrineError } from '../../errors.js';
import type { GraphProto, NodeProto } from './protos.js';

/**
 * Nodes in an order in which each comes after what it reads. Files should list them so; those that do not are
 * sorted. A cycle is refused. `known` tells whether a name is there before any node has run.
 */
export function inOrder(
  nodes: readonly NodeProto[],
  known: (name: string) => boolean,
  file: string,
): readonly NodeProto[] {
  const made = new Set<string>();
  const makers = new Map<string, number>();
  nodes.forEach((node, i) => {
    for (const name of node.outputs) if (name !== '') makers.set(name, i);
  });
  let sorted = true;
  const reads = nodes.map((node) => readsOf(node));
  for (let i = 0; i < nodes.length && sorted; i++) {
    for (const name of reads[i]) if (!made.has(name) && makers.has(name) && !known(name)) sorted = false;
    for (const name of nodes[i].outputs) made.add(name);
  }
  if (sorted) return nodes;

  const waiting = reads.map(() => 0);
  const readers = nodes.map((): number[] => []);
  reads.forEach((names, i) => {
    for (const name of new Set(names)) {
      const maker = makers.get(name);
      if (maker === undefined || known(name)) continue;
      waiting[i]++;
      readers[maker].push(i);
    }
  });
  const ready = nodes.map((_, i) => i).filter((i) => waiting[i] === 0);
  const out: NodeProto[] = [];
  for (let k = 0; k < ready.length; k++) {
    out.push(nodes[ready[k]]);
    for (const i of readers[ready[k]]) if (--waiting[i] === 0) ready.push(i);
  }
  if (out.length < nodes.length) {
    const stuck = nodes.filter((_, i) => waiting[i] > 0).slice(0, 5);
    throw new BrineError('CORRUPT', `nodes wait for each other: ${stuck.map((n) => n.name || n.op).join(', ')}`, {
      file,
    });
  }
  return out;
}

/** The names that a node needs, those of its subgraphs included. */
function readsOf(node: NodeProto): string[] {
  const out = node.inputs.filter((name) => name !== '');
  for (const a of node.attributes) {
    if (a.g) out.push(...freeNames(a.g));
    for (const g of a.graphs) out.push(...freeNames(g));
  }
  return out;
}

const freeCache = new WeakMap<GraphProto, ReadonlySet<string>>();

/** What a graph reads from around it. The nesting of graphs is limited where they are read. */
function freeNames(graph: GraphProto): ReadonlySet<string> {
  const known = freeCache.get(graph);
  if (known) return known;
  const out = new Set<string>();
  const own = new Set<string>();
  for (const input of graph.inputs) own.add(input.name);
  for (const node of graph.nodes) for (const name of node.outputs) own.add(name);
  for (const node of graph.nodes) for (const name of readsOf(node)) if (!own.has(name)) out.add(name);
  for (const output of graph.outputs) if (!own.has(output.name)) out.add(output.name);
  freeCache.set(graph, out);
  return out;
}
