import type { GraphProto, NodeProto } from '../../formats/onnx/protos.js';
import type { AuditContext } from '../examiner.js';
import { tensorHead } from './onnx-tensors.js';
import { quoted } from './paths.js';

/** Elements of one tensor that a few numbers of a graph may ask for: 16 GiB of floats. */
const MAX_ELEMENTS = 2 ** 32;
/** Rounds of a loop. */
const MAX_ROUNDS = 2 ** 40;

/** Operators that make a tensor of the shape that an input gives. */
const shaped: Readonly<Record<string, number>> = { ConstantOfShape: 0, Expand: 1, Reshape: 1, Tile: 1 };

/** Small numbers that ask for much: shapes given as constants, loops that nothing ends. */
export class OnnxBudgets {
  readonly #context: AuditContext;

  constructor(context: AuditContext) {
    this.#context = context;
  }

  graph(graph: GraphProto): void {
    const constants = constantsOf(graph);
    for (const node of graph.nodes) {
      if (node.domain !== '' && node.domain !== 'ai.onnx') continue;
      if (Object.hasOwn(shaped, node.op)) this.#shape(node, constants.get(node.inputs[shaped[node.op]] ?? ''));
      else if (/^Random(Normal|Uniform)$/.test(node.op))
        this.#shape(node, node.attributes.find(({ name }) => name === 'shape')?.ints.map(Number));
      else if (node.op === 'Range') this.#range(node, constants);
      else if (node.op === 'Loop') this.#loop(node, constants);
    }
  }

  #shape(node: NodeProto, shape: readonly number[] | undefined): void {
    if (shape === undefined) return;
    const elements = shape.reduce((total, n) => total * Math.abs(n), 1);
    if (elements > MAX_ELEMENTS) this.#report(node, `makes a tensor of ${shape.join(' × ')} elements out of nothing`);
  }

  #range(node: NodeProto, constants: ReadonlyMap<string, readonly number[]>): void {
    const [start, limit, delta] = node.inputs.map((input) => constants.get(input)?.[0]);
    if (start === undefined || limit === undefined || delta === undefined) return;
    if (delta === 0 || (limit - start) / delta > MAX_ELEMENTS)
      this.#report(node, `counts from ${start} to ${limit} by ${delta}`);
  }

  /** No count of rounds, or an enormous one, and a condition that nothing changes. */
  #loop(node: NodeProto, constants: ReadonlyMap<string, readonly number[]>): void {
    const [trips, condition] = node.inputs;
    const most = trips === undefined || trips === '' ? Infinity : constants.get(trips)?.[0];
    const begins = condition === undefined || condition === '' || constants.get(condition)?.[0] === 1;
    const body = node.attributes.find(({ name }) => name === 'body')?.g;
    if (most === undefined || !(most > MAX_ROUNDS) || !begins || body === undefined) return;
    const own = constantsOf(body);
    let goesOn = body.outputs[0]?.name ?? '';
    for (let steps = 0; steps < 16; steps++) {
      const from = body.nodes.find(({ op, outputs }) => op === 'Identity' && outputs.includes(goesOn));
      if (from === undefined) break;
      goesOn = from.inputs[0] ?? '';
    }
    if (goesOn === body.inputs[1]?.name || own.get(goesOn)?.[0] === 1)
      this.#report(node, 'is a loop that nothing ends');
  }

  #report(node: NodeProto, what: string): void {
    this.#context.report('resource-bomb', `the ${node.op} ${quoted(node.name)} ${what}`);
  }
}

/** Small tensors of whole numbers, by the name of the value. */
function constantsOf(graph: GraphProto): Map<string, readonly number[]> {
  const out = new Map<string, readonly number[]>();
  for (const tensor of graph.initializers) {
    const { name, values } = tensorHead(tensor.fresh());
    if (values !== undefined) out.set(name, values);
  }
  for (const { op, outputs, attributes } of graph.nodes) {
    if (op !== 'Constant' || outputs.length === 0) continue;
    for (const { name, t, ints, i } of attributes) {
      const values =
        name === 'value' && t !== undefined
          ? tensorHead(t.fresh()).values
          : name === 'value_ints'
            ? ints.map(Number)
            : name === 'value_int'
              ? [Number(i)]
              : undefined;
      if (values !== undefined) out.set(outputs[0], values);
    }
  }
  return out;
}
