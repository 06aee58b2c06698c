import { pyRepr } from '../pickle/repr.js';
import { PyDict, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from '../pickle/values.js';
import { PyBoundMethod, PyModule, PyPartial } from '../python/values.js';

/** A reconstructed call is for reading: so deep, so many items, so long. */
const MAX_DEPTH = 4;
const MAX_ITEMS = 6;
const MAX_TEXT = 200;

/** `os.system('id')`: what Python would run, as Python. Never longer than a few lines. */
export function callText(callable: PyValue, args: PyTuple): string {
  return `${valueText(callable, 0)}(${list(args.items, 0)})`;
}

export function valueText(value: PyValue, depth: number): string {
  if (typeof value === 'string')
    return value.length > MAX_TEXT ? `${pyRepr(value.slice(0, MAX_TEXT), true)}…` : pyRepr(value, true);
  if (value instanceof PyGlobal) return nameText(value.module, value.name);
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return `[${list(value, depth)}]`;
  if (value instanceof PyTuple) return `(${list(value.items, depth)}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof PySet) return value.items.length === 0 ? `${value.kind}()` : `{${list(value.items, depth)}}`;
  if (value instanceof PyDict) return value.size === 0 ? '{}' : '{…}';
  if (value instanceof PyBoundMethod)
    return `getattr(${valueText(value.object, depth + 1)}, ${pyRepr(value.name, false)})`;
  if (value instanceof PyModule) return `__import__(${pyRepr(value.name, false)})`;
  if (value instanceof PyPartial)
    return `functools.partial(${valueText(value.func, depth + 1)}${value.args.items.length > 0 ? ', ' : ''}${list(value.args.items, depth)})`;
  if (value instanceof PyInstance) return `${valueText(value.callable, depth + 1)}(${list(value.args.items, depth)})`;
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return pyRepr(value, false);
  return value.kind === 'float' || value.kind === 'bytearray' ? pyRepr(value, false) : `<${value.kind}>`;
}

/** Builtins as one writes them. */
function nameText(module: string, name: string): string {
  return module === 'builtins' || module === '__builtin__' ? name : `${module}.${name}`;
}

function list(items: readonly PyValue[], depth: number): string {
  const shown = items.slice(0, MAX_ITEMS).map((item) => valueText(item, depth + 1));
  if (items.length > MAX_ITEMS) shown.push('…');
  return shown.join(', ');
}
