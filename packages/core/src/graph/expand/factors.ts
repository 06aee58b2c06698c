import { GraphBuilder, type V } from '../builder.js';
import type { FactorOptions } from '../own-decomposition.js';
import { float64 } from '../tensor.js';
import { int, rowsOf, typeOf } from './build.js';
import type { Expander, Expansion } from './expansion.js';

/** Factors that are written out one after another in the body of a loop: beyond this many the file is too long. */
const MOST_FACTORS = 200;

/**
 * Non-negative factors by coordinate descent: one column of W after another, all rows at once, until the slopes of all
 * rows together are small against those of the first turn. Source: sklearn/decomposition/_cdnmf_fast.pyx
 */
function descended(e: Expander, x: V, options: FactorOptions): V {
  const { g } = e;
  const { components, k, l1, l2, turns, tolerance } = options;
  const n = x.shape[0] ?? null;
  const p = components.length / k;
  const slopes = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) {
      for (let c = 0; c < p; c++) slopes[i * k + j] += components[i * p + c] * components[j * p + c];
      if (i === j) slopes[i * k + j] += l2;
    }
  const pull = g.sub(g.linear(x, float64([k, p], components)), l1);

  const b = new GraphBuilder();
  const scalar = { dtype: 'float64', shape: [], layout: 'dense' } as const;
  const turn = b.input('turn', { ...scalar, dtype: 'int64' });
  b.input('going', { ...scalar, dtype: 'bool' });
  const before = b.input('factors', { ...scalar, shape: [n, k] });
  const known = b.input('first', scalar);
  const wanted = b.capture(pull);
  let w = before;
  let violation: V | undefined;
  for (let t = 0; t < k; t++) {
    const row = slopes.slice(t * k, (t + 1) * k);
    const gradient = b.sub(b.linear(w, float64([1, k], row)), b.columns(wanted, [t]));
    const here = b.columns(w, [t]);
    const size = b.abs(b.where(b.equal(here, 0), b.min(gradient, 0), gradient));
    const [sum] = b.typed('ReduceSum', [size], { keepdims: 0 }, [typeOf('float64', [])]);
    violation = violation ? b.add(violation, sum) : sum;
    if (row[t] === 0) continue;
    const moved = b.max(b.sub(here, b.div(gradient, row[t])), 0);
    const unit = {
      dtype: 'bool',
      shape: [k],
      data: Uint8Array.from({ length: k }, (_, c) => (c === t ? 1 : 0)),
    } as const;
    w = b.where(unit, moved, w);
  }
  if (!violation) return e.refuse('a factorisation without factors');
  const first = b.where(b.equal(turn, int(0)), violation, known);
  const settled = b.or(b.equal(first, 0), b.lessOrEqual(b.div(violation, first), tolerance));
  const results = [b.not(settled), w, first];
  const names = ['going', 'factors', 'first'];
  const body = b.finish(results.map((value, i) => ({ name: names[i], value })));
  const go = { dtype: 'bool', shape: [], data: Uint8Array.of(1) } as const;
  const types = [typeOf('float64', [n, k]), typeOf('float64', [])];
  return g.typed('Loop', [int(turns), go, rowsOf(e, x, k, 0), g.value(0)], { body }, types)[0];
}

export const nonNegativeFactors: Expansion<'NonNegativeFactors'> = ([x], options, e) => {
  const { solver, shuffle, k } = options;
  if (solver !== 'cd') return e.refuse('multiplicative updates go on until the error over all rows settles');
  if (shuffle !== undefined) return e.refuse('coordinates are taken in random order');
  if (k > MOST_FACTORS) return e.refuse(`${k} factors would be written out one by one; up to ${MOST_FACTORS} are`);
  return [descended(e, x, options)];
};
