import { isBig, type Tensor, type TypedArray } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import {
  badInput,
  dense,
  float,
  int,
  integers,
  list,
  make,
  optional,
  text,
  unsupported,
  type Numbers,
} from '../common.js';
import { convert } from '../reduce.js';
import { geometryOf, spatialShape, volume, type Geometry } from './window.js';

function source(x: Tensor): Numbers {
  if (isBig(x.dtype) || x.dtype === 'string' || x.dtype === 'object' || x.shape.length < 3)
    throw unsupported(`a pool over ${x.dtype} [${x.shape.join(', ')}]`);
  return x.data as Numbers & TypedArray;
}

/** What a window does with its elements: `each` sees those inside the input, `finish` gives the result. */
interface Pool {
  begin(): void;
  each(v: number, place: number): void;
  finish(): number;
}

/** The first place of window `at` along dimension d that lies in the input. */
function first(g: Geometry, d: 0 | 1 | 2, at: number): number {
  const start = at * g.stride[d] - g.before[d];
  return start >= 0 ? start : start + Math.ceil(-start / g.dilation[d]) * g.dilation[d];
}

/** Behind the last place of that window, at most the input's size. */
function last(g: Geometry, d: 0 | 1 | 2, at: number, size: number): number {
  return Math.min(size, at * g.stride[d] - g.before[d] + g.kernel[d] * g.dilation[d]);
}

/** How many places of that window lie in the padded input. */
function within(g: Geometry, d: 0 | 1 | 2, at: number): number {
  const start = at * g.stride[d] - g.before[d];
  return Math.max(0, Math.min(g.kernel[d], Math.ceil((g.input[d] + g.after[d] - start) / g.dilation[d])));
}

function pooled(site: Site, x: Tensor, g: Geometry, pool: Pool, settle?: (o: number, plane: number) => void): Tensor {
  const data = source(x);
  const [n, c] = x.shape;
  const shape = [n, c, ...spatialShape(g.output, g.rank)];
  site.budget.allocate(n * c * volume(g.output), 8);
  const out = new Float64Array(n * c * volume(g.output));
  const [D, H, W] = g.input;
  let o = 0;
  for (let plane = 0; plane < n * c; plane++) {
    const base = plane * D * H * W;
    for (let z = 0; z < g.output[0]; z++)
      for (let y = 0; y < g.output[1]; y++) {
        site.budget.step();
        const [zTo, yTo] = [last(g, 0, z, D), last(g, 1, y, H)];
        for (let px = 0; px < g.output[2]; px++, o++) {
          pool.begin();
          const [xFrom, xTo] = [first(g, 2, px), last(g, 2, px, W)];
          for (let iz = first(g, 0, z); iz < zTo; iz += g.dilation[0])
            for (let iy = first(g, 1, y); iy < yTo; iy += g.dilation[1])
              for (let ix = xFrom; ix < xTo; ix += g.dilation[2]) {
                const place = (iz * H + iy) * W + ix;
                pool.each(data[base + place], place);
              }
          out[o] = pool.finish();
          settle?.(o, plane);
        }
      }
  }
  return convert(x.dtype, shape, out);
}

/**
 * Sums or maxima of all windows, a row of results at a time: much faster than window by window. Windows that lie in
 * the padding alone are 0 or -∞.
 */
function rowwise(site: Site, x: Tensor, g: Geometry, highest: boolean): Float64Array {
  const data = source(x);
  const planes = x.shape[0] * x.shape[1];
  const [D, H, W] = g.input;
  const [od, oh, ow] = g.output;
  site.budget.allocate(planes * volume(g.output), 8);
  const out = new Float64Array(planes * volume(g.output)).fill(highest ? -Infinity : 0);
  const [step, dilation] = [g.stride[2], g.dilation[2]];
  for (let plane = 0, o = 0; plane < planes; plane++)
    for (let z = 0; z < od; z++)
      for (let y = 0; y < oh; y++, o += ow) {
        site.budget.step();
        const [zTo, yTo] = [last(g, 0, z, D), last(g, 1, y, H)];
        for (let iz = first(g, 0, z); iz < zTo; iz += g.dilation[0])
          for (let iy = first(g, 1, y); iy < yTo; iy += g.dilation[1]) {
            const row = ((plane * D + iz) * H + iy) * W;
            // Only kernel places that some window of the row has inside the input.
            const from = Math.max(0, Math.ceil((g.before[2] - (ow - 1) * step) / dilation));
            const to = Math.min(g.kernel[2], Math.ceil((W + g.before[2]) / dilation));
            for (let kx = from; kx < to; kx++) {
              const shift = kx * dilation - g.before[2];
              const least = Math.max(0, Math.ceil(-shift / step));
              const most = Math.min(ow, Math.ceil((W - shift) / step));
              let at = row + least * step + shift;
              if (highest) largest(data, at, step, out, o + least, o + most);
              else for (let p = o + least; p < o + most; p++, at += step) out[p] += data[at];
            }
          }
      }
  return out;
}

