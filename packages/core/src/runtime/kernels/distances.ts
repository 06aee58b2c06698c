/**
 * Distances as scikit-learn's `DistanceMetric` computes them (sklearn/metrics/_dist_metrics.pyx.tp, 1.9): float64, the
 * same operations in the same order. Trees and heaps work with the *reduced* distance `rdist`, which has the same order
 * and is cheaper (the square for euclidean); `fromReduced` gives the distance.
 *
 * Who uses which: k-d and ball trees, and every metric but euclidean in brute-force search, use `Metric`. Brute-force
 * euclidean search (scikit-learn ≥ 1.1), `euclidean_distances`, kernels and KMeans expand the square:
 * |x|² − 2 x·y + |y|², see `squaredEuclidean`; it loses digits where points are close, as theirs does.
 */
import { BrineError } from '../../errors.js';
import { timesTransposed } from './gemm-simd.js';

export interface Metric {
  readonly name: string;
  /** The order p that k-d tree bounds use: 1, 2, another, or Infinity. NaN where there is none. */
  readonly p: number;
  /** The reduced distance between `size` values at `x[xAt]` and at `y[yAt]`. */
  rdist(x: Float64Array, xAt: number, y: Float64Array, yAt: number, size: number): number;
  fromReduced(rdist: number): number;
  toReduced(distance: number): number;
}

export interface MetricOptions {
  /** minkowski: the order. */
  readonly p?: number;
  /** minkowski: weights of the columns. */
  readonly w?: Float64Array | undefined;
  /** seuclidean: variances of the columns. */
  readonly V?: Float64Array | undefined;
  /** mahalanobis: the inverse covariance, size × size. */
  readonly VI?: Float64Array | undefined;
}

type Reduced = Metric['rdist'];
const same = (d: number): number => d;
const square = (d: number): number => d * d;

function metric(name: string, rdist: Reduced, p = NaN, fromReduced = same, toReduced = same): Metric {
  return { name, p, rdist, fromReduced, toReduced };
}

const euclidean = metric(
  'euclidean',
  (x, xAt, y, yAt, size) => {
    let d = 0;
    for (let j = 0; j < size; j++) {
      const t = x[xAt + j] - y[yAt + j];
      d += t * t;
    }
    return d;
  },
  2,
  Math.sqrt,
  square,
);

const manhattan = metric(
  'manhattan',
  (x, xAt, y, yAt, size) => {
    let d = 0;
    for (let j = 0; j < size; j++) d += Math.abs(x[xAt + j] - y[yAt + j]);
    return d;
  },
  1,
);

const chebyshev = metric(
  'chebyshev',
  (x, xAt, y, yAt, size) => {
    let d = 0;
    // C's fmax: NaN does not win.
    for (let j = 0; j < size; j++) {
      const t = Math.abs(x[xAt + j] - y[yAt + j]);
      if (t > d) d = t;
    }
    return d;
  },
  Infinity,
);

function minkowski({ p = 2, w }: MetricOptions): Metric {
  if (!(p > 0)) throw new BrineError('BAD_STATE', `a Minkowski distance of order ${p}`);
  // DistanceMetric.get_metric itself hands these on.
  if (w === undefined || w.length === 0) {
    if (p === 1) return manhattan;
    if (p === 2) return euclidean;
    if (p === Infinity) return chebyshev;
  }
  const weights = w !== undefined && w.length > 0 ? w : undefined;
  const rdist: Reduced = (x, xAt, y, yAt, size) => {
    let d = 0;
    for (let j = 0; j < size; j++) {
      const t = Math.pow(Math.abs(x[xAt + j] - y[yAt + j]), p);
      d += weights === undefined ? t : weights[j] * t;
    }
    return d;
  };
  return metric(
    'minkowski',
    rdist,
    p,
    (r) => Math.pow(r, 1 / p),
    (d) => Math.pow(d, p),
  );
}

