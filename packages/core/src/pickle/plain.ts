import type { PickleLimits } from './limits.js';

/** What a pickle of plain data came to. */
export interface PlainData {
  /** The offset just behind its STOP. */
  readonly end: number;
  readonly opcodes: number;
}

/** Numbers, texts, None and truth values: what may be shared at will. */
const LEAF = 1;
const LIST = 2;
const DICT = 3;
const SET = 4;
/** Tuples and frozensets: nothing is ever added to one. */
const FIXED = 5;

/** Opcodes between two yields: some milliseconds. */
const SLICE = 1 << 18;

/**
 * Is the pickle at the beginning of `bytes` one of plain data: numbers, texts, lists, dicts, tuples and sets in which no
 * container is in two places? Then reading it imports nothing, calls nothing, and gives no more than what is written
 * out. Makes no values, only the kind of each, and so takes a tenth of the machine's time.
 *
 * It says so only where `Machine` would read the pickle to its end within `limits`. Undefined: it is not, or not surely,
 * and the machine must say. `cut`: it was, as far as `bytes` go. Yields in between, so that others get their turn.
 *
 * @param told hears where texts lie, as it comes to them.
 */
export function* plainData(
  bytes: Uint8Array,
  limits: PickleLimits,
  told?: (from: number, to: number) => void,
): Generator<void, PlainData | 'cut' | undefined> {
  // No opcode adds more than one item, and none is shorter than a byte.
  const most = (limit: number): number => Math.min(limit, bytes.length);
  const stack = new Uint8Array(most(limits.stack));
  const marks = new Uint32Array(most(limits.marks));
  const memo = new Uint8Array(most(limits.memo));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length;
  let [sp, marked, memoised, fence, made, opcodes, pos] = [0, 0, 0, 0, 0, 0, 0];
  let frameEnd = Infinity;
  let end = size;

  for (;;) {
    if (pos >= end) {
      if (pos === frameEnd) {
        frameEnd = Infinity;
        end = size;
      }
      if (pos >= end) return 'cut';
    }
    if (++opcodes % SLICE === 0) yield;
    if (sp >= stack.length || made > limits.objects || opcodes > limits.opcodes) return undefined;
    const code = bytes[pos++];
    switch (code) {
      // ---- numbers and constants ----
      case 0x4e: // NONE
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack[sp++] = LEAF;
        break;
      case 0x4b: // BININT1
        pos += 1;
        stack[sp++] = LEAF;
        break;
      case 0x4d: // BININT2
        pos += 2;
        stack[sp++] = LEAF;
        break;
      case 0x4a: // BININT
        pos += 4;
        stack[sp++] = LEAF;
        break;
      case 0x47: // BINFLOAT
        pos += 8;
        stack[sp++] = LEAF;
        break;
      case 0x8a: // LONG1
        if (pos >= end) return past(end, size);
        if (bytes[pos] > limits.integerBytes) return undefined;
        pos += 1 + bytes[pos];
        stack[sp++] = LEAF;
        break;
      // ---- text ----
      case 0x8c: // SHORT_BINUNICODE
      case 0x58: {
        // BINUNICODE
        const width = code === 0x8c ? 1 : 4;
        if (end - pos < width) return past(end, size);
        const from = pos + width;
        pos = from + (width === 1 ? bytes[pos] : view.getUint32(pos, true));
        if (pos > end) return past(end, size);
        if (pos - from > limits.text || !isText(bytes, from, pos)) return undefined;
        told?.(from, pos);
        stack[sp++] = LEAF;
        break;
      }
      // ---- containers ----
      case 0x5d: // EMPTY_LIST
        stack[sp++] = LIST;
        made++;
        break;
      case 0x7d: // EMPTY_DICT
        stack[sp++] = DICT;
        made++;
        break;
      case 0x8f: // EMPTY_SET
        stack[sp++] = SET;
        made++;
        break;
      case 0x29: // EMPTY_TUPLE
        stack[sp++] = FIXED;
        made++;
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: {
        // TUPLE3
        const items = code - 0x84;
        if (sp - fence < items) return undefined;
        sp -= items - 1;
        stack[sp - 1] = FIXED;
        made++;
        break;
      }
      case 0x28: // MARK
        if (marked === marks.length) return undefined;
        marks[marked++] = sp;
        fence = sp;
        break;
      case 0x74: // TUPLE
      case 0x6c: // LIST
      case 0x64: // DICT
      case 0x91: {
        // FROZENSET
        if (marked === 0 || (code === 0x64 && (sp - fence) % 2 !== 0)) return undefined;
        sp = fence;
        marked--;
        fence = marked === 0 ? 0 : marks[marked - 1];
        stack[sp++] = code === 0x6c ? LIST : code === 0x64 ? DICT : FIXED;
        made++;
        break;
      }
      case 0x61: // APPEND
        if (sp - fence < 2 || stack[sp - 2] !== LIST) return undefined;
        sp--;
        break;
      case 0x73: // SETITEM
        if (sp - fence < 3 || stack[sp - 3] !== DICT) return undefined;
        sp -= 2;
        break;
      case 0x65: // APPENDS
      case 0x75: // SETITEMS
      case 0x90: {
        // ADDITEMS
        if (marked === 0 || (code === 0x75 && (sp - fence) % 2 !== 0)) return undefined;
        sp = fence;
        marked--;
        fence = marked === 0 ? 0 : marks[marked - 1];
        if (sp - fence < 1 || stack[sp - 1] !== (code === 0x65 ? LIST : code === 0x75 ? DICT : SET)) return undefined;
        break;
      }
      // ---- the memo ----
      case 0x94: // MEMOIZE
        if (sp - fence < 1 || memoised === memo.length) return undefined;
        memo[memoised++] = stack[sp - 1];
        break;
      case 0x71: // BINPUT
      case 0x72: {
        // LONG_BINPUT
        const width = code === 0x71 ? 1 : 4;
        if (end - pos < width) return past(end, size);
        const index = width === 1 ? bytes[pos] : view.getUint32(pos, true);
        if (sp - fence < 1 || index !== memoised || memoised === memo.length) return undefined;
        memo[memoised++] = stack[sp - 1];
        pos += width;
        break;
      }
      case 0x68: // BINGET
      case 0x6a: {
        // LONG_BINGET
        const width = code === 0x68 ? 1 : 4;
        if (end - pos < width) return past(end, size);
        const index = width === 1 ? bytes[pos] : view.getUint32(pos, true);
        if (index >= memoised || memo[index] !== LEAF) return undefined;
        stack[sp++] = LEAF;
        pos += width;
        break;
      }
      // ---- the machine ----
      case 0x80: // PROTO
        if (pos >= end) return past(end, size);
        if (bytes[pos++] > 5) return undefined;
        break;
      case 0x95: // FRAME
        if (end - pos < 8) return past(end, size);
        if (frameEnd !== Infinity) return undefined;
        frameEnd = pos + 8 + view.getUint32(pos, true) + view.getUint32(pos + 4, true) * 2 ** 32;
        pos += 8;
        end = Math.min(size, frameEnd);
        break;
      case 0x2e: // STOP
        if (sp - fence < 1 || (frameEnd !== Infinity && frameEnd !== pos)) return undefined;
        return { end: pos, opcodes };
      default:
        return undefined;
    }
    if (pos > end) return past(end, size);
  }
}

/** An argument reaches beyond `end`: of the bytes, of which there may be more, or of the frame, which is an error. */
function past(end: number, size: number): 'cut' | undefined {
  return end === size ? 'cut' : undefined;
}

/** Is it UTF-8 without surrogates? (Python takes those, and so does the machine.) */
function isText(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    const byte = bytes[at++];
    if (byte < 0x80) continue;
    const more =
      byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
    if (more === 0 || to - at < more) return false;
    let point = byte & (0x3f >> more);
    for (let i = 0; i < more; i++) {
      const next = bytes[at++];
      if ((next & 0xc0) !== 0x80) return false;
      point = (point << 6) | (next & 0x3f);
    }
    if (more === 2 && (point < 0x800 || (point >= 0xd800 && point < 0xe000))) return false;
    if (more === 3 && (point < 0x10000 || point > 0x10ffff)) return false;
  }
  return true;
}
