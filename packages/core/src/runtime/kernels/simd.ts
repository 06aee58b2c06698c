/**
 * The inner loops of a matrix product as a WebAssembly module with 128-bit vectors, assembled here: a few hundred
 * bytes, no tool chain. Two functions, one per precision, over a memory that JavaScript fills:
 *
 *     product(a, b, c, k, blocks, panels)
 *
 * a: `blocks` blocks of four rows, interleaved [k][4]; b: `panels` panels of 32 bytes of columns, [k][32 bytes];
 * c: rows of `panels` × 32 bytes. Opcodes: WebAssembly core specification 2.0, section 5.4.
 */

export type Precision = 'f32' | 'f64';

export interface SimdModule {
  readonly memory: WebAssembly.Memory;
  readonly product: Readonly<
    Record<Precision, (a: number, b: number, c: number, k: number, blocks: number, panels: number) => void>
  >;
}

const ROWS = 4;
const I32 = 0x7f;
const V128 = 0x7b;
const EMPTY = 0x40;

function leb(value: number): number[] {
  const out: number[] = [];
  for (let v = value; ; v >>>= 7) {
    if (v < 128) return [...out, v];
    out.push((v & 127) | 128);
  }
}
const section = (id: number, body: readonly number[]): number[] => [id, ...leb(body.length), ...body];
const vector = (items: readonly (readonly number[])[]): number[] => [...leb(items.length), ...items.flat()];
const name = (text: string): number[] => [...leb(text.length), ...Array.from(text, (c) => c.charCodeAt(0))];

const get = (local: number): number[] => [0x20, ...leb(local)];
const set = (local: number): number[] => [0x21, ...leb(local)];
const i32 = (v: number): number[] => [0x41, ...signed(v)];
const ADD = [0x6a];
const MUL = [0x6c];
const simd = (op: number): number[] => [0xfd, ...leb(op)];

function signed(value: number): number[] {
  const out: number[] = [];
  for (let v = value; ; v >>= 7) {
    const low = v & 127;
    if ((v >> 7 === 0 && (low & 64) === 0) || (v >> 7 === -1 && (low & 64) !== 0)) return [...out, low];
    out.push(low | 128);
  }
}

/** local += by */
const advance = (local: number, by: readonly number[]): number[] => [...get(local), ...by, ...ADD, ...set(local)];
/** Repeats the body as long as `local`, counted down from `count`, is not zero; not at all where it is zero at first. */
const repeat = (local: number, count: readonly number[], body: readonly number[]): number[] => [
  ...count,
  ...set(local),
  ...[0x02, EMPTY],
  ...[...get(local), 0x45, 0x0d, 0x00],
  ...[0x03, EMPTY],
  ...body,
  ...advance(local, i32(-1)),
  ...[...get(local), 0x0d, 0x00, 0x0b, 0x0b],
];

function productBody(precision: Precision): number[] {
  const single = precision === 'f32';
  const size = single ? 4 : 8;
  const [splat, add, mul] = single ? [0x09, 0xe4, 0xe6] : [0x0a, 0xf0, 0xf2];
  const align = single ? 2 : 3;
  // Parameters 0 … 5, then locals.
  const [a, b, c, k, blocks, panels] = [0, 1, 2, 3, 4, 5];
  const [panel, block, step, at, from, to, row] = [6, 7, 8, 9, 10, 11, 12];
  const [left, right, value] = [13, 14, 15];
  const sum = (r: number, half: number): number => 16 + 2 * r + half;
  const rows = Array.from({ length: ROWS }, (_, r) => r);
  const zero = [...simd(0x0c), ...new Array<number>(16).fill(0)];

  const clear = rows.flatMap((r) => [...zero, ...set(sum(r, 0)), ...zero, ...set(sum(r, 1))]);
  const accumulate = (s: number, vectorLocal: number): number[] => [
    ...get(s),
    ...get(value),
    ...get(vectorLocal),
    ...simd(mul),
    ...simd(add),
    ...set(s),
  ];
  const inner = [
    ...[...get(from), ...simd(0x00), 4, 0, ...set(left)],
    ...[...get(from), ...simd(0x00), 4, 16, ...set(right)],
    ...rows.flatMap((r) => [
      ...[...get(at), ...simd(splat), align, ...leb(r * size), ...set(value)],
      ...accumulate(sum(r, 0), left),
      ...accumulate(sum(r, 1), right),
    ]),
    ...advance(at, i32(ROWS * size)),
    ...advance(from, i32(32)),
  ];
  const store = rows.flatMap((r) => [
    ...[...get(to), ...get(sum(r, 0)), ...simd(0x0b), 4, 0],
    ...[...get(to), ...get(sum(r, 1)), ...simd(0x0b), 4, 16],
    ...advance(to, get(row)),
  ]);
  const code = [
    ...[...get(panels), ...i32(32), ...MUL, ...set(row)],
    ...repeat(panel, get(panels), [
      ...[...get(a), ...set(at)],
      ...[...get(c), ...set(to)],
      ...repeat(block, get(blocks), [...clear, ...[...get(b), ...set(from)], ...repeat(step, get(k), inner), ...store]),
      // The next panel of b, and the next columns of c.
      ...[...get(k), ...i32(32), ...MUL, ...get(b), ...ADD, ...set(b)],
      ...advance(c, i32(32)),
    ]),
    0x0b,
  ];
  const locals = vector([
    [...leb(7), I32],
    [...leb(3 + 2 * ROWS), V128],
  ]);
  return [...leb(locals.length + code.length), ...locals, ...code];
}

function assemble(pages: number): Uint8Array<ArrayBuffer> {
  const types = vector([[0x60, ...vector(new Array<number[]>(6).fill([I32])), 0]]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(3, vector([[0], [0]])),
    ...section(5, vector([[0, ...leb(pages)]])),
    ...section(
      7,
      vector([
        [...name('memory'), 2, 0],
        [...name('f32'), 0, 0],
        [...name('f64'), 0, 1],
      ]),
    ),
    ...section(10, vector([productBody('f32'), productBody('f64')])),
  ]);
}

/**
 * Compiles the module with `bytes` of memory; undefined where the platform has no WebAssembly, no vectors in it, or
 * a policy that forbids it.
 */
export function simdModule(bytes: number): SimdModule | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    const code = assemble(Math.ceil(bytes / 65536));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code));
    const { memory, f32, f64 } = exports;
    return { memory: memory as WebAssembly.Memory, product: { f32: f32 as never, f64: f64 as never } };
  } catch {
    return undefined;
  }
}
