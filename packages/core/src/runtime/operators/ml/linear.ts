import { BrineError } from '../../../errors.js';
import { isBig, type Tensor, type TypedArray } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { badInput, dense, int, list, type Inputs, type Numbers } from '../common.js';
import { convert } from '../reduce.js';
import { labelsOf } from './labels.js';
import { postTransform, secondClass, transformScores } from './scores.js';

/** Samples as doubles, one row after another. */
export function samples(inputs: Inputs): { data: Numbers; rows: number; columns: number; double: boolean } {
  const x = dense(inputs, 0);
  if (x.dtype === 'string' || x.dtype === 'object') throw badInput(`${x.dtype} input`);
  const [rows, columns] = x.shape.length === 1 ? [1, x.shape[0]] : [x.shape[0], x.shape[1]];
  if (x.shape.length > 2 || x.shape.length === 0) throw badInput(`samples of shape [${x.shape.join(', ')}]`);
  const data = isBig(x.dtype) ? Float64Array.from(x.data as BigInt64Array, Number) : (x.data as Numbers & TypedArray);
  return { data, rows, columns, double: x.dtype === 'float64' };
}

/** x · coefficientsᵀ + intercepts, [rows, targets], in double precision. */
function scoresOf(inputs: Inputs, coefficients: readonly number[], intercepts: readonly number[], targets: number) {
  const x = samples(inputs);
  if (coefficients.length !== targets * x.columns)
    throw badInput(`${coefficients.length} coefficients for ${targets} × ${x.columns}`);
  const out = new Float64Array(x.rows * targets);
  for (let r = 0; r < x.rows; r++)
    for (let t = 0; t < targets; t++) {
      let sum = 0;
      for (let c = 0; c < x.columns; c++) sum += x.data[r * x.columns + c] * coefficients[t * x.columns + c];
      out[r * targets + t] = sum + (intercepts[t] ?? 0);
    }
  return { scores: out, rows: x.rows };
}

const regressor: Operator = (site) => {
  const coefficients = list(site, 'coefficients') ?? [];
  const intercepts = list(site, 'intercepts') ?? [];
  const targets = int(site, 'targets', 1);
  const transform = postTransform(site.attributes['post_transform']);
  return (inputs) => {
    const { scores, rows } = scoresOf(inputs, coefficients, intercepts, targets);
    transformRows(scores, rows, transform);
    return convert('float32', [rows, targets], scores);
  };
};

export function transformRows(scores: Float64Array, rows: number, transform: ReturnType<typeof postTransform>): void {
  if (transform === 'NONE' || rows === 0) return;
  const n = scores.length / rows;
  for (let r = 0; r < rows; r++) transformScores(scores.subarray(r * n, (r + 1) * n), transform);
}

const classifier: Operator = (site: Site) => {
  const coefficients = list(site, 'coefficients') ?? [];
  const intercepts = list(site, 'intercepts') ?? [];
  const labels = labelsOf(site, 'classlabels_ints');
  const targets = intercepts.length > 0 ? intercepts.length : labels.count;
  const transform = postTransform(site.attributes['post_transform']);
  const single = targets === 1;
  if (single ? labels.count !== 2 : labels.count < targets)
    throw new BrineError('CORRUPT', `${labels.count} labels for ${targets} sets of coefficients`);
  return (inputs) => {
    const { scores, rows } = scoresOf(inputs, coefficients, intercepts, targets);
    const classes = new Int32Array(rows);
    if (single) {
      const both = new Float64Array(2 * rows);
      for (let r = 0; r < rows; r++) {
        classes[r] = scores[r] > 0 ? 1 : 0;
        const line = both.subarray(2 * r, 2 * r + 2);
        secondClass(scores[r], true, transform, line);
      }
      return [labels.at(classes), convert('float32', [rows, 2], both)];
    }
    for (let r = 0; r < rows; r++) classes[r] = bestOf(scores, r * targets, targets);
    transformRows(scores, rows, transform);
    const answer: Tensor[] = [labels.at(classes), convert('float32', [rows, targets], scores)];
    return answer;
  };
};

/** The place of the first largest of n scores. */
export function bestOf(scores: Numbers, from: number, n: number): number {
  let best = 0;
  for (let c = 1; c < n; c++) if (scores[from + c] > scores[from + best]) best = c;
  return best;
}

export const linearOperators = {
  'ai.onnx.ml:LinearRegressor': regressor,
  'ai.onnx.ml:LinearClassifier': classifier,
} satisfies OperatorTable;
