import { describe } from 'vitest';
import { judgeSamples } from '../../../test/support/judging.js';

describe('archives and compressions', async () => {
  await judgeSamples('containers');
});
