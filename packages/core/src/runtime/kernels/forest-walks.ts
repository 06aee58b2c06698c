/**
 * The walks through packed trees as WebAssembly: eight rows through one tree, or one row through eight trees at a time,
 * so that the wait for one load is the time of seven others. A step has no branch: `k += x <= t ? left : right`; at a
 * leaf the comparison fails and the distance is zero, so all step on until the last of the eight has arrived. Leaf
 * values are added in the order of the trees, in float64.
 *
 * Nodes lie as in forest-pack.ts, with distances in bytes. Of 8 bytes, where rows are keys (float-order.ts):
 *
 *     { i32 key of the threshold, slot << 24 | Δ | missing left }       a leaf: { place of its values, 0 }
 *
 * and of 16, where rows are float64s:
 *
 *     { f64 threshold, i32 slot × 64, i32 Δ | missing left }            a leaf: { NaN over the place, 0, 0 }
 */
import { NAN_KEY } from './float-order.js';
import * as wasm from './wasm.js';
import { advance, again, get, i32, loadF64, loadI32, op, repeat, set, storeF64, tee, type Code } from './wasm.js';

/** Rows, or trees, that go at a time. */
export const LANES = 8;
/** Steps between two looks at whether all have arrived. */
const UNROLLED = 2;
/** Values of a leaf that have code of their own each; more are added in a loop. */
const WRITTEN_OUT = 4;

/** Δ in bits 3 … 21 of a narrow node's word; 22 and 23 are zero, so that a shift gives slot × 4. */
export const NARROW_DELTA = 0x3ffff8;
const WIDE_DELTA = -16;

/** What the walks are for. */
export interface Shape {
  readonly wide: boolean;
  /** Values of a leaf. */
  readonly width: number;
  readonly outputs: number;
  /** Whether a tree adds to an output of its own, instead of to all. */
  readonly byColumn: boolean;
}

/** Places are bytes of the memory. */
export interface Walks {
  /** Eight rows at `x` (lane by lane for each slot), and each `stepX` further on, through a tree, onto `sums`. */
  batch(root: number, x: number, stepX: number, sums: number, groups: number): void;
  /** The row at the beginning of the memory through eight times `groups` trees; `columns`: where in `sums` each adds. */
  row(roots: number, columns: number, sums: number, groups: number): void;
  /** The same where a row has NaN, and nodes may send it left. */
  batchMissing(root: number, x: number, stepX: number, sums: number, groups: number): void;
  rowMissing(roots: number, columns: number, sums: number, groups: number): void;
}

const upTo = (count: number): number[] => Array.from(Array(count).keys());
const lanes = upTo(LANES);

/** Locals after the parameters. */
interface Locals {
  readonly k: readonly number[];
  readonly any: number;
  readonly word: number;
  readonly delta: number;
  readonly place: number;
  readonly to: number;
  readonly left: number;
  readonly key: number;
  readonly x: number;
  readonly sum: readonly number[];
  readonly types: wasm.Routine['locals'];
}

function localsAfter(parameters: number): Locals {
  const [any, word, delta, place, to, left, key] = upTo(7).map((i) => parameters + LANES + i);
  const x = parameters + LANES + 7;
  return {
    ...{ k: lanes.map((l) => parameters + l), any, word, delta, place, to, left, key, x },
    sum: upTo(WRITTEN_OUT).map((c) => x + 1 + c),
    types: [
      [LANES + 7, wasm.I32],
      [1 + WRITTEN_OUT, wasm.F64],
    ],
  };
}

/** The routines of `Walks`. */
export function walks(shape: Shape): wasm.Routine[] {
  return [false, true].flatMap((missing) => [batch(shape, missing), row(shape, missing)]);
}

