import { BrineError } from '../../errors.js';

/**
 * Protocol buffers' wire format (https://protobuf.dev/programming-guides/encoding/): zero-copy and bounds-checked.
 * Groups (wire types 3 and 4) are refused: ONNX never had any.
 */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export class WireReader {
  readonly bytes: Uint8Array;
  /** The file's name, and where `bytes` begins in it, for messages. */
  readonly file: string;
  readonly base: number;
  pos: number;
  readonly end: number;
  /** The field that `next` found. */
  field = 0;
  wire = 0;
  /** The halves of the last varint, unsigned. */
  low = 0;
  high = 0;
  /** Where the tag of the field at hand begins, and ends. */
  #tag = 0;
  #tagEnd = 0;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, file: string, base = 0) {
    this.bytes = bytes;
    this.file = file;
    this.base = base;
    this.pos = 0;
    this.end = bytes.byteLength;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves to the next field; false at the end. */
  next(): boolean {
    if (this.pos >= this.end) return false;
    this.#tag = this.pos;
    this.#varint();
    this.#tagEnd = this.pos;
    if (this.high !== 0) throw this.error('CORRUPT', 'a field tag of more than 32 bits');
    this.field = this.low >>> 3;
    this.wire = this.low & 7;
    if (this.field === 0) throw this.error('CORRUPT', 'a field of number 0');
    return true;
  }

  /** An unsigned or signed integer that is a safe number. */
  integer(): number {
    this.#expect(WIRE.varint);
    this.#varint();
    const signed = (this.high | 0) * 2 ** 32 + this.low;
    if (!Number.isSafeInteger(signed)) throw this.error('CORRUPT', 'an integer beyond 2^53');
    return signed;
  }

  /** int64, as a number where that is exact. */
  int64(): number | bigint {
    this.#expect(WIRE.varint);
    this.#varint();
    const signed = (this.high | 0) * 2 ** 32 + this.low;
    return Number.isSafeInteger(signed) ? signed : (BigInt(this.high | 0) << 32n) | BigInt(this.low);
  }

  float(): number {
    this.#expect(WIRE.fixed32);
    return this.#view.getFloat32(this.#take(4), true);
  }

  double(): number {
    this.#expect(WIRE.fixed64);
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** A view on the bytes of a length-delimited field. */
  chunk(): Uint8Array {
    this.#expect(WIRE.bytes);
    this.#varint();
    const length = this.high === 0 ? this.low : Infinity;
    if (length > this.end - this.pos)
      throw this.error('TRUNCATED', `a field of ${length} bytes where ${this.end - this.pos} are left`);
    const from = this.#take(length);
    return this.bytes.subarray(from, from + length);
  }

  /** The length of the current length-delimited field, whose content need not be in `bytes`. */
  lengthAhead(): number {
    this.#expect(WIRE.bytes);
    this.#varint();
    return this.high * 2 ** 32 + this.low;
  }

  /** The same bytes, from the beginning. */
  fresh(): WireReader {
    return new WireReader(this.bytes, this.file, this.base);
  }

  /** The message inside a length-delimited field. */
  message(): WireReader {
    const chunk = this.chunk();
    return new WireReader(chunk, this.file, this.base + this.pos - chunk.byteLength);
  }

  text(): string {
    const at = this.pos;
    const chunk = this.chunk();
    return decodeText(chunk) ?? this.#badText(at);
  }

  #badText(at: number): never {
    throw new BrineError('CORRUPT', 'text that is not UTF-8', { file: this.file, offset: this.base + at });
  }

  /** Passes over the current field. */
  skip(): void {
    switch (this.wire) {
      case WIRE.varint:
        this.#varint();
        return;
      case WIRE.fixed64:
        this.#take(8);
        return;
      case WIRE.bytes:
        this.chunk();
        return;
      case WIRE.fixed32:
        this.#take(4);
        return;
      default:
        throw this.error('CORRUPT', `wire type ${this.wire} in field ${this.field}`);
    }
  }

  /**
   * A repeated scalar of 4 or 8 bytes: the bytes of its values, a view where they are packed. Where they are not, those
   * of all that follow each other, since attributes hold millions that way.
   */
  fixedChunk(size: 4 | 8): Uint8Array {
    if (this.wire === WIRE.bytes) {
      const chunk = this.chunk();
      if (chunk.byteLength % size !== 0)
        throw this.error('CORRUPT', `${chunk.byteLength} bytes of numbers of ${size} bytes each`);
      return chunk;
    }
    this.#expect(size === 4 ? WIRE.fixed32 : WIRE.fixed64);
    const first = this.#take(size);
    while (this.#again()) this.#take(size);
    const tag = this.#tagEnd - this.#tag;
    const count = (this.pos - first + tag) / (size + tag);
    if (count === 1) return this.bytes.subarray(first, first + size);
    const out = new Uint8Array(count * size);
    for (let i = 0, from = first, to = 0; i < count; i++, from += tag)
      for (let j = 0; j < size; j++) out[to++] = this.bytes[from++];
    return out;
  }

  /** Passes over the tag if the field at hand is written once more. */
  #again(): boolean {
    const { bytes, pos } = this;
    const length = this.#tagEnd - this.#tag;
    if (length === 0 || pos + length > this.end) return false;
    for (let i = 0; i < length; i++) if (bytes[pos + i] !== bytes[this.#tag + i]) return false;
    this.pos = pos + length;
    return true;
  }

  /** Repeated varints, packed or not, as many as follow each other: `push` gets their halves. */
  varints(push: (low: number, high: number) => void): void {
    if (this.wire === WIRE.varint) {
      do {
        this.#varint();
        push(this.low, this.high);
      } while (this.#again());
      return;
    }
    const inner = this.message();
    while (inner.pos < inner.end) {
      inner.#varint();
      push(inner.low, inner.high);
    }
  }

  /** Passes over repeated varints, and returns a reader that stands before them and how many they are. */
  varintsAhead(): { readonly reader: WireReader; readonly count: number } {
    const reader = new WireReader(this.bytes, this.file, this.base);
    [reader.pos, reader.field, reader.wire] = [this.pos, this.field, this.wire];
    [reader.#tag, reader.#tagEnd] = [this.#tag, this.#tagEnd];
    let count = 0;
    if (this.wire === WIRE.bytes) {
      const chunk = this.chunk();
      const { length } = chunk;
      // Each ends in a byte without the highest bit.
      for (let i = 0; i < length; i++) count += chunk[i] < 128 ? 1 : 0;
    } else
      this.varints(() => {
        count++;
      });
    return { reader, count };
  }

  /**
   * Repeated varints from `at` on: their low halves, or low and high in turn where `wide`. Returns where they end.
   */
  varintsInto(into: Int32Array, at: number, wide: boolean): number {
    let to = at;
    const put = (low: number, high: number): void => {
      into[to++] = low;
      if (wide) into[to++] = high;
    };
    if (this.wire === WIRE.varint) {
      this.varints(put);
      return to;
    }
    const inner = this.message();
    const { bytes, end } = inner;
    while (inner.pos < end) {
      // Up to 28 bits, as most integers are, written out.
      const { pos } = inner;
      const [b0, b1] = [bytes[pos], bytes[pos + 1]];
      const [b2, b3] = [bytes[pos + 2], bytes[pos + 3]];
      let low = b0 & 127;
      let length = 1;
      if (b0 >= 128) {
        low |= (b1 & 127) << 7;
        length = 2;
        if (b1 >= 128) {
          low |= (b2 & 127) << 14;
          length = 3;
          if (b2 >= 128) {
            low |= (b3 & 127) << 21;
            length = b3 < 128 ? 4 : 5;
          }
        }
      }
      if (length < 5 && pos + length <= end) {
        inner.pos = pos + length;
        into[to++] = low;
        if (wide) into[to++] = 0;
      } else {
        inner.#varint();
        put(inner.low, inner.high);
      }
    }
    return to;
  }

  error(code: 'CORRUPT' | 'TRUNCATED' | 'UNSUPPORTED' | 'LIMIT', message: string): BrineError {
    return new BrineError(code, message, { file: this.file, offset: this.base + this.pos });
  }

  #expect(wire: number): void {
    if (this.wire !== wire)
      throw this.error('CORRUPT', `wire type ${this.wire} in field ${this.field}, where ${wire} belongs`);
  }

  #take(length: number): number {
    const from = this.pos;
    if (length > this.end - from)
      throw this.error('TRUNCATED', `${length} bytes wanted where ${this.end - from} are left`);
    this.pos = from + length;
    return from;
  }

  #varint(): void {
    const { bytes } = this;
    if (this.pos < this.end && bytes[this.pos] < 128) {
      this.low = bytes[this.pos++];
      this.high = 0;
      return;
    }
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= this.end) throw this.error('TRUNCATED', 'the end within an integer');
      const b = bytes[this.pos++];
      if (shift < 28) low |= (b & 127) << shift;
      else if (shift === 28) {
        low |= (b & 15) << 28;
        high |= (b & 127) >> 4;
      } else high |= (b & 127) << (shift - 32);
      if (b < 128) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw this.error('CORRUPT', 'an integer of more than ten bytes');
  }
}

/** UTF-8, or undefined where the bytes are something else. Short ASCII, as most names are, without the decoder. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength < 64) {
    let out = '';
    let i = 0;
    for (; i < bytes.byteLength && bytes[i] < 128; i++) out += String.fromCharCode(bytes[i]);
    if (i === bytes.byteLength) return out;
  }
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
