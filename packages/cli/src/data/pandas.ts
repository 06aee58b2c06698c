/**
 * The columns that hold a DataFrame's index, from the `pandas` metadata that Parquet and Arrow files carry.
 * Metadata that cannot be understood mean nothing.
 *
 * @see https://pandas.pydata.org/docs/development/developer.html
 */
export function pandasIndexColumns(metadata: string | undefined): Set<string> {
  if (metadata === undefined) return new Set();
  try {
    const { index_columns: index } = JSON.parse(metadata) as { index_columns?: unknown };
    return new Set(Array.isArray(index) ? index.filter((name) => typeof name === 'string') : []);
  } catch {
    return new Set();
  }
}
