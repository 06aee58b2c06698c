import { describe } from 'vitest';
import { judgeSamples, survives } from '../../../test/support/judging.js';

describe('archives and compressions', async () => {
  await judgeSamples('containers');
  await survives('containers', ['good.zip', 'good.tar', 'good.7z', 'good.tar.gz', 'evil.zip.xz'], 100, 60);
});
