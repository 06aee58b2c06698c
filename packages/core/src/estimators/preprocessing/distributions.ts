import type { GraphBuilder, V } from '../../graph/builder.js';
import type { Tensor } from '../../graph/tensor.js';
import { PyInstance } from '../../pickle/values.js';
import { matrix, toDense } from '../data.js';
import { estimator, takes, type Fitted } from '../estimator.js';
import {
  badState,
  child,
  flag,
  list,
  matrixField,
  number,
  oneOf,
  optional,
  text,
  vector,
  type Field,
} from '../fields.js';

const dataModules = ['sklearn.preprocessing._data', 'sklearn.preprocessing.data'];

// ---- QuantileTransformer ----------------------------------------------------------------------------

const quantileState = { quantiles_: matrixField, references_: vector, output_distribution: oneOf('uniform', 'normal') };

function byQuantiles(inverse: boolean) {
  return (m: Fitted<typeof quantileState>, x: V, g: GraphBuilder): V => {
    const attributes = {
      quantiles: m.quantiles_.data as Float64Array,
      references: m.references_.data as Float64Array,
      normal: m.output_distribution === 'normal',
      inverse,
      wide: m.version.before(0, 21),
    };
    return g.own('Quantiles', [x], attributes, { dtype: 'float64', shape: x.shape, layout: x.layout });
  };
}

const quantileTransformer = estimator('QuantileTransformer', quantileState, {
  modules: dataModules,
  input: 'matrix',
  finite: (m) => (m.version.before(0, 20) ? 'all' : 'nan'),
  features: (m) => m.quantiles_.shape[1],
  names: 'same',
  methods: { transform: byQuantiles(false), inverse_transform: byQuantiles(true) },
});

// ---- PowerTransformer -------------------------------------------------------------------------------

const powerState = {
  lambdas_: vector,
  method: optional(oneOf('box-cox', 'yeo-johnson'), 'box-cox'),
  standardize: flag,
  _scaler: optional(child),
};
type Power = Fitted<typeof powerState>;

/** The distance between 1 and the next float64: exponents this near to 0 (or 2) count as that. */
const EPSILON = 2 ** -52;

/** scipy's boxcox: ((x^λ) - 1) / λ by expm1, which stays exact where λ is small. */
function boxCox(x: V, lambda: number, g: GraphBuilder): V {
  const logs = g.log(x);
  if (Math.abs(lambda) < 1e-19) return logs;
  return g.div(ufunc('expm1', g.mul(logs, lambda), g), lambda);
}

function inverseBoxCox(x: V, lambda: number, g: GraphBuilder): V {
  if (lambda === 0) return g.exp(x);
  return g.exp(g.div(ufunc('log1p', g.mul(x, lambda), g), lambda));
}

function ufunc(name: string, x: V, g: GraphBuilder): V {
  return g.own('Ufunc', [x], { name }, { dtype: 'float64', shape: x.shape });
}

function yeoJohnson(x: V, lambda: number, g: GraphBuilder): V {
  const positive = g.greaterOrEqual(x, 0);
  const up = ufunc('log1p', g.max(x, 0), g);
  const down = ufunc('log1p', g.neg(g.min(x, 0)), g);
  const above = Math.abs(lambda) < EPSILON ? up : g.div(ufunc('expm1', g.mul(up, lambda), g), lambda);
  const rest = 2 - lambda;
  const below = Math.abs(rest) > EPSILON ? g.div(ufunc('expm1', g.mul(down, rest), g), -rest) : g.neg(down);
  return g.where(g.isNaN(x), x, g.where(positive, above, below));
}

function inverseYeoJohnson(x: V, lambda: number, g: GraphBuilder): V {
  const positive = g.greaterOrEqual(x, 0);
  const rest = 2 - lambda;
  const above =
    Math.abs(lambda) < EPSILON ? g.sub(g.exp(x), 1) : g.sub(g.pow(g.add(g.mul(x, lambda), 1), 1 / lambda), 1);
  const below =
    Math.abs(rest) > EPSILON ? g.sub(1, g.pow(g.add(g.mul(x, -rest), 1), 1 / rest)) : g.sub(1, g.exp(g.neg(x)));
  return g.where(g.isNaN(x), x, g.where(positive, above, below));
}

