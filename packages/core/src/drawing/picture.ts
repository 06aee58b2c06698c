import type { Dim, Graph, Node, ValueType } from '../graph/graph.js';
import { isCsr, isTensor, type Value } from '../graph/tensor.js';

/** A box of a drawing. */
export interface Box {
  readonly kind: 'input' | 'output' | 'operator' | 'group' | 'captured';
  readonly title: string;
  /** Smaller lines below: the step, weights, attributes. */
  readonly lines: readonly string[];
}

/** From box to box, by their places in `boxes`. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
}

/** One graph as boxes and arrows; its nodes' subgraphs are pictures of their own. */
export interface Picture {
  readonly title: string;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** What was left out, where the graph is too large to draw whole. */
  readonly note: string | undefined;
}

/** Boxes of one picture: more than this nobody reads, and a browser draws slowly. Larger graphs are drawn in groups. */
export const MAX_BOXES = 240;
/** Pictures of subgraphs. */
export const MAX_PICTURES = 12;
const MAX_TEXT = 44;
const MAX_LINES = 4;

/** The pictures of a graph: itself first, then the bodies of its loops and branches. */
export function picturesOf(graph: Graph, title: string): Picture[] {
  const out: Picture[] = [];
  const todo: { graph: Graph; title: string }[] = [{ graph, title }];
  while (todo.length > 0 && out.length < MAX_PICTURES) {
    const next = todo.shift()!;
    out.push(pictureOf(next.graph, next.title));
    for (const node of next.graph.nodes)
      for (const [name, value] of Object.entries(node.attributes))
        for (const inner of Array.isArray(value) ? (value as unknown[]) : [value])
          if (isGraph(inner)) todo.push({ graph: inner, title: `${name} of ${node.name ?? node.op}` });
  }
  return out;
}

function isGraph(value: unknown): value is Graph {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'valueCount' in value;
}

function pictureOf(graph: Graph, title: string): Picture {
  const groups = groupsOf(graph.nodes);
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  const seen = new Set<string>();
  const maker = new Map<number, number>();
  const link = (from: number | undefined, to: number): void => {
    if (from === undefined || from === to || seen.has(`${from} ${to}`)) return;
    seen.add(`${from} ${to}`);
    arrows.push({ from, to });
  };
  const read = new Set(graph.nodes.flatMap((n) => [...n.inputs]));
  const shownInputs = graph.inputs.length > MAX_BOXES / 4 ? graph.inputs.slice(0, MAX_BOXES / 4) : graph.inputs;
  for (const input of shownInputs) {
    maker.set(input.value, boxes.length);
    boxes.push({ kind: 'input', title: cut(input.name), lines: [typeText(input.type)] });
  }
  if (graph.inputs.length > shownInputs.length) {
    const rest = graph.inputs.slice(shownInputs.length);
    for (const { value } of rest) maker.set(value, boxes.length);
    boxes.push({ kind: 'group', title: `${rest.length} more inputs`, lines: [] });
  }
  for (const id of graph.captures?.keys() ?? []) {
    if (!read.has(id)) continue;
    maker.set(id, boxes.length);
    boxes.push({ kind: 'captured', title: 'from outside', lines: [] });
  }
  for (const group of groups) {
    const at = boxes.length;
    boxes.push(group.length === 1 ? operatorBox(group[0], graph) : groupBox(group));
    for (const node of group) for (const id of node.outputs) if (id >= 0) maker.set(id, at);
    for (const node of group) for (const id of readsOf(node)) link(maker.get(id), at);
  }
  for (const output of graph.outputs.slice(0, MAX_BOXES / 4)) {
    link(maker.get(output.value), boxes.length);
    boxes.push({ kind: 'output', title: cut(output.name), lines: output.type ? [typeText(output.type)] : [] });
  }
  const note =
    groups.length < graph.nodes.length
      ? `${graph.nodes.length} operators, drawn in ${groups.length} groups of neighbours (limit ${MAX_BOXES} boxes)`
      : undefined;
  return { title: cut(title), boxes, arrows, note };
}

function readsOf(node: Node): number[] {
  const captured = Object.values(node.attributes).flatMap((a) =>
    (Array.isArray(a) ? (a as unknown[]) : [a]).flatMap((g) => (isGraph(g) ? [...(g.captures?.values() ?? [])] : [])),
  );
  return [...node.inputs, ...captured];
}

