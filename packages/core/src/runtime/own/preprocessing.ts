import { BrineError } from '../../errors.js';
import { isCsr, tensor, type Tensor } from '../../graph/tensor.js';
import { RandomState } from '../kernels/mersenne.js';
import { normalCdf, normalQuantile } from '../kernels/normal.js';
import { splineBasis } from '../kernels/spline.js';
import type { Kernel } from '../operator.js';
import { needTensor } from './columns.js';
import type { OwnOperator } from './index.js';

/** The number of `sorted` values that are ≤ x: numpy's searchsorted from the right. NaN comes last. */
function countUpTo(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x < sorted[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

const digitize: OwnOperator<'Digitize'> = ({ attributes }): Kernel => {
  const { edges } = attributes;
  return ([x]) => {
    const { data, shape } = needTensor(x);
    const width = edges.length;
    return tensor(
      'float64',
      shape,
      (data as Float64Array).map((v, i) => countUpTo(edges[i % width], v)),
    );
  };
};

/** numpy.interp: points that repeat count as the last of them. `upTo`: how many are ≤ x. */
function interpolate(x: number, xs: Float64Array, ys: Float64Array, upTo = countUpTo(xs, x)): number {
  const last = xs.length - 1;
  if (x > xs[last]) return ys[last];
  if (x < xs[0]) return ys[0];
  const j = upTo - 1;
  if (j >= last || xs[j] === x) return ys[Math.min(j, last)];
  return ((ys[j + 1] - ys[j]) / (xs[j + 1] - xs[j])) * (x - xs[j]) + ys[j];
}

/** Values this near to a bound count as at it. Source: sklearn/preprocessing/_data.py, BOUNDS_THRESHOLD */
const BOUNDS = 1e-7;
const LEAST = BOUNDS - 2 ** -52;

const backwards = (values: Float64Array): Float64Array => values.map((v) => -v).reverse();

const quantiles: OwnOperator<'Quantiles'> = ({ attributes }): Kernel => {
  const { references, normal, inverse, wide } = attributes;
  const count = references.length;
  const width = attributes.quantiles.length / count;
  const clipLow = normal ? normalQuantile(LEAST) : LEAST;
  const clipHigh = normal ? normalQuantile(1 - LEAST) : 1 - LEAST;
  const turnedReferences = backwards(references);
  const columns = Array.from({ length: width }, (_, c) => {
    const own = Float64Array.from({ length: count }, (__, i) => attributes.quantiles[i * width + c]);
    return { own, turned: backwards(own) };
  });
  const near = normal || wide;
  const forward = (x: number, c: number): number => {
    const { own, turned } = columns[c];
    const [low, high] = [own[0], own[count - 1]];
    const upTo = countUpTo(own, x);
    // Turned round, those above x are those up to -x, where none is x itself.
    const turnedUpTo = upTo > 0 && own[upTo - 1] === x ? countUpTo(turned, -x) : count - upTo;
    const rising = interpolate(x, own, references, upTo);
    let y = 0.5 * (rising - interpolate(-x, turned, turnedReferences, turnedUpTo));
    if (near ? x + BOUNDS > high : x === high) y = 1;
    if (near ? x - BOUNDS < low : x === low) y = 0;
    if (!near) return y;
    return Math.min(Math.max(normal ? normalQuantile(y) : y, clipLow), clipHigh);
  };
  const back = (v: number, c: number): number => {
    const { own } = columns[c];
    const x = normal ? normalCdf(v) : wide ? Math.min(Math.max(v, 0), 1) : v;
    if (near ? x - BOUNDS < 0 : x === 0) return own[0];
    if (near ? x + BOUNDS > 1 : x === 1) return own[count - 1];
    return interpolate(x, references, own);
  };
  const at = (v: number, c: number): number => (Number.isNaN(v) ? NaN : inverse ? back(v, c) : forward(v, c));
  return ([x]) => {
    if (x && isCsr(x)) return { ...x, data: x.data.map((v, i) => at(v, x.indices[i])) };
    const { data, shape } = needTensor(x);
    return tensor(
      'float64',
      shape,
      (data as Float64Array).map((v, i) => at(v, i % width)),
    );
  };
};

const normal: OwnOperator<'Normal'> = ({ attributes }): Kernel => {
  const f = attributes.inverse ? normalQuantile : normalCdf;
  return ([x]) => {
    const { data, shape } = needTensor(x);
    return tensor('float64', shape, (data as Float64Array).map(f));
  };
};

const basis: OwnOperator<'SplineBasis'> = ({ attributes, budget }): Kernel => {
  const run = splineBasis(attributes);
  return ([x]) => {
    const { data, shape } = needTensor(x);
    const rows = shape[0] ?? 0;
    budget.allocate(rows * run.width, 8);
    return tensor('float64', [rows, run.width], run.apply(data as Float64Array, rows));
  };
};

/** A label as a Map key: equal numbers of any kind are one. */
const keyOf = (x: unknown): unknown => (typeof x === 'bigint' || typeof x === 'boolean' ? Number(x) : (x ?? null));

const labelSets: OwnOperator<'LabelSets'> = ({ attributes, budget }): Kernel => {
  const classes = Array.from(attributes.classes.data as ArrayLike<unknown>, keyOf);
  const places = new Map(classes.map((c, i) => [c, i]));
  return ([x]): Tensor => {
    const rows = needTensor(x).data;
    budget.allocate(rows.length * classes.length, 8);
    const out = new BigInt64Array(rows.length * classes.length);
    for (let r = 0; r < rows.length; r++) {
      const row: unknown = rows[r];
      if (typeof row !== 'string' && !Array.isArray(row) && !ArrayBuffer.isView(row))
        throw new BrineError('BAD_INPUT', `MultiLabelBinarizer wants a list of labels for each row, row ${r} has none`);
      // Classes that were not there at fitting are left out, as Python does (with a warning).
      for (const label of row as Iterable<unknown>) {
        const place = places.get(keyOf(label));
        if (place !== undefined) out[r * classes.length + place] = 1n;
      }
    }
    return tensor('int64', [rows.length, classes.length], out);
  };
};

const labelSetsInverse: OwnOperator<'LabelSetsInverse'> = ({ attributes }): Kernel => {
  const classes = Array.from(attributes.classes.data as ArrayLike<unknown>, (c) =>
    typeof c === 'bigint' && Number.isSafeInteger(Number(c)) ? Number(c) : c,
  );
  const width = classes.length;
  return ([x]): Tensor => {
    const { data, shape } = needTensor(x);
    const rows = shape[0] ?? 0;
    if (shape[1] !== width)
      throw new BrineError('BAD_INPUT', `the input has ${shape[1] ?? 0} columns, MultiLabelBinarizer expects ${width}`);
    const out: unknown[] = Array.from({ length: rows }, (_, r) =>
      classes.filter((__, c) => {
        const v = Number(data[r * width + c]);
        if (v !== 0 && v !== 1)
          throw new BrineError('BAD_INPUT', `MultiLabelBinarizer takes back 0 and 1 only: row ${r}, column ${c}`);
        return v === 1;
      }),
    );
    return tensor('object', [rows], out);
  };
};

const randomClasses: OwnOperator<'RandomClasses'> = ({ attributes, budget }): Kernel => {
  const { seed, weights, uniform } = attributes;
  return ([x]) => {
    const rows = x && 'shape' in x ? (x.shape[0] ?? 0) : 0;
    budget.allocate(rows * weights.length, 8);
    const random = new RandomState(seed);
    const out = new BigInt64Array(rows * weights.length);
    for (let k = 0; k < weights.length; k++) {
      const own = weights[k];
      for (let r = 0; r < rows; r++)
        out[r * weights.length + k] = BigInt(uniform ? random.below(own.length) : random.choice(own));
    }
    return tensor('int64', [rows, weights.length], out);
  };
};

export const preprocessingOperators = {
  RandomClasses: randomClasses,
  Digitize: digitize,
  Quantiles: quantiles,
  Normal: normal,
  SplineBasis: basis,
  LabelSets: labelSets,
  LabelSetsInverse: labelSetsInverse,
};
