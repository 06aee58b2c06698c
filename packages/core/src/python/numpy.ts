/**
 * numpy's names. 1.x writes `numpy.core…`, 2.x `numpy._core…`; classes moved more often than that, so each
 * table lists every module under which a name was ever written.
 */
import { PyByteArray, PyGlobal, PyTuple, type PyValue } from '../pickle/values.js';
import { LazyBytes } from '../bytes/lazy.js';
import { checkedArray, corrupt, hasObject } from './check.js';
import { dtypeFromState, parseDtype } from './dtype.js';
import { inModules, settler, type Call, type Library } from './library.js';
import { Dtype, NdArray, NumpyScalar } from './ndarray.js';
import { makeMasked, MaskedArray, settleMasked } from './masked.js';
import { bytesOf, textOf } from './text.js';

/** Array classes whose pickled state is numpy's own five-tuple. */
const arrayClasses = new Map([
  ['numpy.ndarray', 'numpy.ndarray'],
  ['numpy.matrix', 'numpy.matrix'],
  ['numpy.matrixlib.defmatrix.matrix', 'numpy.matrix'],
  ['numpy.core.defmatrix.matrix', 'numpy.matrix'],
  ['numpy.recarray', 'numpy.recarray'],
  ['numpy.rec.recarray', 'numpy.recarray'],
  ['numpy.core.records.recarray', 'numpy.recarray'],
  ['numpy._core.records.recarray', 'numpy.recarray'],
  ['numpy.memmap', 'numpy.memmap'],
  ['numpy.core.memmap.memmap', 'numpy.memmap'],
  ['numpy._core.memmap.memmap', 'numpy.memmap'],
  ['numpy.char.chararray', 'numpy.char.chararray'],
  ['numpy.core.defchararray.chararray', 'numpy.char.chararray'],
  ['numpy._core.defchararray.chararray', 'numpy.char.chararray'],
]);

/** The canonical name of an array class, or undefined if its state may be anything. */
export function arrayClass(type: PyValue | undefined): string | undefined {
  return type instanceof PyGlobal ? arrayClasses.get(type.fullName) : undefined;
}

/** `_reconstruct(subtype, shape, typecode)`: an empty array that BUILD fills. */
function reconstruct({ args, again }: Call): PyValue | undefined {
  const [subtype] = args;
  const subclass = arrayClass(subtype);
  if (subclass !== undefined) return new NdArray(new Dtype('i', 1, '|'), [0], false, new Uint8Array(0), subclass);
  // Old pandas made its indexes from ndarray; their state is their own.
  if (subtype instanceof PyGlobal && subtype.module.startsWith('pandas.'))
    return again('new', subtype, new PyTuple([]));
  return undefined;
}

/** `ndarray.__setstate__`: `([version,] shape, dtype, is_fortran, bytes | list)`. */
export function settleArray(target: NdArray, state: PyValue): boolean {
  const filled = arrayFromState(state);
  if (!filled) throw corrupt('the state of an array is not (version, shape, dtype, order, data)');
  target.become(filled);
  return true;
}

/** The array that a pickled state describes; undefined if it has another form, CORRUPT if its sizes are wrong. */
export function arrayFromState(state: PyValue): NdArray | undefined {
  if (!(state instanceof PyTuple)) return undefined;
  const items = state.items.length === 5 ? state.items.slice(1) : state.items;
  if (items.length !== 4) return undefined;
  const [shape, dtype, fortran, raw] = items;
  if (!(shape instanceof PyTuple && dtype instanceof Dtype)) return undefined;
  const data = hasObject(dtype) ? raw : bytesOf(raw);
  if (!(Array.isArray(data) || data instanceof Uint8Array)) return undefined;
  // Objects are listed in C order whatever the array's own order was.
  const inMemoryOrder = fortran === true || fortran === 1;
  return checkedArray(dtype, shape.items, inMemoryOrder && !Array.isArray(data), data);
}

/** `_frombuffer(buffer, dtype, shape, order)`: protocol 5. */
function fromBuffer({ args }: Call): PyValue | undefined {
  const [buffer, dtype, shape, order] = args;
  const bytes = bufferBytes(buffer);
  if (!(dtype instanceof Dtype && shape instanceof PyTuple && bytes)) return undefined;
  return checkedArray(dtype, shape.items, order === 'F', bytes);
}

function bufferBytes(value: PyValue | undefined): Uint8Array | undefined {
  if (value instanceof PyByteArray) return value.bytes;
  return value instanceof Uint8Array ? value : undefined;
}

/** `scalar(dtype, bytes)`. */
function scalar({ args }: Call): PyValue | undefined {
  const [dtype, raw] = args;
  if (!(dtype instanceof Dtype)) return undefined;
  if (hasObject(dtype)) return raw === undefined ? undefined : new NumpyScalar(dtype, raw);
  const bytes = raw === undefined ? new Uint8Array(dtype.itemsize) : bytesOf(raw);
  if (!bytes) return undefined;
  if (bytes.length !== dtype.itemsize) {
    throw corrupt(`a scalar of ${dtype.itemsize} bytes has ${bytes.length}`);
  }
  return new NumpyScalar(dtype, bytes);
}

/** `dtype('f8', align, copy)`: the rest comes with BUILD. */
function makeDtype({ args }: Call): PyValue | undefined {
  const [spec] = args;
  if (spec instanceof Dtype) return spec;
  const text = spec instanceof PyGlobal ? spec.name : textOf(spec);
  const dtype = text === undefined ? undefined : parseDtype(text);
  return dtype && text === 'record' ? new Dtype(dtype.type, dtype.itemsize, dtype.byteOrder, { record: true }) : dtype;
}

/** `_ufunc_reconstruct(module, name)`: the ufunc, by its name. */
function ufunc({ args }: Call): PyValue | undefined {
  const [module, name] = args.map(textOf);
  return module !== undefined && name !== undefined ? new PyGlobal(module, name) : undefined;
}

/** `_convert_to_stringdtype_kwargs(coerce[, na_object])`. */
function stringDtype({ args }: Call): PyValue {
  const strict = args[0] === 0 || args[0] === false;
  return new Dtype('T', 16, '|', args.length > 1 ? { strict, metadata: args[1] } : { strict });
}

const multiarray = { _reconstruct: reconstruct, scalar };

export const numpy: Library = {
  makes: {
    ...inModules(['numpy.core.multiarray', 'numpy._core.multiarray', 'numpy.core._multiarray_umath'], multiarray),
    ...inModules(['numpy._core._multiarray_umath', 'numpy.multiarray'], multiarray),
    ...inModules(['numpy.core.numeric', 'numpy._core.numeric'], { _frombuffer: fromBuffer }),
    ...inModules(['numpy.core', 'numpy._core'], { _ufunc_reconstruct: ufunc }),
    ...inModules(['numpy.core._internal', 'numpy._core._internal'], { _convert_to_stringdtype_kwargs: stringDtype }),
    ...inModules(['numpy.ma.core', 'numpy.ma'], { _mareconstruct: makeMasked }),
    numpy: { dtype: makeDtype },
  },
  settles: [
    settler(NdArray, settleArray),
    settler(MaskedArray, settleMasked),
    settler(Dtype, (target, state) => {
      const become = dtypeFromState(target, state);
      return become ? { become } : false;
    }),
  ],
};

/** True if an array's bytes have been located but not read. */
export function isLazy(array: NdArray): boolean {
  return array.data instanceof LazyBytes && array.data.bytes === undefined;
}
