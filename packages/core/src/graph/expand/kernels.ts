import { GraphBuilder, type V } from '../builder.js';
import type { DensityKernel } from '../own-kernels.js';
import { float64, int64 } from '../tensor.js';
import { ints, rowsOf, slice, typeOf } from './build.js';
import { nanEuclidean, ranking } from './distances.js';
import type { Expander, Expansion, Expansions } from './expansion.js';

/** √(xL), then √(2xL / cosh(πjL)) times cos and sin of jL·log x for each step; 0 stays 0 in all of them. */
const additiveChi2: Expansion<'AdditiveChi2'> = ([input], { steps, interval }, e) => {
  const { g } = e;
  const refusal = 'AdditiveChi2Sampler takes no negative values';
  const x = e.refuseWhere(input, g.less(input, 0), refusal);
  const none = g.equal(x, 0);
  const parts = [g.sqrt(g.mul(x, interval))];
  const angle = g.mul(g.log(g.where(none, 1, x)), interval);
  const step = g.mul(g.mul(x, 2), interval);
  for (let j = 1; j < steps; j++) {
    const factor = g.sqrt(g.div(step, Math.cosh(Math.PI * j * interval)));
    const turn = g.mul(angle, j);
    parts.push(g.mul(factor, g.node('Cos', [turn])), g.mul(factor, g.node('Sin', [turn])));
  }
  return [g.concat(parts)];
};

/** One sketch for each degree, each circularly convolved with the product of those before it. */
const countSketch: Expansion<'CountSketch'> = ([x], { indices, signs, degree, outputs }, e) => {
  const { g } = e;
  const columns = indices.length / degree;
  let product: V | undefined;
  for (let d = 0; d < degree; d++) {
    const weights = new Float64Array(columns * outputs);
    for (let j = 0; j < columns; j++) weights[j * outputs + indices[d * columns + j]] = signs[d * columns + j];
    const sketch = g.linear(x, float64([outputs, columns], flipped(weights, columns, outputs)));
    product = product ? convolved(e, product, sketch, outputs) : sketch;
  }
  return [product ?? e.refuse('a count sketch of degree 0')];
};

function flipped(a: Float64Array, rows: number, columns: number): Float64Array {
  return a.map((_, i) => a[(i % rows) * columns + Math.floor(i / rows)]);
}

/** Column after column of a, times b turned by as many places. */
function convolved(e: Expander, a: V, b: V, size: number): V {
  const { g } = e;
  const n = a.shape[0] ?? null;
  const table = { dtype: 'float64', shape: [n, size], layout: 'dense' } as const;
  const body = new GraphBuilder();
  const sum = body.input('sum', table);
  const column = body.input('column', { ...table, shape: [n] });
  const places = body.input('places', { dtype: 'int64', shape: [size], layout: 'dense' });
  const turned = body.gather(body.capture(b), places, 1);
  const graph = body.finish([{ name: 'next', value: body.add(sum, body.mul(body.column(column), turned)) }]);
  const turns = int64(
    [size, size],
    Array.from({ length: size * size }, (_, i) => ((i % size) - Math.floor(i / size) + size) % size),
  );
  const attributes = { body: graph, num_scan_inputs: 2 };
  return g.typed('Scan', [rowsOf(e, a, size, 0), g.transpose(a), g.constant(turns)], attributes, [
    typeOf('float64', [n, size]),
  ])[0];
}

/** log Γ(n / 2) for whole n > 0. */
function logGammaHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let k = n % 2 === 0 ? 2 : 1; k < n; k += 2) sum += Math.log(k / 2);
  return sum;
}

const logVolume = (n: number): number => 0.5 * n * Math.log(Math.PI) - logGammaHalf(n + 2);
const logArea = (n: number): number => Math.log(2 * Math.PI) + logVolume(n - 1);

/** The logarithms of a kernel's value at a distance in bandwidths, and of its integral over d dimensions. */
interface Density {
  readonly log: (g: GraphBuilder, u: V) => V;
  readonly integral: (d: number) => number;
}

/** Within one bandwidth; beyond it the kernel is 0. */
const within = (g: GraphBuilder, u: V, log: (inside: V) => V): V => g.where(g.less(u, 1), log(g.min(u, 1)), -Infinity);

