import { BrineError } from '../../errors.js';
import type { Attribute, Graph, GraphInput, GraphOutput, Node, ValueType } from '../../graph/graph.js';
import { ONNX_TYPES } from '../../graph/onnx-types.js';
import { tensor, type Tensor, type Value } from '../../graph/tensor.js';
import { MAX_NODES, MAX_NESTING } from './limits.js';
import { inOrder } from './order.js';
import {
  textOrBytes,
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type NodeProto,
  type OnnxType,
} from './protos.js';
import { ATTRIBUTE_TYPE } from './schema.js';
import { joined, readSparseTensor, readTensorProto, type Elsewhere } from './tensor.js';

/** A weight whose bytes still have to be read: the constant is put in place afterwards. */
export interface Pending {
  readonly name: string;
  readonly dtype: Tensor['dtype'];
  readonly shape: readonly number[];
  readonly elsewhere: Elsewhere;
  readonly put: (value: Tensor) => void;
}

export interface BuildContext {
  readonly file: string;
  readonly functions: ReadonlyMap<string, FunctionProto>;
  readonly pending: Pending[];
  /** Initializers of the main graph that are read apart, by their place in the file. */
  readonly apart: ReadonlyMap<number, Elsewhere>;
  /** Constants of functions, which may be called often: read once (CWE-409). */
  readonly constants: Map<object, Tensor>;
  nodes: number;
}

/** What names mean at some place of the file. */
interface Scope {
  readonly names: Map<string, number>;
  readonly parent: Scope | undefined;
  readonly graph: Building;
  /** Attributes that a function's caller gave. */
  readonly attributes: ReadonlyMap<string, AttributeProto> | undefined;
  readonly opsets: ReadonlyMap<string, number>;
  readonly calls: readonly string[];
}

interface Building {
  readonly nodes: Node[];
  readonly constants: Map<number, Value>;
  readonly captures: Map<number, number>;
  next: number;
}

export function functionKey(domain: string, name: string, overload: string): string {
  return `${domain}\0${name}\0${overload}`;
}

/** The main graph. Initializers that are also inputs are weights, as older files list them, not inputs. */
export function buildGraph(proto: GraphProto, opsets: ReadonlyMap<string, number>, context: BuildContext): Graph {
  return build(proto, undefined, opsets, context, 0, undefined, []);
}

function build(
  proto: GraphProto,
  parent: Scope | undefined,
  opsets: ReadonlyMap<string, number>,
  context: BuildContext,
  depth: number,
  attributes: Scope['attributes'],
  calls: readonly string[],
): Graph {
  if (depth > MAX_NESTING)
    throw new BrineError('LIMIT', `graphs nested more than ${MAX_NESTING} deep`, { file: context.file });
  const graph: Building = { nodes: [], constants: new Map(), captures: new Map(), next: 0 };
  const scope: Scope = { names: new Map(), parent, graph, attributes, opsets, calls };
  const constants = new Set<string>();
  proto.initializers.forEach((reader, i) => {
    const read = readTensorProto(reader.fresh(), depth === 0 ? context.apart.get(i) : undefined);
    const id = define(scope, read.name, context, 'initializer');
    constants.add(read.name);
    const { data } = read;
    if (data) graph.constants.set(id, tensor(read.dtype, read.shape, data));
    else if (read.elsewhere) {
      context.pending.push({
        name: read.name,
        dtype: read.dtype,
        shape: read.shape,
        elsewhere: read.elsewhere,
        put: (value) => graph.constants.set(id, value),
      });
    }
  });
  for (const reader of proto.sparseInitializers) {
    const read = readSparseTensor(reader.fresh());
    constants.add(read.name);
    graph.constants.set(define(scope, read.name, context, 'initializer'), tensor(read.dtype, read.shape, read.data));
  }
  const inputs: GraphInput[] = [];
  for (const input of proto.inputs) {
    if (constants.has(input.name)) continue;
    inputs.push({ name: input.name, value: define(scope, input.name, context, 'input'), type: valueType(input.type) });
  }
  for (const node of inOrder(proto.nodes, (name) => lookup(scope, name) !== undefined, context.file))
    addNode(node, scope, context, depth);
  const outputs = proto.outputs.map((output): GraphOutput => {
    const type = valueType(output.type);
    return {
      name: output.name,
      value: resolve(scope, output.name, context, `the output ${output.name}`),
      ...(type ? { type } : {}),
    };
  });
  return {
    inputs,
    outputs,
    nodes: graph.nodes,
    constants: graph.constants,
    valueCount: graph.next,
    opsets,
    ...(graph.captures.size > 0 ? { captures: graph.captures } : {}),
  };
}

