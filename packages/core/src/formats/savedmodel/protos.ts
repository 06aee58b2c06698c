import { BrineError } from '../../errors.js';
import { decodeText, WireReader } from '../onnx/wire.js';

/**
 * TensorFlow's graphs as their protocol buffers hold them (tensorflow/core/framework/{graph,node_def,function,
 * attr_value}.proto, saved_model.proto, meta_graph.proto). Tensors stay bytes.
 */

/** Nodes of one file, those of functions and embedded graphs included (CWE-400). */
export const MAX_NODES = 5_000_000;
/** Types within lists within attributes … (CWE-674). */
const MAX_DEPTH = 16;

export interface AttrValue {
  readonly key: string;
  /** A text or bytes, one or several. */
  readonly texts: readonly Uint8Array[];
  /** Names of functions that it refers to, with those in their own attributes. */
  readonly functions: readonly string[];
  /** Texts inside a tensor. */
  readonly strings: readonly Uint8Array[];
}

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly device: string;
  readonly attrs: readonly AttrValue[];
}

export interface FunctionDef {
  readonly name: string;
  readonly nodes: readonly NodeDef[];
}

export interface GraphDef {
  readonly nodes: readonly NodeDef[];
  readonly functions: readonly FunctionDef[];
}

export interface MetaGraphDef {
  readonly graph: GraphDef;
  readonly tags: readonly string[];
  readonly signatures: readonly string[];
  /** Files beside the model, in its folder `assets`, by the tensors that are given their paths. */
  readonly assets: readonly { readonly tensor: string; readonly file: string }[];
}

/** A text that may be anything: names in graphs are compared, not shown as they are. */
const textOf = (reader: WireReader): string => {
  const chunk = reader.chunk();
  return decodeText(chunk) ?? new TextDecoder().decode(chunk);
};

/** Counts nodes over all graphs of a file. */
export interface NodeBudget {
  nodes: number;
}

/** SavedModel: its meta graphs. */
export function readSavedModel(reader: WireReader, budget: NodeBudget): MetaGraphDef[] {
  const out: MetaGraphDef[] = [];
  while (reader.next()) {
    if (reader.field === 2) out.push(readMetaGraph(reader.message(), budget));
    else reader.skip();
  }
  return out;
}

function readMetaGraph(reader: WireReader, budget: NodeBudget): MetaGraphDef {
  let graph: GraphDef = { nodes: [], functions: [] };
  const tags: string[] = [];
  const signatures: string[] = [];
  const assets: { tensor: string; file: string }[] = [];
  while (reader.next()) {
    if (reader.field === 2) {
      const more = readGraph(reader.message(), budget);
      // Repeated, a message is merged.
      graph = { nodes: [...graph.nodes, ...more.nodes], functions: [...graph.functions, ...more.functions] };
    } else if (reader.field === 1) {
      const info = reader.message();
      while (info.next())
        if (info.field === 4) tags.push(textOf(info));
        else info.skip();
    } else if (reader.field === 5) {
      const entry = reader.message();
      while (entry.next())
        if (entry.field === 1) signatures.push(textOf(entry));
        else entry.skip();
    } else if (reader.field === 6) {
      assets.push(readAsset(reader.message()));
    } else {
      reader.skip();
    }
  }
  return { graph, tags, signatures, assets };
}

function readAsset(reader: WireReader): { tensor: string; file: string } {
  let tensor = '';
  let file = '';
  while (reader.next()) {
    if (reader.field === 1) {
      const info = reader.message();
      while (info.next())
        if (info.field === 1) tensor = textOf(info);
        else info.skip();
    } else if (reader.field === 2) file = textOf(reader);
    else reader.skip();
  }
  return { tensor, file };
}

/** GraphDef: nodes and the function library. */
export function readGraph(reader: WireReader, budget: NodeBudget): GraphDef {
  const nodes: NodeDef[] = [];
  const functions: FunctionDef[] = [];
  while (reader.next()) {
    if (reader.field === 1) nodes.push(readNode(reader.message(), budget));
    else if (reader.field === 2) {
      const library = reader.message();
      while (library.next())
        if (library.field === 1) functions.push(readFunction(library.message(), budget));
        else library.skip();
    } else reader.skip();
  }
  return { nodes, functions };
}

