import { PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { PyBoundMethod, PyModule, PyPartial } from '../python/values.js';
import { isCarrier } from './deny.js';

/**
 * What a value stands for, as far as that can be told without running anything. `name`: a module's attribute, however
 * it was reached. `code`: a function or class made of code in the file. `attribute`: of an object that a call gave.
 */
export type Meaning =
  | { readonly kind: 'name'; readonly module: string; readonly name: string; readonly direct: boolean }
  | { readonly kind: 'module'; readonly name: string }
  | { readonly kind: 'code'; readonly made: 'function' | 'class'; readonly value: PyInstance }
  | { readonly kind: 'attribute'; readonly object: PyValue; readonly name: string | undefined }
  | { readonly kind: 'result'; readonly of: Meaning }
  | { readonly kind: 'data' };

/** Calls on results of calls on results …: followed so far (CWE-674). */
const MAX_CHAIN = 50;

const data: Meaning = { kind: 'data' };

const importers = new Set([
  'builtins __import__',
  '__builtin__ __import__',
  'importlib import_module',
  'importlib __import__',
  'importlib._bootstrap _gcd_import',
  'dill._dill _import_module',
]);
/** Take a text and give what it names. */
const locators = new Set([
  'pkgutil resolve_name',
  'pydoc locate',
  'numpy.core _ufunc_reconstruct',
  'numpy._core _ufunc_reconstruct',
]);

const functionMakers = new Set([
  '_make_function',
  '_make_skel_func',
  '_create_function',
  'FunctionType',
  'LambdaType',
  'MethodType',
  'function',
  'custom_rebuild',
  '_rebuild_reduction',
  'CPUDispatcher',
]);
const classMakers = new Set([
  '_make_skeleton_class',
  '_make_skeleton_enum',
  '_create_type',
  '_rehydrate_skeleton_class',
]);
/** Give types by a word: `_builtin_type('CodeType')` is types.CodeType. */
const typeGivers = new Set(['_builtin_type', '_load_type']);

/** What a value stands for. */
export function meaningOf(value: PyValue | undefined, depth = 0): Meaning {
  if (depth > MAX_CHAIN || typeof value !== 'object' || value === null) return data;
  if (value instanceof PyGlobal) return { kind: 'name', module: value.module, name: value.name, direct: true };
  if (value instanceof PyModule) return { kind: 'module', name: value.name };
  if (value instanceof PyPartial) return meaningOf(value.func, depth + 1);
  if (!(value instanceof PyBoundMethod || value instanceof PyInstance)) return data;
  // Chains are shared: each link is looked at once, or a few of them could ask for any amount of work (CWE-400).
  let meaning = known.get(value);
  if (meaning === undefined) {
    meaning = value instanceof PyInstance ? resultOf(value, depth) : attributeOf(value.object, value.name, depth);
    known.set(value, meaning);
  }
  return meaning;
}

const known = new WeakMap<object, Meaning>();

/** `getattr(object, name)`. */
export function attributeOf(object: PyValue | undefined, name: PyValue | undefined, depth = 0): Meaning {
  const word = typeof name === 'string' ? name : undefined;
  const owner = meaningOf(object, depth + 1);
  if (word !== undefined && owner.kind === 'module')
    return { kind: 'name', module: owner.name, name: word, direct: false };
  if (word !== undefined && owner.kind === 'name')
    return { kind: 'name', module: owner.module, name: `${owner.name}.${word}`, direct: false };
  return { kind: 'attribute', object: object ?? null, name: word };
}

function resultOf(value: PyInstance, depth: number): Meaning {
  const callee = meaningOf(value.callable, depth + 1);
  const { items } = value.args;
  if (callee.kind === 'name') {
    const { module, name } = callee;
    const key = `${module} ${name}`;
    if (importers.has(key) || (name === 'subimport' && isCarrier(module, name)))
      return typeof items[0] === 'string' ? { kind: 'module', name: items[0] } : { kind: 'result', of: callee };
    const imported = importOf(module, name, items);
    if (imported !== undefined) return { kind: 'module', name: imported };
    if (locators.has(key)) return located(items) ?? { kind: 'result', of: callee };
    if (isGetattr(module, name)) return attributeOf(items[0], items[1], depth);
    if (isCarrier(module, name)) {
      if (functionMakers.has(name)) return { kind: 'code', made: 'function', value };
      if (classMakers.has(name)) return { kind: 'code', made: 'class', value };
      if (typeGivers.has(name) && typeof items[0] === 'string') {
        // dill calls the types that have no name in `types` as builtins does: `_load_type('slice')`.
        const home = name === '_load_type' && /^[a-z]/.test(items[0]) ? 'builtins' : 'types';
        return { kind: 'name', module: home, name: items[0], direct: false };
      }
    }
    if (isType(module, name) && items.length === 3) return { kind: 'code', made: 'class', value };
    return { kind: 'result', of: callee };
  }
  if (callee.kind === 'result' && callee.of.kind === 'name') {
    // attrgetter('system')(os) is os.system.
    const getter = value.callable;
    if (callee.of.name === 'attrgetter' && getter instanceof PyInstance && getter.args.items.length === 1)
      return attributeOf(items[0], getter.args.items[0], depth);
  }
  return { kind: 'result', of: callee };
}

/** `resolve_name('os:system')`, `locate('os.system')`, `_ufunc_reconstruct('os', 'system')`. */
function located([first, second]: readonly PyValue[]): Meaning | undefined {
  if (typeof first !== 'string') return undefined;
  if (typeof second === 'string') return { kind: 'name', module: first, name: second, direct: false };
  const at = first.includes(':') ? first.indexOf(':') : first.lastIndexOf('.');
  if (at <= 0) return { kind: 'module', name: first };
  return { kind: 'name', module: first.slice(0, at), name: first.slice(at + 1), direct: false };
}

/** How pybind11 has its modules pickled: `eval("__import__('importlib').import_module('onedal._host')")`. */
const IMPORT = /^__import__\('importlib'\)\.import_module\('([\w.]+)'\)$/;

/** The module that such a call imports. */
export function importOf(module: string, name: string, [text, ...more]: readonly PyValue[]): string | undefined {
  if (name !== 'eval' || !isBuiltin(module) || typeof text !== 'string' || more.length > 0) return undefined;
  return IMPORT.exec(text)?.[1];
}

export function isBuiltin(module: string): boolean {
  return module === 'builtins' || module === '__builtin__';
}

export function isGetattr(module: string, name: string): boolean {
  return name === 'getattr' && isBuiltin(module);
}

export function isType(module: string, name: string): boolean {
  return name === 'type' && isBuiltin(module);
}

/** Everything that a call is made of: what is called, and with what, and what those are made of. */
export function* partsOf(callable: PyValue, args: PyTuple): Generator<object> {
  const todo: PyValue[] = [callable, args];
  const seen = new Set<object>();
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value) || seen.size >= MAX_PARTS) continue;
    seen.add(value);
    yield value;
    if (value instanceof PyInstance) todo.push(value.callable, value.args);
    else if (value instanceof PyTuple) todo.push(...value.items.slice(0, MAX_PARTS));
    else if (value instanceof PyPartial) todo.push(value.func, value.args);
    else if (value instanceof PyBoundMethod) todo.push(value.object);
    else if (Array.isArray(value)) todo.push(...value.slice(0, MAX_PARTS));
  }
}

/** A call's parts are for folding findings into one: so many are looked at. */
const MAX_PARTS = 200;
