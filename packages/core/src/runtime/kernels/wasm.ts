/**
 * Enough of an assembler for WebAssembly to write a few hundred bytes of inner loops here, without a tool chain.
 * Code is bytes in arrays, however deep, which are laid flat once; each function gives one instruction.
 * Opcodes: WebAssembly core specification 2.0, section 5.4.
 */

export type Code = number | readonly Code[];

export const I32 = 0x7f;
export const F64 = 0x7c;
export const V128 = 0x7b;
const EMPTY = 0x40;

/** Unsigned LEB128. */
export function leb(value: number): Code {
  return value < 128 ? value : [(value & 127) | 128, leb(value >>> 7)];
}

function signedLeb(value: number): Code {
  const low = value & 127;
  const rest = value >> 7;
  const last = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
  return last ? low : [low | 128, signedLeb(rest)];
}

/** The bytes one after another. */
function flat(code: readonly Code[], into: number[] = []): number[] {
  for (let i = 0; i < code.length; i++) {
    const part = code[i];
    if (typeof part === 'number') into.push(part);
    else flat(part, into);
  }
  return into;
}

export const get = (local: number): Code => [0x20, leb(local)];
export const set = (local: number): Code => [0x21, leb(local)];
/** Sets a local and leaves the value. */
export const tee = (local: number): Code => [0x22, leb(local)];
export const i32 = (value: number): Code => [0x41, signedLeb(value)];
export const f64 = (value: number): Code => [0x44, [...new Uint8Array(Float64Array.of(value).buffer)]];
/** Of an address on the stack. */
export const loadI32 = (offset: number): Code => [0x28, 2, leb(offset)];
export const loadF64 = (offset: number): Code => [0x2b, 3, leb(offset)];
export const storeF64 = (offset: number): Code => [0x39, 3, leb(offset)];
export const simd = (op: number): Code => [0xfd, leb(op)];

export const op = {
  isZero: [0x45],
  equal: [0x46],
  atMost: [0x4c],
  add: [0x6a],
  sub: [0x6b],
  mul: [0x6c],
  and: [0x71],
  or: [0x72],
  shiftRight: [0x76],
  /** Of [x, y, condition]: x where it is not zero. */
  select: [0x1b],
  differF64: [0x62],
  atMostF64: [0x65],
  addF64: [0xa0],
} as const satisfies Record<string, Code>;

/** local += by */
export const advance = (local: number, by: Code): Code => [get(local), by, op.add, set(local)];

/** Runs the body again as long as it leaves what is not zero. */
export const again = (body: Code): Code => [0x03, EMPTY, body, 0x0d, 0x00, 0x0b];

/** Repeats the body as long as `local`, counted down from `count`, is not zero; not at all where it is zero at first. */
export const repeat = (local: number, count: Code, body: Code): Code => [
  count,
  set(local),
  [0x02, EMPTY],
  [get(local), op.isZero, 0x0d, 0x00],
  [0x03, EMPTY],
  body,
  [get(local), i32(-1), op.add, tee(local)],
  [0x0d, 0x00, 0x0b, 0x0b],
];

/** Runs the body if there is anything but zero on the stack. */
export const when = (body: Code): Code => [0x04, EMPTY, body, 0x0b];

/** With its length before it. */
const sized = (code: readonly Code[]): Code => {
  const bytes = flat(code);
  return [leb(bytes.length), bytes];
};
const vector = (items: readonly Code[]): readonly Code[] => [leb(items.length), items];
const name = (text: string): Code => sized(Array.from(text, (c) => c.charCodeAt(0)));

/** A function of `parameters` i32s that gives nothing. */
export interface Routine {
  readonly name: string;
  readonly parameters: number;
  /** Further locals, in groups of a type. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly code: Code;
}

/** A module that exports the routines and a memory of `bytes`, which never grows; or takes such a memory, where `shared`. */
export function assemble(routines: readonly Routine[], bytes: number, shared = false): Uint8Array<ArrayBuffer> {
  const pages = leb(Math.ceil(bytes / 65536));
  const limits = [1, pages, pages];
  const types = routines.map((r) => [0x60, vector(new Array<Code>(r.parameters).fill(I32)), 0]);
  const bodies = routines.map((r) =>
    sized([vector(r.locals.map(([count, type]) => [leb(count), type])), r.code, 0x0b]),
  );
  const exported = routines.map((r, i) => [name(r.name), 0, leb(i)]);
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, sized(vector(types))],
      shared ? [2, sized(vector([[name('given'), name('memory'), 2, limits]]))] : [],
      [3, sized(vector(routines.map((_, i) => leb(i))))],
      shared ? [] : [5, sized(vector([limits]))],
      [7, sized(vector(shared ? exported : [[name('memory'), 2, 0], ...exported]))],
      [10, sized(vector(bodies))],
    ]),
  );
}

export interface Instance {
  readonly memory: ArrayBuffer;
  /** The same, to be given to further modules: each memory takes gigabytes of addresses, of which there is an end. */
  readonly handle: WebAssembly.Memory;
  readonly routines: Readonly<Record<string, (...given: number[]) => void>>;
}

/** WebAssembly's memory is little-endian; typed arrays over it are as the processor is. */
const littleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** Whether the platform knows all instructions of these routines. */
export function knows(routines: readonly Routine[]): boolean {
  return typeof WebAssembly !== 'undefined' && WebAssembly.validate(assemble(routines, 0));
}

/**
 * Undefined where the platform has no WebAssembly, not these instructions, not that much memory, or a policy against it.
 */
export function instantiate(
  routines: readonly Routine[],
  bytes: number,
  shared?: WebAssembly.Memory,
): Instance | undefined {
  if (typeof WebAssembly === 'undefined' || !littleEndian) return undefined;
  try {
    const module = new WebAssembly.Module(assemble(routines, bytes, shared !== undefined));
    const { exports } = new WebAssembly.Instance(module, shared ? { given: { memory: shared } } : {});
    const { memory, ...functions } = exports;
    const handle = shared ?? (memory as WebAssembly.Memory);
    return { memory: handle.buffer, handle, routines: functions as never };
  } catch {
    return undefined;
  }
}
