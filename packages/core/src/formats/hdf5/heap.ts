import { btree2Records, bytesFor } from './btree.js';
import type { Cursor } from './cursor.js';
import type { Hdf5File } from './file.js';
import { MAX_NODES } from './limits.js';

/** Objects in a global heap: text of variable length, by the heap's address and a number. */
export async function globalHeapObject(
  file: Hdf5File,
  address: number,
  index: number,
  length: number,
): Promise<Uint8Array> {
  const head = await file.at(address, 8 + file.sizes.length);
  head.expect('GCOL');
  head.skip(4);
  const size = head.length();
  const start = 8 + file.sizes.length;
  const cursor = await file.at(address, size);
  cursor.skip(start);
  while (cursor.left >= 8 + file.sizes.length) {
    const number = cursor.u16();
    cursor.skip(6);
    const bytes = cursor.length();
    if (number === 0) break;
    if (number === index) {
      if (length > bytes) throw cursor.corrupt(`a text of ${length} bytes in a heap object of ${bytes}`);
      return cursor.take(bytes).subarray(0, length);
    }
    cursor.skip(Math.min(8 * Math.ceil(bytes / 8), cursor.left));
  }
  throw cursor.corrupt(`no object ${index} in a global heap`);
}

/** A fractal heap, which holds the links of large groups and the attributes of objects with many. */
export class FractalHeap {
  readonly #file: Hdf5File;
  readonly #offsetSize: number;
  readonly #lengthSize: number;
  readonly #hugeTree: number | undefined;
  readonly #hugeDirect: boolean;
  readonly #width: number;
  readonly #start: number;
  readonly #directRows: number;
  readonly #root: number | undefined;
  readonly #rows: number;

  private constructor(file: Hdf5File, cursor: Cursor) {
    this.#file = file;
    cursor.expect('FRHP');
    cursor.skip(1);
    const idLength = cursor.u16();
    const filters = cursor.u16();
    cursor.skip(1);
    const maxObject = cursor.u32();
    cursor.length();
    this.#hugeTree = cursor.address();
    cursor.length();
    cursor.address();
    for (let i = 0; i < 8; i++) cursor.length();
    this.#width = cursor.u16();
    this.#start = cursor.length();
    const maxDirect = cursor.length();
    const bits = cursor.u16();
    cursor.skip(2);
    this.#root = cursor.address();
    this.#rows = cursor.u16();
    if (filters > 0) throw cursor.unsupported('a compressed fractal heap');
    if (!(this.#start > 0) || !(maxDirect >= this.#start) || this.#width === 0 || bits > 64)
      throw cursor.corrupt('a fractal heap of impossible sizes');
    this.#offsetSize = Math.ceil(bits / 8);
    this.#lengthSize = bytesFor(Math.min(maxDirect, maxObject));
    this.#directRows = Math.round(Math.log2(maxDirect / this.#start)) + 2;
    this.#hugeDirect = idLength - 1 >= file.sizes.address + file.sizes.length;
  }

  static async open(file: Hdf5File, address: number): Promise<FractalHeap> {
    const { address: a, length: l } = file.sizes;
    return new FractalHeap(file, await file.at(address, 26 + 12 * l + 3 * a));
  }

  /** The object that a heap id names. */
  async object(id: Cursor): Promise<Cursor> {
    const first = id.u8();
    const file = this.#file;
    switch ((first >> 4) & 3) {
      case 0: {
        const offset = id.uint(this.#offsetSize);
        return this.#managed(id, offset, id.uint(this.#lengthSize));
      }
      case 1: {
        if (this.#hugeDirect) {
          const address = id.address();
          if (address === undefined) throw id.corrupt('a huge heap object that is nowhere');
          return file.at(address, id.length());
        }
        const key = id.uint(Math.min(id.left, file.sizes.length));
        if (this.#hugeTree !== undefined) {
          for (const record of await btree2Records(file, this.#hugeTree, 1, MAX_NODES)) {
            const address = record.address();
            const length = record.length();
            if (record.length() === key && address !== undefined) return file.at(address, length);
          }
        }
        throw id.corrupt(`no huge heap object ${key}`);
      }
      case 2: {
        const bytes = id.pos;
        const cursor = id;
        cursor.pos = bytes;
        if ((first & 15) + 1 > cursor.left) throw id.corrupt('a tiny heap object longer than its id');
        return cursor;
      }
      default:
        throw id.corrupt('a heap id of an unknown kind');
    }
  }

  /** Bytes at an offset of the heap's own space, which doubles from row to row. */
  async #managed(id: Cursor, offset: number, length: number): Promise<Cursor> {
    const file = this.#file;
    let address = this.#root;
    let rows = this.#rows;
    let rest = offset;
    for (let depth = 0; rows > 0; depth++) {
      if (address === undefined || depth > 16) throw id.corrupt('a heap object in no block');
      const row = this.#rowOf(rest);
      if (row >= rows) throw id.corrupt(`offset ${offset} beyond the blocks of a heap`);
      const size = this.#blockSize(row);
      const column = Math.floor((rest - this.#rowOffset(row)) / size);
      const direct = row < this.#directRows;
      // Entries of direct and of indirect blocks alike are one address, without filters.
      const entry = 5 + file.sizes.address + this.#offsetSize + (row * this.#width + column) * file.sizes.address;
      const block = await file.at(address, 4);
      block.expect('FHIB');
      address = (await file.at(address + entry, file.sizes.address)).address();
      rest -= this.#rowOffset(row) + column * size;
      if (direct) break;
      rows = Math.round(Math.log2(size / (this.#start * this.#width))) + 1;
    }
    if (address === undefined) throw id.corrupt('a heap object in a block that does not exist');
    (await file.at(address, 4)).expect('FHDB');
    return file.at(address + rest, length);
  }

  #blockSize(row: number): number {
    return row === 0 ? this.#start : this.#start * 2 ** (row - 1);
  }

  #rowOffset(row: number): number {
    return row === 0 ? 0 : this.#width * this.#start * 2 ** (row - 1);
  }

  #rowOf(offset: number): number {
    const first = this.#width * this.#start;
    return offset < first ? 0 : Math.floor(Math.log2(offset / first)) + 1;
  }
}
