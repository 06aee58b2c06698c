import { isFloat, type Tensor, type TypedArray, type Value } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import {
  badInput,
  dense,
  float,
  int,
  integers,
  optional,
  text,
  unsupported,
  type Inputs,
  type Numbers,
} from '../common.js';
import { convert } from '../reduce.js';
import { alongAxis, logSoftmaxLine } from '../softmax.js';

/** Weighted negative log likelihoods of [n, c, …] log probabilities, reduced as `reduction` says. */
function likelihoods(site: Site, x: Tensor, target: Tensor, weight: Tensor | undefined): Tensor {
  const reduction = text(site, 'reduction', 'mean');
  const ignored = site.attributes['ignore_index'] === undefined ? undefined : int(site, 'ignore_index', 0);
  const source = x.data as Numbers & TypedArray;
  const [n, c] = x.shape;
  const inner = x.shape.slice(2).reduce((a, d) => a * d, 1);
  const classes = integers(target);
  if (classes.length !== n * inner) throw badInput(`targets [${target.shape.join(', ')}] for [${x.shape.join(', ')}]`);
  const out = new Float64Array(classes.length);
  let total = 0;
  let weights = 0;
  classes.forEach((k, i) => {
    if (k === ignored) return;
    if (!(k >= 0 && k < c)) throw badInput(`class ${k} of ${c}`);
    const w = weight ? Number(weight.data[k]) : 1;
    out[i] = -source[(Math.floor(i / inner) * c + k) * inner + (i % inner)] * w;
    total += out[i];
    weights += w;
  });
  if (reduction === 'none') return convert(x.dtype, target.shape, out);
  return convert(x.dtype, [], Float64Array.of(reduction === 'sum' ? total : total / weights));
}

function floatInput(inputs: Inputs, i: number): Tensor {
  const x = dense(inputs, i);
  if (!isFloat(x.dtype) || x.shape.length < 2) throw unsupported(`${x.dtype} [${x.shape.join(', ')}]`);
  return x;
}

const negativeLogLikelihood: Operator = (site) => (inputs) =>
  likelihoods(site, floatInput(inputs, 0), dense(inputs, 1), optional(inputs, 2));

const softmaxCrossEntropy: Operator = (site) => (inputs) => {
  const x = floatInput(inputs, 0);
  const inner = x.shape.slice(2).reduce((a, d) => a * d, 1);
  const logs = alongAxis(site, x, x.shape[0], x.shape[1], inner, logSoftmaxLine);
  return [likelihoods(site, logs, dense(inputs, 1), optional(inputs, 2)), logs];
};

/** An optimiser's step over each of several tensors: R, T, the tensors, their gradients, their states. */
function optimiser(
  states: number,
  step: (site: Site, rate: number, turn: number, x: Float64Array, g: Float64Array, s: Float64Array[]) => void,
): Operator {
  return (site) => (inputs) => {
    const rate = Number(dense(inputs, 0).data[0]);
    const turn = Number(dense(inputs, 1).data[0]);
    const count = (inputs.length - 2) / (2 + states);
    if (!Number.isInteger(count)) throw badInput(`${inputs.length} inputs of an optimiser`);
    const out: Value[][] = Array.from({ length: 1 + states }, () => []);
    for (let k = 0; k < count; k++) {
      const part = (group: number): Tensor => floatAny(inputs, 2 + group * count + k);
      const values = (t: Tensor): Float64Array => Float64Array.from(t.data as Numbers & TypedArray);
      const x = part(0);
      const data = values(x);
      const held = Array.from({ length: states }, (_, i) => values(part(2 + i)));
      step(site, rate, turn, data, values(part(1)), held);
      out[0].push(convert(x.dtype, x.shape, data));
      held.forEach((h, i) => out[1 + i].push(convert(x.dtype, x.shape, h)));
    }
    return out.flat();
  };
}

function floatAny(inputs: Inputs, i: number): Tensor {
  const x = dense(inputs, i);
  if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
  return x;
}

const adagrad = optimiser(1, (site, rate, turn, x, g, [h]) => {
  const r = rate / (1 + turn * float(site, 'decay_factor', 0));
  const norm = float(site, 'norm_coefficient', 0);
  const epsilon = float(site, 'epsilon', 0);
  for (let i = 0; i < x.length; i++) {
    const gradient = norm * x[i] + g[i];
    h[i] += gradient * gradient;
    x[i] -= (r * gradient) / (Math.sqrt(h[i]) + epsilon);
  }
});

const adam = optimiser(2, (site, rate, turn, x, g, [v, h]) => {
  const [alpha, beta] = [float(site, 'alpha', 0.9), float(site, 'beta', 0.999)];
  const norm = float(site, 'norm_coefficient', 0);
  const after = float(site, 'norm_coefficient_post', 0);
  const epsilon = float(site, 'epsilon', 0);
  const r = turn > 0 ? (rate * Math.sqrt(1 - beta ** turn)) / (1 - alpha ** turn) : rate;
  for (let i = 0; i < x.length; i++) {
    const gradient = norm * x[i] + g[i];
    v[i] = alpha * v[i] + (1 - alpha) * gradient;
    h[i] = beta * h[i] + (1 - beta) * gradient * gradient;
    x[i] = (1 - after) * (x[i] - (r * v[i]) / (Math.sqrt(h[i]) + epsilon));
  }
});

const momentum = optimiser(1, (site, rate, turn, x, g, [v]) => {
  const alpha = float(site, 'alpha', 0);
  const beta = turn > 0 ? float(site, 'beta', 0) : 1;
  const norm = float(site, 'norm_coefficient', 0);
  const nesterov = text(site, 'mode', 'standard') === 'nesterov';
  for (let i = 0; i < x.length; i++) {
    const gradient = norm * x[i] + g[i];
    v[i] = alpha * v[i] + beta * gradient;
    x[i] -= rate * (nesterov ? gradient + alpha * v[i] : v[i]);
  }
});

export const lossOperators = {
  NegativeLogLikelihoodLoss: negativeLogLikelihood,
  SoftmaxCrossEntropyLoss: softmaxCrossEntropy,
  'ai.onnx.preview.training:Adagrad': adagrad,
  'ai.onnx.preview.training:Adam': adam,
  'ai.onnx.preview.training:Momentum': momentum,
} satisfies OperatorTable;
