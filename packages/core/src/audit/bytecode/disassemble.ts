import type { Code } from './code.js';
import { opcodes } from './opcodes.js';

/** A version of CPython whose bytecode is understood. */
export type PythonVersion = '3.8' | '3.9' | '3.10' | '3.11' | '3.12' | '3.13' | '3.14';

export interface Instruction {
  readonly offset: number;
  readonly name: string;
  /** With the EXTENDED_ARGs before it; undefined where the opcode takes none. */
  readonly argument: number | undefined;
  /** The offset just behind it and its cache words, from where relative jumps count. */
  readonly next: number;
}

interface Opcode {
  readonly name: string;
  readonly caches: number;
  readonly hasArgument: boolean;
}

const tables = new Map<PythonVersion, readonly (Opcode | undefined)[]>();

function tableOf(version: PythonVersion): readonly (Opcode | undefined)[] {
  let table = tables.get(version);
  if (table === undefined) {
    const made = new Array<Opcode | undefined>(256).fill(undefined);
    for (const item of opcodes[version].split(' ')) {
      const hasArgument = !item.startsWith('.');
      const [number, name, caches] = (hasArgument ? item : item.slice(1)).split(':');
      made[Number(number)] = { name, caches: Number(caches ?? 0), hasArgument };
    }
    tables.set(version, (table = made));
  }
  return table;
}

/** Bytes of bytecode that are looked at: a function of a thousand lines has some ten thousand (CWE-400). */
const MAX_BYTECODE = 1 << 20;

/**
 * The instructions of bytecode, cache words skipped, as `dis` lists them. Undefined where it cannot be bytecode of that
 * version: an opcode that does not exist, a cache word that is not empty, an end within an instruction.
 */
export function disassemble(bytecode: Uint8Array, version: PythonVersion): Instruction[] | undefined {
  if (bytecode.length === 0 || bytecode.length % 2 !== 0 || bytecode.length > MAX_BYTECODE) return undefined;
  const table = tableOf(version);
  const found: Instruction[] = [];
  let extended = 0;
  for (let at = 0; at < bytecode.length;) {
    const opcode = table[bytecode[at]];
    if (opcode === undefined) return undefined;
    const next = at + 2 + 2 * opcode.caches;
    if (next > bytecode.length) return undefined;
    for (let i = at + 2; i < next; i++) if (bytecode[i] !== 0) return undefined;
    const whole = (extended | bytecode[at + 1]) >>> 0;
    found.push({ offset: at, name: opcode.name, argument: opcode.hasArgument ? whole : undefined, next });
    extended = opcode.name === 'EXTENDED_ARG' ? (whole << 8) >>> 0 : 0;
    at = next;
  }
  return found;
}

const candidates: Readonly<Record<Code['layout'], readonly PythonVersion[]>> = {
  // What a version shares with the next one reads the same in both.
  '3.8': ['3.8', '3.9', '3.10'],
  '3.11': ['3.11', '3.12', '3.13', '3.14'],
  older: [],
};

/** The number of RESUME, by which the newer versions can be told apart. */
const resume: ReadonlyMap<PythonVersion, number> = new Map([
  ['3.11', 151],
  ['3.12', 151],
  ['3.13', 149],
  ['3.14', 128],
]);

export interface Reading {
  /** The versions whose interpreter could run this; more than one where they agree on it. */
  readonly versions: readonly PythonVersion[];
  readonly instructions: readonly Instruction[];
}

/**
 * The versions that bytecode makes sense in (no file says which one wrote it), and its instructions in the first of
 * them. Undefined if it makes sense in none.
 */
export function read(code: Code): Reading | undefined {
  const possible: { version: PythonVersion; instructions: Instruction[] }[] = [];
  for (const version of candidates[code.layout]) {
    const instructions = disassemble(code.bytecode, version);
    if (instructions && isPlausible(code, version, instructions)) possible.push({ version, instructions });
  }
  const first = possible[0];
  return first && { versions: possible.map(({ version }) => version), instructions: first.instructions };
}

