/** Isolation forests keep what their trees say about path lengths; AdaBoost lost an algorithm. */
import { PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';
import { fieldColumn } from '../../python/elements.js';
import { integerOf, meant, real, rules } from '../define.js';
import type { Subject } from '../subject.js';
import { floats, integers } from './arrays.js';

const EULER_GAMMA = 0.5772156649015329;

/** sklearn/ensemble/_iforest.py, `_average_path_length`. `old`: as 0.20 had it, for leaves of one and two samples. */
function averagePathLength(n: number, old: boolean): number {
  if (n <= 1) return old ? 1 : 0;
  if (n === 2 && !old) return 1;
  return 2 * (Math.log(n - 1) + EULER_GAMMA) - (2 * (n - 1)) / n;
}

function nodesOf(o: Subject, tree: PyValue): NdArray | undefined {
  const inner = tree instanceof PyInstance ? o.migration.subjectOf(tree).child('tree_') : undefined;
  const nodes = inner?.get('nodes');
  return nodes instanceof NdArray && nodes.dtype.fields ? nodes : undefined;
}

/** The depth of every node, the root's being 1: `Tree.compute_node_depths`. */
function depths(nodes: NdArray): Float64Array {
  const left = fieldColumn(nodes, 'left_child') as ArrayLike<number | bigint>;
  const right = fieldColumn(nodes, 'right_child') as ArrayLike<number | bigint>;
  const out = new Float64Array(nodes.size).fill(1);
  for (let i = 0; i < out.length; i++) {
    for (const child of [Number(left[i]), Number(right[i])]) {
      if (child > i && child < out.length) out[child] = out[i] + 1;
    }
  }
  return out;
}

const OLD_LENGTHS = 'path lengths of 0.20';

export const isolation = rules([
  {
    since: '0.20',
    classes: ['IsolationForest'],
    source: 'sklearn/ensemble/iforest.py; #11553',
    what: 'decision_function is score_samples less offset_; before, the threshold was kept on its own scale',
    up: (o) => {
      const threshold = o.get('threshold_');
      if (o.has('offset_') || threshold === undefined) return;
      // decision_function was score_samples + 0.5, and predict compared it with threshold_.
      o.set('offset_', real(-0.5));
      o.set('_threshold_', threshold);
      o.set('behaviour', 'old');
      o.delete('threshold_');
      o.tell('attribute offset_ = -0.5 added');
    },
  },
  {
    since: '0.21',
    classes: ['IsolationForest'],
    source: 'sklearn/ensemble/iforest.py, _average_path_length',
    what: 'a leaf of one sample adds no path, of two samples one step; before, 1 and 0.15. Since 1.3 the lengths are in the file',
    up: (o) => {
      if (!o.has('offset_')) return;
      const samples = integerOf(o.get('_max_samples') ?? o.get('max_samples_')) ?? 0;
      if (o.migration.target.index < o.migration.releaseOf('1.3') || samples <= 2)
        throw o.refusal(
          'IsolationForest of 0.20 counts paths to leaves of one and of two samples otherwise, which 1.3 and later can be told',
        );
      o.marks.add(OLD_LENGTHS);
    },
  },
  {
    since: '0.22',
    classes: ['IsolationForest'],
    source: 'sklearn/ensemble/_iforest.py; #11553',
    what: 'behaviour old went: decision_function is negative for outliers, no longer below a threshold of its own',
    up: (o) => {
      if (o.get('behaviour') !== 'old' || o.get('_threshold_') === undefined) return;
      throw o.refusal(
        'IsolationForest was trained with behaviour=old: predict compares decision_function with a threshold of its own, where 0.22 and later compare it with 0',
      );
    },
  },
  {
    since: '1.3',
    classes: ['IsolationForest'],
    source: 'sklearn/ensemble/_iforest.py; #25186',
    what: 'depths and average path lengths of all nodes are computed once, when fitted',
    up: (o) => {
      const trees = o.get('estimators_');
      if (!Array.isArray(trees) || o.has('_decision_path_lengths')) return;
      const old = o.marks.has(OLD_LENGTHS);
      const paths: PyValue[] = [];
      const lengths: PyValue[] = [];
      for (const tree of trees) {
        const nodes = nodesOf(o, tree);
        if (!nodes) throw o.refusal('a tree of the forest cannot be read');
        const samples = fieldColumn(nodes, 'n_node_samples') as ArrayLike<number | bigint>;
        lengths.push(floats(Float64Array.from(Array.from(samples, (n) => averagePathLength(Number(n), old)))));
        paths.push(integers(depths(nodes)));
      }
      o.set('_average_path_length_per_tree', new PyTuple(lengths));
      o.set('_decision_path_lengths', new PyTuple(paths));
      const samples = integerOf(o.get('max_samples_'));
      if (!o.has('_max_samples') && samples !== undefined) o.set('_max_samples', samples);
      o.tell('attributes _decision_path_lengths and _average_path_length_per_tree computed from the trees');
    },
    down: (o) => {
      for (const name of ['_decision_path_lengths', '_average_path_length_per_tree']) o.delete(name);
    },
  },
]);

export const adaBoost = rules([
  meant(
    '1.6',
    'algorithm',
    'deprecated',
    'SAMME',
    ['AdaBoostClassifier'],
    'sklearn/ensemble/_weight_boosting.py',
    'came',
  ),
  {
    since: '1.6',
    classes: ['AdaBoostClassifier'],
    source: 'sklearn/ensemble/_weight_boosting.py; #26830',
    what: 'the algorithm SAMME.R went: votes count, no longer probabilities',
    up: (o) => {
      if (o.get('algorithm') !== 'SAMME.R') return;
      if (o.has('estimators_'))
        throw o.refusal('AdaBoostClassifier was trained with SAMME.R, which 1.6 took out: its answers would be others');
      o.set('algorithm', 'SAMME');
      o.tell("algorithm = 'SAMME.R' written as 'SAMME', the only one since 1.6");
    },
  },
  {
    since: '1.8',
    classes: ['AdaBoostClassifier'],
    source: 'sklearn/ensemble/_weight_boosting.py',
    what: 'the parameter algorithm went',
    up: (o) => {
      o.delete('algorithm');
      o.tell('parameter algorithm left out: SAMME is the only one since 1.8');
    },
    down: (o) => {
      o.set('algorithm', 'SAMME');
      o.tell("parameter algorithm = 'SAMME' added, the only one of 1.8");
    },
  },
]);
