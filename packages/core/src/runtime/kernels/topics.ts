import type { Budget } from '../operator.js';

/**
 * Topics of documents: the E step of variational Bayes, to the library's own tolerance and with its own digamma.
 * Source: sklearn/decomposition/_online_lda_fast.pyx; Bernardo, Algorithm AS 103 (1976).
 */
const EULER = 0.577215664901532860606512090082402431;
const EPSILON = 2 ** -52;

function psi(argument: number): number {
  if (argument <= 1e-6) return -EULER - 1 / argument;
  let x = argument;
  let out = 0;
  for (; x < 6; x++) out -= 1 / x;
  let r = 1 / x;
  out += Math.log(x) - 0.5 * r;
  r *= r;
  return out - r * (1 / 12 - r * (1 / 120 - r * (1 / 252)));
}

export interface TopicOptions {
  readonly words: Float64Array;
  readonly topics: number;
  readonly prior: number;
  readonly turns: number;
  readonly tolerance: number;
}

/** The distribution of one row of counts over topics, not normalised. */
export function topicsOf(row: Float64Array, options: TopicOptions, budget: Budget): Float64Array {
  const { words, topics, prior, turns, tolerance } = options;
  const p = row.length;
  const ids: number[] = [];
  for (let c = 0; c < p; c++) if (row[c] !== 0) ids.push(c);
  let document = new Float64Array(topics).fill(1);
  const weight = new Float64Array(topics).fill(Math.exp(psi(1) - psi(topics)));
  for (let turn = 0; turn < turns; turn++) {
    budget.step();
    const next = new Float64Array(topics);
    for (const c of ids) {
      let norm = 0;
      for (let t = 0; t < topics; t++) norm += weight[t] * words[t * p + c];
      const ratio = row[c] / (norm + EPSILON);
      for (let t = 0; t < topics; t++) next[t] += ratio * words[t * p + c];
    }
    let total = 0;
    for (let t = 0; t < topics; t++) {
      next[t] = weight[t] * next[t] + prior;
      total += next[t];
    }
    const all = psi(total);
    let change = 0;
    for (let t = 0; t < topics; t++) {
      weight[t] = Math.exp(psi(next[t]) - all);
      change += Math.abs(document[t] - next[t]);
    }
    document = next;
    if (change / topics < tolerance) break;
  }
  return document;
}
