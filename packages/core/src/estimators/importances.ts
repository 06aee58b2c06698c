import { BrineError } from '../errors.js';
import { readFloat } from '../graph/node-field.js';
import { PyInstance, type PyValue } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';
import type { Estimator } from './estimator.js';
import { array, asNumber, sequenceOf, type Reading } from './fields.js';
import { pairwiseSum } from './numpy_sums.js';
import { needColumn } from './tree_nodes.js';

/**
 * Feature importances as a fitted estimator's `coef_` or `feature_importances_` gives them; those of trees are
 * not in the file, but follow from the nodes' impurities.
 */
export interface Importances {
  /** [p], or [k × p] for the coefficients of several outputs. */
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

const isForest = /^(RandomForest|ExtraTrees|RandomTreesEmbedding)/;

/** Throws UNSUPPORTED if they cannot be told from the file. */
export function importancesOf(inner: Estimator, getter: PyValue | undefined): Importances {
  const wanted = getter === undefined || getter === null || getter === 'auto' ? undefined : getter;
  if (wanted !== undefined && typeof wanted !== 'string')
    throw new BrineError('UNSUPPORTED', 'importance_getter is a Python function', { path: inner.path });
  let owner: Estimator = inner;
  let name: string | undefined;
  // `named_steps.clf.coef_` and the like.
  if (wanted !== undefined) {
    const parts = wanted.split('.');
    name = parts.pop();
    owner = parts.reduce(follow, inner);
  }
  const at: Reading = { owner, path: `${owner.path}.${name ?? 'coef_'}` };
  const held = name === undefined ? owner.instance.attribute('coef_') : owner.instance.attribute(name);
  const saved = held ?? (name === undefined ? owner.instance.attribute('feature_importances_') : undefined);
  if (saved !== undefined) {
    const t = array(saved, at);
    return { data: t.data as Float64Array, shape: t.shape };
  }
  const data = ofTrees(owner);
  return { data, shape: [data.length] };
}

function follow(owner: Estimator, part: string): Estimator {
  const { instance, path } = owner;
  let value = instance.attribute(part);
  if (part === 'named_steps' || instance.name === 'Pipeline')
    value =
      part === 'named_steps'
        ? instance
        : sequenceOf(instance.attribute('steps'))
            .map(sequenceOf)
            .find(([label]) => label === part)?.[1];
  if (!(value instanceof PyInstance))
    throw new BrineError('UNSUPPORTED', `importance_getter: ${owner.name} has no ${part}`, { path });
  return value === instance ? owner : owner.bind(value, `${path}.${part}`);
}

/** Impurity decreases of one tree by feature. Source: sklearn/tree/_tree.pyx, compute_feature_importances */
function ofTree(saved: PyInstance, features: number, normalise: boolean, at: Reading): Float64Array | undefined {
  const tree = saved.attribute('tree_') ?? saved;
  const nodes = tree instanceof PyInstance ? tree.attribute('nodes') : undefined;
  if (!(nodes instanceof NdArray)) throw new BrineError('BAD_STATE', 'a tree without nodes', { path: at.path });
  const [left, right, feature, impurity, weight] = [
    'left_child',
    'right_child',
    'feature',
    'impurity',
    'weighted_n_node_samples',
  ].map((name) => {
    const column = needColumn(nodes, name, at);
    return Float64Array.from({ length: column.count }, (_, i) => readFloat(column, i));
  }) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const out = new Float64Array(features);
  const count = nodes.size;
  if (count <= 1) return undefined;
  for (let i = 0; i < count; i++) {
    const [l, r, f] = [left[i], right[i], feature[i]];
    if (l === -1) continue;
    if (!(l > 0 && l < count && r > 0 && r < count && f >= 0 && f < features))
      throw new BrineError('BAD_STATE', `node ${i} has children or a feature that are not there`, { path: at.path });
    out[f] += weight[i] * impurity[i] - weight[l] * impurity[l] - weight[r] * impurity[r];
  }
  for (let f = 0; f < features; f++) out[f] /= weight[0];
  const total = pairwiseSum(out);
  if (normalise && total > 0) for (let f = 0; f < features; f++) out[f] /= total;
  return out;
}

function ofTrees(owner: Estimator): Float64Array {
  const { instance, name, version, path } = owner;
  const features = owner.nFeatures ?? 0;
  const at: Reading = { owner, path };
  const parts = sequenceOf(instance.attribute('estimators_')).filter((t): t is PyInstance => t instanceof PyInstance);
  const none = new Float64Array(features);
  if (instance.attribute('tree_') !== undefined) return ofTree(instance, features, true, at) ?? none;
  if (isForest.test(name)) {
    const each = parts.map((t) => ofTree(t, features, true, at));
    if (version.before(0, 21)) {
      const sum = added(
        each.map((e) => e ?? none),
        features,
      );
      return sum.map((v) => v / parts.length);
    }
    const grown = each.filter((e) => e !== undefined);
    return grown.length === 0 ? none : normalised(added(grown, features).map((v) => v / grown.length));
  }
  if (name.startsWith('GradientBoosting')) {
    if (version.before(0, 21)) {
      const sum = added(
        parts.map((t) => ofTree(t, features, true, at) ?? none),
        features,
      );
      return sum.map((v) => v / parts.length);
    }
    const grown = parts.map((t) => ofTree(t, features, false, at)).filter((e) => e !== undefined);
    return grown.length === 0 ? none : normalised(added(grown, features).map((v) => v / grown.length));
  }
  if (name.startsWith('AdaBoost')) {
    const weights = Float64Array.from(sequenceOf(instance.attribute('estimator_weights_')), (w) => asNumber(w) ?? 0);
    const norm = pairwiseSum(weights.subarray(0, weights.length));
    const scaled = parts.map((t, i) =>
      importancesOf(owner.bind(t, `${path}.estimators_[${i}]`), undefined).data.map((v) => v * weights[i]),
    );
    return added(scaled, features).map((v) => v / norm);
  }
  throw new BrineError('UNSUPPORTED', `${name} has neither coef_ nor feature_importances_`, { path });
}

function added(rows: readonly Float64Array[], features: number): Float64Array {
  const out = new Float64Array(features);
  for (const row of rows) for (let f = 0; f < features; f++) out[f] += row[f];
  return out;
}

function normalised(x: Float64Array): Float64Array {
  const total = pairwiseSum(x);
  return x.map((v) => v / total);
}
