import { isFloat, type Tensor, type TypedArray } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import {
  axisOf,
  badInput,
  dense,
  float,
  int,
  list,
  optional,
  unsupported,
  type Inputs,
  type Numbers,
} from '../common.js';
import { around } from '../gather.js';
import { broadcast, eachRow } from '../broadcast.js';
import { convert } from '../reduce.js';
import { alongAxis } from '../softmax.js';
import { transposed, reshaped } from '../shape.js';

function floats(inputs: Inputs, i: number): Numbers {
  const x = dense(inputs, i);
  if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
  return x.data as Numbers & TypedArray;
}

/** scale[c] · x + shift[c] over channels, which are axis 1. */
function perChannel(
  x: Tensor,
  scale: (n: number, c: number) => number,
  shift: (n: number, c: number) => number,
): Tensor {
  const source = x.data as Numbers & TypedArray;
  const [n, c] = [x.shape[0] ?? 1, x.shape[1] ?? 1];
  const size = source.length / Math.max(1, n * c);
  const out = new Float64Array(source.length);
  for (let b = 0; b < n; b++)
    for (let ch = 0; ch < c; ch++) {
      const [s, t] = [scale(b, ch), shift(b, ch)];
      const from = (b * c + ch) * size;
      for (let i = from; i < from + size; i++) out[i] = source[i] * s + t;
    }
  return convert(x.dtype, x.shape, out);
}

const batchNormalization: Operator = (site) => {
  const epsilon = float(site, 'epsilon', 1e-5);
  const momentum = float(site, 'momentum', 0.9);
  const training = int(site, 'training_mode', 0) !== 0;
  return (inputs) => {
    const x = dense(inputs, 0);
    floats(inputs, 0);
    const [scale, bias] = [floats(inputs, 1), floats(inputs, 2)];
    let [mean, variance] = [floats(inputs, 3), floats(inputs, 4)];
    const c = x.shape[1] ?? 1;
    if ([scale, bias, mean, variance].some((v) => v.length !== c)) throw badInput(`statistics for ${c} channels`);
    const running: Tensor[] = [];
    if (training) {
      const own = channelMoments(x);
      const mixed = (old: Numbers, now: Float64Array): Float64Array =>
        now.map((v, i) => old[i] * momentum + v * (1 - momentum));
      running.push(convert(dense(inputs, 3).dtype, [c], mixed(mean, own.mean)));
      running.push(convert(dense(inputs, 4).dtype, [c], mixed(variance, own.variance)));
      [mean, variance] = [own.mean, own.variance];
    }
    const factor = Float64Array.from({ length: c }, (_, i) => scale[i] / Math.sqrt(variance[i] + epsilon));
    const y = perChannel(
      x,
      (_, ch) => factor[ch],
      (_, ch) => bias[ch] - mean[ch] * factor[ch],
    );
    return [y, ...running];
  };
};

function channelMoments(x: Tensor): { mean: Float64Array; variance: Float64Array } {
  const source = x.data as Numbers & TypedArray;
  const c = x.shape[1];
  const { outer, inner } = around(x.shape, 1);
  const mean = new Float64Array(c);
  const variance = new Float64Array(c);
  const each = (f: (ch: number, v: number) => void): void => {
    for (let b = 0; b < outer; b++)
      for (let ch = 0; ch < c; ch++)
        for (let i = (b * c + ch) * inner; i < (b * c + ch + 1) * inner; i++) f(ch, source[i]);
  };
  const n = outer * inner;
  each((ch, v) => (mean[ch] += v / n));
  each((ch, v) => (variance[ch] += (v - mean[ch]) ** 2 / n));
  return { mean, variance };
}