/** Do names, constants and jumps of every instruction exist, and does it begin and end as the compiler makes them? */
function isPlausible(code: Code, version: PythonVersion, instructions: readonly Instruction[]): boolean {
  const marker = resume.get(version);
  if (marker !== undefined && !instructions.slice(0, 64).some(({ name }) => name === 'RESUME')) return false;
  const starts = new Set(instructions.map(({ offset }) => offset));
  for (const instruction of instructions) {
    const { name, argument } = instruction;
    if (argument === undefined) continue;
    const index = nameIndex(version, name, argument);
    if (index !== undefined && index >= code.names.length) return false;
    if (name === 'LOAD_CONST' && argument >= code.constants.length) return false;
    const target = jumpTarget(version, instruction);
    if (target !== undefined && !starts.has(target)) return false;
  }
  return ENDS.has(instructions[instructions.length - 1].name);
}

const ENDS: ReadonlySet<string> = new Set([
  'RETURN_VALUE',
  'RETURN_CONST',
  'RERAISE',
  'RAISE_VARARGS',
  'JUMP_ABSOLUTE',
  'JUMP_BACKWARD',
  'JUMP_BACKWARD_NO_INTERRUPT',
  'JUMP_FORWARD',
  'POP_JUMP_IF_TRUE',
]);

/** What an instruction's argument is in `co_names`; undefined where it names nothing. */
export function nameIndex(version: PythonVersion, name: string, argument: number): number | undefined {
  const minor = Number(version.slice(2));
  switch (name) {
    case 'LOAD_GLOBAL':
      return minor >= 11 ? argument >> 1 : argument;
    case 'LOAD_ATTR':
      return minor >= 12 ? argument >> 1 : argument;
    case 'LOAD_SUPER_ATTR':
      return argument >> 2;
    case 'LOAD_NAME':
    case 'STORE_NAME':
    case 'DELETE_NAME':
    case 'STORE_GLOBAL':
    case 'DELETE_GLOBAL':
    case 'STORE_ATTR':
    case 'DELETE_ATTR':
    case 'LOAD_METHOD':
    case 'IMPORT_NAME':
    case 'IMPORT_FROM':
    case 'LOAD_FROM_DICT_OR_GLOBALS':
      return argument;
    default:
      return undefined;
  }
}

const ABSOLUTE = /^(JUMP_ABSOLUTE|POP_JUMP_IF_(TRUE|FALSE)|JUMP_IF_(TRUE|FALSE)_OR_POP|JUMP_IF_NOT_EXC_MATCH)$/;
const RELATIVE =
  /^(FOR_ITER|JUMP_FORWARD|SETUP_FINALLY|SETUP_WITH|SETUP_ASYNC_WITH|CALL_FINALLY|SEND|JUMP_IF_(TRUE|FALSE)_OR_POP|POP_JUMP_(FORWARD_)?IF_(TRUE|FALSE|NONE|NOT_NONE))$/;
const BACKWARD = /^(JUMP_BACKWARD(_NO_INTERRUPT)?|POP_JUMP_BACKWARD_IF_(TRUE|FALSE|NONE|NOT_NONE))$/;

/** Where a jump lands. Bytes up to 3.9, instruction words from 3.10; all relative from 3.11. */
export function jumpTarget(version: PythonVersion, { name, argument, next }: Instruction): number | undefined {
  if (argument === undefined) return undefined;
  const minor = Number(version.slice(2));
  const unit = minor >= 10 ? 2 : 1;
  if (minor < 11 && ABSOLUTE.test(name)) return argument * unit;
  if (RELATIVE.test(name)) return next + argument * unit;
  if (BACKWARD.test(name)) return next - argument * unit;
  return undefined;
}

/** An entry of 3.11's exception table: instructions from `start` to `end` are covered by the handler at `target`. */
export interface Handler {
  readonly start: number;
  readonly end: number;
  readonly target: number;
  readonly depth: number;
  readonly lasti: boolean;
}

/** Reads an exception table (3.11 and later). Undefined where it is none. */
export function exceptionTable(bytes: Uint8Array): Handler[] | undefined {
  const found: Handler[] = [];
  let at = 0;
  const varint = (): number | undefined => {
    let value = 0;
    for (let length = 0; length < 6 && at < bytes.length; length++) {
      const byte = bytes[at++];
      value = value * 64 + (byte & 63);
      if ((byte & 64) === 0) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    if ((bytes[at] & 128) === 0) return undefined;
    const [start, size, target, last] = [varint(), varint(), varint(), varint()];
    if (start === undefined || size === undefined || target === undefined || last === undefined) return undefined;
    found.push({
      start: start * 2,
      end: (start + size) * 2,
      target: target * 2,
      depth: last >> 1,
      lasti: (last & 1) === 1,
    });
  }
  return found;
}
