import { DEFAULT_TOKEN_PATTERN, type AnalyzerOptions } from '../../../text/analyze.js';
import { englishStopWords } from '../../../text/stop-words.js';
import { spaceSet } from '../../../text/unicode/properties.js';
import type { GraphBuilder, V } from '../../builder.js';
import { int64, strings } from '../../tensor.js';
import { filled, int, ints, shapeOf, sizeOf, slice, typeOf } from '../build.js';
import type { Expander } from '../expansion.js';
import { characters, joined, prepared, tokenized } from './letters.js';
import { classText, tokenRule } from './patterns.js';

/** Terms of documents: tables [n, …], in which '' is no term. */
export type Terms = readonly V[];

const NONE = strings([1], ['']);

/** The terms of each document, in as many tables as there are lengths of n-grams. */
export function termsOf(e: Expander, documents: V, options: AnalyzerOptions, sigma: boolean): Terms {
  if (documents.dtype !== 'string') return e.refuse('documents are text');
  if (options.preprocessor || options.tokenizer) return e.refuse('it calls a function');
  const [least, most] = options.ngramRange ?? [1, 1];
  if (least < 1) return e.refuse(`n-grams of ${least} to ${most}`);
  const [major, minor] = options.sklearnVersion ?? [Infinity, 0];
  const accents = options.stripAccents ?? null;
  if (accents === 'unicode' && major === 0 && minor >= 18 && minor < 22)
    return e.refuse('scikit-learn 0.18 to 0.21 keep the accents of documents that are in NFKD already');
  const lowercase = options.lowercase ?? true;
  const text = prepared(e, documents, { lowercase, accents, sigma });
  const range = { least, most };
  switch (options.analyzer ?? 'word') {
    case 'word':
      return wordTerms(e, text, options, range);
    case 'char':
      return charTerms(e, text, range);
    case 'char_wb':
      return charWordTerms(e, text, range);
  }
}

interface Range {
  readonly least: number;
  readonly most: number;
}

function wordTerms(e: Expander, text: V, options: AnalyzerOptions, range: Range): Terms {
  const { g } = e;
  const pattern = options.tokenPattern ?? DEFAULT_TOKEN_PATTERN;
  const rule = tokenRule(pattern);
  if (typeof rule === 'string')
    return e.refuse(`the token pattern ${JSON.stringify(pattern)} has no exact counterpart in RE2: ${rule}`);
  const whole = tokenized(g, text, { tokenexp: rule.expression });
  const all = rule.skip === 0 ? whole : withoutPrefix(e, whole, rule.skip);
  const checks: V[] = [];
  if (rule.keep !== undefined)
    checks.push(g.typed('RegexFullMatch', [all], { pattern: rule.keep }, [typeOf('bool', all.shape)])[0]);
  const stops = stopWords(options);
  if (stops.length > 0) {
    const attributes = { keys_strings: stops, values_int64s: stops.map(() => 0), default_int64: 1 };
    const [kept] = g.typed('LabelEncoder', [all], attributes, [typeOf('int64', all.shape)], 'ai.onnx.ml');
    checks.push(g.cast(kept, 'bool'));
  }
  if (checks.length === 0) return grams(g, all, range, ' ');
  const kept = g.where(
    checks.reduce((a, b) => g.and(a, b)),
    all,
    NONE,
  );
  return grams(g, range.most > 1 ? compacted(e, kept) : kept, range, ' ');
}

/** Tokens without their first characters. */
function withoutPrefix(e: Expander, words: V, skip: number): V {
  const { g } = e;
  const flat = g.typed('Reshape', [words, ints(-1)], {}, [typeOf('string', [null])])[0];
  const chars = characters(g, flat);
  const rest = g.typed('Slice', [chars, ints(skip), ints(Number.MAX_SAFE_INTEGER), ints(1)], {}, [
    typeOf('string', [null, null]),
  ])[0];
  return g.typed('Reshape', [joined(e, rest), shapeOf(g, words)], { allowzero: 1 }, [typeOf('string', words.shape)])[0];
}

function stopWords(options: AnalyzerOptions): string[] {
  const words = options.stopWords ?? null;
  if (words === null) return [];
  const [major, minor] = options.sklearnVersion ?? [Infinity, 0];
  return [...new Set(words === 'english' ? englishStopWords(major === 0 && minor < 18) : words)];
}

/** Whether a value is a term. */
export const isTermIn = (g: GraphBuilder, terms: V): V => g.not(g.equal(terms, NONE));

/** What is not '' moved to the front of its row. */
function compacted(e: Expander, terms: V): V {
  const { g } = e;
  const { shape } = terms;
  const there = isTermIn(g, terms);
  const [number] = g.typed('CumSum', [g.cast(there, 'int64'), int(1)], {}, [typeOf('int64', shape)]);
  const width = sizeOf(g, terms, 1);
  const place = g.where(there, g.sub(number, int(1)), width);
  const size = g.typed('Concat', [sizeOf(g, terms, 0), g.add(width, ints(1))], { axis: 0 }, [typeOf('int64', [2])])[0];
  const empty = filled(g, NONE, size, shape);
  const [moved] = g.typed('ScatterElements', [empty, place, terms], { axis: 1 }, [typeOf('string', shape)]);
  return slice(g, moved, 1, 0, -1);
}

