/**
 * Data files: what `brine predict` reads and writes. A format is told by content (detect), opened as blocks of
 * cells (csv, json, parquet, arrow, npy), typed as pandas would or as the caller wants (column, table), matched
 * with what a model expects (match), and written (write/).
 */
export { type Batch, type ColumnType, type ColumnValues, type TableInput, toTableInput } from './batch.js';
export type { WantedType } from './column.js';
export { formatOfName } from './detect.js';
export { type ColumnMatch, type HaveColumns, type MatchOptions, type WantColumns, matchColumns } from './match.js';
export { type OpenOptions, openTable, readTable } from './open.js';
export type { BatchOptions, ColumnInfo, TableFormat, TableReader, WantedColumn } from './table.js';
export {
  type TableWriter,
  type WriteBatch,
  type WriterOptions,
  openOutput,
  openWriter,
  writeTable,
} from './write/index.js';
