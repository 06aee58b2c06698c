import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { readOnnx, readValue, type ValueKind } from '../../formats/onnx/index.js';
import { plan } from '../plan.js';
import { OP_FAMILIES } from './index.js';
import { sameValue } from './same-value.testing.js';

/** A selection of the ONNX project's own node tests: oracle/onnx/node_tests.py. */
interface NodeTest {
  readonly name: string;
  readonly ops: readonly string[];
  readonly rtol: number;
  readonly atol: number;
  readonly model: string;
  readonly inputs: readonly (readonly [ValueKind, string])[];
  readonly outputs: readonly (readonly [ValueKind, string])[];
}

function read(name: string): NodeTest[] {
  const file = new URL(`../../../../../fixtures/onnx/${name}`, import.meta.url);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as NodeTest);
}
const tests = read('node-tests.jsonl');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

/** What is refused, on purpose. */
const refused = (test: NodeTest): boolean =>
  test.name.startsWith('test_training_dropout') ||
  test.ops.some((op) => ['Bernoulli', 'RandomUniformLike', 'ImageDecoder'].includes(op));

async function run(test: NodeTest): Promise<(string | undefined)[]> {
  const model = await readOnnx(new BufferSource(bytes(test.model), test.name));
  const ready = await plan(model.graph);
  const out = ready.run(test.inputs.map(([kind, data]) => readValue(bytes(data), kind)));
  // A step of bfloat16 is up to 2^-7 of the value, and the reference rounds at every operation where we round once.
  const rtol = test.name.includes('bf16') ? 2 ** -6 : test.rtol;
  return test.outputs.map(([kind, data], i) => sameValue(out[i], readValue(bytes(data), kind), rtol, test.atol));
}

describe('the ONNX project’s node tests', () => {
  it('are many, and of every kind of value', () => {
    const kinds = new Set(tests.flatMap((t) => t.inputs.map(([kind]) => kind)));
    expect(tests.length).toBeGreaterThan(350);
    expect([...kinds].sort()).toEqual(['optional', 'sequence', 'tensor']);
  });

  for (const test of tests.filter((t) => !refused(t)))
    it(test.name, async () => {
      for (const why of await run(test)) expect(why).toBeUndefined();
    });

  it('are refused by name where they ask for what is not done', async () => {
    for (const test of tests.filter(refused)) {
      const error: unknown = await run(test).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(BrineError);
      expect((error as BrineError).code).toBe('UNSUPPORTED');
    }
  });
});

describe('ai.onnx.ml and com.microsoft as onnxruntime answers', () => {
  // oracle/onnx/ml_cases.py
  it.each(read('ml.jsonl').map((t) => [t.name, t] as const))('%s', async (_, test) => {
    for (const why of await run(test)) expect(why).toBeUndefined();
  });
  // oracle/onnx/contrib_cases.py
  it.each(read('contrib.jsonl').map((t) => [t.name, t] as const))('%s', async (_, test) => {
    for (const why of await run(test)) expect(why).toBeUndefined();
  });
});

describe('the families', () => {
  it('load what they name', async () => {
    for (const family of OP_FAMILIES) {
      const table = await family.load();
      for (const name of family.operators) expect(table, name).toHaveProperty([name]);
    }
  });

  it('name what they load, once', async () => {
    const named = OP_FAMILIES.flatMap((f) => f.operators);
    expect(new Set(named).size).toBe(named.length);
    for (const family of OP_FAMILIES)
      for (const name of Object.keys(await family.load())) expect(family.operators).toContain(name);
  });
});
