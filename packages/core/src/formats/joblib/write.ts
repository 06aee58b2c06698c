/**
 * What `joblib.dump` writes since 0.10: a pickle in which a wrapper stands for each array, and the array's bytes
 * follow the BUILD opcode of the wrapper's state.
 *
 * Two things differ from joblib's own files, and every joblib since 0.10 reads both. Arrays begin at multiples of
 * 64 bytes through opcodes before BUILD that change nothing, instead of the padding that only joblib 1.2 and later
 * understand. And what is shared stays shared: the memo is asked for behind the bytes, when the array has taken
 * the wrapper's place.
 */
import { LazyBytes } from '../../bytes/lazy.js';
import { BrineError } from '../../errors.js';
import type { Payload, Reducer, Reduction } from '../../pickle/reduction.js';
import { PyDict, PyFloat, PyGlobal, PyTuple, type PyValue } from '../../pickle/values.js';
import { joinPieces, picklePieces, type Piece } from '../../pickle/write.js';
import { hasObject } from '../../python/check.js';
import { NdArray } from '../../python/ndarray.js';
import { pythonReducer } from '../../python/reduce/index.js';

export interface JoblibWriteOptions {
  /** 1 or 2 for that numpy alone; names that both know otherwise. */
  readonly numpy?: 1 | 2;
  /** Told every name before anything is written; throws to refuse it. */
  readonly vet?: (name: PyGlobal) => void;
  /** Arrays begin at multiples of 64 bytes, so that they can be mapped. Default true; needless where all is compressed. */
  readonly mappable?: boolean;
  /** Arrays that are in `.npy` files of their own beside this one, by the names of these files. */
  readonly beside?: ReadonlyMap<NdArray, string>;
}

/** What `joblib.load` of any version since Python 3.4 reads. */
const PROTOCOL = 4;

/** Where arrays begin: a cache line, and what BLAS and `mmap_mode` like. */
const ALIGNMENT = 64;

/**
 * joblib unpickles in Python, opcode by opcode; a pickle within the stream goes to C. That pays from so many
 * objects on.
 */
const NESTED_FROM = 64;

/**
 * A value as a joblib file, in pieces; compress them as a whole if at all (`compressPieces`). Arrays that have
 * not been read stay lazy. Throws UNSUPPORTED for what cannot be pickled, and what `vet` throws.
 */
export function joblibPieces(value: PyValue, options: JoblibWriteOptions = {}): Generator<Piece, void> {
  const { vet } = options;
  return picklePieces(value, {
    protocol: PROTOCOL,
    frames: false,
    reducer: joblibReducer(options),
    ...(vet ? { vet } : {}),
  });
}

/** The same in one array: for values whose arrays have all been read. */
export function writeJoblib(value: PyValue, options: JoblibWriteOptions = {}): Uint8Array {
  return joinPieces([...joblibPieces(value, options)]);
}

function joblibReducer(options: JoblibWriteOptions): Reducer {
  const python = pythonReducer({ protocol: PROTOCOL, numpy: options.numpy });
  const wrapper = new PyGlobal('joblib.numpy_pickle', 'NumpyArrayWrapper');
  // What joblib 0.9 wrote: every joblib since reads it, and maps the files.
  const elsewhere = new PyGlobal('joblib.numpy_pickle', 'NDArrayWrapper');
  const ndarray = new PyGlobal('numpy', 'ndarray');
  const named = (filename: string): Reduction => ({
    made: 'new',
    callable: elsewhere,
    args: new PyTuple([]),
    state: PyDict.from([
      ['filename', filename],
      ['subclass', ndarray],
      ['allow_mmap', true],
    ]),
    payload: { pieces: () => [] },
  });
  const wrapped = (array: NdArray, payload: Payload, mappable: boolean): Reduction => ({
    made: 'new',
    callable: wrapper,
    args: new PyTuple([]),
    state: PyDict.from([
      ['subclass', ndarray],
      ['shape', new PyTuple([...array.shape])],
      ['order', array.fortran && array.shape.length > 1 ? 'F' : 'C'],
      ['dtype', array.dtype],
      ['allow_mmap', mappable],
    ]),
    payload,
  });
  return {
    reduce: (value) => {
      // joblib gives matrices and other subclasses back as plain arrays under numpy 2: those go the ordinary way.
      const plain =
        value instanceof NdArray && (value.subclass === 'numpy.ndarray' || value.subclass === 'numpy.memmap');
      if (!plain) return python.reduce(value);
      const file = options.beside?.get(value);
      if (file !== undefined) return named(file);
      if (!hasObject(value.dtype)) {
        const { data } = value;
        if (Array.isArray(data)) throw new BrineError('BAD_STATE', 'an array of numbers lists objects');
        const mappable = data.length > 0 && (options.mappable ?? true);
        return wrapped(value, rawPayload(data instanceof LazyBytes ? (data.bytes ?? data) : data, mappable), mappable);
      }
      if (!Array.isArray(value.data) || value.data.length < NESTED_FROM || !value.data.every(isAtom)) {
        return python.reduce(value);
      }
      return wrapped(value, nestedPayload(value, options), false);
    },
  };
}

/** What has no identity and holds nothing: a pickle of its own loses nothing of it. */
function isAtom(value: PyValue): boolean {
  return typeof value !== 'object' || value === null || value instanceof PyFloat;
}

function rawPayload(data: Piece, mappable: boolean): Payload {
  const pieces = (): Piece[] => [data];
  return mappable ? { padding, pieces } : { pieces };
}

/** Opcodes that push and pop, so that BUILD's byte is the last before a multiple of 64. */
function padding(position: number): Uint8Array {
  let length = ALIGNMENT - 1 - (position % ALIGNMENT);
  // NONE POP take two, a short byte string takes three or more; one alone is impossible.
  if (length === 1) length += ALIGNMENT;
  if (length === 0) return new Uint8Array(0);
  if (length === 2) return Uint8Array.of(0x4e, 0x30);
  const out = new Uint8Array(length);
  out.set([0x43, length - 3]);
  out[length - 1] = 0x30;
  return out;
}

function nestedPayload(array: NdArray, { numpy }: JoblibWriteOptions): Payload {
  return {
    pieces: () => picklePieces(array, { protocol: PROTOCOL, reducer: pythonReducer({ protocol: PROTOCOL, numpy }) }),
  };
}
