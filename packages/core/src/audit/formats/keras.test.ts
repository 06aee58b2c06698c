import { describe } from 'vitest';
import { judgeSamples, survives } from '../../../test/support/judging.js';

describe('Keras and HDF5 files', async () => {
  await judgeSamples('keras');
  await survives('keras', ['small.keras', 'keras2.h5', 'keras2-latest.h5'], 40, 30);
});
