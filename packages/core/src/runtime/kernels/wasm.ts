/**
 * Enough of an assembler for WebAssembly to write a few hundred bytes of inner loops here, without a tool chain.
 * Code is arrays of bytes; each function takes what its instruction has at hand and gives the instruction.
 * Opcodes: WebAssembly core specification 2.0, section 5.4.
 */

export type Code = readonly number[];

export const I32 = 0x7f;
export const F64 = 0x7c;
export const V128 = 0x7b;
const EMPTY = 0x40;

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  const out: number[] = [];
  for (let v = value; ; v >>>= 7) {
    if (v < 128) return [...out, v];
    out.push((v & 127) | 128);
  }
}

function signedLeb(value: number): number[] {
  const out: number[] = [];
  for (let v = value; ; v >>= 7) {
    const low = v & 127;
    if ((v >> 7 === 0 && (low & 64) === 0) || (v >> 7 === -1 && (low & 64) !== 0)) return [...out, low];
    out.push(low | 128);
  }
}

export const get = (local: number): number[] => [0x20, ...leb(local)];
export const set = (local: number): number[] => [0x21, ...leb(local)];
/** Sets a local and leaves the value. */
export const tee = (local: number): number[] => [0x22, ...leb(local)];
export const i32 = (value: number): number[] => [0x41, ...signedLeb(value)];
export const f64 = (value: number): number[] => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
/** Of an address on the stack. */
export const loadI32 = (offset: number): number[] => [0x28, 2, ...leb(offset)];
export const loadF64 = (offset: number): number[] => [0x2b, 3, ...leb(offset)];
export const storeF64 = (offset: number): number[] => [0x39, 3, ...leb(offset)];
export const simd = (op: number): number[] => [0xfd, ...leb(op)];

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
export const advance = (local: number, by: Code): number[] => [...get(local), ...by, ...op.add, ...set(local)];

/** Runs the body again as long as it leaves what is not zero. */
export const again = (body: Code): number[] => [0x03, EMPTY, ...body, 0x0d, 0x00, 0x0b];

/** Repeats the body as long as `local`, counted down from `count`, is not zero; not at all where it is zero at first. */
export const repeat = (local: number, count: Code, body: Code): number[] => [
  ...count,
  ...set(local),
  ...[0x02, EMPTY],
  ...[...get(local), ...op.isZero, 0x0d, 0x00],
  ...[0x03, EMPTY],
  ...body,
  ...[...get(local), ...i32(-1), ...op.add, ...tee(local)],
  ...[0x0d, 0x00, 0x0b, 0x0b],
];

/** Runs the body if there is anything but zero on the stack. */
export const when = (body: Code): number[] => [0x04, EMPTY, ...body, 0x0b];

const section = (id: number, body: Code): number[] => [id, ...leb(body.length), ...body];
const vector = (items: readonly Code[]): number[] => [...leb(items.length), ...items.flat()];
const name = (text: string): number[] => [...leb(text.length), ...Array.from(text, (c) => c.charCodeAt(0))];

/** A function of `parameters` i32s that gives nothing. */
export interface Routine {
  readonly name: string;
  readonly parameters: number;
  /** Further locals, in groups of a type. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly code: Code;
}

/** A module that exports the routines and a memory of `bytes`, which never grows. */
export function assemble(routines: readonly Routine[], bytes: number): Uint8Array<ArrayBuffer> {
  const pages = leb(Math.ceil(bytes / 65536));
  const types = routines.map((r) => [0x60, ...vector(new Array<number[]>(r.parameters).fill([I32])), 0]);
  const bodies = routines.map(({ locals, code }) => {
    const body = [...vector(locals.map(([count, type]) => [...leb(count), type])), ...code, 0x0b];
    return [...leb(body.length), ...body];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(3, vector(routines.map((_, i) => leb(i)))),
    ...section(5, vector([[1, ...pages, ...pages]])),
    ...section(7, vector([[...name('memory'), 2, 0], ...routines.map((r, i) => [...name(r.name), 0, ...leb(i)])])),
    ...section(10, vector(bodies)),
  ]);
}

export interface Instance {
  readonly memory: ArrayBuffer;
  readonly routines: Readonly<Record<string, (...given: number[]) => void>>;
}

/** WebAssembly's memory is little-endian; typed arrays over it are as the processor is. */
const littleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/**
 * Undefined where the platform has no WebAssembly, not these instructions, not that much memory, or a policy against it.
 */
export function instantiate(routines: readonly Routine[], bytes: number): Instance | undefined {
  if (typeof WebAssembly === 'undefined' || !littleEndian) return undefined;
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble(routines, bytes)));
    const { memory, ...functions } = exports;
    return { memory: (memory as WebAssembly.Memory).buffer, routines: functions as never };
  } catch {
    return undefined;
  }
}
