import { BrineError, type Source } from '@brine/core/bytes';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, isAbsolute } from 'node:path';
import { fileSource, unreadable } from './file.js';

/** A folder with this many files is no model's; its listing ends here (CWE-400). */
const LISTING_MAX = 100_000;

/**
 * What lies beside a file. The names come from files, so they are hostile: none may leave the folder, be it by `..`,
 * by an absolute path, or by a link (CWE-22, CWE-59).
 */
export class Folder {
  readonly #path: string;

  /** The folder of `file`, as it was named: links to the file itself are not followed. */
  constructor(file: string) {
    this.#path = dirname(file);
  }

  /** The file `name`, perhaps in a folder below; undefined where there is none. `strict`: no hard links. @throws READ */
  async open(name: string, strict = false): Promise<Source | undefined> {
    const segments = name.split(/[/\\]/);
    if (name === '' || name.includes('\0') || isAbsolute(name) || segments.includes('..') || /^[A-Za-z]:/.test(name)) {
      throw new BrineError('READ', `the file refers to ${JSON.stringify(name)}, which is not a name beside it`, {
        file: this.#path,
      });
    }
    const path = join(this.#path, name);
    try {
      const real = await realpath(path);
      const within = relative(await realpath(this.#path), real);
      if (within === '' || within.startsWith('..') || isAbsolute(within)) {
        throw new BrineError('READ', `a link that leads out of the folder, to ${real}`, { file: path });
      }
      const stats = await stat(real);
      if (!stats.isFile()) throw new BrineError('READ', 'is not a regular file', { file: path });
      if (strict && stats.nlink > 1)
        throw new BrineError('READ', `a hard link: the file has ${stats.nlink} names, and may be somebody else’s`, {
          file: path,
        });
    } catch (error) {
      if (error instanceof BrineError) throw error;
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return undefined;
      throw unreadable(path, error);
    }
    return fileSource(path);
  }

  /** The names of the files in the folder, links included, sorted. @throws READ, LIMIT */
  async list(): Promise<string[]> {
    try {
      const entries = await readdir(this.#path, { withFileTypes: true });
      if (entries.length > LISTING_MAX) {
        throw new BrineError('LIMIT', `a folder of ${entries.length} entries (limit ${LISTING_MAX})`, {
          file: this.#path,
        });
      }
      return entries
        .filter((entry) => entry.isFile() || entry.isSymbolicLink())
        .map((entry) => entry.name)
        .sort();
    } catch (error) {
      throw error instanceof BrineError ? error : unreadable(this.#path, error);
    }
  }
}
