import type { Attribute, Graph, Node } from './graph.js';
import { isTensor, type Value } from './tensor.js';

/** Constants of up to so many elements are compared by their content, larger ones by the array they view. */
const SMALL = 256;

/**
 * The same graph with what is computed twice computed once, and without what no output needs. Nodes of equal
 * operator, inputs and attributes give equal results, in every domain.
 */
export function simplify(graph: Graph): Graph {
  const numbers = new Identities();
  const stands = new Map<number, number>();
  const constants = new Map<number, Value>();
  const known = new Map<string, readonly number[]>();
  for (const [id, value] of graph.constants) {
    const key = constantKey(value, numbers);
    const first = known.get(key);
    if (first) stands.set(id, first[0]);
    else {
      known.set(key, [id]);
      constants.set(id, value);
    }
  }
  const of = (id: number): number => stands.get(id) ?? id;
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(of);
    const subgraphs = Object.values(node.attributes).some(holdsGraph);
    const key = `${node.domain}:${node.op}(${inputs.join()})${node.outputs.length}${attributesKey(node, numbers)}`;
    const first = subgraphs ? undefined : known.get(key);
    if (first) node.outputs.forEach((id, i) => stands.set(id, first[i]));
    else {
      if (!subgraphs) known.set(key, node.outputs);
      nodes.push(subgraphs ? { ...node, inputs, attributes: recaptured(node, of) } : { ...node, inputs });
    }
  }
  const outputs = graph.outputs.map((o) => ({ ...o, value: of(o.value) }));
  return withoutDead({ ...graph, nodes, constants, outputs });
}

/** Without nodes and constants that no output needs. */
function withoutDead(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map((o) => o.value));
  const nodes: Node[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i];
    if (!node.outputs.some((id) => needed.has(id))) continue;
    nodes.push(node);
    for (const id of node.inputs) needed.add(id);
    for (const inner of Object.values(node.attributes).flatMap(graphsOf))
      for (const id of inner.captures?.values() ?? []) needed.add(id);
  }
  const constants = new Map([...graph.constants].filter(([id]) => needed.has(id)));
  return { ...graph, nodes: nodes.reverse(), constants };
}

/** Numbers for objects: equal only to themselves. */
class Identities {
  readonly #ids = new WeakMap<object, number>();
  #next = 0;
  of(object: object): number {
    let id = this.#ids.get(object);
    if (id === undefined) this.#ids.set(object, (id = this.#next++));
    return id;
  }
}

function constantKey(value: Value, numbers: Identities): string {
  if (!isTensor(value)) return `#${numbers.of(value)}`;
  const { data } = value;
  const content = data.length <= SMALL ? contentKey(data) : `#${numbers.of(data)}`;
  return `constant ${value.dtype}[${value.shape.join()}]${content}`;
}

/** -0 and 0 differ, as they do in what follows from them. */
const contentKey = (data: ArrayLike<unknown>): string =>
  Array.from(data, (x) => (typeof x === 'string' ? JSON.stringify(x) : Object.is(x, -0) ? '-0' : String(x))).join();

function attributesKey(node: Node, numbers: Identities): string {
  return Object.entries(node.attributes)
    .map(([name, value]) => `${name}=${attributeKey(value, numbers)}`)
    .sort()
    .join(';');
}

function attributeKey(value: Attribute, numbers: Identities): string {
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  if (Array.isArray(value) && value.length <= SMALL && value.every((x) => typeof x !== 'object'))
    return `[${contentKey(value)}]`;
  if ('data' in value && 'dtype' in value) return constantKey(value as Value, numbers);
  return `#${numbers.of(value)}`;
}

function graphsOf(value: Attribute): Graph[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter(
    (x): x is Graph => typeof x === 'object' && x !== null && 'nodes' in x && 'valueCount' in x && 'outputs' in x,
  );
}

const holdsGraph = (value: Attribute): boolean => graphsOf(value).length > 0;

function recaptured(node: Node, of: (id: number) => number): Node['attributes'] {
  const through = (g: Graph): Graph =>
    g.captures ? { ...g, captures: new Map([...g.captures].map(([inner, outer]) => [inner, of(outer)])) } : g;
  return Object.fromEntries(
    Object.entries(node.attributes).map(([name, value]) => {
      if (!holdsGraph(value)) return [name, value];
      return [name, Array.isArray(value) ? graphsOf(value).map(through) : through(value as Graph)];
    }),
  );
}
