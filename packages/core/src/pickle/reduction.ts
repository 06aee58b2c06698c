import type { LazyBytes } from '../bytes/lazy.js';
import { PyObject, type PyDict, type PyTuple, type PyValue } from './values.js';

/**
 * What a pickle says to make an object: `callable(*args, **kwargs)` or `callable.__new__(…)`, then items, then
 * a state. A PyInstance is one as it is.
 */
export interface Reduction {
  readonly made: 'new' | 'call';
  readonly callable: PyValue;
  readonly args: PyTuple;
  readonly kwargs?: PyDict | null;
  /** For APPENDS. */
  readonly appended?: readonly PyValue[] | undefined;
  /** For SETITEMS. */
  readonly entries?: PyDict | undefined;
  /** For BUILD; undefined for no BUILD at all. */
  readonly state?: PyValue | undefined;
  /** What follows BUILD outside of the opcodes (joblib). The object is memoised behind it. */
  readonly payload?: Payload;
}

/** Raw bytes between opcodes: where they begin decides how much padding comes before. */
export interface Payload {
  /** Bytes of opcodes that change nothing, to be put before BUILD, which will be the byte at `position`. */
  padding?(position: number): Uint8Array;
  /** The bytes themselves, in pieces. */
  pieces(): Iterable<Uint8Array | LazyBytes>;
}

/**
 * Says how values are made that pickles have no opcode for: the inverse of a `World`. One reducer serves one
 * writing; where it answers two values with the same Reduction, they are written as one object.
 */
export interface Reducer {
  /** Undefined: not mine. */
  reduce(value: PyObject): Reduction | undefined;
}

/** Bytes inside a reduction that need not have been read: written as Python `bytes`. */
export class RawBytes extends PyObject {
  readonly kind = 'bytes';
  readonly data: Uint8Array | LazyBytes;
  constructor(data: Uint8Array | LazyBytes) {
    super();
    this.data = data;
  }
}

/** Bytes for a reduction, whether they have been read or not. */
export function rawBytes(data: Uint8Array | LazyBytes): PyValue {
  return data instanceof Uint8Array ? data : new RawBytes(data);
}

/** Bytes to be written as text of as many latin-1 characters. */
export class Latin1Text extends PyObject {
  readonly kind = 'str';
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }
}
