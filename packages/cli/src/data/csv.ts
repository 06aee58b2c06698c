import { BrineError } from '@brine/core';
import { textCells } from './cells.js';
import { RecordSplitter } from './csv-records.js';
import type { Dialect } from './csv-dialect.js';
import { headerNames } from './names.js';
import type { Block, BlockSource, TableFormat } from './table.js';

/** Cells held at once: what bounds the memory of a wide table's blocks. */
const MAX_BLOCK_CELLS = 1_000_000;

/**
 * Delimited text as blocks of text cells. Every record must have as many cells as the header (or the first
 * record); pandas would fill a short one with missing values, which hides a damaged file.
 */
export async function openCsv(
  text: AsyncIterable<string>,
  name: string,
  format: TableFormat,
  dialect: Dialect,
  expectedNames: readonly string[] = [],
): Promise<BlockSource> {
  let rows: string[][] = [];
  let lines: number[] = [];
  const splitter = new RecordSplitter(dialect.delimiter, name, (cells, line) => {
    rows.push(cells);
    lines.push(line);
  });
  const chunks = text[Symbol.asyncIterator]();
  let ended = false;
  const more = async (): Promise<void> => {
    const next = await chunks.next();
    ended = next.done === true;
    await (next.done === true ? splitter.end() : splitter.push(next.value));
  };

  while (rows.length === 0 && !ended) await more();
  if (rows.length === 0) throw new BrineError('EMPTY', 'the file has nothing but blank lines', { file: name });
  const first = rows[0];
  const width = first.length;
  const columns = dialect.header ? headerNames(first, name, expectedNames) : first.map((_, i) => String(i));
  if (dialect.header) {
    rows.shift();
    lines.shift();
  }

  return {
    format,
    columns: columns.map((column) => ({ name: column })),
    named: dialect.header,
    notes: dialect.note === undefined ? [] : [dialect.note],
    cells: textCells,
    async *blocks(select, size): AsyncGenerator<Block, void> {
      const enough = Math.max(1, Math.min(size, Math.floor(MAX_BLOCK_CELLS / width)));
      let firstRow = 0;
      for (;;) {
        while (rows.length < enough && !ended) await more();
        if (rows.length === 0) return;
        const block = { rows, lines };
        rows = [];
        lines = [];
        block.rows.forEach((cells, i) => {
          if (cells.length === width) return;
          const place = `row ${firstRow + i + 1} (line ${block.lines[i]})`;
          throw new BrineError('BAD_INPUT', wrongWidth(place, cells, width, dialect), { file: name });
        });
        firstRow += block.rows.length;
        yield {
          columns: select.map((column) => block.rows.map((cells) => cells[column])),
          length: block.rows.length,
          line: (i) => block.lines[i],
        };
      }
    },
  };
}

function wrongWidth(place: string, cells: readonly string[], width: number, dialect: Dialect): string {
  const has = `${place} has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`;
  const should = dialect.header ? `the header names ${width}` : `the first row has ${width}`;
  const delimiter = dialect.delimiter === '\t' ? 'tab' : JSON.stringify(dialect.delimiter);
  let why = '';
  if (cells.length === width + 1 && cells[width] === '') why = `; the line ends with a ${delimiter} too many`;
  else if (cells.length === width + 1)
    why = `; a cell that holds a ${delimiter} belongs in quotes, a column of row names needs a name`;
  else if (cells.length > width) why = `; a cell that holds a ${delimiter} belongs in quotes`;
  return `${has}, but ${should}${why}`;
}
