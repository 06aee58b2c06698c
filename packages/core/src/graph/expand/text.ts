import type { HasherOptions } from '../../text/hash.js';
import type { V } from '../builder.js';
import { float64 } from '../tensor.js';
import { int, rowsOf, slice, typeOf } from './build.js';
import type { Expander, Expansion, Expansions } from './expansion.js';
import { everywhere, isTermIn, termsOf, type Terms } from './texts/terms.js';

const TOKENIZER = 'documents are taken apart by com.microsoft:Tokenizer, an operator of onnxruntime alone';

/** Adds up values [n, …] in the columns that int64 tables of the same shape name; one column more is cut off. */
function added(e: Expander, documents: V, places: readonly V[], values: readonly V[], width: number, sum: boolean): V {
  const { g } = e;
  const whole = (parts: readonly V[]): V => {
    const shape = [documents.shape[0] ?? null, null];
    return parts.length === 1 ? parts[0] : g.typed('Concat', parts, { axis: 1 }, [typeOf(parts[0].dtype, shape)])[0];
  };
  const zeros = rowsOf(e, documents, width + 1, 0);
  const [table] = g.typed(
    'ScatterElements',
    [zeros, whole(places), whole(values)],
    { axis: 1, ...(sum ? { reduction: 'add' } : {}) },
    [typeOf('float64', zeros.shape)],
  );
  return slice(g, table, 1, 0, width);
}

const countTerms: Expansion<'CountTerms'> = ([documents], { vocabulary, options }, e) => {
  const { g } = e;
  e.note(TOKENIZER);
  const known = [...vocabulary].filter(([term]) => term !== '' && wellFormed(term));
  const sigma = known.some(([term]) => /[σς]/.test(term));
  const terms = termsOf(e, documents, options, sigma);
  if (known.length === 0) return [rowsOf(e, documents, vocabulary.size, 0)];
  const attributes = {
    keys_strings: known.map(([term]) => term),
    values_int64s: known.map(([, column]) => column),
    default_int64: vocabulary.size,
  };
  const places = terms.map(
    (table) => g.typed('LabelEncoder', [table], attributes, [typeOf('int64', table.shape)], 'ai.onnx.ml')[0],
  );
  const ones = terms.map((table) => everywhere(g, table, 1));
  return [added(e, documents, places, ones, vocabulary.size, options.binary !== true)];
};

/** Half of a surrogate pair is in no text that ONNX can hold. */
function wellFormed(term: string): boolean {
  return !/[\ud800-\udfff]/u.test(term);
}

/** Column and sign of each term by its hash. */
function hashed(e: Expander, terms: Terms, options: HasherOptions): { places: V[]; signs: V[]; width: number } {
  const { g } = e;
  const width = options.nFeatures ?? 2 ** 20;
  const places: V[] = [];
  const signs: V[] = [];
  for (const table of terms) {
    const attributes = { positive: 0, seed: 0 };
    const [hash] = g.typed('MurmurHash3', [table], attributes, [typeOf('int32', table.shape)], 'com.microsoft');
    const wide = g.cast(hash, 'int64');
    const column = g.node('Mod', [g.abs(wide), int(width)]);
    places.push(g.where(isTermIn(g, table), column, int(width)));
    const ones = everywhere(g, table, 1);
    signs.push(options.alternateSign === false ? ones : g.where(g.less(wide, int(0)), -1, ones));
  }
  return { places, signs, width };
}

const hashTerms: Expansion<'HashTerms'> = ([documents], { options }, e) => {
  const { g } = e;
  e.note(TOKENIZER);
  const terms = termsOf(e, documents, options, true);
  const { places, signs, width } = hashed(e, terms, options);
  if (options.binary === true) {
    const ones = terms.map((table) => everywhere(g, table, 1));
    return [added(e, documents, places, ones, width, false)];
  }
  const sums = added(e, documents, places, signs, width, true);
  return [options.nonNegative === true ? g.abs(sums) : sums];
};

/** Weights of what is not 0; rows of zeros stay. */
const tfidf: Expansion<'Tfidf'> = ([x], { sublinear, idf, norm }, e) => {
  const { g } = e;
  let values = x;
  if (sublinear) {
    const none = g.equal(values, 0);
    values = g.where(none, 0, g.add(g.log(g.where(none, 1, values)), 1));
  }
  if (idf) values = g.mul(values, float64([idf.length], idf));
  if (norm === undefined) return [values];
  const sizes = {
    l1: () => g.sum(g.abs(values), 1),
    l2: () => g.sqrt(g.sum(g.mul(values, values), 1)),
    max: () => g.reduceMax(g.abs(values), 1),
  };
  const size = sizes[norm]();
  return [g.div(values, g.where(g.equal(size, 0), 1, size))];
};

const RECORDS = 'records of names and values are no tensors';

/** The operators of `runtime/own/text.ts` in ONNX operators. */
export const textExpansions: Expansions = {
  CountTerms: countTerms,
  HashTerms: hashTerms,
  Tfidf: tfidf,
  HashFeatures: (_, __, e) => e.refuse(RECORDS),
  CountRecords: (_, __, e) => e.refuse(RECORDS),
  NamesOfRows: (_, __, e) => e.refuse('rows of different lengths (the names of what is stored in each) have no tensor'),
};
