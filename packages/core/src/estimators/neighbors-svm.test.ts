import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Csr, Tensor } from '../graph/tensor.js';
import { open } from '../model/open.js';
import type { ModelInput } from '../model/input.js';
import { exactExp, exactLog, expInPlace } from '../runtime/kernels/exp.js';

// Written by oracle/make_neighbors_svm.py with scikit-learn 1.9.
type Nested = number | string | boolean | readonly Nested[];
interface Given {
  readonly shape: [number, number];
  readonly data: number[];
  readonly indptr?: number[];
  readonly indices?: number[];
}
interface Case {
  readonly name: string;
  readonly model: string;
  readonly input: Given;
  readonly answers: Record<string, Nested>;
}
const file = new URL('../../../../fixtures/estimators/neighbors-svm.json.gz', import.meta.url);
const fixture = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  cases: Case[];
  exp: [number, number][];
  log: [number, number][];
};

function inputOf({ shape, data, indptr, indices }: Given): ModelInput {
  const values = Float64Array.from(data);
  if (!indptr || !indices) return { dtype: 'float64', shape, data: values };
  return { shape, indptr: Int32Array.from(indptr), indices: Int32Array.from(indices), data: values };
}

function flat(value: unknown): (number | string)[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(flat);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, Number);
  if (typeof value !== 'object' || value === null) return [Number(value)];
  const output = value as Tensor | Csr;
  if (!('indptr' in output)) return flat(output.data);
  const [n, m] = output.shape;
  const dense = new Array<number>(n * m).fill(0);
  for (let i = 0; i < n; i++)
    for (let e = output.indptr[i]; e < output.indptr[i + 1]; e++) dense[i * m + output.indices[e]] += output.data[e];
  return dense;
}

describe('support vector machines, neighbours and ensembles', () => {
  for (const { name, model, input, answers } of fixture.cases) {
    it(`${name}: answers as scikit-learn`, async () => {
      const opened = await open(new Uint8Array(Buffer.from(model, 'base64')));
      for (const [method, expected] of Object.entries(answers)) {
        const got = flat(await opened.run(method, inputOf(input)));
        const wanted = flat(expected);
        expect(got.length, method).toBe(wanted.length);
        wanted.forEach((w, i) => {
          if (typeof w === 'string' || w === got[i]) expect(got[i], `${method} ${i}`).toBe(w);
          else expect(Math.abs((got[i] as number) - w), `${method} ${i}`).toBeLessThan(1e-12 + 1e-9 * Math.abs(w));
        });
      }
    });
  }
});

describe('expInPlace', () => {
  it('is within one unit in the last place of the true value, and mostly the nearest', () => {
    const values = Float64Array.from(fixture.exp, ([x]) => x);
    expInPlace(values, 0, values.length, 1);
    let off = 0;
    fixture.exp.forEach(([x, wanted], i) => {
      expect(Math.abs(values[i] - wanted), `e^${x}`).toBeLessThanOrEqual(wanted * 2 ** -52);
      if (values[i] !== wanted) off++;
      expect(exactExp(x)).toBe(values[i]);
    });
    expect(off).toBeLessThan(0.03 * values.length);
  });

  it('overflows and underflows as the exponential does, and passes NaN on', () => {
    const values = Float64Array.of(710, -Infinity, Infinity, NaN, -745);
    expInPlace(values, 0, 5, 1);
    expect(Array.from(values)).toEqual([Infinity, 0, Infinity, NaN, 5e-324]);
  });
});

describe('exactLog', () => {
  it('is the nearest number nearly always', () => {
    const off = fixture.log.filter(([x, wanted]) => exactLog(x) !== wanted);
    expect(off.length).toBeLessThan(0.01 * fixture.log.length);
    for (const [x, wanted] of off) expect(Math.abs(exactLog(x) / wanted - 1)).toBeLessThan(2 ** -51);
    expect([exactLog(0), exactLog(Infinity), exactLog(-1)]).toEqual([-Infinity, Infinity, NaN]);
  });
});
