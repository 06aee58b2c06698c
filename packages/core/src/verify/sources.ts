import type { Ensemble, TreeNodes } from '../graph/ensemble.js';
import type { Node } from '../graph/graph.js';
import type { NeighborIndex } from '../graph/neighbor-index.js';
import { readFloat, readInt } from '../graph/node-field.js';
import type { SplineColumn } from '../graph/own-preprocessing.js';
import type { SupportVectors } from '../graph/support-vectors.js';
import { isCsr, type Csr, type Tensor } from '../graph/tensor.js';
import { perColumn, type Crossing } from './carry.js';
import { nextDown } from './edges.js';
import type { Hints } from './hints.js';
import { integersOf } from './widths.js';

/** Adds what a node's own figures make worth trying to its inputs. */
export type Source = (at: Crossing) => void;

/** Rows of a model that are tried: more tell no more. */
const MAX_ROWS = 256;
/** Columns of such rows. */
const MAX_CELLS = 1_000_000;
/** Thresholds, words or categories taken of one node and column: what is chosen from later (CWE-770). */
export const MAX_TAKEN = 20_000;
const MAX_NODES = 3_000_000;

let nextRow = 0;

/** Some of the rows [count, columns] of a matrix, spread evenly. */
function addRows(into: Hints, points: Tensor | Csr | undefined): void {
  if (!points || points.shape.length !== 2) return;
  const [count = 0, columns = 0] = points.shape;
  if (count === 0 || columns === 0) return;
  const most = Math.max(1, Math.min(MAX_ROWS, count, Math.floor(MAX_CELLS / columns)));
  for (let k = 0; k < most; k++) {
    const r = Math.floor((k * count) / most);
    const cells = new Map<number, number>();
    if (isCsr(points)) {
      for (let c = 0; c < columns && columns <= 4096; c++) cells.set(c, 0);
      for (let i = points.indptr[r]; i < points.indptr[r + 1]; i++) cells.set(points.indices[i], points.data[i]);
    } else for (let c = 0; c < columns; c++) cells.set(c, Number(points.data[r * columns + c]));
    into.rows.push({ id: nextRow++, cells });
  }
}

const matrixOf = (data: Float64Array | Float32Array | readonly number[], columns: number): Tensor => ({
  dtype: 'float64',
  shape: [columns === 0 ? 0 : Math.floor(data.length / columns), columns],
  data,
});

function ensemble(at: Crossing): void {
  const { ensemble: trees } = at.node.attributes as unknown as { ensemble: Ensemble };
  const hints = at.into(0);
  // Enough nodes to give each column what is wanted of it, mostly.
  const enough = Math.min(MAX_NODES, at.most * 2 * Math.max(1, trees.nFeatures));
  let nodes = 0;
  for (const tree of trees.trees) {
    if (nodes > 0 && nodes + tree.count > enough) break;
    nodes += tree.count;
    addTree(hints, tree, trees.comparison === 'lt32', at.most);
  }
  for (const [feature, known] of trees.knownCategories ?? []) {
    const column = hints.column(feature);
    for (let c = 0; c < known.length * 32; c++) if (((known[c >>> 5] >>> (c & 31)) & 1) === 1) column.categories.add(c);
    column.missing = true;
  }
}

function addTree(hints: Hints, tree: TreeNodes, strict: boolean, most: number): void {
  const { count, left, feature, threshold, missingGoLeft, isLeaf, categorical, features } = tree;
  for (let i = 0; i < count; i++) {
    if (isLeaf ? readInt(isLeaf, i) !== 0 : readInt(left, i) < 0) continue;
    const f = readInt(feature, i);
    const column = hints.column(features?.[f] ?? f);
    if (missingGoLeft) column.missing = true;
    if (categorical && readInt(categorical.isCategorical, i) !== 0) continue;
    if (column.thresholds.size >= most) continue;
    const t = readFloat(threshold, i);
    if (Number.isFinite(t)) column.thresholds.add(strict ? nextDown(t) : t);
  }
}

