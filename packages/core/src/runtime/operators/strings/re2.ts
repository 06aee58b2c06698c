import { BrineError } from '../../../errors.js';
import { compilePattern, Flag, type Pattern } from '../../../text/index.js';

/**
 * RE2 patterns (https://github.com/google/re2/wiki/Syntax), as ONNX uses them, by the engine for Python's: what both
 * spell alike is passed on, what differs is respelt, and what cannot be said exactly is refused by name.
 */
export function re2(pattern: string): Pattern {
  return compilePattern(translated(pattern), Flag.ASCII);
}

/** Whether all of the text matches. */
export function fullMatcher(pattern: string): (text: string) => boolean {
  const compiled = compilePattern(String.raw`\A(?:${translated(pattern)})\Z`, Flag.ASCII);
  return (text) => compiled.match(text) !== undefined;
}

function refuse(what: string, pattern: string): never {
  throw new BrineError('UNSUPPORTED', `${what} in the RE2 pattern ${JSON.stringify(pattern.slice(0, 100))}`);
}

/** Python's spelling of an escape outside and inside brackets; undefined: the same. */
const escapes: ReadonlyMap<string, readonly [outside: string, inside: string | undefined]> = new Map([
  ['z', [String.raw`\Z`, undefined]],
  ['a', [String.raw`\x07`, String.raw`\x07`]],
  // RE2's \s has no vertical tab.
  ['s', [String.raw`[\t\n\f\r ]`, String.raw`\t\n\f\r `]],
  ['S', [String.raw`[^\t\n\f\r ]`, undefined]],
]);

const posix: ReadonlyMap<string, string> = new Map([
  ['alnum', '0-9A-Za-z'],
  ['alpha', 'A-Za-z'],
  ['ascii', String.raw`\x00-\x7f`],
  ['blank', String.raw`\t `],
  ['cntrl', String.raw`\x00-\x1f\x7f`],
  ['digit', '0-9'],
  ['graph', String.raw`!-\x7e`],
  ['lower', 'a-z'],
  ['print', String.raw` -\x7e`],
  ['punct', String.raw`!-/:-@\[-` + '`' + String.raw`{-~`],
  ['space', String.raw`\t\n\v\f\r `],
  ['upper', 'A-Z'],
  ['word', '0-9A-Za-z_'],
  ['xdigit', '0-9A-Fa-f'],
]);

/** Groups capture nothing here: only what matches is asked for. */
function translated(pattern: string): string {
  let out = '';
  for (let i = 0; i < pattern.length;) {
    const c = pattern[i];
    if (c === '\\') {
      const { text, next } = escaped(pattern, i, false);
      out += text;
      i = next;
    } else if (c === '[') {
      const { text, next } = bracket(pattern, i);
      out += text;
      i = next;
    } else if (c === '(') {
      const named = /^\(\?P?<[A-Za-z_]\w*>/.exec(pattern.slice(i));
      if (named) i += named[0].length;
      else if (pattern.startsWith('(?:', i)) i += 3;
      else if (pattern[i + 1] === '?') refuse('a group with flags or a look around', pattern);
      else i++;
      out += '(?:';
    } else if (c === '$') {
      // Python's $ also matches before a newline at the end.
      out += String.raw`\Z`;
      i++;
    } else {
      const quantifier = /^[*+?}]\+/.exec(pattern.slice(i));
      if (quantifier) refuse('a doubled repetition', pattern);
      out += c;
      i++;
    }
  }
  return out;
}

function escaped(pattern: string, at: number, inside: boolean): { text: string; next: number } {
  const c = pattern[at + 1];
  if (c === undefined) return { text: '\\', next: at + 1 };
  const known = escapes.get(c);
  if (known) {
    const text = known[inside ? 1 : 0];
    if (text === undefined) refuse(`\\${c} in brackets`, pattern);
    return { text: text, next: at + 2 };
  }
  if (c === 'Q') {
    const end = pattern.indexOf('\\E', at + 2);
    const literal = pattern.slice(at + 2, end < 0 ? undefined : end);
    return { text: literal.replaceAll(/[^A-Za-z0-9_]/gu, (x) => `\\${x}`), next: end < 0 ? pattern.length : end + 2 };
  }
  const hex = /^\\x\{([0-9A-Fa-f]{1,6})\}/.exec(pattern.slice(at));
  if (hex) return { text: `\\U${hex[1].padStart(8, '0')}`, next: at + hex[0].length };
  if (/[1-9]/.test(c) || 'pPCGKXRuUN<>'.includes(c)) refuse(`\\${c}`, pattern);
  return { text: `\\${c}`, next: at + 2 };
}

function bracket(pattern: string, at: number): { text: string; next: number } {
  let i = at + 1;
  let out = '[';
  if (pattern[i] === '^') {
    out += '^';
    i++;
  }
  for (let first = true; i < pattern.length; first = false) {
    const c = pattern[i];
    if (c === ']' && !first) return { text: `${out}]`, next: i + 1 };
    if (c === '[' && pattern[i + 1] === ':') {
      const name = /^\[:(\^?)(\w+):\]/.exec(pattern.slice(i));
      const set = name && posix.get(name[2]);
      if (!name || !set || name[1] === '^') refuse('a named class', pattern);
      else {
        out += set;
        i += name[0].length;
      }
    } else if (c === '\\') {
      const { text, next } = escaped(pattern, i, true);
      out += text;
      i = next;
    } else {
      out += c === '[' || (c === ']' && first) ? `\\${c}` : c;
      i++;
    }
  }
  return refuse('an open bracket', pattern);
}