const densities: Readonly<Record<DensityKernel, Density>> = {
  gaussian: { log: (g, u) => g.mul(g.mul(u, u), -0.5), integral: (d) => 0.5 * d * Math.log(2 * Math.PI) },
  tophat: { log: (g, u) => within(g, u, (v) => g.mul(v, 0)), integral: logVolume },
  epanechnikov: {
    log: (g, u) => within(g, u, (v) => g.log(g.sub(1, g.mul(v, v)))),
    integral: (d) => logVolume(d) + Math.log(2 / (d + 2)),
  },
  exponential: { log: (g, u) => g.neg(u), integral: (d) => logArea(d - 1) + logGammaHalf(2 * d) },
  linear: {
    log: (g, u) => within(g, u, (v) => g.log(g.sub(1, v))),
    integral: (d) => logVolume(d) - Math.log(d + 1),
  },
  cosine: {
    log: (g, u) => within(g, u, (v) => g.log(g.node('Cos', [g.mul(v, 0.5 * Math.PI)]))),
    integral: (d) => {
      let factor = 0;
      let term = 2 / Math.PI;
      for (let k = 1; k <= d; k += 2) {
        factor += term;
        term *= -(d - k) * (d - k - 1) * (2 / Math.PI) ** 2;
      }
      return Math.log(factor) + logArea(d - 1);
    },
  },
};

/** The sum over all points; the library leaves out what its tolerances allow, and keeps the rounding of its bounds. */
const logDensity: Expansion<'LogDensity'> = ([x], attributes, e) => {
  const { points, weights, metric, kernel, bandwidth, atol, rtol } = attributes;
  const { g } = e;
  if (atol > 0 || rtol > 1e-8)
    e.approximate(
      `the density is summed over all points, where the library stops within its tolerances (atol ${atol}, rtol ${rtol})`,
    );
  if (kernel !== 'gaussian' && kernel !== 'exponential')
    e.approximate(
      'where no point lies within the bandwidth the density is 0 and its logarithm -Infinity; scikit-learn may leave some rounding there, and answer about -37',
    );
  const [count = 0, columns = 0] = points.shape;
  const { reduced, fromReduced } = ranking(e, x, g.constant(points), metric, 'tree');
  const { log, integral } = densities[kernel];
  const logs = log(g, g.div(fromReduced(reduced), bandwidth));
  const terms = weights ? g.add(logs, float64([count], weights.map(Math.log))) : logs;
  const most = g.reduceMax(terms, 1, false);
  const none = g.equal(most, -Infinity);
  const base = g.where(none, 0, most);
  const sum = g.log(g.sum(g.exp(g.sub(terms, g.column(base))), 1, false));
  const total = weights ? weights.reduce((a, b) => a + b, 0) : count;
  const norm = -integral(columns) - columns * Math.log(bandwidth) - Math.log(total);
  return [g.add(g.add(base, sum), norm)];
};

/** Each column by the nearest of the points that have a value there. */
const imputeNeighbors: Expansion<'ImputeNeighbors'> = ([x], { points, k, uniform }, e) => {
  const { g } = e;
  const [count = 0, columns = 0] = points.shape;
  const known = points.data as Float64Array;
  const distances = nanEuclidean(g, x, g.constant(points), columns);
  e.note('of equally distant points the first is taken; numpy takes whichever its partition meets first');
  const full = Array.from({ length: columns }, (_, c): V => {
    const given = slice(g, x, 1, c, c + 1);
    const donors = Array.from({ length: count }, (__, j) => j).filter((j) => !Number.isNaN(known[j * columns + c]));
    if (donors.length === 0) return given;
    const values = Float64Array.from(donors, (j) => known[j * columns + c]);
    const all = g.columns(distances, donors);
    // No distance at all: NaN, which is no number to sort by.
    const far = g.where(g.isNaN(all), Infinity, all);
    const nearest = ints(Math.min(k, donors.length));
    const [found, places] = g.nodes('TopK', [far, nearest], { axis: 1, largest: 0, sorted: 1 }, 2);
    const shares = sharesOf(g, found, uniform);
    const mean = g.div(
      g.sum(g.mul(g.gather(float64([values.length], values), places, 0), shares), 1),
      g.sum(shares, 1),
    );
    const nobody = g.equal(g.reduceMin(far, 1), Infinity);
    const average = values.reduce((a, b) => a + b, 0) / values.length;
    return g.where(g.isNaN(given), g.where(nobody, average, mean), given);
  });
  return [g.concat(full)];
};

/** Ones, or 1 / distance; where a distance is 0, ones for those alone. What has no distance has no share. */
function sharesOf(g: GraphBuilder, found: V, uniform: boolean): V {
  const has = g.cast(g.less(found, Infinity), 'float64');
  if (uniform) return has;
  const exact = g.cast(g.equal(found, 0), 'float64');
  return g.where(g.greater(g.reduceMax(exact, 1), 0), exact, g.mul(g.div(1, found), has));
}

/** The operators of `runtime/own/kernels.ts` in ONNX operators. */
export const kernelExpansions: Expansions = {
  AdditiveChi2: additiveChi2,
  CountSketch: countSketch,
  LogDensity: logDensity,
  ImputeNeighbors: imputeNeighbors,
};
