/**
 * `JSON.parse` for tables as Python writes them. Three things would be lost by it alone:
 *
 * - `NaN`, `Infinity` and `-Infinity`, which Python's json writes bare;
 * - integers beyond 2^53, such as 64-bit ids;
 * - the order of keys that look like numbers (`{"10": …, "2": …}`), which pandas writes for unnamed columns
 *   and for row labels, and which JavaScript objects sort.
 *
 * A text with any of these is rewritten before it is parsed, with marks that `cellOf` and `keyOf` take away.
 */

/** A private-use character: it stands before marked keys and integers, and is doubled where the text has it itself. */
const MARK = '\ue0b5';
const MARKED_INTEGER = `${MARK}i`;
const MARKED_TEXT = `${MARK}t`;

const needsRewriting = /NaN|Infinity|\d{16}|"\d+"\s*:|\ue0b5|\\u[eE]0[bB]5/;

/** Throws SyntaxError where the text is not JSON. */
export function parseJson(text: string): unknown {
  return JSON.parse(needsRewriting.test(text) ? rewritten(text) : text) as unknown;
}

/** A parsed value freed from marks: integers beyond 2^53 are bigint, NaN is null. */
export function cellOf(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
  if (value.startsWith(MARKED_INTEGER)) return BigInt(value.slice(MARKED_INTEGER.length));
  return value.slice(MARKED_TEXT.length);
}

/** An object's key freed from its mark. */
export function keyOf(key: string): string {
  return key.startsWith(MARK) ? key.slice(MARKED_TEXT.length) : key;
}

/** More digits than this are no integer but noise; BigInt takes time square in them (CWE-400). */
const MAX_INTEGER_DIGITS = 400;

function rewritten(text: string): string {
  const out: string[] = [];
  // Strings, Python's words, numbers.
  const token = /"|-?Infinity|NaN|-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/g;
  let copied = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [word] = found;
    const start = found.index;
    if (word === '"') {
      const end = stringEnd(text, start + 1);
      // Left open: JSON.parse says so.
      if (end < 0) break;
      const inside = text.slice(start + 1, end);
      const isKey = /^\s*:/.test(text.slice(end + 1, end + 1 + LONGEST_GAP));
      if ((isKey && /^\d+$/.test(inside)) || inside.startsWith(MARK) || /^\\u[eE]0[bB]5/.test(inside)) {
        out.push(text.slice(copied, start), '"', MARKED_TEXT, inside, '"');
        copied = end + 1;
      }
      token.lastIndex = end + 1;
    } else if (word === 'NaN') {
      out.push(text.slice(copied, start), 'null');
      copied = token.lastIndex;
    } else if (word.endsWith('Infinity')) {
      // The same number in JSON's own grammar.
      out.push(text.slice(copied, start), word.startsWith('-') ? '-1e999' : '1e999');
      copied = token.lastIndex;
    } else if (/^-?[1-9]\d*$/.test(word) && word.length <= MAX_INTEGER_DIGITS && !Number.isSafeInteger(Number(word))) {
      out.push(text.slice(copied, start), '"', MARKED_INTEGER, word, '"');
      copied = token.lastIndex;
    }
  }
  out.push(text.slice(copied));
  return out.join('');
}

/** White space looked at between a key and its colon. */
const LONGEST_GAP = 64;

function stringEnd(text: string, from: number): number {
  for (let at = from; ;) {
    const end = text.indexOf('"', at);
    if (end < 0) return -1;
    let slashes = 0;
    while (end - 1 - slashes >= from && text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end;
    at = end + 1;
  }
}
