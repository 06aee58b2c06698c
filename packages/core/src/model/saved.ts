import { BrineError } from '../errors.js';
import { bind, strangerText, type Estimator } from '../estimators/index.js';
import { requireFittedParts } from '../estimators/unfitted.js';
import { PyInstance, type PyValue } from '../pickle/values.js';
import { toTagged } from '../python/json.js';
import type { AuditReport } from '../audit/index.js';
import { auditSources } from './audit.js';
import { loadArrays, type Artifact } from './artifact.js';
import { describeArtifact } from './describe.js';
import { prepare, type ModelInput } from './input.js';
import type { LoweredMethods } from './lowered.js';
import type { Description, Model, ModelInputs, ModelPart } from './model.js';
import type { OnnxFile, OnnxOptions } from './onnx.js';
import type { ModelOutput } from './output.js';
import { findParts, type Part } from './parts.js';
import { strings } from '../graph/tensor.js';

const NOTHING: ModelInputs = { kind: 'none', features: undefined, names: undefined };

/** A model (or any other object) that Python saved. */
export class SavedModel implements Model {
  readonly format: string;
  readonly notes: readonly string[];
  readonly artifact: Artifact;
  /** The object that this model is: the artifact's own, or the picked part. */
  readonly value: PyValue;
  readonly #estimator: Estimator | undefined;
  /** What runs it is loaded when it is run: most commands only look. */
  #lowered: LoweredMethods | undefined;
  readonly #path: string;
  #parts: readonly Part[] | undefined;
  #loaded: Promise<void> | undefined;
  #audit: Promise<AuditReport> | undefined;

  /** @param report what an audit of the file has said already */
  constructor(artifact: Artifact, pick?: string, report?: AuditReport) {
    this.artifact = artifact;
    if (report) this.#audit = Promise.resolve(report);
    this.format = artifact.format;
    this.notes = artifact.notes;
    this.#path = pick ?? '';
    // A pickle that names nothing holds nothing but data: a million records are not looked through.
    const pickled = artifact.format === 'pickle' || artifact.format === 'joblib';
    const parts = pickled && artifact.names.length === 0 ? [] : findParts(artifact.value);
    this.#parts = parts;
    const found = parts.find((p) => p.path === this.#path);
    if (pick !== undefined && !found) throw noSuchPart(pick, parts, artifact.file);
    this.value = found ? found.instance : artifact.value;
    if (found) {
      this.#estimator = bind(found.instance, found.path);
    }
  }

  get methods(): readonly string[] {
    return this.#known((estimator) => estimator.methods) ?? [];
  }

  get obstacle(): string | undefined {
    const { value } = this;
    if (!(value instanceof PyInstance)) return undefined;
    if (!this.#estimator) return strangerText(value.module, value.name);
    const estimator = this.#estimator;
    return refusalOf(() => {
      const told = [estimator.methods, inputsOf(estimator)];
      requireFittedParts(estimator);
      return told;
    });
  }

  get classes(): readonly unknown[] | undefined {
    return this.#known((estimator) => estimator.classes);
  }

  get inputs(): ModelInputs {
    return this.#known(inputsOf) ?? NOTHING;
  }

  get parts(): readonly ModelPart[] {
    this.#parts ??= findParts(this.artifact.value);
    return this.#parts
      .filter((p) => p.path !== '')
      .map((p) => {
        const methods = unlessRefused(() => bind(p.instance, p.path).methods) ?? [];
        return { path: p.path, name: p.name, module: p.module, methods };
      });
  }

  async run(method: string, input?: ModelInput): Promise<ModelOutput> {
    const estimator = this.#estimator;
    if (!estimator) throw this.#noEstimator();
    this.#loaded ??= loadArrays(this.artifact);
    await this.#loaded;
    if (!estimator.offers(method))
      throw new BrineError(
        'NO_METHOD',
        `${estimator.name} does not offer ${method}; it has ${this.methods.join(', ')}`,
      );
    if (method === 'get_feature_names_out') {
      const names = estimator.outputNames(input === undefined ? undefined : inputNames(input, estimator));
      return strings([names.length], names);
    }
    if (input === undefined) throw new BrineError('BAD_INPUT', `${method} needs an input`);
    if (!this.#lowered) {
      const { LoweredMethods } = await import('./lowered.js');
      this.#lowered ??= new LoweredMethods(estimator);
    }
    return this.#lowered.run(method, input);
  }

  async toOnnx(options: OnnxOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.exportOnnx(options)).bytes;
  }

  async exportOnnx(options: OnnxOptions = {}): Promise<OnnxFile> {
    const estimator = this.#estimator;
    if (!estimator) throw this.#noEstimator();
    this.#loaded ??= loadArrays(this.artifact);
    await this.#loaded;
    const { writeEstimator } = await import('./onnx.js');
    const { sources, format } = this.artifact;
    return writeEstimator(estimator, { sources, format, versions: this.describe().versions }, options);
  }

  describe(): Description {
    return describeArtifact(this.artifact, this);
  }

  toJSON(options: { readonly maxItems?: number } = {}): unknown {
    return toTagged(this.value, options);
  }

  /** Of the bytes that were opened, once. */
  audit(): Promise<AuditReport> {
    this.#audit ??= auditSources(this.artifact.sources, this.artifact.file);
    return this.#audit;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** What the estimator says; undefined where there is none, or where it can say nothing. */
  #known<T>(ask: (estimator: Estimator) => T): T | undefined {
    const estimator = this.#estimator;
    return estimator && unlessRefused(() => ask(estimator));
  }

  #noEstimator(): BrineError {
    const { value } = this;
    const inside = this.parts.map((p) => `${p.path} (${p.name})`).join(', ');
    const hint =
      inside === '' ? '' : `; it holds ${inside}: open one with { pick: ${JSON.stringify(this.parts[0].path)} }`;
    if (value instanceof PyInstance)
      return new BrineError('UNKNOWN_CLASS', `${strangerText(value.module, value.name)}${hint}`, {
        file: this.artifact.file,
      });
    return new BrineError('NOT_A_MODEL', `the file holds no estimator but ${kindOf(value)}${hint}`, {
      file: this.artifact.file,
    });
  }
}