function define(scope: Scope, name: string, context: BuildContext, what: string): number {
  if (scope.names.has(name))
    throw new BrineError('CORRUPT', `two values are called ${name} (the second is an ${what})`, { file: context.file });
  const id = scope.graph.next++;
  scope.names.set(name, id);
  return id;
}

/** The number of a name here, capturing it from the enclosing graphs where it comes from there. */
function lookup(scope: Scope, name: string): number | undefined {
  const own = scope.names.get(name);
  if (own !== undefined || !scope.parent) return own;
  const outer = lookup(scope.parent, name);
  if (outer === undefined) return undefined;
  const id = scope.graph.next++;
  scope.names.set(name, id);
  scope.graph.captures.set(id, outer);
  return id;
}

function resolve(scope: Scope, name: string, context: BuildContext, who: string): number {
  const id = lookup(scope, name);
  if (id === undefined)
    throw new BrineError('CORRUPT', `${who} reads ${name}, which nothing makes`, { file: context.file });
  return id;
}

function addNode(proto: NodeProto, scope: Scope, context: BuildContext, depth: number): void {
  if (++context.nodes > MAX_NODES)
    throw new BrineError('LIMIT', `more than ${MAX_NODES} nodes once functions are written out`, {
      file: context.file,
    });
  const called = context.functions.get(functionKey(proto.domain, proto.op, proto.overload));
  if (called) {
    inline(called, proto, scope, context, depth);
    return;
  }
  const label = proto.name === '' ? proto.op : `${proto.name} (${proto.op})`;
  const attributes = attributesOf(proto, scope, context, depth);
  if (proto.op === 'Constant' && proto.domain === '' && proto.outputs.length === 1) {
    const value = constantOf(attributes, label, context);
    scope.graph.constants.set(define(scope, proto.outputs[0], context, 'output of Constant'), value);
    return;
  }
  const inputs = proto.inputs.map((name) => (name === '' ? -1 : resolve(scope, name, context, `the node ${label}`)));
  const outputs = proto.outputs.map((name) => (name === '' ? -1 : define(scope, name, context, `output of ${label}`)));
  const opset = scope.opsets.get(proto.domain);
  const numbers = proto.attributes.some((a) => SCALARS.has(a.type));
  const floats = proto.attributes.filter((a) => a.type === ATTRIBUTE_TYPE.float).map((a) => a.name);
  scope.graph.nodes.push({
    domain: proto.domain,
    op: proto.op,
    inputs,
    outputs,
    attributes,
    ...(scope.calls.length > 0 && opset !== undefined ? { opset } : {}),
    ...(proto.name === '' ? {} : { name: proto.name }),
    ...(numbers ? { floats } : {}),
  });
}

const SCALARS = new Set<number>([ATTRIBUTE_TYPE.float, ATTRIBUTE_TYPE.int]);

/** Writes a function's body out where it is called: its names are its own, its attributes the caller's. */
function inline(f: FunctionProto, call: NodeProto, scope: Scope, context: BuildContext, depth: number): void {
  const key = functionKey(f.domain, f.name, f.overload);
  if (scope.calls.includes(key) || scope.calls.length >= MAX_NESTING)
    throw new BrineError('CORRUPT', `the function ${f.name} calls itself`, { file: context.file });
  const given = new Map<string, AttributeProto>();
  for (const a of f.defaults) given.set(a.name, a);
  for (const a of call.attributes) {
    const actual = a.ref === '' ? a : scope.attributes?.get(a.ref);
    if (actual) given.set(a.name, actual);
  }
  const inner: Scope = {
    names: new Map(),
    parent: undefined,
    graph: scope.graph,
    attributes: given,
    opsets: new Map([...scope.opsets, ...f.opsets]),
    calls: [...scope.calls, key],
  };
  f.inputs.forEach((name, i) => {
    const actual = call.inputs[i] ?? '';
    // An input that is left out is left out inside as well.
    inner.names.set(name, actual === '' ? -1 : resolve(scope, actual, context, `the call of ${f.name}`));
  });
  for (const node of inOrder(f.nodes, (name) => inner.names.has(name), context.file))
    addNode(node, inner, context, depth);
  f.outputs.forEach((name, i) => {
    const outer = call.outputs[i] ?? '';
    if (outer === '') return;
    if (scope.names.has(outer))
      throw new BrineError('CORRUPT', `two values are called ${outer}`, { file: context.file });
    scope.names.set(outer, resolve(inner, name, context, `the function ${f.name}`));
  });
}

function attributesOf(proto: NodeProto, scope: Scope, context: BuildContext, depth: number): Record<string, Attribute> {
  const out = Object.create(null) as Record<string, Attribute>;
  for (const given of proto.attributes) {
    const a = given.ref === '' ? given : scope.attributes?.get(given.ref);
    if (!a) continue;
    const value = attributeValue(a, scope, context, depth);
    if (value !== undefined) out[given.name] = value;
  }
  return out;
}

