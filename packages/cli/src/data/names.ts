import { BrineError } from '@brine/core';
import { quote } from './column.js';

/** What columns without names are called, for messages. */
export function columnNames(count: number): string {
  return count === 1 ? 'called 0' : `called 0 … ${count - 1}`;
}

/**
 * The names of a header. An empty one becomes `Unnamed: 0`, as in pandas. A name that occurs twice is refused,
 * unless `expected` holds pandas' name of the second (`age.1`): then the model was trained on such a table.
 */
export function headerNames(header: readonly string[], file: string, expected: readonly string[] = []): string[] {
  const wanted = new Set(expected);
  const taken = new Set(header);
  const seen = new Map<string, number>();
  return header.map((raw, i) => {
    const name = raw === '' ? `Unnamed: ${i}` : raw;
    const earlier = seen.get(name);
    if (earlier === undefined) {
      seen.set(name, i);
      return name;
    }
    let again = 1;
    while (taken.has(`${name}.${again}`)) again++;
    const renamed = `${name}.${again}`;
    if (!wanted.has(renamed)) {
      throw sameName(name, earlier, i, file);
    }
    taken.add(renamed);
    return renamed;
  });
}

/** Refuses a table without columns, or with two of one name. */
export function checkNames(names: readonly string[], file: string): void {
  if (names.length === 0) {
    throw new BrineError('BAD_INPUT', 'the table has no columns: there is nothing to work on', { file });
  }
  const seen = new Map<string, number>();
  names.forEach((name, i) => {
    const earlier = seen.get(name);
    if (earlier !== undefined) throw sameName(name, earlier, i, file);
    seen.set(name, i);
  });
}

function sameName(name: string, earlier: number, later: number, file: string): BrineError {
  return new BrineError(
    'BAD_INPUT',
    `columns ${earlier + 1} and ${later + 1} are both called ${quote(name)}; rename one`,
    {
      file,
    },
  );
}