/** Steps until all lanes are at leaves; `address` turns what a node says of its slot into where x lies. */
function walk({ wide }: Shape, l: Locals, missing: boolean, address: Code, lane: number): Code {
  const x = wide ? l.x : l.key;
  const step = (k: number, i: number, last: boolean): Code => {
    // In the lowest bit of the word: whether NaN goes left.
    const nanGoes = [
      wide ? [get(x), get(x), op.differF64] : [get(x), i32(NAN_KEY), op.equal],
      [get(l.word), op.and, op.or],
    ];
    return [
      [get(k), loadI32(wide ? 12 : 4), tee(l.word)],
      [i32(wide ? WIDE_DELTA : NARROW_DELTA), op.and, set(l.delta)],
      [get(k), i32(wide ? 16 : 8), get(l.delta)],
      wide ? [get(k), loadI32(8)] : get(l.word),
      [address, wide ? loadF64(i * lane) : loadI32(i * lane), missing ? tee(x) : []],
      [get(k), wide ? [loadF64(0), op.atMostF64] : [loadI32(0), op.atMost]],
      missing ? nanGoes : [],
      [op.select, op.add, set(k)],
      last ? [get(l.any), get(l.delta), op.or, set(l.any)] : [],
    ];
  };
  return again([
    [i32(0), set(l.any)],
    upTo(UNROLLED).map((u) => l.k.map((k, i) => step(k, i, u === UNROLLED - 1))),
    get(l.any),
  ]);
}

/** What is at the leaf `k`, added to the numbers from local `to`'s address + `offset` on. */
function addTo({ width }: Shape, l: Locals, k: number, to: number, offset: number): Code {
  const place = [get(k), loadI32(0), set(l.place)];
  const add = (target: number, at: number, from: number): Code => [
    [get(target), get(target), loadF64(at)],
    [get(l.place), loadF64(from), op.addF64, storeF64(at)],
  ];
  if (width <= WRITTEN_OUT) return [place, upTo(width).map((c) => add(to, offset + 8 * c, 8 * c))];
  return [
    place,
    [get(to), i32(offset), op.add, set(l.to)],
    repeat(l.left, i32(width), [add(l.to, 0, 0), advance(l.to, i32(8)), advance(l.place, i32(8))]),
  ];
}

function batch(shape: Shape, missing: boolean): wasm.Routine {
  const [root, x, stepX, sums, groups] = upTo(5);
  const l = localsAfter(5);
  // slot × 32, a key for each lane; slot × 64 is what the wide node says.
  const slot = shape.wide ? [] : [i32(19), op.shiftRight, i32(0x1fe0), op.and];
  const rowBytes = 8 * shape.outputs;
  const code = repeat(groups, get(groups), [
    l.k.map((k) => [get(root), set(k)]),
    walk(shape, l, missing, [slot, get(x), op.add], shape.wide ? 8 : 4),
    l.k.map((k, i) => addTo(shape, l, k, sums, i * rowBytes)),
    advance(x, get(stepX)),
    advance(sums, i32(LANES * rowBytes)),
  ]);
  return { name: missing ? 'batchMissing' : 'batch', parameters: 5, locals: l.types, code };
}

function row(shape: Shape, missing: boolean): wasm.Routine {
  const [roots, columns, sums, groups] = upTo(4);
  const l = localsAfter(4);
  const { width, byColumn } = shape;
  const address = [i32(shape.wide ? 3 : 22), op.shiftRight];
  // Sums of a few outputs stay in registers.
  const kept = byColumn || width > WRITTEN_OUT ? [] : upTo(width);
  const add = (k: number, i: number): Code => {
    if (kept.length > 0)
      return [
        [get(k), loadI32(0), set(l.place)],
        kept.map((c) => [get(l.sum[c]), get(l.place), loadF64(8 * c), op.addF64, set(l.sum[c])]),
      ];
    if (!byColumn) return addTo(shape, l, k, sums, 0);
    return [[get(sums), get(columns), loadI32(4 * i), op.add, set(l.key)], addTo(shape, l, k, l.key, 0)];
  };
  const code = [
    kept.map((c) => [get(sums), loadF64(8 * c), set(l.sum[c])]),
    repeat(groups, get(groups), [
      l.k.map((k, i) => [get(roots), loadI32(4 * i), set(k)]),
      walk(shape, l, missing, address, 0),
      l.k.map(add),
      advance(roots, i32(4 * LANES)),
      advance(columns, i32(4 * LANES)),
    ]),
    kept.map((c) => [get(sums), get(l.sum[c]), storeF64(8 * c)]),
  ];
  return { name: missing ? 'rowMissing' : 'row', parameters: 4, locals: l.types, code };
}
