import { BrineError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { isTensor, type Tensor, type Value } from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { axisOf, badInput, dense, int, list, make, unsupported, type Inputs } from './common.js';
import { concatenated } from './gather.js';
import { copyView, moving, stepsOf } from './move.js';
import { subgraphsOf, type Plan } from '../plan.js';

/** A planned subgraph that takes its captured values from among the node's inputs. */
interface Body {
  readonly graph: Graph;
  run(inputs: readonly (Value | undefined)[], all: Inputs): Value[];
}

/** Plans a node's subgraph. What it captures comes after the node's own inputs, in the order of the subgraphs. */
export function body(site: Site, name: string): Body {
  const graph = site.attributes[name];
  if (typeof graph !== 'object' || graph === null || !('nodes' in graph))
    throw new BrineError('CORRUPT', `no graph ${name}`);
  let from = site.node.inputs.length;
  for (const other of subgraphsOf(site.node)) {
    if (other === graph) break;
    from += other.captures?.size ?? 0;
  }
  const count = graph.captures?.size ?? 0;
  const plan: Plan = site.plan(graph);
  return {
    graph,
    run: (inputs, all) => plan.run([...inputs, ...all.slice(from, from + count)]),
  };
}

function truth(x: Tensor): boolean {
  if (x.data.length !== 1) throw badInput(`a condition of ${x.data.length} elements`);
  return Number(x.data[0]) !== 0;
}

const ifOperator: Operator = (site) => {
  const whenTrue = body(site, 'then_branch');
  const whenFalse = body(site, 'else_branch');
  return (inputs) => (truth(dense(inputs, 0)) ? whenTrue : whenFalse).run([], inputs);
};

/** Parts of equal shape, one after another along a new axis. */
export function stacked(site: Site, parts: readonly Tensor[], axis: number): Tensor {
  const first = parts[0];
  const at = axisOf(axis, first.shape.length + 1);
  const wide = parts.map((p) => ({ ...p, shape: [...p.shape.slice(0, at), 1, ...p.shape.slice(at)] }));
  return concatenated(site, wide, at);
}

function tensorsOf(values: readonly Value[]): Tensor[] {
  return values.map((v) => {
    if (!isTensor(v)) throw badInput('a loop collects tensors only');
    return v;
  });
}

const loop: Operator = (site) => {
  const inner = body(site, 'body');
  return (inputs) => {
    const most = inputs[0] === undefined ? Infinity : Number(dense(inputs, 0).data[0]);
    let going = inputs[1] === undefined ? true : truth(dense(inputs, 1));
    const carriedCount = inner.graph.inputs.length - 2;
    let carried: (Value | undefined)[] = inputs.slice(2, 2 + carriedCount);
    const collected: Value[][] = inner.graph.outputs.slice(1 + carriedCount).map(() => []);
    let held = 0;
    for (let i = 0; i < most && going; i++) {
      site.budget.step();
      const turn: Tensor = { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(i)) };
      const condition: Tensor = { dtype: 'bool', shape: [], data: Uint8Array.of(1) };
      const out = inner.run([turn, condition, ...carried], inputs);
      going = truth(out[0] as Tensor);
      carried = out.slice(1, 1 + carriedCount);
      held += collect(site, collected, out, 1 + carriedCount, held);
    }
    return [
      ...(carried as Value[]),
      ...collected.map((list, k) => scanOutput(site, inner, list, 1 + carriedCount + k)),
    ];
  };
};

/** What a tensor takes beside its data, in numbers of eight bytes. */
const SMALL_TENSOR = 40;

/** Keeps a turn's results; what all turns keep together is within the budget (CWE-770). */
function collect(site: Site, lists: readonly Value[][], results: readonly Value[], from: number, held: number): number {
  let more = 0;
  lists.forEach((list, k) => {
    const value = results[from + k];
    list.push(value);
    // A tensor of one number takes what forty do.
    if (isTensor(value)) more += value.data.length + SMALL_TENSOR;
  });
  site.budget.allocate(held + more, 8);
  return more;
}

function scanOutput(site: Site, inner: Body, list: readonly Value[], output: number): Tensor {
  if (list.length > 0) return stacked(site, tensorsOf(list), 0);
  // Without a turn only what the file declares is known.
  const declared = inner.graph.outputs[output].type;
  if (!declared)
    throw unsupported(`a loop without a turn whose result ${inner.graph.outputs[output].name} has no type`);
  const shape = [0, ...(declared.shape ?? []).map((d) => d ?? 0)];
  return { dtype: declared.dtype, shape, data: make(site, declared.dtype, shape) };
}

