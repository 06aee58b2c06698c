import type { GraphBuilder, V } from '../graph/builder.js';
import type { Ensemble } from '../graph/ensemble.js';
import { BrineError } from '../errors.js';
import { readInts } from '../graph/node-field.js';
import { PyInstance } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';
import { estimator, type Estimator, type Finite, type Fitted } from './estimator.js';
import { badState, child, integers, list, number, optional, text, vector, type Reading } from './fields.js';
import { ensembleOf, treeSums } from './tree.js';
import { needColumn, savedTree, withValues } from './tree_nodes.js';
import type { Version } from './version.js';

const state = {
  estimators_: list(child),
  estimators_features_: list(integers),
  max_samples_: optional(number),
  _max_samples: optional(number),
  offset_: optional(number),
  threshold_: optional(vector),
  _threshold_: optional(vector),
  behaviour: optional(text, 'new'),
  // Since 1.3 both are kept, and what they say is what counts.
  _decision_path_lengths: optional(list(vector)),
  _average_path_length_per_tree: optional(list(vector)),
};
type Forest = Fitted<typeof state>;

const EULER_GAMMA = 0.5772156649015329;

/** The mean path length in a tree of n samples. Before 0.21 a single sample counted as a path of 1. */
function averagePathLength(n: number, version: Version): number {
  const since = version.atLeast(0, 21);
  if (n <= 1) return since ? 0 : 1;
  if (since && n === 2) return 1;
  // 0.18 took the logarithm of n, and fewer digits.
  if (version.before(0, 19)) return 2 * (Math.log(n) + 0.5772156649) - (2 * (n - 1)) / n;
  return 2 * (Math.log(n - 1) + EULER_GAMMA) - (2 * (n - 1)) / n;
}

/** The path length that each node stands for: the nodes on the way to it, and what its samples would add. */
function pathLengths(e: Estimator, version: Version): Float64Array {
  const at: Reading = { owner: e, path: `${e.path}.tree_` };
  const saved = e.instance.attribute('tree_');
  const table = saved instanceof PyInstance ? saved.attribute('nodes') : undefined;
  const { nodes } = savedTree(saved, at);
  if (!(table instanceof NdArray)) throw badState(at, 'a node table', table);
  const { count } = nodes;
  const column = (field: typeof nodes.left): Int32Array => {
    const out = new Int32Array(count);
    readInts(field, count, out);
    return out;
  };
  const [left, right, samples] = [nodes.left, nodes.right, needColumn(table, 'n_node_samples', at)].map(column);
  const depth = new Int32Array(count);
  depth[0] = 1;
  for (let i = 0; i < count; i++) {
    if (left[i] < 0) continue;
    for (const next of [left[i], right[i]]) {
      // Trees are grown depth first, so that children come after their parents.
      if (next <= i || next >= count)
        throw new BrineError('CORRUPT', `node ${i} of ${count} has the child ${next}`, { path: at.path });
      depth[next] = depth[i] + 1;
    }
  }
  return Float64Array.from(depth, (d, i) => d + averagePathLength(samples[i], version) - 1);
}

/** As the forest itself keeps them. */
function keptLengths(m: Forest, tree: number): Float64Array | undefined {
  const [depths, rest] = [m._decision_path_lengths?.[tree]?.data, m._average_path_length_per_tree?.[tree]?.data];
  if (depths === undefined || rest === undefined || depths.length !== rest.length) return undefined;
  return Float64Array.from(depths as Float64Array, (d, i) => d + Number(rest[i]) - 1);
}

function ensemble(m: Forest): Ensemble {
  return ensembleOf(m.estimator, 'depths', () => ({
    nFeatures: m.nFeatures ?? 0,
    comparison: 'f32',
    outputs: 1,
    trees: m.estimators_.map((e, i) =>
      withValues(
        savedTree(e.instance.attribute('tree_'), { owner: e, path: `${e.path}.tree_` }),
        keptLengths(m, i) ?? pathLengths(e, m.version),
        { features: Int32Array.from(m.estimators_features_[i]), output: 0 },
      ),
    ),
  }));
}

/** Anomaly scores in 0 … 1: [n]. */
function scores(m: Forest, x: V, g: GraphBuilder): V {
  const depths = g.flatten(treeSums(ensemble(m), x, g));
  const samples = m._max_samples ?? m.max_samples_ ?? 0;
  const denominator = m.estimators_.length * averagePathLength(samples, m.version);
  return g.pow(2, g.neg(denominator === 0 ? g.add(g.mul(depths, 0), 1) : g.div(depths, denominator)));
}

const scoreSamples = (m: Forest, x: V, g: GraphBuilder): V => g.neg(scores(m, x, g));

function decision(m: Forest, x: V, g: GraphBuilder): V {
  if (m.version.before(0, 20)) return g.sub(0.5, scores(m, x, g));
  return g.sub(scoreSamples(m, x, g), m.offset_ ?? 0);
}

/** Below 0 is an outlier; before 0.20 (and with behaviour='old' until 0.21) below a threshold of its own. */
function predict(m: Forest, x: V, g: GraphBuilder): V {
  const score = decision(m, x, g);
  const at = (threshold: { data: unknown } | undefined): number =>
    (threshold?.data as Float64Array | undefined)?.[0] ?? 0;
  let out: V;
  if (m.version.before(0, 20)) out = g.lessOrEqual(score, at(m.threshold_));
  else if (m.version.before(0, 22) && m.behaviour === 'old') out = g.less(score, at(m._threshold_));
  else out = g.less(score, 0);
  return g.cast(g.where(out, -1, 1), 'int64');
}

const isolationForest = estimator('IsolationForest', state, {
  modules: ['sklearn.ensemble._iforest', 'sklearn.ensemble.iforest'],
  input: 'matrix',
  // Since 1.6 nothing is checked: infinities go the way of the largest numbers.
  finite: (m): Finite => (m.version.atLeast(1, 6) ? 'any' : 'float32'),
  offers: (m, all) => (m.version.atLeast(0, 20) ? all : all.filter((name) => name !== 'score_samples')),
  methods: { predict, decision_function: decision, score_samples: scoreSamples },
});

export const isolationForests = [isolationForest];