/** out[p] = max(out[p], data[at]); NaN wins. */
function largest(data: Numbers, at: number, step: number, out: Float64Array, from: number, to: number): void {
  for (let p = from; p < to; p++, at += step) {
    const v = data[at];
    if (v > out[p] || v !== v) out[p] = v;
  }
}

function outputShape(x: Tensor, g: Geometry): number[] {
  return [x.shape[0], x.shape[1], ...spatialShape(g.output, g.rank)];
}

function geometry(site: Site, x: Tensor): Geometry {
  source(x);
  const kernel = list(site, 'kernel_shape');
  if (!kernel) throw badInput('no kernel_shape');
  return geometryOf(site, x.shape.slice(2), kernel);
}

const maxPool: Operator = (site) => {
  const columnMajor = int(site, 'storage_order', 0) !== 0;
  return (inputs) => {
    const x = dense(inputs, 0);
    const g = geometry(site, x);
    let best = -Infinity;
    let place = -1;
    const pool: Pool = {
      begin: () => {
        best = -Infinity;
        place = -1;
      },
      each: (v, at) => {
        if (v > best || v !== v || place < 0) {
          best = v;
          place = at;
        }
      },
      finish: () => best,
    };
    if (site.node.outputs.length < 2) return convert(x.dtype, outputShape(x, g), rowwise(site, x, g, true));
    const size = volume(g.input);
    const places = make(site, 'int64', [x.shape[0] * x.shape[1] * volume(g.output)]) as BigInt64Array;
    const [D, H, W] = g.input;
    const y = pooled(site, x, g, pool, (o, plane) => {
      const [iz, iy, ix] = [Math.floor(place / (H * W)), Math.floor(place / W) % H, place % W];
      places[o] = BigInt(plane * size + (columnMajor ? (ix * H + iy) * D + iz : place));
    });
    return [y, { dtype: 'int64', shape: y.shape, data: places }];
  };
};

const averagePool: Operator = (site) => {
  const withPads = int(site, 'count_include_pad', 0) !== 0;
  return (inputs) => {
    const x = dense(inputs, 0);
    const g = geometry(site, x);
    const out = rowwise(site, x, g, false);
    // How many places each window has, along each dimension.
    const inside = (d: 0 | 1 | 2, at: number): number =>
      Math.max(0, Math.ceil((last(g, d, at, g.input[d]) - first(g, d, at)) / g.dilation[d]));
    const counts = ([0, 1, 2] as const).map((d) =>
      Float64Array.from({ length: g.output[d] }, (_, at) => (withPads ? within(g, d, at) : inside(d, at))),
    );
    let o = 0;
    while (o < out.length)
      for (const cz of counts[0]) for (const cy of counts[1]) for (const cx of counts[2]) out[o++] /= cz * cy * cx;
    return convert(x.dtype, outputShape(x, g), out);
  };
};

const lpPool: Operator = (site) => {
  const p = int(site, 'p', 2);
  return (inputs) => {
    const x = dense(inputs, 0);
    let sum = 0;
    return pooled(site, x, geometry(site, x), {
      begin: () => {
        sum = 0;
      },
      each: (v) => {
        sum += Math.abs(v) ** p;
      },
      finish: () => sum ** (1 / p),
    });
  };
};

function globalPool(finish: (values: Numbers, from: number, n: number, site: Site) => number): Operator {
  return (site) => (inputs) => {
    const x = dense(inputs, 0);
    const data = source(x);
    const [n, c] = x.shape;
    const size = x.data.length / Math.max(1, n * c);
    const out = Float64Array.from({ length: n * c }, (_, i) => finish(data, i * size, size, site));
    return convert(x.dtype, [n, c, ...x.shape.slice(2).map(() => 1)], out);
  };
}

const mean = (a: Numbers, from: number, n: number): number => {
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += a[i];
  return sum / n;
};

const maxUnpool: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const places = dense(inputs, 1);
  const given = optional(inputs, 2);
  const kernel = list(site, 'kernel_shape') ?? [];
  const strides = list(site, 'strides') ?? kernel.map(() => 1);
  const pads = list(site, 'pads') ?? [...kernel, ...kernel].map(() => 0);
  const natural = x.shape.slice(2).map((d, i) => (d - 1) * strides[i] + kernel[i] - pads[i] - pads[kernel.length + i]);
  const own = [...x.shape.slice(0, 2), ...natural];
  const shape = given ? integers(given) : own;
  const data = make(site, x.dtype, shape) as Numbers & TypedArray;
  const values = source(x);
  const size = natural.reduce((a, d) => a * d, 1);
  for (let i = 0; i < values.length; i++) {
    const place = Number(places.data[i]);
    // Places are counted in the natural shape; a larger one keeps each element's row and column.
    let rest = place % size;
    let at = 0;
    let step = 1;
    for (let d = natural.length - 1; d >= 0; d--) {
      at += (rest % natural[d]) * step;
      rest = Math.floor(rest / natural[d]);
      step *= shape[2 + d];
    }
    at += Math.floor(place / size) * step;
    if (!(at >= 0 && at < data.length)) throw badInput(`place ${place} in [${shape.join(', ')}]`);
    data[at] = values[i];
  }
  return { dtype: x.dtype, shape, data };
};

