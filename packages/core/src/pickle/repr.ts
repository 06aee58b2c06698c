import { PyByteArray, PyFloat, type PyValue } from './values.js';

/** Text and bytes longer than this are shortened where lines are for people. */
const SHOWN = 60;

/**
 * What Python's `repr` prints for the values that opcodes carry: numbers, text, bytes. With `full` false,
 * long ones are cut and their size is said.
 */
export function pyRepr(value: PyValue, full: boolean): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return textRepr(value, full);
  if (typeof value === 'bigint') return integerRepr(value, full);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatRepr(value);
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (value instanceof Uint8Array) return bytesRepr(value, full);
  if (value instanceof PyByteArray) return `bytearray(${bytesRepr(value.bytes, full, "'")})`;
  return Array.isArray(value) ? 'list' : value.kind;
}

function integerRepr(value: bigint, full: boolean): string {
  const text = value.toString();
  return full || text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} digits)`;
}

/** The shortest digits that read back as the same float, laid out as Python does. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [digits, power] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const width = String(Math.abs(exponent)).padStart(2, '0');
    return `${digits}e${exponent < 0 ? '-' : '+'}${width}`;
  }
  if (exponent >= 0) return Number.isInteger(value) ? `${BigInt(value)}.0` : String(value);
  // JavaScript writes these without an exponent down to 1e-6; Python down to 1e-4.
  return String(value);
}

/** What Python does not print as it is: other than letters, marks, numbers, punctuation, symbols and the blank. */
const unprintable = /[^\P{C}]|[\p{Zl}\p{Zp}\p{Zs}]/u;

function textRepr(text: string, full: boolean): string {
  const cut = !full && text.length > SHOWN;
  const shown = cut ? text.slice(0, SHOWN) : text;
  const quote = shown.includes("'") && !shown.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of shown) out += escaped(char, quote);
  out += quote;
  return cut ? `${out}… (${text.length} characters)` : out;
}

function escaped(char: string, quote: string): string {
  if (char === quote || char === '\\') return `\\${char}`;
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === '\t') return '\\t';
  if (char === ' ' || (char >= '!' && char <= '~')) return char;
  if (!unprintable.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** `escapes` is what bytearray's repr escapes whichever quote it chose; that of bytes, the quote it chose. */
function bytesRepr(bytes: Uint8Array, full: boolean, escapes?: string): string {
  const cut = !full && bytes.length > SHOWN / 2;
  const shown = cut ? bytes.subarray(0, SHOWN / 2) : bytes;
  const quote = shown.includes(0x27) && !shown.includes(0x22) ? '"' : "'";
  const parts: string[] = [];
  for (const byte of shown) {
    const char = String.fromCharCode(byte);
    if (byte >= 0x7f) parts.push(`\\x${byte.toString(16)}`);
    else if (byte >= 0x20) parts.push(char === (escapes ?? quote) || char === '\\' ? `\\${char}` : char);
    else if (byte === 9 || byte === 10 || byte === 13) parts.push(byte === 9 ? '\\t' : byte === 10 ? '\\n' : '\\r');
    else parts.push(`\\x${byte.toString(16).padStart(2, '0')}`);
  }
  const text = `b${quote}${parts.join('')}${quote}`;
  return cut ? `${text}… (${bytes.length} bytes)` : text;
}
