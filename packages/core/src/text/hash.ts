import { BrineError } from '../errors.js';
import { termSource, type AnalyzerOptions } from './analyze.js';
import { checkDocuments, CsrBuilder, type CsrRows } from './csr.js';
import { murmurHash3 } from './murmur.js';

export interface HasherOptions {
  /** Number of columns, 1 to 2³¹ - 1. Default 2²⁰. */
  readonly nFeatures?: number;
  /** Whether half of the hashes count negative. Default true; what versions before 0.19 always did. */
  readonly alternateSign?: boolean;
  /** Versions before 0.21: whether the sums lose their sign. Default false. */
  readonly nonNegative?: boolean;
  /** In which precision values are kept and summed. Default 'float64'. */
  readonly dtype?: 'float64' | 'float32';
}

export interface HashingVectorizerOptions extends AnalyzerOptions, HasherOptions {
  /** Whether every stored value becomes 1. Default false. */
  readonly binary?: boolean;
}

export interface FeatureHasherOptions extends HasherOptions {
  /** What a sample is: 'dict' (default), 'pair' (pairs of name and value) or 'string' (names). */
  readonly inputType?: 'dict' | 'pair' | 'string';
}

export type FeatureValue = number | bigint | boolean | string;

/** A sample of each `inputType`; a 'dict' is a Map or a plain object. */
export type HasherSample =
  | ReadonlyMap<string, FeatureValue>
  | Readonly<Record<string, FeatureValue>>
  | Iterable<readonly [string, FeatureValue]>
  | Iterable<string>;

/** Sums the values of one row by column, as scikit-learn's FeatureHasher and scipy's `sum_duplicates` do. */
class HashedRows {
  readonly #columns: number;
  readonly #alternateSign: boolean;
  readonly #nonNegative: boolean;
  readonly #round: (value: number) => number;
  readonly #rows: CsrBuilder;
  readonly #row = new Map<number, number>();

  constructor(options: HasherOptions) {
    const columns = options.nFeatures ?? 2 ** 20;
    if (!Number.isInteger(columns) || columns < 1 || columns > 2 ** 31 - 1) {
      throw new BrineError('BAD_STATE', `n_features is ${columns}; it must be a whole number from 1 to 2147483647`);
    }
    this.#columns = columns;
    this.#alternateSign = options.alternateSign ?? true;
    this.#nonNegative = options.nonNegative ?? false;
    this.#round = options.dtype === 'float32' ? Math.fround : (value) => value;
    this.#rows = new CsrBuilder(columns);
  }

  add(name: string, value: number): void {
    if (value === 0) return;
    const hash = murmurHash3(name);
    // |hash| is 2³¹ at most: exact in a double, where C's abs() would overflow and Python avoids it.
    const column = Math.abs(hash) % this.#columns;
    const signed = this.#round(this.#alternateSign && hash < 0 ? -value : value);
    const sum = this.#row.get(column);
    this.#row.set(column, sum === undefined ? signed : this.#round(sum + signed));
  }

  /** Values that cancelled out stay as zeros, as they do in scikit-learn. */
  endRow(binary = false): void {
    for (const column of Int32Array.from(this.#row.keys()).sort()) {
      const sum = this.#row.get(column) as number;
      this.#rows.push(column, binary ? 1 : this.#nonNegative ? Math.abs(sum) : sum);
    }
    this.#row.clear();
    this.#rows.endRow();
  }

  finish(): CsrRows {
    const rows = this.#rows.finish();
    if (rows.shape[0] === 0) throw new BrineError('BAD_INPUT', 'there is nothing to hash: the input has no rows');
    return rows;
  }
}

/**
 * HashingVectorizer.transform before its `norm`: shape [documents, nFeatures], columns rising in each row.
 * Throws BAD_INPUT for a document that is no string and for no documents at all, as scikit-learn does.
 */
export function hashTokens(documents: readonly string[], options: HashingVectorizerOptions = {}): CsrRows {
  const source = termSource(options);
  const rows = new HashedRows(options);
  const add = (term: string): void => {
    rows.add(term, 1);
  };
  checkDocuments(documents);
  for (const document of documents) {
    source(document, add);
    rows.endRow(options.binary ?? false);
  }
  return rows.finish();
}

/**
 * FeatureHasher.transform: shape [samples, nFeatures], columns rising in each row. A string value `v` of
 * the feature `f` is the feature `f=v` with the value 1; a value of 0 is left out.
 * Throws BAD_INPUT, naming the sample, for what FeatureHasher refuses.
 *
 * Where three or more values fall into one column of one row, they are added in the order given; scipy's
 * order is not defined there.
 */
export function hashFeatures(samples: readonly HasherSample[], options: FeatureHasherOptions = {}): CsrRows {
  const rows = new HashedRows(options);
  const inputType = options.inputType ?? 'dict';
  for (let i = 0; i < samples.length; i++) {
    for (const [name, value] of features(samples[i], inputType, i)) {
      if (typeof name !== 'string') throw badFeature(i, `the name ${String(name)} is no string`);
      if (typeof value === 'string') rows.add(`${name}=${value}`, 1);
      else if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
        rows.add(name, Number(value));
      } else throw badFeature(i, `the value of '${name}' is ${String(value)}; a number or a string was expected`);
    }
    rows.endRow();
  }
  return rows.finish();
}

function badFeature(sample: number, what: string): BrineError {
  return new BrineError('BAD_INPUT', `sample ${sample}: ${what}`);
}

function* features(sample: unknown, inputType: string, index: number): Generator<readonly [unknown, unknown]> {
  if (typeof sample !== 'object' || sample === null) {
    throw badFeature(index, `${sample === null ? 'null' : typeof sample} is no sample of the kind '${inputType}'`);
  }
  if (inputType === 'dict') {
    if (Array.isArray(sample)) throw badFeature(index, 'an object or a Map was expected, not an array');
    yield* sample instanceof Map ? (sample as ReadonlyMap<unknown, unknown>) : Object.entries(sample);
    return;
  }
  if (!(Symbol.iterator in sample)) throw badFeature(index, 'an array was expected');
  for (const item of sample as Iterable<unknown>) {
    if (inputType === 'string') yield [item, 1];
    else if (Array.isArray(item) && item.length === 2) yield [item[0], item[1]];
    else throw badFeature(index, 'each feature must be a pair of a name and a value');
  }
}
