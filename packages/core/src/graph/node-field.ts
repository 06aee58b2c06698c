import { BrineError } from '../errors.js';

/** Element types that node tables use: numpy's letters and byte counts. */
export type FieldType = 'i1' | 'u1' | 'i4' | 'u4' | 'i8' | 'f4' | 'f8';

const sizes: Record<FieldType, number> = { i1: 1, u1: 1, i4: 4, u4: 4, i8: 8, f4: 4, f8: 8 };

/**
 * One column of a table of records, read in place: element i begins at `offset + i * stride`.
 * Tree files hold their nodes as packed records (56 or 64 bytes, on any alignment, either byte order);
 * a field reads them without copying a column. A plain array is the case stride = item size.
 */
export interface NodeField {
  readonly view: DataView;
  readonly offset: number;
  readonly stride: number;
  readonly type: FieldType;
  readonly littleEndian: boolean;
  /** Records in the table. Every element of them was checked to lie inside `view`. */
  readonly count: number;
  /** Elements per record (1, or the number of values of a leaf), one after another. */
  readonly width: number;
}

/**
 * A column of a record table.
 * @param bytes the table; may begin at any byte of its buffer
 * @throws BrineError CORRUPT if `count` records do not fit into the bytes
 */
export function nodeField(
  bytes: Uint8Array,
  layout: { offset: number; stride: number; type: FieldType; count: number; width?: number; littleEndian?: boolean },
): NodeField {
  const { offset, stride, type, count, width = 1, littleEndian = true } = layout;
  const end = count === 0 ? 0 : offset + (count - 1) * stride + width * sizes[type];
  const sane = [offset, stride, count, width].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!sane || end > bytes.byteLength) {
    throw new BrineError(
      'CORRUPT',
      `a table of ${count} records of ${stride} bytes, field at ${offset} of ${width} × ${type}, does not fit into ${bytes.byteLength} bytes`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { view, offset, stride, type, littleEndian, count, width };
}

type PlainArray = Int8Array | Uint8Array | Int32Array | Uint32Array | BigInt64Array | Float32Array | Float64Array;

function typeOf(array: PlainArray): FieldType {
  if (array instanceof Float64Array) return 'f8';
  if (array instanceof Float32Array) return 'f4';
  if (array instanceof BigInt64Array) return 'i8';
  if (array instanceof Int32Array) return 'i4';
  if (array instanceof Uint32Array) return 'u4';
  return array instanceof Int8Array ? 'i1' : 'u1';
}

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A typed array as a field of `array.length / width` records. */
export function fieldOf(array: PlainArray, width = 1): NodeField {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const type = typeOf(array);
  const stride = sizes[type] * width;
  const count = Math.floor(array.length / width);
  return nodeField(bytes, { offset: 0, stride, type, count, width, littleEndian: hostIsLittleEndian });
}

/**
 * The element of record i as an integer. 64-bit values come out exact below 2^53 and far outside any
 * node count above, so a range check on the result is a check of the value.
 */
export function readInt(field: NodeField, i: number): number {
  const at = field.offset + i * field.stride;
  switch (field.type) {
    case 'i8': {
      const low = field.littleEndian ? at : at + 4;
      const high = field.view.getInt32(field.littleEndian ? at + 4 : at, field.littleEndian);
      const unsigned = field.view.getInt32(low, field.littleEndian);
      if (high === 0 && unsigned >= 0) return unsigned;
      if (high === -1 && unsigned < 0) return unsigned;
      return high * 4294967296 + (unsigned >>> 0);
    }
    case 'i4':
      return field.view.getInt32(at, field.littleEndian);
    case 'u4':
      return field.view.getUint32(at, field.littleEndian);
    case 'u1':
      return field.view.getUint8(at);
    case 'i1':
      return field.view.getInt8(at);
    case 'f4':
      return field.view.getFloat32(at, field.littleEndian);
    case 'f8':
      return field.view.getFloat64(at, field.littleEndian);
  }
}

/** What `readInts` gives for an integer beyond int32. It is no node, feature or flag. */
export const BEYOND_INT32 = -0x80000000;

/** The integers of records 0 … count - 1 into `out`, a column at a time: several times faster than one by one. */
export function readInts(field: NodeField, count: number, out: Int32Array): void {
  const { view, stride, littleEndian, type } = field;
  let at = field.offset;
  if (type === 'i8') {
    const low = littleEndian ? 0 : 4;
    for (let i = 0; i < count; i++, at += stride) {
      const value = view.getInt32(at + low, littleEndian);
      out[i] = view.getInt32(at + 4 - low, littleEndian) === value >> 31 ? value : BEYOND_INT32;
    }
  } else if (type === 'i4') {
    for (let i = 0; i < count; i++, at += stride) out[i] = view.getInt32(at, littleEndian);
  } else if (type === 'u1') {
    for (let i = 0; i < count; i++, at += stride) out[i] = view.getUint8(at);
  } else {
    for (let i = 0; i < count; i++) {
      const value = readInt(field, i);
      out[i] = value === (value | 0) ? value : BEYOND_INT32;
    }
  }
}

/** Element 0 of records 0 … count - 1 into `out`, as float64. */
export function readFloats(field: NodeField, count: number, out: Float64Array): void {
  const { view, stride, littleEndian, type } = field;
  let at = field.offset;
  if (type === 'f8') {
    for (let i = 0; i < count; i++, at += stride) out[i] = view.getFloat64(at, littleEndian);
  } else {
    for (let i = 0; i < count; i++) out[i] = readFloat(field, i);
  }
}

/** Element `column` of record i as a float64 (integers are widened). */
export function readFloat(field: NodeField, i: number, column = 0): number {
  if (field.type === 'f8') {
    return field.view.getFloat64(field.offset + i * field.stride + 8 * column, field.littleEndian);
  }
  if (field.type === 'f4') {
    return field.view.getFloat32(field.offset + i * field.stride + 4 * column, field.littleEndian);
  }
  if (column === 0) return readInt(field, i);
  return readInt({ ...field, offset: field.offset + column * sizes[field.type] }, i);
}
