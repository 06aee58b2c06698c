import { fit, textWidth } from './width.js';

export interface TableColumn {
  readonly title?: string;
  readonly align?: 'left' | 'right';
}

const GAP = 2;
/** A column is not made narrower than this to fit a terminal. */
const LEAST_WIDTH = 8;

/**
 * Rows of text as aligned columns, two spaces apart, without trailing spaces. Titles make the first line, if any
 * column has one. Cells are printed as they are: make text that comes from files `safe` before.
 *
 * @param width the terminal's: the widest columns are cut until the table fits
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width = Infinity,
  style: (title: string) => string = (title) => title,
): string {
  const titled = columns.some(({ title }) => title !== undefined);
  const widths = columns.map(({ title = '' }, c) =>
    rows.reduce((most, row) => Math.max(most, textWidth(row[c] ?? '')), textWidth(title)),
  );
  shrink(widths, width - GAP * (columns.length - 1));
  const line = (cells: readonly string[], decorate = (text: string): string => text): string =>
    columns
      .map(({ align }, c) => {
        const cell = fit(cells[c] ?? '', widths[c]);
        const space = ' '.repeat(widths[c] - textWidth(cell));
        return align === 'right' ? space + decorate(cell) : decorate(cell) + space;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = titled
    ? [
        line(
          columns.map(({ title = '' }) => title),
          style,
        ),
      ]
    : [];
  return [...head, ...rows.map((row) => line(row))].join('\n');
}

function shrink(widths: number[], room: number): void {
  for (let total = widths.reduce((a, b) => a + b, 0); total > room; total--) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest] <= LEAST_WIDTH) return;
    widths[widest]--;
  }
}
