/** Modified Bessel functions of the second kind, and the gamma function that they need. */

/** Coefficients of 1/Γ(z) = Σ c[k] z^(k+1). Source: Abramowitz and Stegun 6.1.34. */
const RECIPROCAL_GAMMA = [
  1, 0.5772156649015329, -0.6558780715202538, -0.0420026350340952, 0.1665386113822915, -0.0421977345555443,
  -0.009621971527877, 0.007218943246663, -0.0011651675918591, -0.0002152416741149, 0.0001280502823882,
  -0.0000201348547807, -0.0000012504934821, 0.000001133027232, -0.0000002056338417, 0.000000006116095,
  0.0000000050020075, -0.0000000011812746, 0.0000000001043427, 0.0000000000077823, -0.0000000000036968,
  0.00000000000051, -0.0000000000000206, -0.0000000000000054, 0.0000000000000014,
];

/** 1/Γ(1 + x) for |x| ≤ 1/2, and the even and odd parts that Temme's method wants. */
function reciprocalGamma(x: number): {
  readonly plus: number;
  readonly minus: number;
  readonly even: number;
  readonly odd: number;
} {
  let even = 0;
  let odd = 0;
  for (let k = RECIPROCAL_GAMMA.length - 1; k >= 0; k--) {
    const term = RECIPROCAL_GAMMA[k] * x ** (k % 2 === 0 ? k : k - 1);
    if (k % 2 === 0) even += term;
    else odd -= term;
  }
  return { plus: even - x * odd, minus: even + x * odd, even, odd };
}

/** Γ(x) for x > 0. */
export function gamma(x: number): number {
  const steps = Math.floor(x + 0.5) - 1;
  const mu = x - 1 - steps;
  let value = 1 / reciprocalGamma(mu).plus;
  for (let i = 1; i <= steps; i++) value *= mu + i;
  return steps < 0 ? value / x : value;
}

const EPSILON = 1e-17;
const MOST_TERMS = 10_000;

/**
 * K_ν(x) for ν ≥ 0, x > 0. Source: N. M. Temme, J. Comput. Phys. 19 (1975); Steed's continued fraction for
 * x ≥ 2.
 */
export function besselK(nu: number, x: number): number {
  const steps = Math.floor(nu + 0.5);
  const mu = nu - steps;
  const mu2 = mu * mu;
  let [k, next] = x < 2 ? series(mu, mu2, x) : fraction(mu, mu2, x);
  for (let i = 1; i <= steps; i++) [k, next] = [next, ((mu + i) * 2 * next) / x + k];
  return k;
}

function series(mu: number, mu2: number, x: number): [number, number] {
  const d = Math.log(2 / x);
  const e = mu * d;
  const sinhc = Math.abs(e) < 1e-8 ? 1 : Math.sinh(e) / e;
  const turn = Math.PI * mu;
  const sinc = Math.abs(turn) < 1e-8 ? 1 : turn / Math.sin(turn);
  const { plus, minus, even, odd } = reciprocalGamma(mu);
  let f = sinc * (odd * Math.cosh(e) + even * sinhc * d);
  let p = (0.5 * Math.exp(e)) / plus;
  let q = (0.5 * Math.exp(-e)) / minus;
  let c = 1;
  let sum = f;
  let sumNext = p;
  for (let i = 1; i < MOST_TERMS; i++) {
    f = (i * f + p + q) / (i * i - mu2);
    c *= (0.25 * x * x) / i;
    p /= i - mu;
    q /= i + mu;
    sum += c * f;
    sumNext += c * (p - i * f);
    if (Math.abs(c * f) < Math.abs(sum) * EPSILON) break;
  }
  return [sum, (sumNext * 2) / x];
}

function fraction(mu: number, mu2: number, x: number): [number, number] {
  let b = 2 * (1 + x);
  let d = 1 / b;
  let h = d;
  let step = d;
  let q1 = 0;
  let q2 = 1;
  const a1 = 0.25 - mu2;
  let q = a1;
  let c = a1;
  let a = -a1;
  let s = 1 + q * step;
  for (let i = 2; i < MOST_TERMS && a1 !== 0; i++) {
    a -= 2 * (i - 1);
    c = (-a * c) / i;
    const following = (q1 - b * q2) / a;
    q1 = q2;
    q2 = following;
    q += c * following;
    b += 2;
    d = 1 / (b + a * d);
    step *= b * d - 1;
    h += step;
    const more = q * step;
    s += more;
    if (Math.abs(more / s) < EPSILON) break;
  }
  const k = (Math.sqrt(Math.PI / (2 * x)) * Math.exp(-x)) / s;
  return [k, (k * (mu + x + 0.5 - a1 * h)) / x];
}
