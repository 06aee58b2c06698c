import type { Source } from './source.js';

/**
 * A range of a source that has been located and checked, but not read yet. Big arrays stay lazy, so that
 * looking into a file costs what is looked at; `load` reads it once.
 */
export class LazyBytes {
  readonly source: Source;
  readonly offset: number;
  readonly length: number;
  #bytes: Uint8Array | undefined;

  constructor(source: Source, offset: number, length: number) {
    this.source = source;
    this.offset = offset;
    this.length = length;
  }

  /** The bytes, if they have been read. */
  get bytes(): Uint8Array | undefined {
    return this.#bytes;
  }

  async load(): Promise<Uint8Array> {
    this.#bytes ??= await this.source.read(this.offset, this.length);
    return this.#bytes;
  }
}
