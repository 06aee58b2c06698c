import { BrineError } from '../errors.js';

/**
 * A readable thing of known size: a file, a Blob, an ArrayBuffer, an HTTP resource with ranges.
 * Readers ask for ranges; nothing is read that nobody asked for.
 */
export interface Source {
  /** What to call it in messages: a path, a URL, or `(bytes)`. */
  readonly name: string;
  /** Size in bytes. May exceed 2^31. */
  readonly size: number;
  /** `length` bytes from `offset`; throws TRUNCATED when the range passes the end. May return a view. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * A file beside this one (joblib's `_NN.npy` parts, ONNX external data), or undefined if there is none. `strict`
   * refuses a file that also has another name (a hard link, CWE-62): it may be somebody else's.
   */
  sibling?(name: string, strict?: boolean): Promise<Source | undefined>;
  /** The names of the files beside this one, where the platform can list them. */
  siblings?(): Promise<string[]>;
  /** The same as `read`, for who makes something else of the bytes at once: they are good until the next look. */
  glance?(offset: number, length: number): Uint8Array;
  /** Gives back what was held open. */
  close?(): Promise<void>;
}

/** Bytes already in memory. Ranges are views, never copies. */
export class BufferSource implements Source {
  readonly name: string;
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, name = '(bytes)') {
    // Node's Buffer has a slice() of its own that does not copy, which readers rely on.
    this.#bytes =
      bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.size = bytes.byteLength;
    this.name = name;
  }

  /** All of them. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.view(offset, length));
  }

  /** The same without waiting. */
  view(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    return this.#bytes.subarray(offset, offset + length);
  }
}

/** A Blob or File: slices are read when asked for, so that a file of many gigabytes opens at once. */
export class BlobSource implements Source {
  readonly name: string;
  readonly size: number;
  readonly #blob: Blob;

  constructor(blob: Blob, name?: string) {
    this.#blob = blob;
    this.size = blob.size;
    this.name = name ?? ('name' in blob && typeof blob.name === 'string' ? blob.name : '(blob)');
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    try {
      return new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
    } catch (cause) {
      // The file behind it was changed or taken away, or there is no memory for so much.
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BrineError(
        'READ',
        `${length} bytes could not be read: ${reason}`,
        { file: this.name, offset },
        { cause },
      );
    }
  }
}

/** Throws TRUNCATED unless `offset + length` lies within the source. */
export function checkRange(source: Source, offset: number, length: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= source.size)) {
    throw new BrineError('TRUNCATED', `needs ${length} bytes at ${offset}, but the file has ${source.size} bytes`, {
      file: source.name,
      offset,
    });
  }
}
