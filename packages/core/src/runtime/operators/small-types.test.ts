import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../bytes/source.js';
import { readOnnx, readValue, type ValueKind } from '../../formats/onnx/index.js';
import { isTensor, type Value } from '../../graph/tensor.js';
import { plan } from '../plan.js';
import { sameValue } from './same-value.testing.js';

/** Every node test of ONNX with types of eight bits and fewer, and tables of all their codes: oracle/onnx/small_types.py. */
interface SmallTest {
  readonly name: string;
  readonly ops: readonly string[];
  readonly model: string;
  readonly inputs: readonly (readonly [ValueKind, string])[];
  readonly outputs: readonly (readonly [ValueKind, string])[];
}

const file = new URL('../../../../../fixtures/onnx/small-types.jsonl', import.meta.url);
const tests = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as SmallTest);
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const value = ([kind, data]: readonly [ValueKind, string]): Value => readValue(bytes(data), kind);

/** Where the sign of a zero differs, which comparing numbers does not see. */
function otherZero(got: Value, wanted: Value): number {
  if (!isTensor(got) || !isTensor(wanted)) return -1;
  return Array.from(got.data).findIndex((g, i) => g === 0 && !Object.is(g, wanted.data[i]));
}

describe('number types of eight bits and fewer', () => {
  it('occur all, as input and as answer, in the four operators that know them', () => {
    const types = (of: 'inputs' | 'outputs'): Set<string> =>
      new Set(tests.flatMap((t) => t[of].map(value).map((v) => (isTensor(v) ? v.dtype : ''))));
    const small = [
      ...['float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2', 'float8e5m2fnuz', 'float8e8m0'],
      ...['float4e2m1', 'float6e2m3', 'float6e3m2', 'int4', 'uint4', 'int2', 'uint2'],
    ];
    for (const of of ['inputs', 'outputs'] as const) expect([...types(of)]).toEqual(expect.arrayContaining(small));
    expect([...new Set(tests.flatMap((t) => t.ops))]).toEqual(
      expect.arrayContaining(['Cast', 'CastLike', 'QuantizeLinear', 'DequantizeLinear']),
    );
    expect(tests.filter((t) => t.name.startsWith('test_') && !t.name.endsWith('fields')).length).toBe(164);
  });

  // To the last bit: codes have no noise.
  it.each(tests.map((t) => [t.name, t] as const))('%s', async (_, test) => {
    const { graph } = await readOnnx(new BufferSource(bytes(test.model), test.name));
    const answers = (await plan(graph)).run(test.inputs.map(value));
    for (const [i, wanted] of test.outputs.map(value).entries()) {
      expect(sameValue(answers[i], wanted, 0, 0)).toBeUndefined();
      expect(otherZero(answers[i], wanted)).toBe(-1);
    }
  });
});
