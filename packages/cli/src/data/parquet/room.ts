import { BrineError } from '@brine/core';

/**
 * What a file may expand to before its size counts: a million rows of constants take a hundred bytes, and writers
 * make row groups of a million. These cells take 150 MiB while they are decoded (CWE-409, CWE-770).
 */
const FREE_CELLS = 2 ** 23;
const FREE_BYTES = 2 ** 25;
/** What each byte of a row group adds. A column of one random byte a row earns as many columns of constants. */
const CELLS_PER_BYTE = 32;
const BYTES_PER_BYTE = 128;

/** What may still be decoded of a Parquet file. It is one account for the file, so that many groups are no way around. */
export class Room {
  #cells = FREE_CELLS;
  #bytes = FREE_BYTES;

  /** Before a row group is read, whose column chunks have these many bytes of the file. */
  earn(bytes: number): void {
    this.#cells += CELLS_PER_BYTE * bytes;
    this.#bytes += BYTES_PER_BYTE * bytes;
  }

  /** Throws LIMIT where a small file would become a large table. */
  spend(cells: number, bytes: number, file?: string): void {
    this.#cells -= cells;
    this.#bytes -= bytes;
    if (this.#cells >= 0 && this.#bytes >= 0) return;
    const what =
      this.#cells < 0
        ? `${FREE_CELLS} cells (FREE_CELLS) and ${CELLS_PER_BYTE} more for each byte in the file (CELLS_PER_BYTE)`
        : `${FREE_BYTES} bytes (FREE_BYTES) and ${BYTES_PER_BYTE} more for each byte in the file (BYTES_PER_BYTE)`;
    throw new BrineError(
      'LIMIT',
      `the row groups expand to more than ${what}, as a decompression bomb does; if the data are to be trusted, write them as CSV`,
      file === undefined ? {} : { file },
    );
  }
}
