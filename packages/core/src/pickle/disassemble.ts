import type { Source } from '../bytes/source.js';
import { BrineError, type ErrorCode } from '../errors.js';
import { ArgumentReader } from './argument-reader.js';
import { DEFAULT_LIMITS } from './limits.js';
import { Machine, type MachineOptions } from './machine.js';
import { opcodeOf, type Opcode } from './opcodes.js';
import { python3Name } from './python2.js';
import { Budget, Windows } from './read.js';
import { Shadow } from './shadow.js';
import type { Window } from './stream.js';
import type { PyGlobal, PyTuple, PyValue } from './values.js';

/** What an audit makes of a name. */
export type Judgement = 'dangerous' | 'known' | 'unknown';

export interface DisassembleOptions extends Omit<MachineOptions, 'observer'> {
  /** Where in the source the pickle begins. Default 0. */
  readonly offset?: number;
  readonly signal?: AbortSignal;
  /** Marks names; without it none is marked. */
  readonly judge?: (module: string, name: string) => Judgement;
}

/** One opcode. */
export interface OpcodeEntry {
  readonly kind: 'opcode';
  readonly offset: number;
  readonly opcode: Opcode;
  /** Undefined if it has none. GLOBAL and INST have `module name`. */
  readonly argument: PyValue | undefined;
  /** How many pickles this one is nested in. */
  readonly depth: number;
  /** How many marks are open. */
  readonly marks: number;
  /** The offset of the mark that it takes off the stack. */
  readonly mark: number | undefined;
  /** MEMOIZE: the index it gives. */
  readonly memoised: number | undefined;
  /** What is on top of the stack afterwards, of opcodes whose argument does not say it. */
  readonly result: PyValue | undefined;
  /** The name it imports. */
  readonly imports: PyGlobal | undefined;
  /** What it calls, and with what. */
  readonly calls: { readonly callable: PyValue; readonly args: PyTuple } | undefined;
  /** Of the name that it imports or calls. */
  readonly judgement: Judgement | undefined;
  /** What is wrong here. */
  readonly problem: string | undefined;
}

/** Raw bytes between opcodes: a joblib array. */
export interface PayloadEntry {
  readonly kind: 'payload';
  readonly offset: number;
  readonly length: number;
  readonly depth: number;
  /** The array they belong to. */
  readonly result: PyValue;
}

/** The end of a pickle. */
export interface EndEntry {
  readonly kind: 'end';
  /** Just behind STOP. */
  readonly offset: number;
  readonly depth: number;
  /** The highest protocol among its opcodes. */
  readonly protocol: number;
  readonly problem: string | undefined;
}

/** Where nothing more can be read. It is the last entry. */
export interface FaultEntry {
  readonly kind: 'fault';
  readonly offset: number;
  readonly depth: number;
  readonly code: ErrorCode;
  readonly message: string;
}

export type DisassemblyEntry = OpcodeEntry | PayloadEntry | EndEntry | FaultEntry;

/** Bytes that must be in the window before it can go on. */
interface Need {
  readonly kind: 'need';
  readonly offset: number;
  readonly length: number;
}

/**
 * Lists the opcodes of the pickle at `options.offset`, one at a time, with what they do. It does not throw
 * for what it finds in the file: a broken stream is shown up to the fault, and the last entry says what is
 * wrong. A stream that is well-formed but makes no sense (a call of a string, say) is shown to its end.
 */
export async function* disassemble(
  source: Source | Uint8Array,
  options: DisassembleOptions = {},
): AsyncGenerator<DisassemblyEntry> {
  const offset = options.offset ?? 0;
  const windows = await Windows.open(source, offset);
  const entries = listing(windows.current, offset, options);
  let next = entries.next();
  while (next.done !== true) {
    if (next.value.kind === 'need') {
      next = entries.next(await windows.at(next.value.offset, next.value.length));
    } else {
      yield next.value;
      next = entries.next();
    }
  }
}

/** The same for bytes in memory. */
export function* disassembleSync(bytes: Uint8Array, options: DisassembleOptions = {}): Generator<DisassemblyEntry> {
  const window = { bytes, base: 0, size: bytes.length };
  for (const entry of listing(window, options.offset ?? 0, options)) {
    if (entry.kind !== 'need') yield entry;
  }
}

