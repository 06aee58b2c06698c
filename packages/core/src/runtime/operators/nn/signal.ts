import { isFloat, type TypedArray } from '../../../graph/tensor.js';
import type { Operator, OperatorTable } from '../../operator.js';
import { axisOf, badInput, dense, int, integers, make, optional, unsupported, type Numbers } from '../common.js';
import { dtypeAttribute } from '../cast.js';
import { around } from '../gather.js';
import { convert } from '../reduce.js';

/** Odd lengths up to this are transformed by definition, longer ones by Bluestein's chirp. */
const SHORT = 32;

/** Bluestein: a transform of any length as a convolution, whose length is a power of two. */
function chirp(re: Float64Array, im: Float64Array, sign: number): void {
  const n = re.length;
  const m = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const [cos, sin] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0, square = 0; k < n; k++) {
    cos[k] = Math.cos((Math.PI * square) / n);
    sin[k] = sign * Math.sin((Math.PI * square) / n);
    // k² modulo 2n, without numbers that round.
    square = (square + 2 * k + 1) % (2 * n);
  }
  const [ar, ai, br, bi] = [new Float64Array(m), new Float64Array(m), new Float64Array(m), new Float64Array(m)];
  for (let k = 0; k < n; k++) {
    ar[k] = re[k] * cos[k] - im[k] * sin[k];
    ai[k] = re[k] * sin[k] + im[k] * cos[k];
    br[k] = br[(m - k) % m] = cos[k];
    bi[k] = bi[(m - k) % m] = -sin[k];
  }
  transform(ar, ai, -1);
  transform(br, bi, -1);
  for (let k = 0; k < m; k++) [ar[k], ai[k]] = [ar[k] * br[k] - ai[k] * bi[k], ar[k] * bi[k] + ai[k] * br[k]];
  transform(ar, ai, 1);
  for (let k = 0; k < n; k++) {
    const [x, y] = [ar[k] / m, ai[k] / m];
    re[k] = x * cos[k] - y * sin[k];
    im[k] = x * sin[k] + y * cos[k];
  }
}

/** The discrete Fourier transform of n complex numbers: by halves where n is even, by definition where it is not. */
function transform(re: Float64Array, im: Float64Array, sign: number): void {
  const n = re.length;
  if (n <= 1) return;
  if (n % 2 !== 0 && n > SHORT) {
    chirp(re, im, sign);
    return;
  }
  if (n % 2 !== 0) {
    const [a, b] = [re.slice(), im.slice()];
    for (let k = 0; k < n; k++) {
      let [x, y] = [0, 0];
      for (let t = 0; t < n; t++) {
        const angle = (sign * 2 * Math.PI * ((k * t) % n)) / n;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        x += a[t] * c - b[t] * s;
        y += a[t] * s + b[t] * c;
      }
      re[k] = x;
      im[k] = y;
    }
    return;
  }
  const half = n / 2;
  const part = (from: Float64Array, odd: number): Float64Array =>
    Float64Array.from({ length: half }, (_, i) => from[2 * i + odd]);
  const [er, ei, or, oi] = [part(re, 0), part(im, 0), part(re, 1), part(im, 1)];
  transform(er, ei, sign);
  transform(or, oi, sign);
  for (let k = 0; k < half; k++) {
    const angle = (sign * 2 * Math.PI * k) / n;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const [x, y] = [or[k] * c - oi[k] * s, or[k] * s + oi[k] * c];
    re[k] = er[k] + x;
    im[k] = ei[k] + y;
    re[k + half] = er[k] - x;
    im[k + half] = ei[k] - y;
  }
}

