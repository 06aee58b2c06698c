import { PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';

/**
 * Keras pickles a model as `deserialize_model_from_bytecode(bytes)`, the bytes of a `.keras` file, which it then loads
 * without asking (safe_mode=False). Keras 3 as `Sequential._unpickle_model(BytesIO(bytes))`, a method of every class.
 * Source: keras/src/saving/pickle_utils.py, keras/src/saving/legacy/pickle_utils.py, keras/src/saving/keras_saveable.py.
 */
const MODULE = /^(?:tf_)?keras\.(?:src\.)?saving\.(?:legacy\.)?pickle_utils$/;
const CLASS = /^(?:tf_)?keras\.(?:src\.)?(?:\w+\.)*\w+$/;
const MODELS = /^(?:tf_)?keras\.(?:src\.)?models\.\w+$/;
const METHOD = /^\w+\._unpickle_model$/;

/** Is this the function that makes a Keras model of bytes? SciKeras' takes them as an array. */
export function unpacksKeras(module: string, name: string): boolean {
  return (
    (name === 'deserialize_model_from_bytecode' && MODULE.test(module)) ||
    (METHOD.test(name) && CLASS.test(module)) ||
    (name === 'unpack_keras_model' && module === 'scikeras._saving_utils')
  );
}

/** Is this a class of models, of which files name that method? Its module also reads models from files. */
export function isKerasModel(module: string, name: string): boolean {
  return MODELS.test(module) && /^[A-Z]\w*$/.test(name);
}

/** The bytes that such a function is given. */
export function kerasBytes(packed: PyValue | undefined): Uint8Array | undefined {
  const bytes = packed instanceof NdArray ? packed.data : packed instanceof PyInstance ? buffered(packed) : packed;
  return bytes instanceof Uint8Array && looksLikeKeras(bytes) ? bytes : undefined;
}

/** What a `BytesIO` holds: its state is (bytes, position, attributes), its only argument the bytes. */
function buffered({ module, name, args, state }: PyInstance): PyValue | undefined {
  if (name !== 'BytesIO' || (module !== '_io' && module !== 'io')) return undefined;
  return state instanceof PyTuple ? state.items[0] : args.items[0];
}

/** The start of a zip's first member, or of an HDF5 file: Keras takes nothing else. */
function looksLikeKeras([a, b, c, d]: Uint8Array): boolean {
  return (a === 0x50 && b === 0x4b && c === 3 && d === 4) || (a === 0x89 && b === 0x48 && c === 0x44 && d === 0x46);
}
