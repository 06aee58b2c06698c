/**
 * The inner loops of a matrix product as a WebAssembly module with 128-bit vectors, assembled here: a few hundred
 * bytes, no tool chain. Two functions, one per precision, over a memory that JavaScript fills (see `ProductArguments`):
 *
 *     c = max(onto · c + a · b + bias, least)
 *
 * Opcodes: WebAssembly core specification 2.0, section 5.4.
 */

export type Precision = 'f32' | 'f64';

/** Places are bytes of the memory. */
type ProductArguments = [
  /** `blocks` times four rows of `k` numbers, `strideA` bytes apart. */
  a: number,
  strideA: number,
  /** `panels` panels of 32 bytes of columns, [k][32 bytes]. */
  b: number,
  /** Rows of `panels` × 32 bytes, `strideC` bytes apart. */
  c: number,
  strideC: number,
  k: number,
  blocks: number,
  panels: number,
  /** 32 bytes for each panel, `stepBias` (32, or 0: the same for all) apart. */
  bias: number,
  stepBias: number,
  /** 16 bytes: what is less becomes this. NaN stays. */
  least: number,
  /** 1: added to what `c` holds; 0: `c` is written. */
  onto: number,
];

export interface SimdModule {
  /** The memory as numbers. */
  readonly views: { readonly f32: Float32Array; readonly f64: Float64Array };
  readonly product: Readonly<Record<Precision, (...given: ProductArguments) => void>>;
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

/** Terms for each turn of the inner loop. */
const UNROLLED = 4;

function productBody(precision: Precision): number[] {
  const single = precision === 'f32';
  const size = single ? 4 : 8;
  const [splat, add, mul, least] = single ? [0x09, 0xe4, 0xe6, 0xeb] : [0x0a, 0xf0, 0xf2, 0xf7];
  const align = single ? 2 : 3;
  // Parameters, then locals.
  const [a, strideA, b, c, strideC, k, blocks, panels, bias, stepBias, floor, onto] = Array.from(Array(12).keys());
  const [panel, block, step, top, from, to, left, right, value, low] = Array.from(Array(10).keys(), (i) => 12 + i);
  const row = (r: number): number => 22 + r;
  const sum = (r: number, half: number): number => 26 + 2 * r + half;
  const rows = Array.from(Array(ROWS).keys());
  const load = (place: number, offset: number): number[] => [...get(place), ...simd(0x00), 4, ...leb(offset)];
  const zero = [...simd(0x0c), ...new Array<number>(16).fill(0)];

  const accumulate = (s: number, vectorLocal: number): number[] => [
    ...get(s),
    ...get(value),
    ...get(vectorLocal),
    ...simd(mul),
    ...simd(add),
    ...set(s),
  ];
  const terms = (count: number): number[] => [
    ...Array.from(Array(count).keys()).flatMap((l) => [
      ...[...load(from, 32 * l), ...set(left)],
      ...[...load(from, 32 * l + 16), ...set(right)],
      ...rows.flatMap((r) => [
        ...[...get(row(r)), ...simd(splat), align, ...leb(l * size), ...set(value)],
        ...accumulate(sum(r, 0), left),
        ...accumulate(sum(r, 1), right),
      ]),
    ]),
    ...rows.flatMap((r) => advance(row(r), i32(count * size))),
    ...advance(from, i32(32 * count)),
  ];
  const halves = rows.flatMap((r) => [
    { s: sum(r, 0), offset: 0, r, extra: left },
    { s: sum(r, 1), offset: 16, r, extra: right },
  ]);
  const begin = rows.flatMap((r) => [
    ...[...get(top), ...set(row(r))],
    ...advance(top, get(strideA)),
    ...[...zero, ...set(sum(r, 0)), ...zero, ...set(sum(r, 1))],
  ]);
  const addUp = halves.flatMap(({ s, offset, r }) => [
    ...[...load(to, offset), ...get(s), ...simd(add), ...set(s)],
    ...(offset === 16 && r < ROWS - 1 ? advance(to, get(strideC)) : []),
  ]);
  const back = [...get(to), ...get(strideC), ...i32(ROWS - 1), ...MUL, 0x6b, ...set(to)];
  const store = halves.flatMap(({ s, offset, extra }) => [
    ...get(to),
    // pmax(x, y) is y where x < y, else x: NaN stays.
    ...[...get(s), ...get(extra), ...simd(add), ...get(low), ...simd(least)],
    ...[...simd(0x0b), 4, offset],
    ...(offset === 16 ? advance(to, get(strideC)) : []),
  ]);
  const code = [
    ...[...load(floor, 0), ...set(low)],
    ...repeat(panel, get(panels), [
      ...[...get(a), ...set(top)],
      ...[...get(c), ...set(to)],
      ...repeat(block, get(blocks), [
        ...begin,
        ...[...get(b), ...set(from)],
        ...repeat(step, [...get(k), ...i32(2), 0x76], terms(UNROLLED)),
        ...repeat(step, [...get(k), ...i32(3), 0x71], terms(1)),
        ...[...get(onto), 0x04, EMPTY, ...addUp, ...back, 0x0b],
        ...[...load(bias, 0), ...set(left), ...load(bias, 16), ...set(right)],
        ...store,
      ]),
      // The next panel of b, and the next columns of c.
      ...[...get(k), ...i32(32), ...MUL, ...get(b), ...ADD, ...set(b)],
      ...advance(c, i32(32)),
      ...advance(bias, get(stepBias)),
    ]),
    0x0b,
  ];
  const locals = vector([
    [...leb(6), I32],
    [...leb(4), V128],
    [...leb(ROWS), I32],
    [...leb(2 * ROWS), V128],
  ]);
  return [...leb(locals.length + code.length), ...locals, ...code];
}

function assemble(pages: number): Uint8Array<ArrayBuffer> {
  const types = vector([[0x60, ...vector(new Array<number[]>(12).fill([I32])), 0]]);
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

/** What a product takes for "nothing to add" and "nothing is too little", in the first bytes of the memory. */
export const CONSTANT_BYTES = 128;
/** 16 zeros. */
export const ZERO = 0;
/** 16 bytes of -Infinity, and 32 of -0, which change no number. */
export const LEAST = { f32: 16, f64: 32 } as const;
export const NO_BIAS = { f32: 64, f64: 96 } as const;

/**
 * Compiles the module with `bytes` of memory after the constants; undefined where the platform has no WebAssembly, no
 * vectors in it, or a policy that forbids it.
 */
export function simdModule(bytes: number): SimdModule | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    const code = assemble(Math.ceil((CONSTANT_BYTES + bytes) / 65536));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code));
    const { f32, f64 } = exports;
    const memory = exports['memory'] as WebAssembly.Memory;
    // It never grows, so the views stay valid.
    const views = { f32: new Float32Array(memory.buffer), f64: new Float64Array(memory.buffer) };
    views.f32.fill(-Infinity, LEAST.f32 / 4, LEAST.f32 / 4 + 4).fill(-0, NO_BIAS.f32 / 4, NO_BIAS.f32 / 4 + 8);
    views.f64.fill(-Infinity, LEAST.f64 / 8, LEAST.f64 / 8 + 2).fill(-0, NO_BIAS.f64 / 8, NO_BIAS.f64 / 8 + 4);
    return { views, product: { f32: f32 as never, f64: f64 as never } };
  } catch {
    return undefined;
  }
}