const dft: Operator = (site) => {
  const inverse = int(site, 'inverse', 0) !== 0;
  const onesided = int(site, 'onesided', 0) !== 0;
  return (inputs) => {
    const x = dense(inputs, 0);
    if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
    const source = x.data as Numbers & TypedArray;
    const rank = x.shape.length;
    const parts = x.shape[rank - 1];
    const given = optional(inputs, 2);
    const axis = axisOf(site.opset >= 20 ? (given ? integers(given)[0] : -2) : int(site, 'axis', 1), rank);
    if (axis === rank - 1 || (parts !== 1 && parts !== 2))
      throw badInput(`a transform of [${x.shape.join(', ')}] along ${axis}`);
    const length = optional(inputs, 1);
    const whole = inverse && onesided;
    const n = length ? integers(length)[0] : whole ? 2 * (x.shape[axis] - 1) : x.shape[axis];
    const kept = onesided && !inverse ? Math.floor(n / 2) + 1 : n;
    const outParts = whole ? 1 : 2;
    const shape = x.shape.map((d, i) => (i === axis ? kept : i === rank - 1 ? outParts : d));
    make(site, 'float64', shape);
    const out = new Float64Array(shape.reduce((a, d) => a * d, 1));
    const { outer, inner } = around(x.shape, axis);
    const lines = inner / parts;
    const d = x.shape[axis];
    for (let o = 0; o < outer; o++)
      for (let l = 0; l < lines; l++) {
        site.budget.step();
        const [re, im] = [new Float64Array(n), new Float64Array(n)];
        for (let t = 0; t < Math.min(n, d); t++) {
          const at = ((o * d + t) * lines + l) * parts;
          re[t] = source[at];
          im[t] = parts === 2 ? source[at + 1] : 0;
        }
        // The other half of a one-sided spectrum is its mirror image.
        if (whole)
          for (let t = Math.floor(n / 2) + 1; t < n; t++) {
            re[t] = re[n - t];
            im[t] = -im[n - t];
          }
        transform(re, im, inverse ? 1 : -1);
        for (let k = 0; k < kept; k++) {
          const at = ((o * kept + k) * lines + l) * outParts;
          out[at] = inverse ? re[k] / n : re[k];
          if (outParts === 2) out[at + 1] = inverse ? im[k] / n : im[k];
        }
      }
    return convert(x.dtype, shape, out);
  };
};

const stft: Operator = (site) => {
  const onesided = int(site, 'onesided', 1) !== 0;
  return (inputs) => {
    const x = dense(inputs, 0);
    const step = integers(dense(inputs, 1))[0];
    const window = optional(inputs, 2);
    const given = optional(inputs, 3);
    const wide = x.shape.length === 2 ? [...x.shape, 1] : x.shape;
    const [batch, length, parts] = wide as [number, number, number];
    const n = given ? integers(given)[0] : window ? window.data.length : length;
    if (!(step > 0 && n > 0 && n <= length) || (window && window.data.length !== n))
      throw badInput(`frames of ${n} in steps of ${step}`);
    const frames = 1 + Math.floor((length - n) / step);
    const kept = onesided ? Math.floor(n / 2) + 1 : n;
    const source = x.data as Numbers & TypedArray;
    site.budget.allocate(batch * frames * kept * 2, 8);
    const out = new Float64Array(batch * frames * kept * 2);
    for (let b = 0; b < batch; b++)
      for (let f = 0; f < frames; f++) {
        site.budget.step();
        const [re, im] = [new Float64Array(n), new Float64Array(n)];
        for (let t = 0; t < n; t++) {
          const at = (b * length + f * step + t) * parts;
          const w = window ? Number(window.data[t]) : 1;
          re[t] = source[at] * w;
          im[t] = parts === 2 ? source[at + 1] * w : 0;
        }
        transform(re, im, -1);
        for (let k = 0; k < kept; k++) {
          const at = ((b * frames + f) * kept + k) * 2;
          out[at] = re[k];
          out[at + 1] = im[k];
        }
      }
    return convert(x.dtype, [batch, frames, kept, 2], out);
  };
};

