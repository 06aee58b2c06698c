import type { Source } from '../bytes/source.js';
import { readNpy, type ReadObjects } from '../formats/npy/read.js';
import { openZip } from '../archive/zip.js';
import { readPickle } from '../pickle/read.js';
import { pythonWorld } from '../python/world.js';
import type { Watcher } from './watcher.js';

/** Members of an archive that are looked into (CWE-400). */
export const MAX_MEMBERS = 10_000;

/** `.npy` and `.npz`: numbers are harmless, arrays of objects are pickles. */
export async function auditArray(source: Source, format: 'npy' | 'npz', watcher: Watcher): Promise<void> {
  const objects: ReadObjects = async (from, offset) =>
    (await readPickle(from, { world: pythonWorld(), observer: watcher, offset })).value;
  if (format === 'npy') {
    await readNpy(source, objects);
    return;
  }
  const archive = await openZip(source);
  let count = 0;
  for (const entry of archive.entries) {
    if (++count > MAX_MEMBERS) {
      watcher.add('unreadable', `more than ${MAX_MEMBERS} members are not looked into`);
      return;
    }
    watcher.member = entry.name;
    if (entry.name.endsWith('.npy')) await readNpy(await entry.open(), objects);
    else watcher.add('not-examined', `${entry.name} is no array`);
  }
  watcher.member = undefined;
}
