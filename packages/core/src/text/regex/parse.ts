import type { Place } from '../../errors.js';
import { Flag, MAX_REPEAT, TYPE_FLAGS, widthOf } from './ast.js';
import type { Node, ParsedPattern, RepeatMode, Sequence, SetItem, Width } from './ast.js';
import { classEscape, escapeNode, type GroupState } from './escape.js';
import { PatternTokens } from './tokens.js';

/** Groups inside groups: Python's own parser gives up at a few hundred; we must not overflow our stack (CWE-674). */
export const PATTERN_NESTING_LIMIT = 250;

const flagLetters = new Map<string, number>([
  ['i', Flag.IGNORECASE],
  ['L', Flag.LOCALE],
  ['m', Flag.MULTILINE],
  ['s', Flag.DOTALL],
  ['x', Flag.VERBOSE],
  ['a', Flag.ASCII],
  ['u', Flag.UNICODE],
]);

const WHITESPACE = new Set(' \t\n\r\v\f');
const IDENTIFIER = /^[_\p{XID_Start}]\p{XID_Continue}*$/u;
const DIGIT = /^[0-9]$/;

/**
 * Parses a str pattern as Python 3.11's `re` does, including what it does to a pattern while parsing:
 * common prefixes of alternatives are moved out, alternatives of single characters become one set.
 */
export function parsePattern(pattern: string, flags: number, place: Place): ParsedPattern {
  return new Parser(pattern, flags, place).parse();
}

interface GroupHead {
  readonly kind: 'capture' | 'plain' | 'atomic';
  readonly name?: string;
  readonly addFlags: number;
  readonly deleteFlags: number;
}

const plain = { addFlags: 0, deleteFlags: 0 };

class Parser implements GroupState {
  readonly #tokens: PatternTokens;
  #flags: number;
  readonly #groupNames = new Map<string, number>();
  readonly #groupWidths: (Width | undefined)[] = [undefined];
  readonly #laterReferences: number[] = [];
  /** Inside a look-behind: the number of groups opened before it. */
  #groupsBeforeLookBehind: number | undefined;

  constructor(pattern: string, flags: number, place: Place) {
    this.#tokens = new PatternTokens(pattern, place);
    this.#flags = flags;
  }

