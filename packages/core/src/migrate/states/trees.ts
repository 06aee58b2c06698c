/** The node table of a decision tree, and what its nodes hold. */
import { NdArray } from '../../python/ndarray.js';
import { fieldColumn, toFloat64 } from '../../python/elements.js';
import { rules } from '../define.js';
import type { Subject } from '../subject.js';
import { floats, hasLayout, recordLayout, relaid, type RecordLayout } from './arrays.js';

const common = [
  ['left_child', 'i8'],
  ['right_child', 'i8'],
  ['feature', 'i8'],
  ['threshold', 'f8'],
  ['impurity', 'f8'],
  ['n_node_samples', 'i8'],
  ['weighted_n_node_samples', 'f8'],
] as const;

/** 56 bytes a node, until 1.2. */
const BEFORE = recordLayout(common);
/** 64 bytes with padding, since 1.3. */
const SINCE = recordLayout([...common, ['missing_go_to_left', 'u1']], { itemsize: 64 });

const SOURCE = 'sklearn/tree/_tree.pyx, NODE_DTYPE; #23595';

function relayNodes(o: Subject, layout: RecordLayout, text: string): void {
  const nodes = o.get('nodes');
  if (!(nodes instanceof NdArray) || nodes.dtype.fields === undefined || hasLayout(nodes, layout)) return;
  // Trees of 0.13 and before had no weights.
  const missing = (name: string): NdArray | number | undefined =>
    name === 'weighted_n_node_samples' ? fieldColumnOrZero(nodes, 'n_node_samples') : 0;
  o.set('nodes', relaid(nodes, layout, missing));
  o.tell(text);
}

function fieldColumnOrZero(nodes: NdArray, name: string): NdArray | number {
  return nodes.dtype.fields?.some((f) => f.name === name)
    ? floats(Float64Array.from(fieldColumn(nodes, name) as ArrayLike<number>))
    : 0;
}

export const nodeLayout = rules([
  {
    since: '0.18',
    classes: ['Tree'],
    source: 'sklearn/tree/_tree.pyx, NODE_DTYPE',
    what: 'trees of other machines (32 bit, big-endian) have the node table of 64-bit little-endian ones; max_depth is part of the state',
    up: (o) => {
      relayNodes(o, BEFORE, 'node table written for 64-bit little-endian machines');
      if (!o.has('max_depth') && o.attributes) {
        o.set('max_depth', depthOf(o));
        o.tell('attribute max_depth added');
      }
    },
  },
  {
    since: '1.3',
    classes: ['Tree'],
    source: SOURCE,
    what: 'nodes say where missing values go (missing_go_to_left); 64 bytes instead of 56. Trees before knew no missing values',
    up: (o) => {
      relayNodes(o, SINCE, 'node table widened by missing_go_to_left');
    },
    down: (o) => {
      relayNodes(o, BEFORE, 'node table without missing_go_to_left: missing values are refused there');
    },
  },
]);

function depthOf(o: Subject): number {
  const nodes = o.get('nodes');
  if (!(nodes instanceof NdArray)) return 0;
  const left = fieldColumn(nodes, 'left_child') as ArrayLike<number | bigint>;
  const right = fieldColumn(nodes, 'right_child') as ArrayLike<number | bigint>;
  let deepest = 0;
  const depths = new Int32Array(nodes.size);
  // Children stand behind their parents.
  for (let i = 0; i < nodes.size; i++) {
    deepest = Math.max(deepest, depths[i]);
    for (const child of [Number(left[i]), Number(right[i])]) {
      if (child > i && child < nodes.size) depths[child] = depths[i] + 1;
    }
  }
  return deepest;
}

const classifiers = ['DecisionTreeClassifier', 'ExtraTreeClassifier'];

/** The values of a classifier's tree, each row of classes made by `row(values, at, width, weight)`. */
function eachRow(
  o: Subject,
  row: (values: Float64Array, at: number, width: number, weight: number) => boolean,
  text: string,
): void {
  const tree = o.child('tree_');
  const array = tree?.get('values');
  const nodes = tree?.get('nodes');
  if (!tree || !(array instanceof NdArray) || !(nodes instanceof NdArray) || array.shape.length !== 3) return;
  const values = toFloat64(array).slice();
  const [count, outputs, width] = array.shape;
  if (count !== nodes.size) return;
  const weights = fieldColumn(nodes, 'weighted_n_node_samples') as ArrayLike<number>;
  let changed = false;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < outputs; k++) {
      changed = row(values, (i * outputs + k) * width, width, weights[i]) || changed;
    }
  }
  if (!changed) return;
  tree.set('values', floats(values, array.shape));
  o.tell(text);
}

const FRACTION_TOLERANCE = 1e-9;

function sumOf(values: Float64Array, at: number, width: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) sum += values[at + c];
  return sum;
}

/** Counts became fractions in a development version, and in 1.4 for everyone. */
export const nodeValues = rules([
  {
    since: '1.4',
    classes: classifiers,
    source: 'sklearn/tree/_criterion.pyx, ClassificationCriterion.node_value; #27639',
    what:
      'nodes hold fractions of classes, no longer (weighted) counts. Later versions give what the nodes hold as the ' +
      'probabilities, so that counts are answered as if they were probabilities, without a word',
    up: (o) => {
      eachRow(
        o,
        (values, at, width) => {
          const sum = sumOf(values, at, width);
          // 0 where every weight was 0: predict_proba divided by 1 then.
          if (sum === 0 || sum === 1) return false;
          for (let c = 0; c < width; c++) values[at + c] /= sum;
          return true;
        },
        'counts of classes in nodes turned into fractions',
      );
    },
    down: (o) => {
      eachRow(
        o,
        (values, at, width, weight) => {
          if (Math.abs(sumOf(values, at, width) - 1) > FRACTION_TOLERANCE || !(weight > 0) || weight === 1)
            return false;
          for (let c = 0; c < width; c++) values[at + c] *= weight;
          return true;
        },
        'fractions of classes in nodes turned into counts',
      );
    },
  },
]);