function readFunction(reader: WireReader, budget: NodeBudget): FunctionDef {
  let name = '';
  const nodes: NodeDef[] = [];
  while (reader.next()) {
    if (reader.field === 1) {
      const signature = reader.message();
      while (signature.next())
        if (signature.field === 1) name = textOf(signature);
        else signature.skip();
    } else if (reader.field === 3) nodes.push(readNode(reader.message(), budget));
    else reader.skip();
  }
  return { name, nodes };
}

function readNode(reader: WireReader, budget: NodeBudget): NodeDef {
  if (++budget.nodes > MAX_NODES)
    throw new BrineError('LIMIT', `more than ${MAX_NODES} nodes`, { file: reader.file, offset: reader.base });
  let name = '';
  let op = '';
  let device = '';
  const inputs: string[] = [];
  const attrs: AttrValue[] = [];
  while (reader.next()) {
    if (reader.field === 1) name = textOf(reader);
    else if (reader.field === 2) op = textOf(reader);
    else if (reader.field === 3) inputs.push(textOf(reader));
    else if (reader.field === 4) device = textOf(reader);
    else if (reader.field === 5) attrs.push(readAttr(reader.message()));
    else reader.skip();
  }
  return { name, op, inputs, device, attrs };
}

function readAttr(reader: WireReader): AttrValue {
  const value = { key: '', texts: [] as Uint8Array[], functions: [] as string[], strings: [] as Uint8Array[] };
  while (reader.next()) {
    if (reader.field === 1) value.key = textOf(reader);
    else if (reader.field === 2) readValue(reader.message(), value, 0);
    else reader.skip();
  }
  return value;
}

interface Collected {
  readonly texts: Uint8Array[];
  readonly functions: string[];
  readonly strings: Uint8Array[];
}

/** AttrValue: `s` is field 2 of it and of a list in it, a tensor field 8, a function 10 (9 of a list). */
function readValue(reader: WireReader, into: Collected, depth: number): void {
  if (depth > MAX_DEPTH) throw reader.error('CORRUPT', `attributes within attributes more than ${MAX_DEPTH} deep`);
  while (reader.next()) {
    if (reader.field === 2) into.texts.push(reader.chunk());
    else if (reader.field === 8) readTensor(reader.message(), into);
    else if (reader.field === 1) readList(reader.message(), into, depth + 1);
    else if (reader.field === 10) readNamed(reader.message(), into, depth + 1);
    else reader.skip();
  }
}

function readList(reader: WireReader, into: Collected, depth: number): void {
  while (reader.next()) {
    if (reader.field === 2) into.texts.push(reader.chunk());
    else if (reader.field === 8) readTensor(reader.message(), into);
    else if (reader.field === 9) readNamed(reader.message(), into, depth + 1);
    else reader.skip();
  }
}

/** NameAttrList: a function and attributes, which may name further functions. */
function readNamed(reader: WireReader, into: Collected, depth: number): void {
  while (reader.next()) {
    if (reader.field === 1) into.functions.push(textOf(reader));
    else if (reader.field === 2) {
      const entry = reader.message();
      while (entry.next())
        if (entry.field === 2) readValue(entry.message(), into, depth + 1);
        else entry.skip();
    } else reader.skip();
  }
}

/** The texts of a TensorProto. */
function readTensor(reader: WireReader, into: Collected): void {
  while (reader.next()) {
    if (reader.field === 8) into.strings.push(reader.chunk());
    else reader.skip();
  }
}

/**
 * The graph that some bytes are; undefined where they are none. A serialised GraphDef is a text like any other, so all of
 * its fields must make sense, and its nodes have names and operators.
 */
export function tryGraph(bytes: Uint8Array, file: string, budget: NodeBudget): GraphDef | undefined {
  // A node of one letter and an operator of one take six bytes.
  if (bytes.length < 8 || bytes[0] !== 0x0a) return undefined;
  try {
    const graph = readGraph(new WireReader(bytes, file), budget);
    const all = [...graph.nodes, ...graph.functions.flatMap(({ nodes }) => nodes)];
    const isGraph = all.length > 0 && all.every(({ op }) => /^[A-Za-z_>][\w.>]*$/.test(op));
    return isGraph ? graph : undefined;
  } catch (error) {
    if (error instanceof BrineError && error.code !== 'LIMIT') return undefined;
    throw error;
  }
}
