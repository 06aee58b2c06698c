import { describe } from 'vitest';
import { judgeSamples, survives } from '../../../test/support/judging.js';

describe('PyTorch files', async () => {
  await judgeSamples('torch');
  await survives('torch', ['state-dict.pt', 'state-dict-legacy.pt', 'oldest.tar', 'scripted.pt', 'model.pt2'], 30, 20);
});
