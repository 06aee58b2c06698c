import { GraphBuilder, type V } from '../builder.js';
import type { Pool } from '../own-decomposition.js';
import { float64, type Tensor } from '../tensor.js';
import { int, ints, rowsOf, slice, typeOf, unsqueeze } from './build.js';
import type { Expander, Expansion, Expansions } from './expansion.js';
import { nonNegativeFactors } from './factors.js';

// ---- clusters of features ---------------------------------------------------------------------------

const pools: Readonly<Record<Pool, (e: Expander, x: V, groups: readonly (readonly number[])[]) => V>> = {
  sum: ({ g }, x, groups) => g.linear(x, memberships(x, groups)),
  mean: ({ g }, x, groups) =>
    g.div(
      g.linear(x, memberships(x, groups)),
      float64(
        [groups.length],
        Float64Array.from(groups, (group) => group.length),
      ),
    ),
  max: ({ g }, x, groups) => g.concat(groups.map((group) => g.reduceMax(g.columns(x, group), 1))),
  min: ({ g }, x, groups) => g.concat(groups.map((group) => g.reduceMin(g.columns(x, group), 1))),
  median: ({ g }, x, groups) =>
    g.concat(
      groups.map((group) => {
        const middle = group.length >> 1;
        const least = g.nodes(
          'TopK',
          [g.columns(x, group), ints(middle + 1)],
          { axis: 1, largest: 0, sorted: 1 },
          2,
        )[0];
        const upper = slice(g, least, 1, middle, middle + 1);
        if (group.length % 2 === 1) return upper;
        return g.div(g.add(slice(g, least, 1, middle - 1, middle), upper), 2);
      }),
    ),
};

/** [groups, columns]: ones where a group has a column. */
function memberships(x: V, groups: readonly (readonly number[])[]): Tensor {
  const p = x.shape[1] ?? 0;
  const data = new Float64Array(groups.length * p);
  groups.forEach((group, k) => {
    for (const c of group) data[k * p + c]++;
  });
  return float64([groups.length, p], data);
}

const poolColumns: Expansion<'PoolColumns'> = ([x], { groups, pool }, e) => {
  if (x.shape[1] === null || groups.some((group) => group.length === 0))
    return e.refuse('columns in groups, of which one is empty or their number is not known');
  return [pools[pool](e, x, groups)];
};

// ---- local linear embeddings ------------------------------------------------------------------------

/** The Gram matrix of the gaps to the neighbours, solved for ones by elimination; all rows at once. */
const barycentre: Expansion<'Barycentre'> = ([x, places], attributes, e) => {
  const { g } = e;
  const { rows, columns: p, embedding, outputs, regularization } = attributes;
  const count = rows.length / p;
  const [n = null, k = null] = places.shape;
  if (k === null) return e.refuse('the number of neighbours is not known');
  const all = (shape: readonly (number | null)[]) => [typeOf('float64', shape)];
  const near = g.gather(float64([count, p], rows), places, 0);
  const gaps = g.typed('Sub', [near, unsqueeze(g, x, 1)], {}, all([n, k, p]))[0];
  const turned = g.typed('Transpose', [gaps], { perm: [0, 2, 1] }, all([n, p, k]))[0];
  const gram = g.matmul(gaps, turned);
  const eye = float64(
    [1, k, k],
    Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0)),
  );
  const trace = g.sum(g.sum(g.mul(gram, eye), 2), 1);
  const more = g.where(g.greater(trace, 0), g.mul(trace, regularization), regularization);
  const system = g.add(gram, g.mul(more, eye));

  const ones = unsqueeze(g, rowsOf(e, places, k, 1), 2);
  let table = g.concat([system, ones], 2);
  // Symmetric and positive: no pivot is small.
  for (let i = 0; i < k; i++) {
    const pivot = slice(g, table, 1, i, i + 1);
    const row = g.div(pivot, slice(g, pivot, 2, i, i + 1));
    const others = float64(
      [1, k, 1],
      Float64Array.from({ length: k }, (_, r) => (r === i ? 0 : 1)),
    );
    const own = float64(
      [1, k, 1],
      Float64Array.from({ length: k }, (_, r) => (r === i ? 1 : 0)),
    );
    const rest = g.mul(g.sub(table, g.mul(slice(g, table, 2, i, i + 1), row)), others);
    table = g.add(rest, g.mul(row, own));
  }
  const weights = slice(g, table, 2, k, k + 1);
  const embedded = g.gather(float64([count, outputs], embedding), places, 0);
  const sums = g.sum(g.mul(embedded, weights), 1, false);
  return [g.div(sums, g.sum(weights, 1, false))];
};

// ---- topics -----------------------------------------------------------------------------------------

const EULER = 0.5772156649015329;
const EPSILON = 2 ** -52;

