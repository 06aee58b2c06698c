import { BrineError } from '../errors.js';
import type { Attribute, Graph, Node } from './graph.js';
import { isTensor, type Value } from './tensor.js';

/** A node under conversion to an older opset: its constants, and how to make new values. */
interface Older {
  readonly node: Node;
  readonly constant: (i: number) => readonly number[] | undefined;
  readonly fresh: () => number;
  readonly rankOf: (i: number) => number | undefined;
}
interface Form {
  readonly since: number;
  readonly before?: Before;
}
type Before = (o: Older) => Node | readonly Node[] | undefined;

/** axes as an attribute, as reductions and (Un)squeeze had them. */
const axesAttribute: Before = ({ node, constant }) => {
  if (node.inputs.length < 2 || node.inputs[1] < 0) return { ...node, inputs: [node.inputs[0]] };
  const axes = constant(1);
  return axes && { ...node, inputs: [node.inputs[0]], attributes: { ...node.attributes, axes } };
};

/** LessOrEqual and GreaterOrEqual: the strict one, or equal. */
const orEqual =
  (strict: string): Before =>
  ({ node, fresh }) => {
    const [a, b] = [fresh(), fresh()];
    return [
      { ...node, op: strict, outputs: [a] },
      { ...node, op: 'Equal', outputs: [b] },
      { ...node, op: 'Or', inputs: [a, b] },
    ];
  };

/** Softmax of old flattens from its axis on: the same for the last axis of a matrix only. */
const lastAxis: Before = ({ node, rankOf }) => {
  const rank = rankOf(0);
  const axis = (node.attributes['axis'] as number | undefined) ?? -1;
  const last = rank !== undefined && (axis === -1 || axis === rank - 1);
  return last ? { ...node, attributes: { ...node.attributes, axis: rank - 1 } } : undefined;
};

const reduction: Form = { since: 18, before: axesAttribute };

/**
 * The version of ai.onnx since which an operator has the form in which graphs are built here, and what it was before.
 * What is not listed has had its form since opset 7.
 */
const forms: Readonly<Record<string, readonly Form[]>> = {
  ReduceMean: [reduction],
  ReduceMax: [reduction],
  ReduceMin: [reduction],
  ReduceProd: [reduction],
  ReduceL1: [reduction],
  ReduceL2: [reduction],
  ReduceSumSquare: [reduction],
  ReduceLogSum: [reduction],
  ReduceLogSumExp: [reduction],
  ReduceSum: [{ since: 13, before: axesAttribute }],
  Squeeze: [{ since: 13, before: axesAttribute }],
  Unsqueeze: [{ since: 13, before: axesAttribute }],
  Softmax: [{ since: 13, before: lastAxis }],
  LogSoftmax: [{ since: 13, before: lastAxis }],
  LessOrEqual: [{ since: 12, before: orEqual('Less') }],
  GreaterOrEqual: [{ since: 12, before: orEqual('Greater') }],
  Split: [
    { since: 18, before: ({ node }) => (node.inputs.length > 1 ? node : withoutAttribute(node, 'num_outputs')) },
    { since: 13 },
  ],
  Min: [{ since: 8 }],
  Max: [{ since: 8 }],
  Expand: [{ since: 8 }],
  Acosh: [{ since: 9 }],
  Asinh: [{ since: 9 }],
  Atanh: [{ since: 9 }],
  Cosh: [{ since: 9 }],
  Sinh: [{ since: 9 }],
  Erf: [{ since: 9 }],
  IsNaN: [{ since: 9 }],
  NonZero: [{ since: 9 }],
  OneHot: [{ since: 11 }],
  Sign: [{ since: 9 }],
  Where: [{ since: 9 }],
  TfIdfVectorizer: [{ since: 9 }],
  IsInf: [{ since: 10 }],
  Mod: [{ since: 10 }],
  Slice: [{ since: 10 }],
  StringNormalizer: [{ since: 10 }],
  TopK: [{ since: 11 }],
  Clip: [{ since: 11 }],
  Compress: [{ since: 11 }],
  CumSum: [{ since: 11 }],
  Equal: [{ since: 11 }],
  Gather: [{ since: 11 }],
  GatherElements: [{ since: 11 }],
  GatherND: [{ since: 11 }],
  Gemm: [{ since: 11 }],
  If: [{ since: 11 }],
  Loop: [{ since: 11 }],
  Pad: [{ since: 11 }],
  Range: [{ since: 11 }],
  Round: [{ since: 11 }],
  Scan: [{ since: 11 }],
  ScatterElements: [{ since: 11 }],
  ScatterND: [{ since: 11 }],
  SequenceAt: [{ since: 11 }],
  Unique: [{ since: 11 }],
  ArgMax: [{ since: 12 }],
  ArgMin: [{ since: 12 }],
  Einsum: [{ since: 12 }],
  Pow: [{ since: 12 }],
  Trilu: [{ since: 14 }],
  CastLike: [{ since: 15 }],
  Optional: [{ since: 15 }],
  LayerNormalization: [{ since: 17 }],
  DFT: [{ since: 20 }],
  BitwiseAnd: [{ since: 18 }],
  BitwiseOr: [{ since: 18 }],
  BitwiseXor: [{ since: 18 }],
  BitwiseNot: [{ since: 18 }],
  Gelu: [{ since: 20 }],
  RegexFullMatch: [{ since: 20 }],
  StringConcat: [{ since: 20 }],
  StringSplit: [{ since: 20 }],
};

