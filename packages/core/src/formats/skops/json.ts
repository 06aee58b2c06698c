import { BrineError } from '../../errors.js';
import { PyFloat, pyFloat } from '../../pickle/values.js';

/** What JSON holds beside lists and objects: ints and floats apart, as Python's `json` keeps them, ints exact. */
export type JsonScalar = null | boolean | number | bigint | string | PyFloat;

/** Makes the objects that the text describes, member by member. `V` is any value: a scalar, a list of V, an O. */
export interface Objects<V, O extends object> {
  readonly make: () => O;
  /** Adds a member, whose value, if it is a scalar, is `text.slice(from, to)`; false if there is one of that name. */
  readonly add: (object: O, key: string, value: V, from: number, to: number) => boolean;
  /** True if equal texts may become one and the same object. */
  readonly shared?: boolean;
  /** Hears that `object`, an item of a list, is `text.slice(from, to)`. */
  readonly ended?: (object: O, from: number, to: number) => void;
  /** The object that begins at `at` behind the items of a list, if it need not be read; `end` is where it ends. */
  readonly skip?: (items: readonly V[], text: string, at: number) => { value: O; end: number } | undefined;
}

/** Python 3.11's own limit on the digits of an int; reading more takes quadratic time (CWE-1333, CWE-400). */
const MAX_DIGITS = 4300;

/** Only short objects are kept to be compared with what follows. */
const REPEATED = 1024;

/** As many digits of an int are always exact in a double. */
export const EXACT_DIGITS = 15;

/**
 * How much a text may hold (CWE-400, CWE-789): a few letters of JSON become some hundred bytes of memory. A list or an
 * object weighs 32, a member of an object 8, an item of a list 2; a forest of ten thousand trees comes to a third.
 * (A Map of V8's has at most 2^24 entries, a heap mostly 4 GB.)
 */
const MAX_WEIGHT = 2 ** 27;
const [CONTAINER_WEIGHT, MEMBER_WEIGHT, ITEM_WEIGHT] = [32, 8, 2];

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

const words: readonly (readonly [string, () => null | boolean | PyFloat])[] = [
  ['true', () => true],
  ['false', () => false],
  ['null', () => null],
  ['NaN', () => new PyFloat(NaN)],
  ['Infinity', () => new PyFloat(Infinity)],
  ['-Infinity', () => new PyFloat(-Infinity)],
];

