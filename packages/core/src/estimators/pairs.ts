import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import type { Version } from './version.js';

/**
 * One-vs-one: scores [n, pairs] of the pairs of classes (0, 1), (0, 2), …, (1, 2), …
 */

/** [pairs, classes]: -1 for the first class of the pair, +1 for the second. */
function pairSigns(classes: number): Tensor {
  const signs: number[] = [];
  for (let i = 0; i < classes; i++)
    for (let j = i + 1; j < classes; j++) for (let c = 0; c < classes; c++) signs.push(c === i ? -1 : c === j ? 1 : 0);
  return float64([(classes * (classes - 1)) / 2, classes], Float64Array.from(signs));
}

/** How often each class is chosen [n, classes], where `second` [n, pairs] says which pairs choose their second class. */
export function pairVotes(second: V, classes: number, g: GraphBuilder): V {
  const ifAllChooseFirst = Float64Array.from({ length: classes }, (_, i) => classes - 1 - i);
  return g.add(g.matmul(g.cast(second, 'float64'), pairSigns(classes)), float64([classes], ifAllChooseFirst));
}

/**
 * One score per class from scores of pairs: votes, with ties broken by confidence.
 * Source: sklearn/utils/multiclass.py, `_ovr_decision_function`. Before 0.21 the confidences were scaled by the
 * largest of all rows given, so that a row's score depended on its neighbours.
 */
export function oneVsRestFromPairs(second: V, confidences: V, classes: number, version: Version, g: GraphBuilder): V {
  const votes = pairVotes(second, classes, g);
  const sums = g.matmul(confidences, pairSigns(classes));
  if (version.atLeast(0, 21)) return g.add(votes, g.div(sums, g.mul(g.add(g.abs(sums), 1), 3)));
  const largest = g.reduceMax(g.reduceMax(g.abs(sums), 1), 0);
  const scale = g.div(0.5 - 2 ** -52, largest);
  return g.where(g.equal(largest, 0), votes, g.add(votes, g.mul(sums, scale)));
}
