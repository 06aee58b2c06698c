import type { GraphBuilder, V } from '../../graph/builder.js';
import { estimator, type Finite, type Fitted } from '../estimator.js';
import { flag, oneOf, optional, requireFitted, vector, tupleOf, number } from '../fields.js';
import type { Version } from '../version.js';

const scalerModules = ['sklearn.preprocessing._data', 'sklearn.preprocessing.data'];

/** Missing values pass through scalers since 0.20; before, they were refused. */
const missingPass = (version: Version): Finite => (version.before(0, 20) ? 'all' : 'nan');

/** (x - center) / scale, each where it is there: float64 [p]. */
function centred(x: V, center: V | undefined, scale: V | undefined, g: GraphBuilder): V {
  const shifted = center ? g.sub(x, center) : x;
  return scale ? g.div(shifted, scale) : shifted;
}

function restored(x: V, center: V | undefined, scale: V | undefined, g: GraphBuilder): V {
  const stretched = scale ? g.mul(x, scale) : x;
  return center ? g.add(stretched, center) : stretched;
}

const standardState = {
  mean_: optional(vector),
  // 0.16 called it std_.
  scale_: optional(vector),
  std_: optional(vector),
  with_mean: optional(flag, true),
  with_std: optional(flag, true),
};

type Standard = Fitted<typeof standardState>;

function standardParts(m: Standard, g: GraphBuilder): [V | undefined, V | undefined] {
  requireFitted(m.estimator);
  const scale = m.scale_ ?? m.std_;
  return [m.with_mean && m.mean_ ? g.value(m.mean_) : undefined, m.with_std && scale ? g.value(scale) : undefined];
}

const standardScaler = estimator('StandardScaler', standardState, {
  modules: scalerModules,
  input: 'matrix',
  features: (m) => (m.scale_ ?? m.mean_ ?? m.std_)?.shape[0],
  names: 'same',
  // Its way back has never looked.
  finite: (m, method) => (method === 'transform' ? missingPass(m.version) : 'nan'),
  methods: {
    transform: (m, x, g) => centred(x, ...standardParts(m, g), g),
    inverse_transform: (m, x, g) => restored(x, ...standardParts(m, g), g),
  },
});

const robustState = {
  center_: optional(vector),
  scale_: optional(vector),
  with_centering: optional(flag, true),
  with_scaling: optional(flag, true),
};

/** Sparse rows are scaled and never centred, even by a scaler that was fitted on dense ones. */
function robustParts(m: Fitted<typeof robustState>, x: V, g: GraphBuilder): [V | undefined, V | undefined] {
  requireFitted(m.estimator);
  return [
    m.with_centering && m.center_ && x.layout === 'dense' ? g.value(m.center_) : undefined,
    m.with_scaling && m.scale_ ? g.value(m.scale_) : undefined,
  ];
}

const robustScaler = estimator('RobustScaler', robustState, {
  modules: scalerModules,
  input: 'matrix',
  features: (m) => (m.scale_ ?? m.center_)?.shape[0],
  names: 'same',
  finite: (m) => missingPass(m.version),
  methods: {
    transform: (m, x, g) => centred(x, ...robustParts(m, x, g), g),
    inverse_transform: (m, x, g) => restored(x, ...robustParts(m, x, g), g),
  },
});

const maxAbsScaler = estimator(
  'MaxAbsScaler',
  { scale_: vector, clip: optional(flag, false) },
  {
    modules: scalerModules,
    input: 'matrix',
    features: (m) => m.scale_.shape[0],
    names: 'same',
    finite: (m) => missingPass(m.version),
    methods: {
      transform: (m, x, g) => {
        const scaled = g.div(x, m.scale_);
        return m.clip ? g.max(g.min(g.dense(scaled), 1), -1) : scaled;
      },
      inverse_transform: (m, x, g) => g.mul(x, m.scale_),
    },
  },
);

const minMaxScaler = estimator(
  'MinMaxScaler',
  { scale_: vector, min_: vector, clip: optional(flag, false), feature_range: tupleOf(number, number) },
  {
    modules: scalerModules,
    features: (m) => m.scale_.shape[0],
    names: 'same',
    finite: (m) => missingPass(m.version),
    methods: {
      transform: (m, x, g) => {
        const scaled = g.add(g.mul(x, m.scale_), m.min_);
        return m.clip ? g.min(g.max(scaled, m.feature_range[0]), m.feature_range[1]) : scaled;
      },
      inverse_transform: (m, x, g) => g.div(g.sub(x, m.min_), m.scale_),
    },
  },
);

/** Rows over their norm: [n, p], dense or CSR. A row of zeros stays as it is. */
export function normalized(x: V, kind: 'l1' | 'l2' | 'max', signed: boolean, g: GraphBuilder): V {
  const size = kind === 'max' && signed ? x : g.abs(x);
  const norm = kind === 'l1' ? g.sum(size, 1) : kind === 'l2' ? g.reduceL2(x, 1) : g.reduceMax(g.dense(size), 1);
  return g.div(x, g.where(g.equal(norm, 0), 1, norm));
}

const normalizer = estimator(
  'Normalizer',
  { norm: oneOf('l1', 'l2', 'max') },
  {
    modules: scalerModules,
    input: 'matrix',
    names: 'same',
    methods: {
      transform: (m, x, g) => {
        // Before 0.23 the largest value of a row was its norm, negative ones not counted by their size.
        return normalized(x, m.norm, m.version.before(0, 23), g);
      },
    },
  },
);

export const preprocessors = [standardScaler, robustScaler, maxAbsScaler, minMaxScaler, normalizer];
