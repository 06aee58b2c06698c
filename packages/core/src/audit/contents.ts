import { PyDict, PyGlobal, type PyValue } from '../pickle/values.js';

/**
 * Visits every object that `roots` hold, at any depth, each once. `enter` says whether to look into one, or gives what else
 * is in it.
 *
 * @param room how many objects may be visited (CWE-400).
 * @returns how much of that room is left; 0 where it did not suffice, so that something was not visited.
 */
export function visit(
  roots: Iterable<PyValue | undefined>,
  room: number,
  enter: (value: object) => boolean | readonly PyValue[],
): number {
  const seen = new Set<object>();
  const todo: unknown[] = [...roots];
  while (todo.length > 0) {
    const value = todo.pop();
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) continue;
    if (room <= 0) return 0;
    room--;
    seen.add(value);
    const inside = enter(value);
    if (inside === false || value instanceof PyGlobal) continue;
    if (inside !== true) todo.push(...inside);
    if (value instanceof Map || value instanceof Set) for (const part of value) todo.push(part);
    if (value instanceof PyDict) for (const part of value.parts) todo.push(part);
    for (const part of Object.values(value) as unknown[]) todo.push(part);
  }
  return room;
}
