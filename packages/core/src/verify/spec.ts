import { BrineError } from '../errors.js';
import type { Estimator } from '../estimators/index.js';
import type { Dim, Graph, ValueType } from '../graph/graph.js';
import type { DType } from '../graph/tensor.js';
import { GraphModel } from '../model/graph_model.js';
import type { ModelInput } from '../model/input.js';
import type { Model } from '../model/model.js';
import { estimatorOf, oneRow, tellingGraph } from './graph.js';
import { ColumnHints, Hints, type RowHint } from './hints.js';
import { hintsOf } from './trace.js';

/** What a column of the inputs may hold. */
export type SampleType = 'number' | 'integer' | 'flag' | 'text' | 'any';

export interface ColumnSpec {
  readonly name: string | undefined;
  readonly type: SampleType;
  /** Only what float32 can hold, since a model takes float32. */
  readonly narrow: boolean;
  readonly hints: ColumnHints;
}

/** What a model takes, and what it tells of good inputs. */
export type InputSpec =
  | {
      readonly kind: 'table';
      readonly columns: readonly ColumnSpec[];
      readonly rows: readonly RowHint[];
    }
  | { readonly kind: 'list'; readonly of: 'documents' | 'values'; readonly hints: Hints }
  | { readonly kind: 'tensors'; readonly inputs: readonly TensorSpec[] };

export interface TensorSpec {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly Dim[];
  readonly hints: Hints;
}

/** Columns of a table that inputs are made for (CWE-770). */
const MAX_COLUMNS = 200_000;

/**
 * What a model takes; `most` figures of a kind are looked at, all that are worth it unless told. Throws UNSUPPORTED where
 * the file does not tell enough to make inputs.
 */
export async function specOf(model: Model, most?: number): Promise<InputSpec> {
  // A graph, also where an engine runs it.
  const inner = 'graphModel' in model ? model.graphModel : model;
  if (inner instanceof GraphModel) return graphSpec(inner.onnx.graph, inner.onnx.metadata.get('brine.missing_text'));
  const estimator = await estimatorOf(model);
  const { kind, features, names, types } = model.inputs;
  if (kind === 'documents' || kind === 'values') {
    const sample: ModelInput = ['a'];
    const hints = estimator ? hintsFrom(estimator, sample, most) : new Map<string, Hints>();
    return { kind: 'list', of: kind, hints: [...hints.values()][0] ?? new Hints() };
  }
  const width = names?.length ?? features;
  if (kind !== 'table' || width === undefined) {
    // The estimator may know better why.
    if (estimator) hintsFrom(estimator, oneRow(undefined, [false]), most);
    throw new BrineError('UNSUPPORTED', 'the model does not tell what it takes, so no inputs can be made for it');
  }
  if (width > MAX_COLUMNS)
    throw new BrineError('LIMIT', `no inputs are made for more than ${MAX_COLUMNS} columns, the model has ${width}`);
  const wanted = Array.from(
    { length: width },
    (_, c): 'number' | 'text' | 'any' => types?.[c] ?? (types ? 'any' : 'number'),
  );
  const { hints, text } = estimator
    ? tableHints(estimator, names, wanted, most)
    : { hints: new Map<string, Hints>(), text: wanted.map((t) => t === 'text') };
  const own = [...hints.values()];
  const columns = wanted.map((type, c): ColumnSpec => {
    const mine = own.length === 1 && width > 1 ? own[0].columns.get(c) : own[c]?.columns.get(0);
    return {
      name: names?.[c],
      type: text[c] ? 'text' : type === 'any' && mine !== undefined && isText(mine) ? 'any' : 'number',
      narrow: false,
      hints: mine ?? new ColumnHints(),
    };
  });
  return { kind: 'table', columns, rows: rowsFrom(own, width) };
}

const isText = (hints: ColumnHints): boolean => hints.text || [...hints.categories].some((c) => typeof c === 'string');

