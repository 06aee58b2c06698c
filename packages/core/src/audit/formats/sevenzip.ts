import { openSevenZip } from '../../archive/sevenzip.js';
import { SliceSource } from '../../bytes/slice.js';
import type { Examiner } from '../examiner.js';
import { checkPath } from './paths.js';

/** 7-Zip archives: every member is examined as a file of its own. */
export const examiner: Examiner = {
  formats: ['7z'],
  async examine(source, context) {
    const archive = await openSevenZip(source, context.budget.expansion);
    for (const entry of archive.entries) {
      checkPath(entry.name, context);
      if (entry.isFolder || entry.size === 0) continue;
      try {
        await context.nested(await entry.open(), entry.name);
      } catch (error) {
        context.failed(error);
        // Members of one folder fail together: once is enough to say.
        return;
      }
    }
    if (archive.trailing > 0) {
      const from = source.size - archive.trailing;
      context.report('trailing-data', `${archive.trailing} bytes follow the archive`, { offset: from });
      await context.nested(new SliceSource(source, from, archive.trailing), '(behind the archive)');
    }
  },
};
