import { MAX_REPEAT, widthOf, type Node, type ParsedPattern, type Sequence } from '../../../text/regex/ast.js';
import { categorySet, unitSet } from '../../../text/regex/charset.js';
import { parsePattern } from '../../../text/regex/parse.js';
import { CodeSet } from '../../../text/unicode/code-set.js';

/** What finds the tokens of a document in RE2's terms. */
export interface TokenRule {
  /** All of its leftmost longest matches … */
  readonly expression: string;
  /** … that match this as a whole. */
  readonly keep: string | undefined;
  /** So many characters at the beginning are not part of the token. */
  readonly skip: number;
}

/** Written out, a class has up to 740 ranges; RE2 refuses programs of more than about 300,000 steps. */
const MOST_REPEATS = 40;

class Inexpressible extends Error {}

/**
 * Python's `findall` with a token pattern, by operators that know RE2 alone: its `\w`, `\s` and `\b` are ASCII's, and it
 * looks for the longest match where Python takes the first. So classes are written out as ranges of code points, and only
 * those patterns are taken whose first match is the longest: runs of one class, and anything between two word
 * boundaries that only matches word characters (a whole run of them matches or nothing of it does); and alternatives of
 * such patterns that have no character in common.
 * A text instead of a rule says why there is none.
 */
export function tokenRule(pattern: string): TokenRule | string {
  try {
    return ruleOf(parsePattern(pattern, 0, { path: 'token_pattern' }));
  } catch (error) {
    if (error instanceof Inexpressible) return error.message;
    throw error;
  }
}

function ruleOf(parsed: ParsedPattern): TokenRule {
  if (parsed.groups > 1) throw new Inexpressible('it has several groups');
  const behind = behindPrefix(parsed);
  if (behind) return behind;
  const root = ungrouped(parsed.root, parsed.flags, parsed.groups);
  const only = root.length === 1 && root[0].kind === 'branch' ? root[0].items : [root];
  const rules = only.map((item) => partOf(ungrouped(item, parsed.flags, 0), parsed.flags));
  rules.forEach((rule, i) => {
    if (rules.slice(i + 1).some((other) => meet(rule.set, other.set)))
      throw new Inexpressible('its alternatives begin with the same characters');
  });
  const either = (parts: readonly string[]): string =>
    parts.length === 1 ? parts[0] : parts.map((p) => `(?:${p})`).join('|');
  return {
    expression: either(rules.map((rule) => rule.expression)),
    keep: rules.every((rule) => rule.keep === undefined)
      ? undefined
      : either(rules.map((rule) => rule.keep ?? rule.expression)),
    skip: 0,
  };
}

/** A run in a group behind single characters, as in `#(\w+)`. */
function behindPrefix({ root, flags, groups }: ParsedPattern): TokenRule | undefined {
  const last = root.at(-1);
  if (groups !== 1 || root.length < 2 || last?.kind !== 'group' || last.group === 0) return undefined;
  const prefix = root.slice(0, -1);
  const run = changed(last, flags) === flags ? runOf(last.body, flags) : undefined;
  if (!run || !prefix.every(isUnit)) return undefined;
  const first = prefix.map((node) => classText(unitSet(node, flags))).join('');
  return { expression: first + repeated(run), keep: undefined, skip: prefix.length };
}

/** A rule whose matches hold characters of the set alone, so that other rules never begin within one. */
interface Part {
  readonly expression: string;
  readonly keep: string | undefined;
  readonly set: CodeSet;
}

function meet(a: CodeSet, b: CodeSet): boolean {
  return a.size + b.size > CodeSet.union([a, b]).size;
}

function partOf(root: Sequence, flags: number): Part {
  const isBoundary = (node: Node | undefined): boolean => node?.kind === 'at' && node.at === 'boundary';
  const before = isBoundary(root[0]);
  const after = root.length > 1 && isBoundary(root.at(-1));
  const body = root.slice(before ? 1 : 0, after ? -1 : undefined);
  const word = categorySet('word', flags);

  const run = runOf(body, flags);
  if (run && ((!before && !after) || run.set.equals(word)) && (run.max === Infinity || (!before && !after)))
    return { expression: repeated(run), keep: undefined, set: run.set };
  if (!before || !after) throw new Inexpressible('it is neither a run of one class nor between two word boundaries');
  const [least] = widthOf(body, []);
  if (least < 1) throw new Inexpressible('it may match nothing');
  const keep = spelled(body, flags, (set) => {
    const outside = [...set.ranges()].some(([first, last]) => !within(first, last, word));
    if (outside) throw new Inexpressible('it matches more than word characters between two word boundaries');
  });
  return { expression: `${classText(word)}+`, keep, set: word };
}

