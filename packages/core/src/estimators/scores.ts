import type { GraphBuilder, V } from '../graph/builder.js';
import type { Tensor } from '../graph/tensor.js';
import type { Version } from './version.js';

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

/** Each row divided by its sum; a row in which every class has probability 0 becomes uniform. */
export function rowsToOneOrUniform(p: V, g: GraphBuilder): V {
  return rowsToOne(g.where(g.equal(g.sum(p, 1), 0), 1, p), g);
}

/**
 * One-vs-rest probabilities: the logistic function of each score, made to sum to one. Where every class rounds
 * to probability 0, libraries before 1.9 answer NaN and later ones the same for each class.
 */
export function oneVsRestProba(scores: V, g: GraphBuilder, version?: Version): V {
  const p = g.sigmoid(scores);
  if (p.shape.length === 1) return bothClasses(p, g);
  return version?.atLeast(1, 9) ? rowsToOneOrUniform(p, g) : rowsToOne(p, g);
}