/** Versions of ai.onnx.ml by operator; those not listed have been there since 1. */
const ml = (node: Node): number => {
  const tensors = Object.keys(node.attributes).filter(
    (name) => name.endsWith('_as_tensor') || name.endsWith('_tensor'),
  );
  switch (node.op) {
    case 'TreeEnsemble':
      return 5;
    case 'TreeEnsembleClassifier':
    case 'TreeEnsembleRegressor':
      return tensors.length > 0 ? 3 : 1;
    case 'LabelEncoder':
      return tensors.length > 0 ? 4 : 2;
    default:
      return 1;
  }
};

/** Graphs are not written in older opsets unasked: onnxruntime 1.6 of 2020 runs this one. */
export const USUAL_OPSET = 13;
/** The oldest that may be asked for: broadcasting was another thing before. */
export const OLDEST_OPSET = 7;
/** The newest: that of the graphs that are built here (`LOWERED_OPSETS`). */
export const NEWEST_OPSET = 21;

/** Comparing strings needs 19: the one operator whose version depends on its types. */
export interface OpsetNeeds {
  /** Whether a value is of text. */
  readonly isText: (id: number) => boolean;
  readonly rankOf: (id: number) => number | undefined;
}

/** The graph in the opset asked for, or in the lowest from `USUAL_OPSET` on that has all its operators. */
export function toOpset(graph: Graph, wanted: number | undefined, needs: OpsetNeeds): Graph {
  const least = Math.max(...allNodes(graph).map((node) => leastOpset(node, needs)), OLDEST_OPSET);
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= OLDEST_OPSET && wanted <= NEWEST_OPSET))
    throw new BrineError('BAD_ARGUMENT', `opset ${wanted}: from ${OLDEST_OPSET} to ${NEWEST_OPSET} can be written`);
  const opset = wanted ?? Math.max(least, USUAL_OPSET);
  const mlVersions = allNodes(graph)
    .filter((n) => n.domain === 'ai.onnx.ml')
    .map(ml);
  const opsets = new Map([['', opset]]);
  if (mlVersions.length > 0) opsets.set('ai.onnx.ml', Math.max(...mlVersions));
  // onnxruntime's own operators have one version.
  if (allNodes(graph).some((n) => n.domain === 'com.microsoft')) opsets.set('com.microsoft', 1);
  return converted(graph, opset, opsets, needs);
}

