/**
 * Distances from a few rows to all points of an index: what scikit-learn's `pairwise_distances` gives, metric by
 * metric (sklearn/metrics/pairwise.py, scipy.spatial.distance). Where the library ranks by squares and takes the root
 * of those found, so does `reduced`.
 */
import { BrineError } from '../../errors.js';
import { cosineDistances, metricOf, squaredEuclidean, squaredNorms, type MetricOptions } from './distances.js';
import { timesTransposed } from './gemm-simd.js';
import type { CsrRows } from './rows.js';

export interface BruteMetric {
  /** Values in the order of distances: rows × points. */
  reduced(x: Float64Array, rows: number): Float64Array;
  fromReduced(value: number): number;
  toReduced(distance: number): number;
}

const same = (d: number): number => d;
const square = (d: number): number => d * d;

/**
 * Distances to dense points, `count` × `columns`. `own`: as scikit-learn's own metrics have them (which its heap search
 * uses); otherwise as scipy has them. @throws BrineError UNSUPPORTED for a metric it does not know */
export function denseDistances(
  name: string,
  options: MetricOptions,
  points: Float64Array,
  count: number,
  columns: number,
  own: boolean,
): BruteMetric {
  switch (name) {
    case 'euclidean':
    case 'l2':
      return {
        reduced: (x, rows) => squaredEuclidean(x, rows, points, count, columns),
        fromReduced: Math.sqrt,
        toReduced: square,
      };
    case 'sqeuclidean': {
      const squares = metricOf('euclidean');
      return plain((x, i, j) => squares.rdist(x, i * columns, points, j * columns, columns), count);
    }
    case 'cosine':
      return {
        reduced: (x, rows) => cosineDistances(x, rows, points, count, columns),
        fromReduced: same,
        toReduced: same,
      };
    case 'correlation': {
      const centred = centredRows(points, count, columns);
      const norms = squaredNorms(centred, count, columns).map(Math.sqrt);
      return {
        reduced: (x, rows) => correlationDistances(x, rows, centred, norms, count, columns),
        fromReduced: same,
        toReduced: same,
      };
    }
    case 'nan_euclidean':
      return {
        reduced: (x, rows) => nanEuclidean(x, rows, points, count, columns),
        fromReduced: same,
        toReduced: same,
      };
    default: {
      if (!own && name === 'braycurtis')
        return plain((x, i, j) => scipyBrayCurtis(x, i * columns, points, j * columns, columns), count);
      if (name === 'yule') return plain((x, i, j) => yule(x, i * columns, points, j * columns, columns), count);
      const metric = metricOf(name, options);
      if (own) {
        const ranks = plain((x, i, j) => metric.rdist(x, i * columns, points, j * columns, columns), count);
        return {
          reduced: (x, rows) => ranks.reduced(x, rows),
          fromReduced: (r) => metric.fromReduced(r),
          toReduced: (d) => metric.toReduced(d),
        };
      }
      const at = (x: Float64Array, i: number, j: number): number =>
        metric.fromReduced(metric.rdist(x, i * columns, points, j * columns, columns));
      return plain(at, count);
    }
  }
}

/** scipy divides by |u + v|, scikit-learn by |u| + |v|: not the same where signs differ. */
function scipyBrayCurtis(x: Float64Array, xAt: number, y: Float64Array, yAt: number, size: number): number {
  let apart = 0;
  let together = 0;
  for (let j = 0; j < size; j++) {
    apart += Math.abs(x[xAt + j] - y[yAt + j]);
    together += Math.abs(x[xAt + j] + y[yAt + j]);
  }
  return apart / together;
}

/** Of truth values, which only scipy has: columns that agree against columns that do not. */
function yule(x: Float64Array, xAt: number, y: Float64Array, yAt: number, size: number): number {
  let [both, neither, left, right] = [0, 0, 0, 0];
  for (let j = 0; j < size; j++) {
    const a = x[xAt + j] !== 0;
    const b = y[yAt + j] !== 0;
    if (a && b) both++;
    else if (a) left++;
    else if (b) right++;
    else neither++;
  }
  const half = left * right;
  return half === 0 ? 0 : (2 * half) / (both * neither + half);
}

function plain(distance: (x: Float64Array, row: number, point: number) => number, count: number): BruteMetric {
  return {
    reduced: (x, rows) => {
      const out = new Float64Array(rows * count);
      for (let i = 0; i < rows; i++) for (let j = 0; j < count; j++) out[i * count + j] = distance(x, i, j);
      return out;
    },
    fromReduced: same,
    toReduced: same,
  };
}

function centredRows(x: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    let mean = 0;
    for (let j = 0; j < columns; j++) mean += x[i * columns + j];
    mean /= columns;
    for (let j = 0; j < columns; j++) out[i * columns + j] = x[i * columns + j] - mean;
  }
  return out;
}

