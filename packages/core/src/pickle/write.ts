import { BrineError } from '../errors.js';
import { python2Name } from './python2.js';
import { Latin1Text, RawBytes, type Reducer, type Reduction } from './reduction.js';
import { Output, type Piece } from './write-output.js';
import { Plan, type Key } from './write-plan.js';
import { encodeInteger, latin1AsUtf8 } from './write-text.js';
import { PyByteArray, PyDict, PyFloat, PyGlobal, PyPersistent, PySet, PyTuple, type PyValue } from './values.js';

export type { Piece } from './write-output.js';
export type { Payload, Reducer, Reduction } from './reduction.js';

export interface PickleWriteOptions {
  /** 2 to 5; 4 unless said otherwise, which every Python since 3.4 reads. */
  readonly protocol?: number;
  /** How values are made that no opcode makes. */
  readonly reducer?: Reducer;
  /** False for no frames (joblib puts bytes between opcodes). Protocols before 4 have none anyway. */
  readonly frames?: boolean;
  /** Told every name before anything is written; throws to refuse it. */
  readonly vet?: (name: PyGlobal) => void;
}

/**
 * A value as a pickle, in pieces that follow each other; large arrays are views, and those that have not been
 * read stay LazyBytes for the caller to load. What is shared or cyclic stays so. The same value gives the same
 * bytes. Equal strings, and equal names, are written once. Nothing recurses over the value's nesting. What will be
 * written is settled, and every name vetted, before the first piece is asked for.
 *
 * Throws UNSUPPORTED for what the protocol cannot say, BAD_ARGUMENT for a protocol other than 2 to 5.
 */
export function picklePieces(value: PyValue, options: PickleWriteOptions = {}): Generator<Piece, void> {
  const protocol = options.protocol ?? 4;
  if (![2, 3, 4, 5].includes(protocol)) {
    throw new BrineError('BAD_ARGUMENT', `pickles are written in protocols 2 to 5, not ${protocol}`);
  }
  const plan = new Plan(value, protocol, options.reducer);
  for (const name of plan.globals) options.vet?.(name);
  return piecesOf(value, plan, (options.frames ?? true) && protocol >= 4);
}

function* piecesOf(value: PyValue, plan: Plan, framed: boolean): Generator<Piece, void> {
  const { protocol } = plan;
  const out = new Output(framed);
  out.bytes(Uint8Array.of(0x80, protocol));
  if (protocol >= 4) out.flush();
  const pickler = new Pickler(plan, out);
  const steps = pickler.write(value);
  while (steps.next().done !== true) yield* out.take();
  out.byte(0x2e);
  out.flush();
  yield* out.take();
}

/** A value as a pickle in one array. Throws BAD_ARGUMENT if it holds arrays that have not been read. */
export function writePickle(value: PyValue, options: PickleWriteOptions = {}): Uint8Array {
  return joinPieces([...picklePieces(value, options)]);
}

