import type { Expansion, Expansions } from './expansion.js';

/** Numbers of any kind as they are; text is read as Python reads it, which no ONNX operator does. */
const numbers: Expansion<'Numbers'> = ([x], { what }, e) => {
  if (x.dtype === 'string' || x.dtype === 'object')
    return e.refuse(`${what} is text: give it as numbers, since ONNX does not read numbers as Python's float does`);
  return [e.g.cast(x, 'float64')];
};

const objectColumns: Expansion<'ObjectColumns'> = (columns, _, e) => {
  const [first] = columns;
  if (first.dtype === 'object' || columns.some((c) => c.dtype !== first.dtype))
    return e.refuse('columns of different types do not go into one ONNX tensor');
  return [e.g.concat(columns.map((c) => e.g.column(c)))];
};

/** Those operators of `runtime/own/columns.ts` in ONNX operators that columns of a table need. */
export const columnExpansions: Expansions = { Numbers: numbers, ObjectColumns: objectColumns };