function seuclidean({ V }: MetricOptions): Metric {
  if (V === undefined) throw new BrineError('BAD_STATE', 'a standardised euclidean distance needs variances');
  const rdist: Reduced = (x, xAt, y, yAt, size) => {
    let d = 0;
    for (let j = 0; j < size; j++) {
      const t = x[xAt + j] - y[yAt + j];
      d += (t * t) / V[j];
    }
    return d;
  };
  return metric('seuclidean', rdist, 2, Math.sqrt, square);
}

function mahalanobis({ VI }: MetricOptions): Metric {
  if (VI === undefined) throw new BrineError('BAD_STATE', 'a Mahalanobis distance needs an inverse covariance');
  const rdist: Reduced = (x, xAt, y, yAt, size) => {
    let d = 0;
    for (let i = 0; i < size; i++) {
      let t = 0;
      for (let j = 0; j < size; j++) t += VI[i * size + j] * (x[xAt + j] - y[yAt + j]);
      d += t * (x[xAt + i] - y[yAt + i]);
    }
    return d;
  };
  return metric('mahalanobis', rdist, NaN, Math.sqrt, square);
}

const hamming = metric('hamming', (x, xAt, y, yAt, size) => {
  let unequal = 0;
  for (let j = 0; j < size; j++) unequal += x[xAt + j] === y[yAt + j] ? 0 : 1;
  return unequal / size;
});

const canberra = metric('canberra', (x, xAt, y, yAt, size) => {
  let d = 0;
  for (let j = 0; j < size; j++) {
    const denominator = Math.abs(x[xAt + j]) + Math.abs(y[yAt + j]);
    if (denominator > 0) d += Math.abs(x[xAt + j] - y[yAt + j]) / denominator;
  }
  return d;
});

const braycurtis = metric('braycurtis', (x, xAt, y, yAt, size) => {
  let numerator = 0;
  let denominator = 0;
  for (let j = 0; j < size; j++) {
    numerator += Math.abs(x[xAt + j] - y[yAt + j]);
    denominator += Math.abs(x[xAt + j]) + Math.abs(y[yAt + j]);
  }
  return denominator > 0 ? numerator / denominator : 0;
});

/** Radians in, great-circle radians out; two columns, latitude and longitude. */
const haversine = metric(
  'haversine',
  (x, xAt, y, yAt) => {
    const s0 = Math.sin(0.5 * (x[xAt] - y[yAt]));
    const s1 = Math.sin(0.5 * (x[xAt + 1] - y[yAt + 1]));
    return s0 * s0 + Math.cos(x[xAt]) * Math.cos(y[yAt]) * s1 * s1;
  },
  NaN,
  (r) => 2 * Math.asin(Math.sqrt(r)),
  (d) => square(Math.sin(0.5 * d)),
);

/** Metrics of truth values: anything but zero is true. `both` and `differ` count columns. */
function boolean(name: string, distance: (both: number, differ: number, size: number) => number): Metric {
  return metric(name, (x, xAt, y, yAt, size) => {
    let both = 0;
    let differ = 0;
    for (let j = 0; j < size; j++) {
      const a = x[xAt + j] !== 0;
      const b = y[yAt + j] !== 0;
      if (a && b) both++;
      else if (a || b) differ++;
    }
    return distance(both, differ, size);
  });
}

const booleans = [
  boolean('jaccard', (both, differ) => (both + differ === 0 ? 0 : differ / (both + differ))),
  boolean('matching', (_both, differ, size) => differ / size),
  boolean('dice', (both, differ) => differ / (2 * both + differ)),
  boolean('kulsinski', (both, differ, size) => (differ - both + size) / (differ + size)),
  boolean('rogerstanimoto', (_both, differ, size) => (2 * differ) / (size + differ)),
  boolean('russellrao', (both, _differ, size) => (size - both) / size),
  boolean('sokalmichener', (_both, differ, size) => (2 * differ) / (size + differ)),
  boolean('sokalsneath', (both, differ) => differ / (0.5 * both + differ)),
];

