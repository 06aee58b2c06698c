import { describe } from 'vitest';
import { judgeSamples, survives } from '../../../test/support/judging.js';

describe('TensorFlow’s files', async () => {
  await judgeSamples('tensorflow');
  await survives('tensorflow', ['good.pb', 'keras_metadata-lambda.pb', 'variables.index'], 40, 30);
});