/** The library's digamma: up to 6 by the recurrence, from there on by four terms of the asymptotic series. */
function digamma(g: GraphBuilder, argument: V): V {
  const tiny = g.lessOrEqual(argument, 1e-6);
  let x = g.where(tiny, 1, argument);
  let out: V | undefined;
  for (let i = 0; i < 6; i++) {
    const low = g.less(x, 6);
    const term = g.where(low, g.div(-1, x), 0);
    out = out ? g.add(out, term) : term;
    x = g.where(low, g.add(x, 1), x);
  }
  const r = g.div(1, x);
  const square = g.mul(r, r);
  const series = g.sub(1 / 12, g.mul(square, g.sub(1 / 120, g.div(square, 252))));
  const value = g.sub(g.add(out!, g.sub(g.log(x), g.mul(r, 0.5))), g.mul(square, series));
  return g.where(tiny, g.sub(-EULER, g.div(1, argument)), value);
}

/** The same number in TypeScript, for the weights that every document begins with. */
function digammaOf(argument: number): number {
  let x = argument;
  let out = 0;
  for (; x < 6; x++) out -= 1 / x;
  const r = 1 / x;
  return out + Math.log(x) - 0.5 * r - r * r * (1 / 12 - r * r * (1 / 120 - (r * r) / 252));
}

/** The library's turns, of all documents together; one that changes less than the tolerance stays as it is. */
const topicDistribution: Expansion<'TopicDistribution'> = ([x], { words, topics: k, prior, turns, tolerance }, e) => {
  const { g } = e;
  const n = x.shape[0] ?? null;
  const p = words.length / k;
  const table = { dtype: 'float64', shape: [n, k], layout: 'dense' } as const;
  const b = new GraphBuilder();
  b.input('turn', { dtype: 'int64', shape: [], layout: 'dense' });
  b.input('going', { dtype: 'bool', shape: [], layout: 'dense' });
  const before = b.input('document', table);
  const weight = b.input('weight', table);
  const active = b.input('active', { ...table, dtype: 'bool', shape: [n, 1] });
  const components = float64([k, p], words);
  const counts = b.capture(x);
  const norm = b.add(b.node('Gemm', [weight, components]), EPSILON);
  const shares = b.node('Gemm', [b.div(counts, norm), components], { transB: 1 });
  const next = b.add(b.mul(weight, shares), prior);
  const moved = b.exp(b.sub(digamma(b, next), digamma(b, b.sum(next, 1))));
  const change = b.div(b.sum(b.abs(b.sub(before, next)), 1), k);
  const document = b.where(active, next, before);
  const still = b.and(active, b.not(b.less(change, tolerance)));
  const [left] = b.typed('ReduceSum', [b.cast(still, 'int64')], { keepdims: 0 }, [typeOf('int64', [])]);
  const results = [b.greater(left, int(0)), document, b.where(active, moved, weight), still];
  const names = ['going', 'document', 'weight', 'active'];
  const body = b.finish(results.map((value, i) => ({ name: names[i], value })));

  const first = rowsOf(e, x, k, 1);
  const begin = rowsOf(e, x, k, Math.exp(digammaOf(1) - digammaOf(k)));
  const every = g.equal(rowsOf(e, x, 1, 1), 1);
  const types = [typeOf('float64', [n, k]), typeOf('float64', [n, k]), typeOf('bool', [n, 1])];
  const go = { dtype: 'bool', shape: [], data: Uint8Array.of(1) } as const;
  return [g.typed('Loop', [int(turns), go, first, begin, every], { body }, types)[0]];
};

/** What exceeds a threshold, by so much; the other algorithms choose atoms of the dictionary one after another. */
const sparseCodes: Expansion<'SparseCodes'> = ([x], { dictionary, k, algorithm, regularization, positive }, e) => {
  const { g } = e;
  if (algorithm !== 'threshold') return e.refuse(`${algorithm} codes each row by an iteration of its own`);
  const likeness = g.linear(x, float64([k, dictionary.length / k], dictionary));
  const codes = g.mul(g.sign(likeness), g.max(g.sub(g.abs(likeness), regularization), 0));
  return [positive ? g.max(codes, 0) : codes];
};

/** The operators of `runtime/own/decomposition.ts` in ONNX operators. */
export const decompositionExpansions: Expansions = {
  PoolColumns: poolColumns,
  Barycentre: barycentre,
  TopicDistribution: topicDistribution,
  RavelSingleRow: ([x], _, e) => {
    e.note('a single row comes as a table of one row, where the library gives a vector');
    return [x];
  },
  Patches: (_, __, e) => e.refuse('patches of images whose size only the run tells'),
  SparseCodes: sparseCodes,
  NonNegativeFactors: nonNegativeFactors,
};
