import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BrineError } from '../../errors.js';
import { cosineDistances, metricOf, pairwise, squaredEuclidean } from './distances.js';

// Written by oracle/make_kernels.py.
interface Saved {
  shape: number[];
  data: string;
}
interface Case {
  options: Record<string, number | Saved>;
  X: Saved;
  Y: Saved;
  distances: Saved;
}
interface Fixture {
  metrics: Record<string, Case>;
  X: Saved;
  Y: Saved;
  squared: Saved;
  cosine: Saved;
}
function fixture(name: string): Fixture {
  const file = new URL(`../../../../../fixtures/kernels/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Fixture;
}
const saved = fixture('distances');
const all = { ...saved.metrics, ...fixture('distances-1.1').metrics };
const floats = (a: Saved): Float64Array => new Float64Array(new Uint8Array(Buffer.from(a.data, 'base64')).buffer);

function close(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((a, i) => {
    expect(Math.abs(a - expected[i])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected[i])));
  });
}

describe('distances, as DistanceMetric answers', () => {
  // Powers and sines come from another mathematical library than C's; everything else is the same bit for bit.
  const rounded = ['minkowski', 'minkowski weighted', 'haversine', 'wminkowski'];
  it.each(Object.entries(all))('%s', (name, { options, X, Y, distances }) => {
    const given = Object.fromEntries(
      Object.entries(options).map(([key, v]) => [key, typeof v === 'number' ? v : floats(v)]),
    );
    const metric = metricOf(name.split(' ')[0], given);
    const answer = pairwise(metric, floats(X), X.shape[0], floats(Y), Y.shape[0], X.shape[1]);
    if (rounded.includes(name)) close(answer, floats(distances), 4e-16);
    else expect(Array.from(answer)).toEqual(Array.from(floats(distances)));
    answer.forEach((d) => {
      expect(metric.fromReduced(metric.toReduced(d))).toBeCloseTo(d, 12);
    });
  });

  it('expands squares, and measures angles', () => {
    const [[n, p], m] = [saved.X.shape, saved.Y.shape[0]];
    close(squaredEuclidean(floats(saved.X), n, floats(saved.Y), m, p), floats(saved.squared), 1e-14);
    close(cosineDistances(floats(saved.X), n, floats(saved.Y), m, p), floats(saved.cosine), 1e-15);
  });

  it('refuses what it does not know', () => {
    expect(() => metricOf('pyfunc')).toThrow(BrineError);
    expect(() => metricOf('constructor')).toThrow(/the distance metric "constructor"/);
    expect(() => metricOf('seuclidean')).toThrow(/needs variances/);
    expect(() => metricOf('mahalanobis')).toThrow(/needs an inverse covariance/);
    expect(() => metricOf('minkowski', { p: 0 })).toThrow(/order 0/);
  });
});
