import type { GraphBuilder, V } from '../builder.js';
import { typeOf, unsqueeze } from './build.js';
import { log1p } from './elementary.js';
import type { Expansion, Expansions } from './expansion.js';
import { countEdges, linesBetween, onLines } from './search.js';

/** Everything is dense in an expanded graph. */
const identity: Expansion<'Densify' | 'Sparsify'> = ([x]) => [x];

/** The largest number of float32. */
const FLOAT32_MAX = 3.4028234663852886e38;

/** What the estimator refuses stops the run. */
const finite: Expansion<'Finite'> = ([x], { who, nan, infinite, float32 }, e) => {
  if (nan && infinite) return [x];
  const { g } = e;
  const largest = infinite ? Infinity : float32 ? FLOAT32_MAX : Number.MAX_VALUE;
  // A comparison with NaN is false: whether NaN is within the bounds is for the comparison to say.
  const magnitude = g.abs(x);
  const bad = nan ? g.greater(magnitude, largest) : g.not(g.lessOrEqual(magnitude, largest));
  return [e.refuseWhere(x, bad, `${who} takes no ${nan ? 'infinite' : 'missing or infinite'} numbers`)];
};

const require: Expansion<'Require'> = ([x, condition], { message }, e) => [
  e.refuseWhere(x, e.g.not(condition), message),
];

const repeatRows: Expansion<'RepeatRows'> = ([x, values], _, e) => {
  const { g } = e;
  const k = values.shape[0];
  const [width] = g.typed('Shape', [values], {}, [typeOf('int64', [1])]);
  const [shape] = g.typed('Concat', [e.rows(x), width], { axis: 0 }, [typeOf('int64', [2])]);
  return g.typed('Expand', [values, shape], {}, [typeOf(values.dtype, [x.shape[0] ?? null, k])]);
};

// ---- functions of one number ------------------------------------------------------------------------

/** (eˣ - 1) without what eˣ loses near 1. Source: W. Kahan's quotient, as for log1p. */
function expm1(g: GraphBuilder, x: V): V {
  const u = g.exp(x);
  const below = g.sub(u, 1);
  const exact = g.div(g.mul(below, x), g.log(u));
  const plain = g.or(g.greater(g.abs(x), 1), g.isNaN(x));
  return g.where(g.equal(u, 1), x, g.where(plain, below, exact));
}

/** By logarithms, made exact by a step of Newton's method; 0 and infinities as they are. */
function cbrt(g: GraphBuilder, x: V): V {
  const size = g.exp(g.div(g.log(g.abs(x)), 3));
  const y = g.mul(g.sign(x), size);
  const square = g.mul(y, y);
  const better = g.sub(y, g.div(g.sub(g.mul(square, y), x), g.mul(square, 3)));
  const odd = g.or(g.equal(x, 0), g.equal(g.abs(x), Infinity));
  return g.where(odd, x, better);
}

const functions: Readonly<Record<string, (g: GraphBuilder, x: V) => V>> = {
  log1p,
  expm1,
  cbrt,
  log2: (g, x) => g.div(g.log(x), Math.LN2),
  log10: (g, x) => g.div(g.log(x), Math.LN10),
  exp2: (g, x) => g.pow(g.where(g.isNaN(x), x, 2), x),
  trunc: (g, x) => g.mul(g.sign(x), g.floor(g.abs(x))),
  logit: (g, x) => g.log(g.div(x, g.sub(1, x))),
  deg2rad: (g, x) => g.mul(x, Math.PI / 180),
  rad2deg: (g, x) => g.mul(x, 180 / Math.PI),
  nan_to_num: (g, x) =>
    g.where(g.isNaN(x), 0, g.max(g.min(g.where(g.isNaN(x), 0, x), Number.MAX_VALUE), -Number.MAX_VALUE)),
};

const ufunc: Expansion<'Ufunc'> = ([x], { name }, e) => {
  const f = Object.hasOwn(functions, name) ? functions[name] : undefined;
  return [f ? f(e.g, x) : e.refuse(`the function ${name}`)];
};

/** The line that ends at x where x is one of the points. */
const interpolate: Expansion<'Interpolate'> = ([x], { xs, ys }, e) => {
  const { g } = e;
  const last = xs.length - 1;
  if (last < 0) return [g.mul(x, NaN)];
  const column = x.shape.length === 1 ? unsqueeze(g, x, 1) : g.reshape(x, [-1, 1]);
  const below = countEdges(e, column, [xs], true);
  const index = g.max(g.min(g.sub(below, 1), Math.max(0, last - 1)), 0);
  const line = last === 0 ? g.add(g.mul(column, 0), ys[0]) : onLines(e, column, index, [linesBetween(xs, ys)]);
  const low = g.where(g.lessOrEqual(column, xs[0]), ys[0], line);
  const y = g.where(g.greaterOrEqual(column, xs[last]), ys[last], low);
  if (x.shape.length === 1) return [g.flatten(y)];
  return g.typed('Reshape', [y, g.typed('Shape', [x], {}, [typeOf('int64', [x.shape.length])])[0]], {}, [
    typeOf('float64', x.shape),
  ]);
};

export const numberExpansions: Expansions = {
  Densify: identity,
  Sparsify: identity,
  Finite: finite,
  Require: require,
  RepeatRows: repeatRows,
  Ufunc: ufunc,
  Interpolate: interpolate,
  Custom: (_, { name }, e) => e.refuse(`${name} is a function of register(): ONNX cannot hold it`),
};
