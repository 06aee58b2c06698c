import { CodeSet } from './code-set.js';
import {
  alnumRanges,
  casedRanges,
  caseIgnorableRanges,
  combiningRanges,
  decimalRanges,
  extraCases,
  lowerRuns,
  spaceRanges,
  unassignedRanges,
} from './tables.js';

/** Computes once, on first use: most models never ask for most of these. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const underscore = CodeSet.of([[0x5f, 0x5f]]);

/** `\w` of a str pattern: str.isalnum() and the underscore. */
export const wordSet = lazy(() => CodeSet.union([CodeSet.parse(alnumRanges), underscore]));
/** `\d` of a str pattern: str.isdecimal(). */
export const digitSet = lazy(() => CodeSet.parse(decimalRanges));
/** `\s` of a str pattern, and what str.split() splits at: str.isspace(). */
export const spaceSet = lazy(() => CodeSet.parse(spaceRanges));
/** unicodedata.combining(c) != 0, which is neither \p{M} nor any other property that JavaScript offers. */
export const combiningSet = lazy(() => CodeSet.parse(combiningRanges));
/** Code points that Unicode 14 does not assign. A newer JavaScript engine may know some of them; Python 3.11 does not. */
export const unassignedSet = lazy(() => CodeSet.parse(unassignedRanges));

/** What makes a following `Σ` a final one; disjoint from `caseIgnorableSet`. */
export const casedSet = lazy(() => CodeSet.parse(casedRanges));
/** What is passed over on the way from a `Σ` to the letters around it. */
export const caseIgnorableSet = lazy(() => CodeSet.parse(caseIgnorableRanges));

/** With re.ASCII. */
export const asciiWordSet = lazy(() => CodeSet.parse('1c a 7 q 4 1 1 q'));
export const asciiDigitSet = lazy(() => CodeSet.parse('1c a'));
export const asciiSpaceSet = lazy(() => CodeSet.parse('9 5 i 1'));

/** Every code point that has another lower case, with it. One to one, as `re` compares (`İ` is `i`). */
export const lowerCaseMap = lazy(() => {
  const map = new Map<number, number>();
  for (const run of lowerRuns.split('; ')) {
    const [first, count, step, delta] = run.split(' ') as [string, string, string, string];
    const start = parseInt(first, 36);
    for (let i = 0; i < parseInt(count, 36); i++) {
      const code = start + i * parseInt(step, 36);
      map.set(code, code + Number(delta));
    }
  }
  return map;
});

/** Lower case → every other code point that has it. */
export const raisedCaseMap = lazy(() => {
  const map = new Map<number, number[]>();
  for (const [code, lower] of lowerCaseMap()) {
    const others = map.get(lower);
    if (others === undefined) map.set(lower, [code]);
    else others.push(code);
  }
  return map;
});

/** Every code point with another upper case, with the first character of it: what C's `toupper` would say. */
export const upperCaseMap = lazy(() => {
  const map = new Map<number, number>();
  // Beyond the basic plane the two cases are one to one.
  for (const [upper, lower] of lowerCaseMap()) if (upper > 0xffff) map.set(lower, upper);
  for (let code = 0; code < 0x10000; code++) {
    const upper = String.fromCharCode(code).toUpperCase().charCodeAt(0);
    if (upper !== code && !unassignedSet().has(code) && !unassignedSet().has(upper)) map.set(code, upper);
  }
  return map;
});

/** Lower-case code points → others with the same upper case. */
export const extraCaseMap = lazy(() => new Map<number, readonly number[]>(extraCases));

export function lowerCode(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  return lowerCaseMap().get(code) ?? code;
}

export function lowerAsciiCode(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}
