import { isFloat, type Tensor } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { badInput, dense, int, integers, list, make, optional, text, unsupported, type Numbers } from '../common.js';
import type { Floats } from '../../kernels/gemm.js';
import { multiply } from '../matmul.js';
import { roundTo } from '../narrow.js';
import { convert } from '../reduce.js';
import { fromColumns, isPointwise, toColumns } from './columns.js';
import { geometryOf, spatialShape, triple, volume, type Geometry } from './window.js';

/** x [n, c, …] ∗ w [m, c / groups, …] + bias, in double precision where `out` is; zero points taken off before. */
export function convolve(
  site: Site,
  x: { data: Floats; shape: readonly number[] },
  w: { data: Floats; shape: readonly number[] },
  bias: Numbers | undefined,
  out: (shape: readonly number[]) => Floats,
): { data: Floats; shape: readonly number[] } {
  const [n, channels] = x.shape;
  const [m, perGroup] = w.shape;
  const groups = int(site, 'group', 1);
  if (x.shape.length < 3 || w.shape.length !== x.shape.length || perGroup * groups !== channels || m % groups !== 0)
    throw badInput(`weights [${w.shape.join(', ')}] in ${groups} groups over [${x.shape.join(', ')}]`);
  const kernel = list(site, 'kernel_shape') ?? w.shape.slice(2);
  if (kernel.some((k, i) => k !== w.shape[2 + i])) throw badInput('kernel_shape differs from the weights');
  const g = geometryOf(site, x.shape.slice(2), kernel);
  const shape = [n, m, ...spatialShape(g.output, g.rank)];
  const data = out(shape);
  const pixels = volume(g.output);
  const inputs = volume(g.input);
  const k = perGroup * volume(g.kernel);
  const point = isPointwise(g);
  site.budget.allocate(k * pixels, 8);
  const columns = point ? undefined : columnsFor(x.data, k * pixels);
  for (let b = 0; b < n; b++)
    for (let group = 0; group < groups; group++) {
      const from = (b * channels + group * perGroup) * inputs;
      if (columns) toColumns(x.data, from, perGroup, g, columns);
      const product = { m: m / groups, k, n: pixels, transB: false };
      const to = (b * m + (group * m) / groups) * pixels;
      multiply(product, w.data, ((group * m) / groups) * k, columns ?? x.data, columns ? 0 : from, data, to);
      if (bias)
        for (let c = 0; c < m / groups; c++) {
          const v = bias[(group * m) / groups + c];
          for (let i = to + c * pixels; i < to + (c + 1) * pixels; i++) data[i] += v;
        }
    }
  return { data, shape };
}

function columnsFor(x: Floats, size: number): Floats {
  return x instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
}

function floatData(x: Tensor): Floats {
  if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
  return x.data as Floats;
}

const conv: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const w = dense(inputs, 1);
  const bias = optional(inputs, 2);
  const { data, shape } = convolve(
    site,
    { data: floatData(x), shape: x.shape },
    { data: floatData(w), shape: w.shape },
    bias && floatData(bias),
    (s) => make(site, x.dtype, s) as Floats,
  );
  roundTo(x.dtype, data);
  return { dtype: x.dtype, shape, data };
};

/** Geometry of a transposed convolution: seen from its output, it is the convolution that undoes it. */
function transposedGeometry(site: Site, spatial: readonly number[], kernelShape: readonly number[]): Geometry {
  const rank = spatial.length;
  const ones = new Array<number>(rank).fill(1);
  const strides = list(site, 'strides') ?? ones;
  const dilations = list(site, 'dilations') ?? ones;
  const extra = list(site, 'output_padding') ?? ones.map(() => 0);
  const auto = text(site, 'auto_pad', 'NOTSET');
  const wanted = list(site, 'output_shape');
  const full = spatial.map((d, i) => strides[i] * (d - 1) + extra[i] + (kernelShape[i] - 1) * dilations[i] + 1);
  const pads = list(site, 'pads') ?? new Array<number>(2 * rank).fill(0);
  const before = [...pads.slice(0, rank)];
  const after = [...pads.slice(rank)];
  let output = full.map((d, i) => d - before[i] - after[i]);
  if (wanted || auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
    output = wanted ? wanted.slice(-rank) : spatial.map((d, i) => d * strides[i]);
    full.forEach((d, i) => {
      const total = Math.max(0, d - output[i]);
      before[i] = auto === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
      if (auto === 'NOTSET') before[i] = Math.floor(total / 2);
      after[i] = total - before[i];
    });
  }
  if (output.some((d) => !(d >= 0))) throw badInput(`an output of [${output.join(', ')}]`);
  return {
    input: triple(output, 1),
    output: triple(spatial, 1),
    kernel: triple(kernelShape, 1),
    stride: triple(strides, 1),
    dilation: triple(dilations, 1),
    before: triple(before, 0),
    after: triple(after, 0),
    rank,
  };
}

