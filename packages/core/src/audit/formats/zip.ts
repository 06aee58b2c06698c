import { openZip } from '../../archive/zip.js';
import { formatNames } from '../../formats/identify/index.js';
import type { Examiner } from '../examiner.js';

/** Zip archives, and formats that are some: every member is examined as a file of its own, whatever it is called. */
export const examiner: Examiner = {
  formats: ['zip', 'npz', 'torch'],
  async examine(source, context) {
    const archive = await openZip(source);
    for (const warning of archive.warnings) context.incomplete(warning);
    for (const entry of archive.entries) {
      if (entry.isFolder) continue;
      for (const warning of entry.warnings) context.incomplete(`${JSON.stringify(entry.name)}: ${warning}`);
      try {
        await context.nested(await entry.open(context.budget.expansion), entry.name);
      } catch (error) {
        context.failed(error);
      }
    }
    const { format } = context.identity;
    if (format === 'torch')
      context.report('not-examined', `this is ${formatNames[format]}, of which only the members are examined yet`);
  },
};
