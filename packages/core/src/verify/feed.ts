import { BrineError } from '../errors.js';
import type { Graph, GraphInput as DeclaredInput } from '../graph/graph.js';
import { allocate, isBig, type DType, type Tensor, type Value } from '../graph/tensor.js';
import type { ModelInput } from '../model/input.js';
import type { GraphInput, Model } from '../model/model.js';
import type { SampleColumn, Samples } from './samples.js';
import { declaredWidth } from './widths.js';

/** Rows as a scikit-learn model takes them: a matrix, a table by the model's names, or a list. Throws BAD_INPUT. */
export function modelInput(model: Model, samples: Samples): ModelInput {
  if (samples.kind === 'tensors')
    throw new BrineError('BAD_INPUT', 'the inputs are tensors by name, the model takes rows of a table');
  if (samples.kind === 'list') {
    const { kind, names } = model.inputs;
    if (kind !== 'table') return samples.values;
    return tableInput([{ name: names?.[0], values: samples.values }], names);
  }
  const { kind, names } = model.inputs;
  if (kind === 'documents' || kind === 'values') {
    if (samples.columns.length !== 1)
      throw new BrineError('BAD_INPUT', `the model takes one column, the inputs have ${samples.columns.length}`);
    return Array.from(samples.columns[0].values);
  }
  return tableInput(samples.columns, names);
}

function tableInput(columns: readonly SampleColumn[], names: readonly string[] | undefined): ModelInput {
  const rows = columns[0]?.values.length ?? 0;
  const own = columns.map((c, i) => names?.[i] ?? c.name);
  // A JavaScript object puts keys that are whole numbers first: such names would move columns.
  const named = names !== undefined || own.every((n) => n !== undefined && !/^\d+$/.test(n));
  if (named && new Set(own).size === own.length) {
    const out = Object.create(null) as Record<string, ArrayLike<unknown>>;
    own.forEach((name, i) => (out[name!] = columns[i].values));
    return { columns: out };
  }
  if (columns.every((c) => ArrayBuffer.isView(c.values)))
    return { dtype: 'float64', shape: [rows, columns.length], data: matrix(columns, rows) };
  return Array.from({ length: rows }, (_, r) => columns.map((c) => c.values[r]));
}

function matrix(columns: readonly SampleColumn[], rows: number): Float64Array {
  const data = new Float64Array(rows * columns.length);
  columns.forEach(({ values }, c) => {
    for (let r = 0; r < rows; r++) data[r * columns.length + c] = Number(values[r]);
  });
  return data;
}

/**
 * Rows as a graph takes them: one matrix, a column for each input, or inputs of several columns one after another; in
 * the types that it declares. Throws BAD_INPUT where they do not fit.
 */
export function graphInput(graph: Graph, samples: Samples, missingText?: string): GraphInput {
  const inputs = Object.create(null) as Record<string, Value>;
  if (samples.kind === 'tensors') {
    for (const [name, value] of samples.inputs) inputs[name] = value;
    return { inputs };
  }
  const columns: readonly SampleColumn[] =
    samples.kind === 'list' ? [{ name: undefined, values: samples.values }] : samples.columns;
  const widths = graph.inputs.map(({ type }) => declaredWidth(type?.shape));
  const open = widths.indexOf(undefined);
  const known = widths.reduce<number>((sum, w) => sum + (w ?? 0), 0);
  // One input may leave its width open: it takes what the others leave.
  if (open >= 0) widths[open] = columns.length - known;
  const byName = matchNames(graph.inputs, columns);
  const total = widths.reduce<number>((sum, w) => sum + (w ?? 0), 0);
  if (total !== columns.length && !byName)
    throw new BrineError('BAD_INPUT', `the graph takes ${total} columns, the inputs have ${columns.length}`);
  let from = 0;
  graph.inputs.forEach((input, i) => {
    const width = widths[i] ?? 0;
    const own = byName ? [byName.get(input.name)!] : columns.slice(from, from + width);
    from += width;
    inputs[input.name] = tensorOf(input, own, samples.rows, missingText);
  });
  return { inputs };
}

/** Where every input is a column and each has its namesake, names decide. */
function matchNames(
  inputs: readonly DeclaredInput[],
  columns: readonly SampleColumn[],
): Map<string, SampleColumn> | undefined {
  if (inputs.length < 2 && columns.length < 2) return undefined;
  const byName = new Map(columns.map((c) => [c.name, c]));
  const found = new Map<string, SampleColumn>();
  for (const { name } of inputs) {
    const column = byName.get(name);
    if (!column) return undefined;
    found.set(name, column);
  }
  return found;
}

function tensorOf(
  { name, type }: DeclaredInput,
  columns: readonly SampleColumn[],
  rows: number,
  missingText: string | undefined,
): Tensor {
  const words = columns.some(
    (c) => !ArrayBuffer.isView(c.values) && Array.from(c.values).some((v) => typeof v === 'string'),
  );
  const dtype: DType = type?.dtype ?? (words ? 'string' : 'float32');
  const width = columns.length;
  const data = allocate(dtype, rows * width);
  const put = writers(dtype, data, name, missingText);
  columns.forEach(({ values }, c) => {
    for (let r = 0; r < rows; r++) put(r * width + c, values[r], r);
  });
  return { dtype, shape: type?.shape?.length === 1 ? [rows] : [rows, width], data };
}

type Put = (at: number, value: unknown, row: number) => void;

function writers(dtype: DType, data: Tensor['data'], name: string, missingText: string | undefined): Put {
  const out = data as unknown[];
  if (dtype === 'string')
    return (at, value, row) => {
      const word = wordOf(value) ?? missingText;
      if (word === undefined)
        throw new BrineError('BAD_INPUT', `row ${row}: the input ${name} has no text that stands for a missing value`);
      out[at] = word;
    };
  const number = (value: unknown, row: number): number => {
    if (value === null || value === undefined) return NaN;
    if (typeof value === 'string')
      throw new BrineError(
        'BAD_INPUT',
        `row ${row}: ${JSON.stringify(value)} is text, the input ${name} takes ${dtype}`,
      );
    return Number(value);
  };
  if (dtype.startsWith('float') || dtype === 'bfloat16') return (at, value, row) => (out[at] = number(value, row));
  const whole = (value: unknown, row: number): number => {
    const x = number(value, row);
    if (!Number.isInteger(x))
      throw new BrineError('BAD_INPUT', `row ${row}: ${x} is no whole number, the input ${name} takes ${dtype}`);
    return x;
  };
  return isBig(dtype)
    ? (at, value, row) => (out[at] = BigInt(whole(value, row)))
    : (at, value, row) => (out[at] = whole(value, row));
}

/** A cell as text, for graphs that take words: null where it is missing. */
function wordOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined || value !== value) return null;
  return JSON.stringify(typeof value === 'bigint' ? String(value) : value);
}
