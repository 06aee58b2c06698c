import { BufferSource, type Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { FIRST_WINDOW, LARGEST_WINDOW, WINDOWED_ABOVE, overLimit } from './limits.js';
import { Machine, type MachineOptions, type Status } from './machine.js';
import type { Window } from './stream.js';
import type { PyValue } from './values.js';

export interface PickleOptions extends MachineOptions {
  /** Where in the source the pickle begins. Default 0. */
  readonly offset?: number;
  readonly signal?: AbortSignal;
  /** Counts what reading costs; given to several, so that the limits hold for all of them together. */
  readonly spent?: Spent;
}

/** What reading pickles has cost so far. */
export interface Spent {
  opcodes: number;
  milliseconds: number;
}

export interface Pickle {
  readonly value: PyValue;
  /** The offset just behind the STOP opcode. */
  readonly end: number;
  /** What the PROTO opcode says; 0 if there is none, which protocols 0 and 1 have in common. */
  readonly protocol: number;
}

/** Opcodes between two looks at the clock, the limits and the signal. */
const SLICE = 32_768;
/** Milliseconds after which the event loop gets its turn, so that pages stay alive and signals arrive. */
const TURN = 40;

/**
 * Reads the pickle at `options.offset` into inert values. Nothing it names is imported or called.
 *
 * Bytes in memory give zero-copy views; a source beyond `WINDOWED_ABOVE` is read in windows, so that
 * hopping over a gigabyte of arrays reads a few megabytes. Throws BrineError: TRUNCATED, CORRUPT,
 * UNSUPPORTED, MISSING_PART, LIMIT, ABORTED.
 */
export async function readPickle(source: Source | Uint8Array, options: PickleOptions = {}): Promise<Pickle> {
  const offset = options.offset ?? 0;
  const windows = await Windows.open(source, offset);
  const machine = new Machine(windows.current, offset, options);
  const budget = new Budget(machine, options.signal, options.spent);
  let turn = performance.now();
  for (;;) {
    const status = budget.spend();
    if (status === 'done') return result(machine);
    if (status === 'need') machine.move(await windows.at(machine.offset, machine.wanted));
    if (performance.now() - turn > TURN) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
  }
}

/** The same for bytes in memory, at once. */
export function readPickleSync(bytes: Uint8Array, options: PickleOptions = {}): Pickle {
  const offset = checkedOffset(options.offset ?? 0, bytes.length);
  const machine = new Machine({ bytes, base: 0, size: bytes.length }, offset, options);
  const budget = new Budget(machine, options.signal, options.spent);
  while (budget.spend() !== 'done');
  return result(machine);
}

/** All pickles that follow each other from `options.offset` to the end of the source. */
export async function* readPickles(source: Source | Uint8Array, options: PickleOptions = {}): AsyncGenerator<Pickle> {
  const size = source instanceof Uint8Array ? source.length : source.size;
  let offset = options.offset ?? 0;
  do {
    const pickle = await readPickle(source, { ...options, offset });
    yield pickle;
    offset = pickle.end;
  } while (offset < size);
}

function result(machine: Machine): Pickle {
  return { value: machine.value, end: machine.offset, protocol: machine.protocol };
}

function checkedOffset(offset: number, size: number): number {
  if (size === 0) throw new BrineError('EMPTY', 'there are no bytes to read a pickle from');
  if (!(Number.isSafeInteger(offset) && offset >= 0 && offset <= size)) {
    throw new BrineError('BAD_ARGUMENT', `no pickle can begin at ${offset} of ${size} bytes`);
  }
  return offset;
}

/** Runs a machine slice by slice within its limits. */
export class Budget {
  readonly #machine: Machine;
  readonly #signal: AbortSignal | undefined;
  readonly #spent: Spent;

  constructor(machine: Machine, signal: AbortSignal | undefined, spent: Spent = { opcodes: 0, milliseconds: 0 }) {
    this.#machine = machine;
    this.#signal = signal;
    this.#spent = spent;
  }

  /** Runs at most `opcodes` opcodes. Throws LIMIT or ABORTED. */
  spend(opcodes = SLICE): Status {
    const machine = this.#machine;
    const { limits } = machine;
    if (this.#signal?.aborted) throw new BrineError('ABORTED', 'reading the pickle was cancelled');
    const spent = this.#spent;
    const left = limits.opcodes - spent.opcodes;
    if (left <= 0) overLimit(limits, 'opcodes', `more than ${limits.opcodes} opcodes`, machine.offset);
    const began = performance.now();
    const fuel = Math.min(opcodes, left);
    const status = this.#run(fuel);
    spent.milliseconds += performance.now() - began;
    if (machine.memo.top > limits.memoIndex)
      overLimit(limits, 'memoIndex', `something memoised at ${machine.memo.top}`, machine.offset);
    if (status === 'done') return status;
    for (const [which, figure] of [
      ['stack', machine.sp],
      ['marks', machine.marks.length],
      ['memo', machine.memo.size],
      ['objects', machine.made],
      ['milliseconds', Math.round(spent.milliseconds)],
    ] as const) {
      if (figure > limits[which]) overLimit(limits, which, `${figure} ${nouns[which]}`, machine.offset);
    }
    return status;
  }

  #run(fuel: number): Status {
    const machine = this.#machine;
    const before = machine.offset;
    try {
      const status = machine.run(fuel);
      this.#spent.opcodes += fuel - (status === 'done' ? machine.left : 0);
      return status;
    } catch (error) {
      // No opcode is shorter than a byte.
      const at = error instanceof BrineError ? (error.place.offset ?? before) : before;
      this.#spent.opcodes += Math.max(1, Math.min(fuel, at - before));
      throw error;
    }
  }
}

const nouns = {
  stack: 'items on the stack',
  marks: 'marks on the stack',
  memo: 'memo entries',
  objects: 'objects',
  milliseconds: 'milliseconds of work behind it',
} as const;

/** Which part of a source is in memory. */
export class Windows {
  current: Window;
  readonly #source: Source | undefined;

  private constructor(current: Window, source: Source | undefined) {
    this.current = current;
    this.#source = source;
  }

  static async open(source: Source | Uint8Array, offset: number): Promise<Windows> {
    if (source instanceof Uint8Array || source instanceof BufferSource) {
      const bytes = source instanceof Uint8Array ? source : source.bytes;
      checkedOffset(offset, bytes.length);
      return new Windows({ bytes, base: 0, size: bytes.length, ...named(source) }, undefined);
    }
    const size = source.size;
    checkedOffset(offset, size);
    const whole = size - offset <= WINDOWED_ABOVE;
    const bytes = await source.read(offset, Math.min(size - offset, whole ? WINDOWED_ABOVE : FIRST_WINDOW));
    const window = { bytes, base: offset, size, ...named(source) };
    return new Windows(whole ? window : { ...window, source }, whole ? undefined : source);
  }

  /** A window that holds at least `length` bytes from `offset`, which the source is known to have. */
  async at(offset: number, length: number): Promise<Window> {
    const source = this.#source;
    if (source === undefined) return this.current;
    const { bytes, base, size } = this.current;
    const follows = offset <= base + bytes.length;
    const usual = follows ? Math.min(2 * bytes.length, LARGEST_WINDOW) : FIRST_WINDOW;
    const read = await source.read(offset, Math.min(Math.max(usual, length), size - offset));
    return (this.current = { bytes: read, base: offset, size, source, ...named(source) });
  }
}

function named(source: Source | Uint8Array): { file?: string } {
  return source instanceof Uint8Array || source.name === '(bytes)' ? {} : { file: source.name };
}
