/**
 * Walks over 16-byte nodes: float64 thresholds, any number of columns, categories. Positions count float64s: the left
 * child of k is k + 2, the right one k + d; `words` views the same bytes, so a node's int32s begin at 2k. See
 * forest-narrow.ts for how a step works. `values` holds the rows' float64s.
 */
import { MISSING_LEFT, SLOT_MASK } from './forest-pack.js';

/** The leaf number of rows 0 … rows - 1 in one tree without categories, where no row has NaN or no node minds. */
export function wideBatch(
  words: Int32Array,
  floats: Float64Array,
  root: number,
  values: Float64Array,
  stride: number,
  rows: number,
  leaf: Int32Array,
): void {
  for (let r = 0; r < rows; r += 4) {
    const b0 = r * stride;
    const b1 = b0 + stride;
    const b2 = b1 + stride;
    const b3 = b2 + stride;
    let k0 = root;
    let k1 = root;
    let k2 = root;
    let k3 = root;
    for (;;) {
      const d0 = words[2 * k0 + 3];
      const d1 = words[2 * k1 + 3];
      const d2 = words[2 * k2 + 3];
      const d3 = words[2 * k3 + 3];
      if ((d0 | d1 | d2 | d3) === 0) break;
      k0 += d0 ^ ((d0 ^ 2) & -+(values[b0 + (words[2 * k0 + 2] & SLOT_MASK)] <= floats[k0]));
      k1 += d1 ^ ((d1 ^ 2) & -+(values[b1 + (words[2 * k1 + 2] & SLOT_MASK)] <= floats[k1]));
      k2 += d2 ^ ((d2 ^ 2) & -+(values[b2 + (words[2 * k2 + 2] & SLOT_MASK)] <= floats[k2]));
      k3 += d3 ^ ((d3 ^ 2) & -+(values[b3 + (words[2 * k3 + 2] & SLOT_MASK)] <= floats[k3]));
    }
    leaf[r] = words[2 * k0];
    leaf[r + 1] = words[2 * k1];
    leaf[r + 2] = words[2 * k2];
    leaf[r + 3] = words[2 * k3];
  }
}

/** The same where a row has NaN and a node may send it left. */
export function wideBatchMissing(
  words: Int32Array,
  floats: Float64Array,
  root: number,
  values: Float64Array,
  stride: number,
  rows: number,
  leaf: Int32Array,
): void {
  for (let r = 0; r < rows; r += 4) {
    const b0 = r * stride;
    const b1 = b0 + stride;
    const b2 = b1 + stride;
    const b3 = b2 + stride;
    let k0 = root;
    let k1 = root;
    let k2 = root;
    let k3 = root;
    for (;;) {
      const d0 = words[2 * k0 + 3];
      const d1 = words[2 * k1 + 3];
      const d2 = words[2 * k2 + 3];
      const d3 = words[2 * k3 + 3];
      if ((d0 | d1 | d2 | d3) === 0) break;
      const w0 = words[2 * k0 + 2];
      const w1 = words[2 * k1 + 2];
      const w2 = words[2 * k2 + 2];
      const w3 = words[2 * k3 + 2];
      const x0 = values[b0 + (w0 & SLOT_MASK)];
      const x1 = values[b1 + (w1 & SLOT_MASK)];
      const x2 = values[b2 + (w2 & SLOT_MASK)];
      const x3 = values[b3 + (w3 & SLOT_MASK)];
      k0 += d0 ^ ((d0 ^ 2) & -(Number(x0 <= floats[k0]) | (Number(x0 !== x0) & (w0 >> 30))));
      k1 += d1 ^ ((d1 ^ 2) & -(Number(x1 <= floats[k1]) | (Number(x1 !== x1) & (w1 >> 30))));
      k2 += d2 ^ ((d2 ^ 2) & -(Number(x2 <= floats[k2]) | (Number(x2 !== x2) & (w2 >> 30))));
      k3 += d3 ^ ((d3 ^ 2) & -(Number(x3 <= floats[k3]) | (Number(x3 !== x3) & (w3 >> 30))));
    }
    leaf[r] = words[2 * k0];
    leaf[r + 1] = words[2 * k1];
    leaf[r + 2] = words[2 * k2];
    leaf[r + 3] = words[2 * k3];
  }
}

/** One row without NaN or categories through trees `from` … `to` - 1; leaf[t] is the leaf number in tree t. */
export function wideRow(
  words: Int32Array,
  floats: Float64Array,
  roots: Int32Array,
  from: number,
  to: number,
  values: Float64Array,
  leaf: Int32Array,
): void {
  let t = from;
  for (; t + 3 < to; t += 4) {
    let k0 = roots[t];
    let k1 = roots[t + 1];
    let k2 = roots[t + 2];
    let k3 = roots[t + 3];
    for (;;) {
      const d0 = words[2 * k0 + 3];
      const d1 = words[2 * k1 + 3];
      const d2 = words[2 * k2 + 3];
      const d3 = words[2 * k3 + 3];
      if ((d0 | d1 | d2 | d3) === 0) break;
      k0 += d0 ^ ((d0 ^ 2) & -+(values[words[2 * k0 + 2] & SLOT_MASK] <= floats[k0]));
      k1 += d1 ^ ((d1 ^ 2) & -+(values[words[2 * k1 + 2] & SLOT_MASK] <= floats[k1]));
      k2 += d2 ^ ((d2 ^ 2) & -+(values[words[2 * k2 + 2] & SLOT_MASK] <= floats[k2]));
      k3 += d3 ^ ((d3 ^ 2) & -+(values[words[2 * k3 + 2] & SLOT_MASK] <= floats[k3]));
    }
    leaf[t] = words[2 * k0];
    leaf[t + 1] = words[2 * k1];
    leaf[t + 2] = words[2 * k2];
    leaf[t + 3] = words[2 * k3];
  }
  for (; t < to; t++) {
    let k = roots[t];
    for (let d = words[2 * k + 3]; d !== 0; d = words[2 * k + 3]) {
      k += values[words[2 * k + 2] & SLOT_MASK] <= floats[k] ? 2 : d;
    }
    leaf[t] = words[2 * k];
  }
}

/** Rows through one tree that may test categories or miss values, one by one. */
export function wideCategorical(
  words: Int32Array,
  floats: Float64Array,
  sets: Uint32Array,
  root: number,
  values: Float64Array,
  stride: number,
  rows: number,
  leaf: Int32Array,
): void {
  for (let r = 0; r < rows; r++) {
    let k = root;
    for (let d = words[2 * k + 3]; d !== 0; d = words[2 * k + 3]) {
      k += wideGoesLeft(words, floats, sets, k, values, r * stride) ? 2 : d;
    }
    leaf[r] = words[2 * k];
  }
}

/** Whether the row whose values begin at `row` goes left at position k. */
export function wideGoesLeft(
  words: Int32Array,
  floats: Float64Array,
  sets: Uint32Array,
  k: number,
  values: Float64Array,
  row: number,
): boolean {
  const w = words[2 * k + 2];
  const x = values[row + (w & SLOT_MASK)];
  const missingLeft = (w & MISSING_LEFT) !== 0;
  if (w >= 0) return x <= floats[k] || (x !== x && missingLeft);
  // A category: NaN if missing, c + 0.5 if it was not seen in training (the node's own set is asked first).
  if (x !== x) return missingLeft;
  const category = Math.floor(x);
  if (category >>> 5 < words[2 * k + 1] && ((sets[words[2 * k] + (category >>> 5)] >>> (category & 31)) & 1) === 1) {
    return true;
  }
  return x !== category && missingLeft;
}
