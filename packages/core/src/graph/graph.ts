import type { DType, Tensor, TypedArray, Value } from './tensor.js';

/** A dimension: its size, or null where only the run tells (the number of rows). */
export type Dim = number | null;

/** What is known of a value before anything runs. */
export interface ValueType {
  readonly dtype: DType;
  /** Undefined where even the rank is unknown (graphs read from files). */
  readonly shape: readonly Dim[] | undefined;
  readonly layout: 'dense' | 'csr';
}

export type Attribute =
  | number
  | bigint
  | string
  | boolean
  | readonly number[]
  | readonly bigint[]
  | readonly string[]
  | TypedArray
  | Tensor
  | readonly Tensor[]
  | Graph
  | readonly Graph[]
  | object
  | null
  | undefined;

/**
 * One operation. `domain` is '' (ai.onnx), 'ai.onnx.ml', 'com.microsoft', a function's domain in a file, or
 * 'brine' for the operators of our own (`own.ts`).
 */
export interface Node {
  readonly domain: string;
  readonly op: string;
  /** Value numbers; -1 for an optional input that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** The opset version of the domain, where it is another than the graph's (bodies of functions). */
  readonly opset?: number;
  /** The name in the file, or the pipeline step that made it: for messages. */
  readonly name?: string;
  /** Of nodes read from a file: the attributes that are floating-point numbers, however whole they are. */
  readonly floats?: readonly string[];
}

export interface GraphInput {
  readonly name: string;
  readonly value: number;
  readonly type: ValueType | undefined;
}

export interface GraphOutput {
  readonly name: string;
  readonly value: number;
  /** What a file declares; lowered graphs know it from their nodes. */
  readonly type?: ValueType;
}

/** A dataflow graph in topological order. Values are numbered 0 … valueCount-1 and assigned once. */
export interface Graph {
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly GraphOutput[];
  readonly nodes: readonly Node[];
  /** Values known beforehand: weights, labels, scalars. Views on the file where possible. */
  readonly constants: ReadonlyMap<number, Value>;
  readonly valueCount: number;
  /** Opset version by domain; '' and 'ai.onnx.ml' matter. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Values of the enclosing graph that this subgraph reads: its number here, the number there. */
  readonly captures?: ReadonlyMap<number, number>;
  /** What is known of each value, by its number: of graphs that were built here. */
  readonly types?: readonly ValueType[];
}
