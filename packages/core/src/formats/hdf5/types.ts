import type { Cursor } from './cursor.js';
import { MAX_RANK, MAX_TYPE_DEPTH } from './limits.js';

/** What an element is. */
export interface Hdf5Type {
  readonly class:
    | 'integer'
    | 'float'
    | 'time'
    | 'string'
    | 'bits'
    | 'opaque'
    | 'compound'
    | 'reference'
    | 'enum'
    | 'vlen'
    | 'array'
    | 'complex';
  /** Bytes of one element in the file. */
  readonly size: number;
  /** `vlen` of characters. */
  readonly text: boolean;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  /** What a `vlen`, `enum` or `array` is made of. */
  readonly base?: Hdf5Type;
}

const classes = [
  'integer',
  'float',
  'time',
  'string',
  'bits',
  'opaque',
  'compound',
  'reference',
  'enum',
  'vlen',
  'array',
  'complex',
] as const;

/** A datatype message. Members of compounds are passed over. */
export function readType(cursor: Cursor, depth = 0): Hdf5Type {
  if (depth > MAX_TYPE_DEPTH) throw cursor.corrupt(`types within types more than ${MAX_TYPE_DEPTH} deep`);
  const first = cursor.u8();
  const version = first >> 4;
  const kind = classes[first & 15];
  if (kind === undefined || version < 1 || version > 5) throw cursor.unsupported(`a datatype of class ${first & 15}`);
  const bits = cursor.u8() | (cursor.u8() << 8) | (cursor.u8() << 16);
  const size = cursor.u32();
  const type = {
    class: kind,
    size,
    text: kind === 'vlen' && (bits & 15) === 1,
    signed: (bits & 8) !== 0,
    littleEndian: (bits & 1) === 0,
  };
  switch (kind) {
    case 'vlen':
    case 'enum':
      return { ...type, base: readType(cursor, depth + 1) };
    case 'array': {
      const rank = cursor.u8();
      if (rank > MAX_RANK) throw cursor.corrupt(`an array of ${rank} dimensions`);
      cursor.skip(version < 3 ? 3 + 8 * rank : 4 * rank);
      return { ...type, base: readType(cursor, depth + 1) };
    }
    default:
      return type;
  }
}

/** A dataspace message: the shape; undefined where there is no element at all. */
export function readShape(cursor: Cursor): number[] | undefined {
  const version = cursor.u8();
  const rank = cursor.u8();
  const flags = cursor.u8();
  if (rank > MAX_RANK) throw cursor.corrupt(`${rank} dimensions`);
  if (version === 1) cursor.skip(5);
  else if (version === 2) {
    if (cursor.u8() === 2) return undefined;
  } else throw cursor.unsupported(`a dataspace of version ${version}`);
  const shape = Array.from({ length: rank }, () => cursor.length());
  if (flags & 1) cursor.skip(rank * cursor.sizes.length);
  return shape;
}

export function elements(shape: readonly number[] | undefined): number {
  return shape === undefined ? 0 : shape.reduce((total, n) => total * n, 1);
}
