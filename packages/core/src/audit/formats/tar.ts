import { openTar } from '../../archive/tar.js';
import { SliceSource } from '../../bytes/slice.js';
import type { Source } from '../../bytes/source.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { checkLink, checkPath, quoted } from './paths.js';

/** Tar archives: every member is examined as a file of its own; links and devices are told. */
export const examiner: Examiner = {
  formats: ['tar'],
  async examine(source, context) {
    const archive = await openTar(source, true);
    if (archive.problem !== undefined) context.failed(archive.problem);
    else if (!archive.isMarked)
      context.incomplete('the archive has no end mark: it was cut short', { offset: archive.end });
    const seen = new Set<string>();
    for (const entry of archive.entries) {
      context.budget.check();
      checkPath(entry.name, context);
      if (entry.type === 'folder') continue;
      if (seen.has(entry.name))
        context.report('archive-two-members', `the name ${quoted(entry.name)} occurs more than once`);
      seen.add(entry.name);
      if (entry.type === 'symlink') checkLink(entry.name, entry.target, context);
      // A hard link's target counts from the archive's root.
      else if (entry.type === 'hardlink') checkLink('', entry.target, context);
      else if (entry.type !== 'file')
        context.report('archive-link', `the member ${quoted(entry.name)} is a ${entry.type}, not a file`);
      else await context.nested(entry.open(), entry.name);
    }
    await behind(source, archive.end, context);
  },
};

const READ = 1024 * 1024;

/** What follows the end of a tar archive: zeros are padding, anything else is something else. */
async function behind(source: Source, end: number, context: AuditContext): Promise<void> {
  for (let at = end; at < source.size; at += READ) {
    context.budget.check();
    const bytes = await source.read(at, Math.min(READ, source.size - at));
    const first = bytes.findIndex((byte) => byte !== 0);
    if (first < 0) continue;
    const from = at + first;
    context.report('trailing-data', `${source.size - from} bytes follow the archive`, { offset: from });
    await context.nested(new SliceSource(source, from, source.size - from), '(behind the archive)');
    return;
  }
}
