/** Lengths that one position can have. */
const LONGEST = 273;

const HASH2_BITS = 16;
const HASH3_BITS = 18;
const SKIPPED = 4;

export interface TreeOptions {
  /** Candidates that are looked at. */
  readonly depth: number;
  /** A match of so many bytes is long enough. */
  readonly nice: number;
  /** The largest distance. */
  readonly window?: number;
  /** A match longer than this goes on at most of the next positions, where none is looked for. */
  readonly carried?: number;
}

/**
 * All useful matches of each position: for every length the nearest distance. Two tables tell the nearest matches of two
 * and three bytes; longer ones come from binary trees, one for each hash of four bytes, ordered by what follows, with the
 * latest position at the root. Positions are asked for in order.
 */
export class MatchTrees {
  /** Of the position last asked for: lengths that grow, with distances (less one) that grow too. */
  readonly lengths = new Int32Array(LONGEST + 1);
  readonly distances = new Int32Array(LONGEST + 1);
  count = 0;
  /** The position that is asked for next. */
  at = 0;
  readonly #input: Uint8Array;
  readonly #depth: number;
  readonly #window: number;
  readonly #nice: number;
  readonly #carried: number;
  readonly #end: number;
  readonly #shift: number;
  readonly #roots: Int32Array;
  readonly #pairs = new Int32Array(1 << HASH2_BITS).fill(-1);
  readonly #triples = new Int32Array(1 << HASH3_BITS).fill(-1);
  /** Of each position, what is smaller and what is larger. */
  readonly #children: Int32Array;

  constructor(input: Uint8Array, { depth, nice, window = Infinity, carried = Infinity }: TreeOptions) {
    this.#input = input;
    this.#end = input.length;
    this.#depth = depth;
    this.#window = window;
    this.#carried = carried;
    this.#nice = nice;
    const bits = Math.min(22, Math.max(12, 32 - Math.clz32(input.length)));
    this.#shift = 32 - bits;
    this.#roots = new Int32Array(1 << bits).fill(-1);
    this.#children = new Int32Array(2 * input.length);
  }

  /**
   * Goes on without asking. What is skipped was found before, so that few of its positions are worth a place in the
   * trees: one in `SKIPPED`, which costs a thousandth in size and saves an eighth of the time.
   */
  skip(count: number): void {
    const to = this.at + count;
    while (this.at < to) {
      if ((this.at & (SKIPPED - 1)) === 0) this.#visit(false);
      else this.at++;
    }
    this.count = 0;
  }

  find(): void {
    const last = this.count - 1;
    if (last >= 0 && this.lengths[last] > this.#carried && (this.at & (SKIPPED - 1)) !== 0) {
      this.lengths[0] = this.lengths[last] - 1;
      this.distances[0] = this.distances[last];
      this.count = 1;
      this.at++;
      return;
    }
    this.#visit(true);
  }

  #visit(wanted: boolean): void {
    const input = this.#input;
    const at = this.at++;
    const left = this.#end - at;
    let count = 0;
    let longest = 1;
    this.count = 0;
    if (left < 4) return;
    const two = input[at] | (input[at + 1] << 8);
    const three = two | (input[at + 2] << 16);
    const four = three | (input[at + 3] << 24);
    const slot3 = Math.imul(three, 0x9e3779b1) >>> (32 - HASH3_BITS);
    const slot4 = Math.imul(four, 0x9e3779b1) >>> this.#shift;
    const limit = Math.min(this.#nice, left);
    if (wanted) {
      const pair = this.#pairs[two];
      const triple = this.#triples[slot3];
      if (pair >= 0) {
        longest = 2;
        this.lengths[0] = 2;
        this.distances[0] = at - pair - 1;
        count = 1;
      }
      if (
        triple >= 0 &&
        input[triple] === input[at] &&
        input[triple + 1] === input[at + 1] &&
        input[triple + 2] === input[at + 2]
      ) {
        if (triple === pair) count = 0;
        longest = 3;
        this.lengths[count] = 3;
        this.distances[count++] = at - triple - 1;
      }
    }
    this.#pairs[two] = at;
    this.#triples[slot3] = at;
    this.count = this.#descend(at, slot4, limit, wanted, longest, count);
  }

  /** Makes `at` the root of its tree, which splits the tree by what is smaller and what is larger. */
  #descend(at: number, slot: number, limit: number, wanted: boolean, known: number, before: number): number {
    const input = this.#input;
    const children = this.#children;
    const { lengths, distances } = this;
    let candidate = this.#roots[slot];
    this.#roots[slot] = at;
    let smaller = 2 * at;
    let larger = 2 * at + 1;
    let agreeSmaller = 0;
    let agreeLarger = 0;
    let longest = known;
    let count = before;
    const first = Math.max(0, at - this.#window);
    // What is further down in a tree is older.
    for (let tries = this.#depth; candidate >= first && tries > 0; tries--) {
      let length = agreeSmaller < agreeLarger ? agreeSmaller : agreeLarger;
      while (length < limit && input[candidate + length] === input[at + length]) length++;
      if (wanted && length > longest) {
        // One of the same distance that is shorter says nothing.
        if (count > 0 && distances[count - 1] === at - candidate - 1) count--;
        longest = length;
        lengths[count] = length;
        distances[count++] = at - candidate - 1;
      }
      if (length >= limit) {
        children[smaller] = children[2 * candidate];
        children[larger] = children[2 * candidate + 1];
        return count;
      }
      if (input[candidate + length] < input[at + length]) {
        children[smaller] = candidate;
        smaller = 2 * candidate + 1;
        candidate = children[smaller];
        agreeSmaller = length;
      } else {
        children[larger] = candidate;
        larger = 2 * candidate;
        candidate = children[larger];
        agreeLarger = length;
      }
    }
    children[smaller] = -1;
    children[larger] = -1;
    return count;
  }
}