/** A window of cosines: Σ coefficient · cos(2πki / n). */
function cosineWindow(...coefficients: readonly number[]): Operator {
  return (site) => {
    const periodic = int(site, 'periodic', 1) !== 0;
    const dtype = dtypeAttribute(site, 'output_datatype', 'float32');
    return (inputs) => {
      const n = integers(dense(inputs, 0))[0];
      make(site, dtype, [n]);
      const period = periodic ? n : n - 1;
      const out = Float64Array.from({ length: n }, (_, i) =>
        coefficients.reduce((sum, c, k) => sum + c * Math.cos((2 * Math.PI * k * i) / period), 0),
      );
      return convert(dtype, [n], out);
    };
  };
}

const melWeightMatrix: Operator = (site) => {
  const dtype = dtypeAttribute(site, 'output_datatype', 'float32');
  return (inputs) => {
    const at = (i: number): number => Number(dense(inputs, i).data[0]);
    const [bands, length, rate, low, high] = [at(0), at(1), at(2), at(3), at(4)];
    const bins = Math.floor(length / 2) + 1;
    make(site, dtype, [bins, bands]);
    const mel = (hz: number): number => (2595 * Math.log1p(hz / 700)) / Math.LN10;
    const step = (mel(high) - mel(low)) / (bands + 2);
    const edge = (i: number): number => {
      const hz = 700 * Math.expm1(((mel(low) + i * step) / 2595) * Math.LN10);
      return Math.floor(((length + 1) * hz) / rate);
    };
    const out = new Float64Array(bins * bands);
    const put = (bin: number, band: number, v: number): void => {
      if (!(bin >= 0 && bin < bins)) throw badInput(`frequency bin ${bin} of ${bins}`);
      out[bin * bands + band] = v;
    };
    for (let i = 0; i < bands; i++) {
      const [left, centre, right] = [edge(i), edge(i + 1), edge(i + 2)];
      if (centre === left) put(centre, i, 1);
      else for (let j = left; j <= centre; j++) put(j, i, (j - left) / (centre - left));
      for (let j = centre; j < right; j++) put(j, i, (right - j) / (right - centre));
    }
    return convert(dtype, [bins, bands], out);
  };
};

/** Determinants by elimination with pivoting. */
const det: Operator = () => (inputs) => {
  const x = dense(inputs, 0);
  if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
  const n = x.shape[x.shape.length - 1] ?? 0;
  if (x.shape.length < 2 || x.shape[x.shape.length - 2] !== n)
    throw badInput(`the determinant of [${x.shape.join(', ')}]`);
  const lead = x.shape.slice(0, -2);
  const count = lead.reduce((a, d) => a * d, 1);
  const out = Float64Array.from({ length: count }, (_, k) => {
    const a = Float64Array.from({ length: n * n }, (_v, i) => Number(x.data[k * n * n + i]));
    let product = 1;
    for (let c = 0; c < n; c++) {
      let pivot = c;
      for (let r = c + 1; r < n; r++) if (Math.abs(a[r * n + c]) > Math.abs(a[pivot * n + c])) pivot = r;
      if (a[pivot * n + c] === 0) return 0;
      if (pivot !== c) {
        product = -product;
        for (let j = 0; j < n; j++) [a[c * n + j], a[pivot * n + j]] = [a[pivot * n + j], a[c * n + j]];
      }
      product *= a[c * n + c];
      for (let r = c + 1; r < n; r++) {
        const f = a[r * n + c] / a[c * n + c];
        for (let j = c; j < n; j++) a[r * n + j] -= f * a[c * n + j];
      }
    }
    return product;
  });
  return convert(x.dtype, lead, out);
};

export const signalOperators = {
  DFT: dft,
  STFT: stft,
  HannWindow: cosineWindow(0.5, -0.5),
  HammingWindow: cosineWindow(25 / 46, -21 / 46),
  BlackmanWindow: cosineWindow(0.42, -0.5, 0.08),
  MelWeightMatrix: melWeightMatrix,
  Det: det,
} satisfies OperatorTable;
