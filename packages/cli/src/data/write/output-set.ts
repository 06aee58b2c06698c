import { BrineError } from '@brine/core/bytes';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hiddenBeside } from './hidden.js';
import { onInterrupt, openOutput, unwritable } from './output.js';

/** One file of several that belong together. */
export interface SetFile {
  /** Without a folder. */
  readonly name: string;
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Files that come into being together, or not at all: until `finish` they are in a hidden folder beside the first,
 * under the names that they will have. After `abort`, a failure or an interrupt nothing is left.
 */
export class OutputSet {
  readonly #folder: string;
  readonly #hidden: string;
  readonly #settle: () => void;
  readonly #names: string[] = [];

  private constructor(folder: string, hidden: string) {
    this.#folder = folder;
    this.#hidden = hidden;
    this.#settle = onInterrupt(() => {
      rmSync(hidden, { recursive: true, force: true });
    });
  }

  /** @param path where the first of the files will be @throws WRITE where its folder does not exist or cannot be written */
  static async open(path: string): Promise<OutputSet> {
    const hidden = hiddenBeside(path);
    try {
      await mkdir(hidden);
    } catch (error) {
      throw unwritable(path, error);
    }
    return new OutputSet(dirname(path), hidden);
  }

  /** Writes one file; answers its size. @throws WRITE */
  async write(file: SetFile): Promise<number> {
    const { name } = file;
    let size = 0;
    try {
      const output = await openOutput(join(this.#hidden, name));
      try {
        for await (const chunk of file.chunks()) {
          await output.write(chunk);
          size += chunk.length;
        }
        await output.finish();
      } catch (error) {
        await output.abort();
        throw error;
      }
    } catch (error) {
      // The place where it would have been is the one that means something.
      if (!(error instanceof BrineError) || error.code !== 'WRITE') throw error;
      throw unwritable(join(this.#folder, name), error.cause);
    }
    this.#names.push(name);
    return size;
  }

  /** Where a file can be read before it is in place. */
  path(name: string): string {
    return join(this.#hidden, name);
  }

  /** Puts all files in place, the last one last; what stood there is kept until all are. @throws WRITE */
  async finish(): Promise<void> {
    const undo: (() => Promise<void>)[] = [];
    for (const name of this.#names) {
      const [from, to, old] = [this.path(name), join(this.#folder, name), this.path(`${name}.old`)];
      try {
        if (await exists(to)) {
          await rename(to, old);
          undo.push(() => rename(old, to));
        }
        await rename(from, to);
        undo.push(() => rename(to, from));
      } catch (error) {
        for (const step of undo.reverse()) await step().catch(() => undefined);
        throw unwritable(to, error);
      }
    }
    await this.abort();
  }

  async abort(): Promise<void> {
    await rm(this.#hidden, { recursive: true, force: true });
    this.#settle();
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
