import { BrineError } from '../errors.js';
import { allocate, isTensor, sizeOf, type DType, type Tensor, type Value } from '../graph/tensor.js';
import type { AuditReport } from '../audit/index.js';
import { GraphModel } from './graph_model.js';
import type { Description, GraphInput, GraphOutput, Model, ModelInputs } from './model.js';
import type { OnnxFile, OnnxOptions } from './onnx.js';

/** As much as is used of the packages onnxruntime-node, onnxruntime-web and onnxruntime-react-native. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array | string, options?: object): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: never, data: never, dims: readonly number[]) => OnnxTensor;
}

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, OnnxTensor>, fetches?: readonly string[]): Promise<Record<string, OnnxTensor>>;
  release?(): Promise<void>;
}

export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

export interface EngineOptions {
  /** What to call the engine in messages. */
  readonly name?: string;
  /** The path of the file, for an engine that reads files itself: models with weights beside them need it. */
  readonly path?: string;
}

/** Types that both sides hold in the same array. */
const shared = new Set<string>([
  ...['float32', 'float64', 'int64', 'uint64', 'int32', 'int16', 'int8', 'uint32', 'uint16', 'uint8', 'bool', 'string'],
]);

/**
 * A graph run by onnxruntime instead of brine's own runtime. The package is handed in, so that nothing depends on it:
 *
 *     import * as ort from 'onnxruntime-web';
 *     const model = await runWith(await open(file), ort);
 *
 * Throws UNSUPPORTED with the engine's own words where it cannot load the graph, and what `toOnnx` throws for models of
 * other formats, which are written as ONNX first.
 */
export async function runWith(model: Model, runtime: OnnxRuntime, options: EngineOptions = {}): Promise<EngineModel> {
  const name = options.name ?? 'onnxruntime';
  const graph = await asGraph(model);
  const outside = graph.onnx.externalFiles.length > 0;
  if (outside && options.path === undefined)
    throw new BrineError('UNSUPPORTED', `${name} cannot be given a model whose weights lie in files beside it`);
  const file = outside ? options.path! : await graph.fileBytes();
  let session: OnnxSession;
  try {
    session = await runtime.InferenceSession.create(file, { logSeverityLevel: 4 });
  } catch (error) {
    throw engineError(name, 'cannot load the model', error);
  }
  return new EngineModel(graph, session, runtime, name);
}

async function asGraph(model: Model): Promise<GraphModel> {
  if (model instanceof GraphModel) return model;
  const { open } = await import('./open.js');
  const made = await open(await model.toOnnx(), { name: 'the model as ONNX' });
  if (made instanceof GraphModel) return made;
  throw new BrineError('UNSUPPORTED', `a ${model.format} file cannot be run by an engine for ONNX`);
}

/** A graph that an engine runs. What it takes and gives is the graph's own. */
export class EngineModel implements Model {
  readonly format = 'onnx';
  readonly methods: readonly string[];
  readonly inputs: ModelInputs;
  readonly classes: readonly unknown[] | undefined;
  readonly parts = [];
  readonly notes: readonly string[];
  /** The graph as brine reads it. */
  readonly graphModel: GraphModel;
  /** The outputs that are tensors: engines hand no sequences and maps to JavaScript. */
  readonly outputNames: readonly string[];
  readonly #session: OnnxSession;
  readonly #runtime: OnnxRuntime;
  readonly #name: string;

  constructor(graph: GraphModel, session: OnnxSession, runtime: OnnxRuntime, name: string) {
    this.graphModel = graph;
    this.methods = graph.methods;
    this.inputs = graph.inputs;
    this.classes = graph.classes;
    this.notes = graph.notes;
    this.outputNames = graph.onnx.outputs.filter((o) => o.type?.kind !== 'sequence').map((o) => o.name);
    this.#session = session;
    this.#runtime = runtime;
    this.#name = name;
  }

  async run(method: string, input?: GraphInput | object): Promise<GraphOutput> {
    if (method !== 'run') throw new BrineError('NO_METHOD', `a graph does not offer ${method}; it has run`);
    const { inputs } = this.graphModel.onnx.graph;
    const values = this.graphModel.feeds(input);
    const feeds = Object.create(null) as Record<string, OnnxTensor>;
    inputs.forEach(({ name }, i) => {
      const value = values[i];
      if (value !== undefined) feeds[name] = this.#toEngine(name, value);
    });
    let results: Record<string, OnnxTensor>;
    try {
      results = await this.#session.run(feeds, this.outputNames);
    } catch (error) {
      throw engineError(this.#name, 'cannot run the model', error);
    }
    return {
      outputs: Object.fromEntries(
        this.outputNames.map((name): [string, Value] => [name, fromEngine(results[name], name, this.#name)]),
      ),
    };
  }

  #toEngine(name: string, value: Value): OnnxTensor {
    if (!isTensor(value) || !shared.has(value.dtype))
      throw new BrineError(
        'UNSUPPORTED',
        `${this.#name} is not given the input ${name}: it is ${isTensor(value) ? value.dtype : 'no tensor'}`,
      );
    if (value.dtype === 'string' && (value.data as readonly unknown[]).some((x) => typeof x !== 'string'))
      throw new BrineError('BAD_INPUT', `the input ${name} holds a missing value, for which ${this.#name} has no text`);
    return new this.#runtime.Tensor(value.dtype as never, value.data as never, value.shape);
  }

  describe(): Description {
    return this.graphModel.describe();
  }

  audit(): Promise<AuditReport> {
    return this.graphModel.audit();
  }

  toOnnx(options?: OnnxOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.graphModel.toOnnx(options);
  }

  exportOnnx(options?: OnnxOptions): Promise<OnnxFile> {
    return this.graphModel.exportOnnx(options);
  }

  toJSON(): unknown {
    return this.graphModel.toJSON();
  }

  async close(): Promise<void> {
    await this.#session.release?.();
    await this.graphModel.close();
  }
}

function fromEngine(given: OnnxTensor | undefined, name: string, engine: string): Tensor {
  if (given === undefined) throw new BrineError('UNSUPPORTED', `${engine} does not give the output ${name}`);
  const { type, dims, data } = given;
  const shape = Array.from(dims, Number);
  if (type === 'float16') return { dtype: 'float16', shape, data: fromHalves(data as Uint16Array, sizeOf(shape)) };
  if (!shared.has(type)) throw new BrineError('UNSUPPORTED', `${engine} gives the output ${name} as ${type}`);
  return { dtype: type as DType, shape, data: data as Tensor['data'] };
}

/** Halves come as their bits, or as a Float16Array where the platform has one. */
function fromHalves(data: Uint16Array | ArrayLike<number>, size: number): Float32Array {
  const out = allocate('float16', size) as Float32Array;
  for (let i = 0; i < size; i++) out[i] = data instanceof Uint16Array ? half(data[i]) : data[i];
  return out;
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function engineError(engine: string, what: string, error: unknown): BrineError {
  const said = error instanceof Error ? error.message : String(error);
  return new BrineError('UNSUPPORTED', `${engine} ${what}: ${said.split('\n')[0].slice(0, 400)}`, {}, { cause: error });
}