/**
 * A model with a class that nobody knows, or that was saved before it was fitted, can be described all the same: only
 * running it must fail.
 */
function unlessRefused<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

const refusals: ReadonlySet<string> = new Set(['UNKNOWN_CLASS', 'NOT_FITTED', 'BAD_STATE', 'UNSUPPORTED']);

function isRefusal(error: unknown): error is BrineError {
  return error instanceof BrineError && refusals.has(error.code);
}

/** Why it is refused; undefined where it is not. */
function refusalOf(ask: () => unknown): string | undefined {
  try {
    ask();
    return undefined;
  } catch (error) {
    if (isRefusal(error)) return error.message;
    throw error;
  }
}

function inputsOf(estimator: Estimator): ModelInputs {
  const kind = estimator.takes === 'list' ? (estimator.name.includes('Label') ? 'values' : 'documents') : 'table';
  return { kind, features: estimator.nFeatures, names: estimator.inputNames, types: estimator.columns };
}

function noSuchPart(pick: string, parts: readonly Part[], file: string): BrineError {
  const known = parts.map((p) => (p.path === '' ? '(the whole)' : p.path)).join(', ');
  return new BrineError(
    'BAD_ARGUMENT',
    `there is no estimator at ${JSON.stringify(pick)}; there are: ${known || 'none'}`,
    {
      file,
    },
  );
}

function inputNames(input: ModelInput, estimator: Estimator): readonly string[] | undefined {
  const { names, width } = prepare(input, estimator.takes);
  if (names || width === undefined) return names;
  return estimator.featureNames ?? Array.from({ length: width }, (_, i) => `x${i}`);
}

function kindOf(value: PyValue): string {
  if (value === null) return 'None';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  return value instanceof Uint8Array ? 'bytes' : `a ${value.kind}`;
}
