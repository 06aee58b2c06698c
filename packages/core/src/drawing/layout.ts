import type { Arrow } from './picture.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where boxes lie (their middles), and the points through which each arrow goes. */
export interface Layout {
  readonly places: readonly Point[];
  readonly routes: readonly (readonly Point[])[];
  readonly width: number;
  readonly height: number;
}

const GAP_X = 28;
const GAP_Y = 44;
const BEND = 14;
const SWEEPS = 6;
/** Bends of arrows that pass several layers: with more, they go straight (CWE-407). */
const MAX_BENDS = 4000;

interface Item {
  readonly width: number;
  readonly height: number;
  layer: number;
  x: number;
  readonly above: number[];
  readonly below: number[];
}

/**
 * A layered drawing from top to bottom (Sugiyama, Tagawa, Toda 1981): layers by the longest way, boxes in a layer by
 * the middle of their neighbours, then pushed apart. Arrows must not go in a circle, and come after what they leave.
 */
export function layered(sizes: readonly Size[], arrows: readonly Arrow[]): Layout {
  const items: Item[] = sizes.map((s) => ({ ...s, layer: 0, x: 0, above: [], below: [] }));
  const sorted = [...arrows].sort((a, b) => a.from - b.from);
  for (let pass = 0, moved = true; moved && pass < sizes.length; pass++) {
    moved = false;
    for (const { from, to } of sorted)
      if (items[to].layer <= items[from].layer) {
        items[to].layer = items[from].layer + 1;
        moved = true;
      }
  }
  // What only goes down (inputs) stands just above what first needs it.
  const incoming = new Set(arrows.map((a) => a.to));
  items.forEach((item, i) => {
    const next = arrows.filter((a) => a.from === i).map((a) => items[a.to].layer);
    if (!incoming.has(i) && next.length > 0) item.layer = Math.min(...next) - 1;
  });
  const chains = chain(items, arrows);
  const layers: number[][] = [];
  items.forEach(({ layer }, i) => (layers[layer] ??= []).push(i));
  for (let i = 0; i < layers.length; i++) layers[i] ??= [];
  for (let sweep = 0; sweep < SWEEPS; sweep++) order(items, layers, sweep % 2 === 0);
  position(items, layers);
  return placed(items, layers, sizes.length, arrows, chains);
}

/** Arrows over several layers get a bend in each. */
function chain(items: Item[], arrows: readonly Arrow[]): number[][] {
  const bends = arrows.reduce((n, { from, to }) => n + Math.max(0, items[to].layer - items[from].layer - 1), 0);
  return arrows.map(({ from, to }) => {
    const steps = [from];
    for (let layer = items[from].layer + 1; bends <= MAX_BENDS && layer < items[to].layer; layer++) {
      steps.push(items.length);
      items.push({ width: BEND, height: 0, layer, x: 0, above: [], below: [] });
    }
    steps.push(to);
    for (let i = 1; i < steps.length; i++) {
      items[steps[i]].above.push(steps[i - 1]);
      items[steps[i - 1]].below.push(steps[i]);
    }
    return steps;
  });
}

function order(items: Item[], layers: number[][], down: boolean): void {
  const rank = new Float64Array(items.length);
  for (const layer of layers) layer.forEach((i, at) => (rank[i] = at));
  const run = down ? layers.slice(1) : [...layers].reverse().slice(1);
  for (const layer of run) {
    const middle = new Map(
      layer.map((i): [number, number] => {
        const near = down ? items[i].above : items[i].below;
        return [i, near.length === 0 ? rank[i] : near.reduce((sum, n) => sum + rank[n], 0) / near.length];
      }),
    );
    layer.sort((a, b) => middle.get(a)! - middle.get(b)! || a - b);
    layer.forEach((i, at) => (rank[i] = at));
  }
}

/** Each box towards the middle of its neighbours, none over another. */
function position(items: Item[], layers: readonly number[][]): void {
  for (const layer of layers) spread(items, layer, (i) => items[i].x);
  for (let sweep = 0; sweep < SWEEPS * 2; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? layers : [...layers].reverse())
      spread(items, layer, (i) => {
        const near = down ? items[i].above : items[i].below;
        const all = near.length > 0 ? near : [...items[i].above, ...items[i].below];
        return all.length === 0 ? items[i].x : all.reduce((sum, n) => sum + items[n].x, 0) / all.length;
      });
  }
}

function spread(items: Item[], layer: readonly number[], wish: (i: number) => number): void {
  if (layer.length === 0) return;
  const wished = layer.map(wish);
  const at: number[] = [];
  layer.forEach((i, k) => {
    const least = k === 0 ? -Infinity : at[k - 1] + (items[layer[k - 1]].width + items[i].width) / 2 + GAP_X;
    at.push(Math.max(wished[k], least));
  });
  // Pushing only to the right leans the whole layer: half of it is given back.
  const lean = at.reduce((sum, x, k) => sum + x - wished[k], 0) / layer.length;
  layer.forEach((i, k) => (items[i].x = at[k] - lean));
}

function placed(
  items: readonly Item[],
  layers: readonly number[][],
  count: number,
  arrows: readonly Arrow[],
  chains: readonly number[][],
): Layout {
  const left = items.reduce((least, { x, width }) => Math.min(least, x - width / 2), Infinity);
  const right = items.reduce((most, { x, width }) => Math.max(most, x + width / 2), -Infinity);
  const tops: number[] = [];
  let y = 0;
  for (const layer of layers) {
    const height = layer.reduce((most, i) => Math.max(most, items[i].height), 0);
    tops.push(y + height / 2);
    y += height + GAP_Y;
  }
  const point = (i: number): Point => ({ x: items[i].x - left, y: tops[items[i].layer] });
  const routes = arrows.map(({ from, to }, k) => {
    const middle = chains[k].map(point);
    middle[0] = { x: middle[0].x, y: middle[0].y + items[from].height / 2 };
    const end = middle.length - 1;
    middle[end] = { x: middle[end].x, y: middle[end].y - items[to].height / 2 };
    return middle;
  });
  return {
    places: items.slice(0, count).map((_, i) => point(i)),
    routes,
    width: Number.isFinite(right - left) ? right - left : 0,
    height: Math.max(0, y - GAP_Y),
  };
}
