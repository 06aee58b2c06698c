import type { GraphBuilder, V } from '../graph/builder.js';
import type { Tensor } from '../graph/tensor.js';

/** What raw predictions become: they are [n, k], or [stages, n, k] for the staged methods. */

const last = (v: V): number => v.shape.length - 1;

/** [.., 1] to [..]; other widths stay. */
export function withoutLast(raw: V, g: GraphBuilder): V {
  if (raw.shape[last(raw)] !== 1) return raw;
  return raw.shape.length === 2 ? g.flatten(raw) : g.reshape(raw, [0, -1]);
}

/** Probabilities [.., 2] from logistic raw predictions [.., 1], times `factor` (2 for the exponential loss). */
export function binaryProba(raw: V, factor: number, g: GraphBuilder): V {
  const p = g.sigmoid(factor === 1 ? raw : g.mul(raw, factor));
  return g.concat([g.sub(1, p), p], last(raw));
}

/** The label of the largest of [.., k]. */
export function largestLabel(classes: Tensor, scores: V, g: GraphBuilder): V {
  return g.label(classes, g.argmax(scores, last(scores)));
}

/** The label that the sign of [.., 1] chooses; `orZero`: zero counts as positive. */
export function signLabel(classes: Tensor, raw: V, orZero: boolean, g: GraphBuilder): V {
  const flat = withoutLast(raw, g);
  return g.label(classes, g.cast(orZero ? g.greaterOrEqual(flat, 0) : g.greater(flat, 0), 'int64'));
}
