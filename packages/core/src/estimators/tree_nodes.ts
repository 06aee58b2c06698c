import { nodeField, type FieldType, type NodeField } from '../graph/node-field.js';
import { fieldOf } from '../graph/node-field.js';
import type { TreeNodes } from '../graph/ensemble.js';
import { PyInstance } from '../pickle/values.js';
import { arrayBytes, toFloat64 } from '../python/elements.js';
import { NdArray, type DtypeField } from '../python/ndarray.js';
import { badState, type Field, type Reading } from './fields.js';

/** A `sklearn.tree._tree.Tree` as the file holds it; its node table is read in place. */
export interface SavedTree {
  readonly nodes: TreeNodes;
  /** Per node: outputs × width values, row-major. */
  readonly values: Float64Array;
  readonly outputs: number;
  /** The largest number of classes of any output; 1 for regressors. */
  readonly width: number;
}

const fieldTypes = new Set<string>(['i1', 'u1', 'i4', 'u4', 'i8', 'f4', 'f8']);

/** One field of a table of records, wherever it lies and in whichever byte order. */
export function columnOf(table: NdArray, name: string, at: Reading): NodeField | undefined {
  const field: DtypeField | undefined = table.dtype.fields?.find((f) => f.name === name);
  if (!field) return undefined;
  const letter = field.dtype.type === 'b' ? 'u' : field.dtype.type;
  const type = `${letter}${field.dtype.itemsize}`;
  if (!fieldTypes.has(type)) throw badState(at, `numbers in the field ${name}`, table);
  return nodeField(arrayBytes(table), {
    offset: field.offset,
    stride: table.dtype.itemsize,
    type: type as FieldType,
    count: table.size,
    littleEndian: field.dtype.byteOrder !== '>',
  });
}

export function needColumn(table: NdArray, name: string, at: Reading): NodeField {
  const column = columnOf(table, name, at);
  if (!column) throw badState(at, `a node table with the field ${name}`, table);
  return column;
}

/**
 * The layout of nodes changed in 1.3, which added `missing_go_to_left`; fields are found by name, so that
 * every layout reads alike. Source: sklearn/tree/_tree.pyx, `NODE_DTYPE`.
 */
export const savedTree: Field<SavedTree> = (value, at) => {
  const nodes = value instanceof PyInstance ? value.attribute('nodes') : undefined;
  const values = value instanceof PyInstance ? value.attribute('values') : undefined;
  if (!(nodes instanceof NdArray) || !(values instanceof NdArray) || nodes.shape.length !== 1)
    throw badState(at, 'a tree with nodes and values', value);
  const [count = 0, outputs = 0, width = 0] = values.shape;
  if (values.shape.length !== 3 || count !== nodes.size || count === 0)
    throw badState(at, `values for ${nodes.size} nodes`, values);
  const missing = columnOf(nodes, 'missing_go_to_left', at);
  return {
    nodes: {
      count,
      left: needColumn(nodes, 'left_child', at),
      right: needColumn(nodes, 'right_child', at),
      feature: needColumn(nodes, 'feature', at),
      threshold: needColumn(nodes, 'threshold', at),
      ...(missing ? { missingGoLeft: missing } : {}),
    },
    values: toFloat64(values),
    outputs,
    width,
  };
};

/** The tree with what its leaves add: `width` values for each node. */
export function withValues(tree: SavedTree, values: Float64Array, more: Partial<TreeNodes> = {}): TreeNodes {
  return { ...tree.nodes, ...more, values: fieldOf(values, values.length / tree.nodes.count) };
}

/** How far a node's class fractions may be from one and still be fractions. */
const FRACTION_TOLERANCE = 1e-6;

/**
 * The probabilities of each node. Before 1.4 nodes held (weighted) counts, which `predict_proba` divides by
 * their sum; since then they hold the fractions themselves, which it gives as they are (#27639).
 */
export function nodeProbabilities(tree: SavedTree): Float64Array {
  const { values, width, outputs } = tree;
  const rows = tree.nodes.count * outputs;
  const isFraction = (row: number): boolean => {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += values[row * width + c];
    return Math.abs(sum - 1) < FRACTION_TOLERANCE;
  };
  // Weights may sum to one at the root (boosting makes them so); those of a leaf then sum to less.
  if (isFraction(0) && isFraction(rows - 1)) return values;
  const out = new Float64Array(values.length);
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += values[r * width + c];
    if (sum === 0) sum = 1;
    for (let c = 0; c < width; c++) out[r * width + c] = values[r * width + c] / sum;
  }
  return out;
}
