import { BrineError } from '@brine/core';

/** Structs and lists within each other: the deepest in parquet.thrift are five (CWE-674). */
const MAX_DEPTH = 32;
/** Values of a footer, some thirty for each column chunk; as objects they take fifty bytes each (CWE-770). */
const MAX_VALUES = 2 ** 22;

const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** A number in groups of seven bits, low ones first: its low 32 bits, and where it ends. */
export function varint(bytes: Uint8Array, at: number, end: number, longest: number): { value: number; at: number } {
  let value = 0;
  for (let i = 0; i < longest; i++) {
    if (at >= end) throw new Error(`a number reaches beyond its ${end} bytes`);
    const byte = bytes[at++];
    if (i < 5) value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return { value: value >>> 0, at };
  }
  throw new Error(`a number of more than ${longest} bytes`);
}

/**
 * Checks a struct in Thrift's compact protocol, which hyparquet then reads without a look at its lengths: lists and
 * texts lie within the bytes, numbers have no more bytes than their type needs, no field comes twice (CWE-1284).
 *
 * @param scalars receives the 16- and 32-bit integers and booleans by the ids on the way to them: `5.1`
 * @returns where the struct ends
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export function checkStruct(bytes: Uint8Array, start: number, scalars?: Map<string, number | boolean>): number {
  interface Open {
    /** Elements left of a list; undefined for a struct. */
    left: number | undefined;
    readonly type: number;
    /** The id of a struct's last field. */
    id: number;
    /** Ids on the way here; undefined within lists, whose elements are not told apart. */
    readonly path: string | undefined;
  }
  const end = bytes.length;
  const open: Open[] = [{ left: undefined, type: STRUCT, id: 0, path: '' }];
  let at = start;
  const skip = (length: number): void => {
    if (length > end - at) throw new Error(`${length} bytes where ${end - at} are left`);
    at += length;
  };
  const byte = (): number => {
    skip(1);
    return bytes[at - 1];
  };
  const number = (longest: number): number => {
    const read = varint(bytes, at, end, longest);
    at = read.at;
    return read.value;
  };
  for (let values = 0; open.length > 0; values++) {
    if (values > MAX_VALUES) {
      throw new BrineError('LIMIT', `a Parquet footer of more than ${MAX_VALUES} values (MAX_VALUES)`);
    }
    const top = open[open.length - 1];
    let type = top.type;
    if (top.left === undefined) {
      const head = byte();
      type = head & 15;
      if (type === STOP) {
        open.pop();
        continue;
      }
      const id = head >> 4 === 0 ? unzigzag(number(5)) : top.id + (head >> 4);
      if (id <= top.id) throw new Error(`field ${id} after field ${top.id}`);
      top.id = id;
    } else {
      if (top.left === 0) {
        open.pop();
        continue;
      }
      top.left--;
      if (type === TRUE || type === FALSE) type = BYTE;
    }
    const path = top.left === undefined && top.path !== undefined ? `${top.path}${top.id}` : undefined;
    switch (type) {
      case TRUE:
      case FALSE:
        if (path !== undefined) scalars?.set(path, type === TRUE);
        break;
      case BYTE:
        skip(1);
        break;
      case I16:
      case I32: {
        const value = unzigzag(number(5));
        if (path !== undefined) scalars?.set(path, value);
        break;
      }
      case I64:
        number(10);
        break;
      case DOUBLE:
        skip(8);
        break;
      case BINARY:
        skip(number(5));
        break;
      case LIST: {
        const head = byte();
        const left = head >> 4 === 15 ? number(5) : head >> 4;
        // Every element takes a byte at least.
        if (left > end - at) throw new Error(`a list of ${left} where ${end - at} bytes are left`);
        open.push({ left, type: head & 15, id: 0, path: undefined });
        break;
      }
      case STRUCT:
        open.push({ left: undefined, type, id: 0, path: path === undefined ? undefined : `${path}.` });
        break;
      default:
        throw new Error(`a value of unknown type ${type}`);
    }
    if (open.length > MAX_DEPTH) {
      throw new BrineError('LIMIT', `Parquet metadata are nested more than ${MAX_DEPTH} deep (MAX_DEPTH)`);
    }
  }
  return at;
}

const unzigzag = (value: number): number => (value >>> 1) ^ -(value & 1);
