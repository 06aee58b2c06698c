import { describe, expect, it } from 'vitest';
import { difference, normal, seeded } from '../../runtime/expansion.testing.js';
import type { GraphBuilder, V } from '../builder.js';
import { densityKernels } from '../own-kernels.js';
import { float64, type Tensor } from '../tensor.js';

const random = seeded(9);

it('features of the additive chi-squared kernel, zeros among them', async () => {
  const x = float64([2, 3], Float64Array.of(0, 0.3, 4, 1e-300, 2, 1e5));
  const build = (g: GraphBuilder, [v]: readonly V[]): V =>
    g.own('AdditiveChi2', [v], { steps: 3, interval: 0.4 }, { dtype: 'float64', shape: [null, 15] });
  expect(await difference([x], build)).toBeUndefined();
  await expect(difference([float64([1, 3], Float64Array.of(1, -1, 0))], build)).rejects.toThrow();
});

it('count sketches of degree 3', async () => {
  const [p, outputs, degree] = [4, 6, 3];
  const indices = Int32Array.from({ length: degree * p }, () => Math.floor(random() * outputs));
  const signs = Float64Array.from({ length: degree * p }, () => (random() < 0.5 ? -1 : 1));
  const build = (g: GraphBuilder, [x]: readonly V[]): V =>
    g.own('CountSketch', [x], { indices, signs, degree, outputs }, { dtype: 'float64', shape: [null, outputs] });
  expect(await difference([normal(random, 5, p)], build)).toBeUndefined();
});

describe('densities in ONNX operators', () => {
  const count = 25;
  const points = normal(random, count, 2);
  const tree = {
    kind: 'ball' as const,
    indices: Int32Array.from({ length: count }, (_, i) => i),
    starts: Int32Array.of(0),
    ends: Int32Array.of(count),
    isLeaf: Uint8Array.of(1),
    radii: Float64Array.of(3),
    bounds: new Float64Array(2),
  };
  const near = normal(random, 7, 2);
  for (const kernel of densityKernels)
    for (const weights of [undefined, Float64Array.from({ length: count }, (_, i) => 1 + (i % 4))])
      it(`${kernel}${weights ? ', weighted' : ''}`, async () => {
        const common = { points, tree, weights, metric: { name: 'euclidean' }, kernel, bandwidth: 1.1 };
        const attributes = { ...common, atol: 0, rtol: 0, breadthFirst: true };
        const build = (g: GraphBuilder, [x]: readonly V[]): V =>
          g.own('LogDensity', [x], attributes, { dtype: 'float64', shape: [null] });
        const ends = kernel !== 'gaussian' && kernel !== 'exponential';
        expect(await difference([near], build, { rtol: 1e-9, allowApproximate: ends })).toBeUndefined();
        if (ends) await expect(difference([near], build)).rejects.toThrow(/within the bandwidth/);
      });

  it('names its tolerances', async () => {
    const attributes = {
      ...{ points, tree, weights: undefined, metric: { name: 'euclidean' }, kernel: 'gaussian' as const },
      ...{ bandwidth: 1, atol: 0, rtol: 0.1, breadthFirst: true },
    };
    const build = (g: GraphBuilder, [x]: readonly V[]): V =>
      g.own('LogDensity', [x], attributes, { dtype: 'float64', shape: [null] });
    await expect(difference([near], build)).rejects.toThrow(/rtol 0\.1/);
  });
});

describe('imputation by neighbours in ONNX operators', () => {
  const holed = (x: Tensor, part: number): Tensor =>
    float64(
      x.shape,
      (x.data as Float64Array).map((v) => (random() < part ? NaN : v)),
    );
  const points = holed(normal(random, 20, 4), 0.2);
  // A column that nobody has a value in stays as it is.
  for (let r = 0; r < 20; r++) (points.data as Float64Array)[r * 4 + 3] = NaN;
  const rows = holed(normal(random, 15, 4), 0.4);
  (rows.data as Float64Array).fill(NaN, 0, 4);
  // A row that has what a point has: distance 0.
  (rows.data as Float64Array).set((points.data as Float64Array).subarray(8, 12), 4);
  (rows.data as Float64Array)[5] = NaN;
  for (const uniform of [true, false])
    for (const k of [1, 3, 50])
      it(`${k} of them, ${uniform ? 'alike' : 'by distance'}`, async () => {
        const build = (g: GraphBuilder, [x]: readonly V[]): V =>
          g.own('ImputeNeighbors', [x], { points, k, uniform }, { dtype: 'float64', shape: x.shape });
        expect(await difference([rows], build, { rtol: 1e-9 })).toBeUndefined();
      });
});