function attributeValue(a: AttributeProto, scope: Scope, context: BuildContext, depth: number): Attribute | undefined {
  const subgraph = (g: GraphProto): Graph =>
    build(g, scope, scope.opsets, context, depth + 1, scope.attributes, scope.calls);
  switch (a.type === 0 ? guessType(a) : a.type) {
    case ATTRIBUTE_TYPE.float:
      return a.f;
    case ATTRIBUTE_TYPE.int:
      return a.i;
    case ATTRIBUTE_TYPE.string:
      return textOrBytes(a.s);
    case ATTRIBUTE_TYPE.tensor:
      return a.t && constantTensor(a.t, a.name, context);
    case ATTRIBUTE_TYPE.graph:
      return a.g && subgraph(a.g);
    case ATTRIBUTE_TYPE.floats:
      return joined(a.floats, Float32Array);
    case ATTRIBUTE_TYPE.ints:
      return a.ints;
    case ATTRIBUTE_TYPE.strings:
      return a.strings.map((s) => textOrBytes(s));
    case ATTRIBUTE_TYPE.tensors:
      return a.tensors.map((t) => constantTensor(t, a.name, context));
    case ATTRIBUTE_TYPE.graphs:
      return a.graphs.map(subgraph);
    case ATTRIBUTE_TYPE.sparseTensor:
      return a.sparse && readSparseTensor(a.sparse.fresh());
    case ATTRIBUTE_TYPE.typeProto:
      return a.tp;
    default:
      throw new BrineError('UNSUPPORTED', `the attribute ${a.name} is of type ${a.type}`, { file: context.file });
  }
}

/** IR version 1 did not write the type down. */
function guessType(a: AttributeProto): number {
  if (a.t) return ATTRIBUTE_TYPE.tensor;
  if (a.g) return ATTRIBUTE_TYPE.graph;
  if (a.floats.length > 0) return ATTRIBUTE_TYPE.floats;
  if (a.ints.length > 0) return ATTRIBUTE_TYPE.ints;
  if (a.strings.length > 0) return ATTRIBUTE_TYPE.strings;
  if (a.s.length > 0) return ATTRIBUTE_TYPE.string;
  return a.f !== 0 ? ATTRIBUTE_TYPE.float : ATTRIBUTE_TYPE.int;
}

type Reader = NonNullable<AttributeProto['t']>;

function constantTensor(reader: Reader, name: string, context: BuildContext): Tensor {
  const known = context.constants.get(reader);
  if (known) return known;
  const made = newConstant(reader, name, context);
  context.constants.set(reader, made);
  return made;
}

function newConstant(reader: Reader, name: string, context: BuildContext): Tensor {
  const read = readTensorProto(reader.fresh());
  if (read.data) return tensor(read.dtype, read.shape, read.data);
  const out: { dtype: Tensor['dtype']; shape: readonly number[]; data: Tensor['data'] } = {
    dtype: read.dtype,
    shape: read.shape,
    data: [],
  };
  context.pending.push({
    name: read.name === '' ? name : read.name,
    dtype: read.dtype,
    shape: read.shape,
    elsewhere: read.elsewhere!,
    put: (value) => (out.data = value.data),
  });
  return out;
}

function constantOf(attributes: Record<string, Attribute>, label: string, context: BuildContext): Tensor {
  const a = (name: string): never => attributes[name] as never;
  if ('value' in attributes) return a('value');
  if ('sparse_value' in attributes) return a('sparse_value');
  if ('value_float' in attributes) return tensor('float32', [], Float32Array.of(a('value_float')));
  if ('value_int' in attributes) return tensor('int64', [], BigInt64Array.of(BigInt(a('value_int'))));
  if ('value_string' in attributes) return tensor('string', [], [a('value_string')]);
  if ('value_floats' in attributes) {
    const data: Float32Array = a('value_floats');
    return tensor('float32', [data.length], data);
  }
  if ('value_ints' in attributes) {
    const data = bigs(a('value_ints'));
    return tensor('int64', [data.length], data);
  }
  if ('value_strings' in attributes) {
    const data: string[] = a('value_strings');
    return tensor('string', [data.length], data);
  }
  throw new BrineError('CORRUPT', `the node ${label} has no value`, { file: context.file });
}

function bigs(values: readonly (number | bigint)[]): BigInt64Array {
  return BigInt64Array.from(values, (v) => BigInt(v));
}

function valueType(type: OnnxType | undefined): ValueType | undefined {
  if (type?.kind !== 'tensor') return undefined;
  const dtype = ONNX_TYPES.get(type.elem);
  return dtype && { dtype, shape: type.shape?.map((d) => (typeof d === 'number' ? d : null)), layout: 'dense' };
}
