import { BrineError } from '../errors.js';
import type { Graph, Node } from '../graph/graph.js';
import type { Value } from '../graph/tensor.js';
import type { Arena } from './arena.js';
import { RunBudget, type RunLimits } from './budget.js';
import { loadOperators } from './families.js';
import type { Budget, Kernel, Operator, Site } from './operator.js';

/** A graph made ready to run: kernels chosen, constants folded, and the order and life of every value known. */
export interface Plan {
  /** Inputs in the graph's order (then a subgraph's captures); outputs in the graph's order. */
  readonly run: (inputs: readonly (Value | undefined)[]) => Value[];
  /** For runs block by block. */
  readonly arena: Arena;
}

interface Step {
  readonly kernel: Kernel;
  readonly node: Node;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Values that nothing needs after this step. */
  readonly dead: readonly number[];
}

/** Loads the operator families that the graph needs, then plans it. Missing operators are named, all at once. */
export async function plan(graph: Graph, limits: RunLimits = {}): Promise<Plan> {
  const operators = await loadOperators(graph);
  const budget = new RunBudget(limits);
  // Constants are computed here, and may be hostile, too.
  budget.start();
  const inner = planWith(graph, operators, budget);
  return {
    arena: budget.arena,
    run: (inputs) => {
      budget.start();
      return inner.run(inputs);
    },
  };
}

export type Operators = ReadonlyMap<string, Operator>;

/** Operators whose result is not a function of their inputs: never folded. */
const impure = new Set(['Custom']);

export function planWith(graph: Graph, operators: Operators, budget: Budget): Plan {
  const constants = new Map(graph.constants);
  const steps: Step[] = [];
  const wanted = liveNodes(graph);
  for (const node of graph.nodes) {
    if (!wanted.has(node)) continue;
    const operator = operators.get(operatorKey(node));
    if (!operator) throw new BrineError('UNSUPPORTED', `no operator ${operatorKey(node)}`);
    const site: Site = {
      node,
      attributes: node.attributes,
      opset: node.opset ?? graph.opsets.get(node.domain) ?? 1,
      constant: (i) => constants.get(node.inputs[i] ?? -1),
      plan: (subgraph) => planWith(subgraph, operators, budget),
      budget,
    };
    const kernel = guarded(node, () => operator(site));
    const inputs = readsOf(node);
    const fixed = inputs.length > 0 && inputs.every((i) => i < 0 || constants.has(i)) && !impure.has(node.op);
    if (fixed) {
      const values = guarded(node, () => resultsOf(kernel(inputs.map((i) => constants.get(i)))));
      node.outputs.forEach((id, i) => {
        if (id >= 0 && values[i]) constants.set(id, values[i]);
      });
    } else {
      steps.push({ kernel, node, inputs, outputs: node.outputs, dead: [] });
    }
  }
  const ready = withDeaths(steps, graph);
  const before = new Array<Value | undefined>(graph.valueCount).fill(undefined);
  for (const [id, value] of constants) before[id] = value;
  const places = [...graph.inputs.map((input) => input.value), ...(graph.captures?.keys() ?? [])];

  return {
    arena: budget.arena,
    run: (inputs) => {
      const values = before.slice();
      for (let i = 0; i < places.length; i++) if (inputs[i] !== undefined) values[places[i]] = inputs[i];
      runSteps(ready, values, budget);
      const out = new Array<Value>(graph.outputs.length);
      for (let i = 0; i < out.length; i++) {
        const value = values[graph.outputs[i].value];
        if (value === undefined)
          throw new BrineError('CORRUPT', `nothing computes the output ${graph.outputs[i].name}`);
        out[i] = value;
      }
      return out;
    },
  };
}

/** Runs the steps over `values`, in their order. A single row of a small model takes little more than this loop. */
function runSteps(steps: readonly Step[], values: (Value | undefined)[], budget: Budget): void {
  let at = 0;
  try {
    for (; at < steps.length; at++) {
      const { kernel, inputs, outputs, dead } = steps[at];
      budget.step();
      const given = new Array<Value | undefined>(inputs.length);
      for (let i = 0; i < inputs.length; i++) given[i] = inputs[i] < 0 ? undefined : values[inputs[i]];
      const results = kernel(given);
      if (Array.isArray(results)) {
        for (let i = 0; i < outputs.length; i++)
          if (outputs[i] >= 0) values[outputs[i]] = (results as readonly Value[])[i];
      } else if (outputs[0] >= 0) values[outputs[0]] = results as Value;
      for (let i = 0; i < dead.length; i++) values[dead[i]] = undefined;
    }
  } catch (error) {
    throw placed(steps[at].node, error);
  }
}

export function operatorKey(node: Node): string {
  return node.domain === '' ? node.op : `${node.domain}:${node.op}`;
}

function resultsOf(result: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(result) ? (result as readonly Value[]) : [result as Value];
}

function guarded<T>(node: Node, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw placed(node, error);
  }
}

/** What went wrong, with the step's name; whatever is no BrineError is a file that lied. */
function placed(node: Node, error: unknown): unknown {
  const where = node.name === undefined || node.name === '' ? operatorKey(node) : `${node.name} (${operatorKey(node)})`;
  if (error instanceof BrineError) {
    if (error.place.path !== undefined) return error;
    return new BrineError(error.code, error.message, { ...error.place, path: where }, { cause: error });
  }
  if (error instanceof RangeError || error instanceof TypeError)
    return new BrineError('CORRUPT', error.message, { path: where }, { cause: error });
  return error;
}

/** The nodes that some output needs. */
function liveNodes(graph: Graph): ReadonlySet<Node> {
  const maker = new Map<number, Node>();
  for (const node of graph.nodes) for (const id of node.outputs) maker.set(id, node);
  const live = new Set<Node>();
  const todo = graph.outputs.map((o) => o.value);
  while (todo.length > 0) {
    const node = maker.get(todo.pop()!);
    if (!node || live.has(node)) continue;
    live.add(node);
    for (const id of readsOf(node)) if (id >= 0) todo.push(id);
  }
  return live;
}

/** What a node reads: its inputs, then what each of its subgraphs captures, in the order of `subgraphsOf`. */
function readsOf(node: Node): number[] {
  return [...node.inputs, ...subgraphsOf(node).flatMap((g) => [...(g.captures?.values() ?? [])])];
}

/** The graphs among a node's attributes. */
export function subgraphsOf(node: Node): Graph[] {
  return Object.values(node.attributes).flatMap((a) => (isGraph(a) ? [a] : Array.isArray(a) ? a.filter(isGraph) : []));
}

function isGraph(value: unknown): value is Graph {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'valueCount' in value;
}

function withDeaths(steps: readonly Step[], graph: Graph): Step[] {
  const keep = new Set(graph.outputs.map((o) => o.value));
  const seen = new Set<number>();
  const out: Step[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i];
    const used = [...step.inputs, ...step.outputs];
    const dead: number[] = [];
    for (const id of used) {
      if (id < 0 || seen.has(id)) continue;
      seen.add(id);
      if (!keep.has(id) && !graph.constants.has(id)) dead.push(id);
    }
    out.push({ ...step, dead });
  }
  return out.reverse();
}
