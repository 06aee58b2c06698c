import type { LazyBytes } from '../bytes/lazy.js';
import { encodeUtf8Into } from './write-text.js';

/** A piece of a stream being written: bytes, or a range of another file that nobody has read yet. */
export type Piece = Uint8Array | LazyBytes;

/** Opcodes gather until there are this many bytes: one frame, as CPython's own pickler cuts them. */
const FRAME = 64 * 1024;

/** Ranges of at least this size become pieces of their own, without being copied. */
const APART = 16 * 1024;

/** `FRAME` and its length. */
const FRAME_HEADER = 9;

/** CPython writes no frame for less than this. */
const SMALLEST_FRAME = 4;

/**
 * Where opcodes go: small ones gather in a slab, large payloads stay the views they are. With `framed`, what
 * gathers between payloads becomes the frames of protocol 4 and 5; a payload stands outside of them, so that
 * Python reads it without a copy.
 */
export class Output {
  /** Bytes kept free where a frame's header may go. */
  readonly #header: number;
  readonly #pieces: Piece[] = [];
  #slab = new Uint8Array(2 * FRAME);
  #view = new DataView(this.#slab.buffer);
  /** Where in the slab the bytes begin that no piece holds yet, room for a frame's header included. */
  #start = 0;
  #used: number;
  /** Bytes in pieces. */
  #written = 0;

  constructor(framed: boolean) {
    this.#header = framed ? FRAME_HEADER : 0;
    this.#used = this.#header;
  }

  /** Where in the stream the next byte goes, as long as nothing is framed. */
  get position(): number {
    return this.#written + this.#used - this.#start - this.#header;
  }

  /** Hands over the pieces that are complete. */
  take(): Piece[] {
    return this.#pieces.splice(0);
  }

  get ready(): boolean {
    return this.#pieces.length > 0;
  }

  byte(value: number): void {
    this.#room(1);
    this.#slab[this.#used++] = value;
  }

  /** An opcode and one byte. */
  byte2(code: number, value: number): void {
    this.#room(2);
    this.#slab[this.#used++] = code;
    this.#slab[this.#used++] = value;
  }

  /** An opcode and a little-endian integer of two bytes. */
  uint16(code: number, value: number): void {
    this.#room(3);
    this.#slab[this.#used++] = code;
    this.#view.setUint16(this.#used, value, true);
    this.#used += 2;
  }

  /** An opcode and a little-endian integer of four bytes; negative ones as they are. */
  int32(code: number, value: number): void {
    this.#room(5);
    this.#slab[this.#used++] = code;
    this.#view.setInt32(this.#used, value, true);
    this.#used += 4;
  }

  /** An opcode and a little-endian length of eight bytes. */
  uint64(code: number, value: number): void {
    this.#room(9);
    this.#slab[this.#used++] = code;
    this.#view.setBigUint64(this.#used, BigInt(value), true);
    this.#used += 8;
  }

  /** An opcode and a big-endian double. */
  float64(code: number, value: number): void {
    this.#room(9);
    this.#slab[this.#used++] = code;
    this.#view.setFloat64(this.#used, value, false);
    this.#used += 8;
  }

  /** Bytes as they are, copied: only for few. */
  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#slab.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /**
   * Text of at most `most` bytes of UTF-8, with its length before it: `short` if that fits a byte (0: there
   * is no such opcode), else `long`.
   */
  text(short: number, long: number, text: string): void {
    const most = text.length * 3;
    this.#room(most + 5);
    // The length is known afterwards: the text is written behind the longer header and moved where that is not needed.
    const at = this.#used + 5;
    const length = encodeUtf8Into(text, this.#slab, at);
    if (short !== 0 && length < 256) {
      this.#slab[this.#used] = short;
      this.#slab[this.#used + 1] = length;
      this.#slab.copyWithin(this.#used + 2, at, at + length);
      this.#used += 2 + length;
    } else {
      this.#slab[this.#used] = long;
      this.#view.setUint32(this.#used + 1, length, true);
      this.#used = at + length;
    }
  }

  /** Bytes that follow an opcode's length, or joblib's bytes between opcodes. `header` is in the slab already. */
  payload(data: Piece): void {
    if ('load' in data || data.length >= APART) {
      this.#cut(false);
      this.#push(data);
    } else this.bytes(data);
  }

  /**
   * Before an opcode whose payload is `length` bytes: ends the frame if the payload will be a piece of its
   * own, since an opcode and its payload must lie on the same side of a frame's end.
   */
  announce(length: number): void {
    if (length >= APART) this.#cut(true);
  }

  /** At the end of an opcode: cuts a piece where enough has gathered. */
  boundary(): void {
    if (this.#used - this.#start >= FRAME) this.#cut(true);
  }

  /** Everything so far becomes pieces. */
  flush(): void {
    this.#cut(true);
  }

  /** What has gathered becomes a piece; as a frame if it is opcodes, not the header of a payload. */
  #cut(frame: boolean): void {
    const header = this.#header;
    const length = this.#used - this.#start - header;
    if (length > 0) {
      if (header > 0 && frame && length >= SMALLEST_FRAME) {
        this.#slab[this.#start] = 0x95;
        this.#view.setBigUint64(this.#start + 1, BigInt(length), true);
        this.#push(this.#slab.subarray(this.#start, this.#used));
      } else this.#push(this.#slab.subarray(this.#start + header, this.#used));
      this.#start = this.#used;
    }
    if (this.#slab.length - this.#start < FRAME / 4) this.#fresh(2 * FRAME);
    this.#used = this.#start + header;
  }

  #push(piece: Piece): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#written += piece.length;
  }

  #room(length: number): void {
    if (this.#used + length <= this.#slab.length) return;
    const gathered = this.#slab.subarray(this.#start, this.#used);
    this.#fresh(2 * FRAME + gathered.length + length);
    this.#slab.set(gathered);
    this.#used = gathered.length;
  }

  /** A slab of its own for what follows; pieces keep the old one. */
  #fresh(size: number): void {
    this.#slab = new Uint8Array(size);
    this.#view = new DataView(this.#slab.buffer);
    this.#start = 0;
    this.#used = 0;
  }
}
