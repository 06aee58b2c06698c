/**
 * The inner loops of a matrix product as a WebAssembly module with 128-bit vectors (wasm.ts assembles it). For each
 * precision functions over a memory that JavaScript fills (see `ProductArguments`), for several rows at a time and for
 * one:
 *
 *     c = max(onto · c + a · b + bias, least)
 *
 * Each sum adds its terms one by one, in either, so that a row's answer does not depend on the rows beside it.
 *
 * In single precision products are fused with sums where the engine has relaxed vectors (Node 22, Chrome 114): that is
 * a rounding less, half as fast again, and by a last bit another answer than elsewhere. Double precision, the reference,
 * rounds everywhere alike.
 */
import {
  advance,
  get,
  i32,
  I32,
  instantiate,
  knows,
  leb,
  op,
  repeat,
  set,
  simd,
  V128,
  when,
  type Code,
  type Routine,
} from './wasm.js';

export type Precision = 'f32' | 'f64';

/** Places are bytes of the memory. */
type ProductArguments = [
  /** `blocks` times so many rows of `k` numbers, `strideA` bytes apart. */
  a: number,
  strideA: number,
  /** `groups` times so many panels of 32 bytes of columns, [k][32 bytes]. */
  b: number,
  /** Rows of 32 bytes a panel, `strideC` bytes apart. */
  c: number,
  strideC: number,
  k: number,
  blocks: number,
  groups: number,
  /** 32 bytes for each panel, `stepBias` (32, or 0: the same for all) apart. */
  bias: number,
  stepBias: number,
  /** 16 bytes: what is less becomes this. NaN stays. */
  least: number,
  /** 1: added to what `c` holds; 0: `c` is written. */
  onto: number,
];

/** What one turn of the loops makes: so many rows of so many panels. */
interface Tile {
  readonly rows: number;
  readonly panels: number;
}

/** Rows of the tile for many: twelve sums, with what they are made of, fill the sixteen registers. */
export const ROWS = 6;
/** Panels of the tile for one row. Eight sums under way hide the time that each addition takes. */
const ACROSS = 4;
const TILES = { block: { rows: ROWS, panels: 1 }, row: { rows: 1, panels: ACROSS }, rest: { rows: 1, panels: 1 } };
type TileName = keyof typeof TILES;

/** Bytes of a row of a panel. */
export const PANEL = 32;

export interface SimdModule {
  /** For modules that work on the same memory. */
  readonly handle: WebAssembly.Memory;
  /** The memory as numbers. */
  readonly views: { readonly f32: Float32Array; readonly f64: Float64Array };
  readonly tiles: Readonly<Record<Precision, Readonly<Record<TileName, (...given: ProductArguments) => void>>>>;
}

/** Terms for each turn of the inner loop. */
const UNROLLED = 4;
const upTo = (count: number): number[] => Array.from(Array(count).keys());

function product(precision: Precision, name: string, tile: Tile, fused: boolean): Routine {
  const single = precision === 'f32';
  const size = single ? 4 : 8;
  const [splat, add, mul, least, madd] = single ? [0x09, 0xe4, 0xe6, 0xeb, 0x105] : [0x0a, 0xf0, 0xf2, 0xf7, 0x107];
  const align = single ? 2 : 3;
  // Parameters, then locals.
  const [a, strideA, b, c, strideC, k, blocks, groups, bias, stepBias, floor, onto] = upTo(12);
  const [group, block, step, top, to, at] = upTo(6).map((i) => 12 + i);
  const rows = upTo(tile.rows);
  const panels = upTo(tile.panels);
  const halves = upTo(2 * tile.panels);
  const row = (r: number): number => 18 + r;
  const panel = (p: number): number => 18 + tile.rows + p;
  const vectors = 18 + tile.rows + tile.panels;
  const [value, low] = [vectors, vectors + 1];
  const right = (h: number): number => vectors + 2 + h;
  const sum = (r: number, h: number): number => vectors + 2 + halves.length + r * halves.length + h;
  const load = (place: number, offset: number): Code => [get(place), simd(0x00), 4, leb(offset)];
  const zero = [simd(0x0c), new Array<number>(16).fill(0)];
  /** k rows of a panel. */
  const panelBytes = [get(k), i32(PANEL), op.mul];

  const accumulate = (s: number, h: number): Code =>
    fused
      ? [get(value), get(right(h)), get(s), simd(madd), set(s)]
      : [get(s), get(value), get(right(h)), simd(mul), simd(add), set(s)];
  const terms = (count: number): Code => [
    upTo(count).map((l) => [
      halves.map((h) => [load(panel(h >> 1), PANEL * l + 16 * (h & 1)), set(right(h))]),
      rows.map((r) => [
        [get(row(r)), simd(splat), align, leb(l * size), set(value)],
        halves.map((h) => accumulate(sum(r, h), h)),
      ]),
    ]),
    rows.map((r) => advance(row(r), i32(count * size))),
    panels.map((p) => advance(panel(p), i32(PANEL * count))),
  ];
  const begin = [
    rows.map((r) => [get(top), set(row(r)), advance(top, get(strideA))]),
    panels.map((p) => [p === 0 ? get(b) : [get(panel(p - 1)), panelBytes, op.add], set(panel(p))]),
    rows.map((r) => halves.map((h) => [zero, set(sum(r, h))])),
  ];
  const addUp = [
    [get(to), set(at)],
    rows.map((r) => [
      halves.map((h) => [load(at, 16 * h), get(sum(r, h)), simd(add), set(sum(r, h))]),
      r + 1 < tile.rows ? advance(at, get(strideC)) : [],
    ]),
  ];
  const store = [
    [get(bias), set(at)],
    panels.map((p) => [
      [load(at, 0), set(right(2 * p)), load(at, 16), set(right(2 * p + 1))],
      advance(at, get(stepBias)),
    ]),
    rows.map((r) => [
      halves.map((h) => [
        get(to),
        // pmax(x, y) is y where x < y, else x: NaN stays.
        [get(sum(r, h)), get(right(h)), simd(add), get(low), simd(least)],
        [simd(0x0b), 4, leb(16 * h)],
      ]),
      advance(to, get(strideC)),
    ]),
  ];
  const code = [
    [load(floor, 0), set(low)],
    repeat(group, get(groups), [
      [get(a), set(top)],
      [get(c), set(to)],
      repeat(block, get(blocks), [
        begin,
        repeat(step, [get(k), i32(2), op.shiftRight], terms(UNROLLED)),
        repeat(step, [get(k), i32(3), op.and], terms(1)),
        [get(onto), when(addUp)],
        store,
      ]),
      // The next panels of b, and the next columns of c.
      [panelBytes, i32(tile.panels), op.mul, get(b), op.add, set(b)],
      advance(c, i32(PANEL * tile.panels)),
      [get(stepBias), i32(tile.panels), op.mul, get(bias), op.add, set(bias)],
    ]),
  ];
  const count = 2 + halves.length + rows.length * halves.length;
  const locals = [
    [6 + tile.rows + tile.panels, I32],
    [count, V128],
  ] as const;
  return { name, parameters: 12, locals, code };
}

