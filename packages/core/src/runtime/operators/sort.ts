import { type Tensor, type TensorData } from '../../graph/tensor.js';
import type { Operator, OperatorTable } from '../operator.js';
import { axisOf, badInput, dense, int, integers, make, unsupported } from './common.js';
import { around } from './gather.js';
import { int64Data, moving } from './move.js';
import { transposed } from './shape.js';

type Key = number | bigint | string;

const topK: Operator = (site) => {
  const largest = int(site, 'largest', 1) !== 0;
  return (inputs) => {
    const x = dense(inputs, 0);
    if (x.dtype === 'string' || x.dtype === 'object') throw unsupported(`${x.dtype} input`);
    const k = site.opset >= 10 ? integers(dense(inputs, 1))[0] : int(site, 'k', 0);
    const axis = axisOf(int(site, 'axis', -1), x.shape.length);
    const n = x.shape[axis];
    if (!(k >= 0 && k <= n)) throw badInput(`the first ${k} of ${n}`);
    const { outer, inner } = around(x.shape, axis);
    const shape = x.shape.map((d, i) => (i === axis ? k : d));
    const values = make(site, x.dtype, shape);
    const places = new Int32Array(values.length);
    const move = moving(values, x.data);
    const source = x.data as ArrayLike<number>;
    for (let r = 0; r < outer; r++)
      for (let c = 0; c < inner; c++) {
        const from = r * n * inner + c;
        const order = largestFirst(source, from, inner, n, k, largest);
        for (let i = 0; i < k; i++) {
          const o = (r * k + i) * inner + c;
          places[o] = order[i];
          move.span(o, from + order[i] * inner, 1);
        }
      }
    return [
      { dtype: x.dtype, shape, data: values },
      { dtype: 'int64', shape, data: int64Data(places) },
    ];
  };
};

/** Places of the k most extreme of n elements, ties by place. NaN counts as largest. */
function largestFirst(
  a: ArrayLike<number>,
  from: number,
  step: number,
  n: number,
  k: number,
  largest: boolean,
): Int32Array {
  const sign = largest ? 1 : -1;
  const before = (i: number, j: number): number => {
    const [x, y] = [a[from + i * step], a[from + j * step]];
    if (x === y) return i - j;
    if (x !== x || y !== y) return x !== x && y !== y ? i - j : x !== x ? -sign : sign;
    return x > y ? -sign : sign;
  };
  if (k * 8 < n) {
    // Few of many: keep the best k in order, insert what beats the last of them.
    const best = new Int32Array(k);
    let count = 0;
    for (let i = 0; i < n && k > 0; i++) {
      if (count === k && before(i, best[k - 1]) > 0) continue;
      let at = count < k ? count++ : k - 1;
      for (; at > 0 && before(i, best[at - 1]) < 0; at--) best[at] = best[at - 1];
      best[at] = i;
    }
    return best;
  }
  const order = Int32Array.from({ length: n }, (_, i) => i);
  return order.sort(before).subarray(0, k);
}

