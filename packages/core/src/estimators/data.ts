import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { strings, type DType } from '../graph/tensor.js';

/** Numbers (or all text) in rows and columns, dense or CSR: [n, p]. */
export interface Matrix {
  readonly kind: 'matrix';
  readonly value: V;
  /** Column names, where they are known. */
  readonly names: readonly string[] | undefined;
}

export interface Column {
  /** Undefined in tables without names (arrays of rows). */
  readonly name: string | undefined;
  /** [n] */
  readonly value: V;
}

/** Columns of different types, as a DataFrame or an object array has. */
export interface Frame {
  readonly kind: 'frame';
  readonly columns: readonly Column[];
}

/** One value per row: documents, labels, records. [n] */
export interface List {
  readonly kind: 'list';
  readonly value: V;
}

/** What flows from step to step of a pipeline while it is lowered. */
export type Data = Matrix | Frame | List;

/** What a method may give: a value, named data, or the tuple or list that Python returns. */
export type Result = V | Data | { readonly kind: 'tuple'; readonly items: readonly V[] };

export function matrix(value: V, names?: readonly string[]): Matrix {
  return { kind: 'matrix', value, names };
}

export function tuple(...items: V[]): Result {
  return { kind: 'tuple', items };
}

export function isData(x: V | Data): x is Data {
  return 'kind' in x;
}

/** The number of columns, where it is known. */
export function widthOf(data: Data): number | undefined {
  if (data.kind === 'frame') return data.columns.length;
  return data.kind === 'matrix' ? (data.value.shape[1] ?? undefined) : undefined;
}

/** The column names, if every column has one. */
export function namesOf(data: Data): readonly string[] | undefined {
  if (data.kind === 'matrix') return data.names;
  if (data.kind === 'list') return undefined;
  const names = data.columns.map((c) => c.name);
  return names.every((n) => n !== undefined) ? names : undefined;
}

/** The columns of anything tabular, each [n]; a matrix is taken apart. */
export function columnsOf(data: Data, g: GraphBuilder): Column[] {
  if (data.kind === 'frame') return [...data.columns];
  if (data.kind === 'list') return [{ name: undefined, value: data.value }];
  const width = data.value.shape[1];
  if (width === undefined || width === null) throw new BrineError('BAD_INPUT', 'the number of columns is not known');
  const dense = g.dense(data.value);
  return Array.from({ length: width }, (_, i) => ({
    name: data.names?.[i],
    value: g.flatten(g.columns(dense, [i])),
  }));
}

/** float64, dense or CSR: [n, p]. Text that is no number is refused by row and column when it comes. */
export function toMatrix(data: Data, g: GraphBuilder): V {
  if (data.kind === 'matrix') return numeric(data.value, g, 'the input');
  if (data.kind === 'list') return numeric(g.column(data.value), g, 'the input');
  if (data.columns.length === 0) throw new BrineError('BAD_INPUT', 'the input has no columns');
  const [first] = data.columns;
  const alike = data.columns.every((c) => c.value.dtype === first.value.dtype);
  const columns = data.columns.map((c, i) =>
    g.column(numeric(c.value, g, `column ${c.name === undefined ? i : JSON.stringify(c.name)}`)),
  );
  return givenAs(alike && isNumeric(first.value.dtype) ? first.value.dtype : 'float64', g.concat(columns));
}

/** float64, dense: [n, p]. */
export function toDense(data: Data, g: GraphBuilder): V {
  const x = toMatrix(data, g);
  return givenAs(givenType(x), g.dense(x));
}

/** Numbers of which none is infinite, nor missing unless told; whoever `who` names refuses the others. */
export function finiteNumbers(x: V, who: string, g: GraphBuilder, nan = false): V {
  const { dtype, shape, layout } = x;
  const checked = g.own('Finite', [x], { who, nan, infinite: false, float32: false }, { dtype, shape, layout });
  return givenAs(givenType(x), checked);
}

/** What numbers were before they were widened to float64: some answers of scikit-learn depend on it. */
const given = new WeakMap<V, DType>();

export const givenType = (x: V): DType => given.get(x) ?? x.dtype;

/** Lets `x` be known as numbers that came as `dtype`. */
export function givenAs(dtype: DType, x: V): V {
  if (dtype !== x.dtype) given.set(x, dtype);
  return x;
}

/** One value per row: [n], of any type. A table of one column gives that column. */
export function toList(data: Data, g: GraphBuilder): V {
  if (data.kind === 'list') return data.value;
  if (data.kind === 'frame') {
    if (data.columns.length === 1) return data.columns[0].value;
  } else if (data.value.shape.length === 1) {
    return data.value;
  } else if (data.value.shape[1] === 1) {
    return g.flatten(g.dense(data.value));
  }
  throw new BrineError('BAD_INPUT', `wants one value per row, got ${widthOf(data) ?? 'several'} columns`);
}

function numeric(v: V, g: GraphBuilder, what: string): V {
  // Python reads numbers that are written as text, and refuses other text: only the values tell.
  if (v.dtype === 'string' || v.dtype === 'object')
    return g.own('Numbers', [v], { what }, { dtype: 'float64', shape: v.shape });
  return givenAs(v.dtype, g.cast(v, 'float64'));
}

/** A matrix or, where types differ, a frame: what stacking columns of any types gives. */
export function fromColumns(columns: readonly Column[], g: GraphBuilder): Data {
  const numbers = columns.every((c) => c.value.dtype !== 'string' && c.value.dtype !== 'object');
  if (!numbers || columns.length === 0) return { kind: 'frame', columns };
  const frame: Frame = { kind: 'frame', columns };
  return matrix(toMatrix(frame, g), namesOf(frame));
}

/** A constant list of strings, as labels are. */
export function textConstant(values: readonly string[], g: GraphBuilder): V {
  return g.constant(strings([values.length], values));
}

export function isNumeric(dtype: DType): boolean {
  return dtype !== 'string' && dtype !== 'object';
}
