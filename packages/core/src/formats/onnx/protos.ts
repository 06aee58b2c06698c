import { decodeText, WireReader } from './wire.js';
import { MAX_NESTING, MAX_TYPE_NESTING } from './limits.js';
import {
  ATTRIBUTE,
  DIMENSION,
  ENTRY,
  FUNCTION,
  GRAPH,
  MODEL,
  NODE,
  OPSET,
  SHAPE_DIM,
  TYPE,
  TYPE_PART,
  VALUE_INFO,
} from './schema.js';

/** The messages of onnx.proto as plain objects. Tensors stay bytes until somebody wants them. */
export interface ModelProto {
  irVersion: number;
  producer: string;
  producerVersion: string;
  domain: string;
  modelVersion: number | bigint;
  docString: string;
  graph: GraphProto | undefined;
  readonly opsets: Map<string, number>;
  readonly metadata: Map<string, string>;
  readonly functions: FunctionProto[];
}

export interface GraphProto {
  name: string;
  readonly nodes: NodeProto[];
  readonly initializers: WireReader[];
  readonly sparseInitializers: WireReader[];
  readonly inputs: ValueInfoProto[];
  readonly outputs: ValueInfoProto[];
}

export interface NodeProto {
  readonly inputs: string[];
  readonly outputs: string[];
  name: string;
  op: string;
  domain: string;
  overload: string;
  readonly attributes: AttributeProto[];
}

export interface AttributeProto {
  name: string;
  type: number;
  ref: string;
  f: number;
  i: number | bigint;
  s: Uint8Array;
  t: WireReader | undefined;
  g: GraphProto | undefined;
  sparse: WireReader | undefined;
  tp: OnnxType | undefined;
  readonly floats: Uint8Array[];
  readonly ints: (number | bigint)[];
  readonly strings: Uint8Array[];
  readonly tensors: WireReader[];
  readonly graphs: GraphProto[];
}

export interface FunctionProto {
  name: string;
  domain: string;
  overload: string;
  readonly inputs: string[];
  readonly outputs: string[];
  /** Names of attributes without a default. */
  readonly attributes: string[];
  readonly defaults: AttributeProto[];
  readonly nodes: NodeProto[];
  readonly opsets: Map<string, number>;
}

export interface ValueInfoProto {
  name: string;
  type: OnnxType | undefined;
}

/** A type as a file declares it. A dimension is a number, a name, or null. */
export type OnnxType =
  | {
      readonly kind: 'tensor' | 'sparse';
      readonly elem: number;
      readonly shape: (number | string | null)[] | undefined;
    }
  | { readonly kind: 'sequence' | 'optional'; readonly of: OnnxType | undefined }
  | { readonly kind: 'map'; readonly key: number; readonly value: OnnxType | undefined };

/** ONNX writes its own domain in two ways. */
export function normalDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

export function readModelProto(r: WireReader): ModelProto {
  const out: ModelProto = {
    irVersion: 0,
    producer: '',
    producerVersion: '',
    domain: '',
    modelVersion: 0,
    docString: '',
    graph: undefined,
    opsets: new Map(),
    metadata: new Map(),
    functions: [],
  };
  while (r.next()) {
    switch (r.field) {
      case MODEL.irVersion:
        out.irVersion = r.integer();
        break;
      case MODEL.producerName:
        out.producer = r.text();
        break;
      case MODEL.producerVersion:
        out.producerVersion = r.text();
        break;
      case MODEL.domain:
        out.domain = r.text();
        break;
      case MODEL.modelVersion:
        out.modelVersion = r.int64();
        break;
      case MODEL.docString:
        out.docString = r.text();
        break;
      case MODEL.graph:
        out.graph = readGraphProto(r.message(), 0, out.graph);
        break;
      case MODEL.opsetImport:
        readOpset(r.message(), out.opsets);
        break;
      case MODEL.metadataProps:
        readEntry(r.message(), out.metadata);
        break;
      case MODEL.functions:
        out.functions.push(readFunction(r.message()));
        break;
      default:
        r.skip();
    }
  }
  return out;
}

