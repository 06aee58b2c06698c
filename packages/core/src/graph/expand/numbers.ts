import type { Expansion, Expansions } from './expansion.js';

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
  const shape = g.typed(
    'Concat',
    [e.rows(x), g.typed('Shape', [values], {}, [{ dtype: 'int64', shape: [1] }])[0]],
    { axis: 0 },
    [{ dtype: 'int64', shape: [2] }],
  );
  return g.typed('Expand', [values, shape[0]], {}, [{ dtype: values.dtype, shape: [x.shape[0] ?? null, k] }]);
};

export const numberExpansions: Expansions = {
  Densify: identity,
  Sparsify: identity,
  Finite: finite,
  Require: require,
  RepeatRows: repeatRows,
  Custom: (_, { name }, e) => e.refuse(`${name} is a function of register(): ONNX cannot hold it`),
};