const convTranspose: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const w = dense(inputs, 1);
  const bias = optional(inputs, 2);
  const groups = int(site, 'group', 1);
  const [n, channels] = x.shape;
  const perGroup = w.shape[1];
  if (w.shape[0] !== channels || channels % groups !== 0 || w.shape.length !== x.shape.length)
    throw badInput(`weights [${w.shape.join(', ')}] in ${groups} groups over [${x.shape.join(', ')}]`);
  const g = transposedGeometry(site, x.shape.slice(2), list(site, 'kernel_shape') ?? w.shape.slice(2));
  const m = perGroup * groups;
  const shape = [n, m, ...spatialShape(g.input, g.rank)];
  site.budget.allocate(
    shape.reduce((a, d) => a * d, 1),
    8,
  );
  const out = new Float64Array(shape.reduce((a, d) => a * d, 1));
  const [pixels, area] = [volume(g.output), volume(g.input)];
  const rows = perGroup * volume(g.kernel);
  const k = channels / groups;
  site.budget.allocate(rows * pixels, 8);
  const columns = new Float64Array(rows * pixels);
  const [source, weights] = [floatData(x), floatData(w)];
  const turned = new Float64Array(rows * k);
  for (let b = 0; b < n; b++)
    for (let group = 0; group < groups; group++) {
      // wᵀ [rows, k] · x [k, pixels]
      for (let c = 0; c < k; c++)
        for (let r = 0; r < rows; r++) turned[r * k + c] = weights[(group * k + c) * rows + r];
      multiply(
        { m: rows, k, n: pixels, transB: false },
        turned,
        0,
        source,
        (b * channels + group * k) * pixels,
        columns,
        0,
      );
      fromColumns(columns, perGroup, g, out, (b * m + group * perGroup) * area);
    }
  if (bias) {
    const v = floatData(bias);
    for (let i = 0; i < out.length; i++) out[i] += v[Math.floor(i / area) % m];
  }
  return convert(x.dtype, shape, out);
};

const col2Im: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const image = integers(dense(inputs, 1));
  const block = integers(dense(inputs, 2));
  const g = geometryOf(site, image, block);
  const [n, rows, pixels] = x.shape;
  const channels = rows / volume(g.kernel);
  if (!Number.isInteger(channels) || pixels !== volume(g.output))
    throw badInput(`columns [${x.shape.join(', ')}] for an image [${image.join(', ')}]`);
  const out = new Float64Array(n * channels * volume(g.input));
  const source = floatData(x);
  for (let b = 0; b < n; b++) {
    const part = Float64Array.from({ length: rows * pixels }, (_, i) => source[b * rows * pixels + i]);
    fromColumns(part, channels, g, out, b * channels * volume(g.input));
  }
  return convert(x.dtype, [n, channels, ...image], out);
};

/** A depthwise convolution over time that looks back only, with the last positions carried from call to call. */
const causalConv: Operator = (site) => {
  const activation = text(site, 'activation', 'none');
  if (!['none', 'silu', 'swish'].includes(activation)) throw badInput(`an unknown activation: ${activation}`);
  return (inputs) => {
    const x = dense(inputs, 0);
    const w = floatData(dense(inputs, 1));
    const bias = optional(inputs, 2);
    const past = optional(inputs, 3);
    const [n, channels, length] = x.shape;
    const k = dense(inputs, 1).shape[2];
    const source = floatData(x);
    const whole = k - 1 + length;
    const state = new Float64Array(n * channels * (k - 1));
    const out = new Float64Array(x.data.length);
    const line = new Float64Array(whole);
    if (past && past.data.length !== state.length) throw badInput(`a past state of [${past.shape.join(', ')}]`);
    for (let row = 0; row < n * channels; row++) {
      const c = row % channels;
      for (let i = 0; i < k - 1; i++) line[i] = past ? Number(past.data[row * (k - 1) + i]) : 0;
      for (let i = 0; i < length; i++) line[k - 1 + i] = source[row * length + i];
      for (let t = 0; t < length; t++) {
        let sum = bias ? Number(bias.data[c]) : 0;
        for (let i = 0; i < k; i++) sum += w[c * k + i] * line[t + i];
        out[row * length + t] = activation === 'none' ? sum : sum / (1 + Math.exp(-sum));
      }
      state.set(line.subarray(whole - (k - 1)), row * (k - 1));
    }
    return [convert(x.dtype, x.shape, out), convert(x.dtype, [n, channels, k - 1], state)];
  };
};