  parse(): ParsedPattern {
    const root = this.#alternatives((this.#flags & Flag.VERBOSE) !== 0, 0);
    if (this.#tokens.next !== '') throw this.#tokens.error('unbalanced parenthesis');
    if ((this.#flags & Flag.LOCALE) !== 0) throw this.#tokens.error('cannot use LOCALE flag with a str pattern');
    if ((this.#flags & Flag.ASCII) === 0) this.#flags |= Flag.UNICODE;
    else if ((this.#flags & Flag.UNICODE) !== 0) throw this.#tokens.error('ASCII and UNICODE flags are incompatible');
    for (const group of this.#laterReferences) {
      if (group >= this.#groupWidths.length) throw this.#tokens.error(`invalid group reference ${group}`);
    }
    return {
      root,
      flags: this.#flags,
      groups: this.#groupWidths.length - 1,
      groupNames: this.#groupNames,
      groupWidths: this.#groupWidths,
    };
  }

  checkReference(group: number): void {
    if (group >= this.#groupWidths.length) throw this.#tokens.error(`invalid group reference ${group}`);
    if (this.#groupWidths[group] === undefined) throw this.#tokens.error('cannot refer to an open group');
    this.#checkLookBehind(group);
  }

  #checkLookBehind(group: number): void {
    if (this.#groupsBeforeLookBehind === undefined) return;
    if (this.#groupWidths[group] === undefined) throw this.#tokens.error('cannot refer to an open group');
    if (group >= this.#groupsBeforeLookBehind) {
      throw this.#tokens.error('cannot refer to group defined in the same lookbehind subpattern');
    }
  }

  /** `a|b|c` */
  #alternatives(verbose: boolean, nesting: number): Sequence {
    if (nesting > PATTERN_NESTING_LIMIT) {
      throw this.#tokens.limit(`nests groups deeper than PATTERN_NESTING_LIMIT (${PATTERN_NESTING_LIMIT})`);
    }
    const items: Sequence[] = [];
    for (;;) {
      items.push(this.#sequence(verbose, nesting, nesting === 0 && items.length === 0));
      if (!this.#tokens.match('|')) break;
      if (nesting === 0) verbose = (this.#flags & Flag.VERBOSE) !== 0;
    }
    return items.length === 1 ? items[0] : joinAlternatives(items);
  }

  /** One alternative. `first`: global flags may stand at its beginning. */
  #sequence(verbose: boolean, nesting: number, first: boolean): Sequence {
    const tokens = this.#tokens;
    const sequence: Sequence = [];
    while (tokens.next !== '' && tokens.next !== '|' && tokens.next !== ')') {
      const token = tokens.get();
      if (verbose && WHITESPACE.has(token)) continue;
      if (verbose && token === '#') {
        for (let c = tokens.get(); c !== '' && c !== '\n';) c = tokens.get();
        continue;
      }
      if (token.startsWith('\\')) sequence.push(escapeNode(tokens, token, this));
      else if (token === '[') sequence.push(this.#set());
      else if (token === '.') sequence.push({ kind: 'any' });
      else if (token === '^') sequence.push({ kind: 'at', at: 'beginning' });
      else if (token === '$') sequence.push({ kind: 'at', at: 'end' });
      else if (token === '(') {
        const node = this.#group(verbose, nesting, first && sequence.length === 0);
        if (node === 'flags') verbose = (this.#flags & Flag.VERBOSE) !== 0;
        else if (node !== 'comment') sequence.push(node);
      } else if (token === '*' || token === '+' || token === '?' || token === '{') {
        this.#repeat(token, sequence);
      } else sequence.push({ kind: 'literal', code: token.codePointAt(0) as number });
    }
    return sequence.flatMap((node) => (isBareGroup(node) ? node.body : [node]));
  }

  #set(): Node {
    const tokens = this.#tokens;
    const negate = tokens.match('^');
    const items: SetItem[] = [];
    const member = (token: string): SetItem =>
      token.startsWith('\\') ? classEscape(tokens, token) : { kind: 'literal', code: token.codePointAt(0) as number };
    for (;;) {
      const token = tokens.get();
      if (token === '') throw tokens.error('unterminated character set');
      if (token === ']' && items.length > 0) break;
      const low = member(token);
      if (!tokens.match('-')) {
        items.push(low);
        continue;
      }
      const end = tokens.get();
      if (end === '') throw tokens.error('unterminated character set');
      if (end === ']') {
        items.push(low, { kind: 'literal', code: 0x2d });
        break;
      }
      const high = member(end);
      if (low.kind !== 'literal' || high.kind !== 'literal' || high.code < low.code) {
        throw tokens.error(`bad character range ${token}-${end}`);
      }
      items.push({ kind: 'range', first: low.code, last: high.code });
    }
    const unique = uniqueItems(items);
    if (unique.length === 1 && unique[0].kind === 'literal') {
      return { kind: negate ? 'notLiteral' : 'literal', code: unique[0].code };
    }
    return { kind: 'in', negate, items: unique };
  }

  #repeat(token: string, sequence: Sequence): void {
    const tokens = this.#tokens;
    let min = 0;
    let max = MAX_REPEAT;
    if (token === '?') max = 1;
    else if (token === '+') min = 1;
    else if (token === '{') {
      const here = tokens.tell();
      const low = tokens.getWhile(Infinity, DIGIT);
      const high = tokens.match(',') ? tokens.getWhile(Infinity, DIGIT) : low;
      // `{}`, `{a}`, `{2` mean themselves.
      const isEmpty = tokens.tell() === here;
      if (isEmpty || !tokens.match('}')) {
        tokens.seek(here);
        sequence.push({ kind: 'literal', code: 0x7b });
        return;
      }
      if (low !== '') min = this.#count(low);
      if (high !== '') max = this.#count(high);
      if (max < min) throw tokens.error('min repeat greater than max repeat');
    }
    const item = sequence.pop();
    if (item === undefined || item.kind === 'at') throw tokens.error('nothing to repeat');
    if (item.kind === 'repeat') throw tokens.error('multiple repeat');
    const mode: RepeatMode = tokens.match('?') ? 'lazy' : tokens.match('+') ? 'possessive' : 'greedy';
    sequence.push({ kind: 'repeat', mode, min, max, body: isBareGroup(item) ? item.body : [item] });
  }

  #count(digits: string): number {
    const count = Number(digits);
    if (count >= MAX_REPEAT) throw this.#tokens.error('the repetition number is too large');
    return count;
  }

  /** After `(`. */
  #group(verbose: boolean, nesting: number, flagsAllowed: boolean): Node | 'comment' | 'flags' {
    const tokens = this.#tokens;
    const head = tokens.match('?') ? this.#extension(verbose, nesting, flagsAllowed) : captureHead;
    if (typeof head === 'string') return head;
    if ('node' in head) return head.node;

    let group = 0;
    if (head.kind === 'capture') {
      group = this.#groupWidths.push(undefined) - 1;
      if (head.name !== undefined) {
        if (this.#groupNames.has(head.name)) throw tokens.error(`redefinition of group name '${head.name}'`);
        this.#groupNames.set(head.name, group);
      }
    }
    const { addFlags, deleteFlags } = head;
    const isVerbose = (verbose || (addFlags & Flag.VERBOSE) !== 0) && (deleteFlags & Flag.VERBOSE) === 0;
    const body = this.#alternatives(isVerbose, nesting + 1);
    this.#close();
    if (group > 0) this.#groupWidths[group] = widthOf(body, this.#groupWidths);
    return head.kind === 'atomic' ? { kind: 'atomic', body } : { kind: 'group', group, addFlags, deleteFlags, body };
  }

  #close(): void {
    if (!this.#tokens.match(')')) throw this.#tokens.error('missing ), unterminated subpattern');
  }

  /** After `(?`. */
  #extension(
    verbose: boolean,
    nesting: number,
    flagsAllowed: boolean,
  ): GroupHead | { readonly node: Node } | 'comment' | 'flags' {
    const tokens = this.#tokens;
    const token = tokens.get();
    switch (token) {
      case '':
        throw tokens.error('unexpected end of pattern');
      case 'P':
        if (tokens.match('<')) return { kind: 'capture', name: this.#groupName('>'), ...plain };
        if (tokens.match('=')) return { node: this.#namedReference() };
        throw tokens.error(`unknown extension ?P${tokens.next}`);
      case ':':
        return { kind: 'plain', ...plain };
      case '>':
        return { kind: 'atomic', ...plain };
      case '#':
        for (let c = tokens.get(); c !== ')'; c = tokens.get()) {
          if (c === '') throw tokens.error('missing ), unterminated comment');
        }
        return 'comment';
      case '=':
      case '!':
        return { node: this.#assertion(token === '!', false, verbose, nesting) };
      case '<': {
        const kind = tokens.get();
        if (kind !== '=' && kind !== '!') throw tokens.error(`unknown extension ?<${kind}`);
        return { node: this.#assertion(kind === '!', true, verbose, nesting) };
      }
      case '(':
        return { node: this.#conditional(verbose, nesting) };
      default:
        if (!flagLetters.has(token) && token !== '-') throw tokens.error(`unknown extension ?${token}`);
        return this.#inlineFlags(token, flagsAllowed);
    }
  }

  #groupName(terminator: string): string {
    const name = this.#tokens.getUntil(terminator, 'group name');
    if (!IDENTIFIER.test(name)) throw this.#tokens.error(`bad character in group name '${name}'`);
    return name;
  }

  #namedReference(): Node {
    const name = this.#groupName(')');
    const group = this.#groupNames.get(name);
    if (group === undefined) throw this.#tokens.error(`unknown group name '${name}'`);
    this.checkReference(group);
    return { kind: 'backreference', group };
  }

  #assertion(negate: boolean, behind: boolean, verbose: boolean, nesting: number): Node {
    const outermost = behind && this.#groupsBeforeLookBehind === undefined;
    if (outermost) this.#groupsBeforeLookBehind = this.#groupWidths.length;
    const body = this.#alternatives(verbose, nesting + 1);
    if (outermost) this.#groupsBeforeLookBehind = undefined;
    this.#close();
    if (behind) {
      const [least, most] = widthOf(body, this.#groupWidths);
      if (least > MAX_REPEAT) throw this.#tokens.error('looks too much behind');
      if (least !== most) throw this.#tokens.error('look-behind requires fixed-width pattern');
    }
    return { kind: 'assert', negate, behind, body };
  }

  /** After `(?(`. */
  #conditional(verbose: boolean, nesting: number): Node {
    const tokens = this.#tokens;
    const name = tokens.getUntil(')', 'group name');
    let group = this.#groupNames.get(name);
    if (group === undefined) {
      if (IDENTIFIER.test(name)) throw tokens.error(`unknown group name '${name}'`);
      if (!/^[0-9]{1,10}$/.test(name)) throw tokens.error(`bad character in group name '${name}'`);
      group = Number(name);
      if (group === 0) throw tokens.error('bad group number');
      this.#laterReferences.push(group);
    }
    this.#checkLookBehind(group);
    if (nesting >= PATTERN_NESTING_LIMIT) {
      throw tokens.limit(`nests groups deeper than PATTERN_NESTING_LIMIT (${PATTERN_NESTING_LIMIT})`);
    }
    const yes = this.#sequence(verbose, nesting + 1, false);
    let no: Sequence = [];
    if (tokens.match('|')) {
      no = this.#sequence(verbose, nesting + 1, false);
      if (tokens.next === '|') throw tokens.error('conditional backref with more than two branches');
    }
    this.#close();
    return { kind: 'conditional', group, yes, no };
  }

  /** `(?im)`, `(?i-s:…)`: `letter` is what follows the question mark. */
  #inlineFlags(letter: string, flagsAllowed: boolean): GroupHead | 'flags' {
    const tokens = this.#tokens;
    let addFlags = 0;
    let deleteFlags = 0;
    let token = letter;
    for (; token !== ')' && token !== '-' && token !== ':'; token = tokens.get()) {
      const flag = this.#flagOf(token, 'missing -, : or )');
      if (flag === Flag.LOCALE) throw tokens.error("bad inline flags: cannot use 'L' flag with a str pattern");
      addFlags |= flag;
      if ((flag & TYPE_FLAGS) !== 0 && (addFlags & TYPE_FLAGS) !== flag) {
        throw tokens.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
      }
    }
    if (token === ')') {
      if (!flagsAllowed) throw tokens.error('global flags not at the start of the expression');
      this.#flags |= addFlags;
      return 'flags';
    }
    if (token === '-') {
      token = tokens.get();
      if (token === ':') throw tokens.error('missing flag');
      for (; token !== ':'; token = tokens.get()) {
        const flag = this.#flagOf(token, 'missing :');
        if ((flag & TYPE_FLAGS) !== 0) {
          throw tokens.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
        }
        deleteFlags |= flag;
      }
    }
    if ((addFlags & deleteFlags) !== 0) throw tokens.error('bad inline flags: flag turned on and off');
    return { kind: 'plain', addFlags, deleteFlags };
  }

  #flagOf(token: string, otherwise: string): number {
    const flag = flagLetters.get(token);
    if (flag === undefined) throw this.#tokens.error(/^\p{L}$/u.test(token) ? 'unknown flag' : otherwise);
    return flag;
  }
}

const captureHead: GroupHead = { kind: 'capture', ...plain };

function isBareGroup(node: Node): node is Extract<Node, { kind: 'group' }> {
  return node.kind === 'group' && node.group === 0 && node.addFlags === 0 && node.deleteFlags === 0;
}

function itemKey(item: SetItem): string {
  switch (item.kind) {
    case 'literal':
      return `l${item.code}`;
    case 'range':
      return `r${item.first}-${item.last}`;
    case 'category':
      return `${item.negate ? 'n' : 'c'}${item.category}`;
  }
}

function uniqueItems(items: readonly SetItem[]): SetItem[] {
  return [...new Map(items.map((item) => [itemKey(item), item])).values()];
}

/** Equal keys mean equal nodes; nodes that hold sequences are never equal to one another, as in Python. */
function nodeKey(node: Node | undefined): string | undefined {
  switch (node?.kind) {
    case 'literal':
    case 'notLiteral':
      return `${node.kind}${node.code}`;
    case 'any':
      return 'any';
    case 'at':
      return node.at;
    case 'in':
      return `in${node.negate}${node.items.map(itemKey).join()}`;
    case 'backreference':
      return `group${node.group}`;
    default:
      return undefined;
  }
}

/** What Python makes of alternatives: a common prefix is moved out, single characters become a set. */
function joinAlternatives(items: readonly Sequence[]): Sequence {
  let common = 0;
  for (; ; common++) {
    const key = nodeKey(items[0][common]);
    if (key === undefined || items.some((item) => nodeKey(item[common]) !== key)) break;
  }
  const joined = items[0].slice(0, common);
  const rests = items.map((item) => item.slice(common));
  const characters: SetItem[] = [];
  for (const rest of rests) {
    const node = rest[0];
    if (rest.length === 1 && node.kind === 'literal') characters.push({ kind: 'literal', code: node.code });
    else if (rest.length === 1 && node.kind === 'in' && !node.negate) characters.push(...node.items);
    else return [...joined, { kind: 'branch', items: rests }];
  }
  return [...joined, { kind: 'in', negate: false, items: uniqueItems(characters) }];
}
