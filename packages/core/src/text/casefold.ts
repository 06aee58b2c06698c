import { casedSet, caseIgnorableSet, combiningSet, unassignedSet } from './unicode/properties.js';
import type { CodeSet } from './unicode/code-set.js';

// Everything below leans on the engine's own toLowerCase and normalize. Both follow the Unicode data of
// the engine, Python's follow Unicode 14; for code points that Unicode 14 assigns the two agree (the
// tests sweep all of them), and to Python the others have neither case nor decomposition. So text is
// cut at the others, and only what lies between is handed to the engine. Cutting there is exact: an
// unassigned code point is a starter and never composes. The one thing on which the two disagree is what
// surrounds a capital sigma, since a few code points have changed their category; that is decided here.

const ascii = /^[\0-\x7f]*$/;

let unassigned: RegExp | undefined;

function characterClass(set: CodeSet): string {
  const hex = (code: number): string => `\\u{${code.toString(16)}}`;
  return [...set.ranges()].map(([first, last]) => `${hex(first)}-${hex(last)}`).join('');
}

function betweenUnassigned(text: string, convert: (piece: string) => string): string {
  unassigned ??= new RegExp(`([${characterClass(unassignedSet())}]+)`, 'u');
  if (!unassigned.test(text)) return convert(text);
  return text
    .split(unassigned)
    .map((piece, i) => (i % 2 === 0 ? convert(piece) : piece))
    .join('');
}

/** Python's `str.lower()`: full case mapping, `İ` becomes two characters, a final `Σ` becomes `ς`. */
export function lower(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  if (!text.includes('Σ')) return betweenUnassigned(text, (piece) => piece.toLowerCase());
  let lowered = '';
  let from = 0;
  for (let at = text.indexOf('Σ'); at >= 0; at = text.indexOf('Σ', from)) {
    lowered += betweenUnassigned(text.slice(from, at), (piece) => piece.toLowerCase());
    lowered += isFinalSigma(text, at) ? 'ς' : 'σ';
    from = at + 1;
  }
  return lowered + betweenUnassigned(text.slice(from), (piece) => piece.toLowerCase());
}

/** Whether the letter before the sigma at `at` has case and the one after it has not. */
function isFinalSigma(text: string, at: number): boolean {
  let before = at;
  let code = -1;
  do {
    if (before === 0) return false;
    before -= isLowSurrogateOfPair(text, before - 1) ? 2 : 1;
    code = text.codePointAt(before) as number;
  } while (caseIgnorableSet().has(code));
  if (!casedSet().has(code)) return false;
  let after = at + 1;
  while (after < text.length) {
    code = text.codePointAt(after) as number;
    if (!caseIgnorableSet().has(code)) return !casedSet().has(code);
    after += code > 0xffff ? 2 : 1;
  }
  return true;
}

function isLowSurrogateOfPair(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) as number) > 0xffff;
}

/** Python's `unicodedata.normalize('NFKD', text)`. */
export function nfkd(text: string): string {
  return ascii.test(text) ? text : betweenUnassigned(text, (piece) => piece.normalize('NFKD'));
}

export type StripAccents = 'unicode' | 'ascii';

/**
 * scikit-learn's `strip_accents_unicode` (NFKD, then every character with a combining class dropped) and
 * `strip_accents_ascii` (NFKD, then everything outside ASCII dropped).
 *
 * `keepDecomposed`: scikit-learn 0.18 to 0.21 returned a text that already was in NFKD as it is, accents
 * and all.
 */
export function stripAccents(text: string, kind: StripAccents, keepDecomposed = false): string {
  if (ascii.test(text)) return text;
  const decomposed = nfkd(text);
  // NFKD of ASCII is ASCII, so what is outside of it can be dropped unit by unit.
  if (kind === 'ascii') return decomposed.replace(/[^\0-\x7f]+/g, '');
  if (keepDecomposed && decomposed === text) return text;
  const combining = combiningSet();
  let stripped = '';
  let from = 0;
  for (let i = 0; i < decomposed.length;) {
    const code = decomposed.codePointAt(i)!;
    const next = i + (code > 0xffff ? 2 : 1);
    if (code >= 0x300 && combining.has(code)) {
      stripped += decomposed.slice(from, i);
      from = next;
    }
    i = next;
  }
  return stripped + decomposed.slice(from);
}
