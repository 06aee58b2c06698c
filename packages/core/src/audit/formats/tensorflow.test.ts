import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/support/format-samples.js';
import { judgeSamples, survives } from '../../../test/support/judging.js';
import { BufferSource, type Source } from '../../bytes/source.js';
import { audit } from '../index.js';

describe('TensorFlow’s files', async () => {
  await judgeSamples('tensorflow');
  await survives('tensorflow', ['good.pb', 'keras_metadata-lambda.pb', 'variables.index'], 40, 30);

  it('takes a checkpoint’s data for numbers where the index beside them lists them', async () => {
    const index = new BufferSource(await sampleOf('tensorflow', 'variables.index'), 'variables.index');
    const beside = (size: number): Source => {
      const data = new BufferSource(new Uint8Array(size).fill(7), 'variables/variables.data-00000-of-00001');
      return Object.assign(data, {
        sibling: (name: string) => Promise.resolve(name === 'variables.index' ? index : undefined),
      });
    };
    expect(await audit(beside(4096))).toMatchObject({ verdict: 'clean', format: 'tf-data' });
    expect(await audit(beside(10))).toMatchObject({ verdict: 'incomplete' });
  });
});