/** Two readers in step: one that only parses, and the machine, as long as the stream makes sense to it. */
function* listing(
  first: Window,
  offset: number,
  options: DisassembleOptions,
): Generator<DisassemblyEntry | Need, void, Window | undefined> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  let window = first;
  const fault = (at: number, message: string, code: ErrorCode = 'CORRUPT'): BrineError =>
    new BrineError(code, message, { offset: at });
  const reader = new ArgumentReader(limits, fault);
  const told = new Told(options.judge);
  const machine = new Machine(window, offset, { ...options, observer: told });
  const budget = new Budget(machine, options.signal);
  let alive = true;
  let at = offset;
  const shadows = [new Shadow()];

  for (;;) {
    const depth = shadows.length - 1;
    const shadow = shadows[depth];
    const start = at - window.base;
    let opcode: Opcode | undefined;
    let argument;
    try {
      if (at >= window.size) throw fault(at, 'the pickle ends before its STOP', 'TRUNCATED');
      opcode = start < window.bytes.length ? opcodeOf[window.bytes[start]] : undefined;
      if (start < window.bytes.length && opcode === undefined) {
        throw fault(at, `0x${window.bytes[start].toString(16).padStart(2, '0')} is no pickle opcode`);
      }
      argument = opcode === undefined ? 1 : reader.read(opcode, window.bytes, start, at);
      if (typeof argument === 'number' && window.base + window.bytes.length >= window.size) {
        throw fault(at, `${opcode?.name ?? ''}: its argument ends beyond the file’s ${window.size} bytes`, 'TRUNCATED');
      }
    } catch (error) {
      yield faultOf(error, at, depth);
      return;
    }
    if (opcode === undefined || typeof argument === 'number') {
      const length = Math.min(typeof argument === 'number' ? argument : 1, window.size - at);
      window = (yield { kind: 'need', offset: at, length }) ?? window;
      machine.move(window);
      continue;
    }

    const effect = shadow.step(opcode, argument.value, at);
    let next = window.base + argument.next;
    let problem = effect.problem;
    let stopped: FaultEntry | undefined;
    told.clear();
    // Behind what the machine refused, names that stand in the stream are still worth judging.
    if (!alive && opcode.argument === 'stringnl_noescape_pair') told.written(argument.value as string);
    if (alive) {
      try {
        while (budget.spend(1) === 'need') {
          window = (yield { kind: 'need', offset: machine.offset, length: machine.wanted }) ?? window;
          machine.move(window);
        }
      } catch (error) {
        if (!(error instanceof BrineError)) throw error;
        // Truncated arrays and limits end the listing: what follows would be garbage, or too much.
        if (['TRUNCATED', 'LIMIT', 'ABORTED'].includes(error.code)) stopped = faultOf(error, at, depth);
        else problem ??= error.message;
        alive = false;
      }
    }
    yield {
      kind: 'opcode',
      offset: at,
      opcode,
      argument: argument.value,
      depth,
      marks: effect.marks,
      mark: effect.mark,
      memoised: effect.memoised,
      result: alive && shows.has(opcode.name) && machine.depth === depth ? machine.stack[machine.sp - 1] : undefined,
      imports: told.imports,
      calls: told.calls,
      judgement: told.judgement,
      problem,
    };
    if (stopped !== undefined) {
      yield stopped;
      return;
    }
    if (alive && machine.offset > next) {
      const { sp, stack } = machine;
      const result = machine.depth === depth ? stack[sp - 1] : null;
      yield { kind: 'payload', offset: next, length: machine.offset - next, depth, result };
      next = machine.offset;
    }
    if (opcode.name === 'STOP') {
      yield { kind: 'end', offset: next, depth, protocol: shadow.protocol, problem: shadow.left() };
      shadows.pop();
      if (shadows.length === 0) return;
    }
    // Without the machine nobody knows where a nested pickle begins, but then its opcodes follow all the same.
    if (alive && machine.depth > depth) shadows.push(new Shadow());
    at = next;
  }
}

/** Opcodes after which it is worth saying what is on top. */
const shows = new Set(['GET', 'BINGET', 'LONG_BINGET', 'BUILD', 'REDUCE', 'NEWOBJ', 'NEWOBJ_EX', 'OBJ', 'INST']);

function faultOf(error: unknown, at: number, depth: number): FaultEntry {
  if (!(error instanceof BrineError)) throw error;
  return { kind: 'fault', offset: error.place.offset ?? at, depth, code: error.code, message: error.message };
}

/** Remembers what the machine said while it ran one opcode. */
class Told {
  imports: PyGlobal | undefined;
  calls: { callable: PyValue; args: PyTuple } | undefined;
  judgement: Judgement | undefined;
  readonly #judge: DisassembleOptions['judge'];

  constructor(judge: DisassembleOptions['judge']) {
    this.#judge = judge;
  }

  clear(): void {
    this.imports = undefined;
    this.calls = undefined;
    this.judgement = undefined;
  }

  /** `module name` of a GLOBAL or INST, which were not run. */
  written(argument: string): void {
    const blank = argument.indexOf(' ');
    this.judgement = this.#judge?.(...python3Name(argument.slice(0, blank), argument.slice(blank + 1)));
  }

  global(name: PyGlobal): void {
    this.imports = name;
    this.judgement = this.#judge?.(name.module, name.name);
  }

  call(_made: 'new' | 'call', callable: PyValue, args: PyTuple): void {
    this.calls = { callable, args };
    const named = callable as Partial<PyGlobal> | null;
    if (callable !== null && typeof callable === 'object' && 'fullName' in callable) {
      this.judgement = this.#judge?.(named?.module ?? '', named?.name ?? '');
    }
  }
}
