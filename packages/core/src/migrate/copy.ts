import { PyDict, PyGlobal, PyInstance, PySet, PyTuple, type PyObject, type PyValue } from '../pickle/values.js';
import { MaskedArray } from '../python/masked.js';
import { NdArray, NumpyScalar } from '../python/ndarray.js';
import { SparseMatrix } from '../python/sparse.js';
import { reconstructed } from '../python/stdlib.js';
import { PyBoundMethod, PyDeque, PyDictInstance, PyPartial } from '../python/values.js';

/** What replaces a name of the file; the name itself where nothing does. */
export type Rename = (name: PyGlobal) => PyGlobal;

/**
 * A copy of everything that rules may change, with shared references kept: instances, containers and object
 * arrays. Numbers' bytes are shared with the original. No recursion: values nest as deep as they like.
 */
export function copyGraph(root: PyValue, rename: Rename): PyValue {
  const done = new Map<object, PyValue>();
  /** Containers that are made but not yet filled. */
  const todo: (() => void)[] = [];

  const copy = (value: PyValue): PyValue => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    const known = done.get(value);
    if (known !== undefined) return known;
    const made = begin(value);
    done.set(value, made);
    return made;
  };

  const list = (from: readonly PyValue[]): PyValue[] => {
    const to: PyValue[] = [];
    todo.push(() => {
      for (const item of from) to.push(copy(item));
    });
    return to;
  };

  const fill = <T extends PyDict>(to: T, from: PyDict): T => {
    todo.push(() => {
      for (const [key, value] of from.entries()) to.set(copy(key), copy(value));
    });
    return to;
  };

  /** Sets fields that are read-only to everyone else, once what they hold can be copied. */
  const later = <T extends object>(to: T, fields: () => Partial<T>): T => {
    todo.push(() => Object.assign(to, fields()));
    return to;
  };

  const begin = (value: PyValue[] | PyObject): PyValue => {
    if (Array.isArray(value)) return list(value);
    const maker = makers.get(value.constructor);
    return maker ? maker(value as never) : value;
  };

  const instance = (from: PyInstance): PyInstance => {
    const to = new PyInstance(from.made, null, from.args, null);
    const made = reconstructed.get(from);
    if (made) todo.push(() => reconstructed.set(to, { base: made.base, value: copy(made.value) }));
    return later(to, () => ({
      callable: copy(from.callable),
      args: copy(from.args) as PyTuple,
      kwargs: from.kwargs === null ? null : (copy(from.kwargs) as PyDict),
      state: from.state === undefined ? undefined : copy(from.state),
      appended: from.appended === undefined ? undefined : list(from.appended),
      entries: from.entries === undefined ? undefined : (copy(from.entries) as PyDict),
    }));
  };

  const makers = new Map<unknown, (value: never) => PyValue>([
    [PyTuple, (from: PyTuple) => new PyTuple(list(from.items))],
    [PySet, (from: PySet) => new PySet(from.kind, list(from.items))],
    [PyDict, (from: PyDict) => fill(new PyDict(), from)],
    [PyGlobal, rename],
    [PyInstance, instance],
    [
      PyDictInstance,
      (from: PyDictInstance) =>
        fill(
          later(new PyDictInstance(from.type), () => ({
            type: copy(from.type) as PyGlobal,
            factory: from.factory === undefined ? undefined : copy(from.factory),
            attributes: from.attributes === undefined ? undefined : copy(from.attributes),
          })),
          from,
        ),
    ],
    [PyDeque, (from: PyDeque) => new PyDeque(list(from.items), from.maxlen)],
    [
      PyPartial,
      (from: PyPartial) =>
        later(new PyPartial(null, from.args, from.keywords), () => ({
          func: copy(from.func),
          args: copy(from.args) as PyTuple,
          keywords: copy(from.keywords) as PyDict,
          namespace: copy(from.namespace),
        })),
    ],
    [
      PyBoundMethod,
      (from: PyBoundMethod) => later(new PyBoundMethod(null, from.name), () => ({ object: copy(from.object) })),
    ],
    [
      NdArray,
      (from: NdArray) =>
        Array.isArray(from.data)
          ? new NdArray(from.dtype, from.shape, from.fortran, list(from.data), from.subclass)
          : new NdArray(from.dtype, from.shape, from.fortran, from.data, from.subclass),
    ],
    [
      NumpyScalar,
      (from: NumpyScalar) => later(new NumpyScalar(from.dtype, from.data), () => ({ data: copy(from.data) })),
    ],
    [
      MaskedArray,
      (from: MaskedArray) =>
        later(new MaskedArray(), () => ({
          data: from.data && (copy(from.data) as NdArray),
          mask: from.mask && (copy(from.mask) as NdArray),
          fillValue: copy(from.fillValue),
        })),
    ],
    [
      SparseMatrix,
      (from: SparseMatrix) =>
        new SparseMatrix(from.format, from.container, from.shape, copy(from.instance) as PyInstance),
    ],
  ]);

  const result = copy(root);
  // Later containers are filled first: what they hold is not looked into before.
  for (let next = todo.pop(); next; next = todo.pop()) next();
  return result;
}
