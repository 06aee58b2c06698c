import { BrineError } from '../errors.js';
import { PyDict, PyInstance, PySet, PyTuple, type PyObject, type PyValue } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';
import { SparseMatrix } from '../python/sparse.js';

/** Arrays that are written; a file of millions is a list of numbers in disguise (CWE-770). */
const MAX_ARRAYS = 100_000;

/** Every array inside, once, by the path to it: `steps[0][1].coef_`. Nothing recurses. */
export function arraysInside(root: PyValue): Map<string, NdArray> {
  const found = new Map<string, NdArray>();
  const seen = new Set<object>();
  const todo: [PyValue, string][] = [[root, '']];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [value, path] = next;
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof NdArray) {
      if (value.dtype.type !== 'T') found.set(unique(found, path === '' ? 'array' : path), value);
      if (found.size > MAX_ARRAYS) throw new BrineError('LIMIT', `there are more than ${MAX_ARRAYS} arrays inside`);
      if (Array.isArray(value.data)) value.data.forEach((item, i) => todo.push([item, `${path}[${i}]`]));
      continue;
    }
    // Taken off the end: so that the first comes first.
    todo.push(...children(value, path).reverse());
  }
  return found;
}

function children(value: PyObject | PyValue[], path: string): [PyValue, string][] {
  if (Array.isArray(value)) return value.map((item, i) => [item, `${path}[${i}]`]);
  if (value instanceof PyTuple || value instanceof PySet) return value.items.map((item, i) => [item, `${path}[${i}]`]);
  if (value instanceof PyDict) return [...value.entries()].map(([key, item]) => [item, join(path, key)]);
  if (value instanceof SparseMatrix) return children(value.instance, path);
  if (!(value instanceof PyInstance)) return [];
  const inside: [PyValue, string][] = value.args.items.map((item, i) => [item, `${path}(${i})`]);
  const { state } = value;
  if (state instanceof PyDict) inside.push(...children(state, path));
  else if (state !== undefined) inside.push([state, path]);
  if (value.entries) inside.push(...children(value.entries, path));
  if (value.appended) inside.push(...children(value.appended, path));
  return inside;
}

function join(path: string, key: PyValue): string {
  const name = typeof key === 'string' || typeof key === 'number' ? String(key) : '?';
  return path === '' ? name : `${path}.${name}`;
}

/** Names of members are paths to some readers: only what stays in its folder (CWE-22), and each once. */
function unique(found: ReadonlyMap<string, unknown>, path: string): string {
  const name = path.replace(/[/\\\0:]/g, '_').replace(/^\.+/, '_');
  if (!found.has(name)) return name;
  let n = 2;
  while (found.has(`${name} ${n}`)) n++;
  return `${name} ${n}`;
}
