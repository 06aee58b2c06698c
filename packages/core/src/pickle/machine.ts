import { BrineError } from '../errors.js';
import { Arguments, type Python2Encoding } from './arguments.js';
import { Effects, type EffectOptions } from './effects.js';
import { DEFAULT_LIMITS, overLimit, type PickleLimits } from './limits.js';
import { Memo } from './memo.js';
import { decodeInteger } from './numbers.js';
import { NeedBytes, Stream, type Window } from './stream.js';
import { decodeUtf8, findNewline } from './text.js';
import { PyByteArray, PyDict, PyFloat, PySet, PyTuple, type PyValue } from './values.js';

export interface MachineOptions extends EffectOptions {
  readonly limits?: Partial<PickleLimits>;
  /** What Python 2 `str` becomes. Default latin1, which keeps every byte. */
  readonly encoding?: Python2Encoding;
  /** False if the stream came out of a decompressor, so that its ranges cannot be mapped. Default true. */
  readonly raw?: boolean;
}

/** `done`: `value` is there. `need`: `wanted` bytes from `offset` must be in the window. `paused`: out of fuel. */
export type Status = 'done' | 'need' | 'paused';

/** One pickle being read. A nested one has all of this to itself. */
interface Context {
  readonly stack: PyValue[];
  readonly sp: number;
  readonly marks: number[];
  readonly memo: Memo;
  readonly protocol: number;
  readonly done: (value: PyValue) => PyValue | undefined;
}

/**
 * The pickle machine: it interprets opcodes into inert values and runs nothing. `run` is synchronous over
 * the window it was given; when bytes are missing it stops at the opcode's start and asks for them.
 */
export class Machine {
  readonly limits: PickleLimits;
  /** Lists, dicts, calls and so on that were made. */
  made = 0;
  /** What the pickle holds, once `run` said `done`. */
  value: PyValue = null;
  /** After `need`: how many bytes from `offset` on. */
  wanted = 0;
  /** After `done`: how much of the fuel was not needed. */
  left = 0;
  /** What lies at and above `sp` is stale. */
  stack: PyValue[] = [];
  sp = 0;
  /** The heights of the stack at which marks were set, and 0 below them. */
  marks: number[] = [0];
  memo = new Memo();
  protocol = 0;

  readonly #options: MachineOptions;
  readonly #stream: Stream;
  readonly #effects: Effects;
  readonly #arguments: Arguments;
  readonly #outer: Context[] = [];
  /** The offset of a BUILD that had to wait for bytes: its observer has heard of it. */
  #waiting = -1;

  constructor(window: Window, offset: number, options: MachineOptions) {
    this.#options = options;
    this.#stream = new Stream(window, offset, options.raw ?? true);
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    const { fault } = this.#stream;
    this.#effects = new Effects(options, fault);
    this.#arguments = new Arguments(this.limits, options.encoding ?? 'latin1', fault);
  }

  /** Where in the stream the machine stands. */
  get offset(): number {
    return this.#stream.position;
  }

  /** How many pickles the current one is nested in. */
  get depth(): number {
    return this.#outer.length;
  }

  /** Puts another window of the same stream under the machine; it must begin at or before `offset`. */
  move(window: Window): void {
    this.#stream.move(window);
  }

  /** Runs at most `fuel` opcodes. Throws BrineError where the stream makes no sense. */
  run(fuel: number): Status {
    try {
      return this.#run(fuel);
    } catch (error) {
      if (!(error instanceof BrineError) || Object.keys(error.place).length > 0) throw error;
      // From the world, which does not know where in the stream it was asked.
      throw this.#stream.fault(this.#effects.at, error.message, error.code);
    }
  }

  #run(fuel: number): Status {
    // Everything the loop touches is a local: that, and the dense switch, is what makes it fast.
    const stream = this.#stream;
    const effects = this.#effects;
    const { bytes, base, view } = stream;
    const windowEnd = bytes.length;
    let { stack, sp, marks, memo } = this;
    let pos = stream.pos;
    let end = Math.min(windowEnd, stream.frameEnd - base);
    let fence = marks[marks.length - 1];
    let made = 0;

