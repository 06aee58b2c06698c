import type { Node, SetItem } from './ast.js';
import type { PatternTokens } from './tokens.js';

const OCTAL = /^[0-7]$/;
const DECIMAL = /^[0-9]$/;
const HEX = /^[0-9a-fA-F]$/;

const controls = new Map([
  ['\\a', 7],
  ['\\b', 8],
  ['\\t', 9],
  ['\\n', 10],
  ['\\v', 11],
  ['\\f', 12],
  ['\\r', 13],
  ['\\\\', 92],
]);

const categories = new Map<string, SetItem>([
  ['\\d', { kind: 'category', category: 'digit', negate: false }],
  ['\\D', { kind: 'category', category: 'digit', negate: true }],
  ['\\s', { kind: 'category', category: 'space', negate: false }],
  ['\\S', { kind: 'category', category: 'space', negate: true }],
  ['\\w', { kind: 'category', category: 'word', negate: false }],
  ['\\W', { kind: 'category', category: 'word', negate: true }],
]);

const anchors = new Map<string, Node>([
  ['\\A', { kind: 'at', at: 'beginningString' }],
  ['\\Z', { kind: 'at', at: 'endString' }],
  ['\\b', { kind: 'at', at: 'boundary' }],
  ['\\B', { kind: 'at', at: 'nonBoundary' }],
]);

/** What a back-reference needs to know of the groups so far. */
export interface GroupState {
  /** Throws unless group `number` may be referred to here. */
  checkReference(number: number): void;
}

/** An escape inside `[…]`. */
export function classEscape(tokens: PatternTokens, escape: string): SetItem {
  const code = controls.get(escape);
  if (code !== undefined) return { kind: 'literal', code };
  const category = categories.get(escape);
  if (category !== undefined) return category;
  if (OCTAL.test(escape[1])) return literal(octal(tokens, escape[1] + tokens.getWhile(2, OCTAL)));
  return literal(characterEscape(tokens, escape));
}

/** An escape outside of `[…]`. */
export function escapeNode(tokens: PatternTokens, escape: string, groups: GroupState): Node {
  const anchor = anchors.get(escape);
  if (anchor !== undefined) return anchor;
  const category = categories.get(escape);
  if (category !== undefined) return { kind: 'in', negate: false, items: [category] };
  const code = controls.get(escape);
  if (code !== undefined) return { kind: 'literal', code };
  const digit = escape[1];
  if (digit === '0') return literal(parseInt(digit + tokens.getWhile(2, OCTAL), 8));
  if (DECIMAL.test(digit)) {
    let digits = digit;
    if (DECIMAL.test(tokens.next)) {
      digits += tokens.get();
      // Three octal digits are a character, anything else a group.
      if (/^[0-7]{2}$/.test(digits) && OCTAL.test(tokens.next)) return literal(octal(tokens, digits + tokens.get()));
    }
    groups.checkReference(Number(digits));
    return { kind: 'backreference', group: Number(digits) };
  }
  return literal(characterEscape(tokens, escape));
}

function literal(code: number): { kind: 'literal'; code: number } {
  return { kind: 'literal', code };
}

function octal(tokens: PatternTokens, digits: string): number {
  const code = parseInt(digits, 8);
  if (code > 0o377) throw tokens.error(`octal escape value \\${digits} outside of range 0-0o377`);
  return code;
}

const hexLengths = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** `\xhh`, `\uhhhh`, `\Uhhhhhhhh`, or a character that stands for itself. */
function characterEscape(tokens: PatternTokens, escape: string): number {
  const character = escape.slice(1);
  const length = hexLengths.get(character);
  if (length !== undefined) {
    const digits = tokens.getWhile(length, HEX);
    if (digits.length !== length) throw tokens.error(`incomplete escape ${escape}${digits}`);
    const code = parseInt(digits, 16);
    if (code > 0x10ffff) throw tokens.error(`bad escape ${escape}${digits}`);
    return code;
  }
  if (character === 'N') {
    throw tokens.unsupported(
      'names a character with \\N{…}; the table of Unicode names is not part of brine. Write the character itself instead',
    );
  }
  if (/^[A-Za-z0-9]$/.test(character)) throw tokens.error(`bad escape ${escape}`);
  return character.codePointAt(0) as number;
}
