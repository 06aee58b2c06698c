import { BrineError } from '../../errors.js';
import { GraphBuilder, type V } from '../builder.js';
import type { Graph, Node } from '../graph.js';
import type { OwnName } from '../own.js';
import { allocate, float64, int64, isCsr, isTensor, type Csr, type Tensor, type Value } from '../tensor.js';
import { elementary } from './elementary.js';
import type { Expander, Expansions, Target } from './expansion.js';
import { narrow } from './narrow.js';

export interface ExpandOptions extends Target {
  /** Whether expansions that are only near may be used. */
  readonly allowApproximate: boolean;
}

export interface Expanded {
  readonly graph: Graph;
  /** What may differ from the library's answers, in sentences; empty unless approximations were allowed. */
  readonly losses: readonly string[];
  /** What the graph leaves out that does not change an answer. */
  readonly notes: readonly string[];
}

/** A sparse constant written out: more elements than this are refused (CWE-409). */
const MAX_DENSE = 1 << 27;

/**
 * A lowered graph in ONNX operators alone, everything dense: ONNX nodes are copied, those of the `brine` domain
 * replaced by their expansion.
 * @throws BrineError UNSUPPORTED naming the step and the operator that ONNX cannot say
 */
export function expandWith(table: Expansions, graph: Graph, options: ExpandOptions): Expanded {
  const g = new GraphBuilder();
  const losses = new Set<string>();
  const notes = new Set<string>();
  const values = new Map<number, V>();
  for (const input of graph.inputs) {
    if (!input.type?.shape) throw new BrineError('BAD_ARGUMENT', `the type of the input ${input.name} is not known`);
    values.set(input.value, g.input(input.name, { ...input.type, shape: input.type.shape, layout: 'dense' }));
  }
  for (const [id, value] of graph.constants) values.set(id, g.constant(dense(value, options.missingText)));
  const valueOf = (id: number): V => {
    const v = values.get(id);
    if (!v) throw new BrineError('BAD_STATE', `the graph reads value ${id}, which nothing makes`);
    return v;
  };
  for (const node of graph.nodes) {
    if (node.name !== undefined) g.steps.push(node.name);
    const given = node.inputs.map((id) => (id < 0 ? undefined : valueOf(id)));
    const sparse = node.inputs.map((id) => graph.types?.[id]?.layout === 'csr');
    const e = expander(g, node, sparse, options, losses, notes);
    const results = node.domain === 'brine' ? expandOwn(table, node, given as V[], e) : copied(node, given, e);
    if (node.name !== undefined) g.steps.pop();
    node.outputs.forEach((id, i) => values.set(id, results[i]));
  }
  const outputs = graph.outputs.map((o) => ({ name: o.name, value: valueOf(o.value) }));
  return { graph: g.finish(outputs), losses: [...losses], notes: [...notes] };
}

function expandOwn(table: Expansions, node: Node, inputs: readonly V[], e: Expander): readonly V[] {
  const expansion = table[node.op as OwnName] as
    ((inputs: readonly V[], attributes: object, e: Expander) => readonly V[]) | undefined;
  if (!expansion) return e.refuse('brine has no exact expansion of it');
  return expansion(inputs, node.attributes, e);
}

/** A node of ONNX's own. What is of any type in the runtime has text or numbers here, or is refused. */
function copied(node: Node, given: readonly (V | undefined)[], e: Expander): readonly V[] {
  if (node.op === 'Cast' && node.attributes['to'] === 'object') return [given[0]!];
  if (given.some((v) => v?.dtype === 'object')) return e.refuse('text and numbers mixed have no type in ONNX');
  const other = elementary[node.op];
  if (other && given[0]?.dtype === 'float64') return [other(e.g, given[0])];
  // As Gemm: onnxruntime takes a number that multiplies a MatMul into it, rounded to float32.
  if (node.op === 'MatMul' && given.every((v) => v?.dtype === 'float64' && v.shape.length === 2))
    return e.g.nodes('Gemm', given, {}, 1);
  return e.g.nodes(node.op, given, node.attributes, node.outputs.length, node.domain);
}

function expander(
  g: GraphBuilder,
  node: Node,
  sparse: readonly boolean[],
  options: ExpandOptions,
  losses: Set<string>,
  notes: Set<string>,
): Expander {
  const where = node.name ?? node.op;
  const refuse = (why: string): never => {
    throw new BrineError('UNSUPPORTED', `ONNX cannot say ${node.op} exactly: ${why}`, { path: where });
  };
  return {
    g,
    target: options,
    sparse,
    rows: (x) => {
      const [shape] = g.typed('Shape', [x], {}, [{ dtype: 'int64', shape: [x.shape.length] }]);
      return g.gather(shape, int64([1], [0]), 0);
    },
    refuse,
    approximate: (loss) => {
      if (!options.allowApproximate) refuse(`${loss} (--allow-approximate writes it all the same)`);
      losses.add(`${where}: ${loss}`);
    },
    refuseWhere: (x, bad, message) => guarded(g, x, bad, message),
    note: (what) => notes.add(`${where}: ${what}`),
  };
}

function dense(value: Value, missingText: string): Tensor | Csr {
  if (!isCsr(value)) {
    if (!isTensor(value)) throw new BrineError('UNSUPPORTED', 'a constant is neither a tensor nor a sparse matrix');
    return narrow(value, missingText) ?? value;
  }
  const [rows, columns] = value.shape;
  if (rows * columns > MAX_DENSE)
    throw new BrineError('LIMIT', `a sparse constant of ${rows} × ${columns} is too large to be written out dense`);
  const data = allocate(value.dtype, rows * columns) as Float64Array;
  for (let r = 0; r < rows; r++)
    for (let i = value.indptr[r]; i < value.indptr[r + 1]; i++) data[r * columns + value.indices[i]] += value.data[i];
  return { dtype: value.dtype, shape: [rows, columns], data };
}

/** x times one, or joined with true: but the one is looked up at place 1 of a list of one where something is bad. */
function guarded(g: GraphBuilder, x: V, bad: V, message: string): V {
  g.steps.push(message.replaceAll('/', ' '));
  const [count] = g.typed('ReduceSum', [g.cast(bad, 'int64')], { keepdims: 0 }, [{ dtype: 'int64', shape: [] }]);
  const any = g.cast(g.greater(count, int64([], [0])), 'int64');
  const pass = (one: Tensor): V => g.typed('Gather', [one, any], { axis: 0 }, [{ dtype: one.dtype, shape: [] }])[0];
  const yes: Tensor = { dtype: 'bool', shape: [1], data: Uint8Array.of(1) };
  const one: Tensor = x.dtype === 'int64' ? int64([1], [1]) : float64([1], Float64Array.of(1));
  const passed = pass(x.dtype === 'string' || x.dtype === 'bool' ? yes : one);
  g.steps.pop();
  if (x.dtype === 'string') return g.where(passed, x, x);
  return x.dtype === 'bool' ? g.and(x, passed) : g.mul(x, passed);
}
