import { BrineError } from '../../errors.js';
import type { Detector, Head, Match } from './identity.js';

/**
 * Files that are one protobuf message have no signature. Their outermost fields tell them apart: numbers, kinds and
 * lengths must make sense up to the end of the file.
 */
interface Field {
  readonly number: number;
  readonly wire: number;
  /** Of its content. */
  readonly offset: number;
  /** Of its content, or the value of a varint. */
  readonly value: number;
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

interface Message {
  readonly fields: readonly Field[];
  /** Whether the last field reaches beyond the end of the file. */
  readonly overrun: boolean;
}

/** More fields than this at the outside, and the decision has long been made. */
const FIELDS_MAX = 64;

/** The outermost fields in `[start, end)` as far as the head shows them; undefined where they are none. */
function outermost(head: Head, start: number, end: number): Message | undefined {
  const { bytes } = head;
  const fields: Field[] = [];
  let at = start;
  const varint = (): number | undefined => {
    let value = 0;
    for (let n = 0; n < 10; n++) {
      if (at >= bytes.length) return undefined;
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** (7 * n);
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (at < end && at < bytes.length && fields.length < FIELDS_MAX) {
    const key = varint();
    if (key === undefined) break;
    const number = Math.floor(key / 8);
    const wire = key % 8;
    if (number === 0 || number > 0x1fffffff || (wire !== VARINT && wire !== LENGTH_DELIMITED)) return undefined;
    const value = varint();
    if (value === undefined) break;
    fields.push({ number, wire, offset: at, value });
    if (wire === LENGTH_DELIMITED) at += value;
  }
  return { fields, overrun: at > end };
}

const isBytes = (field: Field | undefined, number: number): field is Field =>
  field?.number === number && field.wire === LENGTH_DELIMITED;

/** ModelProto: each field by number, with its wire type. */
const ONNX_FIELDS = new Map([
  [1, VARINT],
  [2, LENGTH_DELIMITED],
  [3, LENGTH_DELIMITED],
  [4, LENGTH_DELIMITED],
  [5, VARINT],
  [6, LENGTH_DELIMITED],
  [7, LENGTH_DELIMITED],
  [8, LENGTH_DELIMITED],
  [14, LENGTH_DELIMITED],
  [20, LENGTH_DELIMITED],
  [25, LENGTH_DELIMITED],
  [26, LENGTH_DELIMITED],
]);
const ONNX_GRAPH = 7;
const ONNX_OPSET = 8;
/** `ir_version` stands at 13 after ten years. */
const ONNX_VERSION_MAX = 100;
const ONNX_GRAPH_FIELDS = 16;

export const onnx: Detector = {
  format: 'onnx',
  test: (head): Match | undefined => {
    const message = outermost(head, 0, head.size);
    if (message === undefined || !message.fields.every((f) => ONNX_FIELDS.get(f.number) === f.wire)) return undefined;
    const version = message.fields.find((f) => f.number === 1)?.value;
    const graph = message.fields.find((f) => f.number === ONNX_GRAPH);
    const opset = message.fields.find((f) => f.number === ONNX_OPSET);
    if (graph === undefined || (version === undefined && opset === undefined)) return undefined;
    if (version !== undefined && (version < 1 || version > ONNX_VERSION_MAX)) return undefined;
    // The graph begins with a node, or with a name where it has none.
    const first = head.bytes[graph.offset];
    if (
      graph.value > 0 &&
      first !== undefined &&
      (first & 7 ? first >> 3 > ONNX_GRAPH_FIELDS || (first & 7) !== 2 : true)
    ) {
      return undefined;
    }
    const why = `protobuf fields 1 (IR version ${version ?? 'none'}) and 7 (graph)${opset === undefined ? '' : ' and 8 (opset)'}`;
    if (!message.overrun) return { confidence: opset === undefined ? 'likely' : 'certain', why };
    return { confidence: 'likely', why, problem: cut(head, 'ONNX', graph) };
  },
};

const COREML_DESCRIPTION = 2;
/** Kinds of model are fields 15 (identifier metadata) and 200 to 3000. */
const coremlKind = (n: number): boolean => n === 10 || n === 15 || n === 16 || n === 20 || (n >= 200 && n <= 3000);

export const coreml: Detector = {
  format: 'coreml',
  test: (head): Match | undefined => {
    const message = outermost(head, 0, head.size);
    const [version, description, ...rest] = message?.fields ?? [];
    if (message === undefined || version?.number !== 1 || version.wire !== VARINT || version.value > 100)
      return undefined;
    if (!isBytes(description, COREML_DESCRIPTION) || head.bytes[description.offset] !== 0x0a) return undefined;
    if (rest.length === 0 || !rest.every((f) => coremlKind(f.number))) return undefined;
    const why = `protobuf fields 1 (specification ${version.value}), 2 (description) and ${rest[0].number} (kind of model)`;
    if (!message.overrun) return { confidence: 'likely', why };
    return { confidence: 'likely', why, problem: cut(head, 'Core ML', rest[rest.length - 1]) };
  },
};

export const savedmodel: Detector = {
  format: 'savedmodel',
  test: (head): Match | undefined => {
    const message = outermost(head, 0, head.size);
    const [version, ...graphs] = message?.fields ?? [];
    if (message === undefined || version?.number !== 1 || version.wire !== VARINT || version.value !== 1)
      return undefined;
    if (graphs.length === 0 || !graphs.every((f) => isBytes(f, 2))) return undefined;
    // MetaGraphDef begins with meta_info_def, and that with the operators it uses.
    const info = outermost(head, graphs[0].offset, graphs[0].offset + graphs[0].value)?.fields[0];
    if (!isBytes(info, 1)) return undefined;
    const why = 'protobuf fields 1 (schema version 1) and 2 (graphs) alone';
    if (!message.overrun) return { confidence: 'likely', why };
    return { confidence: 'likely', why, problem: cut(head, 'SavedModel', graphs[graphs.length - 1]) };
  },
};

/** A GraphDef: nodes, each with a name and an operator. */
export const graphdef: Detector = {
  format: 'graphdef',
  test: (head): Match | undefined => {
    const nodes = outermost(head, 0, head.size)?.fields ?? [];
    if (nodes.length === 0 || !nodes.every((f) => [1, 2, 3, 4].includes(f.number)) || !isBytes(nodes[0], 1))
      return undefined;
    const [name, operator] = outermost(head, nodes[0].offset, nodes[0].offset + nodes[0].value)?.fields ?? [];
    if (!isBytes(name, 1) || !isBytes(operator, 2)) return undefined;
    const text = head.text.slice(operator.offset, operator.offset + operator.value);
    if (!/^[A-Z][A-Za-z0-9]+$/.test(text)) return undefined;
    return { confidence: 'likely', why: `protobuf nodes, the first of operator ${text}` };
  },
};

function cut(head: Head, format: string, field: Field): BrineError {
  return new BrineError(
    'TRUNCATED',
    `the ${format} file announces ${field.value} bytes at ${field.offset}, but ends after ${head.size}: it was cut short`,
    { file: head.name, offset: head.size },
  );
}
