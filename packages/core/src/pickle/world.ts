import type { LazyBytes } from '../bytes/lazy.js';
import type { PyInstance, PyTuple, PyValue, PyDict, PyGlobal } from './values.js';

/**
 * What the machine asks whoever knows the names in a file. The machine itself knows none: without a world,
 * every call stays a PyInstance. A world turns the ones it understands (numpy arrays, OrderedDict, joblib's
 * wrappers …) into inert values of their own. No method may run anything that a file names.
 */
export interface World {
  /**
   * NEWOBJ, NEWOBJ_EX, OBJ, INST and REDUCE. Undefined: not mine, keep the PyInstance. `at` is the opcode's
   * offset in the stream.
   */
  call(made: 'new' | 'call', callable: PyValue, args: PyTuple, kwargs: PyDict | null, at: number): PyValue | undefined;

  /**
   * BUILD on `target`. True: taken. False: not mine (a PyInstance then keeps `state`). `payload` gives
   * access to raw bytes that follow the opcode (joblib). May return a value that takes the target's place
   * on the stack and in the memo, wrapped in `{ become }`.
   */
  build(target: PyValue, state: PyValue, payload: Payload): boolean | { become: PyValue };

  /** APPEND(S) and ADDITEMS on something that is neither list nor set. False: not mine. */
  append(target: PyValue, items: PyValue[]): boolean;

  /** SETITEM(S) on something that is no dict. False: not mine. */
  setItem(target: PyValue, key: PyValue, value: PyValue): boolean;

  /** PERSID and BINPERSID; undefined keeps a PyPersistent. */
  persistent?(id: PyValue): PyValue | undefined;
}

/**
 * The raw bytes behind the current opcode, for formats that put payloads between opcodes.
 *
 * Take everything before changing anything: where bytes of a big file have not been read yet, the machine
 * abandons `build`, fetches them and calls it again.
 */
export interface Payload {
  /** The offset in the stream just behind the BUILD opcode. */
  readonly position: number;
  /** True if the stream can be mapped: uncompressed and seekable. */
  readonly raw: boolean;
  /** One byte without consuming it. */
  peekByte(): number;
  /** Consumes `length` bytes. Large ranges of a big file come back lazy. Throws TRUNCATED beyond the end. */
  take(length: number): Uint8Array | LazyBytes;
  /**
   * A complete pickle follows, with a memo of its own. The machine reads it and gives the value to `done`
   * before it goes on with the outer stream. What `done` answers, if anything, takes the place of the
   * object being built, on the stack and in the memo.
   */
  nested(done: (value: PyValue) => PyValue | undefined): void;
}

/** Told of everything a pickle would import or call, in order, when it would happen. */
export interface Observer {
  global?(name: PyGlobal, offset: number): void;
  call?(made: 'new' | 'call', callable: PyValue, args: PyTuple, offset: number, kwargs: PyDict | null): void;
  /** What the call at `offset` gave: the world's value, or the instance that stands for it. */
  called?(result: PyValue, offset: number): void;
  /** A byte string: BINBYTES and its kin. */
  bytes?(content: Uint8Array, offset: number): void;
  build?(target: PyValue, state: PyValue, offset: number): void;
  /** APPEND(S) and ADDITEMS on something that is neither list nor set. */
  append?(target: PyValue, items: readonly PyValue[], offset: number): void;
  /** SETITEM(S) on something that is no dict. */
  setItem?(target: PyValue, key: PyValue, value: PyValue, offset: number): void;
  /** While true, it is told of the keys of dicts and sets. */
  readonly watchesKeys?: boolean;
  keys?(keys: readonly PyValue[], offset: number): void;
  persistent?(id: PyValue, offset: number): void;
  extension?(code: number, offset: number): void;
  /** STACK_GLOBAL of something that is no text here. Python may have made a text of it; the machine then stops. */
  computedName?(module: PyValue, name: PyValue, offset: number): void;
  /** A string opcode that only Python 2 writes. */
  python2String?(offset: number): void;
}

export type { PyInstance };
