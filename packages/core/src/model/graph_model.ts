import { decompress } from '../bytes/decompress.js';
import { BufferSource, type Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import type { Identity } from '../formats/identify/index.js';
import { describe as summarise, readOnnx, type OnnxModel } from '../formats/onnx/index.js';
import type { Tensor, Value } from '../graph/tensor.js';
import type { RunLimits } from '../runtime/budget.js';
import { plan, type Plan } from '../runtime/plan.js';
import type { AuditReport } from '../audit/index.js';
import { auditSources } from './audit.js';
import type { GraphInput as DeclaredInput } from '../graph/graph.js';
import { feedsOf } from './feeds.js';
import { toTensor, type ModelInput, type TensorInput } from './input.js';
import type { OnnxFile, OnnxOptions } from './onnx.js';
import type { Description, GraphInput, GraphOutput, Model, ModelInputs } from './model.js';

/** A file that holds a graph of operators: one method, `run`, from named tensors to named tensors. */
export class GraphModel implements Model {
  readonly format = 'onnx';
  readonly methods = ['run'] as const;
  readonly classes = undefined;
  readonly parts = [];
  readonly notes: readonly string[];
  readonly onnx: OnnxModel;
  readonly #source: Source;
  readonly #budget: RunLimits;
  #plan: Promise<Plan> | undefined;
  /** The plan once it is there: a single row need not wait a turn for it. */
  #ready: Plan | undefined;

  constructor(onnx: OnnxModel, source: Source, identity: Identity, budget: RunLimits = {}) {
    this.onnx = onnx;
    this.#source = source;
    this.#budget = budget;
    this.notes = identity.mismatch === undefined ? [] : [identity.mismatch];
  }

  get inputs(): ModelInputs {
    const { inputs } = this.onnx.graph;
    return {
      kind: 'tensors',
      features: undefined,
      names: inputs.map((i) => i.name),
      types: inputs.map((i) => (i.type?.dtype === 'string' ? 'text' : i.type ? 'number' : 'any')),
    };
  }

  async run(method: string, input?: GraphInput | TensorInput | object): Promise<GraphOutput> {
    if (method !== 'run') throw new BrineError('NO_METHOD', `a graph does not offer ${method}; it has run`);
    const { graph } = this.onnx;
    if (!this.#ready) {
      this.#plan ??= import('../graph/fuse.js').then(({ fuse }) => plan(fuse(graph), this.#budget));
      this.#ready = await this.#plan;
    }
    const results = this.#ready.run(this.feeds(input));
    if (results.length === 1) return { outputs: { [graph.outputs[0].name]: results[0] } };
    return { outputs: Object.fromEntries(graph.outputs.map((o, i) => [o.name, results[i]])) };
  }

  /** The inputs in the graph's order; each checked against the type that the graph declares. Throws BAD_INPUT. */
  feeds(input: object | undefined): (Value | undefined)[] {
    const { inputs } = this.onnx.graph;
    const table = tableOf(input, inputs);
    if (!table && inputs.length === 1 && isTensorInput(input) && !('inputs' in input))
      return [tensorFor(inputs[0], input)];
    const names = inputs.map((i) => i.name);
    if (table) {
      const feeds = feedsOf(inputs, table, this.onnx.metadata.get('brine.missing_text'));
      feeds.forEach((t, i) => {
        checkType(names[i], t, inputs[i].type?.dtype, inputs[i].type?.shape);
      });
      return feeds;
    }
    const given = tensorsOf(input, names);
    for (const name of given.keys())
      if (!inputs.some((i) => i.name === name))
        throw new BrineError(
          'BAD_INPUT',
          `the graph has no input ${JSON.stringify(name)}; it has ${inputs.map((i) => i.name).join(', ')}`,
        );
    return inputs.map((declared) => {
      const value = given.get(declared.name);
      if (value === undefined)
        throw new BrineError('BAD_INPUT', `the input ${JSON.stringify(declared.name)} is missing`);
      return isTensorInput(value) ? tensorFor(declared, value) : (value as Value);
    });
  }

  describe(): Description {
    const s = summarise(this.onnx);
    const rows = (values: readonly { name: string; type: string }[]): [string, string][] =>
      values.map((v) => [v.name, v.type]);
    return {
      file: this.#source.name,
      format: this.format,
      size: this.#source.size,
      protocol: undefined,
      compression: [],
      parts: s.externalFiles,
      versions: [
        ...(s.producer === '' ? [] : [['producer', s.producer] as const]),
        ['ONNX IR', String(s.irVersion)],
        ...s.opsets.map(([domain, version]) => [domain, `opset ${version}`] as const),
      ],
      content: {
        label: '',
        name: s.name === '' ? 'graph' : s.name,
        module: '',
        known: true,
        params: [
          ['nodes', String(s.nodes)],
          ['parameters', String(s.parameters)],
          ...s.metadata.map(([k, v]) => [k, v] as const),
        ],
        fitted: s.operators.map(({ operator, count }) => [operator, `×${count}`] as const),
        children: [section('inputs', rows(s.inputs)), section('outputs', rows(s.outputs))],
      },
      methods: this.methods,
      inputs: this.inputs,
      classes: undefined,
      estimators: [],
      modules: [],
      notes: this.notes,
    };
  }

  async toOnnx(options: OnnxOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.exportOnnx(options)).bytes;
  }

  async exportOnnx(options: OnnxOptions = {}): Promise<OnnxFile> {
    const { rewrite } = await import('./onnx-rewrite.js');
    return rewrite(this.onnx, options);
  }

  /** The file itself (decompressed), for an engine that reads ONNX. */
  fileBytes(): Promise<Uint8Array> {
    return this.#source.read(0, this.#source.size);
  }

  async audit(): Promise<AuditReport> {
    return auditSources([this.#source], this.#source.name);
  }

  toJSON(): unknown {
    throw new BrineError('UNSUPPORTED', 'an ONNX graph has no Python objects to write as tagged JSON');
  }

  close(): Promise<void> {
    return this.#source.close?.() ?? Promise.resolve();
  }
}

function section(label: string, fitted: readonly (readonly [string, string])[]): Description['content'] {
  return { label, name: '', module: '', known: true, params: [], fitted, children: [] };
}

function isTensorInput(value: unknown): value is TensorInput {
  return typeof value === 'object' && value !== null && 'shape' in value && 'data' in value;
}

/** A table, documents or rows; or a matrix for a graph that takes its columns, or takes it as another type. */
function tableOf(input: object | undefined, inputs: readonly DeclaredInput[]): ModelInput | undefined {
  if (!input || 'inputs' in input) return undefined;
  if (Array.isArray(input) || 'columns' in input || 'indptr' in input) return input as ModelInput;
  if (!isTensorInput(input) || inputs.length === 0) return undefined;
  const [{ type }] = inputs;
  const sameRank = type?.shape === undefined || type.shape.length === input.shape.length;
  const same = inputs.length === 1 && sameRank && (input.dtype === undefined || input.dtype === type?.dtype);
  return same || !type ? undefined : input;
}

/** `{ inputs: { name: tensor } }`, or the tensor itself where the graph has one input. */
function tensorsOf(input: object | undefined, names: readonly string[]): Map<string, unknown> {
  if (input && 'inputs' in input && typeof input.inputs === 'object' && input.inputs !== null)
    return new Map(Object.entries(input.inputs));
  if (isTensorInput(input)) {
    if (names.length !== 1)
      throw new BrineError(
        'BAD_INPUT',
        `the graph has ${names.length} inputs (${names.join(', ')}): give { inputs: { name: tensor } }`,
      );
    return new Map([[names[0], input]]);
  }
  if (names.length === 0) return new Map();
  throw new BrineError('BAD_INPUT', 'a graph takes { inputs: { name: tensor } }, or a tensor where it has one input');
}

/** The caller's tensor, as the graph declares it. */
function tensorFor({ name, type }: DeclaredInput, value: TensorInput): Tensor {
  const wanted = type?.dtype;
  const tensor = toTensor(value.dtype === undefined && wanted !== undefined ? { ...value, dtype: wanted } : value);
  checkType(name, tensor, wanted, type?.shape);
  return tensor;
}

function checkType(
  name: string,
  tensor: Tensor,
  dtype: string | undefined,
  shape: readonly (number | null)[] | undefined,
): void {
  if (dtype !== undefined && tensor.dtype !== dtype)
    throw new BrineError('BAD_INPUT', `the input ${JSON.stringify(name)} is ${tensor.dtype}, the graph wants ${dtype}`);
  const fits = shape?.length === tensor.shape.length && shape.every((d, i) => d === null || d === tensor.shape[i]);
  if (shape && !fits)
    throw new BrineError(
      'BAD_INPUT',
      `the input ${JSON.stringify(name)} has the shape [${tensor.shape.join(', ')}], the graph wants [${shape.map((d) => d ?? '?').join(', ')}]`,
    );
}

/** Opens an ONNX file, compressed or not. */
export async function openOnnx(source: Source, identity: Identity, budget?: RunLimits): Promise<Model> {
  let from = source;
  for (const codec of identity.compression) from = new BufferSource(await decompress(codec, from), source.name);
  return new GraphModel(await readOnnx(from), from, identity, budget);
}
