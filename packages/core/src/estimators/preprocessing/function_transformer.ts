import { BrineError } from '../../errors.js';
import type { GraphBuilder, V } from '../../graph/builder.js';
import { PyDict, PyGlobal, PyInstance, type PyValue } from '../../pickle/values.js';
import { PyPartial } from '../../python/values.js';
import { matrix, toMatrix, type Data } from '../data.js';
import { estimator, type Fitted } from '../estimator.js';
import { asNumber, asText, badState, flag, optional, raw, type Field } from '../fields.js';

/** A function that the transformer calls: its full name, what is fixed beforehand, or null for identity. */
interface Called {
  readonly name: string;
  readonly fixed: PyDict | undefined;
}

/** numpy's functions live in many modules; what decides is that the module is one of numpy's or scipy's. */
const calledFunction: Field<Called | null> = (value, at) => {
  if (value === undefined || value === null) return null;
  if (value instanceof PyGlobal) return { name: value.fullName, fixed: undefined };
  if (value instanceof PyPartial && value.func instanceof PyGlobal && value.args.items.length === 0)
    return { name: value.func.fullName, fixed: value.keywords };
  const ufunc = value instanceof PyInstance && value.name === '_ufunc_reconstruct' ? value.args.items.map(asText) : [];
  if (ufunc[0] !== undefined && ufunc[1] !== undefined) return { name: `${ufunc[0]}.${ufunc[1]}`, fixed: undefined };
  throw badState(at, 'a function', value);
};

const state = {
  func: calledFunction,
  inverse_func: calledFunction,
  kw_args: raw,
  inv_kw_args: raw,
  validate: optional(flag, false),
  feature_names_out: raw,
};
type FunctionTransformer = Fitted<typeof state>;

type Formula = (x: V, g: GraphBuilder, option: (name: string) => number | undefined) => V;

const operator =
  (op: string): Formula =>
  (x, g) =>
    g.node(op, [x]);
const ufunc =
  (name: string): Formula =>
  (x, g) =>
    g.own('Ufunc', [x], { name }, { dtype: 'float64', shape: x.shape, layout: x.layout });
const identity: Formula = (x) => x;

/** Rounds half to even at a decimal place, as numpy does: scale, round, scale back. */
const round: Formula = (x, g, option) => {
  const decimals = option('decimals') ?? 0;
  if (decimals === 0) return g.node('Round', [x]);
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0
    ? g.div(g.node('Round', [g.mul(x, scale)]), scale)
    : g.mul(g.node('Round', [g.div(x, scale)]), scale);
};

const clip: Formula = (x, g, option) => {
  const [low, high] = [option('a_min') ?? option('min'), option('a_max') ?? option('max')];
  const raised = low === undefined ? x : g.max(x, low);
  return high === undefined ? raised : g.min(raised, high);
};

/** Each column minus its mean over the rows at hand, over its standard deviation: depends on the batch. */
const scale: Formula = (x, g, option) => {
  const centred = option('with_mean') === 0 ? x : g.sub(x, g.mean(x, 0));
  if (option('with_std') === 0) return centred;
  const gap = g.sub(x, g.mean(x, 0));
  const deviation = g.sqrt(g.mean(g.mul(gap, gap), 0));
  return g.div(centred, g.where(g.equal(deviation, 0), 1, deviation));
};

/** Functions by name, those of numpy and scipy whatever module the version kept them in. */
const numpyFunctions: Readonly<Record<string, Formula>> = {
  positive: identity,
  log: operator('Log'),
  exp: operator('Exp'),
  sqrt: operator('Sqrt'),
  absolute: operator('Abs'),
  abs: operator('Abs'),
  fabs: operator('Abs'),
  negative: operator('Neg'),
  sign: operator('Sign'),
  floor: operator('Floor'),
  ceil: operator('Ceil'),
  rint: operator('Round'),
  reciprocal: operator('Reciprocal'),
  square: (x, g) => g.mul(x, x),
  sin: operator('Sin'),
  cos: operator('Cos'),
  tan: operator('Tan'),
  arcsin: operator('Asin'),
  arccos: operator('Acos'),
  arctan: operator('Atan'),
  sinh: operator('Sinh'),
  cosh: operator('Cosh'),
  tanh: operator('Tanh'),
  arcsinh: operator('Asinh'),
  arccosh: operator('Acosh'),
  arctanh: operator('Atanh'),
  expit: operator('Sigmoid'),
  radians: ufunc('deg2rad'),
  degrees: ufunc('rad2deg'),
  ...Object.fromEntries(
    ['log1p', 'expm1', 'log2', 'log10', 'exp2', 'cbrt', 'trunc', 'logit', 'deg2rad', 'rad2deg', 'nan_to_num'].map(
      (n) => [n, ufunc(n)],
    ),
  ),
  round,
  round_: round,
  around: round,
  clip,
};

const otherFunctions: Readonly<Record<string, Formula>> = {
  'sklearn.preprocessing._data.scale': scale,
  'sklearn.preprocessing.data.scale': scale,
  'sklearn.utils.validation.check_array': identity,
};

function formulaOf(name: string): Formula | undefined {
  const at = name.lastIndexOf('.');
  if (/^(numpy|scipy\.special)\b/.test(name))
    return Object.hasOwn(numpyFunctions, name.slice(at + 1)) ? numpyFunctions[name.slice(at + 1)] : undefined;
  return Object.hasOwn(otherFunctions, name) ? otherFunctions[name] : undefined;
}

function call(
  m: FunctionTransformer,
  called: Called | null,
  kwargs: PyValue | undefined,
  data: Data,
  g: GraphBuilder,
): Data {
  if (called === null) return data;
  const formula = formulaOf(called.name);
  if (!formula)
    throw new BrineError(
      'UNSUPPORTED',
      `FunctionTransformer calls ${called.name}, which is code and not in the file; teach it with register()`,
      { path: m.estimator.path },
    );
  if (formula === identity) return data;
  const sources = [called.fixed, kwargs instanceof PyDict ? kwargs : undefined];
  const option = (name: string): number | undefined => {
    for (const dict of sources) {
      const value = dict?.get(name);
      if (value !== undefined && value !== null) return asNumber(value);
    }
    return undefined;
  };
  return matrix(formula(toMatrix(data, g), g, option));
}

const functionTransformer = estimator('FunctionTransformer', state, {
  modules: ['sklearn.preprocessing._function_transformer'],
  input: 'data',
  methods: {
    transform: (m, data, g) => call(m, m.func, m.kw_args, data, g),
    inverse_transform: (m, data, g) => call(m, m.inverse_func, m.inv_kw_args, data, g),
  },
  offers: (m, all) =>
    m.feature_names_out === 'one-to-one' ? all : all.filter((name) => name !== 'get_feature_names_out'),
  names: 'same',
});

export const functionTransformers = [functionTransformer];
