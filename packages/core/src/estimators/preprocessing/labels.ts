import type { GraphBuilder, V } from '../../graph/builder.js';
import { float64, int64, type DType, type Tensor } from '../../graph/tensor.js';
import { toDense, toList } from '../data.js';
import { estimator, takes, type Fitted } from '../estimator.js';
import { flag, labels, number, optional, text } from '../fields.js';

const modules = ['sklearn.preprocessing._label', 'sklearn.preprocessing.label'];

const counted = (n: number): Tensor =>
  int64(
    [n],
    Array.from({ length: n }, (_, i) => i),
  );

/** The number of each label; unknown ones are refused. */
function encode(classes: Tensor, y: V, who: string, g: GraphBuilder): V {
  const values = counted(classes.data.length);
  return g.own('Lookup', [y], { keys: classes, values, otherwise: undefined, who }, { dtype: 'int64', shape: y.shape });
}

const labelEncoder = estimator(
  'LabelEncoder',
  { classes_: labels },
  {
    modules,
    input: 'list',
    methods: {
      transform: (m, y, g) => encode(m.classes_, y, 'LabelEncoder', g),
      inverse_transform: (m, y, g) => {
        const keys = counted(m.classes_.data.length);
        const attributes = { keys, values: m.classes_, otherwise: undefined, who: 'LabelEncoder' };
        return g.own('Lookup', [y], attributes, { dtype: m.classes_.dtype, shape: y.shape });
      },
    },
  },
);

// ---- LabelBinarizer ---------------------------------------------------------------------------------

const binarizerState = {
  classes_: labels,
  neg_label: optional(number, 0),
  pos_label: optional(number, 1),
  sparse_output: optional(flag, false),
  y_type_: optional(text, 'multiclass'),
};
type Binarizer = Fitted<typeof binarizerState>;

const severalPerRow = (m: Binarizer): boolean => m.y_type_.startsWith('multilabel');

/** Several labels per row come as zeros and ones already: those are the labels' two values. */
function mark(m: Binarizer, y: V, g: GraphBuilder): V {
  const marked = g.where(g.equal(y, 0), m.neg_label, m.pos_label === 1 ? y : m.pos_label);
  return g.cast(marked, 'int64');
}

/** One column per class; two classes make one column, one class none that is positive. */
function binarize(m: Binarizer, y: V, g: GraphBuilder): V {
  const n = m.classes_.data.length;
  const values = { dtype: 'float64' as const, shape: [n], data: Float64Array.from({ length: n }, (_, i) => i) };
  const index = g.own(
    'Lookup',
    [y],
    { keys: m.classes_, values, otherwise: -1, who: '' },
    { dtype: 'float64', shape: y.shape },
  );
  const places =
    n === 2 ? Float64Array.of(1) : n === 1 ? Float64Array.of(-2) : Float64Array.from({ length: n }, (_, i) => i);
  const hit = g.equal(g.column(index), float64([places.length], places));
  return g.cast(asGiven(m, g.where(hit, m.pos_label, m.neg_label), y.dtype, g), 'int64');
}

/** Since 1.8 the answer has the type of integers that come, and wraps around in it; of unsigned ones in 1.8 only. */
function asGiven(m: Binarizer, answer: V, dtype: DType, g: GraphBuilder): V {
  if (m.sparse_output || m.version.before(1, 8)) return answer;
  const narrow = m.version.before(1, 9) ? /^u?int(8|16|32)$/ : /^int(8|16|32)$/;
  return narrow.test(dtype) ? g.cast(answer, dtype) : answer;
}

/** The label of the largest column; of one column, the label that its side of the middle means. */
function unbinarize(m: Binarizer, y: V, g: GraphBuilder): V {
  if (severalPerRow(m)) return g.cast(g.greater(y, (m.pos_label + m.neg_label) / 2), 'int64');
  if (m.y_type_ !== 'binary') return g.label(m.classes_, g.argmax(y));
  const threshold = (m.pos_label + m.neg_label) / 2;
  const column = y.shape[1] === 2 ? g.columns(y, [1]) : y;
  const index = g.cast(g.greater(g.flatten(column), threshold), 'int64');
  const both = m.classes_.data.length === 1 ? g.mul(index, int64([], [0])) : index;
  return g.label(m.classes_, both);
}

const labelBinarizer = estimator('LabelBinarizer', binarizerState, {
  modules,
  input: 'list',
  methods: {
    transform: takes('data', (m, y, g) =>
      severalPerRow(m) ? mark(m, toDense(y, g), g) : binarize(m, toList(y, g), g),
    ),
    inverse_transform: takes('dense', unbinarize),
  },
});

export const labelEncoders = [labelEncoder, labelBinarizer];
