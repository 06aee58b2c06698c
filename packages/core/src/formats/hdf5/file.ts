import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { Cursor, type Sizes } from './cursor.js';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** User blocks are 512·2ⁿ bytes; none is larger than this. */
const MAX_USER_BLOCK = 2 ** 40;
/** Bytes read at once: most structures of a group lie together. */
const WINDOW = 64 * 1024;

/** An open HDF5 file: its superblock, and bytes by address. */
export class Hdf5File {
  readonly source: Source;
  readonly sizes: Sizes;
  /** Addresses count from here: the end of the user block. */
  readonly base: number;
  /** Bytes before the signature, which are no part of HDF5. */
  readonly userBlock: number;
  readonly version: number;
  readonly root: number;
  /** Where the file ends, as the superblock says. */
  readonly end: number;
  #window: Uint8Array = new Uint8Array(0);
  #windowAt = 0;

  constructor(source: Source, superblock: Omit<Superblock, 'next'>) {
    this.source = source;
    this.sizes = superblock.sizes;
    this.base = superblock.base;
    this.userBlock = superblock.userBlock;
    this.version = superblock.version;
    this.root = superblock.root;
    this.end = superblock.end;
  }

  /** Whether `length` bytes at an address lie in the file. */
  holds(address: number, length: number): boolean {
    return this.base + address + length <= this.source.size;
  }

  /** A cursor over `length` bytes at an address. @throws TRUNCATED beyond the end. */
  async at(address: number, length: number): Promise<Cursor> {
    const offset = this.base + address;
    if (!(length >= 0 && offset >= 0 && offset + length <= this.source.size)) {
      throw new BrineError(
        'TRUNCATED',
        `HDF5: ${length} bytes at ${offset}, where the file has ${this.source.size}: it was cut short or damaged`,
        { offset: Math.min(offset, this.source.size) },
      );
    }
    const inside = offset >= this.#windowAt && offset + length <= this.#windowAt + this.#window.length;
    if (!inside) {
      const size = Math.min(Math.max(length, WINDOW), this.source.size - offset);
      this.#window = await this.source.read(offset, size);
      this.#windowAt = offset;
    }
    const from = offset - this.#windowAt;
    return new Cursor(this.#window.subarray(from, from + length), this.sizes, offset);
  }

  /** The same, but as much of it as the file has. */
  async upTo(address: number, length: number): Promise<Cursor> {
    return this.at(address, Math.max(0, Math.min(length, this.source.size - this.base - address)));
  }
}

interface Superblock {
  readonly sizes: Sizes;
  readonly base: number;
  readonly userBlock: number;
  readonly version: number;
  readonly root: number;
  readonly end: number;
}

/**
 * Opens an HDF5 file: finds its superblock (versions 0 to 3), behind a user block too.
 *
 * @throws UNKNOWN_FORMAT, TRUNCATED, CORRUPT, UNSUPPORTED.
 * Source: HDF5 File Format Specification, version 3.0.
 */
export async function openHdf5(source: Source): Promise<Hdf5File> {
  for (let at = 0; at + 8 <= source.size && at <= MAX_USER_BLOCK; at = at === 0 ? 512 : 2 * at) {
    const head = await source.read(at, Math.min(128, source.size - at));
    if (!SIGNATURE.every((byte, i) => head[i] === byte)) continue;
    return new Hdf5File(source, readSuperblock(head, at));
  }
  throw new BrineError('UNKNOWN_FORMAT', 'no HDF5 signature', { file: source.name });
}

function readSuperblock(head: Uint8Array, userBlock: number): Superblock {
  const version = head[8];
  if (version === undefined)
    throw new BrineError('TRUNCATED', 'HDF5: the superblock is cut', { offset: userBlock + 8 });
  if (version > 3)
    throw new BrineError('UNSUPPORTED', `HDF5: superblock version ${version}`, { offset: userBlock + 8 });
  const old = version < 2;
  const sizes = { address: head[old ? 13 : 9], length: head[old ? 14 : 10] };
  if (![2, 4, 8].includes(sizes.address) || ![2, 4, 8].includes(sizes.length))
    throw new BrineError('CORRUPT', `HDF5: addresses of ${sizes.address} bytes`, { offset: userBlock + 9 });
  const cursor = new Cursor(head, sizes, userBlock);
  cursor.skip(old ? (version === 0 ? 24 : 28) : 12);
  const base = cursor.address() ?? userBlock;
  cursor.address(); // free space, or the superblock's extension
  const end = cursor.address() ?? Infinity;
  if (old) cursor.address(); // driver information
  if (old) cursor.address(); // the root's name
  const root = cursor.address();
  if (root === undefined) throw cursor.corrupt('no root group');
  return { sizes, base, userBlock, version, root, end };
}
