/** Nearest neighbours in any index, as rows of distances and places: a tree of the file, or brute force. */
import { BrineError } from '../../errors.js';
import { argSmallest } from './argpartition.js';
import type { BruteMetric } from './brute-distances.js';
import type { Metric } from './distances.js';
import { argKmin, type NeighborsWithin, type NeighborTree } from './neighbors.js';
import { sortPairs, type SortOrder } from './topk.js';

export interface NeighborSearch {
  /** The k nearest of each row, nearest first. @throws BrineError BAD_INPUT if there are fewer than k points */
  nearest(x: Float64Array, rows: number, k: number): NeighborsWithin;
  /** All within the radius: in the library's order, or `sorted` by distance. */
  within(x: Float64Array, rows: number, radius: number, sorted: boolean): NeighborsWithin;
}

export function treeSearch(tree: NeighborTree, order: SortOrder): NeighborSearch {
  return {
    nearest: (x, rows, k) => evenRows(tree.query(x, rows, k, order), rows, k),
    within: (x, rows, radius, sorted) => tree.within(x, rows, radius, sorted ? order : undefined),
  };
}

/** What brute force has to do with dense points where a heap keeps the nearest (scikit-learn since 1.1). */
export interface HeapSearch {
  readonly points: Float64Array;
  readonly columns: number;
  readonly metric: Metric;
  readonly order: SortOrder;
}

/** Values at a time: a block of rows times all points. */
const BLOCK = 2 ** 20;

export function bruteSearch(metric: BruteMetric, count: number, columns: number, heap?: HeapSearch): NeighborSearch {
  const perBlock = Math.max(1, Math.floor(BLOCK / Math.max(1, count)));
  const blocks = (
    x: Float64Array,
    rows: number,
    use: (values: Float64Array, from: number, n: number) => void,
  ): void => {
    for (let from = 0; from < rows; from += perBlock) {
      const n = Math.min(perBlock, rows - from);
      use(metric.reduced(x.subarray(from * columns, (from + n) * columns), n), from, n);
    }
  };
  return {
    nearest: (x, rows, k) => {
      if (!(k <= count)) throw new BrineError('BAD_INPUT', `${k} neighbours asked for, but there are ${count} points`);
      if (heap) {
        const { points, order } = heap;
        return evenRows(argKmin(x, rows, points, count, columns, k, heap.metric, order), rows, k);
      }
      const distances = new Float64Array(rows * k);
      const indices = new Int32Array(rows * k);
      blocks(x, rows, (values, from, n) => {
        for (let i = 0; i < n; i++) {
          const found = argSmallest(values, i * count, count, k);
          for (let j = 0; j < k; j++) {
            indices[(from + i) * k + j] = found[j];
            distances[(from + i) * k + j] = metric.fromReduced(values[i * count + found[j]]);
          }
        }
      });
      return evenRows({ distances, indices }, rows, k);
    },
    within: (x, rows, radius, sorted) => {
      const limit = metric.toReduced(radius);
      const parts: { distances: Float64Array; indices: Int32Array }[] = [];
      const indptr = new Int32Array(rows + 1);
      blocks(x, rows, (values, from, n) => {
        for (let i = 0; i < n; i++) {
          const row = values.subarray(i * count, (i + 1) * count);
          const found: number[] = [];
          for (let j = 0; j < count; j++) if (row[j] <= limit) found.push(j);
          if (sorted && !heap) found.sort((a, b) => row[a] - row[b]);
          const indices = Int32Array.from(found);
          const distances = Float64Array.from(found, (j) => metric.fromReduced(row[j]));
          if (sorted && heap) sortPairs(distances, indices, 0, found.length, heap.order);
          parts.push({ distances, indices });
          indptr[from + i + 1] = indptr[from + i] + found.length;
        }
      });
      const distances = new Float64Array(indptr[rows]);
      const indices = new Int32Array(indptr[rows]);
      parts.forEach((part, i) => {
        distances.set(part.distances, indptr[i]);
        indices.set(part.indices, indptr[i]);
      });
      return { distances, indices, indptr };
    },
  };
}

function evenRows(found: { distances: Float64Array; indices: Int32Array }, rows: number, k: number): NeighborsWithin {
  return { ...found, indptr: Int32Array.from({ length: rows + 1 }, (_, i) => i * k) };
}
