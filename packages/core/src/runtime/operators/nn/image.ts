import { isFloat, type Tensor, type TypedArray } from '../../../graph/tensor.js';
import { isBig } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import {
  axisOf,
  badInput,
  dense,
  float,
  int,
  integers,
  list,
  optional,
  text,
  unsupported,
  type Inputs,
  type Numbers,
} from '../common.js';
import { around } from '../gather.js';
import { toEven } from '../narrow.js';
import { convert } from '../reduce.js';

/** Where one position of a resized axis takes its value from; undefined: outside, the extrapolation value. */
interface Taps {
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

interface AxisPlan {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
  readonly roi: readonly [number, number];
}

interface Rules {
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
  readonly cubicA: number;
  readonly excludeOutside: boolean;
  readonly antialias: boolean;
}

function cubic(x: number, a: number): number {
  const d = Math.abs(x);
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
}

/** The input coordinate of position x: the formulas of ONNX's Resize, by coordinate_transformation_mode. */
function original(x: number, p: AxisPlan, coordinates: string): number {
  const width = p.scale * p.input;
  switch (coordinates) {
    case 'half_pixel':
      return (x + 0.5) / p.scale - 0.5;
    case 'half_pixel_symmetric': {
      const offset = (p.input / 2) * (1 - p.output / width);
      return offset + (x + 0.5) / p.scale - 0.5;
    }
    case 'pytorch_half_pixel':
      return width === 1 ? -0.5 : (x + 0.5) / p.scale - 0.5;
    case 'align_corners':
      return width === 1 ? 0 : (x * (p.input - 1)) / (width - 1);
    case 'asymmetric':
      return x / p.scale;
    case 'tf_crop_and_resize': {
      const [from, to] = p.roi;
      const inside = width === 1 ? ((to - from) * (p.input - 1)) / 2 : (x * (to - from) * (p.input - 1)) / (width - 1);
      return inside + from * (p.input - 1);
    }
    default:
      throw badInput(`an unknown coordinate_transformation_mode: ${coordinates}`);
  }
}

function tapsOf(x: number, p: AxisPlan, r: Rules): Taps | undefined {
  const at = original(x, p, r.coordinates);
  if (r.coordinates === 'tf_crop_and_resize' && (at < 0 || at > p.input - 1)) return undefined;
  if (r.mode === 'nearest') {
    const place = nearest(at, r.nearest);
    return { places: Int32Array.of(Math.min(Math.max(place, 0), p.input - 1)), weights: Float64Array.of(1) };
  }
  // The pixel to the left, never at the point itself.
  const base = Math.ceil(at) - 1;
  const ratio = at - base;
  const scale = r.antialias ? Math.min(p.scale, 1) : 1;
  const reach = r.mode === 'linear' ? 1 : 2;
  const first = Math.floor(-reach / scale) + 1;
  const n = 2 - 2 * first;
  const places = new Int32Array(n);
  const weights = new Float64Array(n);
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const distance = (first + k - ratio) * scale;
    const w = r.mode === 'linear' ? Math.max(0, 1 - Math.abs(distance)) : cubic(distance, r.cubicA);
    const place = base + first + k;
    weights[k] = r.excludeOutside && (place < 0 || place >= p.input) ? 0 : w;
    places[k] = Math.min(Math.max(place, 0), p.input - 1);
    sum += weights[k];
  }
  if (r.excludeOutside || r.antialias) for (let k = 0; k < n; k++) weights[k] /= sum;
  return { places, weights };
}