    for (;;) {
      if (pos >= end) {
        if (base + pos === stream.frameEnd) {
          stream.frameEnd = Infinity;
          end = windowEnd;
        }
        if (pos >= end) {
          return this.#stop(pos, 1, sp, made);
        }
      }
      if (fuel-- <= 0) {
        stream.pos = pos;
        this.sp = sp;
        this.made += made;
        return 'paused';
      }
      const start = pos;
      switch (bytes[pos++]) {
        // ---- numbers ----
        case 0x4b: // BININT1
          if (end - pos < 1) return this.#stop(start, 2, sp, made);
          stack[sp++] = bytes[pos++]!;
          break;
        case 0x4d: // BININT2
          if (end - pos < 2) return this.#stop(start, 3, sp, made);
          stack[sp++] = bytes[pos] | (bytes[pos + 1] << 8);
          pos += 2;
          break;
        case 0x4a: // BININT
          if (end - pos < 4) return this.#stop(start, 5, sp, made);
          stack[sp++] = view.getInt32(pos, true);
          pos += 4;
          break;
        case 0x47: {
          // BINFLOAT
          if (end - pos < 8) return this.#stop(start, 9, sp, made);
          const value = view.getFloat64(pos, false);
          stack[sp++] = Number.isInteger(value) || !Number.isFinite(value) ? new PyFloat(value) : value;
          pos += 8;
          break;
        }
        case 0x8a: // LONG1
        case 0x8b: {
          // LONG4
          const width = bytes[start] === 0x8a ? 1 : 4;
          if (end - pos < width) return this.#stop(start, 1 + width, sp, made);
          const length = width === 1 ? bytes[pos] : view.getInt32(pos, true);
          if (length < 0) throw stream.fault(base + start, `an integer of ${length} bytes`);
          if (length > this.limits.integerBytes) {
            overLimit(this.limits, 'integerBytes', `an integer of ${length} bytes`, base + start);
          }
          if (end - pos - width < length) return this.#stop(start, 1 + width + length, sp, made);
          pos += width + length;
          stack[sp++] = decodeInteger(bytes, pos - length, pos);
          break;
        }
        case 0x49: // INT
        case 0x4c: // LONG
        case 0x46: {
          // FLOAT
          const newline = findNewline(bytes, pos);
          if (newline < 0 || newline >= end) return this.#stop(start, stream.lineAt(start), sp, made);
          stack[sp++] = this.#arguments.number(bytes[start], bytes, pos, newline, base + start);
          pos = newline + 1;
          break;
        }
        // ---- text and bytes ----
        case 0x8c: {
          // SHORT_BINUNICODE
          if (end - pos < 1) return this.#stop(start, 2, sp, made);
          const from = pos + 1;
          const to = from + bytes[pos];
          if (to > end) return this.#stop(start, to - start, sp, made);
          stack[sp++] = decodeUtf8(bytes, from, to) ?? this.#arguments.text(bytes, from, to, base + start);
          pos = to;
          break;
        }
        case 0x58: // BINUNICODE
        case 0x8d: {
          // BINUNICODE8
          const width = bytes[start] === 0x58 ? 4 : 8;
          if (end - pos < width) return this.#stop(start, 1 + width, sp, made);
          const from = pos + width;
          const to = from + stream.length(pos, width);
          if (to > end) return this.#stop(start, to - start, sp, made);
          stack[sp++] = this.#arguments.text(bytes, from, to, base + start);
          pos = to;
          break;
        }
        case 0x43: // SHORT_BINBYTES
        case 0x42: // BINBYTES
        case 0x8e: // BINBYTES8
        case 0x96: {
          // BYTEARRAY8
          const code = bytes[start];
          const width = code === 0x43 ? 1 : code === 0x42 ? 4 : 8;
          if (end - pos < width) return this.#stop(start, 1 + width, sp, made);
          const from = pos + width;
          const to = from + stream.length(pos, width);
          if (to > end) return this.#stop(start, to - start, sp, made);
          const content = stream.range(from, to);
          stack[sp++] = code === 0x96 ? new PyByteArray(content) : content;
          this.#options.observer?.bytes?.(content, base + start);
          made++;
          pos = to;
          break;
        }
        case 0x55: // SHORT_BINSTRING
        case 0x54: {
          // BINSTRING
          const width = bytes[start] === 0x55 ? 1 : 4;
          if (end - pos < width) return this.#stop(start, 1 + width, sp, made);
          const length = width === 1 ? bytes[pos] : view.getInt32(pos, true);
          if (length < 0) throw stream.fault(base + start, `a string of ${length} bytes`);
          const from = pos + width;
          const to = from + length;
          if (to > end) return this.#stop(start, to - start, sp, made);
          stack[sp++] = this.#arguments.python2String(bytes, from, to, base + start);
          this.#options.observer?.python2String?.(base + start);
          pos = to;
          break;
        }
        case 0x53: // STRING
        case 0x56: // UNICODE
        case 0x50: {
          // PERSID
          const newline = findNewline(bytes, pos);
          if (newline < 0 || newline >= end) return this.#stop(start, stream.lineAt(start), sp, made);
          stack[sp++] = this.#line(bytes[start], pos, newline, base + start);
          if (bytes[start] === 0x53) this.#options.observer?.python2String?.(base + start);
          pos = newline + 1;
          break;
        }
        // ---- constants ----
        case 0x4e: // NONE
          stack[sp++] = null;
          break;
        case 0x88: // NEWTRUE
          stack[sp++] = true;
          break;
        case 0x89: // NEWFALSE
          stack[sp++] = false;
          break;
        // ---- containers ----
        case 0x5d: // EMPTY_LIST
          stack[sp++] = [];
          made++;
          break;
        case 0x7d: // EMPTY_DICT
          stack[sp++] = new PyDict();
          made++;
          break;
        case 0x29: // EMPTY_TUPLE
          stack[sp++] = new PyTuple([]);
          made++;
          break;
        case 0x8f: // EMPTY_SET
          stack[sp++] = new PySet('set', []);
          made++;
          break;
        case 0x85: // TUPLE1
          if (sp - fence < 1) throw this.#underflow(base + start, 1);
          stack[sp - 1] = new PyTuple([stack[sp - 1]!]);
          made++;
          break;
        case 0x86: // TUPLE2
          if (sp - fence < 2) throw this.#underflow(base + start, 2);
          sp--;
          stack[sp - 1] = new PyTuple([stack[sp - 1]!, stack[sp]!]);
          made++;
          break;
        case 0x87: // TUPLE3
          if (sp - fence < 3) throw this.#underflow(base + start, 3);
          sp -= 2;
          stack[sp - 1] = new PyTuple([stack[sp - 1]!, stack[sp]!, stack[sp + 1]!]);
          made++;
          break;
        case 0x74: // TUPLE
        case 0x6c: // LIST
        case 0x64: // DICT
        case 0x91: {
          // FROZENSET
          const mark = fence;
          if (marks.length === 1) throw this.#noMark(base + start);
          marks.pop();
          fence = marks[marks.length - 1];
          stack[mark] = effects.collect(bytes[start], stack.slice(mark, sp), base + start);
          sp = mark + 1;
          made++;
          break;
        }
        case 0x61: {
          // APPEND
          if (sp - fence < 2) throw this.#underflow(base + start, 2);
          const target = stack[sp - 2]!;
          sp--;
          if (Array.isArray(target)) target.push(stack[sp]);
          else effects.append(target, [stack[sp]!], base + start);
          break;
        }
        case 0x65: // APPENDS
        case 0x90: {
          // ADDITEMS
          const mark = fence;
          if (marks.length === 1) throw this.#noMark(base + start);
          marks.pop();
          fence = marks[marks.length - 1];
          if (mark - fence < 1) throw this.#underflow(base + start, 1);
          const target = stack[mark - 1]!;
          if (Array.isArray(target) && bytes[start] === 0x65) {
            for (let i = mark; i < sp; i++) target.push(stack[i]);
          } else if (target instanceof PySet && target.kind === 'set' && bytes[start] === 0x90) {
            effects.fillSet(target, stack, mark, sp, base + start);
          } else {
            effects.append(target, stack.slice(mark, sp), base + start);
          }
          sp = mark;
          break;
        }
        case 0x73: {
          // SETITEM
          if (sp - fence < 3) throw this.#underflow(base + start, 3);
          const target = stack[sp - 3]!;
          sp -= 2;
          if (target instanceof PyDict) effects.fillDict(target, stack, sp, sp + 2, base + start);
          else effects.setItem(target, stack[sp], stack[sp + 1], base + start);
          break;
        }
        case 0x75: {
          // SETITEMS
          const mark = fence;
          if (marks.length === 1) throw this.#noMark(base + start);
          marks.pop();
          fence = marks[marks.length - 1];
          if (mark - fence < 1) throw this.#underflow(base + start, 1);
          if ((sp - mark) % 2 !== 0) throw stream.fault(base + start, `${sp - mark} items, which make no pairs`);
          const target = stack[mark - 1]!;
          if (target instanceof PyDict) effects.fillDict(target, stack, mark, sp, base + start);
          else for (let i = mark; i < sp; i += 2) effects.setItem(target, stack[i], stack[i + 1], base + start);
          sp = mark;
          break;
        }
        // ---- the stack ----
        case 0x28: // MARK
          marks.push(sp);
          fence = sp;
          break;
        case 0x30: // POP
          if (fence === sp && marks.length > 1) {
            marks.pop();
            fence = marks[marks.length - 1];
          } else {
            if (sp - fence < 1) throw this.#underflow(base + start, 1);
            sp--;
          }
          break;
        case 0x31: // POP_MARK
          if (marks.length === 1) throw this.#noMark(base + start);
          sp = fence;
          marks.pop();
          fence = marks[marks.length - 1];
          break;
        case 0x32: // DUP
          if (sp - fence < 1) throw this.#underflow(base + start, 1);
          stack[sp] = stack[sp - 1]!;
          sp++;
          break;
        // ---- the memo ----
        case 0x94: // MEMOIZE
          if (sp - fence < 1) throw this.#underflow(base + start, 1);
          memo.add(stack[sp - 1]);
          break;
        case 0x71: // BINPUT
          if (end - pos < 1) return this.#stop(start, 2, sp, made);
          if (sp - fence < 1) throw this.#underflow(base + start, 1);
          memo.put(bytes[pos++], stack[sp - 1]);
          break;
        case 0x72: // LONG_BINPUT
          if (end - pos < 4) return this.#stop(start, 5, sp, made);
          if (sp - fence < 1) throw this.#underflow(base + start, 1);
          memo.put(view.getUint32(pos, true), stack[sp - 1]);
          pos += 4;
          break;
        case 0x68: // BINGET
          if (end - pos < 1) return this.#stop(start, 2, sp, made);
          stack[sp++] = memo.get(bytes[pos]) ?? this.#recall(memo, bytes[pos], base + start);
          pos++;
          break;
        case 0x6a: {
          // LONG_BINGET
          if (end - pos < 4) return this.#stop(start, 5, sp, made);
          const index = view.getUint32(pos, true);
          stack[sp++] = memo.get(index) ?? this.#recall(memo, index, base + start);
          pos += 4;
          break;
        }
        case 0x67: // GET
        case 0x70: {
          // PUT
          const newline = findNewline(bytes, pos);
          if (newline < 0 || newline >= end) return this.#stop(start, stream.lineAt(start), sp, made);
          const index = this.#arguments.index(bytes, pos, newline, base + start);
          if (bytes[start] === 0x67) {
            stack[sp++] = memo.get(index) ?? this.#recall(memo, index, base + start);
          } else {
            if (sp - fence < 1) throw this.#underflow(base + start, 1);
            memo.put(index, stack[sp - 1]);
          }
          pos = newline + 1;
          break;
        }
        // ---- names, calls, state ----
        case 0x63: // GLOBAL
        case 0x69: {
          // INST
          const newline = findNewline(bytes, pos);
          const second = newline < 0 ? -1 : findNewline(bytes, newline + 1);
          if (second < 0 || second >= end) return this.#stop(start, stream.lineAt(start), sp, made);
          const module = this.#arguments.text(bytes, pos, newline, base + start);
          const name = this.#arguments.text(bytes, newline + 1, second, base + start);
          pos = second + 1;
          if (bytes[start] === 0x69) {
            const mark = fence;
            if (marks.length === 1) throw this.#noMark(base + start);
            marks.pop();
            fence = marks[marks.length - 1];
            const callable = effects.global(module, name, this.protocol, base + start);
            stack[mark] = effects.instantiate(callable, stack.slice(mark, sp), base + start);
            sp = mark + 1;
            made++;
          } else {
            stack[sp++] = effects.global(module, name, this.protocol, base + start);
          }
          break;
        }
        case 0x93: {
          // STACK_GLOBAL
          if (sp - fence < 2) throw this.#underflow(base + start, 2);
          sp--;
          const module = stack[sp - 1]!;
          const name = stack[sp]!;
          if (typeof module !== 'string' || typeof name !== 'string') {
            throw stream.fault(effects.unnamed(module, name, base + start), 'module and name are not both strings');
          }
          stack[sp - 1] = effects.global(module, name, this.protocol, base + start);
          break;
        }
        case 0x82: // EXT1
        case 0x83: // EXT2
        case 0x84: {
          // EXT4
          const width = 1 << (bytes[start] - 0x82);
          if (end - pos < width) return this.#stop(start, 1 + width, sp, made);
          const code = width === 1 ? bytes[pos] : width === 2 ? view.getUint16(pos, true) : view.getInt32(pos, true);
          stack[sp++] = effects.extension(code, base + start);
          pos += width;
          break;
        }
        case 0x52: // REDUCE
        case 0x81: {
          // NEWOBJ
          if (sp - fence < 2) throw this.#underflow(base + start, 2);
          sp--;
          stack[sp - 1] = effects.call(
            bytes[start] === 0x52 ? 'call' : 'new',
            stack[sp - 1],
            stack[sp],
            null,
            base + start,
          );
          made++;
          break;
        }
        case 0x92: {
          // NEWOBJ_EX
          if (sp - fence < 3) throw this.#underflow(base + start, 3);
          sp -= 2;
          stack[sp - 1] = effects.call('new', stack[sp - 1], stack[sp], stack[sp + 1], base + start);
          made++;
          break;
        }
        case 0x6f: {
          // OBJ
          const mark = fence;
          if (marks.length === 1) throw this.#noMark(base + start);
          marks.pop();
          if (sp - mark < 1) throw this.#underflow(base + start, 1);
          fence = marks[marks.length - 1];
          stack[mark] = effects.instantiate(stack[mark], stack.slice(mark + 1, sp), base + start);
          sp = mark + 1;
          made++;
          break;
        }
        case 0x62: // BUILD
          if (sp - fence < 2) throw this.#underflow(base + start, 2);
          stream.pos = pos;
          this.sp = sp;
          if (!this.#build(base + start)) {
            this.made += made;
            return 'need';
          }
          // A payload may have moved us, a nested pickle swapped the stack.
          ({ stack, sp, marks, memo } = this);
          pos = stream.pos;
          end = Math.min(windowEnd, stream.frameEnd - base);
          fence = marks[marks.length - 1];
          break;
        case 0x51: // BINPERSID
          if (sp - fence < 1) throw this.#underflow(base + start, 1);
          stack[sp - 1] = effects.persistent(stack[sp - 1], base + start);
          break;
        // ---- out-of-band buffers ----
        case 0x97: // NEXT_BUFFER
          stack[sp++] = effects.nextBuffer(base + start);
          made++;
          break;
        case 0x98: {
          // READONLY_BUFFER
          if (sp - fence < 1) throw this.#underflow(base + start, 1);
          const buffer = stack[sp - 1]!;
          if (buffer instanceof PyByteArray) stack[sp - 1] = buffer.bytes;
          else if (!(buffer instanceof Uint8Array)) throw stream.fault(base + start, 'what is on top is no buffer');
          break;
        }
        // ---- the machine ----
        case 0x80: // PROTO
          if (end - pos < 1) return this.#stop(start, 2, sp, made);
          this.protocol = bytes[pos++]!;
          if (this.protocol > 5) {
            throw stream.fault(base + start, `protocol ${this.protocol}; the newest known is 5`, 'UNSUPPORTED');
          }
          break;
        case 0x95: {
          // FRAME
          if (end - pos < 8) return this.#stop(start, 9, sp, made);
          if (stream.frameEnd !== Infinity) {
            throw stream.fault(
              base + start,
              `a frame begins ${stream.frameEnd - base - start} bytes before the last one ends`,
            );
          }
          const length = stream.length(pos, 8);
          pos += 8;
          stream.frameEnd = base + pos + length;
          end = Math.min(windowEnd, pos + length);
          break;
        }
        case 0x2e: {
          // STOP
          if (sp - fence < 1) throw this.#underflow(base + start, 1);
          if (stream.frameEnd !== Infinity && stream.frameEnd !== base + pos) {
            throw stream.fault(
              base + start,
              `the pickle stops ${stream.frameEnd - base - pos} bytes before its frame ends`,
            );
          }
          stream.frameEnd = Infinity;
          stream.pos = pos;
          this.sp = sp - 1;
          this.made += made;
          made = 0;
          this.left = fuel;
          if (this.#leave(stack[sp - 1])) return 'done';
          ({ stack, sp, marks, memo } = this);
          end = windowEnd;
          fence = marks[marks.length - 1];
          break;
        }
        default:
          throw stream.fault(base + start, `0x${bytes[start].toString(16).padStart(2, '0')} is no pickle opcode`);
      }
    }
  }

