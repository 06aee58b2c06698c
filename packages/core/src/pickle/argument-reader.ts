import { BrineError } from '../errors.js';
import { Arguments } from './arguments.js';
import { overLimit, type PickleLimits } from './limits.js';
import { decodeInteger } from './numbers.js';
import type { Opcode } from './opcodes.js';
import type { Fault } from './effects.js';
import { decodeLatin1 } from './text.js';
import { PyByteArray, pyFloat, type PyValue } from './values.js';

/** An opcode's argument, and the index behind it. `value` is undefined if there is none. */
export interface Argument {
  readonly value: PyValue | undefined;
  readonly next: number;
}

/**
 * Reads arguments without running anything, for the disassembler. Unlike the machine's loop, which decodes
 * in place for speed, it goes by the table's `argument`.
 */
export class ArgumentReader {
  readonly #limits: PickleLimits;
  readonly #text: Arguments;
  readonly #fault: Fault;

  constructor(limits: PickleLimits, fault: Fault) {
    this.#limits = limits;
    this.#text = new Arguments(limits, 'latin1', fault);
    this.#fault = fault;
  }

  /**
   * The argument of `opcode`, which is at index `start` of `bytes`; or, if it reaches beyond them, how many
   * bytes are needed from `start`. `at` is the stream offset of `start`. Text that is not what it should be
   * (a number that is none, invalid UTF-8) comes as it is, one character per byte: where it ends is known,
   * and so is where the next opcode begins.
   */
  read(opcode: Opcode, bytes: Uint8Array, start: number, at: number): Argument | number {
    const from = start + 1;
    const kind = opcode.argument;
    switch (kind) {
      case null:
        return { value: undefined, next: from };
      case 'uint1':
      case 'uint2':
      case 'uint4':
      case 'uint8':
      case 'int4':
      case 'float8': {
        const next = from + Number(kind.slice(-1));
        if (next > bytes.length) return next - start;
        return { value: fixed(kind, bytes, from), next };
      }
      case 'decimalnl_short':
      case 'decimalnl_long':
      case 'floatnl':
      case 'stringnl':
      case 'stringnl_noescape':
      case 'stringnl_noescape_pair':
      case 'unicodestringnl':
        return this.#line(opcode, bytes, start, at);
      default:
        return this.#counted(opcode, bytes, start, at);
    }
  }

  #line(opcode: Opcode, bytes: Uint8Array, start: number, at: number): Argument | number {
    const from = start + 1;
    let newline = bytes.indexOf(0x0a, from);
    const first = newline;
    if (newline >= 0 && opcode.argument === 'stringnl_noescape_pair') newline = bytes.indexOf(0x0a, newline + 1);
    if (newline < 0) return 2 * (bytes.length - start) + 256;
    const text = this.#text;
    const next = newline + 1;
    switch (opcode.argument) {
      case 'stringnl':
        return { value: text.literal(bytes, from, newline, at), next };
      case 'unicodestringnl':
        return { value: text.rawUnicode(bytes, from, newline, at), next };
      case 'stringnl_noescape':
        return { value: text.text(bytes, from, newline, at), next };
      case 'stringnl_noescape_pair':
        return {
          value: `${text.text(bytes, from, first, at)} ${text.text(bytes, first + 1, newline, at)}`,
          next,
        };
      default:
        if (opcode.name === 'GET' || opcode.name === 'PUT')
          return { value: text.index(bytes, from, newline, at), next };
        return { value: text.number(opcode.code, bytes, from, newline, at), next };
    }
  }

  #counted(opcode: Opcode, bytes: Uint8Array, start: number, at: number): Argument | number {
    const width = Number(/\d$/.exec(opcode.argument!)![0]);
    const from = start + 1 + width;
    if (from > bytes.length) return from - start;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const low = width === 1 ? bytes[start + 1] : view.getUint32(start + 1, true);
    const length = width === 8 ? low + view.getUint32(start + 5, true) * 2 ** 32 : low;
    const signed = opcode.argument === 'string4' || opcode.argument === 'long4';
    if (signed && length >= 2 ** 31) throw this.#fault(at, `a length of ${length - 2 ** 32} bytes`);
    const next = from + length;
    if (next > bytes.length) return next - start;
    return { value: this.#content(opcode, bytes, from, next, at), next };
  }

  #content(opcode: Opcode, bytes: Uint8Array, from: number, to: number, at: number): PyValue {
    switch (opcode.argument) {
      case 'long1':
      case 'long4':
        if (to - from > this.#limits.integerBytes) {
          overLimit(this.#limits, 'integerBytes', `an integer of ${to - from} bytes`, at);
        }
        return decodeInteger(bytes, from, to);
      case 'string1':
      case 'string4':
        return decodeLatin1(bytes, from, to);
      case 'unicodestring1':
      case 'unicodestring4':
      case 'unicodestring8':
        return orAsItIs(bytes, from, to, () => this.#text.text(bytes, from, to, at));
      case 'bytearray8':
        return new PyByteArray(bytes.subarray(from, to));
      default:
        return bytes.subarray(from, to);
    }
  }
}

function orAsItIs(bytes: Uint8Array, from: number, to: number, read: () => PyValue): PyValue {
  try {
    return read();
  } catch (error) {
    if (error instanceof BrineError && error.code === 'CORRUPT') return decodeLatin1(bytes, from, to);
    throw error;
  }
}

function fixed(kind: string, bytes: Uint8Array, from: number): PyValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset + from);
  switch (kind) {
    case 'uint1':
      return view.getUint8(0);
    case 'uint2':
      return view.getUint16(0, true);
    case 'uint4':
      return view.getUint32(0, true);
    case 'int4':
      return view.getInt32(0, true);
    case 'float8':
      return pyFloat(view.getFloat64(0));
    default: {
      const value = view.getBigUint64(0, true);
      return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    }
  }
}
