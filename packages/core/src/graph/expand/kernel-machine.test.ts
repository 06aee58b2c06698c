import { describe, expect, it } from 'vitest';
import { difference, normal, seeded } from '../../runtime/expansion.testing.js';
import type { GraphBuilder, V } from '../builder.js';
import type { SupportVectors } from '../support-vectors.js';
import { float64, isCsr, type Csr, type Tensor } from '../tensor.js';

const random = seeded(3);
const rows = normal(random, 9, 4);
const dense = normal(random, 11, 4);
/** Three classes of 4, none and 7 vectors. */
const starts = [0, 4, 4, 11];

function sparse(x: Tensor): Csr {
  const [n, p] = x.shape;
  const indices: number[] = [];
  const data: number[] = [];
  const indptr = [0];
  for (let r = 0; r < n; r++) {
    for (let c = 0; c < p; c++)
      if ((r + c) % 3 !== 0) {
        indices.push(c);
        data.push((x.data as Float64Array)[r * p + c]);
      }
    indptr.push(indices.length);
  }
  return {
    dtype: 'float64',
    shape: [n, p],
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    data: Float64Array.from(data),
  };
}

function machine(
  kernel: SupportVectors['kernel'],
  vectors: Tensor | Csr,
  more: Partial<SupportVectors> = {},
): SupportVectors {
  const outputs = [];
  for (let i = 0; i < 3; i++)
    for (let j = i + 1; j < 3; j++)
      outputs.push([
        { row: j - 1, from: starts[i], to: starts[i + 1] },
        { row: i, from: starts[j], to: starts[j + 1] },
      ]);
  const coefficients = normal(seeded(8), 2, 11).data as Float64Array;
  const intercepts = Float64Array.of(0.1, -2, 3);
  return { kernel, gamma: 0.37, coef0: 0.4, degree: 5, vectors, coefficients, outputs, intercepts, ...more };
}

const run =
  (m: SupportVectors) =>
  (g: GraphBuilder, [x]: readonly V[]): V =>
    g.own('KernelMachine', [x], { machine: m }, { dtype: 'float64', shape: [null, m.outputs.length] });

describe('kernel machines in ONNX operators', () => {
  for (const kernel of ['linear', 'poly', 'rbf', 'sigmoid'] as const)
    for (const vectors of [dense, sparse(dense)])
      it(`${kernel}, ${isCsr(vectors) ? 'sparse' : 'dense'}`, async () => {
        expect(await difference([rows], run(machine(kernel, vectors)))).toBeUndefined();
      });

  it('takes a sparse input as a dense one', async () => {
    expect(await difference([sparse(rows)], run(machine('rbf', sparse(dense))))).toBeUndefined();
  });

  it('differences rather than written out squares where sparse vectors are long', async () => {
    const far = sparse(
      float64(
        dense.shape,
        (dense.data as Float64Array).map((v) => v * 1e3 + 1e5),
      ),
    );
    const near = float64(
      rows.shape,
      (rows.data as Float64Array).map((v) => v * 1e3 + 1e5),
    );
    const long = machine('rbf', far, { gamma: 1e-6 });
    expect(await difference([near], run(long), { rtol: 1e-9 })).toBeUndefined();
  });

  it('powers of degree 0 and 1', async () => {
    for (const degree of [0, 1])
      expect(await difference([rows], run(machine('poly', dense, { degree })))).toBeUndefined();
  });

  it('intercepts alone where no vector is left', async () => {
    const none = float64([0, 4], new Float64Array(0));
    const range = { row: 0, from: 0, to: 0 };
    const empty = machine('rbf', none, {
      coefficients: new Float64Array(0),
      outputs: [[range]],
      intercepts: Float64Array.of(4),
    });
    expect(await difference([rows], run(empty))).toBeUndefined();
  });
});

describe('probabilities from pairs in ONNX operators', () => {
  for (const classes of [2, 3, 5])
    it(`${classes} classes, sure and unsure rows together`, async () => {
      const pairs = (classes * (classes - 1)) / 2;
      const scores = normal(seeded(classes), 20, pairs);
      (scores.data as Float64Array).set(new Float64Array(pairs).fill(60));
      (scores.data as Float64Array).set(new Float64Array(pairs).fill(-900), pairs);
      (scores.data as Float64Array).set(new Float64Array(pairs), 2 * pairs);
      const probA = Float64Array.from({ length: pairs }, (_, i) => -1.3 - i / 10);
      const probB = Float64Array.from({ length: pairs }, (_, i) => i / 7 - 0.2);
      const build = (g: GraphBuilder, [x]: readonly V[]): V =>
        g.own('PairwiseCoupling', [x], { classes, probA, probB }, { dtype: 'float64', shape: [null, classes] });
      expect(await difference([scores], build)).toBeUndefined();
    });
});
