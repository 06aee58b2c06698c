/** The standard library's `array.array`, kept as an NdArray whose subclass says so. */
import type { PyValue } from '../pickle/values.js';
import { checkedArray, corrupt } from './check.js';
import { parseDtype } from './dtype.js';
import type { Maker } from './library.js';
import { Dtype, type NdArray } from './ndarray.js';
import { bytesOf, textOf } from './text.js';
import { PyFloat } from '../pickle/values.js';

/** Machine formats by code (Modules/arraymodule.c, `mformat_descriptors`). 18 to 21 are text. */
const machineFormats = [
  '|u1',
  '|i1',
  '<u2',
  '>u2',
  '<i2',
  '>i2',
  '<u4',
  '>u4',
  '<i4',
  '>i4',
  '<u8',
  '>u8',
  '<i8',
  '>i8',
  '<f4',
  '>f4',
  '<f8',
  '>f8',
];

/** `_array_reconstructor(cls, typecode, mformat, bytes)`. */
export const arrayArray: Maker = ({ args: [, , code, raw] }) => {
  const bytes = bytesOf(raw);
  const dtype = typeof code === 'number' ? parseDtype(machineFormats[code] ?? '') : undefined;
  if (!bytes || !dtype) return undefined;
  if (bytes.length % dtype.itemsize !== 0) {
    throw corrupt(`an array.array of ${dtype.itemsize}-byte items has ${bytes.length} bytes`);
  }
  return checkedArray(dtype, [bytes.length / dtype.itemsize], false, bytes, 'array.array');
};

/** What the type codes are on 64-bit machines: protocols 0 to 2 list the items. */
const typeCodes = new Map([
  ['b', 'i1'],
  ['B', 'u1'],
  ['h', 'i2'],
  ['H', 'u2'],
  ['i', 'i4'],
  ['I', 'u4'],
  ['l', 'i8'],
  ['L', 'u8'],
  ['q', 'i8'],
  ['Q', 'u8'],
  ['f', 'f4'],
  ['d', 'f8'],
]);

/** `array(typecode, [items])`. */
export const listedArray: Maker = ({ args: [code, items] }) => {
  const dtype = parseDtype(typeCodes.get(textOf(code) ?? '') ?? '');
  if (!dtype || !Array.isArray(items)) return undefined;
  return packNumbers(dtype, items);
};

function packNumbers(dtype: Dtype, items: readonly PyValue[]): NdArray | undefined {
  const bytes = new Uint8Array(items.length * dtype.itemsize);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < items.length; i++) {
    const item = items[i] instanceof PyFloat ? (items[i] as PyFloat).value : items[i];
    if (typeof item !== 'number' && typeof item !== 'bigint') return undefined;
    const at = i * dtype.itemsize;
    if (dtype.type === 'f') {
      if (dtype.itemsize === 8) view.setFloat64(at, Number(item), true);
      else view.setFloat32(at, Number(item), true);
      continue;
    }
    if (typeof item === 'number' && !Number.isInteger(item)) return undefined;
    const value = BigInt(item);
    for (let b = 0; b < dtype.itemsize; b++) bytes[at + b] = Number((value >> BigInt(8 * b)) & 0xffn);
  }
  return checkedArray(dtype, [items.length], false, bytes, 'array.array');
}
