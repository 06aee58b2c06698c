import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { PyDict, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';
import { SparseMatrix } from '../python/sparse.js';
import { PyBoundMethod } from '../python/values.js';
import type { AnalyzerOptions, HasherOptions } from '../text/index.js';
import { estimator, takes, type Fitted } from './estimator.js';
import {
  array,
  asNumber,
  asText,
  badState,
  flag,
  number,
  object,
  oneOf,
  optional,
  raw,
  sequenceOf,
  text,
  tupleOf,
  type Field,
} from './fields.js';

const textModules = ['sklearn.feature_extraction.text'];

// ---- which terms a document has ---------------------------------------------------------------------

/** The method of Python's own text that a file names: `getattr(str, 'split')`. */
function methodOfText(value: PyValue | undefined): string | undefined {
  if (!(value instanceof PyBoundMethod)) return undefined;
  const { object: owner, name } = value;
  return owner instanceof PyGlobal && owner.fullName === 'builtins.str' ? name : undefined;
}

/**
 * What is called: a method of Python's text that means what options say too, or code in the author's program:
 * nothing here can run it, so the vectoriser is refused by name.
 */
const callable =
  (...known: readonly string[]): Field<string | undefined> =>
  (value, at) => {
    const method = methodOfText(value);
    if (value === undefined || value === null || known.includes(method ?? '')) return method;
    const named = value instanceof PyGlobal || value instanceof PyInstance;
    const name = method !== undefined ? `str.${method}` : named ? `${value.module}.${value.name}` : 'a function';
    throw new BrineError(
      'UNSUPPORTED',
      `${at.owner.name} calls ${name}, which is code of the program that saved it and not in the file; ` +
        'teach the whole estimator with register()',
      { path: at.path },
    );
  };

/** Text, or what is called instead. */
const textOrCallable =
  (...known: readonly string[]): Field<string | undefined> =>
  (value, at) =>
    asText(value) ?? callable(...known)(value, at);

const stopWords: Field<'english' | string[] | undefined> = (value, at) => {
  if (value === undefined || value === null) return undefined;
  const word = asText(value);
  if (word === 'english') return word;
  const items = value instanceof PySet ? value.items : sequenceOf(value);
  if (
    word !== undefined ||
    !(value instanceof PySet || Array.isArray(value) || value instanceof PyTuple || value instanceof NdArray)
  )
    throw badState(at, 'english or a list of words', value);
  return items.map((item) => asText(item) ?? '');
};

const analysis = {
  analyzer: textOrCallable('split'),
  preprocessor: callable('lower'),
  tokenizer: callable('split'),
  lowercase: optional(flag, true),
  strip_accents: textOrCallable(),
  stop_words: stopWords,
  token_pattern: optional(text),
  ngram_range: optional(tupleOf(number, number), [1, 1] as const),
  input: optional(oneOf('content', 'file', 'filename'), 'content' as const),
  binary: optional(flag, false),
};
type Analysis = Fitted<typeof analysis>;

/** The tokens of `str.split()`, which splits where the pattern language has a space. */
const BETWEEN_SPACES = String.raw`\S+`;

function analyzerOptions(m: Analysis): AnalyzerOptions {
  const path = m.estimator.path;
  if (m.input !== 'content')
    throw new BrineError(
      'UNSUPPORTED',
      `${m.estimator.name} reads files (input=${m.input}); give it the documents' text`,
      { path },
    );
  const sklearnVersion = [m.version.major, m.version.minor] as const;
  // What lies between white space, and nothing else is done to it.
  if (m.analyzer === 'split')
    return { analyzer: 'word', lowercase: false, tokenPattern: BETWEEN_SPACES, sklearnVersion };
  const kind = m.analyzer ?? 'word';
  if (kind !== 'word' && kind !== 'char' && kind !== 'char_wb')
    throw new BrineError('BAD_STATE', `${kind} is not an analyzer`, { path });
  // A preprocessor does instead what both options would.
  const prepared = m.preprocessor !== undefined;
  const accents = prepared ? undefined : m.strip_accents;
  const pattern = m.tokenizer === 'split' ? BETWEEN_SPACES : m.token_pattern;
  if (accents !== undefined && accents !== 'ascii' && accents !== 'unicode')
    throw new BrineError('BAD_STATE', `${accents} is not a way to strip accents`, { path });
  return {
    analyzer: kind,
    lowercase: prepared || m.lowercase,
    stripAccents: accents ?? null,
    stopWords: m.stop_words ?? null,
    ngramRange: [m.ngram_range[0], m.ngram_range[1]],
    sklearnVersion,
    ...(pattern === undefined ? {} : { tokenPattern: pattern }),
  };
}

// ---- counting ---------------------------------------------------------------------------------------

/** Term to column: the fitted dict, or the `vocabulary` that the vectoriser was given. */
const vocabularyField: Field<Map<string, number> | undefined> = (value, at) => {
  if (value === undefined || value === null) return undefined;
  const out = new Map<string, number>();
  if (value instanceof PyDict) {
    for (const [term, column] of value.entries()) {
      const name = asText(term);
      const index = asNumber(column);
      if (name === undefined || index === undefined) throw badState(at, 'a dict of terms and columns', value);
      // As many columns as terms: a file that says otherwise would make names without end.
      if (!Number.isInteger(index) || index < 0 || index >= value.size)
        throw badState(at, `columns below ${value.size} for ${value.size} terms`, column);
      out.set(name, index);
    }
    return out;
  }
  const terms = value instanceof PySet ? sortedTerms(value.items) : sequenceOf(value).map((x) => asText(x) ?? '');
  terms.forEach((term, i) => out.set(term, i));
  return out;
};

/** Python sorts strings by code point; JavaScript's default is by UTF-16 unit. */
function sortedTerms(items: readonly PyValue[]): string[] {
  return items.map((x) => asText(x) ?? '').sort(byCodePoint);
}

function byCodePoint(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const d = x[i].codePointAt(0)! - y[i].codePointAt(0)!;
    if (d !== 0) return d;
  }
  return x.length - y.length;
}

