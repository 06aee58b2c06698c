import { LazyBytes } from '../../bytes/lazy.js';
import { BrineError } from '../../errors.js';
import { rawBytes, type Reduction } from '../../pickle/reduction.js';
import { PyByteArray, PyGlobal, PyTuple, type PyValue } from '../../pickle/values.js';
import { hasObject } from '../check.js';
import { elements } from '../elements.js';
import { memoryOrder, toCOrder } from '../layout.js';
import { MaskedArray } from '../masked.js';
import { Dtype, NdArray, NumpyScalar } from '../ndarray.js';
import { SparseMatrix } from '../sparse.js';
import { dtypeReduction } from './dtype.js';
import { instanceReduction } from './stdlib.js';
import { call, reduces, type ReduceContext } from './table.js';

/** Names that every numpy resolves, without a warning, for the array classes that `arrayClass` knows. */
const classNames = new Map<string, readonly [string, string]>([
  ['numpy.ndarray', ['numpy', 'ndarray']],
  ['numpy.matrix', ['numpy', 'matrix']],
  ['numpy.recarray', ['numpy', 'recarray']],
  ['numpy.memmap', ['numpy', 'memmap']],
  ['numpy.char.chararray', ['numpy.char', 'chararray']],
]);

const OF_BYTES = Uint8Array.of(0x62);
const ndarray = new PyGlobal('numpy', 'ndarray');

/** `numpy.core.multiarray`, unless only numpy 2 is to read it. */
function multiarray({ numpy }: ReduceContext): string {
  return numpy === 2 ? 'numpy._core.multiarray' : 'numpy.core.multiarray';
}

/** The elements of an array of objects in C order, as a pickle lists them. */
export function objectItems(array: NdArray): PyValue[] {
  if (!Array.isArray(array.data)) throw new BrineError('BAD_STATE', 'an array of objects lists none');
  const order = memoryOrder(array);
  const { data } = array;
  return order ? Array.from(order, (at) => data[at]) : data;
}

function arrayState(array: NdArray): PyTuple {
  const { dtype, shape } = array;
  const objects = hasObject(dtype);
  const data = objects ? objectItems(array) : bytesIn(array);
  return new PyTuple([1, new PyTuple([...shape]), dtype, !objects && array.fortran, data]);
}

function bytesIn({ data }: NdArray): PyValue {
  if (Array.isArray(data)) throw new BrineError('BAD_STATE', 'an array of numbers lists objects');
  return rawBytes(data instanceof LazyBytes ? (data.bytes ?? data) : data);
}

function arrayReduction(array: NdArray, context: ReduceContext): Reduction {
  if (array.subclass === 'array.array') return arrayArray(array, context);
  const type = classNames.get(array.subclass);
  if (!type) throw new BrineError('UNSUPPORTED', `arrays of class ${array.subclass} are not written`);
  const { dtype, shape } = array;
  // Only under numpy 2's own name: under the old one it warns.
  if (context.protocol >= 5 && context.numpy === 2 && array.subclass === 'numpy.ndarray' && !hasObject(dtype)) {
    const bytes = bytesIn(array);
    if (bytes instanceof Uint8Array) {
      const order = array.fortran && shape.length > 1 ? 'F' : 'C';
      return call('numpy._core.numeric', '_frombuffer', new PyByteArray(bytes), dtype, new PyTuple([...shape]), order);
    }
  }
  return {
    ...call(multiarray(context), '_reconstruct', new PyGlobal(...type), new PyTuple([0]), OF_BYTES),
    state: arrayState(array),
  };
}

/** `array._array_reconstructor(array, code, mformat, bytes)` since protocol 3, a list before. */
function arrayArray(array: NdArray, { protocol }: ReduceContext): Reduction {
  const { type, itemsize, byteOrder } = array.dtype;
  const code = arrayCodes.get(`${type}${itemsize}`);
  if (!code) throw new BrineError('UNSUPPORTED', `an array.array of ${type}${itemsize} is not written`);
  if (protocol < 3) return call('array', 'array', code.letter, elements(array));
  const format = code.format + (byteOrder === '>' ? 1 : 0);
  const type_ = new PyGlobal('array', 'array');
  return call('array', '_array_reconstructor', type_, code.letter, format, bytesIn(array));
}

/** Type codes and machine formats (Modules/arraymodule.c, `mformat_descriptors`). */
const arrayCodes = new Map([
  ['u1', { letter: 'B', format: 0 }],
  ['i1', { letter: 'b', format: 1 }],
  ['u2', { letter: 'H', format: 2 }],
  ['i2', { letter: 'h', format: 4 }],
  ['u4', { letter: 'I', format: 6 }],
  ['i4', { letter: 'i', format: 8 }],
  ['u8', { letter: 'Q', format: 10 }],
  ['i8', { letter: 'q', format: 12 }],
  ['f4', { letter: 'f', format: 14 }],
  ['f8', { letter: 'd', format: 16 }],
]);

function scalarReduction({ dtype, data }: NumpyScalar, context: ReduceContext): Reduction {
  return call(multiarray(context), 'scalar', dtype, data);
}

/** `_mareconstruct(MaskedArray, ndarray, (0,), 'b')` and `(1, shape, dtype, fortran, data, mask, fill_value)`. */
function maskedReduction({ data, mask, fillValue }: MaskedArray): Reduction {
  if (!data || !mask) throw new BrineError('BAD_STATE', 'a masked array holds no data');
  const [, shape, dtype, fortran, raw] = arrayState(data).items;
  const type = new PyGlobal('numpy.ma.core', 'MaskedArray');
  return {
    ...call('numpy.ma.core', '_mareconstruct', type, ndarray, new PyTuple([0]), OF_BYTES),
    state: new PyTuple([1, shape, dtype, fortran, raw, maskBytes(mask, fortran === true), fillValue]),
  };
}

/** One flag says the order of both data and mask. */
function maskBytes(mask: NdArray, fortran: boolean): PyValue {
  const bytes = bytesIn(mask);
  if (mask.fortran === fortran || !(bytes instanceof Uint8Array)) return bytes;
  if (!fortran) return toCOrder(bytes, mask.shape, mask.dtype.itemsize);
  // C order of the transposed array is Fortran order.
  return toCOrder(bytes, [...mask.shape].reverse(), mask.dtype.itemsize);
}

export const numpyReducers = [
  reduces(Dtype, dtypeReduction),
  reduces(NdArray, arrayReduction),
  reduces(NumpyScalar, scalarReduction),
  reduces(MaskedArray, maskedReduction),
  reduces(SparseMatrix, ({ instance }) => instanceReduction(instance)),
];
