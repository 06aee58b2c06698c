import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Attribute, Graph } from '../../graph/graph.js';
import { isCsr, isTensor, type DType, type TypedArray, type Value } from '../../graph/tensor.js';
import { plan } from '../plan.js';

/** numpy's and scipy's answers: oracle/onnx/numpy_cases.py. */
interface Packed {
  readonly dtype?: DType;
  readonly csr?: true;
  readonly shape: number[];
  readonly hex: string;
  readonly indptr?: number[];
  readonly indices?: number[];
}
interface Case {
  readonly op: string;
  readonly inputs: readonly Packed[];
  readonly attributes: Record<string, Attribute>;
  readonly output: Packed;
  /** How many units of the last place two mathematical libraries may differ by. */
  readonly ulp: number;
}

const file = new URL('../../../../../fixtures/onnx/numpy.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];

function unpack(p: Packed): Value {
  const { buffer } = Uint8Array.from(Buffer.from(p.hex, 'hex'));
  if (p.csr)
    return {
      dtype: 'float64',
      shape: [p.shape[0], p.shape[1]],
      indptr: Int32Array.from(p.indptr!),
      indices: Int32Array.from(p.indices!),
      data: new Float64Array(buffer),
    };
  const data =
    p.dtype === 'float64'
      ? new Float64Array(buffer)
      : p.dtype === 'int64'
        ? new BigInt64Array(buffer)
        : new Uint8Array(buffer);
  return { dtype: p.dtype!, shape: p.shape, data };
}

function graphOf(c: Case): Graph {
  const n = c.inputs.length;
  return {
    inputs: c.inputs.map((_, i) => ({ name: `i${i}`, value: i, type: undefined })),
    outputs: [{ name: 'y', value: n }],
    nodes: [{ domain: '', op: c.op, inputs: c.inputs.map((_, i) => i), outputs: [n], attributes: c.attributes }],
    constants: new Map(),
    valueCount: n + 1,
    opsets: new Map([['', 21]]),
  };
}

/** Distance in units of the last place; NaN equals NaN, and 0 is not -0. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  if (a !== a || b !== b) return Infinity;
  const order = (v: number): bigint => {
    const bits = new BigInt64Array(Float64Array.of(v).buffer)[0];
    return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
  };
  const d = order(a) - order(b);
  return d === 0n ? 1 : Number(d < 0n ? -d : d);
}

/** CSR with each row's columns in order, as scipy's canonical form. */
function rowsOf(v: Value): Map<number, number>[] {
  if (!isCsr(v)) throw new Error('not sparse');
  return Array.from({ length: v.shape[0] }, (_, i) => {
    const entries: [number, number][] = [];
    for (let k = v.indptr[i]; k < v.indptr[i + 1]; k++) entries.push([v.indices[k], v.data[k]]);
    return new Map(entries.sort((a, b) => a[0] - b[0]));
  });
}

describe('operators against numpy and scipy', () => {
  it.each(cases.map((c, i) => [`${i} ${c.op} [${c.inputs.map((x) => x.shape.join('×')).join(', ')}]`, c] as const))(
    '%s',
    async (_, c) => {
      const [got] = (await plan(graphOf(c))).run(c.inputs.map(unpack));
      const wanted = unpack(c.output);
      if (isCsr(wanted)) {
        expect(isCsr(got) && got.shape).toEqual(wanted.shape);
        const [a, b] = [rowsOf(got), rowsOf(wanted)];
        a.forEach((row, i) => {
          expect([...row.keys()]).toEqual([...b[i].keys()]);
          for (const [k, v] of row) expect(ulps(v, b[i].get(k)!)).toBeLessThanOrEqual(c.ulp);
        });
        return;
      }
      if (!isTensor(got) || !isTensor(wanted)) throw new Error('not tensors');
      expect(got.dtype).toBe(wanted.dtype);
      expect(got.shape).toEqual(wanted.shape);
      const [g, w] = [got.data as TypedArray, wanted.data as TypedArray];
      for (let i = 0; i < w.length; i++) {
        const [x, y] = [Number(g[i]), Number(w[i])];
        expect(ulps(x, y), `${x} for ${y} at ${i}`).toBeLessThanOrEqual(c.ulp);
      }
    },
  );
});
