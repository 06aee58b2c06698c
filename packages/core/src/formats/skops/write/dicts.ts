import { PyDict, PyFloat, PyGlobal, type PyValue } from '../../../pickle/values.js';
import { scalarValue } from '../../../python/elements.js';
import { NumpyScalar } from '../../../python/ndarray.js';
import type { PyDictInstance } from '../../../python/values.js';
import { scalarClass } from './arrays.js';
import { jsonText } from './json-text.js';
import { child, Fields, node, unsayable, type Node, type Writing } from './node.js';

const builtin = (name: string): PyGlobal => new PyGlobal('builtins', name);
const keyClasses = { str: builtin('str'), int: builtin('int'), float: builtin('float'), bool: builtin('bool') };
const numpyClasses = new Map<string, PyGlobal>();

/** A dict of a class: JSON makes text of its keys, and their types stand in a list of their own. */
export function dictNode(dict: PyDict, module: string, name: string, writing: Writing): Node {
  const types: PyValue[] = [];
  const seen = new Set<string>();
  const entries: [string, ReturnType<typeof child>][] = [];
  for (const [key, value] of dict.entries()) {
    const [type, text] = keyOf(key, writing);
    if (seen.has(text)) throw unsayable(`a dict with two keys that read ${JSON.stringify(text.slice(0, 60))}`);
    seen.add(text);
    types.push(type);
    entries.push([text, child(value)]);
  }
  const keyTypes = writing.keyTypes(types);
  return node('DictNode', module, name, ['key_types', child(keyTypes)], ['content', new Fields(entries)]);
}

/** `defaultdict(**entries)`. */
export function defaultDictNode(dict: PyDictInstance): Node {
  if (!dict.keys.every((key) => typeof key === 'string')) throw unsayable('a defaultdict with keys other than text');
  const main = PyDict.from(dict.entries());
  const content = new Fields([
    ['main', child(main)],
    ['default_factory', child(dict.factory ?? null)],
  ]);
  return node('DefaultDictNode', 'collections', 'defaultdict', ['content', content]);
}

/** skops calls the type with the text: what that does not give back is refused. */
function keyOf(key: PyValue, writing: Writing): readonly [PyGlobal, string] {
  if (typeof key === 'string') return [keyClasses.str, key];
  if (typeof key === 'bigint' || (typeof key === 'number' && Number.isInteger(key))) {
    return [keyClasses.int, String(key)];
  }
  if (typeof key === 'number' || key instanceof PyFloat) return [keyClasses.float, jsonText(key)];
  if (key === true) return [keyClasses.bool, 'true'];
  if (key instanceof NumpyScalar && 'iufbU'.includes(key.dtype.type)) {
    const value = scalarValue(key);
    if (value === false) throw unsayable('a dict with the key False, which it loads as True');
    const name = scalarClass(key.dtype, writing);
    let type = numpyClasses.get(name);
    if (!type) numpyClasses.set(name, (type = new PyGlobal('numpy', name)));
    return [type, typeof value === 'string' ? value : jsonText(value)];
  }
  if (key === false) throw unsayable('a dict with the key False, which it loads as True');
  if (key === null) throw unsayable('a dict with the key None');
  throw unsayable(`a dict whose keys are neither text nor numbers`);
}
