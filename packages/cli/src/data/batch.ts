/**
 * A few thousand rows of a table, column by column: what every reader of this folder produces and every
 * writer takes.
 */

/**
 * What a column holds. `int64` and `uint64` columns are Float64Array while every value is a safe integer and
 * a BigInt array otherwise, so that nothing is rounded. `any` holds cells as their format gave them.
 */
export type ColumnType = 'float64' | 'float32' | 'int64' | 'uint64' | 'bool' | 'string' | 'datetime' | 'nested' | 'any';

/** A missing number is NaN; a missing string, boolean or datetime (ISO 8601 text) is null. */
export type ColumnValues = Float64Array | Float32Array | BigInt64Array | BigUint64Array | readonly unknown[];

export interface Batch {
  readonly names: readonly string[];
  readonly types: readonly ColumnType[];
  readonly columns: readonly ColumnValues[];
  /** The number of rows. */
  readonly length: number;
  /** The first row's number in the file, counted from 0. */
  readonly firstRow: number;
}

/** The library's table input: `model.run('predict', toTableInput(batch))`. */
export interface TableInput {
  readonly columns: Record<string, ColumnValues>;
  readonly dtypes: Record<string, string>;
}

/** pandas' names of the dtypes that it would have read. */
const dtypeNames: Record<ColumnType, string> = {
  float64: 'float64',
  float32: 'float32',
  int64: 'int64',
  uint64: 'uint64',
  bool: 'bool',
  string: 'str',
  datetime: 'datetime64[ns]',
  nested: 'object',
  any: 'object',
};

/** A batch as the library takes it. The objects have no prototype, for their keys come from a file. */
export function toTableInput(batch: Batch): TableInput {
  const columns = Object.create(null) as Record<string, ColumnValues>;
  const dtypes = Object.create(null) as Record<string, string>;
  batch.names.forEach((name, i) => {
    columns[name] = batch.columns[i];
    dtypes[name] = dtypeNames[batch.types[i]];
  });
  return { columns, dtypes };
}