/** The pattern without groups around all that it takes. */
function ungrouped(root: Sequence, flags: number, groups: number): Sequence {
  const out: Sequence = [];
  let captured = false;
  for (const node of root) {
    if (node.kind !== 'group') out.push(node);
    else if (node.group === 0 && changed(node, flags) === flags) out.push(...ungrouped(node.body, flags, 0));
    else if (node.group > 0 && changed(node, flags) === flags) {
      captured = true;
      out.push(...node.body);
    } else out.push(node);
  }
  // What stands outside of a capturing group is matched and not taken.
  const others = root.filter((node) => node.kind !== 'group' && node.kind !== 'at');
  if (groups > 0 && (!captured || others.length > 0 || root.filter((node) => node.kind === 'group').length > 1))
    throw new Inexpressible('its group takes only a part of what it matches');
  return out;
}

function changed(node: Extract<Node, { kind: 'group' }>, flags: number): number {
  return (flags | node.addFlags) & ~node.deleteFlags;
}

interface Run {
  readonly set: CodeSet;
  readonly min: number;
  readonly max: number;
}

/** A pattern that is one class again and again, greedily: its first match is its longest. */
function runOf(body: Sequence, flags: number): Run | undefined {
  let set: CodeSet | undefined;
  let [min, max] = [0, 0];
  for (const node of body) {
    const repeat = node.kind === 'repeat' && node.mode === 'greedy' && node.body.length === 1 ? node : undefined;
    const unit = repeat ? repeat.body[0] : node;
    if (!isUnit(unit)) return undefined;
    const own = unitSet(unit, flags);
    if (set && !set.equals(own)) return undefined;
    set = own;
    min += repeat ? repeat.min : 1;
    max += repeat ? (repeat.max === MAX_REPEAT ? Infinity : repeat.max) : 1;
  }
  return set && min > 0 ? { set, min, max } : undefined;
}

type Unit = Extract<Node, { kind: 'literal' | 'notLiteral' | 'any' | 'in' }>;

function isUnit(node: Node): node is Unit {
  return node.kind === 'literal' || node.kind === 'notLiteral' || node.kind === 'any' || node.kind === 'in';
}

function repeated({ set, min, max }: Run): string {
  return classText(set) + counts(min, max);
}

function counts(min: number, max: number): string {
  if (min > MOST_REPEATS || (max !== Infinity && max > MOST_REPEATS))
    throw new Inexpressible(`it repeats a class more than ${MOST_REPEATS} times`);
  if (min === 1 && max === 1) return '';
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  return `{${min},${max}}`;
}

/** In RE2's spelling, where only a match of the whole counts; each class is shown to `check` first. */
function spelled(sequence: Sequence, flags: number, check: (set: CodeSet) => void): string {
  return sequence
    .map((node) => {
      if (isUnit(node)) {
        const set = unitSet(node, flags);
        check(set);
        return classText(set);
      }
      switch (node.kind) {
        case 'group':
          return `(?:${spelled(node.body, changed(node, flags), check)})`;
        case 'branch':
          return `(?:${node.items.map((item) => spelled(item, flags, check)).join('|')})`;
        case 'repeat':
          if (node.mode === 'possessive') break;
          return `(?:${spelled(node.body, flags, check)})${counts(node.min, node.max === MAX_REPEAT ? Infinity : node.max)}`;
        default:
      }
      throw new Inexpressible('it looks around, back or at positions');
    })
    .join('');
}

function within(first: number, last: number, set: CodeSet): boolean {
  for (const [a, b] of set.ranges()) if (first >= a && first <= b) return last <= b;
  return false;
}

/** Code points as ranges, or as what is left of all others where that is shorter. */
export function classText(set: CodeSet): string {
  const spell = (s: CodeSet): string =>
    [...s.ranges()].map(([a, b]) => (a === b ? hex(a) : `${hex(a)}-${hex(b)}`)).join('');
  const not = set.not();
  if (not.bounds.length === 0) return '(?s:.)';
  return not.bounds.length < set.bounds.length ? `[^${spell(not)}]` : `[${spell(set)}]`;
}

const hex = (code: number): string => `\\x{${code.toString(16)}}`;
