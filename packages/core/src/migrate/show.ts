import { PyDict, PyFloat, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { NdArray, NumpyScalar } from '../python/ndarray.js';
import { numberOf } from '../python/elements.js';

/** Characters of a text, and items of a sequence, that a message shows. */
const SHOWN = 40;
const ITEMS = 4;

/** A value in a few words, as Python would write it. */
export function reprOf(value: PyValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return `'${value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value}'`;
  if (value instanceof PyFloat) return floatText(value.value);
  if (value instanceof NumpyScalar) return floatText(numberOf(value) ?? NaN);
  if (value instanceof PyGlobal) return value.name;
  if (value instanceof PyInstance) return `${value.name}(…)`;
  if (value instanceof PyTuple) return `(${few(value.items)})`;
  if (Array.isArray(value)) return `[${few(value)}]`;
  if (value instanceof PyDict) return value.size === 0 ? '{}' : '{…}';
  if (value instanceof NdArray) return `array of shape (${value.shape.join(', ')})`;
  return value instanceof Uint8Array ? 'bytes' : value.kind;
}

function few(items: readonly PyValue[]): string {
  const shown = items
    .slice(0, ITEMS)
    .map((item) => (typeof item === 'object' && item !== null ? short(item) : reprOf(item)));
  return `${shown.join(', ')}${items.length > ITEMS ? ', …' : ''}`;
}

/** What is inside a sequence is not looked into again: files nest as deep as they like. */
function short(value: PyValue): string {
  return value instanceof PyFloat || value instanceof NumpyScalar || value instanceof PyGlobal ? reprOf(value) : '…';
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