/** One array of all pieces. Throws BAD_ARGUMENT if one of them has not been read. */
export function joinPieces(pieces: readonly Piece[]): Uint8Array {
  const all = pieces.map(loaded);
  const out = new Uint8Array(all.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function loaded(piece: Piece): Uint8Array {
  const bytes = piece instanceof Uint8Array ? piece : piece.bytes;
  if (!bytes) throw new BrineError('BAD_ARGUMENT', 'an array has not been read from its file yet');
  return bytes;
}

/** Items between MARK and APPENDS or SETITEMS, as CPython batches them. */
const BATCH = 1000;

const MARK = 0x28;

/** What is within itself is begun a few times before the way round is memoised; more is an endless circle. */
const MOST_OPEN = 64;

/** One value that is being written; what is inside it comes above it on the stack. */
interface Frame {
  /** Goes on until something must be written first (false), or all is (true). */
  step(): boolean;
}

class Pickler {
  readonly #plan: Plan;
  readonly #out: Output;
  readonly #stack: Frame[] = [];
  readonly #memo = new Map<Key, number>();
  /** How often what is shared has been begun and not finished. */
  readonly #open = new Map<Key, number>();

  constructor(plan: Plan, out: Output) {
    this.#plan = plan;
    this.#out = out;
  }

  /** Yields whenever pieces are ready. */
  *write(value: PyValue): Generator<void, void> {
    const stack = this.#stack;
    this.#put(value);
    while (stack.length > 0) {
      const frame = stack[stack.length - 1];
      if (frame.step()) stack.pop();
      this.#out.boundary();
      if (this.#out.ready) yield;
    }
  }

  /** Writes a value, or puts it on the stack: then it is not written yet, and the answer is false. */
  #put(value: PyValue): boolean {
    const out = this.#out;
    switch (typeof value) {
      case 'string':
        this.#text(value);
        return true;
      case 'number':
        this.#number(value);
        return true;
      case 'boolean':
        out.byte(value ? 0x88 : 0x89);
        return true;
      case 'bigint':
        this.#integer(value);
        return true;
      default:
    }
    if (value === null) {
      out.byte(0x4e);
      return true;
    }
    if (value instanceof PyFloat) {
      out.float64(0x47, value.value);
      return true;
    }
    if (Array.isArray(value)) {
      if (this.#recall(value)) return true;
      out.byte(0x5d);
      this.#memoise(value);
      return this.#batches(value.length, (i) => value[i], 1, 0x61, 0x65);
    }
    if (value instanceof PyTuple) {
      if (value.items.length === 0) {
        out.byte(0x29);
        return true;
      }
      if (this.#recall(value)) return true;
      this.#enter(value, this.#tuple(value));
      return false;
    }
    return this.#object(value);
  }

  #object(given: Exclude<PyValue, null | string | number | boolean | bigint | PyValue[]>): boolean {
    const out = this.#out;
    const value = given instanceof PyGlobal ? this.#plan.global(given) : given;
    const reduction = this.#plan.reductionOf(value);
    const key = reduction ?? value;
    if (this.#recall(key)) return true;
    if (reduction) {
      this.#enter(key, this.#reduction(reduction));
      return false;
    }
    if (value instanceof Uint8Array) this.#bytes(value);
    else if (value instanceof RawBytes) this.#bytes(value.data);
    else if (value instanceof Latin1Text) {
      const text = latin1AsUtf8(value.bytes);
      this.#sized(0x58, text);
    } else if (value instanceof PyByteArray) {
      out.announce(value.bytes.length);
      out.uint64(0x96, value.bytes.length);
      out.payload(value.bytes);
    } else if (value instanceof PyGlobal) this.#global(value);
    else if (value instanceof PyDict) {
      out.byte(0x7d);
      this.#memoise(key);
      const { keys, values } = value;
      return this.#batches(2 * keys.length, (i) => ((i & 1) === 0 ? keys : values)[i >> 1], 2, 0x73, 0x75);
    } else if (value instanceof PySet) {
      if (value.kind === 'frozenset') {
        this.#enter(key, this.#frozenset(value.items, key));
        return false;
      }
      out.byte(0x8f);
      this.#memoise(key);
      return this.#batches(value.items.length, (i) => value.items[i], 1, undefined, 0x90);
    } else if (value instanceof PyPersistent) {
      this.#enter(
        key,
        this.#sequence([value.id], () => {
          out.byte(0x51);
          this.#memoise(key);
          this.#leave(key);
        }),
      );
      return false;
    }
    this.#memoise(key);
    return true;
  }

  // ---- frames ----

  #enter(key: Key, frame: Frame): void {
    if (this.#plan.isShared(key)) {
      const depth = (this.#open.get(key) ?? 0) + 1;
      // Nothing on the way back to itself can be memoised: it would go on for ever, in Python too.
      if (depth > MOST_OPEN) {
        throw new BrineError('UNSUPPORTED', 'an object is made of itself before it exists, which no pickle can say');
      }
      this.#open.set(key, depth);
    }
    this.#stack.push(frame);
  }

  /** Begins a list, dict or set that stands on Python's stack already. False: its items are yet to come. */
  #batches(
    count: number,
    item: (i: number) => PyValue,
    unit: number,
    one: number | undefined,
    many: number,
    after?: () => void,
  ): boolean {
    if (count === 0) return true;
    const out = this.#out;
    let at = 0;
    let begin = 0;
    let end = 0;
    this.#stack.push({
      step: () => {
        for (;;) {
          if (at === end) {
            const single = end - begin === unit && one !== undefined;
            if (end > begin) out.byte(single ? one : many);
            if (at === count) {
              after?.();
              return true;
            }
            begin = at;
            end = Math.min(count, begin + unit * BATCH);
            if (end - begin > unit || one === undefined) out.byte(MARK);
          }
          if (!this.#put(item(at++))) return false;
          out.boundary();
        }
      },
    });
    return false;
  }

  #sequence(items: readonly PyValue[], close: () => void): Frame {
    let at = 0;
    return {
      step: () => {
        while (at < items.length) if (!this.#put(items[at++])) return false;
        close();
        return true;
      },
    };
  }

  #tuple(tuple: PyTuple): Frame {
    const { items } = tuple;
    const many = items.length > 3;
    if (many) this.#out.byte(MARK);
    return this.#sequence(items, () => {
      if (this.#memo.has(tuple)) {
        // It occurred inside itself, and was finished there.
        for (let i = many ? 0 : items.length; i > 0; i--) this.#out.byte(0x30);
        if (many) this.#out.byte(0x31);
        this.#recall(tuple);
      } else {
        this.#out.byte(many ? 0x74 : 0x84 + items.length);
        this.#memoise(tuple);
      }
      this.#leave(tuple);
    });
  }

  #frozenset(items: readonly PyValue[], key: Key): Frame {
    this.#out.byte(MARK);
    return this.#sequence(items, () => {
      if (this.#memo.has(key)) {
        this.#out.byte(0x31);
        this.#recall(key);
      } else {
        this.#out.byte(0x91);
        this.#memoise(key);
      }
      this.#leave(key);
    });
  }

  #reduction(reduction: Reduction): Frame {
    const { made, callable, args, kwargs, appended, entries, state, payload } = reduction;
    const out = this.#out;
    const withKeywords = made === 'new' && kwargs !== undefined && kwargs !== null;
    const parts = withKeywords ? [callable, args, kwargs] : [callable, args];
    let at = 0;
    let stage = 0;
    const stages = [
      () => {
        while (at < parts.length) if (!this.#put(parts[at++])) return false;
        if (this.#memo.has(reduction)) {
          // Its arguments held it, and it was finished there.
          for (let i = parts.length; i > 0; i--) out.byte(0x30);
          this.#recall(reduction);
          stage = stages.length;
          return true;
        }
        out.byte(made === 'call' ? 0x52 : withKeywords ? 0x92 : 0x81);
        if (!payload) this.#memoise(reduction);
        return true;
      },
      () => this.#batches(appended?.length ?? 0, (i) => appended![i], 1, 0x61, 0x65),
      () => {
        if (!entries) return true;
        const { keys, values } = entries;
        return this.#batches(2 * keys.length, (i) => ((i & 1) === 0 ? keys : values)[i >> 1], 2, 0x73, 0x75);
      },
      () => state === undefined || this.#put(state),
      () => {
        if (state === undefined) return true;
        if (payload?.padding) out.bytes(payload.padding(out.position));
        out.byte(0x62);
        if (payload) {
          for (const piece of payload.pieces()) out.payload(piece);
          this.#memoise(reduction);
        }
        return true;
      },
    ];
    return {
      step: () => {
        while (stage < stages.length) {
          // What a stage has put on the stack comes first; then the next stage, or the same one goes on.
          const done = stages[stage]();
          if (done || stage > 0) stage++;
          if (!done) return false;
        }
        this.#leave(reduction);
        return true;
      },
    };
  }

  #leave(key: Key): void {
    const depth = this.#open.get(key);
    if (depth !== undefined) this.#open.set(key, depth - 1);
  }

  // ---- the memo ----

  /** What stands on top of Python's stack will be asked for again. */
  #memoise(key: Key): void {
    if (!this.#plan.isShared(key)) return;
    const index = this.#memo.size;
    this.#memo.set(key, index);
    if (this.#plan.protocol >= 4) this.#out.byte(0x94);
    else if (index < 256) this.#out.byte2(0x71, index);
    else this.#out.int32(0x72, index);
  }

  #recall(key: Key): boolean {
    const index = this.#memo.get(key);
    if (index === undefined) return false;
    if (index < 256) this.#out.byte2(0x68, index);
    else this.#out.int32(0x6a, index);
    return true;
  }

  // ---- what has opcodes ----

  #text(text: string): void {
    if (this.#recall(text)) return;
    this.#out.text(this.#plan.protocol >= 4 ? 0x8c : 0, 0x58, text);
    this.#memoise(text);
  }

  #number(value: number): void {
    const out = this.#out;
    if (!Number.isInteger(value) || Object.is(value, -0)) out.float64(0x47, value);
    else if (value >= 0 && value < 0x100) out.byte2(0x4b, value);
    else if (value >= 0 && value < 0x10000) out.uint16(0x4d, value);
    else if (value >= -0x8000_0000 && value < 0x8000_0000) out.int32(0x4a, value);
    else this.#integer(BigInt(value));
  }

  #integer(value: bigint): void {
    const bytes = encodeInteger(value);
    if (bytes.length < 256) this.#out.byte2(0x8a, bytes.length);
    else this.#out.int32(0x8b, bytes.length);
    this.#out.bytes(bytes);
  }

  #bytes(data: Piece): void {
    const out = this.#out;
    const { length } = data;
    out.announce(length);
    if (length < 0x100) out.byte2(0x43, length);
    else if (length < 2 ** 32) out.int32(0x42, length);
    else if (this.#plan.protocol >= 4) out.uint64(0x8e, length);
    else
      throw new BrineError('UNSUPPORTED', `protocol ${this.#plan.protocol} cannot hold ${length} bytes in one piece`);
    out.payload(data);
  }

  #sized(code: number, bytes: Uint8Array): void {
    if (bytes.length >= 2 ** 32) throw new BrineError('UNSUPPORTED', `protocol 2 cannot hold ${bytes.length} bytes`);
    this.#out.announce(bytes.length);
    this.#out.int32(code, bytes.length);
    this.#out.payload(bytes);
  }

  #global(global: PyGlobal): void {
    const out = this.#out;
    const { protocol } = this.#plan;
    if (protocol >= 4) {
      this.#text(global.module);
      this.#text(global.name);
      out.byte(0x93);
      return;
    }
    const [module, name] = protocol === 2 ? spelling(global) : [global.module, global.name];
    if (/\n/.test(module + name) || (protocol === 2 && /[^\0-\x7f]/.test(module + name))) {
      throw new BrineError('UNSUPPORTED', `protocol ${protocol} cannot name ${JSON.stringify(global.fullName)}`);
    }
    out.byte(0x63);
    out.bytes(new TextEncoder().encode(`${module}\n${name}\n`));
  }
}

function spelling(global: PyGlobal): readonly [string, string] {
  const { spelled } = global;
  if (spelled) return [spelled.module, spelled.name];
  const name = python2Name(global.module, global.name);
  if (name) return name;
  throw new BrineError(
    'UNSUPPORTED',
    `protocol 2 would take ${global.fullName} for another name; use protocol 3 or higher`,
  );
}
