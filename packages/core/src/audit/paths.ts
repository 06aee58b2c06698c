import { PyDict, PyInstance, PySet, PyTuple, type PyValue } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';
import { PyBoundMethod, PyDeque, PyPartial } from '../python/values.js';

/** Objects that are looked at to find where something is; a finding without a path still has its byte. CWE-400. */
const MAX_LOOKED_AT = 300_000;

interface Step {
  readonly parent: Step | undefined;
  readonly text: string;
}

/** Where each of `wanted` is inside `root`, as Python one would type: `['model'].steps[1][1]`. */
export function pathsIn(root: PyValue, wanted: ReadonlySet<object>): Map<object, string> {
  const found = new Map<object, string>();
  const seen = new Set<object>();
  const queue: { value: object; step: Step | undefined }[] = [];
  const add = (value: PyValue | undefined, parent: Step | undefined, text: string): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    if (seen.has(value) || seen.size >= MAX_LOOKED_AT) return;
    seen.add(value);
    const step = text === '' ? parent : { parent, text };
    if (wanted.has(value) && !found.has(value)) found.set(value, pathText(step));
    queue.push({ value, step });
  };
  const each = (items: readonly PyValue[], step: Step | undefined): void => {
    for (const [i, item] of items.entries()) add(item, step, `[${i}]`);
  };
  add(root, undefined, '');
  for (let at = 0; at < queue.length && found.size < wanted.size; at++) {
    const { value, step } = queue[at];
    if (Array.isArray(value)) each(value as PyValue[], step);
    else if (value instanceof PyTuple || value instanceof PySet || value instanceof PyDeque) each(value.items, step);
    else if (value instanceof PyDict) entries(value, step, add);
    else if (value instanceof PyInstance) {
      if (value.state instanceof PyDict) attributes(value.state, step, add);
      else add(value.state, step, '.__getstate__()');
      if (value.appended) each(value.appended, step);
      if (value.entries) entries(value.entries, step, add);
      add(value.args, step, '.__reduce__()[1]');
      add(value.callable, step, '.__reduce__()[0]');
    } else if (value instanceof PyPartial) {
      add(value.func, step, '.func');
      add(value.args, step, '.args');
      add(value.keywords, step, '.keywords');
    } else if (value instanceof PyBoundMethod) add(value.object, step, '.__self__');
    else if (value instanceof NdArray && Array.isArray(value.data)) each(value.data, step);
  }
  return found;
}

type Add = (value: PyValue | undefined, parent: Step | undefined, text: string) => void;

function entries(dict: PyDict, step: Step | undefined, add: Add): void {
  for (const [key, value] of dict.entries()) {
    const text =
      typeof key === 'string'
        ? `[${JSON.stringify(key).replace(/^"([^'\\]*)"$/, "'$1'")}]`
        : typeof key === 'number' || typeof key === 'bigint'
          ? `[${key}]`
          : '[…]';
    add(value, step, text);
    add(key, step, '.keys()');
  }
}

function attributes(state: PyDict, step: Step | undefined, add: Add): void {
  for (const [key, value] of state.entries()) add(value, step, typeof key === 'string' ? `.${key}` : '.…');
}

/** Paths may be as deep as the file nests: the ends count. */
const SHOWN_STEPS = 40;

function pathText(step: Step | undefined): string {
  const texts: string[] = [];
  for (let at = step; at !== undefined && texts.length <= SHOWN_STEPS; at = at.parent) texts.push(at.text);
  const cut = texts.length > SHOWN_STEPS;
  const path = texts.slice(0, SHOWN_STEPS).reverse().join('');
  return cut ? `…${path}` : path;
}
