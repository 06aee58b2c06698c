import { BrineError } from '../errors.js';
import { LazyBytes } from '../bytes/lazy.js';
import { PyFloat, PyTuple, pyFloat, type PyValue } from '../pickle/values.js';
import { PyComplex } from './values.js';
import { NumpyScalar, NdArray, type Dtype } from './ndarray.js';
import { aligned, float16ToNumber, memoryOrder, packField, swapBytes, toCOrder } from './layout.js';
import { decodeLatin1, decodeUcs4, trimZeros } from './text.js';
import { dtypeName } from './dtype.js';

/** What numeric arrays become. Native byte order; `bool` is `Uint8Array`. */
export type TypedArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/**
 * The raw bytes of an array, in memory order and the dtype's byte order.
 * Throws BAD_STATE for object arrays, and for bytes that nobody has loaded (see `loadLazy`).
 */
export function arrayBytes(array: NdArray): Uint8Array {
  const data = array.data;
  if (data instanceof Uint8Array) return data;
  if (data instanceof LazyBytes) {
    if (data.bytes) return data.bytes;
    throw new BrineError('BAD_STATE', `an array of ${data.length} bytes has not been read from the file yet`, {
      offset: data.offset,
    });
  }
  throw new BrineError('BAD_STATE', `an array of ${dtypeName(array.dtype)} holds objects where numbers are needed`);
}

/**
 * All elements as float64 in C order: a view on the file's bytes where they are aligned little-endian
 * float64 in C order, else a copy. Integers beyond 2^53 round as numpy's `astype` does. Object arrays of
 * numbers convert. Throws BAD_STATE for text, complex and structured arrays, UNSUPPORTED for longdouble.
 */
export function toFloat64(array: NdArray): Float64Array {
  if (Array.isArray(array.data)) return Float64Array.from(toObjects(array), numberOf);
  switch (array.dtype.type) {
    case 'f':
    case 'i':
    case 'u':
    case 'b': {
      const typed = toTyped(array);
      if (typed instanceof Float64Array) return typed;
      if (typed instanceof BigInt64Array || typed instanceof BigUint64Array) {
        const out = new Float64Array(typed.length);
        for (let i = 0; i < out.length; i++) out[i] = Number(typed[i]);
        return out;
      }
      if (array.dtype.type === 'b') return Float64Array.from(typed, (v) => (v === 0 ? 0 : 1));
      return new Float64Array(typed);
    }
    default:
      throw new BrineError('BAD_STATE', `an array of ${dtypeName(array.dtype)} stands where numbers are needed`);
  }
}

/**
 * All elements in C order as the typed array of the same kind: a view on the file's bytes where order and
 * alignment allow, else a copy. float16 widens to Float32Array; complex gives real and imaginary parts in
 * turn; datetime64 and timedelta64 give their int64 counts. Throws BAD_STATE for text, objects and records.
 */
export function toTyped(array: NdArray): TypedArray {
  return typedFrom(array.dtype, nativeBytes(array));
}

/**
 * Integers (and bools) as numbers in C order. Throws BAD_STATE for other kinds, and for values beyond 2^53,
 * which a number cannot hold.
 */
export function toIntegers(array: NdArray): Float64Array | Exclude<TypedArray, BigInt64Array | BigUint64Array> {
  const { type } = array.dtype;
  if (type !== 'i' && type !== 'u' && type !== 'b' && type !== 'O') {
    throw new BrineError('BAD_STATE', `an array of ${dtypeName(array.dtype)} stands where integers are needed`);
  }
  const typed = Array.isArray(array.data) ? toFloat64(array) : toTyped(array);
  if (typed instanceof Float64Array) {
    for (const value of typed) if (!Number.isSafeInteger(value)) throw notSafe(value);
    return typed;
  }
  if (!(typed instanceof BigInt64Array || typed instanceof BigUint64Array)) return typed;
  // Reading the halves is several times faster than a BigInt for each element.
  const signed = typed instanceof BigInt64Array;
  const low = new Uint32Array(typed.buffer, typed.byteOffset, typed.length * 2);
  const high = new Int32Array(typed.buffer, typed.byteOffset, typed.length * 2);
  const out = new Float64Array(typed.length);
  for (let i = 0; i < out.length; i++) {
    const value = (signed ? high[2 * i + 1] : low[2 * i + 1]) * 4294967296 + low[2 * i];
    if (!Number.isSafeInteger(value)) throw notSafe(typed[i]);
    out[i] = value;
  }
  return out;
}

