import { LazyBytes } from '../bytes/lazy.js';
import type { Source } from '../bytes/source.js';
import { BrineError, type ErrorCode } from '../errors.js';
import { LAZY_FROM } from './limits.js';
import { opcodeOf } from './opcodes.js';
import type { PyValue } from './values.js';
import type { Payload } from './world.js';

/** The part of a stream that is in memory. */
export interface Window {
  readonly bytes: Uint8Array;
  /** Where in the stream `bytes` begins. */
  readonly base: number;
  /** The size of the whole stream. */
  readonly size: number;
  /** Where the rest can be had; undefined if `bytes` reaches to the end. */
  readonly source?: Source;
  /** What to call the stream in messages. */
  readonly file?: string;
}

/** Thrown out of a World's `build` when it takes bytes that are not here yet; never leaves the machine. */
export class NeedBytes extends Error {
  readonly length: number;
  constructor(length: number) {
    super();
    this.length = length;
  }
}

/**
 * The bytes under a machine: a window on the stream, the place in it, and the frame that opcodes must stay
 * in. It is also the Payload that a World takes raw bytes from.
 */
export class Stream implements Payload {
  bytes: Uint8Array;
  view: DataView;
  base: number;
  /** Index into the window; beyond it after a lazy range. */
  pos: number;
  /** Stream offset at which the current frame ends; Infinity outside of frames. */
  frameEnd = Infinity;
  /** Who waits for a nested pickle that begins here. */
  nestedDone: ((value: PyValue) => PyValue | undefined) | undefined;
  readonly raw: boolean;
  #window: Window;

  constructor(window: Window, offset: number, raw: boolean) {
    this.#window = window;
    this.bytes = plain(window.bytes);
    this.view = viewOf(window.bytes);
    this.base = window.base;
    this.pos = offset - window.base;
    this.raw = raw;
  }

  move(window: Window): void {
    this.pos = this.position - window.base;
    this.#window = window;
    this.bytes = plain(window.bytes);
    this.view = viewOf(window.bytes);
    this.base = window.base;
  }

  get position(): number {
    return this.base + this.pos;
  }

  /** An error at a stream offset, named after the opcode there if that is in the window. */
  readonly fault = (at: number, message: string, code: ErrorCode = 'CORRUPT'): BrineError => {
    const { file } = this.#window;
    const opcode = opcodeOf[this.bytes[at - this.base]];
    const place = file === undefined ? { offset: at } : { offset: at, file };
    return new BrineError(code, opcode === undefined ? message : `${opcode.name}: ${message}`, place);
  };

  // ---- what the machine asks ----

  /** Throws unless the `length` bytes from index `start` exist, outside of the window but in the frame. */
  missing(start: number, length: number): void {
    const at = this.base + start;
    const left = this.#window.size - at;
    if (at + length > this.frameEnd) {
      throw this.fault(at, `its bytes reach beyond the frame, which ends at ${this.frameEnd}`);
    }
    if (left <= 0) throw this.fault(at, 'the pickle ends before its STOP', 'TRUNCATED');
    if (length > left) {
      throw this.fault(at, `needs ${length} bytes, but the file has only ${left} more`, 'TRUNCATED');
    }
    this.pos = start;
  }

  /** How many bytes to ask for when an argument's newline is not in reach: as many again. */
  lineAt(start: number): number {
    const here = this.bytes.length - start;
    const all = this.#window.size - this.base - start;
    const inFrame = this.frameEnd - this.base - start;
    return inFrame < here ? inFrame + 1 : here < all ? Math.min(2 * here + 256, all) : all + 1;
  }

  /** A length of 1, 4 or 8 bytes, unsigned. Beyond 2^53 it is inexact, and beyond every file. */
  length(at: number, width: number): number {
    if (width === 1) return this.bytes[at];
    const low = this.view.getUint32(at, true);
    return width === 4 ? low : low + this.view.getUint32(at + 4, true) * 2 ** 32;
  }

  /** A view on the window, unless that would keep a big window alive for the sake of a few bytes. */
  range(from: number, to: number): Uint8Array {
    const copy = this.#window.source !== undefined && (to - from) * 2 < this.bytes.length;
    return copy ? this.bytes.slice(from, to) : this.bytes.subarray(from, to);
  }

  // ---- Payload ----

  peekByte(): number {
    this.#reach(1);
    return this.bytes[this.pos];
  }

  take(length: number): Uint8Array | LazyBytes {
    const { source } = this.#window;
    const from = this.pos;
    // Behind a lazy range nothing is in memory, and going back would read the range after all.
    if (source !== undefined && (length >= LAZY_FROM || from > this.bytes.length)) {
      this.#announce(length);
      const lazy = new LazyBytes(source, this.position, length);
      this.pos += length;
      return lazy;
    }
    this.#reach(length);
    this.pos += length;
    return this.range(from, this.pos);
  }

  nested(done: (value: PyValue) => PyValue | undefined): void {
    this.#announce(0);
    this.nestedDone = done;
  }

  /** Raw bytes begin here: they must be outside of any frame and inside the stream. */
  #announce(length: number): void {
    const at = this.position;
    if (this.frameEnd > at && this.frameEnd !== Infinity) {
      throw this.#error('CORRUPT', at, `raw bytes begin inside a frame, which ends at ${this.frameEnd}`);
    }
    this.frameEnd = Infinity;
    if (!(Number.isSafeInteger(length) && length >= 0)) {
      throw this.#error('CORRUPT', at, `a range of ${length} bytes`);
    }
    const left = this.#window.size - at;
    if (length > left) {
      throw this.#error('TRUNCATED', at, `an array needs ${length} bytes, but the file has only ${left} more`);
    }
  }

  #reach(length: number): void {
    this.#announce(length);
    if (this.pos + length > this.bytes.length) throw new NeedBytes(length);
  }

  #error(code: ErrorCode, offset: number, message: string): BrineError {
    const { file } = this.#window;
    return new BrineError(code, message, file === undefined ? { offset } : { offset, file });
  }
}

/** Node's Buffer is a Uint8Array whose `slice` copies nothing and whose `indexOf` is slower. */
function plain(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
