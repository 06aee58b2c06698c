import type { AuditReport } from '../audit/index.js';
import type { ModelInput } from './input.js';
import type { OnnxFile, OnnxOptions } from './onnx.js';
import type { ModelOutput } from './output.js';
import type { Value } from '../graph/tensor.js';
import type { TensorInput } from './input.js';

/** What a graph takes: tensors by name. */
export interface GraphInput {
  readonly inputs: Readonly<Record<string, TensorInput | Value>>;
}

/** What a graph answers: tensors by name, in the file's order. */
export interface GraphOutput {
  readonly outputs: Readonly<Record<string, Value>>;
}

/** What a model expects of its input, as far as the file tells. */
export interface ModelInputs {
  /** `table` of named or numbered columns, `documents`, `values` (labels, one per row) or `tensors` by name. */
  readonly kind: 'table' | 'documents' | 'values' | 'tensors' | 'none';
  /** The number of columns; undefined where the file does not say. */
  readonly features: number | undefined;
  /** The names of the columns, where the model was fitted on named ones. */
  readonly names: readonly string[] | undefined;
  /** What each column must hold, where the file tells; `any` takes numbers and text. */
  readonly types?: readonly ('number' | 'text' | 'any')[] | undefined;
}

/** An estimator that can be reached inside an artifact. */
export interface ModelPart {
  /** For `open(source, { pick })`. */
  readonly path: string;
  readonly name: string;
  readonly module: string;
  readonly methods: readonly string[];
}

/** A saved model, opened. Nothing that it names has been run. */
export interface Model {
  /** Detected from content, never from the name alone: `pickle`, `joblib`, … */
  readonly format: string;
  /** scikit-learn's own names; empty for an artifact that is no estimator. */
  readonly methods: readonly string[];
  readonly inputs: ModelInputs;
  /** Why it cannot be run: a class that brine does not run, its own or an inner one's, or one that was never fitted. */
  readonly obstacle?: string | undefined;
  /** The labels that a classifier answers with. */
  readonly classes: readonly unknown[] | undefined;
  /** The estimators inside an artifact that is not one itself, or in a class nobody knows. */
  readonly parts: readonly ModelPart[];
  /** What was odd about the file, in sentences. */
  readonly notes: readonly string[];
  /**
   * Runs a method. Throws NO_METHOD, BAD_INPUT (naming row and column where one is to blame), UNKNOWN_CLASS
   * and BAD_STATE (naming the attribute).
   */
  run(method: string, input?: ModelInput | GraphInput): Promise<ModelOutput | GraphOutput>;
  /** What the file is and holds, for people (`brine info`). */
  describe(): Description;
  /** Whether the file may be let in: what Python could be made to do by loading it (`brine scan`). Never throws for content. */
  audit(): Promise<AuditReport>;
  /**
   * The model as an ONNX file: double precision, exact, or refused (UNSUPPORTED) with the step that ONNX operators
   * cannot say. `exportOnnx` also tells what was written.
   */
  toOnnx(options?: OnnxOptions): Promise<Uint8Array<ArrayBuffer>>;
  exportOnnx(options?: OnnxOptions): Promise<OnnxFile>;
  /** The whole content as tagged JSON: see DESIGN.md, Contract. */
  toJSON(options?: { readonly maxItems?: number }): unknown;
  /** Gives back files that are held open. */
  close(): Promise<void>;
}

/** One estimator of the tree that `describe` draws. */
export interface DescribedEstimator {
  /** Its place in what holds it: a step's name, a dict's key. */
  readonly label: string;
  readonly name: string;
  readonly module: string;
  /** True if brine can run it. */
  readonly known: boolean;
  /** Constructor parameters as Python would print them. */
  readonly params: readonly (readonly [string, string])[];
  /** What fitting left, in short: shapes, classes. */
  readonly fitted: readonly (readonly [string, string])[];
  readonly children: readonly DescribedEstimator[];
}

export interface Description {
  readonly file: string;
  readonly format: string;
  readonly size: number;
  readonly protocol: number | undefined;
  readonly compression: readonly string[];
  readonly parts: readonly string[];
  /** Versions that the file records or betrays: library → version. */
  readonly versions: readonly (readonly [string, string])[];
  readonly content: DescribedEstimator;
  readonly methods: readonly string[];
  /** Why none of it can be run: see `Model.obstacle`. */
  readonly obstacle?: string;
  readonly inputs: ModelInputs;
  readonly classes: readonly unknown[] | undefined;
  readonly estimators: readonly ModelPart[];
  /** The modules that Python would import to load it. */
  readonly modules: readonly string[];
  readonly notes: readonly string[];
}