function converted(graph: Graph, opset: number, opsets: ReadonlyMap<string, number>, needs: OpsetNeeds): Graph {
  let next = graph.valueCount;
  const nodes = graph.nodes.flatMap((given): readonly Node[] => {
    const node = withConverted(given, opset, opsets, needs);
    if (node.domain !== '') return [node];
    const needed = leastOpset(node, needs);
    const least = needed > opset ? undefined : node;
    if (!least) throw tooOld(node, needed, opset);
    let now: readonly Node[] = [node];
    for (const form of forms[node.op] ?? []) {
      if (opset >= form.since) continue;
      const constantOf = (id: number): Value | undefined => graph.constants.get(id);
      const older = form.before?.({
        node: now[0],
        constant: (i) => {
          const value = constantOf(node.inputs[i] ?? -1);
          return value && isTensor(value) ? Array.from(value.data as ArrayLike<number | bigint>, Number) : undefined;
        },
        fresh: () => next++,
        rankOf: (i) => needs.rankOf(node.inputs[i] ?? -1),
      });
      if (!older) throw tooOld(node, form.since, opset);
      now = Array.isArray(older) ? (older as readonly Node[]) : [older as Node];
    }
    return now;
  });
  return { ...graph, nodes, opsets, valueCount: next };
}

function tooOld(node: Node, needed: number, opset: number): BrineError {
  return new BrineError(
    'UNSUPPORTED',
    `${node.op} needs opset ${needed}, opset ${opset} was asked for`,
    node.name === undefined ? {} : { path: node.name },
  );
}

function withConverted(node: Node, opset: number, opsets: ReadonlyMap<string, number>, needs: OpsetNeeds): Node {
  const entries = Object.entries(node.attributes);
  if (!entries.some(([, a]) => isGraph(a))) return node;
  const attributes = entries.map(([name, a]): [string, Attribute] => [
    name,
    isGraph(a) ? converted(a, opset, opsets, INNER(needs)) : a,
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) };
}

/** Values of a body have numbers of their own, of which nothing is known. */
const INNER = (needs: OpsetNeeds): OpsetNeeds => ({ ...needs, rankOf: () => undefined, isText: () => false });

function leastOpset(node: Node, needs: OpsetNeeds): number {
  if (node.domain !== '') return OLDEST_OPSET;
  if (node.op === 'Equal' && node.inputs.some(needs.isText)) return 19;
  const { reduction } = node.attributes;
  if (reduction !== undefined && reduction !== 'none') return reduction === 'min' || reduction === 'max' ? 18 : 16;
  const found = forms[node.op] ?? [];
  return Math.max(OLDEST_OPSET, ...found.filter((f) => !f.before).map((f) => f.since));
}

function withoutAttribute(node: Node, name: string): Node {
  return { ...node, attributes: Object.fromEntries(Object.entries(node.attributes).filter(([key]) => key !== name)) };
}

function isGraph(value: unknown): value is Graph {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'valueCount' in value;
}

function allNodes(graph: Graph): Node[] {
  const out: Node[] = [];
  const todo = [graph];
  while (todo.length > 0)
    for (const node of todo.pop()!.nodes) {
      out.push(node);
      for (const a of Object.values(node.attributes)) if (isGraph(a)) todo.push(a);
    }
  return out;
}

/** The IR version that a reader of these opsets knows (onnx/docs/Versioning.md). */
export function irVersionOf(opsets: ReadonlyMap<string, number>): number {
  const opset = opsets.get('') ?? 0;
  const version =
    opset >= 23 ? 11 : opset >= 21 ? 10 : opset >= 19 ? 9 : opset >= 15 ? 8 : opset >= 13 ? 7 : opset >= 11 ? 6 : 4;
  const mlVersion = opsets.get('ai.onnx.ml') ?? 0;
  return Math.max(version, mlVersion >= 5 ? 10 : mlVersion >= 4 ? 9 : mlVersion >= 3 ? 8 : 4);
}