/** One bin of a region: where its samples lie, in the pixels of the feature map. */
const roiAlign: Operator = (site) => {
  const highest = text(site, 'mode', 'avg') === 'max';
  const [ph, pw] = [int(site, 'output_height', 1), int(site, 'output_width', 1)];
  const ratio = int(site, 'sampling_ratio', 0);
  const scale = float(site, 'spatial_scale', 1);
  const halfPixel = site.opset >= 16 && text(site, 'coordinate_transformation_mode', 'half_pixel') === 'half_pixel';
  return (inputs) => {
    const x = dense(inputs, 0);
    const rois = dense(inputs, 1);
    const batch = integers(dense(inputs, 2));
    const data = source(x);
    const [n, c, H, W] = x.shape as [number, number, number, number];
    const count = rois.shape[0];
    if (batch.length !== count || batch.some((b) => !(b >= 0 && b < n))) throw badInput('regions of unknown images');
    const out = new Float64Array(count * c * ph * pw);
    let o = 0;
    for (let r = 0; r < count; r++) {
      const at = (k: number): number => Number(rois.data[4 * r + k]) * scale - (halfPixel ? 0.5 : 0);
      const [x0, y0] = [at(0), at(1)];
      let [w, h] = [at(2) - x0, at(3) - y0];
      if (!halfPixel) [w, h] = [Math.max(w, 1), Math.max(h, 1)];
      const [binH, binW] = [h / ph, w / pw];
      const [gridH, gridW] = [ratio > 0 ? ratio : Math.ceil(binH), ratio > 0 ? ratio : Math.ceil(binW)];
      site.budget.allocate(gridH * gridW, 8);
      for (let ch = 0; ch < c; ch++) {
        const plane = (batch[r] * c + ch) * H * W;
        for (let i = 0; i < ph; i++)
          for (let j = 0; j < pw; j++, o++) {
            site.budget.step();
            let sum = highest ? -Infinity : 0;
            for (let iy = 0; iy < gridH; iy++)
              for (let ix = 0; ix < gridW; ix++) {
                const y = y0 + i * binH + ((iy + 0.5) * binH) / gridH;
                const px = x0 + j * binW + ((ix + 0.5) * binW) / gridW;
                const parts = corners(data, plane, H, W, y, px);
                sum = highest ? Math.max(sum, ...parts) : sum + parts[0] + parts[1] + parts[2] + parts[3];
              }
            out[o] = highest ? (gridH * gridW === 0 ? 0 : sum) : sum / Math.max(1, gridH * gridW);
          }
      }
    }
    return convert(x.dtype, [count, c, ph, pw], out);
  };
};

/** The four weighted neighbours of a point; nothing beyond one pixel outside. */
function corners(
  data: Numbers,
  plane: number,
  H: number,
  W: number,
  y: number,
  x: number,
): [number, number, number, number] {
  if (y < -1 || y > H || x < -1 || x > W) return [0, 0, 0, 0];
  const [cy, cx] = [Math.max(y, 0), Math.max(x, 0)];
  const [y0, x0] = [Math.min(Math.floor(cy), H - 1), Math.min(Math.floor(cx), W - 1)];
  const [y1, x1] = [Math.min(y0 + 1, H - 1), Math.min(x0 + 1, W - 1)];
  const [dy, dx] = [y0 >= H - 1 ? 0 : cy - y0, x0 >= W - 1 ? 0 : cx - x0];
  const v = (r: number, q: number): number => data[plane + r * W + q];
  return [(1 - dy) * (1 - dx) * v(y0, x0), (1 - dy) * dx * v(y0, x1), dy * (1 - dx) * v(y1, x0), dy * dx * v(y1, x1)];
}

export const poolOperators = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  LpPool: lpPool,
  GlobalAveragePool: globalPool(mean),
  GlobalMaxPool: globalPool((a, from, n) => {
    let best = -Infinity;
    for (let i = from; i < from + n; i++) best = Math.max(best, a[i]);
    return best;
  }),
  GlobalLpPool: globalPool((a, from, n, site) => {
    const p = int(site, 'p', 2);
    let sum = 0;
    for (let i = from; i < from + n; i++) sum += Math.abs(a[i]) ** p;
    return sum ** (1 / p);
  }),
  MaxUnpool: maxUnpool,
  RoiAlign: roiAlign,
} satisfies OperatorTable;