  /** The opcode at `start` needs `length` bytes that are not in the window; throws if they are nowhere. */
  #stop(start: number, length: number, sp: number, made: number): Status {
    this.#stream.missing(start, length);
    this.sp = sp;
    this.made += made;
    this.wanted = length;
    return 'need';
  }

  /** STRING, UNICODE and PERSID. */
  #line(code: number, from: number, to: number, at: number): PyValue {
    const { bytes } = this.#stream;
    if (code === 0x53) return this.#arguments.literal(bytes, from, to, at);
    if (code === 0x56) return this.#arguments.rawUnicode(bytes, from, to, at);
    return this.#effects.persistent(this.#arguments.text(bytes, from, to, at), at);
  }

  #recall(memo: Memo, index: number, at: number): PyValue {
    if (!memo.has(index)) throw this.#stream.fault(at, `nothing was memoised at ${index}`);
    return null;
  }

  /** False if the world needs bytes that are not here: everything is as it was before. */
  #build(at: number): boolean {
    const { stack, sp } = this;
    const stream = this.#stream;
    const target = stack[sp - 2];
    const state = stack[sp - 1];
    const behind = stream.position;
    const { frameEnd } = stream;
    if (this.#waiting !== at) this.#options.observer?.build?.(target, state, at);
    let taken: boolean | { become: PyValue };
    stream.nestedDone = undefined;
    this.#effects.at = at;
    try {
      taken = this.#options.world?.build(target, state, stream) ?? false;
    } catch (error) {
      if (!(error instanceof NeedBytes)) throw error;
      this.wanted = stream.position - at + error.length;
      stream.pos = at - stream.base;
      stream.frameEnd = frameEnd;
      this.#waiting = at;
      return false;
    }
    this.#waiting = -1;
    this.sp = sp - 1;
    if (taken === false) {
      if (stream.position !== behind) throw stream.fault(at, 'bytes were taken for an object that nobody builds');
      this.#effects.setState(target, state, at);
    } else if (taken !== true) {
      this.#become(taken.become);
    }
    if (stream.nestedDone !== undefined) this.#enter(stream.nestedDone);
    return true;
  }

  /** `value` takes the place of what is on top. */
  #become(value: PyValue): void {
    const old = this.stack[this.sp - 1]!;
    this.stack[this.sp - 1] = value;
    if (typeof old === 'object' && old !== null) this.memo.replace(old, value);
  }

  #enter(done: (value: PyValue) => PyValue | undefined): void {
    const { stack, sp, marks, memo, protocol } = this;
    this.#outer.push({ stack, sp, marks, memo, protocol, done });
    this.stack = [];
    this.sp = 0;
    this.marks = [0];
    this.memo = new Memo();
    this.protocol = 0;
  }

  /** True if the outermost pickle is done. */
  #leave(value: PyValue): boolean {
    const outer = this.#outer.pop();
    if (outer === undefined) {
      this.value = value;
      return true;
    }
    const { stack, sp, marks, memo, protocol, done } = outer;
    this.stack = stack;
    this.sp = sp;
    this.marks = marks;
    this.memo = memo;
    this.protocol = protocol;
    const instead = done(value);
    if (instead !== undefined) this.#become(instead);
    return false;
  }

  #underflow(at: number, needed: number): BrineError {
    return this.#stream.fault(at, `needs ${needed} item${needed === 1 ? '' : 's'} on the stack, which are not there`);
  }

  #noMark(at: number): BrineError {
    return this.#stream.fault(at, 'there is no mark on the stack');
  }
}
