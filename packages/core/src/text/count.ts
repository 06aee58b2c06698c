import { BrineError } from '../errors.js';
import { termSource, type AnalyzerOptions } from './analyze.js';
import { checkDocuments, CsrBuilder, type CsrRows } from './csr.js';

export interface CountOptions extends AnalyzerOptions {
  /** Whether every count that is not 0 becomes 1. Default false. */
  readonly binary?: boolean;
}

/**
 * Prepares what CountVectorizer.transform does with a fitted vocabulary (term → column): shape
 * [documents, vocabulary size], columns rising in each row, counts as float64. Terms that the vocabulary
 * does not know are left out.
 *
 * Throws BAD_STATE unless each column is a whole number below the vocabulary's size; the function it
 * returns throws BAD_INPUT for a document that is no string.
 */
export function tokenCounter(
  vocabulary: ReadonlyMap<string, number>,
  options: CountOptions = {},
): (documents: readonly string[]) => CsrRows {
  const columns = vocabulary.size;
  if (columns === 0) throw new BrineError('BAD_STATE', 'the vocabulary is empty', { path: 'vocabulary_' });
  for (const [term, column] of vocabulary) {
    if (!Number.isInteger(column) || column < 0 || column >= columns) {
      throw new BrineError(
        'BAD_STATE',
        `the term ${JSON.stringify(term)} has column ${column} in a vocabulary of ${columns} terms`,
        { path: 'vocabulary_' },
      );
    }
  }
  const source = termSource(options);
  const binary = options.binary ?? false;
  // Of the row at hand: all zero between rows, so that a row costs what it holds, not the vocabulary's size.
  const counts = new Float64Array(columns);
  let touched: number[] = [];
  const count = (term: string): void => {
    const column = vocabulary.get(term);
    if (column === undefined) return;
    if (counts[column]++ === 0) touched.push(column);
  };
  return (documents) => {
    checkDocuments(documents);
    const rows = new CsrBuilder(columns);
    for (const document of documents) {
      touched = [];
      try {
        source(document, count);
        for (const column of Int32Array.from(touched).sort()) rows.push(column, binary ? 1 : counts[column]);
      } finally {
        for (const column of touched) counts[column] = 0;
      }
      rows.endRow();
    }
    return rows.finish();
  };
}

/** `tokenCounter` for one use. */
export function countTokens(
  documents: readonly string[],
  vocabulary: ReadonlyMap<string, number>,
  options: CountOptions = {},
): CsrRows {
  return tokenCounter(vocabulary, options)(documents);
}
