import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { estimator, type Fitted } from './estimator.js';
import { array, number, oneOf, optional, requireFitted } from './fields.js';

const state = {
  X_thresholds_: optional(array),
  y_thresholds_: optional(array),
  // Their names up to 0.23.
  _necessary_X_: optional(array),
  _necessary_y_: optional(array),
  X_min_: optional(number),
  X_max_: optional(number),
  out_of_bounds: oneOf('nan', 'clip', 'raise'),
};
type Isotonic = Fitted<typeof state>;

/** `f_` is not in the file: it is the line through the thresholds. */
function interpolated(m: Isotonic, x: V, g: GraphBuilder): V {
  requireFitted(m.estimator);
  const xs = (m.X_thresholds_ ?? m._necessary_X_)?.data as Float64Array | undefined;
  const ys = (m.y_thresholds_ ?? m._necessary_y_)?.data as Float64Array | undefined;
  if (!xs || !ys || xs.length !== ys.length || xs.length === 0)
    throw new BrineError('BAD_STATE', 'IsotonicRegression needs as many x as y thresholds', { path: m.estimator.path });
  const flat = x.shape.length === 2 ? g.flatten(x) : x;
  const type = { dtype: 'float64', shape: flat.shape } as const;
  // One threshold makes a constant, without bounds.
  if (xs.length === 1) return g.own('Interpolate', [flat], { xs, ys }, type);
  const low = m.X_min_ ?? xs[0];
  const high = m.X_max_ ?? xs.at(-1)!;
  const inside = g.and(g.greaterOrEqual(flat, low), g.lessOrEqual(flat, high));
  if (m.out_of_bounds === 'raise') {
    const message = `IsotonicRegression with out_of_bounds='raise' takes ${low} to ${high} only`;
    return g.own('Interpolate', [g.own('Require', [flat, inside], { message }, type)], { xs, ys }, type);
  }
  const y = g.own('Interpolate', [flat], { xs, ys }, type);
  return m.out_of_bounds === 'nan' ? g.where(inside, y, NaN) : y;
}

const isotonic = estimator('IsotonicRegression', state, {
  modules: ['sklearn.isotonic'],
  features: () => undefined,
  methods: { predict: interpolated, transform: interpolated },
  names: () => ['isotonicregression0'],
});

export const isotonicRegressions = [isotonic];
