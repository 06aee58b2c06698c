import { BrineError } from '../errors.js';

/** Small dense linear algebra on what fitting left, done once when a method is lowered. Row-major float64. */

/** An LU decomposition with partial pivoting, in place of a. Throws BAD_STATE if a is singular. */
function decompose(a: Float64Array, n: number): { order: Int32Array; sign: number } {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    if (a[pivot * n + k] === 0) throw new BrineError('BAD_STATE', 'a matrix of the model has no inverse');
    if (pivot !== k) {
      for (let j = 0; j < n; j++) [a[k * n + j], a[pivot * n + j]] = [a[pivot * n + j], a[k * n + j]];
      [order[k], order[pivot]] = [order[pivot], order[k]];
      sign = -sign;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = (a[i * n + k] /= a[k * n + k]);
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return { order, sign };
}

/** The inverse of an n × n matrix. Throws BAD_STATE if it has none. */
export function inverse(matrix: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const a = Float64Array.from(matrix);
  const { order } = decompose(a, n);
  const out = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < n; i++) {
      let sum = order[i] === c ? 1 : 0;
      for (let j = 0; j < i; j++) sum -= a[i * n + j] * column[j];
      column[i] = sum;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = column[i];
      for (let j = i + 1; j < n; j++) sum -= a[i * n + j] * column[j];
      column[i] = sum / a[i * n + i];
      out[i * n + c] = column[i]!;
    }
  }
  return out;
}

/** log |det| of an n × n matrix with a positive determinant; -Infinity otherwise, as `fast_logdet` has it. */
export function logDeterminant(matrix: Float64Array, n: number): number {
  const a = Float64Array.from(matrix);
  let { sign } = decompose(a, n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += Math.log(Math.abs(a[i * n + i]));
    if (a[i * n + i] < 0) sign = -sign;
  }
  return sign > 0 ? sum : -Infinity;
}

/** a [n × k] · b [k × m]. */
export function product(a: Float64Array, b: Float64Array, n: number, k: number, m: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let p = 0; p < k; p++) {
      const x = a[i * k + p];
      for (let j = 0; j < m; j++) out[i * m + j] += x * b[p * m + j];
    }
  return out;
}

export function transposed(a: Float64Array, rows: number, columns: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!;
  return out;
}
