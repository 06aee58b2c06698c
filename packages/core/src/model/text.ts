import { floatText } from '../estimators/index.js';
import { PyDict, PyFloat, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { dtypeName } from '../python/dtype.js';
import { scalarValue } from '../python/elements.js';
import { NdArray, NumpyScalar } from '../python/ndarray.js';

const MAX_TEXT = 60;
const MAX_ITEMS = 6;

/** A value as Python would print it, kept short. */
export function shortText(value: PyValue, depth = 0): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return clip(`'${value.replaceAll('\n', '\\n')}'`);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof PyFloat) return floatText(value.value);
  if (value instanceof Uint8Array) return `bytes of ${value.length}`;
  if (value instanceof NdArray) return `${dtypeName(value.dtype)} array (${value.shape.join(' × ')})`;
  if (value instanceof NumpyScalar) return shortText(scalarValue(value));
  if (value instanceof PyGlobal) return value.fullName;
  if (value instanceof PyInstance) return `${value.name || 'object'}(…)`;
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : undefined;
  if (items) {
    const [open, close] = Array.isArray(value) ? '[]' : '()';
    if (depth > 1) return `${open}…${close}`;
    const shown = items.slice(0, MAX_ITEMS).map((v) => shortText(v, depth + 1));
    return clip(`${open}${shown.join(', ')}${items.length > MAX_ITEMS ? `, … ${items.length} in all` : ''}${close}`);
  }
  if (value instanceof PyDict) return `dict of ${value.size}`;
  return (value as { kind: string }).kind;
}

function clip(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}