/** Integers as int64 in C order. Throws BAD_STATE for other kinds and for unsigned values beyond 2^63. */
export function toInt64(array: NdArray): BigInt64Array {
  const { type } = array.dtype;
  if (type !== 'i' && type !== 'u' && type !== 'b' && type !== 'M' && type !== 'm') {
    throw new BrineError('BAD_STATE', `an array of ${dtypeName(array.dtype)} stands where integers are needed`);
  }
  const typed = toTyped(array);
  if (typed instanceof BigInt64Array) return typed;
  const out = new BigInt64Array(typed.length);
  for (let i = 0; i < out.length; i++) {
    const value = BigInt(typed[i]);
    if (value > 0x7fffffffffffffffn) throw notSafe(value);
    out[i] = value;
  }
  return out;
}

/**
 * Text in C order: `U` and `StringDType`, `S` (decoded as latin-1, one character per byte), and object
 * arrays of text. Throws BAD_STATE where an element is no text.
 */
export function toStrings(array: NdArray): string[] {
  if (!Array.isArray(array.data) && array.dtype.type !== 'U' && array.dtype.type !== 'S') {
    throw new BrineError('BAD_STATE', `an array of ${dtypeName(array.dtype)} stands where text is needed`);
  }
  return elements(array).map((value, i) => {
    if (typeof value === 'string') return value;
    if (value instanceof Uint8Array) return decodeLatin1(value);
    throw new BrineError('BAD_STATE', `element ${i} of an array of text is ${kindOf(value)}`);
  });
}

/** The objects of an object array in C order. Throws BAD_STATE for other arrays. */
export function toObjects(array: NdArray): PyValue[] {
  const data = array.data;
  if (!Array.isArray(data)) {
    throw new BrineError('BAD_STATE', `an array of ${dtypeName(array.dtype)} stands where objects are needed`);
  }
  const order = memoryOrder(array);
  return order ? Array.from(order, (at) => data[at]!) : data;
}

/**
 * Every element in C order as the Python value that `tolist()` gives, except: datetime64 and timedelta64
 * give their int64 counts, longdouble its bytes, records a tuple.
 */
export function elements(array: NdArray): PyValue[] {
  if (Array.isArray(array.data)) return toObjects(array);
  return elementsOf(array.dtype, nativeBytes(array), array.size);
}

/** The Python value of a numpy scalar, as `item()` gives it; exceptions as in `elements`. */
export function scalarValue(scalar: NumpyScalar): PyValue {
  const { dtype, data } = scalar;
  if (!(data instanceof Uint8Array) || dtype.type === 'O') return data;
  return elementsOf(dtype, swapBytes(dtype, data), 1)[0]!;
}

/**
 * One field of a structured array as a typed array in C order: `fieldColumn(nodes, 'threshold')`. A field
 * that is a sub-array gives its elements in a row. Throws BAD_STATE if there is no such field, or if it
 * holds no numbers.
 */
export function fieldColumn(array: NdArray, name: string): TypedArray {
  const column = fieldArray(array, name);
  return toTyped(column);
}

/** One field of a structured array as an array of its own, a packed copy. Throws BAD_STATE if there is none. */
export function fieldArray(array: NdArray, name: string): NdArray {
  const field = array.dtype.fields?.find((f) => f.name === name);
  if (!field) {
    const names = array.dtype.fields?.map((f) => f.name).join(', ') ?? 'none';
    throw new BrineError('BAD_STATE', `a structured array has no field ${JSON.stringify(name)} (it has: ${names})`);
  }
  const inner = field.dtype.subarray;
  const dtype = inner ? inner.base : field.dtype;
  const shape = inner ? [...array.shape, ...inner.shape] : array.shape;
  if (Array.isArray(array.data)) {
    const at = array.dtype.fields!.indexOf(field);
    const values = array.data.map((record) => (record instanceof PyTuple ? record.items[at]! : record));
    return new NdArray(dtype, shape, array.fortran, values);
  }
  // A sub-array makes the trailing axes C-ordered, so a Fortran array is put in C order first.
  const bytes =
    array.fortran && inner ? toCOrder(arrayBytes(array), array.shape, array.dtype.itemsize) : arrayBytes(array);
  const packed = packField(bytes, array.dtype.itemsize, field.offset, field.dtype.itemsize, array.size);
  return new NdArray(dtype, shape, inner ? false : array.fortran, packed);
}

