import { parseJson, type JsonScalar } from '../../formats/skops/json.js';
import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import type { AuditContext } from '../examiner.js';
import { quoted } from './paths.js';

/** Objects are Maps: their keys are the file's. */
export type JsonValue = JsonScalar | JsonValue[] | JsonObject;
export type JsonObject = Map<string, JsonValue>;

/** A config of a very large model takes some megabytes (CWE-789). */
const MAX_JSON = 256 * 1024 * 1024;

/** The text of a source. @throws LIMIT beyond 256 MiB. */
export async function textOf(source: Source): Promise<string> {
  if (source.size > MAX_JSON)
    throw new BrineError('LIMIT', `a text of ${source.size} bytes (limit ${MAX_JSON})`, { file: source.name });
  return new TextDecoder().decode(await source.read(0, source.size));
}

/**
 * JSON as Python reads it, without recursion. A key that occurs twice is reported: Python takes the last, other
 * programs the first.
 *
 * @throws CORRUPT
 */
export function readJson(text: string, where: string, context: AuditContext): JsonValue {
  const repeated = new Set<string>();
  const value = parseJson<JsonValue, JsonObject>(
    text.replace(/^\ufeff/, ''),
    {
      make: () => new Map<string, JsonValue>(),
      add: (object, key, inner) => {
        if (object.has(key)) repeated.add(key);
        object.set(key, inner);
        return true;
      },
    },
    where,
  );
  for (const key of [...repeated].slice(0, 8))
    context.report('two-readings', `${where} has the key ${quoted(key)} twice: programs differ in which they take`);
  return value;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** What lies at a path of keys; undefined where there is nothing. */
export function at(value: JsonValue | undefined, ...path: readonly (string | number)[]): JsonValue | undefined {
  let found = value;
  for (const key of path) {
    if (typeof key === 'number') found = Array.isArray(found) ? found[key] : undefined;
    else found = isObject(found) ? found.get(key) : undefined;
  }
  return found;
}

/** Every object and its path, parents before children, without recursion. Paths are as Python would write them. */
export function* objectsIn(root: JsonValue): Generator<{ readonly object: JsonObject; readonly path: string }> {
  const todo: { value: JsonValue; path: Step | undefined }[] = [{ value: root, path: undefined }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { value, path } = next;
    if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--)
        if (typeof value[i] === 'object') todo.push({ value: value[i], path: { key: i, in: path } });
    } else if (isObject(value)) {
      yield { object: value, path: pathText(path) };
      for (const [key, inner] of [...value].reverse())
        if (typeof inner === 'object') todo.push({ value: inner, path: { key, in: path } });
    }
  }
}

interface Step {
  readonly key: string | number;
  readonly in: Step | undefined;
}

/** Steps that a path shows at its end; what is deeper is an attack on whoever prints it. */
const SHOWN = 24;

function pathText(step: Step | undefined): string {
  const parts: string[] = [];
  let at = step;
  for (; at !== undefined && parts.length < SHOWN; at = at.in)
    parts.push(typeof at.key === 'number' ? `[${at.key}]` : `[${JSON.stringify(at.key.slice(0, 40))}]`);
  if (at !== undefined) parts.push('…');
  return parts.reverse().join('');
}
