import { AFTER_BYTE, AFTER_LITERAL, AFTER_MATCH, AFTER_REPEAT, lengthContext, LONGEST, type Model } from './model.js';
import { literalPrice, priceOf, Prices, STRIDE } from './prices.js';
import { LITERAL, MATCH, type Step, type Symbols } from './symbols.js';
import { MatchTrees } from '../match-trees.js';

/** Bytes that are planned ahead at most. */
const AHEAD = 4096;
const ROOM = AHEAD + 2 * LONGEST + 2;
const NEVER = 0x3fffffff;
/** Longer matches go on where they were found. It takes a third of the time away, and no size: repeats say the same. */
const CARRIED = 12;
/** Distances of which it is remembered how far the bytes agree. */
const MET = 8;
/** Steps after which prices are counted anew. */
const STALE = 256;

/**
 * The cheapest way through the bytes ahead, by what the model says each step costs: every place that steps lead to keeps
 * the cheapest way to it. Beside single steps three are tried that single steps would miss, for what is cheapest at their
 * middle is another: a match, a repeat or nothing, then one literal, then on at the same distance.
 */
export class OptimalParser {
  readonly #input: Uint8Array;
  readonly #nice: number;
  readonly #trees: MatchTrees;
  readonly #prices = new Prices();
  #stale = STALE;

  // Of each place ahead: what the way to it costs, where its last step began, which one that is; and how long the repeat
  // behind a literal that ends it is (0 if none).
  readonly #price = new Int32Array(ROOM);
  readonly #from = new Int32Array(ROOM);
  readonly #way = new Int32Array(ROOM);
  readonly #tail = new Int32Array(ROOM);
  readonly #state = new Uint8Array(ROOM);
  readonly #repeats = new Int32Array(4 * ROOM);
  /** Places that have a price. */
  #reached = 0;

  /** Steps that were planned and not yet asked for, the next one last. */
  readonly #lengths: number[] = [];
  readonly #ways: number[] = [];

  /** How far the bytes at the place that is looked at agree with those at the last four distances. */
  readonly #agreeing = new Int32Array(4);
  // How far the bytes at some distances agree: the place where they no longer do, so that they are compared once.
  readonly #metDistance = new Int32Array(MET).fill(-1);
  readonly #metEnd = new Int32Array(MET);
  #metNext = 0;

  constructor(input: Uint8Array, depth: number, nice: number) {
    this.#input = input;
    this.#nice = nice;
    this.#trees = new MatchTrees(input, { depth, nice, carried: CARRIED });
  }

