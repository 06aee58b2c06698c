import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { open, type ModelInput } from '../src/index.js';
import { check, type Platform } from './support/case.js';
import { readNpy } from './support/npy.js';

// What a state means comes from the version in its file. Today's scikit-learn loads the first three kinds of file and
// answers wrongly without an error; the expectations are those of the versions that wrote them (fixtures/README.md).

const models = fileURLToPath(new URL('../../../fixtures/models', import.meta.url));
const file = (path: string): Uint8Array => Uint8Array.from(readFileSync(`${models}/${path}`));
const platform: Platform = {
  open: (source, options) => open(source as Uint8Array, options),
  read: (path) => Promise.resolve(Uint8Array.from(readFileSync(path))),
  source: (path) => Promise.resolve(Uint8Array.from(readFileSync(path))),
};

async function answers(folder: string): Promise<string[]> {
  const outcome = await check(platform, `${models}/${folder}`);
  expect(outcome.checks).toBeGreaterThan(0);
  return outcome.failures;
}

/** The file with another version of equal length written into it. */
function relabelled(path: string, from: string, to: string): Uint8Array {
  const text = Buffer.from(file(path)).toString('latin1');
  expect(text).toContain(from);
  return Uint8Array.from(Buffer.from(text.replaceAll(from, to), 'latin1'));
}

async function numbers(source: Uint8Array, method: string, input: ModelInput): Promise<number[]> {
  const answer = (await (await open(source)).run(method, input)) as { readonly data: Float64Array };
  return Array.from(answer.data);
}

describe('the version in the file', () => {
  it.each([
    ['counts in the leaves of trees that older versions wrote, fractions in newer ones', 'DecisionTreeClassifier-iris'],
    ['forests of such trees', 'RandomForestClassifier-wine'],
    ['the weights of TfidfVectorizer, kept as a diagonal before 1.5', 'TfidfVectorizer-default'],
    ['one-vs-rest of liblinear, softmax otherwise', 'LogisticRegression-liblinear'],
    ['loss modules of gradient boosting: _gb_losses, _loss', 'GradientBoostingClassifier-binary'],
    ['losses and mappers of histogram boosting', 'HistGradientBoostingClassifier-binary'],
  ])('%s', async (_, name) => {
    for (const version of ['1.1.3', '1.2.2', '1.3.2', '1.4.2', '1.5.2', '1.6.1', '1.7.2'])
      try {
        expect(await answers(`${version}/${name}`), version).toEqual([]);
      } catch (error) {
        // Not every version wrote every case.
        if ((error as { code?: string }).code !== 'ENOENT') throw error;
      }
  });

  it('is what decides: one-vs-rest, said to be newer, is softmax', async () => {
    const folder = '1.7.2/LogisticRegression-liblinear';
    const { model } = JSON.parse(readFileSync(`${models}/${folder}/case.json`, 'utf8')) as { model: string };
    const x = readNpy(file(`${folder}/X.npy`)) as ModelInput;
    const right = await numbers(file(`${folder}/${model}`), 'predict_proba', x);
    const newer = await numbers(relabelled(`${folder}/${model}`, '1.7.2', '1.9.1'), 'predict_proba', x);
    expect(newer).not.toEqual(right);
  });
});

describe('pickle protocols', () => {
  it.each([2, 3, 4, 5])('%i, with numpy.core and numpy._core', async (protocol) => {
    for (const version of ['1.1.3', '1.5.2', '1.9.1'])
      expect(await answers(`${version}/written-pickle${protocol}`), version).toEqual([]);
  });
});
