import { BrineError } from '../errors.js';
import { spaceSet } from './unicode/properties.js';

export type Emit = (term: string) => void;
export type NgramRange = readonly [least: number, most: number];

/**
 * Characters in all n-grams of one document together. A file may ask for n-grams of 1 to a million words,
 * whose total length grows with the cube of a document's (CWE-400); real settings stay below 30 for each
 * character of the document.
 */
export const NGRAM_CHARACTERS_LIMIT = 500_000_000;

/** Throws BAD_STATE unless the range is one that scikit-learn accepts. */
export function checkNgramRange([least, most]: NgramRange): void {
  if (!Number.isInteger(least) || !Number.isInteger(most) || least < 0) {
    throw new BrineError(
      'BAD_STATE',
      `ngram_range is (${least}, ${most}); it must be two whole numbers, none negative`,
    );
  }
  if (least > most) {
    throw new BrineError(
      'BAD_STATE',
      `ngram_range is (${least}, ${most}); the lower boundary is larger than the upper`,
    );
  }
}

/** Refuses before the work is done: `length` units of `unit` characters each give n-grams of `range`. */
function checkTotal(length: number, [least, most]: NgramRange, unit: number): void {
  const a = Math.max(least, 1);
  const b = Math.min(most, length);
  if (b < a) return;
  // The sum of (length - n + 1) n for n from a to b.
  const squares = (n: number): number => (n * (n + 1) * (2 * n + 1)) / 6;
  const sums = (n: number): number => (n * (n + 1)) / 2;
  const total = (length + 1) * (sums(b) - sums(a - 1)) - (squares(b) - squares(a - 1));
  if (total * unit > NGRAM_CHARACTERS_LIMIT) {
    throw new BrineError(
      'LIMIT',
      `the n-grams of ${least} to ${most} units of a document with ${length} of them have about ${Math.round(total * unit)} characters; NGRAM_CHARACTERS_LIMIT is ${NGRAM_CHARACTERS_LIMIT}`,
    );
  }
}

/** scikit-learn's `_word_ngrams`: tokens joined by a space, all of one length before those of the next. */
export function wordNgrams(tokens: readonly string[], range: NgramRange, emit: Emit): void {
  const [least, most] = range;
  if (most === 1) {
    for (const token of tokens) emit(token);
    return;
  }
  const { length } = tokens;
  if (most > 3) checkTotal(length, range, tokens.reduce((sum, token) => sum + token.length + 1, 0) / length);
  // (0, n) asks for the empty n-gram as well, once for each gap.
  if (least === 0) for (let i = 0; i <= length; i++) emit('');
  const grams = [...tokens];
  for (let n = 1; n <= Math.min(most, length); n++) {
    for (let i = 0; i + n <= length; i++) {
      if (n > 1) grams[i] += ` ${tokens[i + n - 1]}`;
      if (n >= least) emit(grams[i]);
    }
  }
}

/** scikit-learn's `_char_ngrams`: of the whole text, in which white space of two or more characters is one space. */
export function charNgrams(text: string, range: NgramRange, emit: Emit): void {
  slices(collapseSpaces(text), range, false, emit);
}

/** scikit-learn's `_char_wb_ngrams`: of each word, with a space on both sides; a short word once as a whole. */
export function charWordNgrams(text: string, range: NgramRange, emit: Emit): void {
  for (const word of splitAtSpaces(text)) slices(` ${word} `, range, true, emit);
}

/** Every slice of n code points, for each n of the range. `shortOnce`: the rule of `char_wb`. */
function slices(text: string, range: NgramRange, shortOnce: boolean, emit: Emit): void {
  const [least, most] = range;
  const offsets = codePointOffsets(text);
  const length = offsets === undefined ? text.length : offsets.length - 1;
  checkTotal(length, range, 1);
  for (let n = least; n <= most; n++) {
    if (n >= length) {
      // `char` has nothing longer than the text; `char_wb` cuts at its end, and then stops.
      if (shortOnce || n === length) emit(text);
      if (shortOnce || n > length) return;
      continue;
    }
    for (let i = 0; i + n <= length; i++) {
      emit(offsets === undefined ? text.slice(i, i + n) : text.slice(offsets[i], offsets[i + n]));
    }
  }
}

/** Where each code point begins, and the end; undefined if each is one unit. */
function codePointOffsets(text: string): Int32Array | undefined {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return undefined;
  const offsets: number[] = [];
  for (let i = 0; i < text.length; i += (text.codePointAt(i) as number) > 0xffff ? 2 : 1) offsets.push(i);
  offsets.push(text.length);
  return Int32Array.from(offsets);
}

let spaceRuns: RegExp | undefined;
let longSpaceRuns: RegExp | undefined;

/** Python's white space, none of which is beyond the basic plane, as a character class. */
function spaceClass(): string {
  const hex = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;
  return `[${[...spaceSet().ranges()].map(([first, last]) => `${hex(first)}-${hex(last)}`).join('')}]`;
}

/** `re.sub(r"\s\s+", " ", text)` */
function collapseSpaces(text: string): string {
  longSpaceRuns ??= new RegExp(`${spaceClass()}{2,}`, 'g');
  return text.replace(longSpaceRuns, ' ');
}

/** `text.split()` */
function splitAtSpaces(text: string): string[] {
  spaceRuns ??= new RegExp(`${spaceClass()}+`, 'g');
  return text.split(spaceRuns).filter((word) => word !== '');
}