const scan: Operator = (site) => {
  const inner = body(site, 'body');
  const scans = int(site, 'num_scan_inputs', 0);
  // Up to opset 8 a batch came first, after the sequence lengths.
  const old = site.opset < 9;
  const direction = (name: string, n: number): number[] => list(site, name) ?? new Array<number>(n).fill(0);
  return (inputs) => {
    const own = inputs.slice(0, site.node.inputs.length);
    if (old) return scanBatches(site, inner, own, inputs, scans, list(site, 'directions') ?? []);
    const states = own.slice(0, own.length - scans);
    const outputs = inner.graph.outputs.length - states.length;
    const axes = direction('scan_input_axes', scans);
    const reversed = direction('scan_input_directions', scans);
    const sequences = own.slice(own.length - scans).map((_, i) => dense(own, states.length + i));
    return runScan(site, inner, states, sequences, axes, reversed, inputs, {
      axes: direction('scan_output_axes', outputs),
      reversed: direction('scan_output_directions', outputs),
    });
  };
};

function runScan(
  site: Site,
  inner: Body,
  given: readonly (Value | undefined)[],
  sequences: readonly Tensor[],
  axes: readonly number[],
  reversed: readonly number[],
  all: Inputs,
  out: { readonly axes: readonly number[]; readonly reversed: readonly number[] },
  length?: number,
): Value[] {
  const places = sequences.map((x, i) => axisOf(axes[i] ?? 0, x.shape.length));
  const turns = length ?? sequences[0]?.shape[places[0]] ?? 0;
  let states = given;
  const collected: Value[][] = inner.graph.outputs.slice(states.length).map(() => []);
  let held = 0;
  for (let t = 0; t < turns; t++) {
    site.budget.step();
    const slices = sequences.map((x, i) =>
      slice(site, x, places[i], (reversed[i] ?? 0) === 0 ? t : x.shape[places[i]] - 1 - t),
    );
    const results = inner.run([...states, ...slices], all);
    states = results.slice(0, states.length);
    held += collect(site, collected, results, states.length, held);
  }
  const stacks = collected.map((list, k) => {
    if (list.length === 0) return scanOutput(site, inner, list, states.length + k);
    const ordered = (out.reversed[k] ?? 0) === 0 ? list : [...list].reverse();
    return stacked(site, tensorsOf(ordered), out.axes[k] ?? 0);
  });
  return [...(states as Value[]), ...stacks];
}

/** Opset 8: every input has a leading batch dimension, and lengths may be given per batch entry. */
function scanBatches(
  site: Site,
  inner: Body,
  own: Inputs,
  all: Inputs,
  scans: number,
  reversed: readonly number[],
): Value[] {
  const lengths = own[0] === undefined ? undefined : dense(own, 0);
  const rest = own.slice(1).map((_, i) => dense(own, 1 + i));
  const states = rest.length - scans;
  const batches = rest[0].shape[0];
  const answers: Value[][] = [];
  for (let b = 0; b < batches; b++) {
    const part = rest.map((x) => slice(site, x, 0, b));
    const length = lengths ? Number(lengths.data[b]) : undefined;
    answers.push(
      runScan(
        site,
        inner,
        part.slice(0, states),
        part.slice(states),
        [],
        reversed,
        all,
        { axes: [], reversed: [] },
        length,
      ),
    );
  }
  return answers[0].map((_, k) => stacked(site, tensorsOf(answers.map((a) => a[k])), 0));
}

/** x[…, at, …] along an axis, which goes. */
export function slice(site: Site, x: Tensor, axis: number, at: number): Tensor {
  if (!(at >= 0 && at < x.shape[axis])) throw badInput(`index ${at} of ${x.shape[axis]}`);
  const shape = x.shape.filter((_, i) => i !== axis);
  const steps = stepsOf(x.shape);
  const data = make(site, x.dtype, shape);
  if (axis === 0) moving(data, x.data).span(0, at * steps[0], data.length);
  else
    copyView(
      data,
      x.data,
      shape,
      steps.filter((_, i) => i !== axis),
      at * steps[axis],
    );
  return { dtype: x.dtype, shape, data };
}

export const controlOperators = { If: ifOperator, Loop: loop, Scan: scan } satisfies OperatorTable;
