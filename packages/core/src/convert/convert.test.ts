import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openZip } from '../archive/zip.js';
import { collect } from '../bytes/compress.js';
import { BufferSource } from '../bytes/source.js';
import { open } from '../model/open.js';
import { SavedModel } from '../model/saved.js';
import { arraysInside } from './arrays-inside.js';
import { convert, type Conversion } from './convert.js';
import { targetNamed } from './targets.js';

const modelOf = async (name: string): Promise<SavedModel> => {
  const url = new URL(`../../../../fixtures/models/1.9.1/${name}`, import.meta.url);
  const model = await open(new Uint8Array(readFileSync(fileURLToPath(url))));
  if (!(model instanceof SavedModel)) throw new Error(`${name} is no saved model`);
  return model;
};

const output = async (conversion: Conversion): Promise<BufferSource> =>
  new BufferSource(await collect(conversion.chunks()), 'the output');

/** The same model with one bit of its largest array of numbers turned over. */
async function oneBitOff(name: string): Promise<SavedModel> {
  const model = await modelOf(name);
  let largest = new Uint8Array(0);
  for (const { data, dtype } of arraysInside(model.value).values())
    if (data instanceof Uint8Array && dtype.type === 'f' && data.length > largest.length)
      largest = data as Uint8Array<ArrayBuffer>;
  largest[largest.length - 8] ^= 1;
  return model;
}

describe('verifying what was written', () => {
  const nearest = 'KNeighborsClassifier-iris/model.pkl';
  const gaussian = 'GaussianNB-iris/model.pkl';

  it.each(['skops', 'joblib', 'pickle'])(
    'asks for no answers of a %s file that holds the same object',
    async (format) => {
      const conversion = await convert(await modelOf(gaussian), targetNamed(format));
      const { how, answers } = await conversion.verify(await output(conversion));
      expect(how).toEqual(['read back, it is the same object, bit for bit']);
      expect(answers).toBeUndefined();
    },
  );

  it('compares answers where the format makes the object in another way', async () => {
    const conversion = await convert(await modelOf(nearest), targetNamed('skops'));
    const { how, answers } = await conversion.verify(await output(conversion));
    expect(how.join('; ')).toMatch(/^read back and written again.*; \d+ rows .* answered alike by predict/);
    expect(answers?.rows).toBeGreaterThan(50);
  });

  it('compares answers where something was left out', async () => {
    const conversion = await convert(await modelOf(gaussian), targetNamed('skops'), { lean: true });
    const { how, answers } = await conversion.verify(await output(conversion));
    expect(how.at(-1)).toMatch(/answered alike by predict/);
    expect(answers?.rows).toBeGreaterThan(50);
  });

  it.each([
    ['skops', gaussian],
    ['joblib', gaussian],
    ['pickle', gaussian],
    ['skops', nearest],
  ])('refuses a %s file in which one bit is another: %s', async (format, name) => {
    const conversion = await convert(await modelOf(name), targetNamed(format));
    const other = await convert(await oneBitOff(name), targetNamed(format));
    await expect(conversion.verify(await output(other))).rejects.toMatchObject({ code: 'WRITE' });
  });

  it('refuses a skops file of which an array, or its checksum, was damaged on the way', async () => {
    const conversion = await convert(await modelOf(gaussian), targetNamed('skops'));
    const { bytes } = await output(conversion);
    const { end } = (await openZip(new BufferSource(bytes))).get('0.npy')!;
    expect((await conversion.verify(new BufferSource(bytes))).how).toHaveLength(1);
    // The directory, whose checksum is the one that counts, begins with the first member.
    const directory = new TextDecoder('latin1').decode(bytes).indexOf('PK\x01\x02');
    for (const offset of [end - 1, directory + 16]) {
      const damaged = bytes.slice();
      damaged[offset] ^= 1;
      await expect(conversion.verify(new BufferSource(damaged))).rejects.toMatchObject({ code: 'WRITE' });
    }
  });
});