/** The bytes in C order and this machine's (little-endian) byte order. */
function nativeBytes(array: NdArray): Uint8Array {
  const { dtype, shape } = array;
  let bytes = arrayBytes(array);
  if (array.fortran) bytes = toCOrder(bytes, shape, dtype.itemsize);
  // Big-endian fields may hide inside records whose own order is '|'.
  return swapBytes(dtype, bytes);
}

/** The typed array over native-order bytes; a view if they are aligned. */
function typedFrom(dtype: Dtype, bytes: Uint8Array): TypedArray {
  const { type, itemsize } = dtype;
  if (type === 'f' && itemsize === 2) {
    const at = aligned(bytes, 2);
    const half = new Uint16Array(at.buffer, at.byteOffset, at.length / 2);
    return Float32Array.from(half, float16ToNumber);
  }
  const width = type === 'c' ? itemsize / 2 : itemsize;
  const View = viewOf[(type === 'M' || type === 'm' ? 'i' : type === 'c' ? 'f' : type) + String(width)];
  if (!View) {
    if (type === 'f' || type === 'c') {
      throw new BrineError(
        'UNSUPPORTED',
        `${dtypeName(dtype)} (longdouble) has no equal outside the machine that wrote it`,
      );
    }
    throw new BrineError('BAD_STATE', `an array of ${dtypeName(dtype)} stands where numbers are needed`);
  }
  const at = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  return new View(at.buffer as ArrayBuffer, at.byteOffset, at.byteLength / width);
}

type View = new (buffer: ArrayBuffer, offset: number, length: number) => TypedArray;

const viewOf: Record<string, View | undefined> = Object.assign(Object.create(null) as object, {
  f8: Float64Array,
  f4: Float32Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  b1: Uint8Array,
});

/** The Python values of `count` elements in native-order bytes. */
function elementsOf(dtype: Dtype, bytes: Uint8Array, count: number): PyValue[] {
  const size = dtype.itemsize;
  const out = new Array<PyValue>(count);
  const each = (make: (element: Uint8Array) => PyValue): PyValue[] => {
    for (let i = 0; i < count; i++) out[i] = make(bytes.subarray(i * size, (i + 1) * size));
    return out;
  };
  switch (dtype.type) {
    case 'U':
      for (let i = 0; i < count; i++) out[i] = decodeUcs4(bytes, i * size, size);
      return out;
    case 'S':
      return each(trimZeros);
    case 'V':
      return each((element) => (dtype.fields ? recordOf(dtype, element) : element));
    case 'c':
    case 'f':
      if (size > (dtype.type === 'c' ? 16 : 8)) return each((element) => element);
      break;
    default:
  }
  const typed = typedFrom(dtype, bytes);
  switch (dtype.type) {
    case 'c':
      for (let i = 0; i < count; i++) out[i] = new PyComplex(typed[2 * i] as number, typed[2 * i + 1] as number);
      break;
    case 'f':
      for (let i = 0; i < count; i++) out[i] = pyFloat(typed[i] as number);
      break;
    case 'b':
      for (let i = 0; i < count; i++) out[i] = typed[i] !== 0;
      break;
    default:
      for (let i = 0; i < count; i++) out[i] = pyInt(typed[i]);
  }
  return out;
}

/** A record as a tuple. Records nest only as deep as dtypes do, which is bounded when dtypes are made. */
function recordOf(dtype: Dtype, element: Uint8Array): PyTuple {
  return new PyTuple(
    dtype.fields!.map((field) => {
      const bytes = element.subarray(field.offset, field.offset + field.dtype.itemsize);
      const inner = field.dtype.subarray;
      if (!inner) return elementsOf(field.dtype, bytes, 1)[0]!;
      return new NdArray(inner.base, inner.shape, false, bytes);
    }),
  );
}

function pyInt(value: number | bigint): number | bigint {
  if (typeof value === 'number') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A Python number (also a numpy scalar or a bool) as a number; throws BAD_STATE for anything else. */
export function numberOf(value: PyValue): number {
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (value instanceof NumpyScalar) return numberOf(scalarValue(value));
  throw new BrineError('BAD_STATE', `an object array where numbers are needed holds ${kindOf(value)}`);
}

function kindOf(value: PyValue): string {
  if (value === null) return 'None';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Uint8Array) return 'bytes';
  return typeof value === 'object' ? `a ${value.kind}` : `a ${typeof value}`;
}

function notSafe(value: number | bigint): BrineError {
  return new BrineError('BAD_STATE', `${value} is no integer that fits here`);
}
