import { BrineError } from '../errors.js';
import type { ZipArchive, ZipEntry } from './zip.js';

/** So many members are looked through side by side: to wake a thread that sleeps takes long. */
const AT_ONCE = 4;

/**
 * Looks whether members of an archive are what they are expected to be, beside other work, which may take what is
 * expected for what is there: the answer to `all` is what it rests on.
 */
export class ZipComparison {
  readonly #left: IterableIterator<ZipEntry>;
  readonly #queue: Promise<boolean>[] = [];
  #isSame = true;

  /** @param expected the content of members, by name, in pieces */
  constructor(archive: ZipArchive, expected: ReadonlyMap<string, readonly Uint8Array[]>) {
    const entries: ZipEntry[] = [];
    for (const [name, pieces] of expected) {
      const entry = archive.get(name);
      if (entry) {
        entry.expected = pieces;
        entries.push(entry);
      } else this.#isSame = false;
    }
    this.#left = entries.values();
    for (let i = 0; i < AT_ONCE; i++) this.#begin();
  }

  #begin(): void {
    const next = this.#left.next();
    if (next.done === true || !this.#isSame) return;
    // A member that cannot be read is not what is expected.
    const answer = next.value.isAsExpected().catch((error: unknown) => {
      if (error instanceof BrineError) return false;
      throw error;
    });
    answer.catch(() => undefined);
    this.#queue.push(answer);
  }

  /** Waits for one of them, and begins with the next; at once where none is left. */
  async turn(): Promise<void> {
    const next = this.#queue.shift();
    if (!next) return;
    if (!(await next)) this.#isSame = false;
    this.#begin();
  }

  get isUnderWay(): boolean {
    return this.#queue.length > 0;
  }

  /** Whether all are what is expected. */
  async all(): Promise<boolean> {
    while (this.isUnderWay) await this.turn();
    return this.#isSame;
  }
}