const lambdasOf = (m: Power): number[] => Array.from(m.lambdas_.data as Float64Array);

const powerTransformer = estimator('PowerTransformer', powerState, {
  modules: dataModules,
  finite: 'nan',
  features: (m) => m.lambdas_.data.length,
  names: 'same',
  methods: {
    transform: (m, x, g) => {
      const boxed = m.method === 'box-cox';
      const message = 'The Box-Cox transformation can only be applied to strictly positive data';
      const flat = boxed
        ? g.own('Require', [x, g.not(g.lessOrEqual(x, 0))], { message }, { dtype: 'float64', shape: x.shape })
        : x;
      const columns = lambdasOf(m).map((lambda, i) => {
        const column = g.columns(flat, [i]);
        return boxed ? boxCox(column, lambda, g) : yeoJohnson(column, lambda, g);
      });
      const out = g.concat(columns);
      return m.standardize && m._scaler ? toDense(m._scaler.transform(matrix(out), g), g) : out;
    },
    inverse_transform: takes('dense', (m, x, g) => {
      const plain = m.standardize && m._scaler ? toDense(m._scaler.transform(matrix(x), g, 'inverse_transform'), g) : x;
      const columns = lambdasOf(m).map((lambda, i) => {
        const column = g.columns(plain, [i]);
        return m.method === 'box-cox' ? inverseBoxCox(column, lambda, g) : inverseYeoJohnson(column, lambda, g);
      });
      return g.concat(columns);
    }),
  },
});

// ---- SplineTransformer ------------------------------------------------------------------------------

interface SavedSpline {
  readonly knots: Float64Array;
  readonly coefficients: Tensor;
  readonly degree: number;
}

/** scipy.interpolate.BSpline; 1.14 renamed t and c. */
const savedSpline: Field<SavedSpline> = (value, at) => {
  if (!(value instanceof PyInstance)) throw badState(at, 'a B-spline', value);
  const read = <T>(field: Field<T>, ...names: string[]): T => {
    const name = names.find((n) => value.attribute(n) !== undefined) ?? names[0];
    return field(value.attribute(name), { owner: at.owner, path: `${at.path}.${name}` });
  };
  return {
    knots: Float64Array.from(read(vector, 't', '_t').data as Float64Array),
    coefficients: read(matrixField, 'c', '_c'),
    degree: read(number, 'k'),
  };
};

const splineState = {
  bsplines_: list(savedSpline),
  extrapolation: oneOf('error', 'constant', 'linear', 'continue', 'periodic'),
  include_bias: flag,
  sparse_output: optional(flag, false),
  handle_missing: optional(text, 'error'),
};

const splineTransformer = estimator('SplineTransformer', splineState, {
  modules: ['sklearn.preprocessing._polynomial'],
  finite: (m) => (m.handle_missing === 'zeros' ? 'nan' : 'all'),
  features: (m) => m.bsplines_.length,
  methods: {
    transform: (m, x, g) => {
      const attributes = {
        columns: m.bsplines_.map(({ knots, coefficients }) => ({ knots, coefficients })),
        degree: m.bsplines_[0]?.degree ?? 0,
        extrapolation: m.extrapolation,
        missingAsZero: m.handle_missing === 'zeros',
        includeBias: m.include_bias,
      };
      const width = splinesPerFeature(m) * m.bsplines_.length;
      const out = g.own('SplineBasis', [x], attributes, { dtype: 'float64', shape: [x.shape[0] ?? null, width] });
      return m.sparse_output ? g.sparse(out) : out;
    },
  },
  names: (m, input) =>
    m.bsplines_.flatMap((_, i) =>
      Array.from({ length: splinesPerFeature(m) }, (__, j) => `${input[i] ?? `x${i}`}_sp_${j}`),
    ),
});

function splinesPerFeature(m: Fitted<typeof splineState>): number {
  return (m.bsplines_[0]?.coefficients.shape[1] ?? 0) - (m.include_bias ? 0 : 1);
}

export const distributionTransformers = [quantileTransformer, powerTransformer, splineTransformer];