/** scipy's `correlation`: 1 - cosine of the centred rows, the cosine kept within -1 … 1. */
function correlationDistances(
  x: Float64Array,
  rows: number,
  points: Float64Array,
  norms: Float64Array,
  count: number,
  columns: number,
): Float64Array {
  const centred = centredRows(x, rows, columns);
  const lengths = squaredNorms(centred, rows, columns).map(Math.sqrt);
  const out = new Float64Array(rows * count);
  timesTransposed(centred, points, out, rows, columns, count);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < count; j++) {
      const cosine = out[i * count + j] / (lengths[i] * norms[j]);
      out[i * count + j] = 1 - (Math.abs(cosine) > 1 ? Math.sign(cosine) : cosine);
    }
  return out;
}

/**
 * `nan_euclidean_distances`: columns missing on either side are left out, and what is left is scaled up to all
 * columns. No column in common: NaN.
 */
export function nanEuclidean(
  x: Float64Array,
  rows: number,
  points: Float64Array,
  count: number,
  columns: number,
): Float64Array {
  const filled = (v: Float64Array): Float64Array => v.map((a) => (a !== a ? 0 : a));
  const left = filled(x.subarray(0, rows * columns));
  const right = filled(points);
  const out = squaredEuclidean(left, rows, right, count, columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < count; j++) {
      let both = 0;
      let onlyLeft = 0;
      let onlyRight = 0;
      for (let c = 0; c < columns; c++) {
        const a = left[i * columns + c];
        const b = right[j * columns + c];
        const noA = x[i * columns + c] !== a;
        const noB = points[j * columns + c] !== b;
        if (noB) onlyLeft += a * a;
        if (noA) onlyRight += b * b;
        if (!noA && !noB) both++;
      }
      const d = out[i * count + j] - onlyLeft - onlyRight;
      out[i * count + j] = both === 0 ? NaN : Math.sqrt(((d <= 0 ? 0 : d) / both) * columns);
    }
  return out;
}

/** Distances to sparse points. The rows come dense, a block at a time. */
export function sparseDistances(name: string, points: CsrRows): BruteMetric {
  const { rows: count, columns, data, indices, indptr } = points;
  const norms = new Float64Array(count);
  for (let j = 0; j < count; j++) for (let e = indptr[j]; e < indptr[j + 1]; e++) norms[j] += data[e] * data[e];
  const dot = (x: Float64Array, i: number, j: number): number => {
    let sum = 0;
    for (let e = indptr[j]; e < indptr[j + 1]; e++) sum += x[i * columns + indices[e]] * data[e];
    return sum;
  };
  const squares = (x: Float64Array, rows: number): Float64Array => {
    const lengths = squaredNorms(x, rows, columns);
    const at = (i: number, j: number): number => {
      const d = -2 * dot(x, i, j) + lengths[i] + norms[j];
      return d <= 0 ? 0 : d;
    };
    return table(rows, count, at);
  };
  switch (name) {
    case 'euclidean':
    case 'l2':
      return { reduced: squares, fromReduced: Math.sqrt, toReduced: square };
    case 'sqeuclidean':
      return { reduced: squares, fromReduced: same, toReduced: same };
    case 'cosine':
      return {
        reduced: (x, rows) => {
          const lengths = squaredNorms(x, rows, columns).map(Math.sqrt);
          return table(rows, count, (i, j) => {
            const length = (lengths[i] === 0 ? 1 : lengths[i]) * (norms[j] === 0 ? 1 : Math.sqrt(norms[j]));
            return Math.min(Math.max(1 - dot(x, i, j) / length, 0), 2);
          });
        },
        fromReduced: same,
        toReduced: same,
      };
    case 'manhattan':
    case 'cityblock':
    case 'l1':
      return {
        reduced: (x, rows) =>
          table(rows, count, (i, j) => {
            // All of the row, corrected where the point has something.
            let sum = 0;
            let e = indptr[j];
            const gap = new Float64Array(x.subarray(i * columns, (i + 1) * columns));
            for (; e < indptr[j + 1]; e++) gap[indices[e]] -= data[e];
            for (let c = 0; c < columns; c++) sum += Math.abs(gap[c]);
            return sum;
          }),
        fromReduced: same,
        toReduced: same,
      };
    default:
      throw new BrineError('UNSUPPORTED', `the distance metric ${JSON.stringify(name)} between sparse rows`);
  }
}

function table(rows: number, count: number, at: (i: number, j: number) => number): Float64Array {
  const out = new Float64Array(rows * count);
  for (let i = 0; i < rows; i++) for (let j = 0; j < count; j++) out[i * count + j] = at(i, j);
  return out;
}
