import { openZip, type ZipEntry } from '../../archive/zip.js';
import { ExpansionBudget } from '../../bytes/expansion.js';
import type { Source } from '../../bytes/source.js';
import { readNpy, type NpyFile, type ReadObjects } from './read.js';

/** One array of an `.npz` file. Nothing of it is read before `load`. */
export interface NpzMember {
  /** As numpy gives it: without `.npy`. */
  readonly name: string;
  /** Reads the array; stored (uncompressed) large ones stay in the file (`LazyBytes`). */
  load(): Promise<NpyFile>;
}

/**
 * The arrays of an `.npz` file, by name, in the file's order. What is no `.npy` in it is left out.
 * `readObjects` reads arrays of objects. Throws BrineError: TRUNCATED, CORRUPT, LIMIT.
 */
export async function readNpz(
  source: Source,
  readObjects?: ReadObjects,
  budget = new ExpansionBudget(),
): Promise<Map<string, NpzMember>> {
  const archive = await openZip(source);
  const members = new Map<string, NpzMember>();
  for (const entry of archive.entries) {
    if (!entry.name.endsWith('.npy')) continue;
    const name = entry.name.slice(0, -'.npy'.length);
    members.set(name, { name, load: () => loadMember(entry, readObjects, budget) });
  }
  return members;
}

async function loadMember(
  entry: ZipEntry,
  readObjects: ReadObjects | undefined,
  budget: ExpansionBudget,
): Promise<NpyFile> {
  return readNpy(await entry.open(budget), readObjects);
}
