import {
  AFTER_BYTE,
  AFTER_LITERAL,
  AFTER_MATCH,
  AFTER_REPEAT,
  type Contexts,
  LENGTH_HIGH,
  LENGTH_LOW,
  LENGTH_MIDDLE,
  lengthContext,
  LITERAL_STATES,
  Model,
  slotOf,
} from './model.js';
import type { RangeEncoder } from './range.js';

/** What a step of a parser is: LITERAL, one of the last four distances (0 to 3), or a distance plus this. */
export const LITERAL = -1;
export const MATCH = 4;

/** A step: that many bytes, in one of these ways. One byte of the distance 0 is the short repeat. */
export interface Step {
  readonly length: number;
  readonly way: number;
}

/** Writes steps, and keeps what a decoder would know after them. */
export class Symbols {
  model: Model;
  /** The last four distances, less one. */
  readonly repeats = new Int32Array(4);
  state = 0;
  at = 0;
  readonly #input: Uint8Array;
  readonly #range: RangeEncoder;

  constructor(input: Uint8Array, contexts: Contexts, range: RangeEncoder) {
    this.#input = input;
    this.#range = range;
    this.model = new Model(contexts);
  }

  /** As at the beginning, for a decoder that has forgotten all but the bytes. */
  reset(): void {
    this.model = new Model(this.model.contexts);
    this.repeats.fill(0);
    this.state = 0;
  }

  write({ way, length }: Step): void {
    if (way === LITERAL) this.#literal();
    else if (way >= MATCH) this.#match(length, way - MATCH);
    else if (length === 1) this.#byte();
    else this.#repeat(way, length);
    this.at += length;
  }

  #place(): number {
    return (this.state << 4) + (this.at & ((1 << this.model.contexts.pb) - 1));
  }

  #literal(): void {
    const { at, state, model } = this;
    const input = this.#input;
    this.#range.bit(model.isMatch, this.#place(), 0);
    const base = model.literalBase(at, at > 0 ? input[at - 1] : 0);
    if (state < LITERAL_STATES) this.#range.tree(model.literals, base, 8, input[at]);
    else this.#matchedLiteral(base, input[at], input[at - this.repeats[0] - 1]);
    this.state = AFTER_LITERAL[state];
  }

  /** After a match the byte is known not to be the one that would have gone on with it. */
  #matchedLiteral(base: number, byte: number, other: number): void {
    let offset = 0x100;
    let node = 1;
    for (let i = 7; i >= 0; i--) {
      const otherBit = ((other >>> i) & 1) << 8;
      const bit = (byte >>> i) & 1;
      this.#range.bit(this.model.literals, base + offset + (offset === 0 ? 0 : otherBit) + node, bit);
      node = node * 2 + bit;
      if (offset !== 0 && otherBit >> 8 !== bit) offset = 0;
    }
  }

  #byte(): void {
    const { model, state } = this;
    this.#range.bit(model.isMatch, this.#place(), 1);
    this.#range.bit(model.isRepeat, state, 1);
    this.#range.bit(model.isRepeat0, state, 0);
    this.#range.bit(model.isLong, this.#place(), 0);
    this.state = AFTER_BYTE[state];
  }

  #repeat(index: number, length: number): void {
    const { model, state, repeats } = this;
    const range = this.#range;
    range.bit(model.isMatch, this.#place(), 1);
    range.bit(model.isRepeat, state, 1);
    if (index === 0) {
      range.bit(model.isRepeat0, state, 0);
      range.bit(model.isLong, this.#place(), 1);
    } else {
      range.bit(model.isRepeat0, state, 1);
      range.bit(model.isRepeat1, state, index === 1 ? 0 : 1);
      if (index > 1) range.bit(model.isRepeat2, state, index - 2);
      const distance = repeats[index];
      repeats.copyWithin(1, 0, index);
      repeats[0] = distance;
    }
    this.#length(model.repeatLength, length);
    this.state = AFTER_REPEAT[state];
  }

  #match(length: number, distance: number): void {
    const { model, state, repeats } = this;
    const range = this.#range;
    range.bit(model.isMatch, this.#place(), 1);
    range.bit(model.isRepeat, state, 0);
    this.#length(model.length, length);
    const slot = slotOf(distance);
    range.tree(model.slots, lengthContext(length) << 6, 6, slot);
    if (slot >= 4) {
      const footer = (slot >> 1) - 1;
      const base = (2 | (slot & 1)) << footer;
      const rest = distance - base;
      if (slot < 14) range.reverseTree(model.special, base - slot, footer, rest);
      else {
        range.direct(rest >>> 4, footer - 4);
        range.reverseTree(model.align, 0, 4, rest & 15);
      }
    }
    repeats.copyWithin(1, 0, 3);
    repeats[0] = distance;
    this.state = AFTER_MATCH[state];
  }

  #length(of: Uint16Array, length: number): void {
    const range = this.#range;
    const place = (this.at & ((1 << this.model.contexts.pb) - 1)) << 3;
    let rest = length - 2;
    if (rest < 8) {
      range.bit(of, 0, 0);
      range.tree(of, LENGTH_LOW + place, 3, rest);
      return;
    }
    range.bit(of, 0, 1);
    rest -= 8;
    if (rest < 8) {
      range.bit(of, 1, 0);
      range.tree(of, LENGTH_MIDDLE + place, 3, rest);
      return;
    }
    range.bit(of, 1, 1);
    range.tree(of, LENGTH_HIGH, 8, rest - 8);
  }
}