/**
 * Nodes one by one, or, where there are too many, neighbours in their order together: those of one step first. What is
 * next to each other in a topological order can be one box without making a circle.
 */
function groupsOf(nodes: readonly Node[]): Node[][] {
  if (nodes.length <= MAX_BOXES) return nodes.map((n) => [n]);
  let groups: Node[][] = [];
  for (let depth = 6; depth >= 1; depth--) {
    groups = [];
    let last: string | undefined;
    for (const node of nodes) {
      const step = (node.name ?? '').split(/[/.]/).slice(0, depth).join('/');
      if (step !== '' && step === last) groups[groups.length - 1].push(node);
      else groups.push([node]);
      last = step;
    }
    if (groups.length <= MAX_BOXES) return groups;
  }
  const size = Math.ceil(groups.length / MAX_BOXES);
  return Array.from({ length: Math.ceil(groups.length / size) }, (_, i) =>
    groups.slice(i * size, (i + 1) * size).flat(),
  );
}

function groupBox(nodes: readonly Node[]): Box {
  const counts = new Map<string, number>();
  for (const { op } of nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = common.slice(0, MAX_LINES - 1).map(([op, n]) => cut(`${op} × ${n}`));
  const name = nodes[0].name === undefined ? [] : [cut(lastStep(nodes[0].name))];
  const more = common.length > shown.length ? [`and ${common.length - shown.length} other operators`] : [];
  return { kind: 'group', title: `${nodes.length} operators`, lines: [...name, ...shown, ...more] };
}

function operatorBox(node: Node, graph: Graph): Box {
  const weights = node.inputs.flatMap((id) => {
    const value = graph.constants.get(id);
    return value ? [constantText(value)] : [];
  });
  const lines = [
    ...(node.name === undefined || node.name === node.op ? [] : [lastStep(node.name)]),
    ...weights.filter((w) => w !== '').slice(0, 2),
    ...attributesOf(node),
  ];
  const domain = node.domain === '' || node.domain === 'brine' ? '' : `${node.domain.split('.').at(-1) ?? ''}.`;
  return { kind: 'operator', title: cut(`${domain}${node.op}`), lines: lines.slice(0, MAX_LINES).map(cut) };
}

/** Names are paths: their end says most. */
function lastStep(name: string): string {
  const step =
    name
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? name;
  return step.length > MAX_TEXT ? `…${step.slice(1 - MAX_TEXT)}` : step;
}

function constantText(value: Value): string {
  if (isCsr(value)) return `sparse [${value.shape.join(' × ')}]`;
  if (!isTensor(value)) return '';
  if (value.data.length === 1) {
    const [x] = value.data as ArrayLike<unknown> & Iterable<unknown>;
    return typeof x === 'number'
      ? String(Number(x.toPrecision(5)))
      : typeof x === 'string'
        ? JSON.stringify(x)
        : String(x);
  }
  return `${value.dtype} [${value.shape.join(' × ')}]`;
}

/** Attributes that are short: the others are what the operator holds. */
function attributesOf(node: Node): string[] {
  const out: string[] = [];
  for (const [name, value] of Object.entries(node.attributes)) {
    const text = attributeText(value);
    if (text !== undefined) out.push(`${name} ${text}`);
  }
  return out;
}

function attributeText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.length <= 24 ? value : undefined;
  if (typeof value === 'object' && value !== null && 'trees' in value && Array.isArray(value.trees))
    return `${value.trees.length} trees`;
  if (isGraph(value)) return `${value.nodes.length} operators, drawn apart`;
  const list = Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>) : [];
  const plain =
    list.length > 0 && list.length <= 6 && list.every((x) => typeof x === 'number' || typeof x === 'bigint');
  return plain ? `[${list.join(', ')}]` : undefined;
}

export function typeText(type: ValueType | undefined): string {
  if (!type) return 'any';
  const dims = (type.shape ?? []).map((d: Dim) => (d === null ? 'n' : String(d))).join(' × ');
  return type.shape === undefined ? type.dtype : `${type.dtype} [${dims}]`;
}

/** Text of a file is shortened, and its control characters are left out (CWE-150, CWE-79). */
function cut(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '·');
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1)}…` : clean;
}
