import type { Examiner } from '../examiner.js';

/** R’s serialised objects: recognised, and not read here. */
export const examiner: Examiner = {
  formats: ['rds', 'rdata'],
  examine(_, context) {
    context.report(
      'not-examined',
      'R objects are not read here: they may hold functions, environments and promises, which R runs when the object is used, and in versions before 4.4.0 while it is read (CVE-2024-27322)',
      { advisory: 'CVE-2024-27322' },
    );
    return Promise.resolve();
  },
};
