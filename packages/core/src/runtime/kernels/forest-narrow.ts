/**
 * Walks over 8-byte nodes. Positions count int32s: the left child of k is k + 2, the right one k + d, and at a leaf
 * d = 0 with a comparison that always fails, so every row may step until the last one of its group has arrived. A step
 * has no branch: `k += x <= t ? 2 : d`, as arithmetic on the comparison's bit. Four rows at a time hide the loads'
 * latency; the exit test comes once in two levels.
 */
import { NAN_KEY } from './float-order.js';

const DELTA = 0xfffffe;

/**
 * The leaf number of rows 0 … rows - 1 in one tree. Row r has its keys at `r * stride`, NaN's key in place 0.
 * Rows are taken by four: keys and leaf must have room for the next multiple.
 */
export function narrowBatch(
  words: Int32Array,
  root: number,
  keys: Int32Array,
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
      let w0 = words[k0 + 1];
      let w1 = words[k1 + 1];
      let w2 = words[k2 + 1];
      let w3 = words[k3 + 1];
      let d0 = w0 & DELTA;
      let d1 = w1 & DELTA;
      let d2 = w2 & DELTA;
      let d3 = w3 & DELTA;
      k0 += d0 ^ ((d0 ^ 2) & -+(keys[b0 + (w0 >>> 24)] <= words[k0]));
      k1 += d1 ^ ((d1 ^ 2) & -+(keys[b1 + (w1 >>> 24)] <= words[k1]));
      k2 += d2 ^ ((d2 ^ 2) & -+(keys[b2 + (w2 >>> 24)] <= words[k2]));
      k3 += d3 ^ ((d3 ^ 2) & -+(keys[b3 + (w3 >>> 24)] <= words[k3]));
      w0 = words[k0 + 1];
      w1 = words[k1 + 1];
      w2 = words[k2 + 1];
      w3 = words[k3 + 1];
      d0 = w0 & DELTA;
      d1 = w1 & DELTA;
      d2 = w2 & DELTA;
      d3 = w3 & DELTA;
      if ((d0 | d1 | d2 | d3) === 0) break;
      k0 += d0 ^ ((d0 ^ 2) & -+(keys[b0 + (w0 >>> 24)] <= words[k0]));
      k1 += d1 ^ ((d1 ^ 2) & -+(keys[b1 + (w1 >>> 24)] <= words[k1]));
      k2 += d2 ^ ((d2 ^ 2) & -+(keys[b2 + (w2 >>> 24)] <= words[k2]));
      k3 += d3 ^ ((d3 ^ 2) & -+(keys[b3 + (w3 >>> 24)] <= words[k3]));
    }
    leaf[r] = words[k0];
    leaf[r + 1] = words[k1];
    leaf[r + 2] = words[k2];
    leaf[r + 3] = words[k3];
  }
}

/** The same where a row has NaN and a node may send it left: 1 in the word's lowest bit. */
export function narrowBatchMissing(
  words: Int32Array,
  root: number,
  keys: Int32Array,
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
      const w0 = words[k0 + 1];
      const w1 = words[k1 + 1];
      const w2 = words[k2 + 1];
      const w3 = words[k3 + 1];
      const d0 = w0 & DELTA;
      const d1 = w1 & DELTA;
      const d2 = w2 & DELTA;
      const d3 = w3 & DELTA;
      if ((d0 | d1 | d2 | d3) === 0) break;
      const x0 = keys[b0 + (w0 >>> 24)];
      const x1 = keys[b1 + (w1 >>> 24)];
      const x2 = keys[b2 + (w2 >>> 24)];
      const x3 = keys[b3 + (w3 >>> 24)];
      k0 += d0 ^ ((d0 ^ 2) & -(Number(x0 <= words[k0]) | (Number(x0 === NAN_KEY) & w0)));
      k1 += d1 ^ ((d1 ^ 2) & -(Number(x1 <= words[k1]) | (Number(x1 === NAN_KEY) & w1)));
      k2 += d2 ^ ((d2 ^ 2) & -(Number(x2 <= words[k2]) | (Number(x2 === NAN_KEY) & w2)));
      k3 += d3 ^ ((d3 ^ 2) & -(Number(x3 <= words[k3]) | (Number(x3 === NAN_KEY) & w3)));
    }
    leaf[r] = words[k0];
    leaf[r + 1] = words[k1];
    leaf[r + 2] = words[k2];
    leaf[r + 3] = words[k3];
  }
}

/** One row without NaN through trees `from` … `to` - 1, four trees at a time; leaf[t] is the leaf number in tree t. */
export function narrowRow(
  words: Int32Array,
  roots: Int32Array,
  from: number,
  to: number,
  keys: Int32Array,
  leaf: Int32Array,
): void {
  let t = from;
  for (; t + 3 < to; t += 4) {
    let k0 = roots[t];
    let k1 = roots[t + 1];
    let k2 = roots[t + 2];
    let k3 = roots[t + 3];
    for (;;) {
      let w0 = words[k0 + 1];
      let w1 = words[k1 + 1];
      let w2 = words[k2 + 1];
      let w3 = words[k3 + 1];
      let d0 = w0 & DELTA;
      let d1 = w1 & DELTA;
      let d2 = w2 & DELTA;
      let d3 = w3 & DELTA;
      k0 += d0 ^ ((d0 ^ 2) & -+(keys[w0 >>> 24] <= words[k0]));
      k1 += d1 ^ ((d1 ^ 2) & -+(keys[w1 >>> 24] <= words[k1]));
      k2 += d2 ^ ((d2 ^ 2) & -+(keys[w2 >>> 24] <= words[k2]));
      k3 += d3 ^ ((d3 ^ 2) & -+(keys[w3 >>> 24] <= words[k3]));
      w0 = words[k0 + 1];
      w1 = words[k1 + 1];
      w2 = words[k2 + 1];
      w3 = words[k3 + 1];
      d0 = w0 & DELTA;
      d1 = w1 & DELTA;
      d2 = w2 & DELTA;
      d3 = w3 & DELTA;
      if ((d0 | d1 | d2 | d3) === 0) break;
      k0 += d0 ^ ((d0 ^ 2) & -+(keys[w0 >>> 24] <= words[k0]));
      k1 += d1 ^ ((d1 ^ 2) & -+(keys[w1 >>> 24] <= words[k1]));
      k2 += d2 ^ ((d2 ^ 2) & -+(keys[w2 >>> 24] <= words[k2]));
      k3 += d3 ^ ((d3 ^ 2) & -+(keys[w3 >>> 24] <= words[k3]));
    }
    leaf[t] = words[k0];
    leaf[t + 1] = words[k1];
    leaf[t + 2] = words[k2];
    leaf[t + 3] = words[k3];
  }
  for (; t < to; t++) {
    let k = roots[t];
    for (let w = words[k + 1]; (w & DELTA) !== 0; w = words[k + 1]) k += keys[w >>> 24] <= words[k] ? 2 : w & DELTA;
    leaf[t] = words[k];
  }
}

/** Whether the row with these keys goes left at position k. */
export function narrowGoesLeft(words: Int32Array, k: number, keys: Int32Array, row: number): boolean {
  const w = words[k + 1];
  const x = keys[row + (w >>> 24)];
  return x <= words[k] || (x === NAN_KEY && (w & 1) === 1);
}
