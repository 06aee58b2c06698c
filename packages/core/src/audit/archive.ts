import { openZip } from '../archive/zip.js';
import { BrineError } from '../errors.js';
import { identify } from '../formats/identify/index.js';
import { readPickleFile } from '../formats/pickle/read.js';
import type { PickleLimits } from '../pickle/limits.js';
import { MAX_MEMBERS } from './arrays.js';
import { sentence } from './report.js';
import type { Watcher } from './watcher.js';

/**
 * Reads the pickles inside a zip archive, whatever they are called. The rest of the archive stays unexamined: the
 * caller says so.
 */
export async function auditArchive(
  source: Parameters<typeof openZip>[0],
  watcher: Watcher,
  options: { readonly limits?: Partial<PickleLimits>; readonly signal?: AbortSignal },
): Promise<void> {
  const archive = await openZip(source);
  for (const warning of archive.warnings) watcher.add('unreadable', warning);
  let count = 0;
  for (const entry of archive.entries) {
    if (++count > MAX_MEMBERS) {
      watcher.add('unreadable', `more than ${MAX_MEMBERS} members are not looked into`);
      break;
    }
    watcher.member = entry.name;
    try {
      for (const warning of entry.warnings) watcher.add('unreadable', warning);
      const member = await entry.open();
      const { format } = await identify(member, entry.name);
      if (format === 'pickle' || format === 'joblib') {
        await readPickleFile(member, {
          observer: watcher,
          ...(options.limits === undefined ? {} : { limits: options.limits }),
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        });
      }
    } catch (error) {
      if (!(error instanceof BrineError) || error.code === 'ABORTED') throw error;
      watcher.add('unreadable', sentence(error), error.place.offset);
    }
  }
  watcher.member = undefined;
}
