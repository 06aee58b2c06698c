import { CodeSet } from '../unicode/code-set.js';
import {
  asciiDigitSet,
  asciiSpaceSet,
  asciiWordSet,
  astralUpperCaseMap,
  digitSet,
  extraCaseMap,
  lowerAsciiCode,
  lowerCaseMap,
  lowerCode,
  spaceSet,
  wordSet,
} from '../unicode/properties.js';
import { Flag } from './ast.js';
import type { Category, Node, SetItem } from './ast.js';

/** A node that matches exactly one code point. */
export type UnitNode = Extract<Node, { kind: 'literal' | 'notLiteral' | 'any' | 'in' }>;

const notNewline = CodeSet.of([[10, 10]]).not();

const unicodeCategories: Record<Category, () => CodeSet> = { word: wordSet, digit: digitSet, space: spaceSet };
const asciiCategories: Record<Category, () => CodeSet> = {
  word: asciiWordSet,
  digit: asciiDigitSet,
  space: asciiSpaceSet,
};

export function categorySet(category: Category, flags: number): CodeSet {
  return ((flags & Flag.UNICODE) !== 0 ? unicodeCategories : asciiCategories)[category]();
}

/**
 * The code points that a unit matches under `flags`. With IGNORECASE `re` compares lower cases (and, for
 * str patterns, letters that share an upper case), so the set is turned round: every code point whose
 * lower case is in it.
 */
export function unitSet(node: UnitNode, flags: number): CodeSet {
  switch (node.kind) {
    case 'any':
      return (flags & Flag.DOTALL) !== 0 ? CodeSet.all : notNewline;
    case 'literal':
      return literalSet(node.code, flags);
    case 'notLiteral':
      return literalSet(node.code, flags).not();
    case 'in': {
      const set =
        (flags & Flag.IGNORECASE) === 0
          ? CodeSet.union(node.items.map((item) => itemSet(item, flags)))
          : unfold(CodeSet.union(node.items.map((item) => foldedItemSet(item, flags))), flags);
      return node.negate ? set.not() : set;
    }
  }
}

function literalSet(code: number, flags: number): CodeSet {
  return (flags & Flag.IGNORECASE) === 0 ? CodeSet.ofCodes([code]) : unfold(CodeSet.ofCodes(fold(code, flags)), flags);
}

function itemSet(item: SetItem, flags: number): CodeSet {
  switch (item.kind) {
    case 'literal':
      return CodeSet.ofCodes([item.code]);
    case 'range':
      return CodeSet.of([[item.first, item.last]]);
    case 'category': {
      const set = categorySet(item.category, flags);
      return item.negate ? set.not() : set;
    }
  }
}

/** The lower case of a code point, and the lower cases that share its upper case. */
function fold(code: number, flags: number): number[] {
  if ((flags & Flag.UNICODE) === 0) return [lowerAsciiCode(code)];
  const low = lowerCode(code);
  return [low, ...(extraCaseMap().get(low) ?? [])];
}

/** What an item of a set accepts of code points that are lower case already. */
function foldedItemSet(item: SetItem, flags: number): CodeSet {
  switch (item.kind) {
    case 'category':
      return itemSet(item, flags);
    case 'literal':
      // Beyond the basic plane `re` leaves a literal in a set as it is: `(?i)[𐐀]` matches nothing.
      return CodeSet.ofCodes(item.code > 0xffff ? [item.code] : fold(item.code, flags));
    case 'range':
      return foldedRange(item.first, item.last, flags);
  }
}

function foldedRange(first: number, last: number, flags: number): CodeSet {
  const ranges: [number, number][] = [];
  const upTo = Math.min(last, 0xffff);
  if ((flags & Flag.UNICODE) === 0) {
    for (let code = first; code <= Math.min(upTo, 127); code++) ranges.push(single(lowerAsciiCode(code)));
    if (upTo >= 128 && first <= upTo) ranges.push([Math.max(first, 128), upTo]);
  } else {
    // Code points that are their own lower case stay. Leaving the others in as well does no harm:
    // nothing has them as its lower case.
    if (first <= upTo) ranges.push([first, upTo]);
    for (const [code, low] of lowerCaseMap()) if (code >= first && code <= upTo) ranges.push(single(low));
    for (const [low, others] of extraCaseMap()) {
      if (ranges.some(([a, b]) => low >= a && low <= b)) ranges.push(...others.map(single));
    }
  }
  if (last > 0xffff) {
    // Here `re` looks whether the lower case or its upper case lies in the range as written.
    ranges.push([first, last]);
    for (const [low, upper] of astralUpperCaseMap()) if (upper >= first && upper <= last) ranges.push(single(low));
    if (first <= 0xffff) ranges.push(...basicPlaneUppers(first));
  }
  return CodeSet.of(ranges);
}

function single(code: number): [number, number] {
  return [code, code];
}

/** Code points of the basic plane whose upper case (the first character of it) lies in it at or above `first`. */
function basicPlaneUppers(first: number): [number, number][] {
  const found: [number, number][] = [];
  for (let code = 0; code < 0x10000; code++) {
    const upper = String.fromCharCode(code).toUpperCase().charCodeAt(0);
    if (upper !== code && upper >= first) found.push(single(code));
  }
  return found;
}

/** Every code point whose lower case is in the set. */
function unfold(set: CodeSet, flags: number): CodeSet {
  const gained: [number, number][] = [];
  const lost: [number, number][] = [];
  const look = (code: number, low: number): void => {
    if (set.has(low)) gained.push(single(code));
    else if (set.has(code)) lost.push(single(code));
  };
  if ((flags & Flag.UNICODE) === 0) for (let code = 65; code <= 90; code++) look(code, code + 32);
  else for (const [code, low] of lowerCaseMap()) look(code, low);
  const kept = lost.length === 0 ? set : CodeSet.union([set.not(), CodeSet.of(lost)]).not();
  return gained.length === 0 ? kept : CodeSet.union([kept, CodeSet.of(gained)]);
}
