import { mayTell } from './formats/secrets.js';

/** Characters from which on a text may be a key, or a path with somebody's name in it. */
const WORTH_TELLING = 12;
/** Texts that lie within so many bytes are looked at together. */
const BLOCK = 64 * 1024;
/** Texts that are kept: a file with more of them is told of often enough (CWE-400). */
const MAX_FOUND = 1000;

/**
 * Searches the texts in a file for keys and paths while it is passed over, however large it is: what lies between the
 * first and the last text of a block is looked at as a whole, and the texts one by one only where that may tell something.
 */
export class TextSearch {
  readonly #bytes: Uint8Array;
  readonly #found: { readonly text: string; readonly offset: number }[] = [];
  #ranges: number[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  readonly told = (from: number, to: number): void => {
    if (to - from < WORTH_TELLING || this.#found.length >= MAX_FOUND) return;
    const ranges = this.#ranges;
    if (ranges.length > 0 && to - ranges[0] > BLOCK) this.#look();
    this.#ranges.push(from, to);
  };

  /** The texts that may tell something, in their order. */
  found(): readonly { readonly text: string; readonly offset: number }[] {
    this.#look();
    return this.#found;
  }

  #look(): void {
    const ranges = this.#ranges;
    if (ranges.length === 0) return;
    this.#ranges = [];
    const latin1 = new TextDecoder('latin1');
    if (!mayTell(latin1.decode(this.#bytes.subarray(ranges[0], ranges[ranges.length - 1])))) return;
    const utf8 = new TextDecoder();
    for (let i = 0; i < ranges.length && this.#found.length < MAX_FOUND; i += 2) {
      const [offset, end] = [ranges[i], ranges[i + 1]];
      const text = utf8.decode(this.#bytes.subarray(offset, end));
      if (mayTell(text)) this.#found.push({ text, offset });
    }
  }
}
