import { BrineError } from '../errors.js';
import { lower, stripAccents, type StripAccents } from './casefold.js';
import { charNgrams, charWordNgrams, checkNgramRange, wordNgrams, type Emit, type NgramRange } from './ngrams.js';
import { compilePattern } from './regex/pattern.js';
import { englishStopWords } from './stop-words.js';

/** The parameters of scikit-learn's vectorisers that decide which terms a document has, with its defaults. */
export interface AnalyzerOptions {
  /** Default 'word'. */
  readonly analyzer?: 'word' | 'char' | 'char_wb';
  /** Default true. */
  readonly lowercase?: boolean;
  /** Default null: accents stay. */
  readonly stripAccents?: StripAccents | null;
  /** Python regular expression with at most one group. Default `(?u)\b\w\w+\b`. For 'word' only. */
  readonly tokenPattern?: string;
  /** 'english', or the words. Default null: none. For 'word' only. */
  readonly stopWords?: 'english' | Iterable<string> | null;
  /** Default [1, 1]. */
  readonly ngramRange?: NgramRange;
  /** The version that wrote the model, as `[major, minor]`; default the newest. Old ones differ in details. */
  readonly sklearnVersion?: readonly [major: number, minor: number];
  /** Takes the place of lower-casing and accent stripping. */
  readonly preprocessor?: (document: string) => string;
  /** Takes the place of `tokenPattern`. For 'word' only. */
  readonly tokenizer?: (document: string) => readonly string[];
}

export const DEFAULT_TOKEN_PATTERN = String.raw`(?u)\b\w\w+\b`;

/** Hands each term of a document to `emit`, in scikit-learn's order, as often as it occurs. */
export type TermSource = (document: string, emit: Emit) => void;

/**
 * What scikit-learn's `build_analyzer()` returns, for `input='content'` and documents that are str.
 * Throws BAD_STATE for parameters that scikit-learn would refuse.
 */
export function analyzer(options: AnalyzerOptions = {}): (document: string) => string[] {
  const source = termSource(options);
  return (document) => {
    const terms: string[] = [];
    source(document, (term) => terms.push(term));
    return terms;
  };
}

/** As `analyzer`, without an array in between. */
export function termSource(options: AnalyzerOptions = {}): TermSource {
  const range = options.ngramRange ?? [1, 1];
  checkNgramRange(range);
  const preprocess = preprocessorOf(options);
  const kind = options.analyzer ?? 'word';
  switch (kind) {
    case 'char':
      return (document, emit) => {
        charNgrams(preprocess(document), range, emit);
      };
    case 'char_wb':
      return (document, emit) => {
        charWordNgrams(preprocess(document), range, emit);
      };
    case 'word': {
      const tokenize = tokenizerOf(options);
      const stopWords = stopWordsOf(options);
      return (document, emit) => {
        const tokens = tokenize(preprocess(document));
        wordNgrams(stopWords === undefined ? tokens : tokens.filter((token) => !stopWords.has(token)), range, emit);
      };
    }
    default:
      throw new BrineError('BAD_STATE', `'${String(kind)}' is not a valid tokenization scheme/analyzer`);
  }
}

function isBefore(options: AnalyzerOptions, minor: number): boolean {
  const [major, own] = options.sklearnVersion ?? [Infinity, 0];
  return major === 0 && own < minor;
}

function preprocessorOf(options: AnalyzerOptions): (document: string) => string {
  if (options.preprocessor !== undefined) return options.preprocessor;
  const { lowercase = true, stripAccents: accents = null } = options;
  if (accents !== null && accents !== 'ascii' && accents !== 'unicode') {
    throw new BrineError(
      'BAD_STATE',
      `strip_accents is '${String(accents)}'; scikit-learn knows 'ascii' and 'unicode'`,
    );
  }
  const keepDecomposed = isBefore(options, 22) && !isBefore(options, 18);
  return (document) => {
    const text = lowercase ? lower(document) : document;
    return accents === null ? text : stripAccents(text, accents, keepDecomposed);
  };
}

function tokenizerOf(options: AnalyzerOptions): (document: string) => readonly string[] {
  if (options.tokenizer !== undefined) return options.tokenizer;
  const pattern = compilePattern(options.tokenPattern ?? DEFAULT_TOKEN_PATTERN, 0, { path: 'token_pattern' });
  if (pattern.groups > 1) {
    throw new BrineError(
      'BAD_STATE',
      `the token pattern has ${pattern.groups} capturing groups; one is the most that has a meaning`,
      { path: 'token_pattern' },
    );
  }
  return (document) => pattern.findAll(document);
}

function stopWordsOf(options: AnalyzerOptions): ReadonlySet<string> | undefined {
  const words = options.stopWords ?? null;
  if (words === null) return undefined;
  if (words === 'english') return englishStopWords(isBefore(options, 18));
  if (typeof words === 'string') {
    throw new BrineError('BAD_STATE', `'${words}' is not a built-in stop list; scikit-learn knows 'english'`);
  }
  return new Set(words);
}
