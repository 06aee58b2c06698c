import { BrineError } from '../../errors.js';
import { columnsOf } from '../data.js';
import { estimator, takes, type Fitted } from '../estimator.js';
import { array, flag, labels, list, oneOf, optional, vector } from '../fields.js';
import { labelText } from '../python_text.js';
import { categoryColumns } from './encoders.js';

// ---- TargetEncoder ----------------------------------------------------------------------------------

const encoderState = {
  categories_: list(labels),
  encodings_: list(vector),
  target_mean_: array,
  target_type_: oneOf('continuous', 'binary', 'multiclass'),
  classes_: optional(labels),
};

const targetEncoder = estimator('TargetEncoder', encoderState, {
  modules: ['sklearn.preprocessing._target_encoder'],
  input: 'data',
  features: (m) => m.categories_.length,
  columns: categoryColumns,
  methods: {
    transform: (m, data, g) => {
      const columns = columnsOf(data, g);
      const targets = m.target_type_ === 'multiclass' ? (m.classes_?.data.length ?? 0) : 1;
      if (columns.length !== m.categories_.length || m.encodings_.length !== columns.length * targets)
        throw new BrineError(
          'BAD_INPUT',
          `the input has ${columns.length} columns, TargetEncoder expects ${m.categories_.length}`,
          { path: m.estimator.path },
        );
      // Categories that were not there at fitting get the mean of the target.
      const encoded = m.encodings_.map((values, e) => {
        const feature = Math.floor(e / targets);
        const column = columns[feature].value;
        const otherwise = Number(m.target_mean_.data[e % targets]);
        const attributes = { keys: m.categories_[feature], values, otherwise, who: 'TargetEncoder' };
        return g.column(g.own('Lookup', [column], attributes, { dtype: 'float64', shape: column.shape }));
      });
      return g.concat(encoded);
    },
  },
  names: (m, input) =>
    m.target_type_ === 'multiclass'
      ? input.flatMap((name) =>
          Array.from(
            m.classes_!.data as ArrayLike<unknown>,
            (c) => `${name}_${labelText(c, m.classes_!.dtype === 'float64')}`,
          ),
        )
      : input,
});

// ---- MultiLabelBinarizer ----------------------------------------------------------------------------

const labelSetsState = { classes_: labels, sparse_output: optional(flag, false) };

const multiLabelBinarizer = estimator('MultiLabelBinarizer', labelSetsState, {
  modules: ['sklearn.preprocessing._label', 'sklearn.preprocessing.label'],
  input: 'list',
  methods: {
    transform: (m, rows, g) => {
      const type = { dtype: 'int64', shape: [rows.shape[0] ?? null, m.classes_.data.length] } as const;
      const out = g.own('LabelSets', [rows], { classes: m.classes_ }, type);
      return m.sparse_output ? g.sparse(g.cast(out, 'float64')) : out;
    },
    inverse_transform: takes('dense', (m: Fitted<typeof labelSetsState>, x, g) =>
      g.own('LabelSetsInverse', [x], { classes: m.classes_ }, { dtype: 'object', shape: [x.shape[0] ?? null] }),
    ),
  },
});

export const targetTransformers = [targetEncoder, multiLabelBinarizer];
