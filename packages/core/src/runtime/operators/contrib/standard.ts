import type { Attribute } from '../../../graph/graph.js';
import type { Tensor } from '../../../graph/tensor.js';
import type { Kernel, OperatorTable, Site } from '../../operator.js';
import { binaryOperators } from '../binary.js';
import { unsupported, type Inputs } from '../common.js';
import { gatherOperators } from '../gather.js';
import { matmulOperators } from '../matmul.js';
import { neuralOperators } from '../nn/index.js';
import { shapeOperators } from '../shape.js';
import { softmaxOperators } from '../softmax.js';
import { unaryOperators } from '../unary.js';

const table: OperatorTable = {
  ...binaryOperators,
  ...gatherOperators,
  ...matmulOperators,
  ...neuralOperators,
  ...shapeOperators,
  ...softmaxOperators,
  ...unaryOperators,
};
/** The version in which the operators are used here. */
const OPSET = 23;

export type Call = (...inputs: readonly (Tensor | undefined)[]) => Tensor;
export type Calls = (...inputs: readonly (Tensor | undefined)[]) => readonly Tensor[];

function kernelOf(site: Site, op: string, attributes: Readonly<Record<string, Attribute>>, count: number): Kernel {
  const node = { ...site.node, domain: '', op, attributes, outputs: Array.from({ length: count }, (_, i) => i) };
  return table[op]({ ...site, node, attributes, opset: OPSET, constant: () => undefined });
}

/** A standard operator as a function: what onnxruntime's own are made of. Its first `count` outputs. */
export function standards(
  site: Site,
  op: string,
  count: number,
  attributes: Readonly<Record<string, Attribute>> = {},
): Calls {
  const kernel = kernelOf(site, op, attributes, count);
  return (...inputs) => {
    const out = kernel(inputs);
    return (Array.isArray(out) ? out : [out]) as Tensor[];
  };
}

/** The same, where one output is wanted. */
export function standard(site: Site, op: string, attributes: Readonly<Record<string, Attribute>> = {}): Call {
  const all = standards(site, op, 1, attributes);
  return (...inputs) => all(...inputs)[0];
}

export const singles = (shape: readonly number[], data: Float32Array<ArrayBuffer>): Tensor => ({
  dtype: 'float32',
  shape,
  data,
});
export const scalar = (x: number): Tensor => singles([], Float32Array.of(x));

/** Inputs and outputs that change what an operator does and are not done here: refused, never overlooked. */
export function without(site: Site, inputs: Inputs, places: Readonly<Record<number, string>>): void {
  for (const [place, name] of Object.entries(places))
    if (inputs[Number(place)] !== undefined) throw unsupported(`${site.node.op} with ${name}`);
}

export function withoutOutputs(site: Site, places: Readonly<Record<number, string>>): void {
  for (const [place, name] of Object.entries(places))
    if ((site.node.outputs[Number(place)] ?? -1) >= 0) throw unsupported(`${site.node.op} with the output ${name}`);
}

export function withoutAttributes(site: Site, usual: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(usual))
    if (Number(site.attributes[name] ?? value) !== value) throw unsupported(`${site.node.op} with ${name}`);
}
