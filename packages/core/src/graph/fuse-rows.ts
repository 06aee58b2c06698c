import type { DenseLayer } from './dense-layer.js';
import { layerOf } from './fuse-dense.js';
import type { Graph, Node } from './graph.js';
import type { OwnOperators } from './own.js';
import type { RowStep } from './row-steps.js';
import { constantOf, readersOf, replaced, subchain } from './subchain.js';

/** Wider rows than this are rare, and would not stay in the processor's first cache. */
const MOST_COLUMNS = 1024;
/** Columns of a product: beyond, it is worth more than what goes before it. */
const MOST_OUTPUTS = 64;

/** The steps of one number and one constant. */
const binary = new Map<string, 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max'>([
  ['Add', 'add'],
  ['Sub', 'sub'],
  ['Mul', 'mul'],
  ['Div', 'div'],
  ['Min', 'min'],
  ['Max', 'max'],
]);
const commutes = new Set(['Add', 'Mul', 'Min', 'Max']);

const FLOAT32_MAX = 3.4028234663852886e38;

/** A step, and the nodes that are it. */
interface Found {
  readonly nodes: readonly Node[];
  readonly step: RowStep | undefined;
  readonly product?: DenseLayer;
}

/**
 * What preprocessing and linear models do to float64 rows (checks, filling of missing numbers, arithmetic with a number
 * for each column, a product), where it follows one after the other, as one operator that goes over the rows once. The
 * nodes go along: what the operator does not do, or refuses, they do. Of graphs that know the types of their values.
 */
export function fuseRows(graph: Graph): Graph {
  if (!graph.types) return graph;
  const readers = readersOf(graph);
  const seen = new Set<Node>();
  const gone = new Set<Node>();
  const instead = new Map<Node, Node>();
  for (const node of graph.nodes) {
    if (seen.has(node)) continue;
    const start = node.inputs.find((id) => !graph.constants.has(id));
    const columns = start === undefined ? undefined : widthOf(graph, start);
    if (start === undefined || columns === undefined) continue;
    const nodes: Node[] = [];
    const steps: RowStep[] = [];
    let product: DenseLayer | undefined;
    let at = start;
    // The first value may have other readers; those between have none.
    for (let those: readonly Node[] | undefined = [node]; those && !product;) {
      const found: Found | undefined = foundIn(graph, at, those, readers, columns);
      if (!found) break;
      nodes.push(...found.nodes);
      if (found.step) steps.push(found.step);
      product = found.product;
      at = nodes[nodes.length - 1].outputs[0];
      those = readers.get(at);
    }
    nodes.forEach((n) => seen.add(n));
    if (nodes.length < 2) continue;
    const last = nodes[nodes.length - 1];
    nodes.forEach((n) => gone.add(n));
    const attributes: OwnOperators['Rows'] = { columns, steps, product, chain: subchain(graph, nodes, start) };
    instead.set(last, {
      domain: 'brine',
      op: 'Rows',
      inputs: [start],
      outputs: last.outputs,
      attributes: { ...attributes },
      ...(last.name === undefined ? {} : { name: last.name }),
    });
  }
  return replaced(graph, instead, gone);
}

/** The number of columns of a dense float64 matrix of any rows. */
function widthOf(graph: Graph, id: number): number | undefined {
  const type = graph.types?.[id];
  if (type?.dtype !== 'float64' || type.layout !== 'dense' || type.shape?.length !== 2) return undefined;
  const [rows, columns] = type.shape;
  return rows === null && columns !== null && columns > 0 && columns <= MOST_COLUMNS ? columns : undefined;
}

function foundIn(
  graph: Graph,
  x: number,
  those: readonly Node[],
  readers: ReadonlyMap<number, readonly Node[]>,
  columns: number,
): Found | undefined {
  const fill = fillOf(graph, x, those[0], readers, columns);
  if (fill && those.every((n) => fill.nodes.includes(n))) return fill;
  if (those.length !== 1) return undefined;
  const [node] = those;
  if (node.domain === 'brine' && node.op === 'Finite') {
    const { nan, infinite, float32 } = node.attributes as unknown as OwnOperators['Finite'];
    const largest = infinite ? Infinity : float32 ? FLOAT32_MAX : Number.MAX_VALUE;
    return { nodes: [node], step: { kind: 'check', nan, largest } };
  }
  if (node.domain !== '') return undefined;
  if (node.op === 'Gemm' || node.op === 'MatMul') {
    const layer = node.inputs[0] === x ? layerOf(graph, node) : undefined;
    const fits = layer?.inputs === columns && layer.outputs <= MOST_OUTPUTS && layer.weights instanceof Float64Array;
    return fits ? { nodes: [node], step: undefined, product: layer } : undefined;
  }
  const kind = binary.get(node.op);
  if (!kind || node.inputs.length !== 2 || Object.keys(node.attributes).length > 0) return undefined;
  if (kind === 'mul' && node.inputs.every((id) => id === x)) return { nodes: [node], step: { kind: 'square' } };
  const place = node.inputs.indexOf(x);
  if (place === 1 && !commutes.has(node.op)) return undefined;
  const values = columnValues(graph, node.inputs[1 - place], columns);
  return values && widthOf(graph, node.outputs[0]) === columns ? { nodes: [node], step: { kind, values } } : undefined;
}

/** Where(IsNaN(x), constant, x). */
function fillOf(
  graph: Graph,
  x: number,
  isNaN: Node,
  readers: ReadonlyMap<number, readonly Node[]>,
  columns: number,
): Found | undefined {
  if (isNaN.domain !== '' || isNaN.op !== 'IsNaN' || isNaN.inputs[0] !== x) return undefined;
  const those = readers.get(isNaN.outputs[0]);
  const where = those?.length === 1 ? those[0] : undefined;
  if (where?.domain !== '' || where.op !== 'Where' || where.inputs[0] !== isNaN.outputs[0] || where.inputs[2] !== x)
    return undefined;
  const values = columnValues(graph, where.inputs[1], columns);
  const fits = values && widthOf(graph, where.outputs[0]) === columns;
  return fits ? { nodes: [isNaN, where], step: { kind: 'fill', values } } : undefined;
}

/** A number for each column, or one for all, of a constant. */
function columnValues(graph: Graph, id: number, columns: number): Float64Array | undefined {
  const c = constantOf(graph, id);
  if (c?.dtype !== 'float64' || !(c.data instanceof Float64Array) || c.shape.length > 2) return undefined;
  if (c.data.length === 1) return new Float64Array(columns).fill(c.data[0]);
  return c.data.length === columns && c.shape.at(-1) === columns ? c.data : undefined;
}
