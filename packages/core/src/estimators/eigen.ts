/** Eigenvalues of small symmetric matrices, and the pseudo-inverses that follow. Row-major float64. */

const SWEEPS = 60;

/** a = vectorsᵀ · diag(values) · vectors; vectors are rows. Cyclic Jacobi rotations. Source: Golub and Van Loan 8.5 */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    let all = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const square = a[i * n + j] ** 2;
        all += square;
        if (i !== j) off += square;
      }
    if (off <= 1e-32 * all) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors: v };
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q];
  if (apq === 0) return;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[k * n + p], a[k * n + q]];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[p * n + k], a[q * n + k]];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
    const [i, j] = [v[p * n + k], v[q * n + k]];
    v[p * n + k] = c * i - s * j;
    v[q * n + k] = s * i + c * j;
  }
}

/** f(a) of a symmetric matrix: eigenvalues too small beside the largest count as zero and give zero. */
export function symmetricFunction(
  matrix: Float64Array,
  n: number,
  f: (value: number) => number,
): Float64Array<ArrayBuffer> {
  const { values, vectors } = symmetricEigen(matrix, n);
  const largest = values.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  const out = new Float64Array(n * n);
  for (let e = 0; e < n; e++) {
    if (Math.abs(values[e]) <= largest * n * 2 ** -52) continue;
    const scale = f(values[e]);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) out[i * n + j] += scale * vectors[e * n + i] * vectors[e * n + j];
  }
  return out;
}

/** The pseudo-inverse of a symmetric matrix, as scipy's `pinvh`. */
export function pseudoInverse(matrix: Float64Array, n: number): Float64Array<ArrayBuffer> {
  return symmetricFunction(matrix, n, (x) => 1 / x);
}
