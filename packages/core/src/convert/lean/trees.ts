/** Fields of tree nodes that no prediction reads, set to zero: they cost nothing once the file is compressed. */
import { PyDict, type PyInstance } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';

/** What was zeroed in one tree, in bytes. */
export type Zeroed = ReadonlyMap<string, number>;

/** Of scikit-learn's trees: feature importances, pruning and explanations read these. */
const treeFields = ['impurity', 'weighted_n_node_samples'];
/** Of histogram boosting: from training, for partial dependence and plots. */
const histFields = ['gain', 'count', 'depth', 'bin_threshold'];

/** What of a forest's trees is part of an answer. */
export interface Needed {
  /** Rows per node. */
  readonly counts: boolean;
  /** Impurities and weighted rows. */
  readonly importances: boolean;
}

/** Zeroes what a `Tree` does not need, in copies of its arrays. */
export function leanTree(tree: PyInstance, needed: Needed): Zeroed {
  const zeroed = new Map<string, number>();
  const { state } = tree;
  if (!(state instanceof PyDict)) return zeroed;
  const nodes = state.get('nodes');
  if (!(nodes instanceof NdArray)) return zeroed;
  const fields = [...(needed.importances ? [] : treeFields), ...(needed.counts ? [] : ['n_node_samples'])];
  const lean = withoutFields(nodes, fields, zeroed);
  if (lean) state.set('nodes', lean);
  const values = state.get('values');
  const leaves = leavesOf(nodes, 'left_child');
  if (values instanceof NdArray && leaves) {
    const kept = innerZero(values, leaves, zeroed);
    if (kept) state.set('values', kept);
  }
  return zeroed;
}

/** The same of one tree of histogram boosting. */
export function leanPredictor(predictor: PyInstance): Zeroed {
  const zeroed = new Map<string, number>();
  const { state } = predictor;
  const nodes = state instanceof PyDict ? state.get('nodes') : undefined;
  if (!(state instanceof PyDict) || !(nodes instanceof NdArray)) return zeroed;
  const lean = withoutFields(nodes, histFields, zeroed);
  if (lean) state.set('nodes', lean);
  return zeroed;
}

function withoutFields(nodes: NdArray, names: readonly string[], zeroed: Map<string, number>): NdArray | undefined {
  const { dtype, data } = nodes;
  if (!dtype.fields || !(data instanceof Uint8Array)) return undefined;
  const fields = dtype.fields.filter((field) => names.includes(field.name));
  if (fields.length === 0) return undefined;
  const out = new Uint8Array(data);
  const stride = dtype.itemsize;
  for (const { name, offset, dtype: of } of fields) {
    for (let at = offset; at < out.length; at += stride) out.fill(0, at, at + of.itemsize);
    zeroed.set(name, (zeroed.get(name) ?? 0) + of.itemsize * (data.length / stride));
  }
  return new NdArray(dtype, nodes.shape, nodes.fortran, out, nodes.subclass);
}

/** Which nodes are leaves: those without children. Undefined where the records have another form. */
function leavesOf({ dtype, data, shape }: NdArray, child: string): boolean[] | undefined {
  const field = dtype.fields?.find((f) => f.name === child);
  if (!field || !(data instanceof Uint8Array) || field.dtype.type !== 'i' || shape.length !== 1) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const little = field.dtype.byteOrder !== '>';
  const wide = field.dtype.itemsize === 8;
  return Array.from({ length: shape[0] }, (_, i) => {
    const at = i * dtype.itemsize + field.offset;
    return wide ? view.getBigInt64(at, little) === -1n : view.getInt32(at, little) === -1;
  });
}

/** Predictions are read from leaves alone. */
function innerZero(values: NdArray, leaves: readonly boolean[], zeroed: Map<string, number>): NdArray | undefined {
  const { data, shape, dtype } = values;
  if (!(data instanceof Uint8Array) || values.fortran || shape[0] !== leaves.length || leaves.length === 0)
    return undefined;
  const out = new Uint8Array(data);
  const stride = data.length / leaves.length;
  let bytes = 0;
  leaves.forEach((leaf, i) => {
    if (leaf) return;
    out.fill(0, i * stride, (i + 1) * stride);
    bytes += stride;
  });
  zeroed.set('values of inner nodes', (zeroed.get('values of inner nodes') ?? 0) + bytes);
  return new NdArray(dtype, shape, false, out, values.subclass);
}
