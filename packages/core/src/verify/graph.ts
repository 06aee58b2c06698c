import { BrineError } from '../errors.js';
import { bind, type Estimator } from '../estimators/index.js';
import type { Graph } from '../graph/graph.js';
import { loadArrays } from '../model/artifact.js';
import { GraphModel } from '../model/graph_model.js';
import { prepare, type ModelInput } from '../model/input.js';
import { lower } from '../model/lowered.js';
import type { Model } from '../model/model.js';
import { SavedModel } from '../model/saved.js';
import { PyInstance } from '../pickle/values.js';

/** Methods whose graph tells most, in the order in which they are tried. */
const TELLING = ['predict', 'transform', 'predict_proba', 'decision_function', 'score_samples', 'kneighbors', 'apply'];

/** A model's graph, and what to call it. */
export interface TellingGraph {
  readonly graph: Graph;
  readonly title: string;
}

/** The estimator behind a saved model, its arrays loaded. */
export async function estimatorOf(model: Model): Promise<Estimator | undefined> {
  if (!(model instanceof SavedModel) || !(model.value instanceof PyInstance)) return undefined;
  await loadArrays(model.artifact);
  return bind(model.value);
}

/** The graph of the first method that can be lowered for `sample`; undefined where none can. Throws NOT_FITTED. */
export function tellingGraph(estimator: Estimator, sample: ModelInput): TellingGraph | undefined {
  for (const method of TELLING) {
    if (!estimator.offers(method)) continue;
    try {
      const { graph } = lower(estimator, method, prepare(sample, estimator.takes));
      return { graph, title: `${estimator.name}.${method}` };
    } catch (error) {
      if (!(error instanceof BrineError) || error.code === 'NOT_FITTED') throw error;
    }
  }
  return undefined;
}

/** One row of an input: numbers and words where they belong. */
export function oneRow(names: readonly string[] | undefined, text: readonly boolean[]): ModelInput {
  if (!text.includes(true) && names === undefined)
    return { dtype: 'float64', shape: [1, text.length], data: new Float64Array(text.length) };
  if (names === undefined) return [text.map((isWord) => (isWord ? 'a' : 0))];
  const columns = Object.create(null) as Record<string, ArrayLike<unknown>>;
  names.forEach((name, i) => (columns[name] = text[i] ? ['a'] : Float64Array.of(0)));
  return { columns };
}

/** The graph of a file, or of a model's main method. Throws UNSUPPORTED where there is none. */
export async function mainGraph(model: Model): Promise<TellingGraph> {
  const inner = 'graphModel' in model ? model.graphModel : model;
  if (inner instanceof GraphModel) return { graph: inner.onnx.graph, title: inner.onnx.name };
  const estimator = await estimatorOf(model);
  const { kind, names, features, types } = model.inputs;
  const width = names?.length ?? features;
  const samples: ModelInput[] =
    kind === 'documents' || kind === 'values'
      ? [['a']]
      : [true, false].map((anyAsText) =>
          oneRow(
            names,
            Array.from({ length: width ?? 1 }, (_, c) => types?.[c] === 'text' || (types?.[c] === 'any' && anyAsText)),
          ),
        );
  for (const sample of estimator ? samples : []) {
    const found = tellingGraph(estimator!, sample);
    if (found) return found;
  }
  throw new BrineError('UNSUPPORTED', 'the model has no method whose graph could be drawn');
}
