import { checkRange, type Source } from './source.js';

/** A range of another source, read as a source of its own: a stored member of an archive, a part after a prefix. */
export class SliceSource implements Source {
  readonly name: string;
  readonly size: number;
  readonly #base: Source;
  readonly #start: number;

  /** Throws TRUNCATED unless the range lies within `base`. */
  constructor(base: Source, start: number, length: number, name = base.name) {
    checkRange(base, start, length);
    this.#base = base;
    this.#start = start;
    this.size = length;
    this.name = name;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    return this.#base.read(this.#start + offset, length);
  }
}
