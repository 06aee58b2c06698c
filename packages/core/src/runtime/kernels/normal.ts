/** The standard normal distribution to double precision. */

const ROOT_TWO = Math.SQRT2;
const LOG_ROOT_TWO_PI = 0.9189385332046727;

/** Below this |x| the series of erfc is exact enough; beyond it the continued fraction converges fast. */
const SERIES_LIMIT = 2;
const FRACTION_TERMS = 120;

/** 1 - erf(x), accurate in relative terms in the upper tail. Source: Abramowitz and Stegun 7.1.6, 7.1.14. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < 0) return 2 - erfc(-x);
  if (x < SERIES_LIMIT) return 1 - erfSeries(x);
  if (x > 27.5) return 0;
  // Lentz is not needed: evaluated from the end, the fraction is stable.
  let fraction = x;
  for (let k = FRACTION_TERMS; k > 0; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** P(Z ≤ x). */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x / ROOT_TWO);
}

/**
 * The x with P(Z ≤ x) = p: a rational first guess (Abramowitz and Stegun 26.2.23), made exact by Halley's
 * method on the tail that p is nearer to.
 */
export function normalQuantile(p: number): number {
  if (Number.isNaN(p) || p < 0 || p > 1) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p > 0.5) return -lowerQuantile(1 - p);
  return lowerQuantile(p);
}

function lowerQuantile(p: number): number {
  if (p === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(p));
  let x = -(
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t)
  );
  for (let turn = 0; turn < 4; turn++) {
    const ratio = (normalCdf(x) - p) * Math.exp(0.5 * x * x + LOG_ROOT_TWO_PI);
    const step = ratio / (1 + (x * ratio) / 2);
    x -= step;
    if (Math.abs(step) <= 1e-16 * Math.abs(x)) break;
  }
  return x;
}