/** Row hints by column of the table: of one matrix, or put together from the columns that each input has. */
function rowsFrom(hints: readonly Hints[], width: number): RowHint[] {
  if (hints.length === 1) return [...hints[0].rows];
  const rows = new Map<number, Map<number, number>>();
  hints.slice(0, width).forEach(({ rows: parts }, c) => {
    for (const { id, cells } of parts) {
      let row = rows.get(id);
      if (!row) rows.set(id, (row = new Map<number, number>()));
      const x = cells.get(0);
      if (x !== undefined) row.set(c, x);
    }
  });
  return [...rows].map(([id, cells]) => ({ id, cells }));
}

/** The hints of a table's columns. Columns of any type are tried as text, then as numbers. */
function tableHints(
  estimator: Estimator,
  names: readonly string[] | undefined,
  types: readonly ('number' | 'text' | 'any')[],
  most: number | undefined,
): { hints: Map<string, Hints>; text: boolean[] } {
  const attempts = types.includes('any') ? [true, false] : [false];
  for (const anyAsText of attempts) {
    const text = types.map((t) => t === 'text' || (t === 'any' && anyAsText));
    const hints = hintsFrom(estimator, oneRow(names, text), most);
    if (hints.size > 0) return { hints, text: types.map((t, i) => t === 'text' || (text[i] && isTextInput(hints, i))) };
  }
  return { hints: new Map(), text: types.map((t) => t === 'text') };
}

function isTextInput(hints: Map<string, Hints>, at: number): boolean {
  const column = [...hints.values()][at]?.columns.get(0);
  return column !== undefined && isText(column) && [...column.categories].every((c) => typeof c === 'string');
}

/** What the graph of the first method that can be lowered tells; nothing where none can. */
function hintsFrom(estimator: Estimator, sample: ModelInput, most: number | undefined): Map<string, Hints> {
  const telling = tellingGraph(estimator, sample);
  return telling ? hintsOf(telling.graph, most) : new Map<string, Hints>();
}

// ---- graphs -----------------------------------------------------------------------------------------

function graphSpec(graph: Graph, missingText: string | undefined): InputSpec {
  const hints = hintsOf(graph);
  // The text that stands for a missing value is no category: given as text, it means one thing to this graph only.
  if (missingText !== undefined)
    for (const { columns } of hints.values()) for (const own of columns.values()) own.categories.delete(missingText);
  const inputs = graph.inputs.map(({ name, type }): TensorSpec => {
    if (!type)
      throw new BrineError(
        'UNSUPPORTED',
        `the input ${name} is no tensor, so no values can be made for it: give --data`,
      );
    return { name, dtype: type.dtype, shape: type.shape ?? [null], hints: hints.get(name) ?? new Hints() };
  });
  if (inputs.length === 0) return { kind: 'tensors', inputs };
  const widths = graph.inputs.map(({ type }) => tableWidth(type));
  if (widths.some((w) => w === undefined)) return { kind: 'tensors', inputs };
  const lone = inputs.length === 1 ? inputs[0] : undefined;
  if (lone?.dtype === 'string' && widths[0] === 1) return { kind: 'list', of: 'documents', hints: lone.hints };
  const columns = inputs.flatMap(({ name, dtype, hints: own }, i) =>
    Array.from({ length: widths[i]! }, (_, c): ColumnSpec => ({
      name: widths.every((w) => w === 1) ? name : undefined,
      type: typeOf(dtype),
      narrow: dtype !== 'float64',
      hints: own.columns.get(c) ?? new ColumnHints(),
    })),
  );
  return { kind: 'table', columns, rows: inputs.length === 1 ? inputs[0].hints.rows : [] };
}

/** The columns of an input [n], [n, 1] or [n, p]; undefined where it is no table. */
function tableWidth(type: ValueType | undefined): number | undefined {
  if (!type?.shape || type.shape.length === 0 || type.shape.length > 2) return undefined;
  const [rows, width = 1] = type.shape;
  // A first dimension that is fixed is no number of rows, but for batches of one.
  if (rows !== null && rows !== 1) return undefined;
  return width === null || width > MAX_COLUMNS ? undefined : width;
}

