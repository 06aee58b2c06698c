import { BrineError } from '../../../errors.js';
import type { Graph, Node } from '../../../graph/graph.js';
import { isTensor } from '../../../graph/tensor.js';
import type { OnnxType } from '../protos.js';
import { FUNCTION, GRAPH, NODE, OPSET } from '../schema.js';
import { attributeMessage } from './attributes.js';
import { Message } from './message.js';
import { tensorMessage } from './tensor.js';
import { onnxType, valueInfoMessage } from './types.js';

/** Names that are given once in the whole file: inner graphs must not name anew what outer ones have. */
class Names {
  readonly #taken = new Set<string>();
  #next = 0;

  take(name: string): boolean {
    if (this.#taken.has(name)) return false;
    this.#taken.add(name);
    return true;
  }

  fresh(): string {
    let name: string;
    do name = `v${this.#next++}`;
    while (this.#taken.has(name));
    this.#taken.add(name);
    return name;
  }
}

/** Types that the graph itself cannot tell: of sequences, maps and optionals. By the value's name. */
export type DeclaredTypes = ReadonlyMap<string, OnnxType | undefined>;

export interface GraphMessages {
  readonly graph: Message;
  /** FunctionProtos: nodes of another opset than the graph's. */
  readonly functions: readonly Message[];
  /** The domain of the functions, where there are any. */
  readonly functionDomain: string;
}

/** A GraphProto, with the functions that it calls. */
export function graphMessage(graph: Graph, name: string, types: DeclaredTypes): GraphMessages {
  const writer = new GraphWriter(graph, types);
  return { graph: writer.write(graph, name, undefined), functions: writer.functions, functionDomain: FUNCTIONS };
}

const FUNCTIONS = 'brine.functions';

class GraphWriter {
  readonly functions: Message[] = [];
  readonly #names = new Names();
  readonly #nodeNames = new Set<string>();
  readonly #nextOf = new Map<string, number>();
  readonly #types: DeclaredTypes;

  constructor(graph: Graph, types: DeclaredTypes) {
    for (const { name } of [...graph.inputs, ...graph.outputs]) this.#names.take(name);
    this.#types = types;
  }

  /** Two nodes of one name are refused by onnxruntime. */
  #nodeName(wanted: string): string {
    let name = wanted;
    let next = this.#nextOf.get(wanted) ?? 1;
    while (this.#nodeNames.has(name)) name = `${wanted}_${next++}`;
    this.#nextOf.set(wanted, next);
    this.#nodeNames.add(name);
    return name;
  }

  /** `outer`: of a subgraph, the names of the enclosing graph's values by their numbers there. */
  write(graph: Graph, name: string, outer: ReadonlyMap<number, string> | undefined): Message {
    const names = new Map<number, string>();
    const inner = outer !== undefined;
    const nameOf = (id: number): string => {
      if (id < 0) return '';
      let found = names.get(id);
      if (found === undefined) names.set(id, (found = this.#names.fresh()));
      return found;
    };
    for (const [id, from] of graph.captures ?? []) {
      const known = outer?.get(from);
      if (known === undefined) throw new BrineError('BAD_STATE', 'a subgraph captures a value that has no name');
      names.set(id, known);
    }
    for (const input of graph.inputs) names.set(input.value, inner ? this.#names.fresh() : input.name);
    // Outputs keep their names; what is no node's result, or goes out twice, is passed through Identity.
    const copies: [from: number, to: string][] = [];
    const made = new Set(graph.nodes.flatMap((n) => n.outputs));
    const outputs = graph.outputs.map((output) => {
      const free = made.has(output.value) && !names.has(output.value);
      const outputName = inner ? this.#names.fresh() : output.name;
      if (free) names.set(output.value, outputName);
      else copies.push([output.value, outputName]);
      return outputName;
    });

    const out = new Message();
    for (const node of graph.nodes) out.message(GRAPH.node, this.#node(node, graph, nameOf, names));
    for (const [from, to] of copies)
      out.message(
        GRAPH.node,
        new Message().text(NODE.input, nameOf(from)).text(NODE.output, to).text(NODE.opType, 'Identity'),
      );
    out.text(GRAPH.name, name);
    const read = usedValues(graph);
    for (const [id, value] of graph.constants) {
      if (!read.has(id)) continue;
      if (!isTensor(value)) throw new BrineError('UNSUPPORTED', 'only tensors can be constants of an ONNX file');
      out.message(GRAPH.initializer, tensorMessage(value, nameOf(id)));
    }
    for (const input of graph.inputs) {
      const type = (inner ? undefined : this.#types.get(input.name)) ?? (input.type && onnxType(input.type));
      out.message(GRAPH.input, valueInfoMessage(nameOf(input.value), type));
    }
    for (const node of graph.nodes) {
      // Shape inference knows nothing of operators that ONNX does not define, and falls over loops that begin with one.
      if (node.domain !== 'com.microsoft') continue;
      for (const id of node.outputs) {
        const type = graph.types?.[id];
        if (type) out.message(GRAPH.valueInfo, valueInfoMessage(nameOf(id), onnxType({ ...type, shape: undefined })));
      }
    }
    graph.outputs.forEach((output, i) => {
      const type = (inner ? undefined : this.#types.get(output.name)) ?? (output.type && onnxType(output.type));
      out.message(GRAPH.output, valueInfoMessage(outputs[i], type));
    });
    return out;
  }

  #node(node: Node, graph: Graph, nameOf: (id: number) => string, names: ReadonlyMap<number, string>): Message {
    if (node.domain === 'brine')
      throw new BrineError(
        'UNSUPPORTED',
        `${node.op} is no ONNX operator`,
        node.name === undefined ? {} : { path: node.name },
      );
    const out = new Message();
    const separate = node.opset !== undefined && node.opset !== graph.opsets.get(node.domain);
    for (const id of node.inputs) if (id >= 0 || !separate) out.text(NODE.input, nameOf(id));
    for (const id of node.outputs) out.text(NODE.output, nameOf(id));
    if (node.name !== undefined && node.name !== '') out.text(NODE.name, this.#nodeName(node.name));
    if (separate) return out.text(NODE.opType, this.#function(node, node.opset)).text(NODE.domain, FUNCTIONS);
    out.text(NODE.opType, node.op);
    const subgraph = (inner: Graph): Message => {
      // What a body captures must have a name before the body is written.
      for (const from of inner.captures?.values() ?? []) nameOf(from);
      return this.write(inner, node.op.toLowerCase(), names);
    };
    return this.#attributes(out, node, subgraph);
  }

  #attributes(out: Message, node: Node, subgraph: (graph: Graph) => Message): Message {
    for (const [key, value] of Object.entries(node.attributes)) {
      const attribute = attributeMessage(node, key, value, subgraph);
      if (attribute) out.message(NODE.attribute, attribute);
    }
    if (node.domain !== '') out.text(NODE.domain, node.domain);
    return out;
  }

  /** A node of another opset than the graph's as the body of a function: those name their own. */
  #function(node: Node, opset: number): string {
    const name = `${node.op}_${opset}_${this.functions.length}`;
    const out = new Message().text(FUNCTION.name, name);
    const body = new Message();
    node.inputs.forEach((id, i) => {
      if (id >= 0) out.text(FUNCTION.input, `i${i}`);
      body.text(NODE.input, id < 0 ? '' : `i${i}`);
    });
    node.outputs.forEach((_, i) => {
      out.text(FUNCTION.output, `o${i}`);
      body.text(NODE.output, `o${i}`);
    });
    this.#attributes(body.text(NODE.opType, node.op), node, (inner) => {
      if ((inner.captures?.size ?? 0) > 0)
        throw new BrineError('UNSUPPORTED', `${node.op} of another opset than the graph's reads values around it`);
      return this.write(inner, node.op.toLowerCase(), new Map());
    });
    out.message(FUNCTION.node, body);
    out.message(FUNCTION.opsetImport, new Message().text(OPSET.domain, node.domain).int(OPSET.version, opset));
    out.text(FUNCTION.domain, FUNCTIONS);
    this.functions.push(out);
    return name;
  }
}

/** What nodes, subgraphs and outputs read. */
function usedValues(graph: Graph): Set<number> {
  const used = new Set(graph.outputs.map((o) => o.value));
  for (const node of graph.nodes) {
    for (const id of node.inputs) used.add(id);
    for (const value of Object.values(node.attributes)) {
      const graphs = Array.isArray(value) ? (value as unknown[]) : [value];
      for (const g of graphs)
        if (typeof g === 'object' && g !== null && 'captures' in g)
          for (const id of (g as Graph).captures?.values() ?? []) used.add(id);
    }
  }
  return used;
}
