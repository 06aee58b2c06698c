import { BrineError } from '../../errors.js';
import { PyDict, PyTuple, type PyValue } from '../../pickle/values.js';

/** `.npy` headers nest as deep as dtypes do; more is a stack bomb (CWE-674). */
const MAX_DEPTH = 64;

/**
 * A Python literal as `.npy` headers hold it: dicts, tuples, lists, strings (`'…'`, `u'…'`, `b'…'`), whole
 * numbers (Python 2's `3L` too), True, False, None. Nothing is evaluated. Throws CORRUPT with the position.
 */
export function parseLiteral(text: string): PyValue {
  let at = 0;
  const fail = (what: string): never => {
    throw new BrineError('CORRUPT', `the header of an .npy file has ${what} at character ${at}`);
  };
  const skip = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text[at])) at++;
  };
  const peek = (): string => {
    skip();
    return text[at] ?? fail('its end');
  };
  const expect = (char: string): void => {
    if (peek() !== char) fail(`${JSON.stringify(text[at])} in place of ${JSON.stringify(char)}`);
    at++;
  };

  const string = (): string => {
    if ('ub'.includes(text[at])) at++;
    const quote = text[at++];
    let out = '';
    while (at < text.length && text[at] !== quote) {
      if (text[at] === '\\') {
        const [escape, char] = escaped(text, at) ?? fail('an escape that is not read');
        out += char;
        at += escape;
      } else out += text[at++];
    }
    if (at >= text.length) fail('an open string');
    at++;
    return out;
  };

  /** Items up to `close`; a lone item without a comma is what brackets hold, not a tuple. */
  const items = (close: string, depth: number): { list: PyValue[]; comma: boolean } => {
    const list: PyValue[] = [];
    let comma = false;
    at++;
    while (peek() !== close) {
      list.push(value(depth + 1));
      comma = peek() === ',';
      if (comma) at++;
      else break;
    }
    expect(close);
    return { list, comma };
  };

  const dict = (depth: number): PyDict => {
    const out = new PyDict();
    at++;
    while (peek() !== '}') {
      const key = value(depth + 1);
      expect(':');
      out.set(key, value(depth + 1));
      if (peek() !== ',') break;
      at++;
    }
    expect('}');
    return out;
  };

  const value = (depth: number): PyValue => {
    if (depth > MAX_DEPTH) fail(`more than ${MAX_DEPTH} levels`);
    const char = peek();
    if (char === '{') return dict(depth);
    if (char === '[') return items(']', depth).list;
    if (char === '(') {
      const { list, comma } = items(')', depth);
      return list.length === 1 && !comma ? list[0] : new PyTuple(list);
    }
    if (char === "'" || char === '"' || /^[ub]['"]/.test(text.slice(at, at + 2))) return string();
    const word = /^(?:True|False|None|-?\d{1,16}(?=L?\b)L?)/.exec(text.slice(at, at + 20))?.[0];
    if (word === undefined) return fail(JSON.stringify(char));
    at += word.length;
    if (word === 'None') return null;
    return word === 'True' ? true : word === 'False' ? false : Number.parseInt(word, 10);
  };

  const result = value(0);
  skip();
  if (at < text.length) fail(`${JSON.stringify(text[at])} after its end`);
  return result;
}

/** The length of the escape at `at`, and what it stands for. */
function escaped(text: string, at: number): [number, string] | undefined {
  const hex = /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(text.slice(at, at + 6));
  if (hex) return [hex[0].length, String.fromCharCode(Number.parseInt(hex[1] ?? hex[2], 16))];
  const char = text[at + 1];
  const plain: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
  return Object.hasOwn(plain, char) ? [2, plain[char]] : undefined;
}
