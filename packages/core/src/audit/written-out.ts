import { PyDict, PyInstance, PySet, PyTuple, type PyValue } from '../pickle/values.js';
import { PyPartial } from '../python/values.js';

/** Objects that are looked at. A bomb is small: that is its point. CWE-400. */
const MAX_LOOKED_AT = 50_000;
/** Characters from which on a text may be a key, or a path with somebody's name in it. */
const WORTH_TELLING = 12;

/**
 * How many objects a value has if what is shared is counted as often as it is met: what comparing, printing or copying it
 * costs. Forty tuples that each hold the one before twice come to a million million. Counts in no recursion, and what is
 * beyond 50,000 objects as one each; a circle ends where it closes.
 *
 * @param told hears of the texts on the way, but for the shortest.
 */
export function writtenOut(root: PyValue, told?: (text: string) => void): number {
  const sizes = new Map<object, number>();
  const todo: { readonly value: object; readonly parts: readonly PyValue[]; at: number; size: number }[] = [];
  const enter = (value: PyValue): number | undefined => {
    if (typeof value === 'string') {
      if (value.length >= WORTH_TELLING) told?.(value);
      return 1;
    }
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (sizes.size >= MAX_LOOKED_AT) return 1;
    const parts = partsOf(value);
    // While it is being counted, and where it has no parts, an object counts as one.
    sizes.set(value, 1);
    if (parts === undefined || parts.length === 0) return 1;
    todo.push({ value, parts, at: 0, size: 1 });
    return undefined;
  };
  let last = enter(root) ?? 1;
  while (todo.length > 0) {
    const top = todo[todo.length - 1];
    if (top.at < top.parts.length) {
      const size = enter(top.parts[top.at]);
      if (size === undefined) continue;
      top.size += size;
      top.at++;
      continue;
    }
    todo.pop();
    sizes.set(top.value, top.size);
    last = top.size;
  }
  return last;
}

function partsOf(
  value: Exclude<PyValue, null | boolean | number | bigint | string | Uint8Array>,
): readonly PyValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof PyTuple || value instanceof PySet) return value.items;
  if (value instanceof PyDict) return value.parts;
  if (value instanceof PyPartial) return [value.func, value.args, value.keywords];
  if (!(value instanceof PyInstance)) return undefined;
  const { args, state, kwargs, appended, entries } = value;
  if (appended === undefined && entries === undefined && kwargs === null)
    return state === undefined ? [args] : [args, state];
  return [args, state ?? null, kwargs, ...(appended ?? []), entries ?? null];
}