  next(symbols: Symbols): Step {
    if (this.#lengths.length === 0) this.#plan(symbols);
    const way = this.#ways.pop() ?? LITERAL;
    if (way !== LITERAL) this.#stale++;
    return { length: this.#lengths.pop() ?? 1, way };
  }

  #plan({ at, model, repeats, state }: Symbols): void {
    if (this.#stale >= STALE) {
      this.#prices.count(model);
      this.#stale = 0;
    }
    const trees = this.#trees;
    this.#price[0] = 0;
    this.#state[0] = state;
    this.#repeats.set(repeats, 0);
    this.#reached = 0;
    let here = 0;
    for (; ; here++) {
      if (here > 0) {
        if (here === this.#reached || here >= AHEAD) break;
        this.#arrive(here);
      }
      if (trees.at === at + here) trees.find();
      if (this.#taken(here, at + here)) return;
      this.#relax(here, at + here, model);
    }
    this.#trace(here);
  }

  /** A match or repeat that is long enough is taken without more ado: true if the plan ends with one. */
  #taken(here: number, at: number): boolean {
    const { lengths, distances, count } = this.#trees;
    const nice = this.#nice;
    const agreeing = this.#agreeing;
    let best = 0;
    let way = LITERAL;
    for (let i = 0; i < 4; i++) {
      const length = (agreeing[i] = this.#matching(at, this.#repeats[4 * here + i]));
      if (length > best) {
        best = length;
        way = i;
      }
    }
    if (best < nice) {
      if (count === 0 || lengths[count - 1] < nice) return false;
      way = MATCH + distances[count - 1];
      best = this.#matching(at, distances[count - 1]);
    }
    this.#lengths.push(best);
    this.#ways.push(way);
    this.#trees.skip(best - 1);
    this.#trace(here);
    return true;
  }

  /** How many bytes agree with those that distance (less one) before. */
  #matching(at: number, distance: number): number {
    const input = this.#input;
    const from = at - distance - 1;
    if (from < 0 || input[at] !== input[from]) return 0;
    const end = Math.min(input.length, at + LONGEST);
    let met = MET - 1;
    while (met >= 0 && this.#metDistance[met] !== distance) met--;
    let to = at + 1;
    if (met >= 0 && this.#metEnd[met] > at) to = this.#metEnd[met];
    while (to < end && input[to] === input[to - distance - 1]) to++;
    if (met >= 0) this.#metEnd[met] = to;
    else {
      this.#metDistance[this.#metNext] = distance;
      this.#metEnd[this.#metNext] = to;
      this.#metNext = (this.#metNext + 1) & (MET - 1);
    }
    return Math.min(to, end) - at;
  }

  /** State and repeats at a place, after the way that was found to be the cheapest. */
  #arrive(here: number): void {
    const from = this.#from[here];
    const way = this.#way[here];
    const tail = this.#tail[here];
    const repeats = this.#repeats;
    let state = this.#state[from];
    const [of, to] = [4 * from, 4 * here];
    if (way === LITERAL || way < MATCH) {
      const index = way === LITERAL ? 0 : way;
      repeats[to] = repeats[of + index];
      repeats[to + 1] = index === 0 ? repeats[of + 1] : repeats[of];
      repeats[to + 2] = index <= 1 ? repeats[of + 2] : repeats[of + 1];
      repeats[to + 3] = index <= 2 ? repeats[of + 3] : repeats[of + 2];
    } else {
      repeats[to] = way - MATCH;
      repeats[to + 1] = repeats[of];
      repeats[to + 2] = repeats[of + 1];
      repeats[to + 3] = repeats[of + 2];
    }
    if (way === LITERAL) state = AFTER_LITERAL[state];
    else if (way >= MATCH) state = AFTER_MATCH[state];
    else state = here - from === 1 ? AFTER_BYTE[state] : AFTER_REPEAT[state];
    if (tail > 0) {
      if (way !== LITERAL) state = AFTER_LITERAL[state];
      state = AFTER_REPEAT[state];
    }
    this.#state[here] = state;
  }

  /** All steps from a place, to the places where they lead. */
  #relax(here: number, at: number, model: Model): void {
    const input = this.#input;
    const left = input.length - at;
    const price = this.#price[here];
    const state = this.#state[here];
    const mask = (1 << model.contexts.pb) - 1;
    const place = at & mask;
    const repeats = this.#repeats;
    const [lengths, repeatLengths] = [this.#prices.lengths, this.#prices.repeatLengths];
    const stride = place * STRIDE;

    const isMatch = model.isMatch[(state << 4) + place];
    const byte = input[at];
    const first = repeats[4 * here];
    const other = at > first ? input[at - first - 1] : -1;
    const before = at > 0 ? input[at - 1] : 0;
    const literal =
      price + priceOf(isMatch, 0) + literalPrice(model, model.literalBase(at, before), state, byte, other);
    this.#offer(here + 1, literal, here, LITERAL, 0);
    if (left < 2) {
      if (other === byte) this.#offerByte(here, at, price, state, model);
      return;
    }

    const matched = price + priceOf(isMatch, 1);
    const isRepeat = model.isRepeat[state];
    const repeated = matched + priceOf(isRepeat, 1);
    if (other === byte) this.#offerByte(here, at, price, state, model);
    else if (other >= 0)
      this.#literalThen(here + 1, at + 1, first, AFTER_LITERAL[state], literal, here, LITERAL, model);

    for (let index = 0; index < 4; index++) {
      const distance = repeats[4 * here + index];
      const length = this.#agreeing[index];
      if (length < 2) continue;
      const cost = repeated + this.#repeatPrice(index, state, place, model);
      this.#offerAll(here, 2, length, cost, repeatLengths, stride, index);
      const middle = cost + repeatLengths[stride + length];
      this.#thenLiteral(here, at, length, distance, AFTER_REPEAT[state], middle, index, model);
    }

    const { lengths: found, distances, count } = this.#trees;
    const simple = matched + priceOf(isRepeat, 0);
    for (let i = 0, length = 2; i < count; i++) {
      const distance = distances[i];
      const most = found[i];
      const far = simple + this.#prices.distance(3, distance);
      for (; length <= most && length < 5; length++) {
        const cost = simple + this.#prices.distance(lengthContext(length), distance);
        this.#offer(here + length, cost + lengths[stride + length], here, MATCH + distance, 0);
      }
      this.#offerAll(here, length, most, far, lengths, stride, MATCH + distance);
      length = most + 1;
      const middle = simple + this.#prices.distance(lengthContext(most), distance) + lengths[stride + most];
      this.#thenLiteral(here, at, most, distance, AFTER_MATCH[state], middle, MATCH + distance, model);
    }
  }

  #offer(to: number, price: number, from: number, way: number, tail: number): void {
    while (this.#reached < to) this.#price[++this.#reached] = NEVER;
    if (price >= this.#price[to]) return;
    this.#price[to] = price;
    this.#from[to] = from;
    this.#way[to] = way;
    this.#tail[to] = tail;
  }

  /** Steps of the lengths from `least` to `most`. */
  #offerAll(
    here: number,
    least: number,
    most: number,
    cost: number,
    lengths: Int32Array,
    stride: number,
    way: number,
  ): void {
    const prices = this.#price;
    while (this.#reached < here + most) prices[++this.#reached] = NEVER;
    for (let length = least; length <= most; length++) {
      const price = cost + lengths[stride + length];
      const to = here + length;
      if (price < prices[to]) {
        prices[to] = price;
        this.#from[to] = here;
        this.#way[to] = way;
        this.#tail[to] = 0;
      }
    }
  }

  #offerByte(here: number, at: number, price: number, state: number, model: Model): void {
    const place = at & ((1 << model.contexts.pb) - 1);
    const cost =
      priceOf(model.isMatch[(state << 4) + place], 1) +
      priceOf(model.isRepeat[state], 1) +
      priceOf(model.isRepeat0[state], 0) +
      priceOf(model.isLong[(state << 4) + place], 0);
    this.#offer(here + 1, price + cost, here, 0, 0);
  }

  #repeatPrice(index: number, state: number, place: number, model: Model): number {
    if (index === 0) return priceOf(model.isRepeat0[state], 0) + priceOf(model.isLong[(state << 4) + place], 1);
    const price = priceOf(model.isRepeat0[state], 1);
    if (index === 1) return price + priceOf(model.isRepeat1[state], 0);
    return price + priceOf(model.isRepeat1[state], 1) + priceOf(model.isRepeat2[state], index - 2);
  }

  /** After a step of that length: the byte that ends it, and on at the same distance. */
  #thenLiteral(
    here: number,
    at: number,
    length: number,
    distance: number,
    state: number,
    price: number,
    way: number,
    model: Model,
  ): void {
    const input = this.#input;
    const on = at + length;
    if (on + 3 > input.length || input[on + 1] !== input[on - distance] || input[on + 2] !== input[on + 1 - distance])
      return;
    const place = on & ((1 << model.contexts.pb) - 1);
    const base = model.literalBase(on, input[on - 1]);
    const cost =
      price +
      priceOf(model.isMatch[(state << 4) + place], 0) +
      literalPrice(model, base, state, input[on], input[on - distance - 1]);
    this.#literalThen(here + length + 1, on + 1, distance, AFTER_LITERAL[state], cost, here, way, model);
  }

  /** A repeat of the last distance at `at`, behind what led to the place `middle`. */
  #literalThen(
    middle: number,
    at: number,
    distance: number,
    state: number,
    price: number,
    from: number,
    way: number,
    model: Model,
  ): void {
    const input = this.#input;
    const end = Math.min(input.length, at + this.#nice);
    let to = at;
    while (to < end && input[to] === input[to - distance - 1]) to++;
    const length = to - at;
    if (length < 2) return;
    const place = at & ((1 << model.contexts.pb) - 1);
    const cost =
      price +
      priceOf(model.isMatch[(state << 4) + place], 1) +
      priceOf(model.isRepeat[state], 1) +
      this.#repeatPrice(0, state, place, model) +
      this.#prices.repeatLengths[place * STRIDE + length];
    this.#offer(middle + length, cost, from, way, length);
  }

  /** The steps to a place, the last one first. */
  #trace(place: number): void {
    for (let to = place; to > 0;) {
      const from = this.#from[to];
      const way = this.#way[to];
      const tail = this.#tail[to];
      let length = to - from;
      if (tail > 0) {
        this.#push(tail, 0);
        length -= tail;
        if (way !== LITERAL) {
          this.#push(1, LITERAL);
          length--;
        }
      }
      this.#push(length, way);
      to = from;
    }
  }

  #push(length: number, way: number): void {
    this.#lengths.push(length);
    this.#ways.push(way);
  }
}
