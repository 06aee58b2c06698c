/** Leaves out of a model what prediction does not need (`--lean`). The output is verified like any other. */
import { copyGraph } from '../../migrate/copy.js';
import { PyDict, PyInstance, PySet, PyTuple, type PyObject, type PyValue } from '../../pickle/values.js';
import { writePickle } from '../../pickle/write.js';
import { pythonReducer } from '../../python/reduce/index.js';
import { NdArray } from '../../python/ndarray.js';
import type { Dropped } from '../convert.js';
import { countsMatter, importancesMatter, needless } from './table.js';
import { leanPredictor, leanTree, type Zeroed } from './trees.js';

export { needless, type Needless } from './table.js';

/** By class, then by attribute. */
const table = new Map<string, Map<string, string>>();
for (const { classes, attributes, why } of needless) {
  for (const name of classes) {
    const known = table.get(name) ?? new Map<string, string>();
    for (const attribute of attributes) known.set(attribute, why);
    table.set(name, known);
  }
}

const TREE_WHY = 'set to zero: only feature importances, pruning and explanations read it';

/** A copy of `value` without what prediction does not need, and what that was. Arrays must have been read. */
export function lean(value: PyValue): { value: PyValue; dropped: readonly Dropped[] } {
  const copy = copyGraph(value, (name) => name);
  const dropped = new Map<string, { why: string; count: number; bytes: number }>();
  const tell = (what: string, why: string, bytes: number): void => {
    const known = dropped.get(what);
    if (known) {
      known.count++;
      known.bytes += bytes;
    } else dropped.set(what, { why, count: 1, bytes });
  };
  const instances = instancesIn(copy);
  // Whose numbers matter is known only by who holds them: where there is one such, all keep theirs.
  const has = (names: readonly string[]): boolean => instances.some((instance) => names.includes(instance.name));
  const needed = { counts: has(countsMatter), importances: has(importancesMatter) };
  for (const instance of instances) {
    if (instance.name === 'Tree' && instance.module.startsWith('sklearn.'))
      tellAll('Tree', leanTree(instance, needed), tell);
    else if (instance.name === 'TreePredictor') tellAll('TreePredictor', leanPredictor(instance), tell);
    else dropAttributes(instance, tell);
  }
  return { value: copy, dropped: [...dropped].map(([what, rest]) => ({ what, ...rest })) };
}

type Tell = (what: string, why: string, bytes: number) => void;

function tellAll(name: string, zeroed: Zeroed, tell: Tell): void {
  for (const [field, bytes] of zeroed) tell(`${name}.${field}`, TREE_WHY, bytes);
}

function dropAttributes(instance: PyInstance, tell: Tell): void {
  const rows = instance.module.startsWith('sklearn.') ? table.get(instance.name) : undefined;
  const { state } = instance;
  if (!rows || !(state instanceof PyDict)) return;
  const kept = [...state.entries()].filter(([key, value]) => {
    if (typeof key !== 'string' || value === null) return true;
    const why = rows.get(key);
    if (why === undefined) return true;
    tell(`${instance.name}.${key}`, why, sizeOf(value));
    return false;
  });
  if (kept.length < state.size) instance.state = PyDict.from(kept);
}

/** What it takes in a pickle. */
function sizeOf(value: PyValue): number {
  return writePickle(value, { reducer: pythonReducer() }).length;
}

/** Everything that is an instance, once. Nothing recurses. */
function instancesIn(root: PyValue): PyInstance[] {
  const found: PyInstance[] = [];
  const seen = new Set<object>();
  const todo: PyValue[] = [root];
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PyInstance) found.push(value);
    for (const part of inside(value)) todo.push(part);
  }
  return found;
}

function inside(value: PyObject | PyValue[]): readonly PyValue[] {
  if (Array.isArray(value)) return value.slice();
  if (value instanceof PyTuple || value instanceof PySet) return value.items;
  if (value instanceof PyDict) return value.values;
  if (value instanceof NdArray) return Array.isArray(value.data) ? value.data : [];
  if (!(value instanceof PyInstance)) return [];
  const parts: PyValue[] = [value.args];
  if (value.state !== undefined) parts.push(value.state);
  if (value.entries) parts.push(value.entries);
  if (value.appended) parts.push(value.appended);
  return parts;
}
