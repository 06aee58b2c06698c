import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { besselK, gamma } from './bessel.js';
import { RandomState } from './mersenne.js';
import { normalCdf, normalQuantile } from './normal.js';
import { splineBasis, type SplineOptions } from './spline.js';

// What scipy, numpy and scikit-learn gave: oracle/make_special_functions.py
interface Expected {
  readonly normal_quantile: readonly [number, number][];
  readonly normal_cdf: readonly [number, number][];
  readonly bessel_k: readonly [number, number, number][];
  readonly gamma: readonly [number, number][];
  readonly random: Readonly<Record<'randint7' | 'randint1000003' | 'permutation9' | 'multinomial', number[]>> & {
    readonly seed: number;
  };
  readonly splines: readonly {
    readonly degree: number;
    readonly extrapolation: SplineOptions['extrapolation'];
    readonly knots: number[][];
    readonly coefficients: number[][][];
    readonly x: number[][];
    readonly expected: number[][];
  }[];
}
const file = new URL('../../../../../fixtures/estimators/special.json', import.meta.url);
const known = JSON.parse(readFileSync(file, 'utf8')) as Expected;

const near = (got: number, wanted: number, tolerance: number): void => {
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(tolerance * Math.abs(wanted));
};

describe('special functions as scipy has them', () => {
  it.each(known.normal_quantile)('the normal quantile of %f', (p, wanted) => {
    // Near one half the quantile is near nothing: there the error is that of p.
    expect(Math.abs(normalQuantile(p) - wanted)).toBeLessThanOrEqual(4e-15 * Math.max(Math.abs(wanted), 0.05));
  });
  it.each(known.normal_cdf)('the normal distribution at %f', (x, wanted) => {
    // Far out, rounding x² costs the exponential its last three digits.
    near(normalCdf(x), wanted, 4e-13);
  });
  it.each(known.bessel_k)('K of order %f at %f', (nu, x, wanted) => {
    near(besselK(nu, x), wanted, 1e-12);
  });
  it.each(known.gamma)('gamma of %f', (x, wanted) => {
    near(gamma(x), wanted, 1e-14);
  });
});

describe('random numbers as numpy.random.RandomState draws them', () => {
  it('draws integers, permutations and multinomials in one sequence', () => {
    const { seed, randint7, randint1000003, permutation9, multinomial } = known.random;
    const random = new RandomState(seed);
    expect(randint7.map(() => random.below(7))).toEqual(randint7);
    expect(randint1000003.map(() => random.below(1000003))).toEqual(randint1000003);
    expect(Array.from(random.permutation(9))).toEqual(permutation9);
    const weights = Float64Array.of(0.2, 0.5, 0.05, 0.25);
    expect(multinomial.map(() => random.choice(weights))).toEqual(multinomial);
  });
});

describe('B-spline bases', () => {
  it.each(known.splines)('of degree $degree, $extrapolation beyond the knots', (spline) => {
    const { degree, extrapolation, knots, coefficients, x, expected } = spline;
    const basis = splineBasis({
      columns: knots.map((t, i) => ({
        knots: Float64Array.from(t),
        coefficients: {
          shape: [coefficients[i].length, coefficients[i][0].length],
          data: Float64Array.from(coefficients[i].flat()),
        },
      })),
      degree,
      extrapolation,
      missingAsZero: false,
      includeBias: true,
    });
    const got = basis.apply(Float64Array.from(x.flat()), x.length);
    const wanted = expected.flat();
    expect(got.length).toBe(wanted.length);
    wanted.forEach((w, i) => {
      expect(Math.abs(got[i] - w)).toBeLessThanOrEqual(1e-12 + 1e-12 * Math.abs(w));
    });
  });
  it('refuses values beyond the knots where extrapolation is an error', () => {
    const options: SplineOptions = {
      columns: [
        {
          knots: Float64Array.of(0, 1, 2, 3),
          coefficients: { shape: [2, 2], data: Float64Array.of(1, 0, 0, 1) },
        },
      ],
      degree: 1,
      extrapolation: 'error',
      missingAsZero: false,
      includeBias: true,
    };
    expect(() => splineBasis(options).apply(Float64Array.of(2.5), 1)).toThrow('beyond the limits');
  });
});
