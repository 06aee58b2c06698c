import { LENGTH_HIGH, LENGTH_LOW, LENGTH_MIDDLE, LITERAL_STATES, LONGEST, type Model, slotOf } from './model.js';

/** Prices are in sixteenths of a bit. */
const UNIT = 16;
/** Probabilities are looked up by their upper bits. */
const REDUCED = 4;

/** By the probability of the bit that is written. */
const PRICES = Uint16Array.from({ length: 2048 >> REDUCED }, (_, i) =>
  Math.round(-Math.log2((i + 0.5) / (2048 >> REDUCED)) * UNIT),
);

/** What a bit costs. */
export function priceOf(probability: number, bit: number): number {
  return PRICES[(bit === 0 ? probability : 2048 - probability - 1) >>> REDUCED];
}

/** Distances (less one) from here on are a slot, plain bits, and four bits of their own. */
const NEAR = 128;

function treePrice(of: Uint16Array, base: number, bits: number, value: number): number {
  let price = 0;
  for (let node = value + (1 << bits); node > 1; node >>= 1) price += priceOf(of[base + (node >> 1)], node & 1);
  return price;
}

function reversePrice(of: Uint16Array, base: number, bits: number, value: number): number {
  let price = 0;
  let node = 1;
  for (let i = 0; i < bits; i++) {
    const bit = (value >>> i) & 1;
    price += priceOf(of[base + node], bit);
    node = node * 2 + bit;
  }
  return price;
}

/** Of a table of lengths: those of one place. */
export const STRIDE = LONGEST + 1;

/** What steps cost, as the model stood when they were last counted. */
export class Prices {
  /** By place and length: `place * STRIDE + length`. */
  readonly lengths = new Int32Array(16 * STRIDE);
  readonly repeatLengths = new Int32Array(16 * STRIDE);
  readonly #slots = new Int32Array(4 << 6);
  readonly #near = new Int32Array(4 * NEAR);
  readonly #align = new Int32Array(16);

  count(model: Model): void {
    const places = 1 << model.contexts.pb;
    fill(this.lengths, model.length, places);
    fill(this.repeatLengths, model.repeatLength, places);
    for (let i = 0; i < 16; i++) this.#align[i] = reversePrice(model.align, 0, 4, i);
    for (let context = 0; context < 4; context++) {
      for (let slot = 0; slot < 64; slot++) {
        const plain = slot < 14 ? 0 : ((slot >> 1) - 5) * UNIT;
        this.#slots[(context << 6) + slot] = treePrice(model.slots, context << 6, 6, slot) + plain;
      }
      for (let distance = 0; distance < NEAR; distance++) {
        const slot = slotOf(distance);
        let price = this.#slots[(context << 6) + slot];
        if (slot >= 4) {
          const footer = (slot >> 1) - 1;
          const base = (2 | (slot & 1)) << footer;
          price += reversePrice(model.special, base - slot, footer, distance - base);
        }
        this.#near[context * NEAR + distance] = price;
      }
    }
  }

  /** Of a distance (less one), for a length of that context. */
  distance(context: number, distance: number): number {
    if (distance < NEAR) return this.#near[context * NEAR + distance];
    return this.#slots[(context << 6) + slotOf(distance)] + this.#align[distance & 15];
  }
}

function fill(to: Int32Array, of: Uint16Array, places: number): void {
  const high = new Int32Array(256);
  for (let i = 0; i < 256; i++) high[i] = treePrice(of, LENGTH_HIGH, 8, i) + priceOf(of[0], 1) + priceOf(of[1], 1);
  for (let place = 0; place < places; place++) {
    const start = place * STRIDE + 2;
    for (let i = 0; i < 8; i++) {
      to[start + i] = priceOf(of[0], 0) + treePrice(of, LENGTH_LOW + (place << 3), 3, i);
      to[start + 8 + i] = priceOf(of[0], 1) + priceOf(of[1], 0) + treePrice(of, LENGTH_MIDDLE + (place << 3), 3, i);
    }
    to.set(high, start + 16);
  }
}

/** What a literal costs; `other` is the byte that the last distance points to. */
export function literalPrice(model: Model, base: number, state: number, byte: number, other: number): number {
  const of = model.literals;
  let price = 0;
  let node = byte | 0x100;
  if (state < LITERAL_STATES) {
    for (; node > 1; node >>= 1) price += priceOf(of[base + (node >> 1)], node & 1);
    return price;
  }
  let offset = 0x100;
  node = 1;
  for (let i = 7; i >= 0; i--) {
    const otherBit = ((other >>> i) & 1) << 8;
    const bit = (byte >>> i) & 1;
    price += priceOf(of[base + offset + (offset === 0 ? 0 : otherBit) + node], bit);
    node = node * 2 + bit;
    if (offset !== 0 && otherBit >> 8 !== bit) offset = 0;
  }
  return price;
}
