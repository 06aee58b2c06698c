/**
 * pyarrow arrays inside pandas pickles: `_restore_array((type, length, null_count, offset, buffers, …))`.
 * Only text is read (what pandas 3 keeps its column names in where pyarrow is installed).
 */
import { PyByteArray, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { BrineError } from '../../errors.js';
import { corrupt } from '../check.js';

/** Strings of one column: the same chunk may be named any number of times (CWE-770). */
const MAX_STRINGS = 2 ** 24;

/** The strings of a pyarrow array of text, null where missing; undefined for another type. */
export function arrowStrings(value: PyValue | undefined): (string | null)[] | undefined {
  if (!(value instanceof PyInstance)) return undefined;
  if (value.name === 'chunked_array') {
    const chunks = value.args.items[0];
    if (!Array.isArray(chunks)) return undefined;
    const out: (string | null)[] = [];
    for (const chunk of chunks) {
      const strings = restored(chunk);
      if (!strings) return undefined;
      if (out.length + strings.length > MAX_STRINGS) {
        throw new BrineError('LIMIT', `a column has more than ${MAX_STRINGS} strings`);
      }
      for (const text of strings) out.push(text);
    }
    return out;
  }
  return restored(value);
}

function restored(value: PyValue): (string | null)[] | undefined {
  if (!(value instanceof PyInstance) || value.name !== '_restore_array') return undefined;
  const parts = value.args.items[0];
  const [type, length, , start, buffers] = parts instanceof PyTuple ? parts.items : [];
  const width = offsetWidth(type);
  if (width === undefined || typeof length !== 'number' || typeof start !== 'number' || !Array.isArray(buffers)) {
    return undefined;
  }
  const [validity, offsets, text] = buffers.map(bufferBytes);
  const end = start + length;
  const needs = (bytes: Uint8Array | undefined, size: number): boolean => bytes === undefined || bytes.length < size;
  const sound = start >= 0 && length >= 0 && Number.isSafeInteger(end);
  if (!sound || (length > 0 && needs(offsets, (end + 1) * width)) || (validity && needs(validity, end / 8))) {
    throw corrupt(`a pyarrow array of ${length} strings from ${start} is longer than its buffers`);
  }
  const decoder = new TextDecoder();
  const view = offsets && new DataView(offsets.buffer, offsets.byteOffset, offsets.byteLength);
  const offsetAt = (i: number): number =>
    width === 4 ? view!.getInt32(i * 4, true) : Number(view!.getBigInt64(i * 8, true));
  const out: (string | null)[] = [];
  for (let i = start; i < end; i++) {
    if (validity && (validity[i >> 3] & (1 << (i & 7))) === 0) {
      out.push(null);
      continue;
    }
    const [from, to] = [offsetAt(i), offsetAt(i + 1)];
    if (!(from >= 0 && to >= from && to <= (text?.length ?? 0))) {
      throw corrupt(`string ${i} of a pyarrow array takes bytes ${from} to ${to} of ${text?.length ?? 0}`);
    }
    out.push(text ? decoder.decode(text.subarray(from, to)) : '');
  }
  return out;
}

/** Bytes per offset of pyarrow's text types. */
function offsetWidth(type: PyValue | undefined): 4 | 8 | undefined {
  if (!(type instanceof PyInstance) || type.name !== 'type_for_alias') return undefined;
  const alias = type.args.items[0];
  if (alias === 'large_string' || alias === 'large_utf8') return 8;
  return alias === 'string' || alias === 'utf8' ? 4 : undefined;
}

/** `py_buffer(bytes)`, or None for a buffer that is not there. */
function bufferBytes(value: PyValue): Uint8Array | undefined {
  const held = value instanceof PyInstance && value.name === 'py_buffer' ? value.args.items[0] : value;
  if (held instanceof PyByteArray) return held.bytes;
  return held instanceof Uint8Array ? held : undefined;
}
