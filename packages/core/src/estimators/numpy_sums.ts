/** Sums in the order in which numpy adds, where a comparison hangs on the last bit. */

const BLOCK = 128;

/** numpy's pairwise sum: eight running sums within blocks, halves beyond. Source: numpy loops_utils.h.src */
export function pairwiseSum(x: ArrayLike<number>, from = 0, to = x.length): number {
  const n = to - from;
  if (n < 8) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += x[i];
    return sum;
  }
  if (n <= BLOCK) {
    const r = new Float64Array(8);
    for (let j = 0; j < 8; j++) r[j] = x[from + j]!;
    let i = from + 8;
    for (; i < to - (n % 8); i += 8) for (let j = 0; j < 8; j++) r[j] += x[i + j];
    let sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
    for (; i < to; i++) sum += x[i];
    return sum;
  }
  const half = (n >> 1) - ((n >> 1) % 8);
  return pairwiseSum(x, from, from + half) + pairwiseSum(x, from + half, to);
}

export function mean(x: ArrayLike<number>): number {
  return pairwiseSum(x) / x.length;
}

/** numpy.median. */
export function median(x: ArrayLike<number>): number {
  const sorted = Float64Array.from(x).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
