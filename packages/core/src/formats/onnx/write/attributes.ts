import { BrineError } from '../../../errors.js';
import type { Attribute, Graph, Node } from '../../../graph/graph.js';
import { ONNX_TYPE_NUMBERS } from '../../../graph/onnx-types.js';
import type { DType, Tensor } from '../../../graph/tensor.js';
import type { OnnxType } from '../protos.js';
import { ATTRIBUTE, ATTRIBUTE_TYPE } from '../schema.js';
import { Message } from './message.js';
import { tensorMessage } from './tensor.js';
import { typeMessage } from './types.js';

/** Attributes of ONNX's operators that are floating-point numbers, or lists of those, under whatever operator. */
const FLOATS = new Set(
  (
    'activation_alpha activation_beta alpha base_values beta bias class_weights clip coefficients cubic_coeff_a ' +
    'decay_factor default_float epsilon extrapolation_value gamma height_scale high imputed_value_floats intercepts ' +
    'kernel_params keys_floats lambd low max mean min momentum nodes_hitrates nodes_values norm_coefficient ' +
    'norm_coefficient_post offset prob_a prob_b ratio replaced_value_float rho scale scales softcap spatial_scale ' +
    'support_vectors target_weights threshold value value_float value_floats values_floats weights width_scale'
  ).split(' '),
);

/** An AttributeProto; undefined for an attribute that is not given. */
export function attributeMessage(
  node: Node,
  name: string,
  value: Attribute,
  subgraph: (graph: Graph) => Message,
): Message | undefined {
  if (value === undefined || value === null) return undefined;
  const out = new Message().text(ATTRIBUTE.name, name);
  const typed = (type: keyof typeof ATTRIBUTE_TYPE): Message => out.int(ATTRIBUTE.type, ATTRIBUTE_TYPE[type]);
  const float = node.floats ? node.floats.includes(name) : FLOATS.has(name);
  if (typeof value === 'string') {
    // Lowered graphs name the type that Cast makes; files number it.
    const number = name === 'to' || name === 'dtype' ? ONNX_TYPE_NUMBERS.get(value as DType) : undefined;
    if (number !== undefined) return typed('int').int(ATTRIBUTE.i, number);
    return typed('string').text(ATTRIBUTE.s, value);
  }
  if (typeof value === 'boolean') return typed('int').int(ATTRIBUTE.i, value ? 1 : 0);
  if (typeof value === 'bigint') return typed('int').int(ATTRIBUTE.i, value);
  if (typeof value === 'number')
    return float || !Number.isInteger(value)
      ? typed('float').float(ATTRIBUTE.f, value)
      : typed('int').int(ATTRIBUTE.i, value);
  if (value instanceof Float32Array) return floats(typed('floats'), value);
  if (ArrayBuffer.isView(value)) return typed('ints').ints(ATTRIBUTE.ints, value as Int32Array);
  if (Array.isArray(value)) return list(value as readonly unknown[], name, float, typed, subgraph);
  if (isGraph(value)) return typed('graph').message(ATTRIBUTE.g, subgraph(value));
  if (isTensor(value)) return typed('tensor').message(ATTRIBUTE.t, tensorMessage(value, ''));
  if ('kind' in value) return typed('typeProto').message(ATTRIBUTE.tp, typeMessage(value as OnnxType));
  throw new BrineError('UNSUPPORTED', `the attribute ${name} of ${node.op} is of no type that ONNX has`);
}

function list(
  value: readonly unknown[],
  name: string,
  float: boolean,
  typed: (type: keyof typeof ATTRIBUTE_TYPE) => Message,
  subgraph: (graph: Graph) => Message,
): Message {
  const [first] = value;
  if (typeof first === 'string') {
    const out = typed('strings');
    for (const s of value) out.text(ATTRIBUTE.strings, s as string);
    return out;
  }
  if (isGraph(first)) {
    const out = typed('graphs');
    for (const g of value) out.message(ATTRIBUTE.graphs, subgraph(g as Graph));
    return out;
  }
  if (isTensor(first)) {
    const out = typed('tensors');
    for (const t of value) out.message(ATTRIBUTE.tensors, tensorMessage(t as Tensor, ''));
    return out;
  }
  const numbers = value as readonly (number | bigint)[];
  if (float || numbers.some((n) => typeof n === 'number' && !Number.isInteger(n)))
    return floats(typed('floats'), Float32Array.from(numbers, Number));
  // An empty list of integers is what an empty list of anything is read as.
  return typed(name.endsWith('strings') ? 'strings' : 'ints').ints(ATTRIBUTE.ints, numbers);
}

function floats(out: Message, values: Float32Array): Message {
  if (values.length === 0) return out;
  // Packed, as raw data are: the tensor writer knows how.
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true);
  return out.bytes(ATTRIBUTE.floats, bytes);
}

export function isGraph(value: unknown): value is Graph {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'valueCount' in value;
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'data' in value && 'shape' in value;
}
