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

/** √2 · erf⁻¹(2x - 1) in Winitzki's approximation, which is what ONNX runtimes answer. */
function probit(x: number): number {
  const y = 2 * x - 1;
  const log = Math.log((1 - y) * (1 + y));
  const v = 2 / (Math.PI * 0.147) + 0.5 * log;
  return Math.SQRT2 * Math.sign(y) * Math.sqrt(Math.sqrt(v * v - log / 0.147) - v);
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
 * Two scores from the one that a binary classifier computes: `complement` gives [1 - s, s], else [-s, s], both
 * with the transform where there is one.
 */
export function secondClass(s: number, complement: boolean, transform: PostTransform, out: Float64Array): void {
  if (transform === 'PROBIT') {
    out[0] = s;
    transformScores(out.subarray(0, 1), transform);
    return;
  }
  if (complement) {
    out[0] = 1 - s;
    out[1] = s;
  } else if (transform === 'LOGISTIC') {
    out[0] = logistic(-s);
    out[1] = logistic(s);
  } else {
    out[0] = -s;
    out[1] = s;
  }
}
