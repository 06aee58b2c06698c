import { BrineError, type Csr, type GraphOutput, type Model, type ModelOutput, type Tensor } from '@brine/core';
import type { ColumnType, WriteBatch } from '../data/index.js';

type Values = WriteBatch['columns'][number];

/** A column of results. */
export interface ResultColumn {
  readonly name: string;
  readonly values: Values;
  readonly type?: ColumnType;
}

export interface ResultContext {
  readonly model: Model;
  readonly method: string;
  /** How many rows were asked: every output must have as many. */
  readonly rows: number;
  /** What the columns of `transform` are called, where the model knows. */
  readonly featureNames?: readonly string[];
}

/** Cells written at a time: a batch of documents may answer with a hundred thousand columns. */
const CELLS_AT_ONCE = 4_000_000;
/** Cells of one batch of results: more do not fit into memory as columns (CWE-770). */
const CELLS_MAX = 100_000_000;

/** What scikit-learn's methods give per class, and what such columns are called here. */
const perClass: Readonly<Record<string, string>> = {
  predict_proba: 'proba',
  predict_log_proba: 'log_proba',
  decision_function: 'decision',
};

/** A method's answer as named columns. Throws UNSUPPORTED for shapes that no table holds. */
export function resultColumns(answer: ModelOutput | GraphOutput, context: ResultContext): ResultColumn[] {
  if ('outputs' in answer) {
    return Object.entries(answer.outputs).flatMap(([name, value]) => {
      if ('sequence' in value) return mapColumns(value.sequence, name, context);
      if (!('shape' in value) || !('data' in value)) throw notTabular(name);
      return columnsOf(value, name, undefined, context);
    });
  }
  if (!Array.isArray(answer))
    return columnsOf(answer as Tensor | Csr, ...naming(context, answer as Tensor | Csr), context);
  return (answer as readonly (Tensor | Csr)[]).flatMap((part, i) => {
    const prefix = perClass[context.method] ?? base(context.method);
    const labels =
      perClass[context.method] === undefined ? undefined : labelsOf(context.model.classes?.[i], part.shape[1]);
    return columnsOf(
      part,
      `${prefix}_${i}`,
      labels?.map((label) => `${prefix}_${i}_${label}`),
      context,
    );
  });
}

function notTabular(name: string): BrineError {
  return new BrineError('UNSUPPORTED', `the output ${JSON.stringify(name)} does not fit into a table`);
}

/** A map for each row, as ONNX classifiers give their probabilities: a column for each key. */
function mapColumns(rows: readonly unknown[], name: string, context: ResultContext): ResultColumn[] {
  const columns = new Map<unknown, Float64Array>();
  if (rows.length !== context.rows) throw notTabular(name);
  rows.forEach((row, r) => {
    const map: unknown = typeof row === 'object' && row !== null && 'map' in row ? row.map : undefined;
    if (!(map instanceof Map)) throw notTabular(name);
    for (const [key, value] of map as Map<unknown, unknown>) {
      if (typeof value !== 'number') throw notTabular(name);
      let values = columns.get(key);
      if (!values) columns.set(key, (values = new Float64Array(rows.length).fill(NaN)));
      values[r] = value;
    }
  });
  return [...columns].map(([key, values]) => ({ name: `${name}_${String(key)}`, values }));
}

/** The name of one column, and the names of several where they are known. */
function naming(
  { model, method, featureNames }: ResultContext,
  answer: Tensor | Csr,
): [string, readonly string[] | undefined] {
  const width = answer.shape[1];
  const kind = perClass[method];
  if (kind !== undefined && width !== undefined) {
    return [kind, labelsOf(model.classes, width)?.map((label) => `${kind}_${label}`)];
  }
  return [base(method), featureNames?.length === width ? featureNames : undefined];
}

function base(method: string): string {
  return method === 'predict' ? 'prediction' : method;
}

function labelsOf(classes: unknown, width: number | undefined): string[] | undefined {
  if (!Array.isArray(classes) && !ArrayBuffer.isView(classes)) return undefined;
  const labels = Array.from(classes as ArrayLike<unknown>, String);
  return labels.length === width ? labels : undefined;
}

/** A tensor of rows as columns: [n] is one, [n, k] are k, and [n, a, b] are a·b. */
function columnsOf(
  value: Tensor | Csr,
  name: string,
  names: readonly string[] | undefined,
  context: ResultContext,
): ResultColumn[] {
  const [rows, ...rest] = value.shape;
  if (rows !== context.rows)
    throw new BrineError(
      'UNSUPPORTED',
      `${context.method} answers with a shape of (${value.shape.join(', ')}) for ${context.rows} rows, which is no table`,
    );
  const width = rest.reduce((product, d) => product * d, 1);
  if (rows * width > CELLS_MAX)
    throw new BrineError('LIMIT', `${rows} rows of ${width} results are too many at a time: give fewer with --batch`);
  const named = names ?? (rest.length === 0 ? [name] : Array.from({ length: width }, (_, c) => `${name}_${c}`));
  if ('indptr' in value) return sparseColumns(value, named);
  return named.map((label, c) => ({ name: label, ...column(value, c, width) }));
}

function column(tensor: Tensor, at: number, width: number): { values: Values; type?: ColumnType } {
  const { data, dtype } = tensor;
  const rows = tensor.shape[0];
  const pick = (r: number): unknown => data[r * width + at];
  if (dtype === 'bool') return { values: Array.from({ length: rows }, (_, r) => Boolean(pick(r))), type: 'bool' };
  if (!ArrayBuffer.isView(data)) {
    const values = Array.from({ length: rows }, (_, r) => plain(pick(r)));
    return { values };
  }
  if (width === 1) return { values: data };
  const Typed = data.constructor as new (length: number) => Float64Array;
  const out = new Typed(rows);
  for (let r = 0; r < rows; r++) out[r] = pick(r) as number;
  return { values: out };
}

/** NaN among text is a missing value. */
function plain(value: unknown): unknown {
  return value === undefined || value !== value ? null : value;
}

function sparseColumns(csr: Csr, names: readonly string[]): ResultColumn[] {
  const [rows] = csr.shape;
  const columns = names.map(() => new Float64Array(rows));
  for (let r = 0; r < rows; r++)
    for (let k = csr.indptr[r]; k < csr.indptr[r + 1]; k++) columns[csr.indices[k]][r] = csr.data[k];
  return names.map((name, c) => ({ name, values: columns[c] }));
}

/** Columns as batches to write, none of more than some million cells. */
export function* pieces(columns: readonly ResultColumn[], rows: number): Generator<WriteBatch> {
  const size = Math.max(1, Math.floor(CELLS_AT_ONCE / Math.max(1, columns.length)));
  const names = columns.map((c) => c.name);
  const types = columns.map((c) => c.type ?? ownType(c.values));
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size);
    const cut = to - from === rows ? columns.map((c) => c.values) : columns.map((c) => slice(c.values, from, to));
    yield { names, types, columns: cut, length: to - from };
  }
}

function slice(values: Values, from: number, to: number): Values {
  return ArrayBuffer.isView(values) ? (values as Float64Array).subarray(from, to) : values.slice(from, to);
}

function ownType(values: Values): ColumnType {
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Float32Array) return 'float32';
  if (ArrayBuffer.isView(values)) return values instanceof BigUint64Array ? 'uint64' : 'int64';
  return 'any';
}
