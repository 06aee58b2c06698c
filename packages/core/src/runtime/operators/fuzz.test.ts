import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { readOnnx, readValue, type ValueKind } from '../../formats/onnx/index.js';
import { RandomState } from '../kernels/mersenne.js';
import { plan } from '../plan.js';

// Whole models, damaged and run: whatever a file says, it ends with an answer or a BrineError, within its budget.
const lines = readFileSync(new URL('../../../../../fixtures/onnx/node-tests.jsonl', import.meta.url), 'utf8');
const tests = lines
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { name: string; model: string; inputs: [ValueKind, string][] });
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const limits = { steps: 20_000, bytes: 5e7, milliseconds: 2000 };

async function problem(model: Uint8Array, inputs: readonly [ValueKind, string][]): Promise<string | undefined> {
  try {
    const { graph } = await readOnnx(new BufferSource(model));
    (await plan(graph, limits)).run(inputs.map(([kind, data]) => readValue(bytes(data), kind)));
    return undefined;
  } catch (error) {
    return error instanceof BrineError ? undefined : String(error);
  }
}

describe('damaged models that are run', () => {
  const random = new RandomState(4);
  for (let part = 0; part < 4; part++)
    it(`part ${part + 1}`, async () => {
      for (const [i, { name, model, inputs }] of tests.entries()) {
        if (i % 4 !== part) continue;
        for (let k = 0; k < 6; k++) {
          const damaged = bytes(model);
          for (let c = 0; c <= k % 3; c++)
            damaged[Math.floor(random.double() * damaged.length)] = Math.floor(random.double() * 256);
          expect(await problem(damaged, inputs), `${name}, damage ${k}`).toBeUndefined();
        }
      }
    }, 60_000);

  it('and inputs of other tests', async () => {
    for (let k = 0; k < 400; k++) {
      const [a, b] = [0, 1].map(() => tests[Math.floor(random.double() * tests.length)]);
      expect(await problem(bytes(a.model), b.inputs), `${a.name} with the inputs of ${b.name}`).toBeUndefined();
    }
  }, 60_000);
});