function nearest(at: number, mode: string): number {
  switch (mode) {
    case 'round_prefer_floor':
      return Math.ceil(at - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(at + 0.5);
    case 'floor':
      return Math.floor(at);
    case 'ceil':
      return Math.ceil(at);
    default:
      throw badInput(`an unknown nearest_mode: ${mode}`);
  }
}

/** Resizes one axis: [outer, input, inner] to [outer, output, inner]. */
function resizeAxis(
  site: Site,
  x: Float64Array,
  outer: number,
  inner: number,
  p: AxisPlan,
  r: Rules,
  outside: number,
): Float64Array {
  site.budget.allocate(outer * p.output * inner, 8);
  const out = new Float64Array(outer * p.output * inner);
  for (let o = 0; o < p.output; o++) {
    const taps = tapsOf(o, p, r);
    for (let a = 0; a < outer; a++) {
      const to = (a * p.output + o) * inner;
      if (!taps) {
        out.fill(outside, to, to + inner);
        continue;
      }
      for (let k = 0; k < taps.places.length; k++) {
        const w = taps.weights[k];
        const from = (a * p.input + taps.places[k]) * inner;
        for (let i = 0; i < inner; i++) out[to + i] += w * x[from + i];
      }
    }
  }
  return out;
}

function resize(site: Site, x: Tensor, plans: ReadonlyMap<number, AxisPlan>, r: Rules, outside: number): Tensor {
  if (isBig(x.dtype) || x.dtype === 'string' || x.dtype === 'object') throw unsupported(`${x.dtype} input`);
  let data: Float64Array = Float64Array.from(x.data as Numbers & TypedArray);
  const shape = [...x.shape];
  // An axis that stays as it is costs nothing.
  for (const [axis, p] of plans) {
    const still = p.input === p.output && p.scale === 1 && r.coordinates !== 'tf_crop_and_resize';
    if (still) continue;
    if (p.input === 0) throw badInput('nothing to resize');
    const { outer, inner } = around(shape, axis);
    data = resizeAxis(site, data, outer, inner, p, r, outside);
    shape[axis] = p.output;
  }
  if (!isFloat(x.dtype) && r.mode !== 'nearest') data = data.map((v) => Math.trunc(v));
  return convert(x.dtype, shape, data);
}

const resizeOperator: Operator = (site) => {
  const old = site.opset < 11;
  const rules: Rules = {
    mode: text(site, 'mode', 'nearest').replace('bilinear', 'linear'),
    coordinates: old ? 'asymmetric' : text(site, 'coordinate_transformation_mode', 'half_pixel'),
    nearest: old ? 'floor' : text(site, 'nearest_mode', 'round_prefer_floor'),
    cubicA: float(site, 'cubic_coeff_a', -0.75),
    excludeOutside: int(site, 'exclude_outside', 0) !== 0,
    antialias: int(site, 'antialias', 0) !== 0,
  };
  const outside = float(site, 'extrapolation_value', 0);
  return (inputs) => {
    const x = dense(inputs, 0);
    const axes = (list(site, 'axes') ?? x.shape.map((_, i) => i)).map((a) => axisOf(a, x.shape.length));
    return resize(site, x, plansOf(site, inputs, x, axes, old), rules, outside);
  };
};

function plansOf(site: Site, inputs: Inputs, x: Tensor, axes: readonly number[], old: boolean): Map<number, AxisPlan> {
  const given = old ? optional(inputs, 1) : optional(inputs, 2);
  const scales =
    given && given.data.length > 0 ? Array.from(given.data as ArrayLike<number>, Number) : list(site, 'scales');
  const sizes = optional(inputs, 3);
  const roi = old ? undefined : optional(inputs, 1);
  let factors: number[];
  let lengths: number[];
  if (sizes && sizes.data.length > 0) {
    const wanted = integers(sizes);
    if (wanted.length !== axes.length) throw badInput(`${wanted.length} sizes for ${axes.length} axes`);
    factors = wanted.map((s, i) => s / x.shape[axes[i]]);
    lengths = wanted;
    const policy = text(site, 'keep_aspect_ratio_policy', 'stretch');
    if (policy !== 'stretch') {
      const one = policy === 'not_larger' ? Math.min(...factors) : Math.max(...factors);
      factors = factors.map(() => one);
      lengths = axes.map((a) => Math.floor(one * x.shape[a] + 0.5));
    }
  } else {
    if (scales?.length !== axes.length) throw badInput(`${scales?.length ?? 0} scales for ${axes.length} axes`);
    factors = [...scales];
    lengths = axes.map((a, i) => Math.floor(x.shape[a] * factors[i]));
  }
  if (factors.some((f) => !(f > 0))) throw badInput(`scales [${factors.join(', ')}]`);
  return new Map(
    axes.map((a, i) => [
      a,
      {
        input: x.shape[a],
        output: lengths[i],
        scale: factors[i],
        roi: [Number(roi?.data[i] ?? 0), Number(roi?.data[axes.length + i] ?? 1)],
      },
    ]),
  );
}

const gridSample: Operator = (site) => {
  const mode = text(site, 'mode', 'linear').replace('bilinear', 'linear').replace('bicubic', 'cubic');
  const padding = text(site, 'padding_mode', 'zeros');
  const align = int(site, 'align_corners', 0) !== 0;
  if (!['nearest', 'linear', 'cubic'].includes(mode) || !['zeros', 'border', 'reflection'].includes(padding))
    throw badInput(`GridSample in mode ${mode}, padding ${padding}`);
  return (inputs) => {
    const x = dense(inputs, 0);
    const grid = dense(inputs, 1);
    if (isBig(x.dtype) || x.dtype === 'string' || x.dtype === 'object') throw unsupported(`${x.dtype} input`);
    const source = x.data as Numbers & TypedArray;
    const coordinates = grid.data as Numbers & TypedArray;
    const dims = x.shape.slice(2);
    const rank = dims.length;
    const [n, c] = x.shape;
    if (grid.shape[0] !== n || grid.shape[grid.shape.length - 1] !== rank)
      throw badInput(`a grid of [${grid.shape.join(', ')}]`);
    const points = grid.shape.slice(1, -1).reduce((a, d) => a * d, 1);
    const size = dims.reduce((a, d) => a * d, 1);
    const out = new Float64Array(n * c * points);
    const low = align ? 0 : -0.5;
    const taps: { place: number[]; weight: number[] }[] = dims.map(() => ({ place: [], weight: [] }));
    for (let b = 0; b < n; b++)
      for (let p = 0; p < points; p++) {
        site.budget.step();
        for (let d = 0; d < rank; d++) {
          // Grids name the last dimension first.
          const g = coordinates[(b * points + p) * rank + (rank - 1 - d)];
          const high = dims[d] - 1 - low;
          const raw = align ? ((g + 1) / 2) * (dims[d] - 1) : ((g + 1) * dims[d] - 1) / 2;
          taps[d] = tapsAt(mode === 'nearest' ? toEven(raw) : raw, dims[d], low, high, mode, padding);
        }
        for (let ch = 0; ch < c; ch++)
          out[(b * c + ch) * points + p] = combined(source, (b * c + ch) * size, dims, taps);
      }
    return convert(x.dtype, [n, c, ...grid.shape.slice(1, -1)], out);
  };
};

function reflected(x: number, low: number, high: number): number {
  const range = high - low;
  if (range <= 0) return low;
  const distance = x < low ? low - x : x - high;
  if (x >= low && x <= high) return x;
  const n = Math.trunc(distance / range);
  const rest = distance - n * range;
  const fromLow = x < low === (n % 2 === 0);
  return fromLow ? low + rest : high - rest;
}

function tapsAt(
  raw: number,
  size: number,
  low: number,
  high: number,
  mode: string,
  padding: string,
): { place: number[]; weight: number[] } {
  let x = raw;
  if (x < low || x > high) {
    if (padding === 'border') x = Math.min(Math.max(x, 0), size - 1);
    else if (padding === 'reflection') x = reflected(x, low, high);
  }
  if (Number.isNaN(x)) return { place: [-1], weight: [0] };
  const base = Math.floor(x);
  const f = x - base;
  const offsets = mode === 'nearest' ? [0] : mode === 'linear' ? [0, 1] : [-1, 0, 1, 2];
  const weight = mode === 'nearest' ? [1] : mode === 'linear' ? [1 - f, f] : offsets.map((o) => cubic(o - f, -0.75));
  const place = offsets.map((o) => {
    const i = (mode === 'nearest' ? Math.trunc(x) : base) + o;
    if (padding === 'border') return Math.min(Math.max(i, 0), size - 1);
    if (padding === 'reflection') return Math.min(Math.max(Math.trunc(reflected(i, low, high)), 0), size - 1);
    return i >= 0 && i < size ? i : -1;
  });
  return { place, weight };
}

/** The sum over all combinations of taps; places of -1 count as zero. */
function combined(
  a: Numbers,
  from: number,
  dims: readonly number[],
  taps: readonly { place: number[]; weight: number[] }[],
): number {
  let points: { at: number; weight: number }[] = [{ at: 0, weight: 1 }];
  for (let d = 0; d < dims.length; d++) {
    const next: { at: number; weight: number }[] = [];
    for (const p of points)
      for (let k = 0; k < taps[d].place.length; k++)
        if (taps[d].place[k] >= 0)
          next.push({ at: p.at * dims[d] + taps[d].place[k], weight: p.weight * taps[d].weight[k] });
    points = next;
  }
  let sum = 0;
  for (const p of points) sum += p.weight * a[from + p.at];
  return sum;
}

const affineGrid: Operator = (site) => {
  const align = int(site, 'align_corners', 0) !== 0;
  return (inputs) => {
    const theta = dense(inputs, 0);
    const [n, , ...dims] = integers(dense(inputs, 1));
    const rank = dims.length;
    const t = theta.data as Numbers & TypedArray;
    if (theta.data.length !== n * rank * (rank + 1))
      throw badInput(`theta [${theta.shape.join(', ')}] for ${rank} dimensions`);
    const points = dims.reduce((a, d) => a * d, 1);
    site.budget.allocate(n * points * rank, 8);
    const out = new Float64Array(n * points * rank);
    const coordinate = (i: number, d: number): number =>
      align ? (d === 1 ? -1 : -1 + (2 * i) / (d - 1)) : -1 + (2 * i + 1) / d;
    for (let p = 0; p < points; p++) {
      const at: number[] = [];
      let rest = p;
      // The last dimension comes first: x, y, z.
      for (let d = rank - 1; d >= 0; d--) {
        at.push(coordinate(rest % dims[d], dims[d]));
        rest = Math.floor(rest / dims[d]);
      }
      at.push(1);
      for (let b = 0; b < n; b++)
        for (let r = 0; r < rank; r++) {
          let sum = 0;
          for (let k = 0; k <= rank; k++) sum += t[(b * rank + r) * (rank + 1) + k] * at[k];
          out[(b * points + p) * rank + r] = sum;
        }
    }
    return convert(theta.dtype, [n, ...dims, rank], out);
  };
};

/** Upsample, which Resize replaced: nearest or linear, without offsets. */
const upsample: Operator = (site) => {
  const rules: Rules = {
    mode: text(site, 'mode', 'nearest').replace('bilinear', 'linear'),
    coordinates: 'asymmetric',
    nearest: 'floor',
    cubicA: -0.75,
    excludeOutside: false,
    antialias: false,
  };
  return (inputs) => {
    const x = dense(inputs, 0);
    return resize(
      site,
      x,
      plansOf(
        site,
        inputs,
        x,
        x.shape.map((_, i) => i),
        true,
      ),
      rules,
      0,
    );
  };
};

export const imageOperators = {
  Resize: resizeOperator,
  Upsample: upsample,
  GridSample: gridSample,
  AffineGrid: affineGrid,
} satisfies OperatorTable;
