/**
 * The arrays that one block of rows computes with, used again for the next. Every block asks for the same ones in the
 * same order, and of the block before only its results, which were copied, are wanted still. Fresh memory would cost more
 * than most arithmetic: the system clears it page by page.
 */
export class Arena {
  #arrays: Float64Array[] = [];
  /** The next array to hand out; -1 outside of blocks. */
  #next = -1;

  begin(): void {
    this.#next = 0;
  }

  end(): void {
    this.#next = -1;
    this.#arrays = [];
  }

  /** Zeros; undefined outside of blocks. */
  take(size: number): Float64Array | undefined {
    if (this.#next < 0) return undefined;
    const i = this.#next++;
    const known = this.#arrays[i];
    if (known?.length === size) return known.fill(0);
    return (this.#arrays[i] = new Float64Array(size));
  }
}
