import { BrineError } from '../errors.js';

/** Compressed sparse rows: of row r, the columns `indices` and the values `data` from `indptr[r]` to `indptr[r + 1]`. */
export interface CsrRows {
  readonly shape: readonly [rows: number, columns: number];
  readonly indptr: Int32Array;
  /** Rising within each row. */
  readonly indices: Int32Array;
  readonly data: Float64Array;
}

/** scikit-learn goes over to 64-bit indices here; typed arrays of this size would not fit anyway. */
const ENTRIES_LIMIT = 2 ** 31 - 1;

/** Collects rows, one entry after the other. */
export class CsrBuilder {
  readonly #columns: number;
  readonly #indptr: number[] = [0];
  #indices = new Int32Array(1024);
  #data = new Float64Array(1024);
  #length = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  push(column: number, value: number): void {
    if (this.#length === this.#indices.length) this.#grow();
    this.#indices[this.#length] = column;
    this.#data[this.#length] = value;
    this.#length++;
  }

  endRow(): void {
    this.#indptr.push(this.#length);
  }

  finish(): CsrRows {
    return {
      shape: [this.#indptr.length - 1, this.#columns],
      indptr: Int32Array.from(this.#indptr),
      indices: this.#indices.slice(0, this.#length),
      data: this.#data.slice(0, this.#length),
    };
  }

  #grow(): void {
    if (this.#length >= ENTRIES_LIMIT) {
      throw new BrineError(
        'LIMIT',
        `the documents have more than ${ENTRIES_LIMIT} different terms in all; pass fewer at once`,
      );
    }
    const size = Math.min(this.#length * 2, ENTRIES_LIMIT);
    const indices = new Int32Array(size);
    indices.set(this.#indices);
    this.#indices = indices;
    const data = new Float64Array(size);
    data.set(this.#data);
    this.#data = data;
  }
}

/** Throws BAD_INPUT, naming the document, unless all are strings. */
export function checkDocuments(documents: readonly unknown[]): asserts documents is readonly string[] {
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i];
    if (typeof document !== 'string') {
      const what = document === null ? 'null' : typeof document;
      throw new BrineError(
        'BAD_INPUT',
        `document ${i} is ${what === 'number' ? String(document) : what}; a string was expected`,
      );
    }
  }
}
