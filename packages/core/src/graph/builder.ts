import { BrineError } from '../errors.js';
import type { Attribute, Dim, Graph, GraphInput, GraphOutput, Node, ValueType } from './graph.js';
import type { OwnName, OwnOperators } from './own.js';
import { inferTypes } from './shapes.js';
import { float64, int64, isCsr, isTensor, type Csr, type DType, type Tensor, type Value } from './tensor.js';

/** A value of a graph under construction. */
export interface V extends ValueType {
  readonly id: number;
  readonly shape: readonly Dim[];
}

/** What the builder's methods take: a value, a constant tensor, or a float64 scalar. */
export type Operand = V | Tensor | Csr | number;

/** The opsets that lowered models are written in. */
export const LOWERED_OPSETS: ReadonlyMap<string, number> = new Map([
  ['', 21],
  ['ai.onnx.ml', 5],
  ['brine', 1],
]);

/**
 * Builds a graph node by node. Types and shapes are propagated as nodes are added, so that a state that does
 * not fit its input is refused here, with figures, and not while running. Equal constants are shared.
 */
export class GraphBuilder {
  readonly #inputs: GraphInput[] = [];
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<number, Value>();
  readonly #constantIds = new Map<Value | number, V>();
  readonly #captures = new Map<number, number>();
  readonly #types: V[] = [];
  /** Names of the pipeline steps that are being lowered, for messages. */
  readonly steps: string[] = [];

  input(name: string, type: ValueType & { readonly shape: readonly Dim[] }): V {
    const v = this.#value(type);
    this.#inputs.push({ name, value: v.id, type });
    return v;
  }

  finish(outputs: readonly { name: string; value: V }[]): Graph {
    const named: GraphOutput[] = outputs.map(({ name, value }) => ({
      name,
      value: value.id,
      type: { dtype: value.dtype, shape: value.shape, layout: value.layout },
    }));
    return {
      inputs: this.#inputs,
      outputs: named,
      nodes: this.#nodes,
      constants: this.#constants,
      valueCount: this.#types.length,
      types: this.#types,
      opsets: LOWERED_OPSETS,
      ...(this.#captures.size > 0 ? { captures: this.#captures } : {}),
    };
  }

  /** In the builder of a body (of If, Loop, Scan): a value of the graph around it. */
  capture(outer: V): V {
    for (const [id, from] of this.#captures) if (from === outer.id) return { ...outer, id };
    const v = this.#value(outer);
    this.#captures.set(v.id, outer.id);
    return v;
  }

  constant(value: Tensor | Csr | number): V {
    const known = this.#constantIds.get(value);
    if (known) return known;
    const held: Value = typeof value === 'number' ? float64([], Float64Array.of(value)) : value;
    const v = this.#value({
      dtype: 'dtype' in held ? held.dtype : 'object',
      shape: held.shape,
      layout: isCsr(held) ? 'csr' : 'dense',
    });
    this.#constants.set(v.id, held);
    this.#constantIds.set(value, v);
    return v;
  }

  /** The constant behind a value, if it is one. */
  constantOf(v: V): Tensor | undefined {
    const value = this.#constants.get(v.id);
    return value && isTensor(value) ? value : undefined;
  }

  /** Adds a node of any domain with one output. */
  node(
    op: string,
    inputs: readonly (Operand | undefined)[],
    attributes: Record<string, Attribute> = {},
    domain = '',
  ): V {
    return this.nodes(op, inputs, attributes, 1, domain)[0];
  }

  /** Adds a node with several outputs. */
  nodes(
    op: string,
    inputs: readonly (Operand | undefined)[],
    attributes: Record<string, Attribute>,
    count: number,
    domain = '',
  ): V[] {
    const values = inputs.map((x) => (x === undefined ? undefined : this.value(x)));
    const types = inferTypes(domain, op, values, attributes, (v) => this.constantOf(v), this.steps);
    if (types.length < count) throw new BrineError('UNSUPPORTED', `${op} has ${types.length} outputs, ${count} wanted`);
    return this.typed(op, values, attributes, types.slice(0, count), domain);
  }

