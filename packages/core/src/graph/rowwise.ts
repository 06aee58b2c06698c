import type { Graph, Node } from './graph.js';
import { constantOf } from './subchain.js';

/** What is known while nodes are judged: which values have a row for each row of the input. */
interface Known {
  readonly graph: Graph;
  readonly rows: ReadonlySet<number>;
}

type Judge = (node: Node, known: Known) => boolean;

const rankOf = ({ graph }: Known, id: number): number => graph.types?.[id]?.shape?.length ?? NaN;
const isConstant = ({ graph }: Known, id: number): boolean => graph.constants.has(id);

/** Each row of the result from the same row of all operands: constants must not have rows of their own. */
const elementwise: Judge = (node, known) => {
  const rank = rankOf(known, node.outputs[0]);
  return node.inputs.every((id) => {
    if (known.rows.has(id)) return rankOf(known, id) === rank;
    const c = constantOf(known.graph, id);
    return c !== undefined && (c.shape.length < rank || (c.shape.length === rank && c.shape[0] === 1));
  });
};

/** Of one operand, by itself. */
const single: Judge = (node, { rows }) => node.inputs.length === 1 && rows.has(node.inputs[0]);

const isSecond = (axis: unknown, rank: number): boolean => rank === 2 && (axis === 1 || axis === -1);

/** Along the columns of a matrix. */
const alongColumns =
  (fallback: number): Judge =>
  (node, known) =>
    single(node, known) && isSecond(node.attributes['axis'] ?? fallback, rankOf(known, node.inputs[0]));

const reduction: Judge = (node, known) => {
  const [x, axes] = node.inputs;
  const data = constantOf(known.graph, axes)?.data;
  return known.rows.has(x) && data?.length === 1 && isSecond(Number(data[0]), rankOf(known, x));
};

/** Columns of the rows, or what constants hold for each row's index. */
const gather: Judge = (node, known) => {
  const [x, at] = node.inputs;
  const axis = node.attributes['axis'] ?? 0;
  if (known.rows.has(x)) return isConstant(known, at) && isSecond(axis, rankOf(known, x));
  return isConstant(known, x) && known.rows.has(at) && axis === 0;
};

const concat: Judge = (node, known) => {
  const axis = node.attributes['axis'];
  return node.inputs.every((id) => known.rows.has(id) && isSecond(axis, rankOf(known, id)));
};

const product: Judge = (node, known) => {
  const [x, weights, bias] = node.inputs;
  const c = bias === undefined ? undefined : constantOf(known.graph, bias);
  const plain = bias === undefined || (c !== undefined && (c.shape.length < 2 || c.shape[0] === 1));
  const turned = Number(node.attributes['transA'] ?? 0) !== 0;
  return known.rows.has(x) && rankOf(known, x) === 2 && isConstant(known, weights) && plain && !turned;
};

/** To a shape whose first dimension is left open, and whose others hold as much as a row has. */
const reshape: Judge = (node, known) => {
  const [x, to] = node.inputs;
  const shape = constantOf(known.graph, to)?.data;
  const before = known.graph.types?.[x]?.shape;
  if (!known.rows.has(x) || !shape || !before || Number(shape[0]) !== -1 || node.attributes['allowzero'] !== undefined)
    return false;
  const wanted = Array.from(shape as ArrayLike<unknown>, Number).slice(1);
  const given = before.slice(1).map((d) => d ?? NaN);
  const size = (dims: readonly number[]): number => dims.reduce((a, d) => a * d, 1);
  return wanted.every((d) => d > 0) && size(wanted) === size(given);
};

/** (x, values): the values for each row of x. */
const repeated: Judge = (node, known) => known.rows.has(node.inputs[0]) && isConstant(known, node.inputs[1]);

const each = (names: string, judge: Judge): [string, Judge][] => names.split(' ').map((name) => [name, judge]);

/** Operators that are known to give each row of their result from one row of what they are given. No other is. */
const judges = new Map<string, Judge>([
  ...each('Add Sub Mul Div Min Max Pow Equal Less LessOrEqual Greater GreaterOrEqual And Or Where', elementwise),
  ...each('Not IsNaN Cast Neg Abs Exp Log Sqrt Floor Ceil Sign Tanh Sigmoid Relu Identity', single),
  ...each('brine:Finite brine:Rows brine:Dense brine:Digitize brine:Quantiles brine:Normal brine:Interpolate', single),
  ...each('brine:Lookup brine:FillMissing', single),
  ...each('Softmax LogSoftmax', alongColumns(-1)),
  ...each('ArgMax ArgMin', alongColumns(0)),
  ...each('ReduceSum ReduceMean ReduceMax ReduceMin ReduceSumSquare ReduceL2 ReduceLogSumExp', reduction),
  ...each('Gemm MatMul', product),
  ['Gather', gather],
  ['Concat', concat],
  ['Reshape', reshape],
  ['brine:RepeatRows', repeated],
]);

/**
 * The numbers that each row takes, in all steps, on its way through a graph whose every row is computed from the same row
 * of its inputs. Undefined for other graphs, and those of unknown types.
 */
export function rowWidth(graph: Graph): number | undefined {
  const { types } = graph;
  const outside = graph.inputs.some(({ type }) => type?.layout !== 'dense' || type.shape?.[0] !== null);
  if (!types || outside || graph.captures || graph.inputs.length === 0) return undefined;
  const rows = new Set(graph.inputs.map((input) => input.value));
  const known = { graph, rows };
  let all = 0;
  for (const node of graph.nodes) {
    // Constants are folded before anything runs.
    if (node.inputs.length > 0 && node.inputs.every((id) => graph.constants.has(id))) return undefined;
    const judge = judges.get(node.domain === '' ? node.op : `${node.domain}:${node.op}`);
    if (!judge?.(node, known) || node.outputs.length !== 1) return undefined;
    const [id] = node.outputs;
    const type = types[id];
    if (type.layout !== 'dense' || !type.shape || type.shape.length === 0) return undefined;
    const width = type.shape.slice(1).reduce<number>((a, d) => a * (d ?? NaN), 1);
    if (Number.isNaN(width)) return undefined;
    all += width;
    rows.add(id);
  }
  return graph.outputs.every((o) => rows.has(o.value)) ? all : undefined;
}