function typeOf(dtype: DType): SampleType {
  if (dtype === 'string') return 'text';
  if (dtype === 'bool') return 'flag';
  return dtype.startsWith('float') || dtype === 'bfloat16' ? 'number' : 'integer';
}

// ---- two models -------------------------------------------------------------------------------------

/** What both of two models take: hints of either, types that suit both. Throws BAD_INPUT where they take different things. */
export function bothSpecs(a: InputSpec, b: InputSpec): InputSpec {
  if (a.kind === 'list' && b.kind === 'list') {
    const hints = new Hints();
    for (const each of [a, b]) hints.take(each.hints, (c) => c);
    return { ...a, of: a.of === 'values' || b.of === 'values' ? 'values' : 'documents', hints };
  }
  if (a.kind === 'list' && b.kind === 'table' && b.columns.length === 1) return a;
  if (b.kind === 'list' && a.kind === 'table' && a.columns.length === 1) return b;
  if (a.kind === 'table' && b.kind === 'table') {
    if (a.columns.length > b.columns.length && isPartOf(b.columns, a.columns)) return widened(a, b);
    if (b.columns.length > a.columns.length && isPartOf(a.columns, b.columns)) return widened(b, a);
    if (a.columns.length !== b.columns.length)
      throw new BrineError(
        'BAD_INPUT',
        `the first model takes ${a.columns.length} columns, the second ${b.columns.length}: they cannot answer the same rows`,
      );
    const columns = a.columns.map((mine, c) => merged(mine, b.columns[c]));
    return { kind: 'table', columns, rows: [...a.rows, ...b.rows] };
  }
  if (a.kind === 'tensors' && b.kind === 'tensors') {
    const names = b.inputs.map((i) => i.name);
    if (a.inputs.every((i) => names.includes(i.name)) && names.length === a.inputs.length) return a;
    throw new BrineError(
      'BAD_INPUT',
      `the first model takes ${a.inputs.map((i) => i.name).join(', ')}, the second ${names.join(', ')}`,
    );
  }
  throw new BrineError('BAD_INPUT', `the first model takes ${nounOf(a)}, the second ${nounOf(b)}`);
}

/** A graph leaves out columns that its model drops: then names say which are meant. */
function isPartOf(few: readonly ColumnSpec[], many: readonly ColumnSpec[]): boolean {
  const names = new Set(many.map((c) => c.name));
  return few.every(({ name }) => name !== undefined && names.has(name));
}

type Table = Extract<InputSpec, { kind: 'table' }>;

function widened(many: Table, few: Table): Table {
  const byName = new Map(few.columns.map((c) => [c.name, c]));
  const columns = many.columns.map((mine): ColumnSpec => {
    const other = byName.get(mine.name);
    return other ? merged(mine, other) : mine;
  });
  return { kind: 'table', columns, rows: many.rows };
}

function merged(mine: ColumnSpec, other: ColumnSpec): ColumnSpec {
  const hints = new ColumnHints();
  hints.add(mine.hints);
  hints.add(other.hints);
  return {
    name: mine.name ?? other.name,
    type: narrowest(mine.type, other.type),
    narrow: mine.narrow || other.narrow,
    hints,
  };
}

function narrowest(a: SampleType, b: SampleType): SampleType {
  const order: readonly SampleType[] = ['flag', 'integer', 'text', 'number', 'any'];
  // Text that only one of them wants is text for both: numbers are written as such.
  return order.find((t) => t === a || t === b)!;
}

function nounOf(spec: InputSpec): string {
  if (spec.kind === 'table') return `a table of ${spec.columns.length} columns`;
  return spec.kind === 'list' ? spec.of : `the tensors ${spec.inputs.map((i) => i.name).join(', ')}`;
}
