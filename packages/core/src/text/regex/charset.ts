import { CodeSet } from '../unicode/code-set.js';
import {
  asciiDigitSet,
  asciiSpaceSet,
  asciiWordSet,
  digitSet,
  extraCaseMap,
  lowerAsciiCode,
  lowerCaseMap,
  lowerCode,
  raisedCaseMap,
  spaceSet,
  upperCaseMap,
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
      // Beyond the basic plane `re` leaves a literal in a set as it is: `(?i)[𐐀x]` does not match 𐐀.
      return CodeSet.ofCodes(item.code > 0xffff ? [item.code] : fold(item.code, flags));
    case 'range':
      return foldedRange(item.first, item.last, flags);
  }
}

function foldedRange(first: number, last: number, flags: number): CodeSet {
  // Code points with another lower case need not be taken out: nothing has them as its lower case.
  const codes: number[] = [];
  const upTo = Math.min(last, 0xffff);
  const isWithin = (code: number): boolean => code >= first && code <= upTo;
  if ((flags & Flag.UNICODE) === 0) {
    for (let code = 65; code <= 90; code++) if (isWithin(code)) codes.push(code + 32);
  } else {
    for (const [code, low] of lowerCaseMap()) if (isWithin(code)) codes.push(low);
    const lows = new Set(codes);
    for (const [low, others] of extraCaseMap()) if (isWithin(low) || lows.has(low)) codes.push(...others);
  }
  if (last > 0xffff) {
    // Here `re` looks whether the lower case or its upper case lies in the range as written.
    for (const [low, upper] of upperCaseMap()) if (upper >= first && upper <= last) codes.push(low);
  }
  return CodeSet.union([CodeSet.of([[first, last]]), CodeSet.ofCodes(codes)]);
}

/** Sets of no more members than this are turned round one member at a time. */
const FEW = 16;

/** Every code point whose lower case is in the set. */
function unfold(set: CodeSet, flags: number): CodeSet {
  const isUnicode = (flags & Flag.UNICODE) !== 0;
  if (isUnicode && set.size <= FEW) {
    const members = [...set.ranges()].flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i),
    );
    return CodeSet.ofCodes(
      members.filter((code) => lowerCode(code) === code).flatMap((low) => [low, ...(raisedCaseMap().get(low) ?? [])]),
    );
  }
  const gained: number[] = [];
  const lost: number[] = [];
  const look = (code: number, low: number): void => {
    if (set.has(low)) gained.push(code);
    else if (set.has(code)) lost.push(code);
  };
  if (isUnicode) for (const [code, low] of lowerCaseMap()) look(code, low);
  else for (let code = 65; code <= 90; code++) look(code, code + 32);
  const kept = lost.length === 0 ? set : CodeSet.union([set.not(), CodeSet.ofCodes(lost)]).not();
  return gained.length === 0 ? kept : CodeSet.union([kept, CodeSet.ofCodes(gained)]);
}
