/** Class probabilities from pairs of classes, as libsvm has them (svm.cpp: `svm_predict_probability`). */

/** Pairs are never quite certain. */
const LEAST = 1e-7;

/** Platt's logistic function 1 / (1 + e^(a·s + b)), without overflow. */
function platt(score: number, a: number, b: number): number {
  const z = score * a + b;
  return z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z));
}

/**
 * Probabilities [n, classes] from the scores [n, pairs] of the pairs (0, 1), (0, 2), … and Platt's a and b of each.
 * Wu, Lin and Weng (2004), second approach, with libsvm's stopping rule.
 */
export function coupledProbabilities(
  scores: Float64Array,
  n: number,
  classes: number,
  a: Float64Array,
  b: Float64Array,
): Float64Array {
  const k = classes;
  const out = new Float64Array(n * k);
  const pairwise = new Float64Array(k * k);
  const q = new Float64Array(k * k);
  const qp = new Float64Array(k);
  const pairs = (k * (k - 1)) / 2;
  for (let row = 0; row < n; row++) {
    let pair = 0;
    for (let i = 0; i < k; i++)
      for (let j = i + 1; j < k; j++, pair++) {
        const p = Math.min(Math.max(platt(scores[row * pairs + pair], a[pair], b[pair]), LEAST), 1 - LEAST);
        pairwise[i * k + j] = p;
        pairwise[j * k + i] = 1 - p;
      }
    couple(k, pairwise, q, qp, out.subarray(row * k, (row + 1) * k));
  }
  return out;
}

function couple(k: number, r: Float64Array, q: Float64Array, qp: Float64Array, p: Float64Array): void {
  const tolerance = 0.005 / k;
  for (let t = 0; t < k; t++) {
    p[t] = 1 / k;
    q[t * k + t] = 0;
    for (let j = 0; j < t; j++) {
      q[t * k + t] += r[j * k + t] * r[j * k + t];
      q[t * k + j] = q[j * k + t]!;
    }
    for (let j = t + 1; j < k; j++) {
      q[t * k + t] += r[j * k + t] * r[j * k + t];
      q[t * k + j] = -r[j * k + t] * r[t * k + j];
    }
  }
  for (let turn = 0; turn < Math.max(100, k); turn++) {
    let pqp = 0;
    for (let t = 0; t < k; t++) {
      qp[t] = 0;
      for (let j = 0; j < k; j++) qp[t] += q[t * k + j] * p[j];
      pqp += p[t] * qp[t];
    }
    let worst = 0;
    for (let t = 0; t < k; t++) worst = Math.max(worst, Math.abs(qp[t] - pqp));
    if (worst < tolerance) return;
    for (let t = 0; t < k; t++) {
      const step = (-qp[t] + pqp) / q[t * k + t];
      p[t] += step;
      pqp = (pqp + step * (step * q[t * k + t] + 2 * qp[t])) / (1 + step) / (1 + step);
      for (let j = 0; j < k; j++) {
        qp[j] = (qp[j] + step * q[t * k + j]) / (1 + step);
        p[j] /= 1 + step;
      }
    }
  }
}
