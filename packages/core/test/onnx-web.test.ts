import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { open } from '../src/index.js';
import { readNpy } from './support/npy.js';

// What is written as ONNX runs in onnxruntime's WebAssembly as well, which has fewer types and operators than the native one.
const models = fileURLToPath(new URL('../../../fixtures/models/1.9.1', import.meta.url));
const cases = [
  'RandomForestClassifier-wine',
  'RandomForestRegressor-diabetes',
  'GradientBoostingClassifier-binary',
  'HistGradientBoostingClassifier-binary',
  'LogisticRegression-multinomial',
  'Pipeline-scale-logistic',
  'MLPClassifier-iris',
  'SVC-rbf',
  'KNeighborsClassifier-iris',
];

interface Recorded {
  readonly model: string;
  readonly expect: readonly { readonly method: string; readonly input: string; readonly file: string }[];
}

describe('onnxruntime-web', () => {
  it.each(cases)('runs %s', async (name) => {
    const folder = join(models, name);
    const entry = JSON.parse(await readFile(join(folder, 'case.json'), 'utf8')) as Recorded;
    const model = await open(new Uint8Array(await readFile(join(folder, entry.model))));
    const bytes = await model.toOnnx({ methods: ['predict'], inputs: 'matrix' });
    const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    const x = readNpy(new Uint8Array(await readFile(join(folder, 'X.npy'))));
    const data = Float64Array.from(x.data as Float64Array, Number);
    const outputs = await session.run({ X: new Tensor('float64', data, [...x.shape]) });
    const [answer] = Object.values(outputs);
    const { file } = entry.expect.find((e) => e.method === 'predict' && e.input === 'X')!;
    const recorded = await readFile(join(folder, file));
    const want: readonly unknown[] = file.endsWith('.npy')
      ? Array.from(readNpy(new Uint8Array(recorded)).data as ArrayLike<unknown>)
      : (JSON.parse(recorded.toString()) as unknown[]).flat();
    const got: readonly unknown[] = Array.from(answer.data as ArrayLike<unknown>);
    expect(got.length).toBe(want.length);
    got.forEach((g, i) => {
      if (typeof want[i] === 'string') expect(g).toBe(want[i]);
      else expect(Math.abs(Number(g) - Number(want[i]))).toBeLessThanOrEqual(1e-9 * Math.abs(Number(want[i])));
    });
  });
});
