import { BrineError } from '../../errors.js';
import { PyDict, PyInstance, PyTuple, type PyGlobal, type PyValue } from '../../pickle/values.js';
import { checkedArray, elementCount } from '../../python/check.js';
import { dtypeName, parseDtype, scalarTypes } from '../../python/dtype.js';
import { elements, toIntegers } from '../../python/elements.js';
import { MaskedArray } from '../../python/masked.js';
import { Dtype, NdArray, NumpyScalar } from '../../python/ndarray.js';
import { arrayClass } from '../../python/numpy.js';
import { bytesOf, decodeLatin1 } from '../../python/text.js';
import { corruptSchema } from './schema.js';

/** numpy's names for C's types, beside those that name a width. */
const platformTypes: Readonly<Record<string, string | undefined>> = {
  longlong: 'i8',
  ulonglong: 'u8',
  clongdouble: 'c32',
};

/** The array of an `.npy` member as an instance of `type`: an array, one of its subclasses, or a scalar. */
export function arrayAs(type: PyGlobal, array: NdArray): PyValue {
  const subclass = arrayClass(type);
  if (subclass === 'numpy.ndarray') return array;
  if (subclass !== undefined) return new NdArray(array.dtype, array.shape, array.fortran, array.data, subclass);
  if (type.module !== 'numpy') return new PyInstance('call', type, new PyTuple([array]));

  const spec = scalarTypes[type.name] ?? platformTypes[type.name];
  const dtype = spec === undefined ? undefined : parseDtype(spec);
  if (!dtype) throw new BrineError('UNSUPPORTED', `${type.fullName} is no scalar or array of numpy's that is known`);
  const flexible = 'SUV'.includes(dtype.type);
  if (dtype.type !== array.dtype.type || !(flexible || dtype.itemsize === array.dtype.itemsize))
    throw corruptSchema(`a ${type.fullName} is stored as ${dtypeName(array.dtype)}`);
  // `numpy.float64(array)` is a scalar only of an array without axes.
  if (array.shape.length > 0) return array;
  if (!(array.data instanceof Uint8Array)) throw corruptSchema(`a ${type.fullName} has no bytes`);
  return new NumpyScalar(array.dtype, array.data);
}

/**
 * An array of objects from lists within lists, one level for each axis but the first. `most` bounds the number
 * of elements: lists may be shared, so that a few of them could claim any number (CWE-400).
 */
export function objectArray(items: readonly PyValue[], shape: PyValue, most: number): NdArray {
  if (!(shape instanceof PyTuple) || shape.items.length === 0)
    throw new BrineError('UNSUPPORTED', 'an array of objects without axes, which skops itself cannot load');
  const count = elementCount(shape.items);
  if (count > most)
    throw new BrineError('LIMIT', `an array claims ${count} objects; a schema of ${most} bytes cannot hold them`);
  const sizes = shape.items as number[];
  let level = items;
  if (level.length !== sizes[0]) throw corruptSchema(`an array of ${sizes[0]} objects lists ${level.length}`);
  for (const size of sizes.slice(1)) {
    const next: PyValue[] = [];
    for (const row of level) {
      if (!Array.isArray(row) || row.length !== size)
        throw corruptSchema(`an array of shape (${sizes.join(', ')}) has a row that is no list of ${size}`);
      for (const item of row) next.push(item);
    }
    level = next;
  }
  return checkedArray(new Dtype('O', 8, '|'), sizes, false, [...level]);
}

/** `numpy.ma.MaskedArray(data, mask)`. The fill value is not stored. */
export function maskedArray(data: PyValue, mask: PyValue): MaskedArray {
  if (!(data instanceof NdArray)) throw corruptSchema('a masked array has no data');
  const masked = new MaskedArray();
  masked.data = data;
  if (mask instanceof NdArray && mask.dtype.type === 'b' && String(mask.shape) === String(data.shape)) {
    masked.mask = mask;
  } else if (mask instanceof NumpyScalar && mask.dtype.type === 'b' && mask.data instanceof Uint8Array) {
    // `nomask`, or one answer for every element.
    const flags = new Uint8Array(data.size).fill(mask.data[0]);
    masked.mask = new NdArray(mask.dtype, data.shape, data.fortran, flags);
  } else throw corruptSchema(`a masked array of shape (${data.shape.join(', ')}) has no mask of that shape`);
  return masked;
}

/** What `scipy.sparse.save_npz` stores beside `data`, by format. */
const sparseParts: Readonly<Record<string, readonly string[] | undefined>> = {
  csr: ['indices', 'indptr'],
  csc: ['indices', 'indptr'],
  bsr: ['indices', 'indptr'],
  dia: ['offsets'],
  coo: ['row', 'col'],
};

/**
 * The state of the sparse matrix that `save_npz` wrote, as a pickle has it. The file says for itself what it
 * is: throws CORRUPT unless that is the class `type`, which is the one that was judged.
 */
export function sparseState(type: PyGlobal, arrays: ReadonlyMap<string, NdArray>): PyDict {
  const need = (name: string): NdArray => {
    const array = arrays.get(name);
    if (!array) throw corruptSchema(`a sparse matrix has no array ${JSON.stringify(name)}`);
    return array;
  };
  const format = textIn(need('format'));
  const isArray = arrays.get('_is_array');
  const container = isArray !== undefined && elements(isArray)[0] === true ? 'array' : 'matrix';
  const made = `${format}_${container}`;
  if (!type.module.startsWith('scipy.sparse') || type.name !== made)
    throw corruptSchema(`a ${type.fullName} is stored as a ${made}`);
  const parts = Object.hasOwn(sparseParts, format) ? sparseParts[format]! : [];
  const coords = format === 'coo' ? arrays.get('coords') : undefined;
  if (parts.length === 0) throw new BrineError('UNSUPPORTED', `sparse matrices of format ${format} are not read`);
  if (coords) throw new BrineError('UNSUPPORTED', 'a sparse array of more than two axes is not read');
  const shape = need('shape');
  const state = PyDict.from([['_shape', new PyTuple(Array.from(toIntegers(shape)))]]);
  for (const part of [...parts, 'data']) state.set(part, need(part));
  return state;
}

/** `format` is text in some versions of scipy, bytes in others. */
function textIn(array: NdArray): string {
  const [value] = elements(array);
  if (typeof value === 'string') return value;
  const bytes = value === undefined ? undefined : bytesOf(value);
  if (!bytes) throw corruptSchema('a sparse matrix names no format');
  return decodeLatin1(bytes);
}