/** The older operators and version 5: a feature and a number for each node. */
function onnxTrees(at: Crossing): void {
  const a = at.node.attributes;
  const features = integersOf(a['nodes_featureids']) ?? [];
  const splits = a['nodes_splits'] ?? a['nodes_values_as_tensor'];
  const values = integersOf(isData(splits) ? splits.data : a['nodes_values']) ?? [];
  const modes = isData(a['nodes_modes']) ? integersOf(a['nodes_modes'].data) : undefined;
  const names = Array.isArray(a['nodes_modes']) ? (a['nodes_modes'] as readonly string[]) : [];
  const tracks = integersOf(a['nodes_missing_value_tracks_true']) ?? [];
  const members = isData(a['membership_values'])
    ? Array.from(a['membership_values'].data as ArrayLike<number>, Number)
    : [];
  const hints = at.into(0);
  let member = 0;
  for (let i = 0; i < features.length && i < MAX_NODES; i++) {
    if (names[i] === 'LEAF') continue;
    const column = hints.column(features[i]);
    if (tracks.length > 0) column.missing = true;
    if (modes?.[i] === 6) {
      for (; member < members.length && !Number.isNaN(members[member]); member++)
        column.categories.add(members[member]);
      member++;
    } else if (Number.isFinite(values[i]) && column.thresholds.size < MAX_TAKEN) column.thresholds.add(values[i]);
  }
}

function isData(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'data' in value && 'shape' in value;
}

/** Categories, as labels of any type. */
function addCategories(hints: Hints, keys: ArrayLike<unknown>, column = 0): void {
  const into = hints.column(column);
  for (let i = 0; i < keys.length && i < MAX_TAKEN; i++) {
    const key = keys[i];
    if (typeof key === 'string') into.categories.add(key);
    else if (key === null || key === undefined || key !== key) into.missing = true;
    else into.categories.add(Number(key));
  }
}

function keyList(node: Node): ArrayLike<unknown> {
  const a = node.attributes;
  const tensor = a['keys_tensor'];
  if (isData(tensor)) return tensor.data;
  const lists = ['keys_strings', 'keys_int64s', 'keys_floats', 'classes_strings', 'cats_strings', 'cats_int64s'];
  const found = lists.map((name) => a[name]).find((v) => Array.isArray(v) || ArrayBuffer.isView(v));
  return (found as ArrayLike<unknown> | undefined) ?? [];
}

/** Every column of input 0 alike: a value of the whole table's. */
function everyColumn(at: Crossing, add: (hints: Hints, c: number) => void): void {
  const width = at.width(0) ?? 1;
  const hints = at.into(0);
  for (let c = 0; c < Math.min(width, 4096); c++) add(hints, c);
}

/** A comparison with a constant is a threshold, or a category where it is with text. */
function comparison(at: Crossing): void {
  const side = at.constant(1) ? 0 : 1;
  const constant = at.constant(1 - side);
  if (!constant) return;
  const hints = at.into(side);
  if (constant.dtype === 'string') {
    addCategories(hints, constant.data);
    return;
  }
  const values = perColumn(constant);
  const width = at.width(side) ?? at.width(-1);
  if (values && width !== undefined && width <= 4096)
    for (let c = 0; c < width; c++) {
      const x = values(c);
      if (Number.isFinite(x)) hints.column(c).thresholds.add(x);
    }
  // One column against many numbers: codes of categories.
  else if (width === 1 || at.width(side) === 1) addCategories(hints, constant.data);
}

/** |c|² - 2 x·c: the rows of such weights are centres. */
function centres(at: Crossing): void {
  const [weights, bias] = [at.constant(1), at.constant(2)];
  if (!weights || !bias || weights.shape.length !== 2 || Number(at.node.attributes['transB'] ?? 0) !== 1) return;
  const [k = 0, p = 0] = weights.shape;
  if (bias.data.length !== k || k * p > MAX_CELLS) return;
  const rows = Float64Array.from(weights.data as ArrayLike<number>, (w) => w / -2);
  for (let r = 0; r < k; r++) {
    let norm = 0;
    for (let c = 0; c < p; c++) norm += rows[r * p + c] ** 2;
    if (!(Math.abs(norm - Number(bias.data[r])) <= 1e-6 * Math.max(norm, 1e-30))) return;
  }
  addRows(at.into(0), matrixOf(rows, p));
}

