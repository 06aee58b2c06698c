/**
 * The wrappers that joblib puts in place of arrays.
 *
 * Since 0.10 (`NumpyArrayWrapper`) the array's bytes follow the BUILD opcode that sets the wrapper's state;
 * before (`NDArrayWrapper`, `ZNDArrayWrapper`) they are in files of their own beside the pickle.
 * Source: joblib/numpy_pickle.py, joblib/numpy_pickle_compat.py.
 */
import type { LazyBytes } from '../../bytes/lazy.js';
import { BrineError } from '../../errors.js';
import { PyDict, PyTuple, type PyValue } from '../../pickle/values.js';
import type { Payload } from '../../pickle/world.js';
import { checkedArray, elementCount, hasObject } from '../../python/check.js';
import { inModules, type Builder, type Library } from '../../python/library.js';
import { Dtype, NdArray } from '../../python/ndarray.js';
import { arrayClass } from '../../python/numpy.js';
import { textOf } from '../../python/text.js';

/** An array that is in a file beside the pickle. */
export interface Part {
  /** As written in the pickle: `model.pkl_01.npy`. */
  readonly filename: string;
  /** Takes over what the file holds. */
  readonly array: NdArray;
  /** A ZNDArrayWrapper's state, to which the file's bytes are added; undefined where the file is an `.npy`. */
  readonly state: PyTuple | undefined;
}

/** What the wrappers of one file leave to be done. */
export interface Wrapped {
  readonly lazy: LazyBytes[];
  readonly parts: Part[];
  /** Arrays whose bytes are in this stream. */
  arrays: number;
  readonly notes: string[];
}

export function nothingWrapped(): Wrapped {
  return { lazy: [], parts: [], arrays: 0, notes: [] };
}

/** The array class of a wrapper: joblib itself turns a memmap into an ndarray. */
function subclassOf(type: PyValue | undefined): string {
  const name = arrayClass(type) ?? 'numpy.ndarray';
  return name === 'numpy.memmap' ? 'numpy.ndarray' : name;
}

function emptyArray(subclass: string): NdArray {
  return new NdArray(new Dtype('i', 1, '|'), [0], false, new Uint8Array(0), subclass);
}

function bad(what: string, payload: Payload): BrineError {
  return new BrineError('CORRUPT', `a joblib array wrapper ${what}`, { offset: payload.position });
}

/** The array whose bytes (or nested pickle) start at `payload`. */
function inlineArray(state: PyDict, payload: Payload, wrapped: Wrapped): NdArray {
  const [dtype, shape, order] = ['dtype', 'shape', 'order'].map((name) => state.get(name));
  if (!(dtype instanceof Dtype && shape instanceof PyTuple)) throw bad('has no dtype and shape', payload);
  const subclass = subclassOf(state.get('subclass'));
  if (hasObject(dtype)) {
    const array = emptyArray(subclass);
    const { position } = payload;
    wrapped.arrays++;
    payload.nested((value) => {
      if (!(value instanceof NdArray)) {
        throw new BrineError('CORRUPT', 'the pickle inside a joblib object array is no array', { offset: position });
      }
      array.become(value);
      return undefined;
    });
    return array;
  }
  // Since 1.2 a byte says how many bytes of padding follow; None where the target could not be aligned.
  const alignment = state.get('numpy_array_alignment_bytes');
  if (alignment !== undefined && alignment !== null) {
    const padding = payload.peekByte();
    payload.take(1 + padding);
  }
  const size = elementCount(shape.items) * dtype.itemsize;
  if (!Number.isSafeInteger(size)) throw bad(`claims ${size} bytes`, payload);
  const data = payload.take(size);
  const array = checkedArray(dtype, shape.items, order === 'F', data, subclass);
  wrapped.arrays++;
  if (!(data instanceof Uint8Array)) wrapped.lazy.push(data);
  return array;
}

/** joblib's own name, and the names of copies of it inside other packages. */
const homes = ['joblib', 'sklearn.externals.joblib', 'externals.joblib', 'sklearn.utils.joblib'];

const modules = homes.flatMap((home) => [`${home}.numpy_pickle`, `${home}.numpy_pickle_compat`]);

/** The names of joblib; what they leave to be done goes into `wrapped`. */
export function joblibLibrary(wrapped: Wrapped): Library {
  const inline: Builder = (_instance, state, payload) => {
    if (!(state instanceof PyDict)) throw bad('has no state', payload);
    return inlineArray(state, payload, wrapped);
  };

  const beside: Builder = (_instance, state, payload) => {
    const filename = state instanceof PyDict ? textOf(state.get('filename')) : undefined;
    if (!(state instanceof PyDict) || filename === undefined) throw bad('names no file', payload);
    const array = emptyArray(subclassOf(state.get('subclass')));
    wrapped.parts.push({ filename, array, state: undefined });
    return array;
  };

  const besideCompressed: Builder = (_instance, state, payload) => {
    const [filename, init, rest] =
      state instanceof PyDict ? ['filename', 'init_args', 'state'].map((name) => state.get(name)) : [];
    const name = textOf(filename);
    if (name === undefined || !(init instanceof PyTuple && rest instanceof PyTuple))
      throw bad('names no file', payload);
    const array = emptyArray(subclassOf(init.items[0]));
    wrapped.parts.push({ filename: name, array, state: rest });
    return array;
  };

  const names = { NumpyArrayWrapper: inline, NDArrayWrapper: beside, ZNDArrayWrapper: besideCompressed };
  return { builds: inModules(modules, names) };
}