function readOpset(r: WireReader, into: Map<string, number>): void {
  let domain = '';
  let version = 0;
  while (r.next()) {
    if (r.field === OPSET.domain) domain = r.text();
    else if (r.field === OPSET.version) version = r.integer();
    else r.skip();
  }
  into.set(normalDomain(domain), version);
}

export function readEntry(r: WireReader, into: Map<string, string>): void {
  let key = '';
  let value = '';
  while (r.next()) {
    if (r.field === ENTRY.key) key = r.text();
    else if (r.field === ENTRY.value) value = r.text();
    else r.skip();
  }
  into.set(key, value);
}

/** Reads a graph; a message that comes in several pieces is merged, as protocol buffers say. */
export function readGraphProto(r: WireReader, depth: number, into?: GraphProto): GraphProto {
  if (depth > MAX_NESTING) throw r.error('LIMIT', `graphs nested more than ${MAX_NESTING} deep`);
  const out = into ?? { name: '', nodes: [], initializers: [], sparseInitializers: [], inputs: [], outputs: [] };
  while (r.next()) {
    switch (r.field) {
      case GRAPH.node:
        out.nodes.push(readNode(r.message(), depth));
        break;
      case GRAPH.name:
        out.name = r.text();
        break;
      case GRAPH.initializer:
        out.initializers.push(r.message());
        break;
      case GRAPH.sparseInitializer:
        out.sparseInitializers.push(r.message());
        break;
      case GRAPH.input:
        out.inputs.push(readValueInfo(r.message()));
        break;
      case GRAPH.output:
        out.outputs.push(readValueInfo(r.message()));
        break;
      default:
        r.skip();
    }
  }
  return out;
}

function readNode(r: WireReader, depth: number): NodeProto {
  const out: NodeProto = { inputs: [], outputs: [], name: '', op: '', domain: '', overload: '', attributes: [] };
  while (r.next()) {
    switch (r.field) {
      case NODE.input:
        out.inputs.push(r.text());
        break;
      case NODE.output:
        out.outputs.push(r.text());
        break;
      case NODE.name:
        out.name = r.text();
        break;
      case NODE.opType:
        out.op = r.text();
        break;
      case NODE.attribute:
        out.attributes.push(readAttribute(r.message(), depth));
        break;
      case NODE.domain:
        out.domain = normalDomain(r.text());
        break;
      case NODE.overload:
        out.overload = r.text();
        break;
      default:
        r.skip();
    }
  }
  return out;
}

function readAttribute(r: WireReader, depth: number): AttributeProto {
  const out: AttributeProto = {
    name: '',
    type: 0,
    ref: '',
    f: 0,
    i: 0,
    s: new Uint8Array(0),
    t: undefined,
    g: undefined,
    sparse: undefined,
    tp: undefined,
    floats: [],
    ints: [],
    strings: [],
    tensors: [],
    graphs: [],
  };
  while (r.next()) {
    switch (r.field) {
      case ATTRIBUTE.name:
        out.name = r.text();
        break;
      case ATTRIBUTE.type:
        out.type = r.integer();
        break;
      case ATTRIBUTE.refAttrName:
        out.ref = r.text();
        break;
      case ATTRIBUTE.f:
        out.f = r.float();
        break;
      case ATTRIBUTE.i:
        out.i = r.int64();
        break;
      case ATTRIBUTE.s:
        out.s = r.chunk();
        break;
      case ATTRIBUTE.t:
        out.t = r.message();
        break;
      case ATTRIBUTE.g:
        out.g = readGraphProto(r.message(), depth + 1, out.g);
        break;
      case ATTRIBUTE.floats:
        out.floats.push(r.fixedChunk(4));
        break;
      case ATTRIBUTE.ints:
        readInts(r, out.ints);
        break;
      case ATTRIBUTE.strings:
        out.strings.push(r.chunk());
        break;
      case ATTRIBUTE.tensors:
        out.tensors.push(r.message());
        break;
      case ATTRIBUTE.graphs:
        out.graphs.push(readGraphProto(r.message(), depth + 1));
        break;
      case ATTRIBUTE.sparseTensor:
        out.sparse = r.message();
        break;
      case ATTRIBUTE.tp:
        out.tp = readType(r.message(), 0);
        break;
      default:
        r.skip();
    }
  }
  return out;
}

