import { BrineError } from '../../errors.js';
import type { V } from '../../graph/builder.js';
import { float64 } from '../../graph/tensor.js';
import { estimator, type Fitted } from '../estimator.js';
import { asNumber, badState, flag, number, optional, sequenceOf, type Field } from '../fields.js';

/** `degree`: the largest, or (since 1.0) the smallest and the largest. */
const degrees: Field<readonly [number, number]> = (value, at) => {
  const n = asNumber(value);
  if (n !== undefined) return [0, n];
  const [low, high] = sequenceOf(value).map(asNumber);
  if (low === undefined || high === undefined) throw badState(at, 'a degree or a pair of degrees', value);
  return [low, high];
};

const state = {
  degree: degrees,
  interaction_only: optional(flag, false),
  include_bias: optional(flag, true),
  n_input_features_: optional(number),
  n_output_features_: optional(number),
};
type Polynomial = Fitted<typeof state>;

/**
 * Factors that the terms of a model may have in all, a term of degree d having d: 200 features to the third
 * degree have 4 million. They are counted before any is written down, since a degree is one number in the
 * file (CWE-770).
 */
const MAX_FACTORS = 8_000_000;

/** The highest degree that has terms, and how many factors all have: refused where those are too many. */
function highestDegree(m: Polynomial, features: number): number {
  const highest = m.interaction_only ? Math.min(m.degree[1], features) : m.degree[1];
  let ofDegree = 1;
  let factors = 0;
  for (let d = 1; d <= highest && ofDegree > 0; d++) {
    ofDegree *= (m.interaction_only ? features - d + 1 : features + d - 1) / d;
    factors += ofDegree * d;
    if (factors > MAX_FACTORS)
      throw new BrineError(
        'LIMIT',
        `the polynomial terms of ${features} features up to degree ${m.degree[1]} have more than ${MAX_FACTORS} factors`,
        { path: m.estimator.path },
      );
  }
  return features === 0 ? 0 : highest;
}

/** The terms of each degree, as rising lists of features, in the order of Python's `combinations`. */
function terms(m: Polynomial, features: number): number[][][] {
  const byDegree: number[][][] = [[[]]];
  const highest = highestDegree(m, features);
  for (let d = 1; d <= highest; d++) {
    const next: number[][] = [];
    for (let first = 0; first < features; first++)
      for (const rest of byDegree[d - 1]) {
        const allowed = rest.length === 0 || (m.interaction_only ? rest[0] > first : rest[0] >= first);
        if (!allowed) continue;
        next.push([first, ...rest]);
      }
    byDegree.push(next);
  }
  return byDegree;
}

function width(m: Polynomial): number {
  const n = m.nFeatures ?? m.n_input_features_;
  if (n === undefined)
    throw new BrineError('NOT_FITTED', 'PolynomialFeatures was saved before it was fitted', { path: m.estimator.path });
  return n;
}

/** The terms that come out: the constant if wanted, then degree by degree. */
function outputTerms(m: Polynomial, features: number): number[][] {
  const all = terms(m, features);
  return [...(m.include_bias ? all[0] : []), ...all.slice(Math.max(1, m.degree[0])).flat()];
}

const polynomial = estimator('PolynomialFeatures', state, {
  modules: ['sklearn.preprocessing._polynomial', 'sklearn.preprocessing._data', 'sklearn.preprocessing.data'],
  input: 'dense',
  features: (m) => m.n_input_features_,
  methods: {
    transform: (m, x, g) => {
      const byDegree = terms(m, width(m));
      const parts: V[] = m.include_bias ? [g.repeatRows(x, float64([1], Float64Array.of(1)))] : [];
      let below: V | undefined;
      for (let d = 1; d < byDegree.length; d++) {
        const here = byDegree[d];
        if (here.length === 0) break;
        const places = new Map(byDegree[d - 1].map((t, i) => [t.join(), i]));
        // A term is its first feature times the term of one degree less, as the library multiplies.
        const value: V = below
          ? g.mul(
              g.columns(
                below,
                here.map((t) => places.get(t.slice(1).join())!),
              ),
              g.columns(
                x,
                here.map((t) => t[0]),
              ),
            )
          : x;
        if (d >= m.degree[0]) parts.push(value);
        below = value;
      }
      return parts.length > 0 ? g.concat(parts) : g.columns(x, []);
    },
  },
  names: (m, input) =>
    outputTerms(m, width(m)).map((term) => {
      if (term.length === 0) return '1';
      const powers = new Map<number, number>();
      for (const f of term) powers.set(f, (powers.get(f) ?? 0) + 1);
      return [...powers].map(([f, p]) => (p === 1 ? (input[f] ?? `x${f}`) : `${input[f] ?? `x${f}`}^${p}`)).join(' ');
    }),
});

export const polynomials = [polynomial];