const countState = { ...analysis, vocabulary_: vocabularyField, vocabulary: vocabularyField };
type Count = Fitted<typeof countState>;

function vocabularyOf(m: Count): Map<string, number> {
  const vocabulary = m.vocabulary_ ?? m.vocabulary;
  if (!vocabulary)
    throw new BrineError('NOT_FITTED', `${m.estimator.name} has no vocabulary`, { path: m.estimator.path });
  return vocabulary;
}

function counts(m: Count, documents: V, g: GraphBuilder): V {
  const vocabulary = vocabularyOf(m);
  const options = { ...analyzerOptions(m), binary: m.binary };
  return g.own('CountTerms', [documents], { vocabulary, options }, csr(documents, vocabulary.size));
}

const csr = (rows: V, columns: number) =>
  ({ dtype: 'float64', shape: [rows.shape[0] ?? null, columns], layout: 'csr' }) as const;

function termsInOrder(vocabulary: ReadonlyMap<string, number>): string[] {
  const terms = new Array<string>(vocabulary.size).fill('');
  for (const [term, column] of vocabulary) terms[column] = term;
  return terms;
}

const termsOfRows = takes<Count, 'matrix'>('matrix', (m, x, g) => {
  const sparse = g.sparse(x);
  const names = termsInOrder(vocabularyOf(m));
  return g.own('NamesOfRows', [sparse], { names, values: false }, { dtype: 'object', shape: [x.shape[0] ?? null] });
});

const countVectorizer = estimator('CountVectorizer', countState, {
  modules: textModules,
  input: 'list',
  methods: { transform: counts, inverse_transform: termsOfRows },
  names: (m) => termsInOrder(vocabularyOf(m)),
});

// ---- weighting --------------------------------------------------------------------------------------

/** Weights [p] from `idf_` (1.5 and later) or from the diagonal matrix `_idf_diag` (before). */
const idfDiagonal: Field<Float64Array | undefined> = (value, at) => {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof SparseMatrix)) throw badState(at, 'a diagonal matrix', value);
  const { shape, indptr, indices, data } = value.toCsr();
  const out = new Float64Array(shape[1]);
  for (let i = 0; i < indptr[shape[0]]; i++) out[indices[i]] += data[i];
  return out;
};

const tfidfState = {
  norm: optional(oneOf('l1', 'l2', 'max')),
  use_idf: optional(flag, true),
  sublinear_tf: optional(flag, false),
  idf_: optional(array),
  _idf_diag: idfDiagonal,
};
type Weights = Fitted<typeof tfidfState>;

function idfOf(m: Weights): Float64Array | undefined {
  if (!m.use_idf) return undefined;
  const idf = (m.idf_?.data as Float64Array | undefined) ?? m._idf_diag;
  if (!idf)
    throw new BrineError('NOT_FITTED', `${m.estimator.name} has neither idf_ nor _idf_diag`, {
      path: m.estimator.path,
    });
  return idf;
}

