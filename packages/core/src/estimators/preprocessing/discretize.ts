import type { GraphBuilder, V } from '../../graph/builder.js';
import { float64, type Tensor } from '../../graph/tensor.js';
import { matrix, toDense, type Data } from '../data.js';
import { estimator, takes, type Fitted } from '../estimator.js';
import { child, globalName, list, number, oneOf, optional, vector } from '../fields.js';

const dataModules = ['sklearn.preprocessing._data', 'sklearn.preprocessing.data'];

const binarizer = estimator(
  'Binarizer',
  { threshold: number },
  {
    modules: dataModules,
    input: 'matrix',
    names: 'same',
    methods: {
      transform: (m, x, g) => {
        const ones = g.cast(g.greater(g.dense(x), m.threshold), 'float64');
        return x.layout === 'csr' ? g.sparse(ones) : ones;
      },
    },
  },
);

// ---- KBinsDiscretizer -------------------------------------------------------------------------------

const binsState = {
  bin_edges_: list(vector),
  n_bins_: vector,
  encode: oneOf('ordinal', 'onehot', 'onehot-dense'),
  _encoder: optional(child),
  dtype: optional(globalName, ''),
};
type Bins = Fitted<typeof binsState>;

const edgesOf = (t: Tensor): Float64Array => t.data as Float64Array;

/**
 * The number of each value's bin. Before 1.1 values were raised by a little, so that those that decimals put
 * just below an edge fall above it, and the last edge counted.
 */
function binOf(m: Bins, input: V, g: GraphBuilder): V {
  const x = m.dtype.endsWith('float32') ? g.cast(g.cast(input, 'float32'), 'float64') : input;
  const type = { dtype: 'float64', shape: x.shape } as const;
  if (m.version.atLeast(1, 1))
    return g.own('Digitize', [x], { edges: m.bin_edges_.map((e) => edgesOf(e).subarray(1, -1)) }, type);
  const raised = g.add(x, g.add(g.mul(g.abs(x), 1e-5), 1e-8));
  const bins = g.own('Digitize', [raised], { edges: m.bin_edges_.map((e) => edgesOf(e).subarray(1)) }, type);
  const most = float64(
    m.n_bins_.shape,
    edgesOf(m.n_bins_).map((n) => n - 1),
  );
  return g.max(g.min(bins, most), 0);
}

function centres(m: Bins, data: Data, g: GraphBuilder): V {
  const bins = m.encode === 'ordinal' ? data : m._encoder!.transform(data, g, 'inverse_transform');
  const index = g.cast(toDense(bins, g), 'int64');
  const columns = m.bin_edges_.map((edges, c) => {
    const e = edgesOf(edges);
    const middle = Float64Array.from({ length: Math.max(e.length - 1, 0) }, (_, i) => (e[i + 1] + e[i]) * 0.5);
    return g.gather(float64([middle.length], middle), g.columns(index, [c]), 0);
  });
  return g.concat(columns);
}

const kBins = estimator('KBinsDiscretizer', binsState, {
  modules: ['sklearn.preprocessing._discretization'],
  features: (m) => m.bin_edges_.length,
  methods: {
    transform: (m, x, g) => {
      const bins = binOf(m, x, g);
      return m.encode === 'ordinal' ? bins : m._encoder!.transform(matrix(bins), g);
    },
    inverse_transform: takes('data', centres),
  },
  names: (m, input) => (m._encoder ? m._encoder.outputNames(input) : input),
});

// ---- KernelCenterer ---------------------------------------------------------------------------------

const centererState = { K_fit_rows_: vector, K_fit_all_: number };

/** A kernel matrix between new and fitted rows, centred in feature space: [n, fitted]. */
export function centredKernel(m: Fitted<typeof centererState>, k: V, g: GraphBuilder): V {
  const rows = g.div(g.sum(k, 1), m.K_fit_rows_.data.length);
  return g.add(g.sub(g.sub(k, m.K_fit_rows_), rows), m.K_fit_all_);
}

const kernelCenterer = estimator('KernelCenterer', centererState, {
  modules: dataModules,
  features: (m) => m.K_fit_rows_.data.length,
  methods: { transform: centredKernel },
  names: (m) => Array.from({ length: m.K_fit_rows_.data.length }, (_, i) => `kernelcenterer${i}`),
});

export const discretizers = [binarizer, kBins, kernelCenterer];
