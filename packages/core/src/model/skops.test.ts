import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { open } from './open.js';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../../../fixtures/skops/${name}`, import.meta.url))));

describe('open', () => {
  const input = { dtype: 'float64', shape: [2, 3], data: Float64Array.of(0.1, 0.9, 0.4, 0.7, 0.2, 0.6) } as const;

  it.each(
    ['skops0.5', 'skops0.9', 'skops0.16'].flatMap((version) =>
      ['logistic', 'forest', 'sgd', 'pipeline'].map((pick) => [version, pick] as const),
    ),
  )('%s: %s predicts as the pickle of the same model', async (version, pick) => {
    const skops = await open(fixture(`${version}-models.skops`), { pick });
    const pickle = await open(fixture(`${version}-models.pkl`), { pick });
    expect(skops.format).toBe('skops');
    expect(skops.methods).toEqual(pickle.methods);
    for (const method of ['predict', pick === 'sgd' ? 'decision_function' : 'predict_proba'])
      expect(await skops.run(method, input)).toEqual(await pickle.run(method, input));
  });
});
