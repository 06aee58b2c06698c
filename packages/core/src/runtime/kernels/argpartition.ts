/**
 * The k smallest of many by numpy's algorithm (`argpartition`, then `argsort` of what it found), which decides among
 * equal values (numpy/core/src/npysort/selection.c.src). NaN is above everything.
 */

const below = (a: number, b: number): boolean => a < b || (b !== b && a === a);

/** The positions of the `k` smallest of values[at … at + count - 1], smallest first. */
export function argSmallest(values: Float64Array, at: number, count: number, k: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const size = Math.min(k, count);
  if (size > 0) select(values, at, order, size - 1);
  // numpy sorts up to sixteen by insertion, which keeps the order of equal ones.
  return order.subarray(0, size).sort((a, b) => {
    const x = values[at + a];
    const y = values[at + b];
    return below(x, y) ? -1 : below(y, x) ? 1 : 0;
  });
}

/** Introselect: puts the one of rank `kth` in its place, smaller ones before it. */
function select(values: Float64Array, at: number, order: Int32Array, kth: number): void {
  const value = (i: number): number => values[at + order[i]];
  const swap = (i: number, j: number): void => {
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  };
  const last = order.length - 1;
  if (kth < 3) {
    for (let i = 0; i <= kth; i++) {
      let least = i;
      for (let j = i + 1; j <= last; j++) if (below(value(j), value(least))) least = j;
      swap(i, least);
    }
    return;
  }
  if (kth === last) {
    let most = 0;
    for (let j = 1; j <= last; j++) if (!below(value(j), value(most))) most = j;
    swap(last, most);
    return;
  }
  let low = 0;
  let high = last;
  while (low + 1 < high) {
    const middle = low + ((high - low) >> 1);
    if (below(value(high), value(middle))) swap(high, middle);
    if (below(value(high), value(low))) swap(high, low);
    if (below(value(low), value(middle))) swap(low, middle);
    swap(middle, low + 1);
    const pivot = value(low);
    let left = low + 1;
    let right = high;
    for (;;) {
      do left++;
      while (below(value(left), pivot));
      do right--;
      while (below(pivot, value(right)));
      if (right < left) break;
      swap(left, right);
    }
    swap(low, right);
    if (right >= kth) high = right - 1;
    if (right <= kth) low = left;
  }
  if (high === low + 1 && below(value(high), value(low))) swap(high, low);
}
