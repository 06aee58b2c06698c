import type { GraphBuilder, V } from '../builder.js';
import type { Comparison } from '../ensemble.js';
import { float64, type Tensor } from '../tensor.js';
import { typeOf } from './build.js';
import { LT, type TreeArrays } from './tree-arrays.js';

/** What leaves add: a number each, to one of the outputs. */
export interface Leaves {
  readonly weights: Float64Array;
  readonly targets: Int32Array;
  readonly outputs: number;
}

/** TreeEnsemble of ai.onnx.ml 5, in float64: [n, outputs]. */
export function treeEnsemble(
  g: GraphBuilder,
  x: V,
  arrays: TreeArrays,
  columns: Int32Array | undefined,
  { weights, targets, outputs }: Leaves,
): V {
  const feature = columns ? arrays.feature.map((f) => columns[f]) : arrays.feature;
  const attributes = {
    n_targets: outputs,
    aggregate_function: 1,
    post_transform: 0,
    tree_roots: arrays.roots,
    nodes_featureids: feature,
    nodes_splits: float64([arrays.inner], arrays.threshold),
    nodes_modes: { dtype: 'uint8', shape: [arrays.inner], data: arrays.mode } satisfies Tensor,
    nodes_truenodeids: arrays.whenTrue,
    nodes_falsenodeids: arrays.whenFalse,
    nodes_trueleafs: arrays.trueLeaf,
    nodes_falseleafs: arrays.falseLeaf,
    ...(arrays.missingTrue ? { nodes_missing_value_tracks_true: arrays.missingTrue } : {}),
    ...(arrays.members.length > 0 ? { membership_values: memberValues(arrays.members) } : {}),
    leaf_targetids: targets,
    leaf_weights: float64([arrays.leaves], weights),
  };
  const type = typeOf('float64', [x.shape[0] ?? null, outputs]);
  return g.typed('TreeEnsemble', [x], attributes, [type], 'ai.onnx.ml')[0];
}

/** The sets of the nodes one after another, each ended by NaN. onnxruntime wants none to be empty: no category is -1. */
function memberValues(members: readonly (readonly number[])[]): Tensor {
  const values = Float64Array.from(members.flatMap((set) => (set.length > 0 ? [...set, NaN] : [-1, NaN])));
  return float64([values.length], values);
}

/**
 * TreeEnsembleRegressor of older runtimes: [n, outputs] in float32, which is exact for the places of leaves. Thresholds
 * of trees that compare float32 are float32 themselves, rounded so that every comparison comes out the same; those of
 * float64 trees are a tensor (ai.onnx.ml 3).
 */
export function classicEnsemble(
  g: GraphBuilder,
  x: V,
  arrays: TreeArrays,
  { weights, targets, outputs }: Leaves,
  comparison: Comparison,
): V {
  const { inner, leaves } = arrays;
  const count = inner + leaves;
  const ids = { tree: new Int32Array(count), node: new Int32Array(count) };
  const modes = new Array<string>(count);
  const feature = new Int32Array(count);
  const value = new Float64Array(count);
  const whenTrue = new Int32Array(count);
  const whenFalse = new Int32Array(count);
  const missing = new Int32Array(count);
  const trees = arrays.roots.length;
  // Nodes of a tree: its inner nodes, then its leaves, numbered from the root.
  let leafAt = 0;
  let at = 0;
  const leafTree: number[] = [];
  const leafNode: number[] = [];
  for (let t = 0; t < trees; t++) {
    const first = arrays.roots[t];
    const end = t + 1 < trees ? arrays.roots[t + 1] : inner;
    const firstLeaf = leafAt;
    while (leafAt < leaves && arrays.leafTree[leafAt] === t) leafAt++;
    const lone = end - first === 1 && leafAt - firstLeaf === 1;
    const size = lone ? 0 : end - first;
    const child = (place: number, isLeaf: number): number => (isLeaf !== 0 ? size + place - firstLeaf : place - first);
    for (let i = first; !lone && i < end; i++, at++) {
      ids.tree[at] = t;
      ids.node[at] = i - first;
      modes[at] = arrays.mode[i] === LT ? 'BRANCH_LT' : 'BRANCH_LEQ';
      feature[at] = arrays.feature[i];
      value[at] = comparison === 'f64' ? arrays.threshold[i] : atMostSingle(arrays.threshold[i], arrays.mode[i] === LT);
      whenTrue[at] = child(arrays.whenTrue[i], arrays.trueLeaf[i]);
      whenFalse[at] = child(arrays.whenFalse[i], arrays.falseLeaf[i]);
      missing[at] = arrays.missingTrue?.[i] ?? 0;
    }
    for (let leaf = firstLeaf; leaf < leafAt; leaf++, at++) {
      ids.tree[at] = t;
      ids.node[at] = size + leaf - firstLeaf;
      modes[at] = 'LEAF';
      leafTree.push(t);
      leafNode.push(ids.node[at]);
    }
  }
  const upTo = (a: Int32Array): Int32Array => a.subarray(0, at);
  const wide = comparison === 'f64';
  const attributes = {
    n_targets: outputs,
    aggregate_function: 'SUM',
    post_transform: 'NONE',
    nodes_treeids: upTo(ids.tree),
    nodes_nodeids: upTo(ids.node),
    nodes_featureids: upTo(feature),
    nodes_modes: modes.slice(0, at),
    ...(wide
      ? { nodes_values_as_tensor: float64([at], value.subarray(0, at)) }
      : { nodes_values: Float32Array.from(value.subarray(0, at)) }),
    nodes_truenodeids: upTo(whenTrue),
    nodes_falsenodeids: upTo(whenFalse),
    nodes_missing_value_tracks_true: upTo(missing),
    target_treeids: leafTree,
    target_nodeids: leafNode,
    target_ids: targets,
    ...(wide
      ? { target_weights_as_tensor: float64([leaves], weights) }
      : { target_weights: Float32Array.from(weights) }),
  };
  const type = typeOf('float32', [x.shape[0] ?? null, outputs]);
  return g.typed('TreeEnsembleRegressor', [x], attributes, [type], 'ai.onnx.ml')[0];
}

/** The float32 that every float32 x compares with as with `threshold`: the one below for x <= it, above for x < it. */
export function atMostSingle(threshold: number, strict: boolean): number {
  const near = Math.fround(threshold);
  if (strict ? near >= threshold : near <= threshold) return near;
  if (!Number.isFinite(near)) return strict ? Infinity : near > 0 ? 3.4028234663852886e38 : -Infinity;
  const bits = new Int32Array(Float32Array.of(near).buffer);
  const up = strict;
  if (near === 0) bits[0] = up ? 1 : 0x80000001 | 0;
  else bits[0] += near > 0 === up ? 1 : -1;
  return new Float32Array(bits.buffer)[0];
}
