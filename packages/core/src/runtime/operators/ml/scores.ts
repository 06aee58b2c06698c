import { BrineError } from '../../../errors.js';
import { softmaxLine } from '../softmax.js';

export type PostTransform = 'NONE' | 'LOGISTIC' | 'SOFTMAX' | 'SOFTMAX_ZERO' | 'PROBIT';

const names: readonly PostTransform[] = ['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO', 'PROBIT'];

/** The transform that an attribute names; TreeEnsemble version 5 numbers them. */
export function postTransform(given: unknown): PostTransform {
  const found = typeof given === 'number' ? names[given] : names.find((name) => name === (given ?? 'NONE'));
  if (!found) throw new BrineError('CORRUPT', `an unknown post_transform: ${JSON.stringify(given)}`);
  return found;
}

export function logistic(x: number): number {
  const v = 1 / (1 + Math.exp(-Math.abs(x)));
  return x < 0 ? 1 - v : v;
}

/**
 * √2 · erf⁻¹(2x - 1) in Winitzki's approximation and in single precision, both of which show: it is what ONNX
 * runtimes answer.
 */
function probit(p: number): number {
  const f = Math.fround;
  const y = f(f(2 * p) - 1);
  const log = f(Math.log(f(f(1 - y) * f(1 + y))));
  const a = f(0.147);
  const v = f(f(2 / f(f(3.14159) * a)) + f(0.5 * log));
  const root = f(f(Math.sqrt(f(f(v * v) - f(f(1 / a) * log)))) - v);
  return f(f(1.41421356) * f((y < 0 ? -1 : 1) * f(Math.sqrt(root))));
}

/** Softmax that leaves what is zero alone, since exp(0) is not. */
function softmaxZero(line: Float64Array): void {
  const top = line.reduce((a, v) => Math.max(a, v), -Infinity);
  let sum = 0;
  for (let i = 0; i < line.length; i++) {
    const v = line[i];
    if (Math.abs(v) > 1e-7) {
      line[i] = Math.exp(v - top);
      sum += line[i];
    } else line[i] = v * Math.exp(-top);
  }
  for (let i = 0; i < line.length; i++) line[i] /= sum;
}

/** Transforms the scores of one row, in place. */
export function transformScores(line: Float64Array, transform: PostTransform): void {
  switch (transform) {
    case 'LOGISTIC':
      for (let i = 0; i < line.length; i++) line[i] = logistic(line[i]);
      return;
    case 'SOFTMAX':
      softmaxLine(line, line.length);
      return;
    case 'SOFTMAX_ZERO':
      softmaxZero(line);
      return;
    case 'PROBIT':
      for (let i = 0; i < line.length; i++) line[i] = probit(line[i]);
      return;
    case 'NONE':
  }
}

/**
 * Two scores from the one that a binary classifier computes: both logistic where that is the transform, else
 * [1 - s, s] (`complement`) or [-s, s].
 */
export function secondClass(s: number, complement: boolean, transform: PostTransform, out: Float64Array): void {
  if (transform === 'PROBIT') {
    out[0] = s;
    transformScores(out.subarray(0, 1), transform);
    return;
  }
  if (transform === 'LOGISTIC') {
    out[0] = logistic(-s);
    out[1] = logistic(s);
  } else if (complement) {
    out[0] = 1 - s;
    out[1] = s;
  } else {
    out[0] = -s;
    out[1] = s;
  }
}
