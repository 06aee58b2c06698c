import { describe, expect, it } from 'vitest';
import { difference, normal, seeded } from '../../runtime/expansion.testing.js';
import type { GraphBuilder, V } from '../builder.js';
import type { KernelStep, PairwiseMetric } from '../kernel-program.js';
import { float64, type Tensor } from '../tensor.js';

const random = seeded(5);
const positive = (x: Tensor): Tensor => float64(x.shape, (x.data as Float64Array).map(Math.abs));
const others = positive(normal(random, 13, 3));
/** New rows, and one that is among the others. */
const rows = float64(
  [6, 3],
  Float64Array.of(
    ...(others.data as Float64Array).subarray(0, 3),
    ...(positive(normal(random, 5, 3)).data as Float64Array),
  ),
);

const all =
  (program: readonly KernelStep[]) =>
  (g: GraphBuilder, [x]: readonly V[]): readonly V[] => [
    g.own('KernelMatrix', [x], { program, others }, { dtype: 'float64', shape: [null, 13] }),
    g.own('KernelMatrix', [x], { program, others: undefined }, { dtype: 'float64', shape: [null, null] }),
    g.own('KernelDiagonal', [x], { program }, { dtype: 'float64', shape: [null] }),
  ];

const one = Float64Array.of(0.7);
const each = Float64Array.of(0.7, 1.9, 0.2);
const steps: readonly KernelStep[] = [
  { op: 'constant', value: 2.5 },
  { op: 'white', level: 0.3 },
  { op: 'rbf', lengths: one },
  { op: 'rbf', lengths: each },
  ...[0.5, 1.5, 2.5, Infinity, 0.7, 3.2, 8].map((nu) => ({ op: 'matern' as const, lengths: each, nu })),
  { op: 'rational', length: 0.6, alpha: 1.7 },
  { op: 'periodic', length: 0.9, period: 1.3 },
  { op: 'dot', offset: 0.8 },
];
const metrics: readonly PairwiseMetric[] = [
  'linear',
  'polynomial',
  'rbf',
  'laplacian',
  'sigmoid',
  'cosine',
  'chi2',
  'additive_chi2',
];

describe('kernels in ONNX operators', () => {
  for (const step of steps)
    it(`${step.op} ${'nu' in step ? step.nu : ''}`, async () => {
      expect(await difference([rows], all([step]), { rtol: 1e-11 })).toBeUndefined();
    });

  for (const metric of metrics)
    it(metric, async () => {
      const step: KernelStep = { op: 'pairwise', metric, gamma: 0.4, degree: 3, coef0: 1.1 };
      expect(await difference([rows], all([step]))).toBeUndefined();
    });

  it('sums, products and powers', async () => {
    const program: KernelStep[] = [
      { op: 'constant', value: 1.4 },
      { op: 'rbf', lengths: one },
      { op: 'product' },
      { op: 'dot', offset: 0.1 },
      { op: 'power', exponent: 2 },
      { op: 'sum' },
      { op: 'white', level: 1e-3 },
      { op: 'sum' },
    ];
    expect(await difference([rows], all(program))).toBeUndefined();
  });

  it('refuses an order whose numbers are too large', async () => {
    await expect(difference([rows], all([{ op: 'matern', lengths: one, nu: 20 }]))).rejects.toThrow(/nu=20/);
  });
});

it('solves triangular systems of more than one block', async () => {
  const m = 70;
  const next = seeded(2);
  const lower = Float64Array.from({ length: m * m }, (_, i) => {
    const [r, c] = [Math.floor(i / m), i % m];
    return c > r ? 99 : c === r ? 0.5 + next() : (next() - 0.5) / 4;
  });
  const build = (g: GraphBuilder, [x]: readonly V[]): V =>
    g.own('SolveLower', [x], { lower }, { dtype: 'float64', shape: [null, m] });
  expect(await difference([normal(next, 4, m)], build, { rtol: 1e-10 })).toBeUndefined();
});