/** What a product takes for "nothing to add" and "nothing is too little", in the first bytes of the memory. */
export const CONSTANT_BYTES = 128;
/** 16 zeros. */
export const ZERO = 0;
/** 16 bytes of -Infinity, and 32 of -0, which change no number. */
export const LEAST = { f32: 16, f64: 32 } as const;
export const NO_BIAS = { f32: 64, f64: 96 } as const;

/** How much of a matrix product there is to do: places and distances in bytes, as the module's functions take them. */
export interface ProductPart {
  readonly a: number;
  readonly strideA: number;
  readonly b: number;
  readonly c: number;
  readonly strideC: number;
  readonly k: number;
  readonly rows: number;
  readonly panels: number;
  readonly bias: number;
  readonly stepBias: number;
  readonly least: number;
  readonly onto: 0 | 1;
}

/** Runs the tiles over all rows and panels: blocks of rows, then the last ones alone. */
export function multiplyPart(simd: SimdModule, precision: Precision, p: ProductPart): void {
  const { block, row, rest } = simd.tiles[precision];
  const { strideA, strideC, k, panels, stepBias, least, onto } = p;
  const blocks = Math.floor(p.rows / ROWS);
  if (blocks > 0) block(p.a, strideA, p.b, p.c, strideC, k, blocks, panels, p.bias, stepBias, least, onto);
  const alone = p.rows - ROWS * blocks;
  if (alone === 0) return;
  const [a, c] = [p.a + ROWS * blocks * strideA, p.c + ROWS * blocks * strideC];
  const groups = Math.floor(panels / ACROSS);
  if (groups > 0) row(a, strideA, p.b, c, strideC, k, alone, groups, p.bias, stepBias, least, onto);
  const done = ACROSS * groups;
  if (done === panels) return;
  const [b, bias] = [p.b + done * k * PANEL, p.bias + done * stepBias];
  rest(a, strideA, b, c + done * PANEL, strideC, k, alone, panels - done, bias, stepBias, least, onto);
}

/**
 * Compiles the module with `bytes` of memory after the constants; undefined where the platform has no WebAssembly, no
 * vectors in it, or a policy that forbids it.
 */
export function simdModule(bytes: number): SimdModule | undefined {
  const fused = knows([product('f32', 'fused', TILES.rest, true)]);
  const routines = (['f32', 'f64'] as const).flatMap((precision) =>
    Object.entries(TILES).map(([name, tile]) =>
      product(precision, `${precision} ${name}`, tile, fused && precision === 'f32'),
    ),
  );
  const instance = instantiate(routines, CONSTANT_BYTES + bytes);
  if (!instance) return undefined;
  const { memory } = instance;
  // It never grows, so the views stay valid.
  const views = { f32: new Float32Array(memory), f64: new Float64Array(memory) };
  views.f32.fill(-Infinity, LEAST.f32 / 4, LEAST.f32 / 4 + 4).fill(-0, NO_BIAS.f32 / 4, NO_BIAS.f32 / 4 + 8);
  views.f64.fill(-Infinity, LEAST.f64 / 8, LEAST.f64 / 8 + 2).fill(-0, NO_BIAS.f64 / 8, NO_BIAS.f64 / 8 + 4);
  const tiles = (precision: Precision): SimdModule['tiles'][Precision] => ({
    block: instance.routines[`${precision} block`],
    row: instance.routines[`${precision} row`],
    rest: instance.routines[`${precision} rest`],
  });
  return { handle: instance.handle, views, tiles: { f32: tiles('f32'), f64: tiles('f64') } };
}
