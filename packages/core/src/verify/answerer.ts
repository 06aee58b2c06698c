import { BrineError } from '../errors.js';
import { isCsr, isTensor, sizeOf, type Tensor, type Value } from '../graph/tensor.js';
import { GraphModel } from '../model/graph_model.js';
import type { Model } from '../model/model.js';
import { outputsOf } from './compare.js';
import { graphInput, modelInput } from './feed.js';
import type { Samples } from './samples.js';
import { selectRows } from './samples.js';

/** Whatever answers rows: a model, or a file of answers that were recorded. */
export interface Answerer {
  /** What it is, for messages. */
  readonly name: string;
  /** `methods` are scikit-learn's; `outputs` are named by a graph, all computed by one run. */
  readonly kind: 'methods' | 'outputs';
  readonly offers: readonly string[];
  /** How many rows were answered, where that is settled: others cannot be compared. */
  readonly rows?: number;
  /** What `get_feature_names_out` says, where there is one. Throws as `Model.run`. */
  readonly names?: () => Promise<Value>;
  /** The method that an output is, where a file says so. */
  methodOf?(output: string): string | undefined;
  /** The answer's outputs by name. `rows` are the numbers of the rows in all that is asked. Throws as `Model.run`. */
  answer(method: string, samples: Samples, rows: readonly number[]): Promise<ReadonlyMap<string, Value>>;
}

/** It is about no rows: `names` answers it. */
export const NAMES = 'get_feature_names_out';
/** It takes what `transform` gives. */
const BACK = 'inverse_transform';

export function answererOf(model: Model, name: string): Answerer {
  return model.methods.includes('run') && model.inputs.kind === 'tensors'
    ? new GraphAnswerer(model, name)
    : new ModelAnswerer(model, name);
}

class ModelAnswerer implements Answerer {
  readonly kind = 'methods';
  readonly name: string;
  readonly offers: readonly string[];
  readonly names?: () => Promise<Value>;
  readonly #model: Model;

  constructor(model: Model, name: string) {
    this.#model = model;
    this.name = name;
    const { methods } = model;
    this.offers = methods.filter((m) => m !== NAMES && (m !== BACK || methods.includes('transform')));
    if (methods.includes(NAMES)) this.names = async () => outputsOf(await model.run(NAMES), NAMES).get(NAMES)!;
  }

