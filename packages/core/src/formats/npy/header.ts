import { BrineError } from '../../errors.js';
import { PyDict, PyTuple, type PyValue } from '../../pickle/values.js';
import { checkShape } from '../../python/check.js';
import { checkedField, dtypeName, parseDtype, subarray } from '../../python/dtype.js';
import { Dtype, type DtypeField } from '../../python/ndarray.js';
import { parseLiteral } from './literal.js';

/** What an `.npy` header says (numpy/lib/_format_impl.py). */
export interface NpyHeader {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly fortran: boolean;
  /** Where the data starts, in bytes from the start of the file. */
  readonly dataOffset: number;
}

/** numpy allows 10,000 bytes unless told otherwise; records with thousands of fields need more (CWE-770). */
export const MAX_HEADER = 1 << 20;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** True for the magic bytes of an `.npy` file. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** How many bytes the header takes in all, from its first 12. Throws UNKNOWN_FORMAT, UNSUPPORTED, LIMIT. */
export function npyHeaderLength(start: Uint8Array): number {
  if (!isNpy(start)) throw new BrineError('UNKNOWN_FORMAT', 'this is no .npy file: it does not start with \\x93NUMPY');
  if (start.length < 10) throw new BrineError('TRUNCATED', 'an .npy file ends within its header');
  const version = start[6];
  if (!(version >= 1 && version <= 3)) {
    throw new BrineError('UNSUPPORTED', `.npy version ${version}.${start[7]} is not read; 1.0, 2.0 and 3.0 are`);
  }
  const wide = version > 1;
  if (wide && start.length < 12) throw new BrineError('TRUNCATED', 'an .npy file ends within its header');
  const length = start[8] + start[9] * 256 + (wide ? start[10] * 65536 + start[11] * 2 ** 24 : 0);
  if (length > MAX_HEADER)
    throw new BrineError('LIMIT', `an .npy header claims ${length} bytes; the limit is ${MAX_HEADER}`);
  return (wide ? 12 : 10) + length;
}

/** The header in the first `npyHeaderLength` bytes. Throws CORRUPT where it is no sound header. */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  const dataOffset = npyHeaderLength(bytes);
  if (bytes.length < dataOffset) {
    throw new BrineError('TRUNCATED', `an .npy header of ${dataOffset} bytes ends after ${bytes.length}`);
  }
  const wide = bytes[6] > 1;
  const decoder = new TextDecoder(bytes[6] === 3 ? 'utf-8' : 'latin1');
  const dict = parseLiteral(decoder.decode(bytes.subarray(wide ? 12 : 10, dataOffset)).trimEnd());
  if (!(dict instanceof PyDict)) throw new BrineError('CORRUPT', 'the header of an .npy file is no dict');
  const [descr, shape, fortran] = ['descr', 'shape', 'fortran_order'].map((key) => dict.get(key));
  if (descr === undefined || !(shape instanceof PyTuple) || typeof fortran !== 'boolean') {
    throw new BrineError('CORRUPT', 'the header of an .npy file lacks descr, shape or fortran_order');
  }
  checkShape(shape.items);
  return { dtype: dtypeFromDescr(descr), shape: shape.items, fortran, dataOffset };
}

/** numpy's `descr_to_dtype`: text, `(base, shape)`, or a list of fields. */
export function dtypeFromDescr(descr: PyValue): Dtype {
  if (typeof descr === 'string') {
    const dtype = parseDtype(descr);
    if (!dtype) throw new BrineError('CORRUPT', `${JSON.stringify(descr)} is no numpy dtype`);
    return dtype;
  }
  if (descr instanceof PyTuple && descr.items.length === 2)
    return subarrayDtype(...(descr.items as [PyValue, PyValue]));
  if (!Array.isArray(descr)) throw new BrineError('CORRUPT', 'the dtype of an .npy file has no known form');

  const fields: { name: string; dtype: Dtype; offset: number; title?: string }[] = [];
  let offset = 0;
  for (const entry of descr) {
    const [label, type, dims] = entry instanceof PyTuple ? entry.items : [];
    if (type === undefined) throw new BrineError('CORRUPT', 'a field in an .npy header has no name and type');
    const [title, name] = label instanceof PyTuple ? label.items : [undefined, label];
    if (typeof name !== 'string') throw new BrineError('CORRUPT', 'a field in an .npy header has no name');
    const dtype = dims === undefined ? dtypeFromDescr(type) : subarrayDtype(type, dims);
    // Nameless bytes are the gaps between aligned fields.
    const isGap = name === '' && dtype.type === 'V' && !dtype.fields && !dtype.subarray;
    if (!isGap) fields.push({ name, dtype, offset, ...(typeof title === 'string' ? { title } : {}) });
    offset += dtype.itemsize;
  }
  const size = offset;
  return new Dtype('V', size, '|', { fields: fields.map((field): DtypeField => checkedField(field, size)) });
}

function subarrayDtype(type: PyValue, dims: PyValue): Dtype {
  const base = dtypeFromDescr(type);
  const shape = dims instanceof PyTuple ? dims.items : [dims];
  checkShape(shape);
  const size = shape.reduce((a, b) => a * b, base.itemsize);
  return new Dtype('V', size, '|', { subarray: subarray(base, shape, size) });
}

/** The header numpy writes for an array, padded so that the data starts at a multiple of 64 bytes. */
export function npyHeaderBytes(dtype: Dtype, shape: readonly number[], fortran: boolean): Uint8Array {
  const dims = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': ${descrText(dtype)}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${dims}, }`;
  // Room for the growing axis to become longer in place, as numpy leaves it.
  const grows =
    shape.length === 0 ? '' : ' '.repeat(Math.max(0, 21 - String(shape[fortran ? shape.length - 1 : 0]).length));
  const ascii = /^[\x20-\x7e]*$/.test(text);
  const body = new TextEncoder().encode(text + grows);
  const start = ascii && body.length < 65000 ? 10 : 12;
  const least = start + body.length + 1;
  const length = least + 64 - (least % 64);
  const out = new Uint8Array(length).fill(0x20);
  out.set(MAGIC);
  out.set([start === 10 ? 1 : ascii ? 2 : 3, 0], 6);
  const view = new DataView(out.buffer);
  if (start === 10) view.setUint16(8, length - start, true);
  else view.setUint32(8, length - start, true);
  out.set(body, start);
  out[length - 1] = 0x0a;
  return out;
}

function descrText(dtype: Dtype): string {
  if (!dtype.fields) return quote(dtypeName(dtype));
  const parts: string[] = [];
  let at = 0;
  const gap = (end: number): void => {
    if (end > at) parts.push(`('', '|V${end - at}')`);
  };
  for (const field of [...dtype.fields].sort((a, b) => a.offset - b.offset)) {
    if (field.offset < at) throw new BrineError('UNSUPPORTED', 'fields that overlap cannot be written to .npy');
    gap(field.offset);
    const label = field.title === undefined ? quote(field.name) : `(${quote(field.title)}, ${quote(field.name)})`;
    const inner = field.dtype.subarray;
    const dims = inner ? `, (${inner.shape.map((n) => `${n},`).join(' ')})` : '';
    parts.push(`(${label}, ${descrText(inner ? inner.base : field.dtype)}${dims})`);
    at = field.offset + field.dtype.itemsize;
  }
  gap(dtype.itemsize);
  return `[${parts.join(', ')}]`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
