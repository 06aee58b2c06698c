import { PyFloat, type PyValue } from '../../../pickle/values.js';

/** What stands by itself in a JsonNode. */
export type Atom = null | boolean | number | bigint | string | PyFloat;

export function isAtom(value: PyValue): value is Atom {
  return typeof value !== 'object' || value === null || value instanceof PyFloat;
}

/** Python's int, and not its float. No int is -0. */
export const isInt = (value: PyValue): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value) && !Object.is(value, -0));

/** As Python's `json.dumps` writes it, NaN and Infinity included. */
export function jsonText(value: PyValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof PyFloat) return floatText(value.value);
  if (typeof value === 'number' && !isInt(value)) return floatText(value);
  return value === null ? 'null' : `${value as number | bigint | boolean}`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
