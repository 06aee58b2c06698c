import { BrineError } from '../../errors.js';
import type { Source } from '../../bytes/source.js';
import type { Graph } from '../../graph/graph.js';
import { buildGraph, functionKey, type BuildContext } from './build.js';
import { loadPending } from './external.js';
import { readSkeleton } from './large.js';
import { WHOLE_FILE } from './limits.js';
import { readModelProto, type FunctionProto, type OnnxType } from './protos.js';
import { WireReader } from './wire.js';

export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType | undefined;
}

/** An ONNX file, read. */
export interface OnnxModel {
  readonly graph: Graph;
  readonly name: string;
  readonly irVersion: number;
  /** Version by domain; '' is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly producer: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: number | bigint;
  readonly docString: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Names of the functions that the file defines. */
  readonly functions: readonly string[];
  /** Numbers in the weights, and the bytes they take in memory. */
  readonly parameters: number;
  readonly parameterBytes: number;
  /** Files beside the model that hold weights. */
  readonly externalFiles: readonly string[];
}

export interface OnnxOptions {
  /** Files larger than this are read piece by piece. */
  readonly wholeFile?: number;
}

/**
 * Reads a ModelProto (`.onnx`) with its external weights into a graph.
 * Throws CORRUPT, TRUNCATED, UNSUPPORTED, LIMIT or MISSING_PART, with the place in the file.
 */
export async function readOnnx(source: Source, options: OnnxOptions = {}): Promise<OnnxModel> {
  if (source.size === 0) throw new BrineError('EMPTY', 'the file has no content', { file: source.name });
  const whole = source.size <= (options.wholeFile ?? WHOLE_FILE);
  const { bytes, apart } = whole
    ? { bytes: await source.read(0, source.size), apart: new Map<number, never>() }
    : await readSkeleton(source);
  const model = readModelProto(new WireReader(bytes, source.name));
  if (!model.graph) throw new BrineError('NOT_A_MODEL', 'the file holds no ONNX graph', { file: source.name });
  if (model.opsets.size === 0 && model.irVersion >= 3)
    throw new BrineError('CORRUPT', 'the file names no operator set', { file: source.name });
  if (!model.opsets.has('')) model.opsets.set('', 1);
  const functions = new Map<string, FunctionProto>();
  for (const f of model.functions) functions.set(functionKey(f.domain, f.name, f.overload), f);
  const context: BuildContext = { file: source.name, functions, pending: [], apart, constants: new Map(), nodes: 0 };
  const graph = buildGraph(model.graph, model.opsets, context);
  await loadPending(source, context.pending);
  const weights = [...graph.constants.values()].filter((v) => 'data' in v);
  const inputs = new Set(graph.inputs.map((i) => i.name));
  return {
    graph,
    name: model.graph.name,
    irVersion: model.irVersion,
    opsets: model.opsets,
    producer: model.producer,
    producerVersion: model.producerVersion,
    domain: model.domain,
    modelVersion: model.modelVersion,
    docString: model.docString,
    metadata: model.metadata,
    inputs: model.graph.inputs.filter((i) => inputs.has(i.name)),
    outputs: model.graph.outputs,
    functions: model.functions.map((f) => f.name),
    parameters: weights.reduce((sum, w) => sum + w.data.length, 0),
    parameterBytes: weights.reduce((sum, w) => sum + (ArrayBuffer.isView(w.data) ? w.data.byteLength : 0), 0),
    externalFiles: [...new Set(context.pending.flatMap((p) => p.elsewhere.location ?? []))],
  };
}