const vectors: Source = (at) => {
  const { machine } = at.node.attributes as unknown as { machine: SupportVectors };
  addRows(at.into(0), machine.vectors);
};
const index: Source = (at) => {
  const { index: found } = at.node.attributes as unknown as { index: NeighborIndex };
  addRows(at.into(0), found.points);
};
const points =
  (name: string): Source =>
  (at) => {
    addRows(at.into(0), at.node.attributes[name] as Tensor | undefined);
  };

/** Phrases of a vocabulary, spread over it. */
function addWords(into: Hints, vocabulary: Iterable<string>): void {
  const column = into.column(0);
  column.text = true;
  for (const word of vocabulary) {
    if (column.words.size >= MAX_TAKEN) break;
    column.words.add(word);
  }
}

const numbers = (values: ArrayLike<number>, into: Set<number>): void => {
  for (let i = 0; i < values.length && into.size < MAX_TAKEN; i++) if (Number.isFinite(values[i])) into.add(values[i]);
};

/** By operator, `brine:…` being our own. */
export const sources: Readonly<Record<string, Source>> = {
  'brine:Forest': ensemble,
  'brine:ForestStages': ensemble,
  'brine:ForestLeaves': ensemble,
  'brine:ForestPaths': ensemble,
  'ai.onnx.ml:TreeEnsemble': onnxTrees,
  'ai.onnx.ml:TreeEnsembleClassifier': onnxTrees,
  'ai.onnx.ml:TreeEnsembleRegressor': onnxTrees,
  'brine:Lookup': (at) => {
    const { keys } = at.node.attributes as unknown as { keys: Tensor };
    everyColumn(at, (hints, c) => {
      addCategories(hints, keys.data, c);
    });
  },
  'ai.onnx.ml:LabelEncoder': (at) => {
    everyColumn(at, (hints, c) => {
      addCategories(hints, keyList(at.node), c);
    });
  },
  'ai.onnx.ml:OneHotEncoder': (at) => {
    everyColumn(at, (hints, c) => {
      addCategories(hints, keyList(at.node), c);
    });
  },
  'ai.onnx.ml:Binarizer': (at) => {
    everyColumn(at, (hints, c) => hints.column(c).thresholds.add(Number(at.node.attributes['threshold'] ?? 0)));
  },
  'ai.onnx.ml:Imputer': (at) => {
    const fill = integersOf(at.node.attributes['imputed_value_floats'] ?? at.node.attributes['imputed_value_int64s']);
    everyColumn(at, (hints, c) => {
      const value = fill?.[fill.length === 1 ? 0 : c];
      hints.column(c).missing = true;
      if (value !== undefined) hints.column(c).values.add(value);
    });
  },
  IsNaN: (at) => {
    everyColumn(at, (hints, c) => (hints.column(c).missing = true));
  },
  Equal: comparison,
  Less: comparison,
  LessOrEqual: comparison,
  Greater: comparison,
  GreaterOrEqual: comparison,
  Min: comparison,
  Max: comparison,
  Clip: (at) => {
    for (const bound of [at.constant(1), at.constant(2)])
      if (bound) everyColumn(at, (hints, c) => hints.column(c).thresholds.add(Number(bound.data[0])));
  },
  Gemm: centres,
  'brine:Digitize': (at) => {
    const { edges } = at.node.attributes as unknown as { edges: readonly Float64Array[] };
    edges.forEach((list, c) => {
      numbers(list, at.into(0).column(c).thresholds);
    });
  },
  'brine:Quantiles': (at) => {
    const { quantiles, references } = at.node.attributes as unknown as {
      quantiles: Float64Array;
      references: Float64Array;
    };
    const columns = Math.round(quantiles.length / Math.max(1, references.length));
    for (let i = 0; i < quantiles.length; i++) {
      const { thresholds } = at.into(0).column(i % columns);
      if (thresholds.size < MAX_TAKEN && Number.isFinite(quantiles[i])) thresholds.add(quantiles[i]);
    }
  },
  'brine:SplineBasis': (at) => {
    const { columns } = at.node.attributes as unknown as { columns: readonly SplineColumn[] };
    columns.forEach(({ knots }, c) => {
      numbers(knots, at.into(0).column(c).thresholds);
    });
  },
  'brine:Interpolate': (at) => {
    const { xs } = at.node.attributes as unknown as { xs: Float64Array };
    numbers(xs, at.into(0).column(0).thresholds);
  },
  'brine:KernelMachine': vectors,
  'brine:Neighbors': index,
  'brine:NeighborsWithin': index,
  'brine:KernelMatrix': points('others'),
  'brine:LogDensity': points('points'),
  'brine:ImputeNeighbors': (at) => {
    points('points')(at);
    everyColumn(at, (hints, c) => (hints.column(c).missing = true));
  },
  'brine:Barycentre': (at) => {
    const { rows, columns } = at.node.attributes as unknown as { rows: Float64Array; columns: number };
    addRows(at.into(0), matrixOf(rows, columns));
  },
  'com.microsoft:CDist': (at) => {
    addRows(at.into(0), at.constant(1));
  },
  'ai.onnx.ml:SVMClassifier': supportVectors,
  'ai.onnx.ml:SVMRegressor': supportVectors,
  'brine:CountTerms': (at) => {
    addWords(
      at.into(0),
      (at.node.attributes as unknown as { vocabulary: ReadonlyMap<string, number> }).vocabulary.keys(),
    );
  },
  'brine:HashTerms': (at) => {
    addWords(at.into(0), []);
  },
  TfIdfVectorizer: (at) => {
    addWords(at.into(0), (at.node.attributes['pool_strings'] as readonly string[] | undefined) ?? []);
  },
  'com.microsoft:Tokenizer': (at) => {
    at.into(0).column(0).text = true;
  },
  StringNormalizer: (at) => {
    at.into(0).column(0).text = true;
  },
  'brine:CountRecords': (at) => {
    const { vocabulary, separator } = at.node.attributes as unknown as {
      vocabulary: ReadonlyMap<string, number>;
      separator: string;
    };
    const into = at.into(0).records;
    for (const name of [...vocabulary.keys()].slice(0, MAX_ROWS)) {
      const cut = name.indexOf(separator);
      const record = Object.create(null) as Record<string, unknown>;
      if (cut > 0) record[name.slice(0, cut)] = name.slice(cut + separator.length);
      else record[name] = 1.5;
      into.push(record);
    }
  },
  'brine:HashFeatures': (at) => {
    const { options } = at.node.attributes as unknown as { options: { readonly inputType?: string } };
    if (options.inputType === 'dict' || options.inputType === undefined)
      at.into(0).records.push({ city: 'Łódź' }, { age: 3.5, city: 'Rome' }, { age: -1, empty: 0 });
  },
  'brine:LabelSets': (at) => {
    const { classes } = at.node.attributes as unknown as { classes: Tensor };
    const all = Array.from(classes.data as ArrayLike<unknown>).slice(0, MAX_ROWS);
    at.into(0).records.push([], all, ...all.map((label, i) => (i % 2 === 0 ? [label] : [label, all[0]])));
  },
  Gather: (at) => {
    // Rows of a table that a model holds: the input says which.
    const table = at.constant(0);
    if (!table || Number(at.node.attributes['axis'] ?? 0) !== 0 || at.constant(1)) return;
    const size = table.shape[0] ?? 0;
    everyColumn({ ...at, width: () => at.width(1), into: () => at.into(1) }, (hints, c) => {
      for (const x of [0, 1, Math.floor(size / 2), size - 1]) if (x < size) hints.column(c).values.add(x);
    });
  },
};

function supportVectors(at: Crossing): void {
  const list = at.node.attributes['support_vectors'];
  const counts = integersOf(at.node.attributes['vectors_per_class']);
  const count = counts?.reduce((a, b) => a + b, 0) ?? Number(at.node.attributes['n_supports'] ?? 0);
  if (!ArrayBuffer.isView(list) || !(count > 0)) return;
  const data = list as Float32Array;
  addRows(at.into(0), matrixOf(data, Math.floor(data.length / count)));
}
