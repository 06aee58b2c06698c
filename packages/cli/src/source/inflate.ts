import * as zlib from 'node:zlib';
import { Reused } from './reused.js';

type Each = (piece: Uint8Array) => boolean;

/** Below this many bytes another thread costs more than it saves. */
const BESIDE = 4 * 1024;
/** Bytes that come out at a time, at most. */
const PIECE = 1024 * 1024;

/**
 * Hands on what a bare deflate stream becomes, made on another thread, until `each` answers false. True if all of it was
 * handed on and ended as it should.
 */
export async function inflateBeside(input: Uint8Array, each: Each): Promise<boolean> {
  if (input.length < BESIDE) return inflateHere(input, each);
  // One that stopped before the end is not used again.
  return streams.use((stream) => stream.run(input, each));
}

function inflateHere(input: Uint8Array, each: Each): boolean {
  try {
    return each(zlib.inflateRawSync(input));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** A stream that is used for one member after the other. */
class Inflating {
  // Every input is a whole: without its end it is none.
  readonly #stream = zlib.createInflateRaw({ chunkSize: PIECE, flush: zlib.constants.Z_FINISH });
  #each: Each | undefined;
  #done: ((whole: boolean) => void) | undefined;

  constructor() {
    this.#stream.on('data', (piece: Uint8Array) => {
      if (this.#each?.(piece) === false) this.#settle(false);
    });
    // Bytes behind the end of what is compressed end the stream, too.
    for (const event of ['error', 'end', 'close']) {
      this.#stream.on(event, () => {
        this.#settle(false);
      });
    }
  }

  run(input: Uint8Array, each: Each): Promise<boolean> {
    return new Promise((done) => {
      this.#each = each;
      this.#done = done;
      // What came out before has been looked at, and may be written over: else Node goes on behind it, in memory that
      // is new. (Where a Node knows no such field, it does so still.)
      (this.#stream as { _outOffset?: number })._outOffset = 0;
      this.#stream.write(input, (error) => {
        // What was given up is closed by now.
        if (!this.#done) return;
        if (!error) this.#stream.reset();
        this.#settle(!error);
      });
    });
  }

  #settle(whole: boolean): void {
    this.#done?.(whole);
    this.#done = undefined;
    this.#each = undefined;
  }

  close(): void {
    this.#stream.close();
  }
}

const streams = new Reused(() => new Inflating());