/** Convolution whose sampling points move by learned offsets (and weigh by a mask); bilinear between pixels. */
const deformConv: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const w = dense(inputs, 1);
  const offsets = dense(inputs, 2);
  const bias = optional(inputs, 3);
  const mask = optional(inputs, 4);
  if (x.shape.length !== 4) throw unsupported(`DeformConv of ${x.shape.length} dimensions`);
  const groups = int(site, 'group', 1);
  const offsetGroups = int(site, 'offset_group', 1);
  const g = geometryOf(site, x.shape.slice(2), list(site, 'kernel_shape') ?? w.shape.slice(2));
  const [n, channels, H, W] = x.shape as [number, number, number, number];
  const [m, perGroup, kh, kw] = w.shape as [number, number, number, number];
  const [, oh, ow] = g.output;
  const [source, weights, moves] = [floatData(x), floatData(w), floatData(offsets)];
  const pixels = oh * ow;
  if (perGroup * groups !== channels || offsets.data.length !== n * offsetGroups * kh * kw * 2 * pixels)
    throw badInput(`offsets [${offsets.shape.join(', ')}] for [${x.shape.join(', ')}]`);
  const at = (plane: number, y: number, px: number): number =>
    y >= 0 && y < H && px >= 0 && px < W ? source[plane + y * W + px] : 0;
  const sample = (plane: number, y: number, px: number): number => {
    if (y <= -1 || y >= H || px <= -1 || px >= W) return 0;
    const [y0, x0] = [Math.floor(y), Math.floor(px)];
    const [dy, dx] = [y - y0, px - x0];
    const top = at(plane, y0, x0) * (1 - dx) + at(plane, y0, x0 + 1) * dx;
    const bottom = at(plane, y0 + 1, x0) * (1 - dx) + at(plane, y0 + 1, x0 + 1) * dx;
    return top * (1 - dy) + bottom * dy;
  };
  const out = new Float64Array(n * m * pixels);
  const taps = kh * kw;
  for (let b = 0; b < n; b++)
    for (let c = 0; c < channels; c++) {
      const og = Math.floor(c / (channels / offsetGroups));
      const group = Math.floor(c / perGroup);
      for (let t = 0; t < taps; t++) {
        site.budget.step();
        const base = ((b * offsetGroups + og) * taps + t) * 2 * pixels;
        for (let p = 0; p < pixels; p++) {
          const y =
            Math.floor(p / ow) * g.stride[1] - g.before[1] + Math.floor(t / kw) * g.dilation[1] + moves[base + p];
          const px = (p % ow) * g.stride[2] - g.before[2] + (t % kw) * g.dilation[2] + moves[base + pixels + p];
          const weight = mask ? Number(mask.data[((b * offsetGroups + og) * taps + t) * pixels + p]) : 1;
          const v = sample((b * channels + c) * H * W, y, px) * weight;
          for (let f = (group * m) / groups; f < ((group + 1) * m) / groups; f++)
            out[(b * m + f) * pixels + p] += v * weights[(f * perGroup + (c % perGroup)) * taps + t];
        }
      }
    }
  if (bias) for (let i = 0; i < out.length; i++) out[i] += Number(bias.data[Math.floor(i / pixels) % m]);
  return convert(x.dtype, [n, m, oh, ow], out);
};

export const convOperators = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Col2Im: col2Im,
  CausalConvWithState: causalConv,
  DeformConv: deformConv,
} satisfies OperatorTable;
