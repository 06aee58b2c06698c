import type { Graph } from '../../../graph/graph.js';
import { ENTRY, MODEL, OPSET } from '../schema.js';
import { graphMessage, type DeclaredTypes } from './graph.js';
import { Message } from './message.js';

export { ROWS } from './types.js';
export { irVersionOf } from '../../../graph/opset.js';

/** What an ONNX file says besides its graph. */
export interface OnnxParts {
  readonly graph: Graph;
  /** The graph's name. */
  readonly name: string;
  readonly irVersion: number;
  /** Opset version by domain; '' is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly producer?: string;
  readonly producerVersion?: string;
  readonly domain?: string;
  readonly modelVersion?: number | bigint;
  readonly docString?: string;
  readonly metadata?: ReadonlyMap<string, string>;
  /** Types of inputs and outputs that the graph itself cannot tell (sequences, maps, optionals), by name. */
  readonly types?: DeclaredTypes;
}

/**
 * Writes a ModelProto. Nothing is copied before the last step, which makes one buffer of the right size.
 * @throws BrineError UNSUPPORTED for operators, constants and types that ONNX does not have
 */
export function writeOnnx(parts: OnnxParts): Uint8Array<ArrayBuffer> {
  const out = new Message().int(MODEL.irVersion, parts.irVersion);
  if (parts.producer) out.text(MODEL.producerName, parts.producer);
  if (parts.producerVersion) out.text(MODEL.producerVersion, parts.producerVersion);
  if (parts.domain) out.text(MODEL.domain, parts.domain);
  if (parts.modelVersion) out.int(MODEL.modelVersion, parts.modelVersion);
  if (parts.docString) out.text(MODEL.docString, parts.docString);
  const { graph, functions, functionDomain } = graphMessage(parts.graph, parts.name, parts.types ?? new Map());
  out.message(MODEL.graph, graph);
  const opsets = new Map(parts.opsets);
  if (functions.length > 0) opsets.set(functionDomain, 1);
  for (const [domain, version] of opsets)
    out.message(MODEL.opsetImport, new Message().text(OPSET.domain, domain).int(OPSET.version, version));
  for (const [key, value] of parts.metadata ?? [])
    out.message(MODEL.metadataProps, new Message().text(ENTRY.key, key).text(ENTRY.value, value));
  for (const f of functions) out.message(MODEL.functions, f);
  return out.finish();
}
