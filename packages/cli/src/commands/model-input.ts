import type { GraphInput, Model, ModelInput, TensorInput } from '@brine/core';
import { type Batch, type ColumnValues, toTableInput } from '../data/index.js';

/**
 * A batch as the model takes it: its first `width` columns are the features, `names` what the model calls them.
 */
export function modelInput(
  model: Model,
  batch: Batch,
  width: number,
  names: readonly string[],
): ModelInput | GraphInput {
  const columns = batch.columns.slice(0, width);
  const { kind, names: known } = model.inputs;
  if (kind === 'documents' || kind === 'values') return Array.from(columns[0] as ArrayLike<unknown>);
  if (kind === 'tensors') return tensors(known ?? [], columns, batch.length);
  // A JavaScript object puts keys that are whole numbers first and in order: such names would move columns.
  if (known === undefined && names.some((name) => /^\d+$/.test(name))) {
    const numeric = columns.every((values) => values instanceof Float64Array || values instanceof Float32Array);
    return numeric
      ? { dtype: 'float64', shape: [batch.length, width], data: matrix(columns, batch.length) }
      : rowsOf(columns, batch.length);
  }
  return toTableInput({ ...batch, names, types: batch.types.slice(0, width), columns });
}

/** One input takes the whole table, several take a column each. */
function tensors(names: readonly string[], columns: readonly ColumnValues[], rows: number): TensorInput | GraphInput {
  if (names.length === 1) {
    const numeric = columns.every((values) => ArrayBuffer.isView(values));
    const shape = [rows, columns.length];
    // Without a name: the graph may want a vector where the table is one column.
    return { shape, data: numeric ? matrix(columns, rows) : rowsOf(columns, rows).flat() };
  }
  const inputs: Record<string, TensorInput> = Object.create(null) as Record<string, TensorInput>;
  names.forEach((name, c) => (inputs[name] = { shape: [rows, 1], data: columns[c] }));
  return { inputs };
}

function matrix(columns: readonly ColumnValues[], rows: number): Float64Array {
  const width = columns.length;
  const data = new Float64Array(rows * width);
  columns.forEach((values, c) => {
    for (let r = 0; r < rows; r++) data[r * width + c] = Number(values[r]);
  });
  return data;
}

function rowsOf(columns: readonly ColumnValues[], rows: number): unknown[][] {
  return Array.from({ length: rows }, (_, r) => columns.map((values) => values[r]));
}
