/**
 * Text as Python and scikit-learn see it: regular expressions, case, accents, terms of documents, counted
 * or hashed into sparse rows. Exact for every code point that Unicode 14 (Python 3.11) assigns; newer ones
 * are what they are to that Python: unknown, neither letters nor digits.
 */
export { lower, nfkd, stripAccents, type StripAccents } from './casefold.js';
export { compilePattern, type Match, type Pattern } from './regex/pattern.js';
export { Flag } from './regex/ast.js';
export { analyzer, DEFAULT_TOKEN_PATTERN, type AnalyzerOptions } from './analyze.js';
export { countTokens, tokenCounter, type CountOptions } from './count.js';
export {
  hashFeatures,
  hashTokens,
  type FeatureHasherOptions,
  type FeatureValue,
  type HasherOptions,
  type HasherSample,
  type HashingVectorizerOptions,
} from './hash.js';
export { murmurHash3 } from './murmur.js';
export { englishStopWords } from './stop-words.js';
export type { CsrRows } from './csr.js';
