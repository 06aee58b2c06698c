/** Cross-decomposition: coefficients that were transposed, renamed and rescaled. */
import { NdArray } from '../../python/ndarray.js';
import { toFloat64 } from '../../python/elements.js';
import { derived, real, renamed, rules } from '../define.js';
import type { Subject } from '../subject.js';
import { floats } from './arrays.js';

const pls = ['PLSRegression', 'PLSCanonical', 'CCA'];

const PLS = 'sklearn/cross_decomposition/_pls.py';

/** The transpose of a matrix, each of its rows divided by `by`. */
function transposed(matrix: NdArray, by?: Float64Array): NdArray {
  const [rows, columns] = matrix.shape;
  const values = toFloat64(matrix);
  const out = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] / (by ? by[i] : 1);
  }
  return floats(out, [columns, rows]);
}

function scaleOf(o: Subject): Float64Array | undefined {
  const scale = o.get('_x_std');
  return scale instanceof NdArray ? toFloat64(scale) : undefined;
}

/** Each column of [targets, features] times or over the scale of its feature. */
function rescaled(matrix: NdArray, scale: Float64Array, power: 1 | -1): NdArray {
  const values = toFloat64(matrix).slice();
  const width = matrix.shape[1];
  for (let i = 0; i < values.length; i++) values[i] *= scale[i % width] ** power;
  return floats(values, matrix.shape);
}

export const crossDecompositionRules = rules([
  ...['x_mean', 'y_mean', 'x_std', 'y_std'].map((name) =>
    renamed('0.24', `${name}_`, `_${name}`, [...pls, 'PLSSVD'], `${PLS}; #18768`),
  ),
  ...['x_scores', 'y_scores'].map((name) => renamed('0.24', `${name}_`, `_${name}`, ['PLSCanonical', 'CCA'], PLS)),
  {
    since: '1.1',
    classes: pls,
    source: `${PLS}; #22016`,
    what: 'coefficients are kept transposed as _coef_, with an intercept_ of their own',
    up: (o) => {
      const coef = o.get('coef_');
      if (!(coef instanceof NdArray)) return;
      o.delete('coef_');
      o.set('_coef_', transposed(coef));
      o.set('intercept_', o.get('_y_mean') ?? real(0));
      o.tell('coef_ transposed and kept as _coef_, intercept_ added');
    },
    down: (o) => {
      const coef = o.get('_coef_');
      if (!(coef instanceof NdArray)) return;
      o.delete('_coef_');
      o.delete('intercept_');
      o.set('coef_', transposed(coef));
      o.tell('_coef_ transposed and kept as coef_');
    },
  },
  renamed('1.3', '_coef_', 'coef_', pls, `${PLS}; #26016`),
  derived(
    '1.3',
    '_predict_1d',
    (o) => (o.has('coef_') ? false : undefined),
    pls,
    `${PLS}; #26602`,
    'attribute _predict_1d came: True gives predictions of one target as a vector. Before they were a column',
  ),
  {
    since: '1.5',
    classes: pls,
    source: `${PLS}; #28612`,
    what: 'coefficients take over the scaling of the input, which predict no longer does',
    up: (o) => {
      const coef = o.get('coef_');
      const scale = scaleOf(o);
      if (!(coef instanceof NdArray) || !scale) return;
      o.set('coef_', rescaled(coef, scale, -1));
      o.tell('coef_ divided by the scale of the input');
    },
    down: (o) => {
      const coef = o.get('coef_');
      const scale = scaleOf(o);
      if (!(coef instanceof NdArray) || !scale) return;
      o.set('coef_', rescaled(coef, scale, 1));
      o.tell('coef_ multiplied by the scale of the input');
    },
  },
]);
