let platformEqual: ((a: Uint8Array, b: Uint8Array) => boolean) | undefined;

/** Lets `equalBytes` use the platform's comparison of arrays of the same length, which is several times faster. */
export function setPlatformEqual(equal: (a: Uint8Array, b: Uint8Array) => boolean): void {
  platformEqual = equal;
}

/** Below this many bytes a call into the platform costs more than it saves. */
const SHORT = 64;

/** Whether two arrays hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  const { length } = a;
  if (length !== b.length) return false;
  if (a.buffer === b.buffer && a.byteOffset === b.byteOffset) return true;
  if (platformEqual && length > SHORT) return platformEqual(a, b);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Bytes that are expected, and held against what comes, however both are cut. */
export class Expected {
  readonly #pieces: readonly Uint8Array[];
  #piece = 0;
  #at = 0;

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces.filter((piece) => piece.length > 0);
  }

  /** Whether `bytes` are the next of them. */
  next(bytes: Uint8Array): boolean {
    for (let done = 0; done < bytes.length;) {
      if (this.isOver) return false;
      const piece = this.#pieces[this.#piece];
      const n = Math.min(piece.length - this.#at, bytes.length - done);
      if (!equalBytes(piece.subarray(this.#at, this.#at + n), bytes.subarray(done, done + n))) return false;
      done += n;
      this.#at += n;
      if (this.#at === piece.length) {
        this.#piece++;
        this.#at = 0;
      }
    }
    return true;
  }

  /** Whether all of them have come. */
  get isOver(): boolean {
    return this.#piece === this.#pieces.length;
  }
}
