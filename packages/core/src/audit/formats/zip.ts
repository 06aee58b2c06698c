import type { Examiner } from '../examiner.js';
import { openArchive, visitMembers } from './zip-members.js';

/** Zip archives: every member is examined as a file of its own, whatever it is called, and so is what lies between. */
export const examiner: Examiner = {
  formats: ['zip', 'npz', 'xlsx'],
  async examine(source, context) {
    const archive = await openArchive(source, context);
    if (archive !== undefined) await visitMembers(source, archive, context);
  },
};
