import type { Examiner } from '../examiner.js';
import { auditPickleFile } from '../pickles.js';

/** Pickles of every protocol, joblib files of every generation, several pickles in one file. */
export const examiner: Examiner = {
  formats: ['pickle', 'joblib', 'torch-legacy'],
  async examine(source, context) {
    await auditPickleFile(source, context);
    if (context.identity.format === 'torch-legacy')
      context.report('not-examined', 'the tensors behind its pickles are not examined yet');
  },
};