function ascending(a: Key, b: Key): number {
  if (a !== a) return b !== b ? 0 : 1;
  if (b !== b) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

const unique: Operator = (site) => {
  const sorted = int(site, 'sorted', 1) !== 0;
  return (inputs) => {
    const given = dense(inputs, 0);
    const whole = site.attributes['axis'] === undefined;
    const axis = whole ? 0 : axisOf(int(site, 'axis', 0), given.shape.length);
    // Slices along the axis, one after another.
    const order = [axis, ...given.shape.map((_, i) => i).filter((i) => i !== axis)];
    const x = whole ? { ...given, shape: [given.data.length] } : transposed(site, given, order);
    const n = x.shape[0];
    const width = x.data.length / Math.max(1, n);
    const keys = x.data as ArrayLike<Key>;
    const compare = (i: number, j: number): number => {
      for (let k = 0; k < width; k++) {
        const c = ascending(keys[i * width + k], keys[j * width + k]);
        if (c !== 0) return c;
      }
      return 0;
    };
    // Each NaN is a value of its own, as in the reference implementation.
    const same = (i: number, j: number): boolean => {
      for (let k = 0; k < width; k++) if (keys[i * width + k] !== keys[j * width + k]) return false;
      return true;
    };
    const ranked = Array.from({ length: n }, (_, i) => i).sort((i, j) => compare(i, j) || i - j);
    const groups: number[][] = [];
    for (const i of ranked) {
      const last = groups[groups.length - 1];
      if (last && same(last[0], i)) last.push(i);
      else groups.push([i]);
    }
    if (!sorted) groups.sort((a, b) => a[0] - b[0]);
    const inverse = new Int32Array(n);
    groups.forEach((group, g) => {
      for (const i of group) inverse[i] = g;
    });
    const shape = [groups.length, ...x.shape.slice(1)];
    const data: TensorData = make(site, x.dtype, shape);
    const move = moving(data, x.data);
    groups.forEach((group, g) => {
      move.span(g * width, group[0] * width, width);
    });
    const values: Tensor = { dtype: x.dtype, shape, data };
    const back = order.map((_, i) => order.indexOf(i));
    const vector = (of: Int32Array): Tensor => ({ dtype: 'int64', shape: [of.length], data: int64Data(of) });
    return [
      whole ? values : transposed(site, values, back),
      vector(Int32Array.from(groups, (group) => group[0])),
      vector(inverse),
      vector(Int32Array.from(groups, (group) => group.length)),
    ];
  };
};

/** Greedy choice of boxes by score: [batch, class, box] triples. */
const nonMaxSuppression: Operator = (site) => {
  const center = int(site, 'center_point_box', 0) !== 0;
  return (inputs) => {
    const boxes = dense(inputs, 0);
    const scores = dense(inputs, 1);
    const limitOf = (i: number, fallback: number): number =>
      inputs[i] === undefined ? fallback : Number(dense(inputs, i).data[0]);
    const most = limitOf(2, 0);
    const overlap = limitOf(3, 0);
    const least = limitOf(4, -Infinity);
    const [batches, classes, n] = scores.shape as [number, number, number];
    if (boxes.shape.length !== 3 || boxes.shape[1] !== n || boxes.shape[2] !== 4)
      throw badInput(`boxes [${boxes.shape.join(', ')}] for scores [${scores.shape.join(', ')}]`);
    const b = boxes.data as Float32Array;
    const corners = (batch: number, i: number): [number, number, number, number] => {
      const at = (batch * n + i) * 4;
      if (center)
        return [b[at + 1] - b[at + 3] / 2, b[at] - b[at + 2] / 2, b[at + 1] + b[at + 3] / 2, b[at] + b[at + 2] / 2];
      return [
        Math.min(b[at], b[at + 2]),
        Math.min(b[at + 1], b[at + 3]),
        Math.max(b[at], b[at + 2]),
        Math.max(b[at + 1], b[at + 3]),
      ];
    };
    const chosen: number[] = [];
    for (let batch = 0; batch < batches; batch++)
      for (let c = 0; c < classes; c++) {
        const score = (i: number): number => Number(scores.data[(batch * classes + c) * n + i]);
        const order = Array.from({ length: n }, (_, i) => i).filter((i) => score(i) > least);
        order.sort((i, j) => score(j) - score(i) || i - j);
        const kept: number[] = [];
        for (const i of order) {
          if (kept.length >= most) break;
          site.budget.step();
          if (kept.every((k) => intersection(corners(batch, i), corners(batch, k)) <= overlap)) kept.push(i);
        }
        for (const i of kept) chosen.push(batch, c, i);
      }
    return { dtype: 'int64', shape: [chosen.length / 3, 3], data: int64Data(Int32Array.from(chosen)) };
  };
};

type Box = readonly [number, number, number, number];

/** Intersection over union. */
function intersection(a: Box, b: Box): number {
  const h = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const w = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (h <= 0 || w <= 0) return 0;
  const area = (x: Box): number => (x[2] - x[0]) * (x[3] - x[1]);
  return (h * w) / (area(a) + area(b) - h * w);
}

export const sortOperators = {
  TopK: topK,
  Unique: unique,
  NonMaxSuppression: nonMaxSuppression,
} satisfies OperatorTable;
