import { readdirSync, statSync, type Dirent } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unreadable } from '../../source/file.js';
import { nearest } from '../../terminal/suggest.js';
import { UsageError } from '../failure.js';

/** One file to be scanned. */
export interface Target {
  readonly path: string;
  readonly size: number;
  /** False where it was named itself: then it counts, whatever it is. */
  readonly inFolder: boolean;
  /** Of a folder whose files nobody may list: why. */
  readonly closed?: string;
}

/**
 * The files of a path, folders within folders included; links to folders are not followed. `-` is standard input.
 * Throws where there is no such path.
 */
export function targetsOf(path: string): Target[] {
  if (path === '-') return [{ path, size: 0, inFolder: false }];
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    const meant = nearest(basename(path), namesBeside(path));
    const hint = meant === undefined ? undefined : `did you mean ${join(dirname(path), meant)}?`;
    throw new UsageError(`there is no such file: ${path}`, hint);
  }
  if (!stats.isDirectory()) return [{ path, size: stats.size, inFolder: false }];
  const files: Target[] = [];
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder, folder !== path, files)) {
      const below = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(below);
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const info = statSync(below, { throwIfNoEntry: false });
        if (info?.isFile() === true || info === undefined)
          files.push({ path: below, size: info?.size ?? 0, inFolder: true });
      }
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What lies where a file was looked for. */
function namesBeside(path: string): string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return [];
  }
}

/** What is in a folder. One within another that may not be read is a target that is incomplete; else this throws READ. */
function entriesOf(folder: string, isInner: boolean, files: Target[]): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const failure = unreadable(folder, error);
    if (!isInner) throw failure;
    files.push({ path: folder, size: 0, inFolder: true, closed: `${failure.message}: nobody has seen what is in it` });
    return [];
  }
}
