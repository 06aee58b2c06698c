/** What KNNImputer puts in place of NaN (sklearn/impute/_knn.py). */
import { argSmallest } from './argpartition.js';
import { nanEuclidean } from './brute-distances.js';

/**
 * Each NaN of x (n × columns) becomes the mean of the k nearest points that have a value there; with weights,
 * 1 / distance each. Distances leave out what is missing on either side. No distance at all: the column's mean.
 */
export function imputeNeighbors(
  x: Float64Array,
  n: number,
  points: Float64Array,
  count: number,
  columns: number,
  k: number,
  uniform: boolean,
): Float64Array {
  const out = x.slice(0, n * columns);
  const donors = Array.from({ length: columns }, (_, c) => {
    const has: number[] = [];
    for (let j = 0; j < count; j++) if (!Number.isNaN(points[j * columns + c])) has.push(j);
    return Int32Array.from(has);
  });
  for (let i = 0; i < n; i++) {
    const row = x.subarray(i * columns, (i + 1) * columns);
    if (!row.some((v) => Number.isNaN(v))) continue;
    const distances = nanEuclidean(row, 1, points, count, columns);
    for (let c = 0; c < columns; c++) {
      // A column without any value is left out, or made 0, by the caller.
      if (!Number.isNaN(row[c]) || donors[c].length === 0) continue;
      const own = donors[c];
      const some = Float64Array.from(own, (j) => distances[j]);
      const value = (j: number): number => points[own[j] * columns + c];
      if (some.every((d) => Number.isNaN(d))) {
        let sum = 0;
        for (let j = 0; j < own.length; j++) sum += value(j);
        out[i * columns + c] = sum / own.length;
        continue;
      }
      const found = argSmallest(some, 0, some.length, Math.min(k, own.length));
      const zero = !uniform && found.some((j) => some[j] === 0);
      let sum = 0;
      let total = 0;
      for (const j of found) {
        if (Number.isNaN(some[j])) continue;
        const weight = uniform ? 1 : zero ? (some[j] === 0 ? 1 : 0) : 1 / some[j];
        sum += value(j) * weight;
        total += weight;
      }
      out[i * columns + c] = sum / total;
    }
  }
  return out;
}
