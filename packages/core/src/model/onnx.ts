import { sha256 } from '../bytes/sha256.js';
import type { Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import type { Estimator, Result } from '../estimators/index.js';
import { irVersionOf, writeOnnx } from '../formats/onnx/write/index.js';
import { GraphBuilder, type V } from '../graph/builder.js';
import { expand, type Expanded } from '../graph/expand/index.js';
import type { Graph } from '../graph/graph.js';
import { NEWEST_OPSET, OLDEST_OPSET, toOpset } from '../graph/opset.js';
import { simplify } from '../graph/simplify.js';
import { toSingle } from '../graph/single.js';
import { VERSION } from '../version.js';
import { declareInputs, type OnnxInputs } from './onnx-inputs.js';

/** How a model is written as ONNX. */
export interface OnnxOptions {
  /**
   * The methods whose results the file gives, in scikit-learn's names. Default: what people call — `predict` with
   * `predict_proba` or `decision_function` where there is one, else `transform`, else the first method.
   */
  readonly methods?: readonly string[];
  /** The version of ai.onnx to write in, 7 … 21. Default: the lowest from 13 on that has the operators. */
  readonly opset?: number;
  /** Single precision throughout, half the size: answers differ in the seventh digit. Default: double. */
  readonly float32?: boolean;
  /** Trees as TreeEnsemble (ai.onnx.ml 5: onnxruntime 1.21 and newer), or as TreeEnsembleRegressor of old. Default: v5. */
  readonly trees?: 'v5' | 'classic';
  /** Write what operators can say only nearly as well, and record the loss in the file's metadata. */
  readonly allowApproximate?: boolean;
  /** Default: a column each where the model knows their names or some are text, else one matrix `X`. */
  readonly inputs?: OnnxInputs;
  /** The text that stands for a missing value in columns of text. Default: `nan`, as Python's str() has it. */
  readonly missingText?: string;
  /** Further metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What an output of a written file is. */
export interface WrittenOutput {
  readonly name: string;
  readonly method: string;
}

export interface OnnxFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inputs: readonly string[];
  readonly outputs: readonly WrittenOutput[];
  /** Version by domain; '' is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly nodes: number;
  /** What may differ from the library's answers; empty unless `allowApproximate` or `float32`. */
  readonly losses: readonly string[];
  /** What the file does not do that the library does. */
  readonly notes: readonly string[];
}

/** Where a model comes from: for the metadata. */
export interface Origin {
  readonly sources: readonly Source[];
  readonly format: string;
  readonly versions: readonly (readonly [string, string])[];
}

export const MISSING_TEXT = 'nan';

/**
 * Lowers methods into one graph, expands it into ONNX operators and writes it.
 * @throws BrineError UNSUPPORTED with the step's name for what ONNX cannot say exactly; NO_METHOD, BAD_ARGUMENT
 */
export async function writeEstimator(estimator: Estimator, origin: Origin, options: OnnxOptions): Promise<OnnxFile> {
  checkOptions(options);
  const { graph, methods } = lowerMethods(estimator, options);
  const target = {
    trees: options.trees ?? 'v5',
    missingText: options.missingText ?? MISSING_TEXT,
    allowApproximate: options.allowApproximate ?? false,
  } as const;
  const expanded = expand(simplify(graph), target);
  const { graph: final, losses } = finished(expanded, options);
  const metadata = new Map<string, string>([
    ['brine.version', VERSION],
    ['brine.source.format', origin.format],
    ['brine.source.sha256', await hashOf(origin.sources)],
    ['brine.estimator', estimator.name],
    ...origin.versions.map(([library, version]) => [`brine.library.${library}`, version] as const),
    ['brine.outputs', JSON.stringify(Object.fromEntries(methods.map((o) => [o.name, o.method])))],
    ...classesEntry(estimator),
    ...(final.inputs.some((i) => i.type?.dtype === 'string')
      ? [['brine.missing_text', target.missingText] as const]
      : []),
    ...(losses.length > 0 ? [['brine.losses', JSON.stringify(losses)] as const] : []),
    ...(expanded.notes.length > 0 ? [['brine.notes', JSON.stringify(expanded.notes)] as const] : []),
    ...Object.entries(options.metadata ?? {}),
  ]);
  const bytes = writeOnnx({
    graph: final,
    name: estimator.name,
    irVersion: irVersionOf(final.opsets),
    opsets: final.opsets,
    producer: 'brine',
    producerVersion: VERSION,
    metadata,
  });
  return {
    bytes,
    inputs: final.inputs.map((i) => i.name),
    outputs: methods,
    opsets: final.opsets,
    nodes: final.nodes.length,
    losses,
    notes: expanded.notes,
  };
}

/** Without duplicates and dead ends, in the precision and the opset that are wanted. */
function finished(expanded: Expanded, options: OnnxOptions): { graph: Graph; losses: readonly string[] } {
  const lean = withoutUnused(simplify(expanded.graph));
  const typed = options.float32 === true ? toSingle(lean) : lean;
  const { types } = typed;
  const graph = toOpset(typed, options.opset, {
    isText: (id) => types?.[id]?.dtype === 'string',
    rankOf: (id) => types?.[id]?.shape?.length,
  });
  const single = 'all numbers are float32: answers differ from the seventh digit on';
  return { graph, losses: options.float32 === true ? [...expanded.losses, single] : expanded.losses };
}

/** Columns that the model does not look at need not be given; but for one, which tells the number of rows. */
function withoutUnused(graph: Graph): Graph {
  if (graph.inputs.length < 2) return graph;
  const used = new Set(graph.nodes.flatMap((n) => n.inputs));
  for (const o of graph.outputs) used.add(o.value);
  const inputs = graph.inputs.filter((i) => used.has(i.value));
  return { ...graph, inputs: inputs.length > 0 ? inputs : graph.inputs.slice(0, 1) };
}

function checkOptions({ opset, trees, inputs }: OnnxOptions): void {
  if (opset !== undefined && !(Number.isInteger(opset) && opset >= OLDEST_OPSET && opset <= NEWEST_OPSET))
    throw new BrineError('BAD_ARGUMENT', `opset ${opset}: ${OLDEST_OPSET} to ${NEWEST_OPSET} can be written`);
  if (trees !== undefined && !['v5', 'classic'].includes(trees))
    throw new BrineError('BAD_ARGUMENT', `trees are written as v5 or classic, not ${JSON.stringify(trees)}`);
  if (inputs !== undefined && !['columns', 'matrix'].includes(inputs))
    throw new BrineError('BAD_ARGUMENT', `inputs are columns or a matrix, not ${JSON.stringify(inputs)}`);
}

function classesEntry(estimator: Estimator): [string, string][] {
  const { classes } = estimator;
  if (!classes) return [];
  try {
    return [['brine.classes', JSON.stringify(classes.map((c) => (typeof c === 'bigint' ? Number(c) : c)))]];
  } catch {
    return [];
  }
}

// ---- methods ----------------------------------------------------------------------------------------

/** The methods that are written unless some are named. */
export function usualMethods(estimator: Estimator): readonly string[] {
  const offered = (name: string): boolean => estimator.offers(name);
  if (offered('predict')) {
    const scores = ['predict_proba', 'decision_function'].find(offered);
    return scores !== undefined ? ['predict', scores] : ['predict'];
  }
  const first = ['transform', ...estimator.methods].find((m) => offered(m) && m !== 'get_feature_names_out');
  return first !== undefined ? [first] : [];
}

/** All methods in one graph, over the same inputs. */
function lowerMethods(estimator: Estimator, options: OnnxOptions): { graph: Graph; methods: readonly WrittenOutput[] } {
  const methods = options.methods ?? usualMethods(estimator);
  if (methods.length === 0)
    throw new BrineError('NO_METHOD', `${estimator.name} has no method that a graph could hold`);
  for (const method of methods) {
    if (method === 'get_feature_names_out')
      throw new BrineError(
        'UNSUPPORTED',
        'get_feature_names_out is no function of the input: ONNX has no place for it',
      );
    if (!estimator.offers(method))
      throw new BrineError(
        'NO_METHOD',
        `${estimator.name} does not offer ${method}; it has ${estimator.methods.join(', ') || 'no methods'}`,
      );
  }
  if (methods.includes('inverse_transform') && methods.length > 1)
    throw new BrineError(
      'BAD_ARGUMENT',
      'inverse_transform takes another input than the other methods: write it alone',
    );
  const g = new GraphBuilder();
  const outputs: { name: string; method: string; value: V }[] = [];
  const taken = new Set<string>();
  try {
    const data = declareInputs(estimator, methods[0], options.inputs, g);
    for (const method of new Set(methods))
      for (const { name, value } of outputsOf(estimator.run(method, data, g), outputName(estimator, method), g)) {
        let unique = name;
        for (let i = 1; taken.has(unique); i++) unique = `${name}_${i}`;
        taken.add(unique);
        outputs.push({ name: unique, method, value });
      }
  } catch (error) {
    if (error instanceof BrineError || !(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new BrineError('BAD_STATE', `${estimator.name}: ${error.message}`, {}, { cause: error });
  }
  const graph = g.finish(outputs);
  const inputNames = new Set(graph.inputs.map((i) => i.name));
  // A column may be called `label`: then the result is not.
  const named = outputs.map((o) => ({ name: inputNames.has(o.name) ? `output_${o.name}` : o.name, method: o.method }));
  return { graph: { ...graph, outputs: graph.outputs.map((o, i) => ({ ...o, name: named[i].name })) }, methods: named };
}

const names: Readonly<Record<string, string>> = {
  predict_proba: 'probabilities',
  predict_log_proba: 'log_probabilities',
  decision_function: 'scores',
  score_samples: 'sample_scores',
  transform: 'transformed',
  inverse_transform: 'restored',
  apply: 'leaves',
};

/** Names of the parts of what several methods give as a tuple. */
const tuples: Readonly<Record<string, readonly string[]>> = {
  kneighbors: ['distances', 'indices'],
  predict_return_std: ['prediction', 'std'],
  predict_return_cov: ['prediction', 'covariance'],
  decision_path: ['path', 'node_pointers'],
};

/** `label` where labels are predicted, `prediction` where numbers are. */
function outputName(estimator: Estimator, method: string): string {
  if (method === 'predict') return estimator.classes ? 'label' : 'prediction';
  return names[method] ?? method;
}

function outputsOf(result: Result, name: string, g: GraphBuilder): { name: string; value: V }[] {
  if (!('kind' in result)) return [{ name: integerLabel(result, name), value: result }];
  switch (result.kind) {
    case 'matrix':
    case 'list':
      return [{ name, value: result.value }];
    case 'tuple': {
      const parts = tuples[name] ?? [];
      return result.items.map((value, i) => ({ name: parts[i] ?? `${name}_${i}`, value }));
    }
    case 'frame':
      // Columns of one type are a matrix; others go out one by one, as they come in.
      if (result.columns.every((c) => c.value.dtype === result.columns[0].value.dtype))
        return [{ name, value: g.concat(result.columns.map((c) => g.column(c.value))) }];
      return result.columns.map((c, i) => ({ name: c.name ?? `${name}_${i}`, value: g.column(c.value) }));
  }
}

/** Clusterers and outlier detectors have no classes, but answer with integers: labels all the same. */
const integerLabel = (v: V, name: string): string =>
  name === 'prediction' && (v.dtype === 'int64' || v.dtype === 'string') ? 'label' : name;

// ---- where it comes from ----------------------------------------------------------------------------

async function hashOf(sources: readonly Source[]): Promise<string> {
  const hashes: string[] = [];
  for (const source of sources) {
    const bytes = await source.read(0, source.size);
    hashes.push(await hexHash(bytes));
  }
  return hashes.join(' ');
}

interface Digests {
  readonly subtle?: { digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer> };
}

/** By the platform where it can, which is many times faster. */
async function hexHash(bytes: Uint8Array): Promise<string> {
  const { crypto } = globalThis as { crypto?: Digests };
  const digest = crypto?.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : sha256(bytes);
  return Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('');
}
