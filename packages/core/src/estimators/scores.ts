import type { GraphBuilder, V } from '../graph/builder.js';
import type { Tensor } from '../graph/tensor.js';

/**
 * What classifiers make of their scores. `scores` are [n] in the binary case (positive means the second
 * class) or [n, k].
 */

/** The label that the scores choose. */
export function predictedLabel(classes: Tensor, scores: V, g: GraphBuilder): V {
  const index = scores.shape.length === 1 ? g.cast(g.greater(scores, 0), 'int64') : g.argmax(scores);
  return g.label(classes, index);
}

/** [n, 1] to [n], as scikit-learn ravels binary scores; others stay. */
export function raveled(scores: V, g: GraphBuilder): V {
  return scores.shape.length === 2 && scores.shape[1] === 1 ? g.flatten(scores) : scores;
}

/** [1 - p, p] from p [n]. */
export function bothClasses(p: V, g: GraphBuilder): V {
  const column = g.column(p);
  return g.concat([g.sub(1, column), column]);
}

/** [-s, s] from s [n]. */
export function mirrored(s: V, g: GraphBuilder): V {
  const column = g.column(s);
  return g.concat([g.neg(column), column]);
}

/** Each row divided by its sum. */
export function rowsToOne(p: V, g: GraphBuilder): V {
  return g.div(p, g.sum(p, 1));
}

/** One-vs-rest probabilities: the logistic function of each score, made to sum to one. */
export function oneVsRestProba(scores: V, g: GraphBuilder): V {
  const p = g.sigmoid(scores);
  return p.shape.length === 1 ? bothClasses(p, g) : rowsToOne(p, g);
}
