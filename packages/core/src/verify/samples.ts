import type { Value } from '../graph/tensor.js';

/** A column of a table that is given to models side by side. Missing: null among text, NaN among numbers. */
export interface SampleColumn {
  /** Undefined where the model knows no names. */
  readonly name: string | undefined;
  readonly values: ArrayLike<unknown>;
}

/** Rows in a form of no format's own; `feed` gives each model what it takes. */
export type Samples =
  | { readonly kind: 'table'; readonly rows: number; readonly columns: readonly SampleColumn[] }
  /** Documents, labels, records: one value a row. */
  | { readonly kind: 'list'; readonly rows: number; readonly values: readonly unknown[] }
  /** The named inputs of a graph, of any shapes. */
  | { readonly kind: 'tensors'; readonly rows: number; readonly inputs: ReadonlyMap<string, Value> };

/** Some of the rows; tensors cannot be taken apart. */
export function selectRows(samples: Samples, rows: readonly number[]): Samples {
  switch (samples.kind) {
    case 'tensors':
      return samples;
    case 'list':
      return { kind: 'list', rows: rows.length, values: rows.map((r) => samples.values[r]) };
    case 'table':
      return {
        kind: 'table',
        rows: rows.length,
        columns: samples.columns.map(({ name, values }) => ({ name, values: pick(values, rows) })),
      };
  }
}

function pick(values: ArrayLike<unknown>, rows: readonly number[]): ArrayLike<unknown> {
  if (!ArrayBuffer.isView(values)) return rows.map((r) => values[r]);
  const out = new (values.constructor as new (n: number) => Float64Array)(rows.length);
  rows.forEach((r, i) => (out[i] = (values as unknown as Float64Array)[r]));
  return out;
}

/** One table after another, of the same columns. */
export function stackSamples(parts: readonly Samples[]): Samples {
  const [first] = parts;
  if (parts.length === 1 || first.kind === 'tensors') return first;
  const rows = parts.reduce((sum, p) => sum + p.rows, 0);
  if (first.kind === 'list')
    return { kind: 'list', rows, values: parts.flatMap((p) => (p.kind === 'list' ? [...p.values] : [])) };
  return {
    kind: 'table',
    rows,
    columns: first.columns.map(({ name }, c) => ({
      name,
      values: parts.flatMap((p) => (p.kind === 'table' ? Array.from(p.columns[c].values) : [])),
    })),
  };
}