  async answer(method: string, samples: Samples): Promise<ReadonlyMap<string, Value>> {
    const input = modelInput(this.#model, samples);
    if (method !== BACK) return outputsOf(await this.#model.run(method, input), method);
    // There and back: each of the two takes back what it said itself.
    const there = await this.#model.run('transform', input);
    if (Array.isArray(there) || !('shape' in there))
      throw new BrineError('UNSUPPORTED', 'what transform gives is several things');
    return outputsOf(await this.#model.run(BACK, there), BACK);
  }
}

/** A graph, run by this runtime or by an engine that stands in for it. */
class GraphAnswerer implements Answerer {
  readonly kind = 'outputs';
  readonly name: string;
  readonly offers: readonly string[];
  readonly #model: Model;
  readonly #graph: GraphModel['onnx']['graph'];
  readonly #methods: ReadonlyMap<string, string>;
  readonly #missingText: string | undefined;

  constructor(model: Model, name: string) {
    this.#model = model;
    this.name = name;
    const { graph, metadata } = graphOf(model).onnx;
    this.#graph = graph;
    this.#methods = writtenMethods(metadata.get('brine.outputs'));
    this.#missingText = metadata.get('brine.missing_text');
    this.offers = 'outputNames' in model ? (model.outputNames as readonly string[]) : graph.outputs.map((o) => o.name);
  }

  methodOf(output: string): string | undefined {
    return this.#methods.get(output);
  }

  async answer(_: string, samples: Samples): Promise<ReadonlyMap<string, Value>> {
    const fixed = this.#graph.inputs.length > 0 && this.#graph.inputs.every(({ type }) => type?.shape?.[0] === 1);
    if (!fixed || samples.kind === 'tensors' || samples.rows === 1) return this.#run(samples);
    // A graph for one row at a time.
    const parts: ReadonlyMap<string, Value>[] = [];
    for (let r = 0; r < samples.rows; r++) parts.push(await this.#run(selectRows(samples, [r])));
    return new Map([...(parts[0]?.keys() ?? [])].map((key) => [key, stackValues(parts.map((p) => p.get(key)!))]));
  }

  async #run(samples: Samples): Promise<ReadonlyMap<string, Value>> {
    return outputsOf(await this.#model.run('run', graphInput(this.#graph, samples, this.#missingText)), 'run');
  }
}

/** What brine notes of the files that it writes: output → method. */
function writtenMethods(json: string | undefined): Map<string, string> {
  const out = new Map<string, string>();
  try {
    const parsed: unknown = JSON.parse(json ?? '{}');
    if (typeof parsed === 'object' && parsed !== null)
      for (const [name, method] of Object.entries(parsed)) if (typeof method === 'string') out.set(name, method);
  } catch {
    // Another program's words, then: the names must do.
  }
  return out;
}

/** The graph behind a model, also where an engine runs it. */
export function graphOf(model: Model): GraphModel {
  const inner = 'graphModel' in model ? model.graphModel : model;
  if (inner instanceof GraphModel) return inner;
  throw new BrineError('UNSUPPORTED', `a ${model.format} file is no graph that can be compared`);
}

function stackValues(parts: readonly Value[]): Value {
  const [first] = parts;
  if (isTensor(first)) {
    const tensors = parts.filter(isTensor);
    const data = tensors.flatMap((t) => Array.from(t.data as ArrayLike<unknown>));
    const kind = ArrayBuffer.isView(first.data)
      ? (first.data.constructor as unknown as { from(x: unknown[]): Tensor['data'] })
      : undefined;
    return { dtype: first.dtype, shape: [parts.length, ...first.shape.slice(1)], data: kind ? kind.from(data) : data };
  }
  if ('sequence' in first) return { sequence: parts.flatMap((p) => ('sequence' in p ? p.sequence : [])) };
  throw new BrineError('UNSUPPORTED', 'answers to single rows cannot be put together');
}

/** Answers that were kept; `rows` choose among them. */
export class RecordedAnswerer implements Answerer {
  readonly kind = 'methods';
  readonly name: string;
  readonly offers: readonly string[];
  readonly rows: number;
  readonly #answers: ReadonlyMap<string, ReadonlyMap<string, Value>>;

  readonly #asked: number | undefined;

  /** `asked`: how many rows were asked; what has another number is about all of them, as where trees begin in a path. */
  constructor(answers: ReadonlyMap<string, ReadonlyMap<string, Value>>, name: string, asked?: number) {
    this.#answers = answers;
    this.#asked = asked;
    this.name = name;
    this.offers = [...answers.keys()];
    const first = [...answers.values()].flatMap((outputs) => [...outputs.values()]).find(isTensor);
    this.rows = first?.shape[0] ?? 0;
  }

  answer(method: string, samples: Samples, rows: readonly number[]): Promise<ReadonlyMap<string, Value>> {
    const kept = this.#answers.get(method) ?? new Map<string, Value>();
    return Promise.resolve(
      new Map(
        [...kept].map(([name, value]) => [
          name,
          samples.kind === 'tensors' || this.#isOfAll(value) ? value : rowsOfValue(value, rows, this.name),
        ]),
      ),
    );
  }

  #isOfAll(value: Value): boolean {
    return this.#asked !== undefined && isTensor(value) && value.shape[0] !== this.#asked;
  }
}

function rowsOfValue(value: Value, rows: readonly number[], file: string): Value {
  if (!isTensor(value)) {
    if (isCsr(value)) throw new BrineError('UNSUPPORTED', 'recorded answers are dense');
    return value;
  }
  const { dtype, shape, data } = value;
  const width = sizeOf(shape.slice(1));
  const over = rows.find((r) => r >= (shape[0] ?? 0));
  if (over !== undefined)
    throw new BrineError('AMBIGUOUS', `there are ${shape[0] ?? 0} answers, but more rows in the data`, { file });
  const size = rows.length * width;
  const out = ArrayBuffer.isView(data)
    ? new (data.constructor as new (n: number) => Float64Array)(size)
    : new Array<unknown>(size);
  rows.forEach((r, i) => {
    for (let c = 0; c < width; c++) (out as unknown[])[i * width + c] = data[r * width + c];
  });
  return { dtype, shape: [rows.length, ...shape.slice(1)], data: out };
}