const escapes: Readonly<Record<string, string | undefined>> = Object.assign(
  Object.create(null) as Record<string, string>,
  { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
);

const [QUOTE, BACKSLASH, SPACE, COMMA, COLON] = [0x22, 0x5c, 0x20, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [ZERO, NINE, POINT, LETTER_E, LOWER] = [0x30, 0x39, 0x2e, 0x65, 0x20];
const [TAB, NEWLINE, RETURN] = [9, 10, 13];

/**
 * Reads JSON as Python's `json.loads` does, with its NaN and Infinity. JavaScript's own parser would round ints,
 * forget which numbers are floats, and sort keys that look like numbers. Objects become what `Objects` makes of them.
 *
 * Nothing recurses. Throws CORRUPT with the place in the text, also for a key that occurs twice: readers differ
 * in which one they take (CWE-694). `where` is what messages call the text.
 */
export function parseJson<V, O extends object>(text: string, objects: Objects<V, O>, where: string): V {
  const { make, add, shared = false, ended, skip: skipped } = objects;
  /** Open lists and objects; for objects, `keys` holds the key whose value is being read. */
  const open: (V[] | O)[] = [];
  /** Where each of them began. */
  const starts: number[] = [];
  /** The text and value of the object read last: in lists, many are followed by their like. */
  let lastText = '';
  let last: O | undefined;
  const keys: string[] = [];
  let at = 0;
  let weight = 0;

  const fail = (what: string): never => {
    throw new BrineError('CORRUPT', `${where} is no JSON: ${what} at character ${at} of ${text.length}`);
  };
  // Local counters: a variable that closures share costs memory at each step.
  const skip = (): number => {
    let i = at;
    let code = text.charCodeAt(i);
    while (code === SPACE || code === NEWLINE || code === TAB || code === RETURN) code = text.charCodeAt(++i);
    at = i;
    return code;
  };

  /** The string that begins at the quote at `at`. */
  const string = (): string => {
    const start = ++at;
    let i = start;
    let code = text.charCodeAt(i);
    while (code !== QUOTE && code !== BACKSLASH && code >= SPACE) code = text.charCodeAt(++i);
    // Most strings hold nothing that is escaped.
    if (code === QUOTE) {
      at = i + 1;
      return text.slice(start, i);
    }
    const parts: string[] = [];
    let from = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      // A character beyond the end is NaN, which no comparison holds of.
      if (!(code >= SPACE)) fail('a string with a control character, or without an end');
      if (code !== BACKSLASH) {
        at++;
        continue;
      }
      parts.push(text.slice(from, at));
      const letter = text[at + 1] ?? '';
      const char = escapes[letter];
      if (char !== undefined) {
        parts.push(char);
        at += 2;
      } else {
        const hex = text.slice(at + 2, at + 6);
        if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) fail('an escape that JSON does not have');
        parts.push(String.fromCharCode(Number.parseInt(hex, 16)));
        at += 6;
      }
      from = at;
    }
    parts.push(text.slice(from, at++));
    return parts.join('');
  };

  const scalar = (code: number): JsonScalar => {
    if (code > ZERO && code <= NINE) {
      // Most numbers are ids: a few digits and nothing else.
      let n = 0;
      let end = at;
      for (let digit = code; digit >= ZERO && digit <= NINE; digit = text.charCodeAt(end)) {
        n = n * 10 + (digit - ZERO);
        if (++end - at > EXACT_DIGITS) break;
      }
      const behind = text.charCodeAt(end);
      if (end - at <= EXACT_DIGITS && behind !== POINT && (behind | LOWER) !== LETTER_E) {
        at = end;
        return n;
      }
    }
    for (const [word, value] of words) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return value();
      }
    }
    NUMBER.lastIndex = at;
    const match = NUMBER.exec(text);
    if (!match) return fail(at < text.length ? JSON.stringify(text[at]) : 'its end');
    const [digits, fraction, exponent] = match;
    if (fraction !== undefined || exponent !== undefined) {
      at += digits.length;
      return pyFloat(Number(digits));
    }
    if (digits.length > MAX_DIGITS) fail(`an int of more than ${MAX_DIGITS} digits`);
    at += digits.length;
    const n = Number(digits);
    // No int is -0.
    return Number.isSafeInteger(n) ? n + 0 : BigInt(digits);
  };

  const key = (): void => {
    if (skip() !== QUOTE) fail('no key');
    const name = string();
    if (skip() !== COLON) fail('no colon');
    at++;
    keys.push(name);
  };

  for (;;) {
    // A value begins here.
    const code = skip();
    let value: JsonScalar | V[] | O;
    const from = at;
    if (code === OPEN_OBJECT || code === OPEN_LIST) weight += CONTAINER_WEIGHT;
    if (weight > MAX_WEIGHT)
      throw new BrineError('LIMIT', `${where} holds more than is read: by character ${at} of ${text.length}`);
    if (code === QUOTE) value = string();
    else if (code === OPEN_OBJECT) {
      const items = open[open.length - 1];
      const known = skipped && Array.isArray(items) && items.length > 0 ? skipped(items, text, at) : undefined;
      if (known) {
        at = known.end;
        value = known.value;
      } else if (shared && last !== undefined && Array.isArray(items) && text.startsWith(lastText, at)) {
        at += lastText.length;
        value = last;
      } else {
        starts.push(at);
        at++;
        const container = make();
        if (skip() === CLOSE_OBJECT) {
          at++;
          starts.pop();
          value = container;
        } else {
          open.push(container);
          key();
          continue;
        }
      }
    } else if (code === OPEN_LIST) {
      at++;
      const container: V[] = [];
      if (skip() === CLOSE_LIST) {
        at++;
        value = container;
      } else {
        open.push(container);
        continue;
      }
    } else value = scalar(code);

    // It ended: so may what holds it.
    const to = at;
    for (;;) {
      const container = open[open.length - 1];
      const next = skip();
      if (container === undefined) {
        if (at < text.length) fail(`${JSON.stringify(text[at])} behind its end`);
        return value as V;
      }
      const isList = Array.isArray(container);
      weight += isList ? ITEM_WEIGHT : MEMBER_WEIGHT;
      if (isList) container.push(value as V);
      else {
        const name = keys.pop()!;
        if (!add(container, name, value as V, from, to))
          fail(`the key ${JSON.stringify(name.slice(0, 80))} for the second time, before`);
      }
      if (next === COMMA) {
        at++;
        if (!isList) key();
        break;
      }
      if (next !== (isList ? CLOSE_LIST : CLOSE_OBJECT)) fail('neither a comma nor a closing bracket');
      at++;
      open.pop();
      value = container;
      if (!isList) {
        const start = starts.pop()!;
        if (ended && Array.isArray(open[open.length - 1])) ended(container, start, at);
        if (shared && at - start <= REPEATED) {
          lastText = text.slice(start, at);
          last = container;
        }
      }
    }
  }
}
