import { BrineError } from '../../errors.js';
import type { GraphBuilder, V } from '../../graph/builder.js';
import { int64 } from '../../graph/tensor.js';
import { PyDict, PyGlobal, PyInstance, type PyValue } from '../../pickle/values.js';
import { PyPartial } from '../../python/values.js';
import { matrix, toMatrix, type Data } from '../data.js';
import { normalized } from './data.js';
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

/** What a call says beside the input. */
interface Options {
  number(name: string): number | undefined;
  text(name: string): string | undefined;
  /** True where the input's numbers are integers, which the matrix no longer tells. */
  readonly whole: boolean;
}

type Formula = (x: V, g: GraphBuilder, options: Options) => V;

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
const round: Formula = (x, g, options) => {
  const decimals = options.number('decimals') ?? 0;
  if (decimals === 0) return g.node('Round', [x]);
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0
    ? g.div(g.node('Round', [g.mul(x, scale)]), scale)
    : g.mul(g.node('Round', [g.div(x, scale)]), scale);
};

const clip: Formula = (x, g, options) => {
  const [low, high] = [
    options.number('a_min') ?? options.number('min'),
    options.number('a_max') ?? options.number('max'),
  ];
  const raised = low === undefined ? x : g.max(x, low);
  return high === undefined ? raised : g.min(raised, high);
};

/** Each column minus its mean over the rows at hand, over its standard deviation: depends on the batch. */
const scale: Formula = (x, g, options) => {
  const centred = options.number('with_mean') === 0 ? x : g.sub(x, g.mean(x, 0));
  if (options.number('with_std') === 0) return centred;
  const gap = g.sub(x, g.mean(x, 0));
  const deviation = g.sqrt(g.mean(g.mul(gap, gap), 0));
  return g.div(centred, g.where(g.equal(deviation, 0), 1, deviation));
};

const cumulative: Formula = (x, g, options) => {
  const axis = options.number('axis');
  if (axis === undefined)
    throw new BrineError('UNSUPPORTED', 'numpy.cumsum without an axis makes one row of all values');
  return g.node('CumSum', [g.dense(x), g.constant(int64([], [axis]))]);
};

/** Integers stay integers: of all but 1 and -1 nothing is left, and 0 becomes the least one. */
const reciprocal: Formula = (x, g, { whole }) =>
  whole ? g.where(g.equal(g.abs(x), 1), x, g.where(g.equal(x, 0), -(2 ** 63), 0)) : g.node('Reciprocal', [x]);

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
  reciprocal,
  cumsum: cumulative,
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

/** Rows over their norm, whose kind is a word and not a number. */
const normalize: Formula = (x, g, options) => {
  if ((options.number('axis') ?? 1) !== 1)
    throw new BrineError('UNSUPPORTED', 'normalize along columns depends on the rows at hand');
  return normalized(x, kindOf(options.text('norm') ?? 'l2'), false, g);
};

function kindOf(norm: string): 'l1' | 'l2' | 'max' {
  if (norm === 'l1' || norm === 'l2' || norm === 'max') return norm;
  throw new BrineError('BAD_STATE', `${JSON.stringify(norm)} is no norm`);
}

const otherFunctions: Readonly<Record<string, Formula>> = {
  'sklearn.preprocessing._data.scale': scale,
  'sklearn.preprocessing.data.scale': scale,
  'sklearn.preprocessing._data.normalize': normalize,
  'sklearn.preprocessing.data.normalize': normalize,
  'sklearn.utils.fixes.expit': operator('Sigmoid'),
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
  const find = (name: string): PyValue | undefined =>
    sources.map((dict) => dict?.get(name)).find((value) => value !== undefined && value !== null);
  const options: Options = {
    number: (name) => asNumber(find(name)),
    text: (name) => asText(find(name)),
    whole: data.kind === 'matrix' && /^u?int/.test(data.value.dtype),
  };
  return matrix(formula(toMatrix(data, g), g, options));
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
