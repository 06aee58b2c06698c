import type { GraphBuilder, V } from '../builder.js';
import type { OwnName, OwnOperators } from '../own.js';

/** What the expanded graph will be written for. */
export interface Target {
  /** Trees as TreeEnsemble (ai.onnx.ml 5), exact in float64, or as the classifier and regressor of older runtimes. */
  readonly trees: 'v5' | 'classic';
  /** The string that stands for a missing value in a column of text: ONNX strings cannot be missing. */
  readonly missingText: string;
}

/** What an expansion works with. */
export interface Expander {
  /**
   * The graph under construction. Everything in it is dense and float64, int64, bool or string, in opset 21 and
   * ai.onnx.ml 5; writing for an older opset or in float32 is a later step's concern.
   */
  readonly g: GraphBuilder;
  readonly target: Target;
  /** Which of the node's inputs are CSR in the library: where zeros that are not stored mean something else. */
  readonly sparse: readonly boolean[];
  /** The number of rows of a value as int64 [1]: for shapes that depend on the run. */
  rows(x: V): V;
  /** What cannot be said exactly in ONNX operators: BrineError UNSUPPORTED with the step's name and the operator's. */
  refuse(why: string): never;
  /**
   * What can be said only nearly: as `refuse`, unless the caller allows it; then the loss is recorded in the file's
   * metadata. The loss is a sentence that says what may differ and by how much.
   */
  approximate(loss: string): void;
  /**
   * x, unless `bad` (bool, any shape) holds anywhere: then the runtime stops with an error, as the library does. The
   * error is that of a Gather beyond its data; the node's name is the message, which runtimes print.
   */
  refuseWhere(x: V, bad: V, message: string): V;
  /**
   * What the file does not do that the library does, without a different answer where the library gives one (a
   * refusal of NaN, say). Recorded in the metadata; never refused.
   */
  note(what: string): void;
}

/**
 * An operator of our own as ONNX operators: one value for each of the node's outputs, of the same type and shape, CSR
 * values dense. May use nodes of the `brine` domain itself only if they in turn expand.
 */
export type Expansion<K extends OwnName> = (
  inputs: readonly V[],
  attributes: OwnOperators[K],
  e: Expander,
) => readonly V[];

/** The expansions of one family, by operator. */
export type Expansions = { readonly [K in OwnName]?: Expansion<K> };
