/** New arrays for states that rules write. */
import { PyTuple, type PyValue } from '../../pickle/values.js';
import { Dtype, NdArray, NumpyScalar, type DtypeField, type DtypeKind } from '../../python/ndarray.js';
import { fieldArray, toFloat64, toTyped } from '../../python/elements.js';

export const float64 = new Dtype('f', 8, '<');
export const int64 = new Dtype('i', 8, '<');
export const bool = new Dtype('b', 1, '|');
export const object = new Dtype('O', 8, '|');

/** A float64 array of `shape` (one-dimensional unless told), in C order. */
export function floats(values: ArrayLike<number>, shape: readonly number[] = [values.length]): NdArray {
  const data = Float64Array.from(values);
  return new NdArray(float64, shape, false, new Uint8Array(data.buffer));
}

export function integers(values: ArrayLike<number>, shape: readonly number[] = [values.length]): NdArray {
  const data = BigInt64Array.from(Array.from(values, BigInt));
  return new NdArray(int64, shape, false, new Uint8Array(data.buffer));
}

export function bools(values: ArrayLike<boolean>): NdArray {
  return new NdArray(bool, [values.length], false, Uint8Array.from(Array.from(values, Number)));
}

export function objects(values: PyValue[]): NdArray {
  return new NdArray(object, [values.length], false, values);
}

export function floatScalar(value: number): NumpyScalar {
  return new NumpyScalar(float64, new Uint8Array(Float64Array.of(value).buffer));
}

/** The numbers of an array in C order, or undefined if it holds none. */
export function numbersOf(value: PyValue | undefined): Float64Array | undefined {
  if (!(value instanceof NdArray) || !'fiub'.includes(value.dtype.type)) return undefined;
  return toFloat64(value);
}

/** The rows of a two-dimensional array of numbers. */
export function shapeOf(value: PyValue | undefined): readonly number[] | undefined {
  return value instanceof NdArray ? value.shape : undefined;
}

/** A record array with the fields of `layout`, each taken from `array` by name, or given by `missing`. */
export function relaid(
  array: NdArray,
  layout: RecordLayout,
  missing: (name: string) => number | NdArray | undefined,
): NdArray {
  const count = array.size;
  const bytes = new Uint8Array(count * layout.itemsize);
  const view = new DataView(bytes.buffer);
  for (const { name, dtype, offset } of layout.fields) {
    const own = array.dtype.fields?.some((f) => f.name === name) ? fieldArray(array, name) : missing(name);
    const set = setters[`${dtype.type}${dtype.itemsize}`];
    if (own === undefined || typeof own === 'number') {
      for (let i = 0; i < count; i++) set(view, i * layout.itemsize + offset, own ?? 0);
      continue;
    }
    const values = toTyped(own) as ArrayLike<number | bigint>;
    for (let i = 0; i < count; i++) set(view, i * layout.itemsize + offset, Number(values[i]));
  }
  return new NdArray(layout.dtype, array.shape, false, bytes, array.subclass);
}

const setters: Readonly<Record<string, (view: DataView, at: number, value: number) => void>> = {
  f8: (view, at, value) => {
    view.setFloat64(at, value, true);
  },
  f4: (view, at, value) => {
    view.setFloat32(at, value, true);
  },
  i8: (view, at, value) => {
    view.setBigInt64(at, BigInt(value), true);
  },
  u4: (view, at, value) => {
    view.setUint32(at, value, true);
  },
  u1: (view, at, value) => {
    view.setUint8(at, value);
  },
};

/** A record dtype as numpy describes it. */
export interface RecordLayout {
  readonly fields: readonly DtypeField[];
  readonly itemsize: number;
  readonly dtype: Dtype;
}

/** `[name, 'f8']` … packed one after the other, up to `itemsize` bytes. */
export function recordLayout(
  fields: readonly (readonly [string, 'f8' | 'f4' | 'i8' | 'u4' | 'u1'])[],
  options: { itemsize?: number; align?: boolean } = {},
): RecordLayout {
  let offset = 0;
  const list = fields.map(([name, code]): DtypeField => {
    const size = Number(code[1]);
    const field = { name, dtype: new Dtype(code[0] as DtypeKind, size, size === 1 ? '|' : '<'), offset };
    offset += size;
    return field;
  });
  const itemsize = options.itemsize ?? offset;
  const dtype = new Dtype('V', itemsize, '|', { fields: list, align: options.align ?? false });
  return { fields: list, itemsize, dtype };
}

/** True if an array has exactly this layout already. */
export function hasLayout(array: NdArray, layout: RecordLayout): boolean {
  const { fields, itemsize } = array.dtype;
  return (
    itemsize === layout.itemsize &&
    fields?.length === layout.fields.length &&
    layout.fields.every((f, i) => {
      const own = fields[i];
      return (
        own.name === f.name &&
        own.offset === f.offset &&
        own.dtype.type === f.dtype.type &&
        own.dtype.itemsize === f.dtype.itemsize &&
        own.dtype.byteOrder === f.dtype.byteOrder
      );
    })
  );
}

export function pair(a: PyValue, b: PyValue): PyTuple {
  return new PyTuple([a, b]);
}