/** Mean and 1 / √(variance + ε) of `count` stretches of `size` neighbours. */
function moments(source: Numbers, count: number, size: number, epsilon: number, centred = true) {
  const mean = new Float64Array(count);
  const inverse = new Float64Array(count);
  for (let r = 0; r < count; r++) {
    let sum = 0;
    if (centred) for (let i = r * size; i < (r + 1) * size; i++) sum += source[i];
    mean[r] = sum / size;
    let squares = 0;
    for (let i = r * size; i < (r + 1) * size; i++) squares += (source[i] - mean[r]) ** 2;
    inverse[r] = 1 / Math.sqrt(squares / size + epsilon);
  }
  return { mean, inverse };
}

const instanceNormalization: Operator = (site) => {
  const epsilon = float(site, 'epsilon', 1e-5);
  return (inputs) => {
    const x = dense(inputs, 0);
    const [scale, bias] = [floats(inputs, 1), floats(inputs, 2)];
    const [n, c] = x.shape;
    const { mean, inverse } = moments(floats(inputs, 0), n * c, x.data.length / Math.max(1, n * c), epsilon);
    return perChannel(
      x,
      (b, ch) => scale[ch] * inverse[b * c + ch],
      (b, ch) => bias[ch] - mean[b * c + ch] * scale[ch] * inverse[b * c + ch],
    );
  };
};

const groupNormalization: Operator = (site) => {
  const epsilon = float(site, 'epsilon', 1e-5);
  const groups = int(site, 'num_groups', 1);
  return (inputs) => {
    const x = dense(inputs, 0);
    const [scale, bias] = [floats(inputs, 1), floats(inputs, 2)];
    const [n, c] = x.shape;
    if (c % groups !== 0) throw badInput(`${c} channels in ${groups} groups`);
    const each = c / groups;
    const { mean, inverse } = moments(floats(inputs, 0), n * groups, x.data.length / Math.max(1, n * groups), epsilon);
    // Up to opset 20 there was one scale per group.
    const place = (ch: number): number => (scale.length === c ? ch : Math.floor(ch / each));
    const row = (b: number, ch: number): number => b * groups + Math.floor(ch / each);
    return perChannel(
      x,
      (b, ch) => scale[place(ch)] * inverse[row(b, ch)],
      (b, ch) => bias[place(ch)] - mean[row(b, ch)] * scale[place(ch)] * inverse[row(b, ch)],
    );
  };
};

/** y · scale + bias with the operands broadcast to y. */
function scaled(y: Float64Array, shape: readonly number[], scale: Tensor, bias: Tensor | undefined): void {
  const apply = (t: Tensor, f: (v: number, by: number) => number): void => {
    const plan = broadcast([shape, t.shape]);
    if (plan.size !== y.length) throw badInput(`[${t.shape.join(', ')}] for [${shape.join(', ')}]`);
    const last = plan.sizes.length - 1;
    const by = t.data as Numbers & TypedArray;
    eachRow(plan, (o, starts) => {
      for (let k = 0, j = starts[1]; k < plan.sizes[last]; k++, j += plan.steps[1][last]) y[o + k] = f(y[o + k], by[j]);
    });
  };
  apply(scale, (v, by) => v * by);
  if (bias) apply(bias, (v, by) => v + by);
}

function layerNormalization(centred: boolean): Operator {
  return (site) => {
    const epsilon = float(site, 'epsilon', 1e-5);
    return (inputs) => {
      const x = dense(inputs, 0);
      const source = floats(inputs, 0);
      const axis = axisOf(int(site, 'axis', -1), x.shape.length);
      const size = x.shape.slice(axis).reduce((a, d) => a * d, 1);
      const count = size === 0 ? 0 : source.length / size;
      const { mean, inverse } = moments(source, count, size, epsilon, centred);
      const y = new Float64Array(source.length);
      for (let r = 0; r < count; r++)
        for (let i = r * size; i < (r + 1) * size; i++) y[i] = (source[i] - mean[r]) * inverse[r];
      scaled(y, x.shape, dense(inputs, 1), centred ? optional(inputs, 2) : undefined);
      const kept = x.shape.map((d, i) => (i < axis ? d : 1));
      const stash = x.dtype === 'float64' ? 'float64' : 'float32';
      const out = [convert(x.dtype, x.shape, y)];
      return centred ? [...out, convert(stash, kept, mean), convert(stash, kept, inverse)] : out;
    };
  };
}

