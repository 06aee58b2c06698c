import { BrineError } from '../errors.js';
import { bind, definitionOf } from '../estimators/index.js';
import { PyDict, PyFloat, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { shortText } from './text.js';
import { NdArray } from '../python/ndarray.js';

/** An estimator inside an artifact. */
export interface Part {
  /** How to reach it: `model`, `[1]`, `encoders.city`, `wrapper.clf_`; empty for the artifact itself. */
  readonly path: string;
  /** The class name. */
  readonly name: string;
  readonly module: string;
  readonly instance: PyInstance;
}

/** Objects looked through for estimators: an artifact with more is listed as far as this (CWE-400). */
const MAX_VISITED = 100_000;
const MAX_PARTS = 1000;

/**
 * The outermost estimators of an artifact: it itself, or those in its dicts, tuples, lists and in the
 * attributes of classes that nobody knows. Estimators inside estimators are theirs, except in a pipeline (or
 * the like) that cannot run for a step of the author's own: there the others are worth reaching.
 */
export function findParts(root: PyValue): Part[] {
  const parts: Part[] = [];
  const seen = new Set<PyValue>();
  const todo: Place[] = [{ value: root, path: '' }];
  const look = (value: PyValue, path: string, key: number): boolean => {
    if (mayHold(value)) todo.push({ value, path: `${path}[${key}]` });
    return todo.length < MAX_VISITED;
  };
  for (let i = 0; i < todo.length && i < MAX_VISITED && parts.length < MAX_PARTS; i++) {
    const { value, path } = todo[i];
    if (seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PyInstance) {
      if (definitionOf(value.module, value.name)) {
        parts.push({ path, name: value.name, module: value.module, instance: value });
        if (knowsItsOwn(value, path)) continue;
      }
      const states = value.state instanceof PyTuple ? value.state.items : [value.state];
      for (const state of states) if (state instanceof PyDict) pushEntries(state, path, todo, '.');
      if (value.entries) pushEntries(value.entries, path, todo, '[');
      value.appended?.every((item, k) => look(item, path, k));
    } else if (value instanceof PyDict) {
      pushEntries(value, path, todo, path === '' ? '' : '.');
    } else if (Array.isArray(value) || value instanceof PyTuple) {
      const items = Array.isArray(value) ? value : value.items;
      items.every((item, k) => look(item, path, k));
    } else if (value instanceof NdArray && Array.isArray(value.data)) {
      value.data.every((item, k) => look(item, path, k));
    }
  }
  return parts;
}

function knowsItsOwn(instance: PyInstance, path: string): boolean {
  try {
    return bind(instance, path).methods.length >= 0;
  } catch (error) {
    // Whatever else is wrong with it is said when it is used.
    return !(error instanceof BrineError && error.code === 'UNKNOWN_CLASS');
  }
}

interface Place {
  readonly value: PyValue;
  readonly path: string;
}

/** Texts, numbers and bytes are by far the most, and are not even listed. */
function mayHold(value: PyValue): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof PyFloat || value instanceof Uint8Array);
}

function pushEntries(dict: PyDict, path: string, todo: Place[], joint: string): void {
  // Where nothing is to be found, no index is made either.
  if (!dict.parts.some(mayHold)) return;
  for (const [key, value] of dict.entries()) {
    if (!mayHold(value)) continue;
    if (todo.length >= MAX_VISITED) return;
    const plain = typeof key === 'string' && /^[^.[\]]+$/.test(key) && joint !== '[';
    const step = plain ? `${path === '' ? '' : '.'}${key}` : `[${shortText(key)}]`;
    todo.push({ value, path: path + step });
  }
}
