import { WIRE } from '../wire.js';

const utf8 = new TextEncoder();
const SCRATCH = 512;
/** Bytes from this length on are kept as they are, and copied once, into the file. */
const KEEP = 256;

/** The bytes that a varint takes: of a non-negative integer below 2^53, or of a negative one (always ten). */
function varintLength(value: number): number {
  if (value < 0) return 10;
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

/**
 * A protocol buffer message under construction: short fields in small buffers, long ones as views of what they hold.
 * A message's length stands before it in the file, so that messages are made from the inside out and nothing is
 * copied before the whole is known.
 */
export class Message {
  readonly #pieces: Uint8Array[] = [];
  #scratch = new Uint8Array(0);
  #from = 0;
  #at = 0;
  #size = 0;

  get size(): number {
    return this.#size + this.#at - this.#from;
  }

  int(field: number, value: number | bigint): this {
    this.#tag(field, WIRE.varint);
    this.#anyVarint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, WIRE.fixed32);
    this.#room(4);
    new DataView(this.#scratch.buffer).setFloat32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  /** Long bytes are not copied: they must not change until the file is written. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, WIRE.bytes);
    this.#varint(value.byteLength);
    this.#append(value);
    return this;
  }

  message(field: number, value: Message): this {
    this.#tag(field, WIRE.bytes);
    this.#varint(value.size);
    for (const piece of value.pieces()) this.#append(piece);
    return this;
  }

  /** int64 values, packed. */
  ints(field: number, values: ArrayLike<number | bigint>): this {
    let length = 0;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      length += varintLength(typeof v === 'number' ? v : bigLength(v));
    }
    this.#tag(field, WIRE.bytes);
    this.#varint(length);
    this.#room(length);
    for (let i = 0; i < values.length; i++) this.#anyVarint(values[i]);
    return this;
  }

  /** The message so far. */
  pieces(): readonly Uint8Array[] {
    this.#flush();
    return this.#pieces;
  }

  /** The message in one buffer. */
  finish(): Uint8Array<ArrayBuffer> {
    const pieces = this.pieces();
    const out = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of pieces) {
      out.set(piece, at);
      at += piece.byteLength;
    }
    return out;
  }

  #tag(field: number, wire: number): void {
    this.#varint(field * 8 + wire);
  }

  #anyVarint(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0) this.#varint(value);
    else {
      this.#room(10);
      let rest = BigInt.asUintN(64, BigInt(value));
      while (rest >= 128n) {
        this.#scratch[this.#at++] = Number(rest & 127n) | 128;
        rest >>= 7n;
      }
      this.#scratch[this.#at++] = Number(rest);
    }
  }

  #varint(value: number): void {
    this.#room(10);
    let rest = value;
    while (rest >= 128) {
      this.#scratch[this.#at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#scratch[this.#at++] = rest;
  }

  #append(bytes: Uint8Array): void {
    if (bytes.byteLength >= KEEP) {
      this.#flush();
      this.#pieces.push(bytes);
      this.#size += bytes.byteLength;
    } else {
      this.#room(bytes.byteLength);
      this.#scratch.set(bytes, this.#at);
      this.#at += bytes.byteLength;
    }
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#scratch.length) return;
    this.#flush();
    this.#scratch = new Uint8Array(Math.max(bytes, SCRATCH));
    this.#from = this.#at = 0;
  }

  #flush(): void {
    if (this.#at === this.#from) return;
    this.#pieces.push(this.#scratch.subarray(this.#from, this.#at));
    this.#size += this.#at - this.#from;
    this.#from = this.#at;
  }
}

/** A number of the same varint length. */
function bigLength(value: bigint): number {
  if (value < 0n) return -1;
  return value < 2n ** 53n ? Number(value) : value < 2n ** 56n ? 2 ** 53 : value < 2n ** 63n ? 2 ** 56 : 2 ** 63;
}
