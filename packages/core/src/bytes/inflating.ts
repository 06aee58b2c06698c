import { BrineError } from '../errors.js';
import type { Codec } from './decompress.js';
import type { ExpansionBudget } from './expansion.js';
import { checkRange, type Source } from './source.js';

/** The codecs that every platform can undo piece by piece, and what it calls them. */
const formats: ReadonlyMap<Codec, 'gzip' | 'deflate' | 'deflate-raw'> = new Map([
  ['gzip', 'gzip'],
  ['zlib', 'deflate'],
  ['deflate', 'deflate-raw'],
]);

/** Compressed bytes that are handed on at a time: the running ratio is looked at after each. */
const PIECE = 64 * 1024;
/** What is kept behind the place last read, so that a look back costs nothing. */
const KEPT = 256 * 1024;
/** Going back further means to begin again; so often at most (CWE-400). */
const MAX_RESTARTS = 16;

export function canStream(codec: Codec): boolean {
  return formats.has(codec) && typeof DecompressionStream === 'function';
}

/**
 * Decompressed content that is never held as a whole: read once to learn its size, and again, forwards, as it is asked
 * for. Its size is to be taken from the budget by whoever keeps it.
 *
 * @throws CORRUPT or TRUNCATED where the data are wrong, LIMIT where they expand beyond the budget's ratio or total.
 */
export async function inflating(codec: Codec, source: Source, budget: ExpansionBudget): Promise<Source> {
  const run = new Run(codec, source, budget);
  let size = 0;
  for (let piece = await run.next(); piece !== undefined; piece = await run.next()) size += piece.length;
  return new InflatingSource(codec, source, size, budget);
}

/** One pass over the compressed bytes. */
class Run {
  readonly #source: Source;
  readonly #budget: ExpansionBudget;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #most: number;
  readonly #reason: string;
  #fed = 0;
  #written = 0;
  #failure: unknown;

  constructor(codec: Codec, source: Source, budget: ExpansionBudget) {
    this.#source = source;
    this.#budget = budget;
    const { most, reason } = budget.streamAllowance(source.size);
    this.#most = most;
    this.#reason = reason;
    const { readable, writable } = new DecompressionStream(formats.get(codec)!);
    this.#reader = readable.getReader();
    this.#feed(writable.getWriter()).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  /** Hands the input on, each piece once the last is used up: what has been fed is what has been expanded. */
  async #feed(writer: WritableStreamDefaultWriter<BufferSource>): Promise<void> {
    try {
      while (this.#fed < this.#source.size) {
        const piece = new Uint8Array(
          await this.#source.read(this.#fed, Math.min(PIECE, this.#source.size - this.#fed)),
        );
        this.#fed += piece.length;
        await writer.write(piece);
      }
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => undefined);
      throw error;
    }
  }

  /** The next piece of content; undefined at its end. */
  async next(): Promise<Uint8Array | undefined> {
    let value: Uint8Array | undefined;
    try {
      ({ value } = await this.#reader.read());
    } catch (cause) {
      if (this.#failure instanceof BrineError) throw this.#failure;
      const cut = /unexpected end|incomplete|truncated/i.test(String(cause));
      throw new BrineError(
        cut ? 'TRUNCATED' : 'CORRUPT',
        `the compressed data ${cut ? 'end before their end is marked' : 'are damaged'}, after ${this.#written} bytes of content`,
        { file: this.#source.name },
        { cause },
      );
    }
    if (value === undefined) return undefined;
    this.#written += value.length;
    const { ratio, ratioExempt } = this.#budget.limits;
    const over = this.#written > ratioExempt && this.#written > ratio * this.#fed;
    if (over || this.#written > this.#most) {
      await this.close();
      this.#budget.spend(this.#written);
      const what = over
        ? `the first ${this.#fed} compressed bytes expand to ${this.#written} (limit expansion ratio ${ratio}:1)`
        : `${this.#source.size} compressed bytes expand to ${this.#reason}`;
      throw new BrineError('LIMIT', what, { file: this.#source.name });
    }
    return value;
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }
}

/** Content by ranges, the later ones cheaply and the earlier ones by beginning again. */
class InflatingSource implements Source {
  readonly name: string;
  readonly size: number;
  readonly #codec: Codec;
  readonly #source: Source;
  readonly #budget: ExpansionBudget;
  #run: Run | undefined;
  /** The pieces at hand, and where the first of them begins. */
  #pieces: Uint8Array[] = [];
  #start = 0;
  #end = 0;
  #restarts = 0;

  constructor(codec: Codec, source: Source, size: number, budget: ExpansionBudget) {
    this.name = source.name;
    this.size = size;
    this.#codec = codec;
    this.#source = source;
    this.#budget = budget;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    if (this.#run === undefined || offset < this.#start) await this.#restart();
    while (this.#end < offset + length) {
      const piece = await this.#run!.next();
      if (piece === undefined)
        throw new BrineError('READ', 'the compressed file changed while it was read', { file: this.name });
      this.#pieces.push(piece);
      this.#end += piece.length;
      this.#forget(Math.min(offset, this.#end - KEPT));
    }
    const bytes = new Uint8Array(length);
    let at = this.#start;
    for (const piece of this.#pieces) {
      const from = Math.max(offset, at);
      const to = Math.min(offset + length, at + piece.length);
      if (from < to) bytes.set(piece.subarray(from - at, to - at), from - offset);
      at += piece.length;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#run?.close();
    this.#run = undefined;
  }

  async #restart(): Promise<void> {
    if (this.#restarts++ > MAX_RESTARTS)
      throw new BrineError('LIMIT', `compressed content is read from its beginning more than ${MAX_RESTARTS} times`, {
        file: this.name,
      });
    await this.close();
    this.#run = new Run(this.#codec, this.#source, this.#budget);
    this.#pieces = [];
    this.#start = 0;
    this.#end = 0;
  }

  /** Drops the pieces that end before `offset`. */
  #forget(offset: number): void {
    let drop = 0;
    while (drop < this.#pieces.length && this.#start + this.#pieces[drop].length <= offset) {
      this.#start += this.#pieces[drop].length;
      drop++;
    }
    if (drop > 0) this.#pieces.splice(0, drop);
  }
}