const lrn: Operator = (site) => {
  const [alpha, beta, bias] = [float(site, 'alpha', 1e-4), float(site, 'beta', 0.75), float(site, 'bias', 1)];
  const size = int(site, 'size', 1);
  return (inputs) => {
    const x = dense(inputs, 0);
    const source = floats(inputs, 0);
    const c = x.shape[1];
    const { outer, inner } = around(x.shape, 1);
    const out = new Float64Array(source.length);
    for (let b = 0; b < outer; b++)
      for (let ch = 0; ch < c; ch++) {
        const from = Math.max(0, ch - Math.floor((size - 1) / 2));
        const to = Math.min(c - 1, ch + Math.ceil((size - 1) / 2));
        for (let i = 0; i < inner; i++) {
          let sum = 0;
          for (let k = from; k <= to; k++) sum += source[(b * c + k) * inner + i] ** 2;
          const at = (b * c + ch) * inner + i;
          out[at] = source[at] / (bias + (alpha / size) * sum) ** beta;
        }
      }
    return convert(x.dtype, x.shape, out);
  };
};

const meanVariance: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  floats(inputs, 0);
  const axes = (list(site, 'axes') ?? [0, 2, 3]).map((a) => axisOf(a, x.shape.length));
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...kept, ...axes];
  const turned = transposed(site, x, order);
  const size = axes.reduce((a, i) => a * x.shape[i], 1);
  const y = alongAxis(
    site,
    reshaped(turned, [turned.data.length]),
    size === 0 ? 0 : x.data.length / size,
    size,
    1,
    (line, n) => {
      const { mean, inverse } = moments(line, 1, n, 0);
      for (let i = 0; i < n; i++) line[i] = (line[i] - mean[0]) / (1 / inverse[0] + 1e-9);
    },
  );
  const back = order.map((_, i) => order.indexOf(i));
  return transposed(site, reshaped(y, turned.shape), back);
};

const lpNormalization: Operator = (site) => {
  const p = int(site, 'p', 2);
  return (inputs) => {
    const x = dense(inputs, 0);
    const axis = axisOf(int(site, 'axis', -1), x.shape.length);
    const { outer, inner } = around(x.shape, axis);
    return alongAxis(site, x, outer, x.shape[axis], inner, (line, n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += p === 1 ? Math.abs(line[i]) : line[i] ** 2;
      const norm = p === 1 ? sum : Math.sqrt(sum);
      for (let i = 0; i < n; i++) line[i] = norm === 0 ? 0 : line[i] / norm;
    });
  };
};

/** The slope is broadcast to x from the right. */
const pRelu: Operator = (site: Site) => (inputs) => {
  const x = dense(inputs, 0);
  const slope = dense(inputs, 1);
  const plan = broadcast([x.shape, slope.shape]);
  if (plan.size !== x.data.length) throw badInput(`a slope of [${slope.shape.join(', ')}] for [${x.shape.join(', ')}]`);
  const [a, b] = [floats(inputs, 0), floats(inputs, 1)];
  site.budget.allocate(a.length, 8);
  const out = new Float64Array(a.length);
  const last = plan.sizes.length - 1;
  eachRow(plan, (o, starts) => {
    for (let k = 0, j = starts[1]; k < plan.sizes[last]; k++, j += plan.steps[1][last])
      out[o + k] = a[o + k] < 0 ? a[o + k] * b[j] : a[o + k];
  });
  return convert(x.dtype, x.shape, out);
};

export const normaliseOperators = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization(true),
  RMSNormalization: layerNormalization(false),
  LRN: lrn,
  MeanVarianceNormalization: meanVariance,
  LpNormalization: lpNormalization,
  PRelu: pRelu,
} satisfies OperatorTable;