function weighted(m: Weights, x: V, g: GraphBuilder): V {
  const sparse = g.sparse(x);
  const idf = idfOf(m);
  if (idf && x.shape[1] !== null && x.shape[1] !== idf.length)
    throw new BrineError(
      'BAD_INPUT',
      `the input has ${x.shape[1] ?? '?'} columns, ${m.estimator.name} expects ${idf.length}`,
    );
  return g.own(
    'Tfidf',
    [sparse],
    { sublinear: m.sublinear_tf, idf, norm: m.norm },
    { dtype: 'float64', shape: x.shape, layout: 'csr' },
  );
}

const tfidfTransformer = estimator('TfidfTransformer', tfidfState, {
  modules: textModules,
  input: 'matrix',
  methods: { transform: weighted },
  features: (m) => (m.idf_ ? m.idf_.shape[0] : m._idf_diag?.length),
  names: 'same',
});

const tfidfVectorizer = estimator(
  'TfidfVectorizer',
  { ...countState, _tfidf: object },
  {
    modules: textModules,
    input: 'list',
    methods: {
      transform: (m, documents, g) => {
        const weights = m.estimator.bind(m._tfidf, `${m.estimator.path}._tfidf`);
        return weighted(weights.fitted as unknown as Weights, counts(m, documents, g), g);
      },
      inverse_transform: termsOfRows,
    },
    names: (m) => termsInOrder(vocabularyOf(m)),
  },
);

// ---- hashing ----------------------------------------------------------------------------------------

const hashing = {
  n_features: optional(number, 2 ** 20),
  alternate_sign: optional(flag, true),
  // Before 0.21: the sums lose their sign.
  non_negative: optional(flag, false),
};

function hasherOptions(m: Fitted<typeof hashing>): HasherOptions {
  return { nFeatures: m.n_features, alternateSign: m.alternate_sign, nonNegative: m.non_negative };
}

const hashingVectorizer = estimator(
  'HashingVectorizer',
  { ...analysis, ...hashing, norm: optional(oneOf('l1', 'l2', 'max')) },
  {
    modules: [...textModules, 'sklearn.feature_extraction._hashing'],
    input: 'list',
    methods: {
      transform: (m, documents, g) => {
        const options = { ...analyzerOptions(m), ...hasherOptions(m), binary: m.binary };
        const hashed = g.own('HashTerms', [documents], { options }, csr(documents, m.n_features));
        if (m.norm === undefined) return hashed;
        return g.own(
          'Tfidf',
          [hashed],
          { sublinear: false, idf: undefined, norm: m.norm },
          csr(documents, m.n_features),
        );
      },
    },
  },
);

const featureHasher = estimator(
  'FeatureHasher',
  { ...hashing, input_type: optional(oneOf('dict', 'pair', 'string'), 'dict' as const) },
  {
    modules: [
      'sklearn.feature_extraction._hash',
      'sklearn.feature_extraction.hashing',
      'sklearn.feature_extraction._hashing',
    ],
    input: 'list',
    methods: {
      transform: (m, samples, g) => {
        const options = { ...hasherOptions(m), inputType: m.input_type };
        return g.own('HashFeatures', [samples], { options }, csr(samples, m.n_features));
      },
    },
  },
);

// ---- dicts ------------------------------------------------------------------------------------------

const dictState = {
  vocabulary_: vocabularyField,
  separator: optional(text, '='),
  sparse: optional(flag, true),
  feature_names_: raw,
};
type Dicts = Fitted<typeof dictState>;

function dictVocabulary(m: Dicts): Map<string, number> {
  if (!m.vocabulary_)
    throw new BrineError('NOT_FITTED', 'DictVectorizer has no vocabulary', { path: m.estimator.path });
  return m.vocabulary_;
}

const dictVectorizer = estimator('DictVectorizer', dictState, {
  modules: ['sklearn.feature_extraction._dict_vectorizer', 'sklearn.feature_extraction.dict_vectorizer'],
  input: 'list',
  methods: {
    transform: (m, records, g) => {
      const vocabulary = dictVocabulary(m);
      const counted = g.own(
        'CountRecords',
        [records],
        { vocabulary, separator: m.separator },
        csr(records, vocabulary.size),
      );
      return m.sparse ? counted : g.dense(counted);
    },
    inverse_transform: takes('matrix', (m, x, g) => {
      const sparse = g.sparse(x);
      const names = termsInOrder(dictVocabulary(m));
      return g.own('NamesOfRows', [sparse], { names, values: true }, { dtype: 'object', shape: [x.shape[0] ?? null] });
    }),
  },
  names: (m) => termsInOrder(dictVocabulary(m)),
});

export const featureExtractors = [
  countVectorizer,
  tfidfTransformer,
  tfidfVectorizer,
  hashingVectorizer,
  featureHasher,
  dictVectorizer,
];
