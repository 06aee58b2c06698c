/** One past the last Unicode code point. */
export const CODE_POINTS = 0x110000;

/**
 * An immutable set of code points, kept as sorted, disjoint, half-open ranges: `[start, end, start, end, …]`.
 *
 * Membership of Latin-1 characters is one table look-up; of others a binary search, or a look-up too
 * once `widen()` was called.
 */
export class CodeSet {
  static readonly empty = new CodeSet(new Int32Array(0));
  static readonly all = new CodeSet(Int32Array.of(0, CODE_POINTS));

  readonly latin: Uint8Array = new Uint8Array(256);
  #plane: Uint8Array | undefined;

  private constructor(readonly bounds: Int32Array) {
    for (let i = 0; i < bounds.length && bounds[i] < 256; i += 2) {
      this.latin.fill(1, bounds[i], Math.min(bounds[i + 1], 256));
    }
  }

  /** From ranges in any order, `[first, last]` inclusive, overlapping or not. */
  static of(ranges: readonly (readonly [number, number])[]): CodeSet {
    const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
    const bounds: number[] = [];
    for (const [first, last] of sorted) {
      const end = last + 1;
      const top = bounds.length - 1;
      if (top > 0 && first <= bounds[top]) bounds[top] = Math.max(bounds[top], end);
      else bounds.push(first, end);
    }
    return new CodeSet(Int32Array.from(bounds));
  }

  static ofCodes(codes: Iterable<number>): CodeSet {
    return CodeSet.of([...codes].map((code) => [code, code] as const));
  }

  /** From the table format: gap and length of each run, in turn, in base 36. */
  static parse(table: string): CodeSet {
    const bounds = new Int32Array(table.split(' ').length);
    let at = 0;
    let i = 0;
    for (const number of table.split(' ')) bounds[i++] = at += parseInt(number, 36);
    return new CodeSet(bounds);
  }

  has(code: number): boolean {
    if (code < 256) return this.latin[code] === 1;
    if (this.#plane !== undefined && code < 0x10000) return this.#plane[code] === 1;
    const { bounds } = this;
    let low = 0;
    let high = bounds.length;
    // The number of bounds that are <= code is odd exactly inside a range.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bounds[middle] <= code) low = middle + 1;
      else high = middle;
    }
    return (low & 1) === 1;
  }

  /** Spends 64 KiB on one byte for each character of the basic plane, once. */
  widen(): Uint8Array {
    if (this.#plane === undefined) {
      this.#plane = new Uint8Array(0x10000);
      for (const [first, last] of this.ranges()) this.#plane.fill(1, first, last + 1);
    }
    return this.#plane;
  }

  /** The ranges, `[first, last]` inclusive. */
  *ranges(): Generator<[number, number]> {
    for (let i = 0; i < this.bounds.length; i += 2) yield [this.bounds[i], this.bounds[i + 1] - 1];
  }

  /** The number of members. */
  get size(): number {
    let size = 0;
    for (let i = 0; i < this.bounds.length; i += 2) size += this.bounds[i + 1] - this.bounds[i];
    return size;
  }

  /** The one member of a set of one, else -1. */
  get single(): number {
    return this.bounds.length === 2 && this.bounds[1] - this.bounds[0] === 1 ? this.bounds[0] : -1;
  }

  equals(other: CodeSet): boolean {
    return this.bounds.length === other.bounds.length && this.bounds.every((bound, i) => bound === other.bounds[i]);
  }

  not(): CodeSet {
    const { bounds } = this;
    const flipped: number[] = [];
    if (bounds[0] !== 0) flipped.push(0);
    for (const bound of bounds) if (bound !== 0 && bound !== CODE_POINTS) flipped.push(bound);
    if (bounds[bounds.length - 1] !== CODE_POINTS) flipped.push(CODE_POINTS);
    return new CodeSet(Int32Array.from(flipped));
  }

  static union(sets: readonly CodeSet[]): CodeSet {
    if (sets.length === 1) return sets[0];
    return CodeSet.of(sets.flatMap((set) => [...set.ranges()]));
  }
}