  /** Adds a node whose types the caller tells: operators without a rule in `shapes.ts`, those with subgraphs. */
  typed(
    op: string,
    inputs: readonly (Operand | undefined)[],
    attributes: Record<string, Attribute>,
    types: readonly ResultType[],
    domain = '',
  ): V[] {
    const values = inputs.map((x) => (x === undefined ? undefined : this.value(x)));
    const outputs = types.map((t) => this.#value({ dtype: t.dtype, shape: t.shape, layout: t.layout ?? 'dense' }));
    this.#nodes.push({
      domain,
      op,
      inputs: values.map((v) => v?.id ?? -1),
      outputs: outputs.map((v) => v.id),
      attributes,
      ...(this.steps.length > 0 ? { name: this.steps.join('/') } : {}),
    });
    return outputs;
  }

  /** Adds a node of our own domain, with the type of its result (several results: `ownMany`). */
  own<K extends OwnName>(op: K, inputs: readonly Operand[], attributes: OwnOperators[K], type: ResultType): V {
    return this.ownMany(op, inputs, attributes, [type])[0];
  }

  ownMany<K extends OwnName>(
    op: K,
    inputs: readonly Operand[],
    attributes: OwnOperators[K],
    types: readonly ResultType[],
  ): V[] {
    return this.typed(op, inputs, attributes, types, 'brine');
  }

  value(x: Operand): V {
    return typeof x === 'object' && 'id' in x ? x : this.constant(x);
  }

  #value(type: ValueType & { readonly shape: readonly Dim[] }): V {
    const v: V = { id: this.#types.length, dtype: type.dtype, shape: type.shape, layout: type.layout };
    this.#types.push(v);
    return v;
  }

  // ---- arithmetic, with numpy's broadcasting ---------------------------------------------------------
  add = (a: Operand, b: Operand): V => this.node('Add', [a, b]);
  sub = (a: Operand, b: Operand): V => this.node('Sub', [a, b]);
  mul = (a: Operand, b: Operand): V => this.node('Mul', [a, b]);
  div = (a: Operand, b: Operand): V => this.node('Div', [a, b]);
  pow = (a: Operand, b: Operand): V => this.node('Pow', [a, b]);
  min = (a: Operand, b: Operand): V => this.node('Min', [a, b]);
  max = (a: Operand, b: Operand): V => this.node('Max', [a, b]);
  neg = (x: Operand): V => this.node('Neg', [x]);
  abs = (x: Operand): V => this.node('Abs', [x]);
  exp = (x: Operand): V => this.node('Exp', [x]);
  log = (x: Operand): V => this.node('Log', [x]);
  sqrt = (x: Operand): V => this.node('Sqrt', [x]);
  floor = (x: Operand): V => this.node('Floor', [x]);
  sign = (x: Operand): V => this.node('Sign', [x]);
  tanh = (x: Operand): V => this.node('Tanh', [x]);
  sigmoid = (x: Operand): V => this.node('Sigmoid', [x]);
  relu = (x: Operand): V => this.node('Relu', [x]);
  softmax = (x: Operand, axis = -1): V => this.node('Softmax', [x], { axis });

  // ---- comparison and logic -------------------------------------------------------------------------
  equal = (a: Operand, b: Operand): V => this.node('Equal', [a, b]);
  less = (a: Operand, b: Operand): V => this.node('Less', [a, b]);
  lessOrEqual = (a: Operand, b: Operand): V => this.node('LessOrEqual', [a, b]);
  greater = (a: Operand, b: Operand): V => this.node('Greater', [a, b]);
  greaterOrEqual = (a: Operand, b: Operand): V => this.node('GreaterOrEqual', [a, b]);
  and = (a: Operand, b: Operand): V => this.node('And', [a, b]);
  or = (a: Operand, b: Operand): V => this.node('Or', [a, b]);
  not = (x: Operand): V => this.node('Not', [x]);
  isNaN = (x: Operand): V => this.node('IsNaN', [x]);
  where = (condition: Operand, a: Operand, b: Operand): V => this.node('Where', [condition, a, b]);

  // ---- shape ----------------------------------------------------------------------------------------
  cast = (x: Operand, to: DType): V => {
    const v = this.value(x);
    return v.dtype === to ? v : this.node('Cast', [v], { to });
  };
  transpose = (x: Operand): V => this.node('Transpose', [x]);
  reshape = (x: Operand, shape: readonly number[]): V => this.node('Reshape', [x, int64([shape.length], [...shape])]);
  /** [n] to [n, 1]. */
  column = (x: Operand): V => this.reshape(x, [-1, 1]);
  /** [n, 1] to [n]. */
  flatten = (x: Operand): V => this.reshape(x, [-1]);
  concat = (parts: readonly Operand[], axis = 1): V =>
    parts.length === 1 ? this.value(parts[0]) : this.node('Concat', parts, { axis });
  gather = (x: Operand, indices: Operand, axis = 0): V => this.node('Gather', [x, indices], { axis });
  /** The columns at `indices`, in that order. All of them in order: x itself. */
  columns = (x: Operand, indices: ArrayLike<number>): V => {
    const v = this.value(x);
    const width = v.shape[1];
    let same = indices.length === width;
    for (let i = 0; same && i < indices.length; i++) same = indices[i] === i;
    if (same) return v;
    return this.gather(v, int64([indices.length], indices), 1);
  };

  // ---- reductions -----------------------------------------------------------------------------------
  sum = (x: Operand, axis: number, keepDims = true): V => this.#reduce('ReduceSum', x, axis, keepDims);
  mean = (x: Operand, axis: number, keepDims = true): V => this.#reduce('ReduceMean', x, axis, keepDims);
  /** The square root of the sum of squares. */
  reduceL2 = (x: Operand, axis: number, keepDims = true): V => this.#reduce('ReduceL2', x, axis, keepDims);
  reduceMax = (x: Operand, axis: number, keepDims = true): V => this.#reduce('ReduceMax', x, axis, keepDims);
  reduceMin = (x: Operand, axis: number, keepDims = true): V => this.#reduce('ReduceMin', x, axis, keepDims);
  /** int64 [n]: the column of the first largest element of each row. NaN counts as largest, as in numpy. */
  argmax = (x: Operand, axis = 1): V => this.node('ArgMax', [x], { axis, keepdims: 0 });
  argmin = (x: Operand, axis = 1): V => this.node('ArgMin', [x], { axis, keepdims: 0 });
  #reduce(op: string, x: Operand, axis: number, keepDims: boolean): V {
    return this.node(op, [x, int64([1], [axis])], { keepdims: keepDims ? 1 : 0 });
  }

  // ---- products -------------------------------------------------------------------------------------
  matmul = (a: Operand, b: Operand): V => this.node('MatMul', [a, b]);
  /** x · weightsᵀ + bias: x [n, p] dense or CSR, weights [k, p], bias [k] or a scalar. */
  linear = (x: Operand, weights: Operand, bias?: Operand): V =>
    this.node('Gemm', bias === undefined ? [x, weights] : [x, weights, bias], { transB: 1 });

  /** `values` [k] for every row of x: [n, k]. */
  repeatRows = (x: Operand, values: Tensor): V =>
    this.own(
      'RepeatRows',
      [x, values],
      {},
      {
        dtype: values.dtype,
        shape: [this.value(x).shape[0] ?? null, values.data.length],
      },
    );

  // ---- labels ---------------------------------------------------------------------------------------
  /** classes[index]: labels of any dtype. */
  label = (classes: Tensor, index: Operand): V => this.gather(classes, index, 0);

  // ---- sparse ---------------------------------------------------------------------------------------
  dense = (x: Operand): V => {
    const v = this.value(x);
    return v.layout === 'dense' ? v : this.own('Densify', [v], {}, { dtype: v.dtype, shape: v.shape });
  };
  sparse = (x: Operand): V => {
    const v = this.value(x);
    return v.layout === 'csr' ? v : this.own('Sparsify', [v], {}, { dtype: v.dtype, shape: v.shape, layout: 'csr' });
  };
}

export interface ResultType {
  readonly dtype: DType;
  readonly shape: readonly Dim[];
  readonly layout?: 'dense' | 'csr';
}