const plain = [euclidean, manhattan, chebyshev, hamming, canberra, braycurtis, haversine, ...booleans];
const metrics = new Map<string, (options: MetricOptions) => Metric>([
  ...plain.map((m) => [m.name, () => m] as const),
  ['l2', () => euclidean],
  ['l1', () => manhattan],
  ['cityblock', () => manhattan],
  ['infinity', () => chebyshev],
  ['p', minkowski],
  ['minkowski', minkowski],
  // Saved by scikit-learn up to 1.2: weights inside the power, as scipy had them.
  ['wminkowski', ({ p = 2, w }) => wminkowski(p, w)],
  ['seuclidean', seuclidean],
  ['mahalanobis', mahalanobis],
]);

function wminkowski(p: number, w: Float64Array | undefined): Metric {
  if (w === undefined) throw new BrineError('BAD_STATE', 'a weighted Minkowski distance needs weights');
  const rdist: Reduced = (x, xAt, y, yAt, size) => {
    let d = 0;
    for (let j = 0; j < size; j++) d += Math.pow(w[j] * Math.abs(x[xAt + j] - y[yAt + j]), p);
    return d;
  };
  return metric(
    'wminkowski',
    rdist,
    p,
    (r) => Math.pow(r, 1 / p),
    (d) => Math.pow(d, p),
  );
}

/**
 * The metric of scikit-learn's name ('euclidean', 'l1', 'jaccard', …).
 * @throws BrineError UNSUPPORTED for another name, BAD_STATE without the parameters it needs
 */
export function metricOf(name: string, options: MetricOptions = {}): Metric {
  const make = metrics.get(name);
  if (make === undefined) throw new BrineError('UNSUPPORTED', `the distance metric ${JSON.stringify(name)}`);
  return make(options);
}

/** The distances between n rows of X and m rows of Y, `size` columns each: n × m. */
export function pairwise(
  m: Metric,
  x: Float64Array,
  n: number,
  y: Float64Array,
  rows: number,
  size: number,
): Float64Array {
  const out = new Float64Array(n * rows);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < rows; j++) out[i * rows + j] = m.fromReduced(m.rdist(x, i * size, y, j * size, size));
  }
  return out;
}

/** The squared length of each row. */
export function squaredNorms(x: Float64Array, n: number, size: number): Float64Array {
  const norms = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = i * size; j < (i + 1) * size; j++) sum += x[j] * x[j];
    norms[i] = sum;
  }
  return norms;
}

/**
 * Squared euclidean distances by the expanded square, as `euclidean_distances` (sklearn/metrics/pairwise.py):
 * −2 x·y, + |x|², + |y|², not below 0. n × m.
 */
export function squaredEuclidean(x: Float64Array, n: number, y: Float64Array, m: number, size: number): Float64Array {
  const out = new Float64Array(n * m);
  timesTransposed(x, y, out, n, size, m);
  const xNorms = squaredNorms(x, n, size);
  const yNorms = squaredNorms(y, m, size);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const d = -2 * out[i * m + j] + xNorms[i] + yNorms[j];
      // Not Math.max: 0 for -0, NaN for NaN.
      out[i * m + j] = d <= 0 ? 0 : d;
    }
  }
  return out;
}

/** 1 − cosine, in 0 … 2, as `cosine_distances`: rows are scaled to length 1 first; a row of zeros stays. n × m. */
export function cosineDistances(x: Float64Array, n: number, y: Float64Array, m: number, size: number): Float64Array {
  const out = new Float64Array(n * m);
  timesTransposed(unitRows(x, n, size), unitRows(y, m, size), out, n, size, m);
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(1 - out[i], 0), 2);
  return out;
}

function unitRows(x: Float64Array, n: number, size: number): Float64Array {
  const norms = squaredNorms(x, n, size);
  const unit = x.slice(0, n * size);
  for (let i = 0; i < n; i++) {
    const length = Math.sqrt(norms[i]);
    if (length === 0) continue;
    for (let j = i * size; j < (i + 1) * size; j++) unit[j] /= length;
  }
  return unit;
}
