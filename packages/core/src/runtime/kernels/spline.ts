import { BrineError } from '../../errors.js';

/**
 * B-spline bases as scipy's BSpline and scikit-learn's SplineTransformer evaluate them.
 * Source: de Boor, A Practical Guide to Splines, chapter X; sklearn/preprocessing/_polynomial.py.
 */
export interface SplineOptions {
  readonly columns: readonly {
    readonly knots: Float64Array;
    readonly coefficients: { readonly shape: readonly number[]; readonly data: unknown };
  }[];
  readonly degree: number;
  readonly extrapolation: 'error' | 'constant' | 'linear' | 'continue' | 'periodic';
  readonly missingAsZero: boolean;
  readonly includeBias: boolean;
}

/** The values of the degree + 1 basis functions that are not zero in interval `ell`, into `out`. */
function deBoor(t: Float64Array, x: number, k: number, ell: number, out: Float64Array, scratch: Float64Array): void {
  out[0] = 1;
  for (let j = 1; j <= k; j++) {
    scratch.set(out.subarray(0, j));
    out[0] = 0;
    for (let n = 1; n <= j; n++) {
      const xb = t[ell + n];
      const xa = t[ell + n - j];
      if (xb === xa) {
        out[n] = 0;
        continue;
      }
      const w = scratch[n - 1] / (xb - xa);
      out[n - 1] += w * (xb - x);
      out[n] = w * (x - xa);
    }
  }
}

class Spline {
  readonly t: Float64Array;
  readonly c: Float64Array;
  readonly outputs: number;
  readonly count: number;
  readonly k: number;
  readonly #values: Float64Array;
  readonly #scratch: Float64Array;

  constructor(t: Float64Array, c: Float64Array, outputs: number, k: number) {
    this.t = t;
    this.c = c;
    this.outputs = outputs;
    this.k = k;
    this.count = t.length - k - 1;
    this.#values = new Float64Array(k + 2);
    this.#scratch = new Float64Array(k + 2);
  }

  get low(): number {
    return this.t[this.k];
  }
  get high(): number {
    return this.t[this.count];
  }

  #interval(x: number): number {
    let low = this.k;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.t[middle] <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Adds the basis at x to out[at …]. */
  value(x: number, out: Float64Array, at: number): void {
    const ell = this.#interval(x);
    deBoor(this.t, x, this.k, ell, this.#values, this.#scratch);
    this.#spread(ell, out, at);
  }

  /** Adds the slopes of the basis at x to out[at …]. */
  slope(x: number, out: Float64Array, at: number): void {
    const { t, k } = this;
    if (k === 0) return;
    const ell = this.#interval(x);
    const lower = new Float64Array(k + 2);
    deBoor(t, x, k - 1, ell, lower, this.#scratch);
    // Function ell - k + i of degree k from its two neighbours of degree k - 1.
    for (let i = 0; i <= k; i++) {
      const first = ell - k + i;
      const left = i > 0 ? lower[i - 1] / (t[first + k] - t[first]) : 0;
      const right = i < k ? lower[i] / (t[first + k + 1] - t[first + 1]) : 0;
      this.#values[i] = k * (left - right);
    }
    this.#spread(ell, out, at);
  }

  #spread(ell: number, out: Float64Array, at: number): void {
    for (let i = 0; i <= this.k; i++) {
      const row = (ell - this.k + i) * this.outputs;
      for (let j = 0; j < this.outputs; j++) out[at + j] += this.#values[i] * this.c[row + j];
    }
  }
}

export function splineBasis(options: SplineOptions): {
  readonly width: number;
  readonly apply: (x: Float64Array, rows: number) => Float64Array;
} {
  const { degree, extrapolation, missingAsZero, includeBias } = options;
  // Of degree 0 and 1 a line moves one function more than the degree says. The library raises the degree for
  // that inside its loop over the columns, so that the columns after also get a narrower range.
  let reach = degree;
  const splines = options.columns.map(({ knots, coefficients }) => {
    const [rows = 0, outputs = 0] = coefficients.shape;
    if (rows < knots.length - degree - 1 || knots.length < 2 * degree + 2)
      throw new BrineError(
        'BAD_STATE',
        `a spline of degree ${degree} has ${knots.length} knots and ${rows} coefficients`,
      );
    const spline = new Spline(knots, coefficients.data as Float64Array, outputs, degree);
    const ends = [knots[reach], knots[knots.length - reach - 1]].map((x) => {
      const [value, slope] = [new Float64Array(outputs), new Float64Array(outputs)];
      spline.value(x, value, 0);
      spline.slope(x, slope, 0);
      return { x, value, slope };
    });
    if (extrapolation === 'linear' && reach <= 1) reach++;
    return { spline, low: ends[0], high: ends[1], moved: reach };
  });
  const outputs = splines[0]?.spline.outputs ?? 0;
  const kept = includeBias ? outputs : outputs - 1;
  const width = splines.length * kept;

  const one = (x: number, column: number, out: Float64Array): void => {
    const { spline, low, high, moved } = splines[column];
    if (Number.isNaN(x)) {
      if (!missingAsZero) out.fill(NaN);
      return;
    }
    if (extrapolation === 'periodic') {
      const period = spline.high - spline.low;
      const gap = x - spline.low;
      spline.value(period > 0 ? spline.low + (gap - Math.floor(gap / period) * period) : 0, out, 0);
      return;
    }
    const below = x < low.x;
    if ((!below && x <= high.x) || extrapolation === 'continue') {
      spline.value(x, out, 0);
      return;
    }
    if (extrapolation === 'error')
      throw new BrineError('BAD_INPUT', '`X` contains values beyond the limits of the knots.');
    const end = below ? low : high;
    // Only the outermost functions are not zero at the bounds.
    const slope = extrapolation === 'linear' ? x - end.x : 0;
    for (let j = 0; j < moved; j++) {
      const i = below ? j : outputs - 1 - j;
      out[i] = end.value[i] + slope * end.slope[i];
    }
  };

  const apply = (x: Float64Array, rows: number): Float64Array => {
    const out = new Float64Array(rows * width);
    const values = new Float64Array(outputs);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < splines.length; c++) {
        values.fill(0);
        one(x[r * splines.length + c], c, values);
        out.set(values.subarray(0, kept), (r * splines.length + c) * kept);
      }
    return out;
  };
  return { width, apply };
}