/** n-grams of units that stand at the front of their row: each table one shorter than the one before. */
function grams(g: GraphBuilder, units: V, { least, most }: Range, between: string): Terms {
  const out: V[] = [];
  const type = typeOf('string', [units.shape[0] ?? null, null]);
  const concat = (a: V, b: V): V => g.typed('StringConcat', [a, b], {}, [type])[0];
  let gram = units;
  for (let n = 1; n <= most; n++) {
    if (n > 1) {
      const last = g.typed('Slice', [units, ints(n - 1), ints(Number.MAX_SAFE_INTEGER), ints(1)], {}, [type])[0];
      const start = slice(g, gram, 1, 0, -1);
      const whole = concat(between === '' ? start : concat(start, g.constant(strings([1], [between]))), last);
      gram = g.where(isTermIn(g, last), whole, NONE);
    }
    if (n >= least) out.push(gram);
  }
  return out;
}

/** White space of two or more characters is one space; then all slices of the whole text. */
function charTerms(e: Expander, text: V, range: Range): Terms {
  const { g } = e;
  const chars = characters(g, text);
  const spaces = spaceCharacters();
  const attributes = { keys_strings: spaces, values_int64s: spaces.map(() => 1), default_int64: 0 };
  const [flags] = g.typed('LabelEncoder', [chars], attributes, [typeOf('int64', chars.shape)], 'ai.onnx.ml');
  const size = g.typed('Concat', [sizeOf(g, chars, 0), ints(1)], { axis: 0 }, [typeOf('int64', [2])])[0];
  const edge = filled(g, int64([1], [0]), size, [chars.shape[0] ?? null, 1]);
  const type = typeOf('int64', chars.shape);
  const wide = g.typed('Concat', [edge, flags, edge], { axis: 1 }, [type])[0];
  const before = g.cast(slice(g, wide, 1, 0, -2), 'bool');
  const after = g.cast(
    g.typed('Slice', [wide, ints(2), ints(Number.MAX_SAFE_INTEGER), ints(1)], {}, [type])[0],
    'bool',
  );
  const space = g.cast(flags, 'bool');
  const inRun = g.and(space, g.or(before, after));
  const single = g.where(inRun, strings([1], [' ']), chars);
  return grams(g, compacted(e, g.where(g.and(space, before), NONE, single)), range, '');
}

function spaceCharacters(): string[] {
  return [...spaceSet().ranges()].flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)),
  );
}

/** Slices of each word with a space on both sides; one that is shorter than all of them once as a whole. */
function charWordTerms(e: Expander, text: V, range: Range): Terms {
  const { g } = e;
  const words = tokenized(g, text, { tokenexp: `${classText(spaceSet().not())}+` });
  const flat = g.typed('Reshape', [words, ints(-1)], {}, [typeOf('string', [null])])[0];
  const type = typeOf('string', [null]);
  const space = g.constant(strings([1], [' ']));
  const concat = (a: V, b: V): V => g.typed('StringConcat', [a, b], {}, [type])[0];
  const padded = g.where(isTermIn(g, flat), concat(concat(space, flat), space), NONE);
  const chars = characters(g, padded);
  const tables = grams(g, chars, range, '').map((table) => byDocument(e, words, table));
  // A word has three characters at least, with its spaces.
  if (range.least <= 3) return tables;
  const count = g.typed('ReduceSum', [g.cast(isTermIn(g, chars), 'int64'), ints(1)], { keepdims: 0 }, [
    typeOf('int64', [null]),
  ])[0];
  const short = g.where(g.less(count, int(range.least)), padded, NONE);
  return [
    ...tables,
    byDocument(e, words, g.typed('Unsqueeze', [short, ints(1)], {}, [typeOf('string', [null, 1])])[0]),
  ];
}

/** Rows of words [n · words, k] as rows of their documents [n, words · k], any of which may be 0. */
function byDocument(e: Expander, words: V, table: V): V {
  const { g } = e;
  const width = g.mul(sizeOf(g, words, 1), sizeOf(g, table, 1));
  const size = g.typed('Concat', [e.rows(words), width], { axis: 0 }, [typeOf('int64', [2])])[0];
  const type = typeOf('string', [words.shape[0] ?? null, null]);
  return g.typed('Reshape', [table, size], { allowzero: 1 }, [type])[0];
}

/** Where something is told of every term: its own shape. */
export const everywhere = (g: GraphBuilder, terms: V, value: number): V =>
  filled(g, value, shapeOf(g, terms), terms.shape);