function readInts(r: WireReader, into: (number | bigint)[]): void {
  r.varints((low, high) => {
    const v = (high | 0) * 2 ** 32 + low;
    into.push(Number.isSafeInteger(v) ? v : (BigInt(high | 0) << 32n) | BigInt(low));
  });
}

function readFunction(r: WireReader): FunctionProto {
  const out: FunctionProto = {
    name: '',
    domain: '',
    overload: '',
    inputs: [],
    outputs: [],
    attributes: [],
    defaults: [],
    nodes: [],
    opsets: new Map(),
  };
  while (r.next()) {
    switch (r.field) {
      case FUNCTION.name:
        out.name = r.text();
        break;
      case FUNCTION.domain:
        out.domain = normalDomain(r.text());
        break;
      case FUNCTION.overload:
        out.overload = r.text();
        break;
      case FUNCTION.input:
        out.inputs.push(r.text());
        break;
      case FUNCTION.output:
        out.outputs.push(r.text());
        break;
      case FUNCTION.attribute:
        out.attributes.push(r.text());
        break;
      case FUNCTION.attributeProto:
        out.defaults.push(readAttribute(r.message(), 0));
        break;
      case FUNCTION.node:
        out.nodes.push(readNode(r.message(), 0));
        break;
      case FUNCTION.opsetImport:
        readOpset(r.message(), out.opsets);
        break;
      default:
        r.skip();
    }
  }
  return out;
}

export function readValueInfo(r: WireReader): ValueInfoProto {
  const out: ValueInfoProto = { name: '', type: undefined };
  while (r.next()) {
    if (r.field === VALUE_INFO.name) out.name = r.text();
    else if (r.field === VALUE_INFO.type) out.type = readType(r.message(), 0);
    else r.skip();
  }
  return out;
}

function readType(r: WireReader, depth: number): OnnxType | undefined {
  if (depth > MAX_TYPE_NESTING) throw r.error('LIMIT', `types nested more than ${MAX_TYPE_NESTING} deep`);
  let out: OnnxType | undefined;
  while (r.next()) {
    switch (r.field) {
      case TYPE.tensor:
      case TYPE.sparseTensor:
        out = readTensorType(r.message(), r.field === TYPE.tensor ? 'tensor' : 'sparse');
        break;
      case TYPE.sequence:
      case TYPE.optional: {
        const kind = r.field === TYPE.sequence ? 'sequence' : 'optional';
        const inner = r.message();
        let of: OnnxType | undefined;
        while (inner.next())
          if (inner.field === TYPE_PART.elem) of = readType(inner.message(), depth + 1);
          else inner.skip();
        out = { kind, of };
        break;
      }
      case TYPE.map: {
        const inner = r.message();
        let key = 0;
        let value: OnnxType | undefined;
        while (inner.next())
          if (inner.field === 1) key = inner.integer();
          else if (inner.field === 2) value = readType(inner.message(), depth + 1);
          else inner.skip();
        out = { kind: 'map', key, value };
        break;
      }
      default:
        r.skip();
    }
  }
  return out;
}

function readTensorType(r: WireReader, kind: 'tensor' | 'sparse'): OnnxType {
  let elem = 0;
  let shape: (number | string | null)[] | undefined;
  while (r.next()) {
    if (r.field === TYPE_PART.elem) elem = r.integer();
    else if (r.field === TYPE_PART.shape) {
      shape = [];
      const dims = r.message();
      while (dims.next())
        if (dims.field === SHAPE_DIM) shape.push(readDimension(dims.message()));
        else dims.skip();
    } else r.skip();
  }
  return { kind, elem, shape };
}

function readDimension(r: WireReader): number | string | null {
  let out: number | string | null = null;
  while (r.next()) {
    if (r.field === DIMENSION.value) out = r.integer();
    else if (r.field === DIMENSION.param) out = r.text();
    else r.skip();
  }
  return out;
}

/** A string attribute: text where it is text, else its bytes. */
export function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  return decodeText(bytes) ?? bytes;
}
