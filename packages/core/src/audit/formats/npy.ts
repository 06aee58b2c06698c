import { readNpy } from '../../formats/npy/read.js';
import type { Examiner } from '../examiner.js';
import { auditPickle } from '../pickles.js';

/** `.npy`: numbers are harmless, arrays of objects are pickles. */
export const examiner: Examiner = {
  formats: ['npy'],
  async examine(source, context) {
    await readNpy(source, async (from, offset) => (await auditPickle(from, context, offset)).value);
  },
};
