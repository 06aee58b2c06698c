import { Writable } from 'node:stream';
import type { Io } from './io.js';

/** So much is held back, so that an error in a late row leaves nothing written; of more, rows go out as they come. */
const HELD_MAX = 32 * 1024 * 1024;

/** Standard output that appears at the end, or not at all, as long as it is not too much to hold. */
export class HeldOutput extends Writable {
  readonly #io: Io;
  #held: Uint8Array[] | undefined = [];
  #size = 0;
  #discarded = false;
  #ended: Promise<void> | undefined;

  constructor(io: Io) {
    super({ decodeStrings: true });
    this.#io = io;
  }

  /** Forgets what has been held. */
  discard(): void {
    this.#discarded = true;
    this.#held = [];
  }

  /** Resolves once everything has gone out; at once where nothing was written. */
  get flushed(): Promise<void> {
    return this.#ended ?? Promise.resolve();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    if (this.#discarded || this.#io.closed) {
      done();
    } else if (this.#held === undefined) {
      this.#send(chunk, done);
    } else {
      this.#held.push(chunk);
      this.#size += chunk.length;
      if (this.#size > HELD_MAX) this.#release(done);
      else done();
    }
  }

  override end(...args: unknown[]): this {
    this.#ended ??= new Promise((resolve) => this.once('close', resolve));
    return super.end(...(args as []));
  }

  override _final(done: () => void): void {
    this.#release(done);
  }

  #release(done: () => void): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (this.#discarded || held.length === 0) done();
    else this.#send(held.length === 1 ? held[0] : Buffer.concat(held), done);
  }

  #send(chunk: Uint8Array, done: () => void): void {
    if (this.#io.closed) done();
    else
      this.#io.stdout.write(chunk, () => {
        done();
      });
  }
}
