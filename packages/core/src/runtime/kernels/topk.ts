/**
 * The k smallest of many, and sorting values with their indices. Heap and sorts are scikit-learn's own algorithms step
 * by step (sklearn/utils/_heap.pyx, _sorting.pyx): among equal distances they decide which index comes first.
 */

/**
 * Keeps (value, index) in the max-heap of `size` places at `at` if the value is below the largest kept; NaN never is.
 * An empty heap is filled with a value above all.
 */
export function heapPush(
  values: Float64Array,
  indices: Int32Array,
  at: number,
  size: number,
  value: number,
  index: number,
): void {
  if (!(value < values[at])) return;
  let current = 0;
  for (;;) {
    const left = 2 * current + 1;
    const right = left + 1;
    if (left >= size) break;
    const larger = right >= size || values[at + left] >= values[at + right] ? left : right;
    if (!(value < values[at + larger])) break;
    values[at + current] = values[at + larger];
    indices[at + current] = indices[at + larger];
    current = larger;
  }
  values[at + current] = value;
  indices[at + current] = index;
}

/**
 * How equal values are ordered: `introsort` is scikit-learn 1.9, `quicksort` every version before.
 */
export type SortOrder = 'introsort' | 'quicksort';

/** Sorts `count` values from `at` on, ascending, and their indices with them. */
export function sortPairs(
  values: Float64Array,
  indices: Int32Array,
  at: number,
  count: number,
  order: SortOrder = 'introsort',
): void {
  if (order === 'introsort') introsort(values, indices, at, count);
  else quicksort(values, indices, at, count);
}

function swap(values: Float64Array, indices: Int32Array, i: number, j: number): void {
  const value = values[i];
  values[i] = values[j];
  values[j] = value;
  const index = indices[i];
  indices[i] = indices[j];
  indices[j] = index;
}

/** Median of three: the smallest goes first, the middle one (the pivot) last, the largest into the middle. */
function placeMedian(values: Float64Array, indices: Int32Array, at: number, count: number): number {
  const last = at + count - 1;
  const middle = at + (count >> 1);
  if (values[at] > values[last]) swap(values, indices, at, last);
  if (values[last] > values[middle]) {
    swap(values, indices, last, middle);
    if (values[at] > values[last]) swap(values, indices, at, last);
  }
  return values[last];
}

/** introsort_2way of scikit-learn 1.9. The ranges that it recurses into wait on a stack; their order is no matter. */
function introsort(values: Float64Array, indices: Int32Array, at: number, count: number): void {
  const waiting = [at, count, count === 0 ? 0 : 2 * Math.floor(Math.log2(count))];
  while (waiting.length > 0) {
    let depth = waiting.pop()!;
    let n = waiting.pop()!;
    let from = waiting.pop()!;
    while (n > 15) {
      if (depth <= 0) {
        heapsort(values, indices, from, n);
        n = 0;
        break;
      }
      depth--;
      const pivot = placeMedian(values, indices, from, n);
      let i = from + 1;
      let j = from + n - 2;
      for (;;) {
        while (i <= j && values[i] < pivot) i++;
        while (i <= j && values[j] > pivot) j--;
        if (i >= j) break;
        swap(values, indices, i++, j--);
      }
      swap(values, indices, i, from + n - 1);
      waiting.push(from, i - from, depth);
      n -= i + 1 - from;
      from = i + 1;
    }
    insertionSort(values, indices, from, n);
  }
}

function insertionSort(values: Float64Array, indices: Int32Array, at: number, count: number): void {
  for (let i = at + 1; i < at + count; i++) {
    const value = values[i];
    const index = indices[i];
    let j = i;
    for (; j > at && values[j - 1] > value; j--) {
      values[j] = values[j - 1];
      indices[j] = indices[j - 1];
    }
    values[j] = value;
    indices[j] = index;
  }
}

function heapsort(values: Float64Array, indices: Int32Array, at: number, count: number): void {
  for (let start = (count - 2) >> 1; start >= 0; start--) siftDown(values, indices, at, start, count);
  for (let end = count - 1; end > 0; end--) {
    swap(values, indices, at, at + end);
    siftDown(values, indices, at, 0, end);
  }
}

function siftDown(values: Float64Array, indices: Int32Array, at: number, start: number, end: number): void {
  let root = start;
  for (;;) {
    const child = 2 * root + 1;
    let largest = root;
    if (child < end && values[at + largest] < values[at + child]) largest = child;
    if (child + 1 < end && values[at + largest] < values[at + child + 1]) largest = child + 1;
    if (largest === root) return;
    swap(values, indices, at + root, at + largest);
    root = largest;
  }
}

/** simultaneous_sort of scikit-learn up to 1.8. */
function quicksort(values: Float64Array, indices: Int32Array, at: number, count: number): void {
  const waiting = [at, count];
  while (waiting.length > 0) {
    const n = waiting.pop()!;
    const from = waiting.pop()!;
    if (n <= 1) continue;
    if (n <= 3) {
      if (values[from] > values[from + 1]) swap(values, indices, from, from + 1);
      if (n === 3 && values[from + 1] > values[from + 2]) {
        swap(values, indices, from + 1, from + 2);
        if (values[from] > values[from + 1]) swap(values, indices, from, from + 1);
      }
      continue;
    }
    const pivot = placeMedian(values, indices, from, n);
    const last = from + n - 1;
    let store = from;
    for (let i = from; i < last; i++) if (values[i] < pivot) swap(values, indices, i, store++);
    swap(values, indices, store, last);
    waiting.push(from, store - from, store + 1, last - store);
  }
}

/**
 * The positions of the k smallest of `count` values from `at` on, ascending; of equal values the earlier one first, and
 * NaN last, as a stable sort would have it.
 */
export function smallest(values: Float64Array, at: number, count: number, k: number): Int32Array {
  const size = Math.min(k, count);
  const kept = new Int32Array(size);
  let used = 0;
  // Insertion into a short sorted list; most values are above its last. For a large k, sort everything.
  if (size > 64) {
    const all = Array.from({ length: count }, (_, i) => i);
    return Int32Array.from(all.sort((a, b) => compare(values[at + a], values[at + b]) || a - b).slice(0, size));
  }
  for (let i = 0; i < count; i++) {
    const value = values[at + i];
    if (used === size && (size === 0 || compare(value, values[at + kept[size - 1]]) >= 0)) continue;
    let place = used < size ? used++ : size - 1;
    for (; place > 0 && compare(value, values[at + kept[place - 1]]) < 0; place--) kept[place] = kept[place - 1];
    kept[place] = i;
  }
  return kept;
}

function compare(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return (a !== a ? 1 : 0) - (b !== b ? 1 : 0);
}
