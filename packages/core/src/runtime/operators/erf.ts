/**
 * The error function to double precision: Taylor expansions around a grid. The derivatives of erf are
 * Hermite polynomials times exp(-x²), so the table follows from a recurrence and one accurate series per
 * grid point (Abramowitz and Stegun 7.1.6, 7.1.19).
 */
const STEP = 1 / 8;
const TERMS = 14;
/** From here on erf(x) is 1 in double precision. */
const LIMIT = 6;
const TWO_OVER_ROOT_PI = 1.1283791670955126;

let table: Float64Array | undefined;

function build(): Float64Array {
  const cells = LIMIT / STEP + 1;
  const out = new Float64Array(cells * TERMS);
  for (let c = 0; c < cells; c++) {
    const x = c * STEP;
    const slope = TWO_OVER_ROOT_PI * Math.exp(-x * x);
    // derivative(n + 2) = -2x · derivative(n + 1) - 2n · derivative(n)
    const d = new Float64Array(TERMS);
    d[0] = x < 2 ? series(x) : 1 - complement(x);
    d[1] = slope;
    for (let n = 2; n < TERMS; n++) d[n] = -2 * x * d[n - 1] - (n > 2 ? 2 * (n - 2) * d[n - 2] : 0);
    let factorial = 1;
    for (let n = 0; n < TERMS; n++) {
      if (n > 1) factorial *= n;
      out[c * TERMS + n] = d[n] / factorial;
    }
  }
  return out;
}

/** 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)): all terms positive, so nothing cancels. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return Math.min(1, TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum);
}

/** 1 - erf(x) for x ≥ 2 by its continued fraction (7.1.14), so that nothing of erf(x) ≈ 1 is lost. */
function complement(x: number): number {
  let k = x;
  for (let n = 100; n > 0; n--) k = x + n / 2 / k;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * k);
}

export function erf(x: number): number {
  const a = Math.abs(x);
  if (a >= LIMIT) return x < 0 ? -1 : 1;
  if (Number.isNaN(x)) return NaN;
  table ??= build();
  const cell = Math.round(a / STEP);
  const h = a - cell * STEP;
  const at = cell * TERMS;
  let sum = table[at + TERMS - 1];
  for (let n = TERMS - 2; n > 0; n--) sum = sum * h + table[at + n];
  sum = sum * h + table[at];
  return x < 0 || Object.is(x, -0) ? -sum : sum;
}
