import { describe } from 'vitest';
import { judgeSamples, survives } from '../../../test/support/judging.js';

describe('skops files', async () => {
  await judgeSamples('skops');
  await survives('skops', ['values.skops'], 40, 30);
});
