/** Columns up to here get a table; more would let a small file ask for much memory. CWE-789. */
const SLOT_TABLE_COLUMNS = 65536;

/** Numbers the columns that nodes read, in order of first use. */
export class Slots {
  readonly columns: number[] = [];
  readonly isCategory: number[] = [];
  readonly #table: Int32Array | undefined;
  readonly #map = new Map<number, number>();

  constructor(nFeatures: number) {
    if (nFeatures <= SLOT_TABLE_COLUMNS) this.#table = new Int32Array(2 * nFeatures);
  }

  of(column: number, isCategory: 0 | 1): number {
    const id = 2 * column + isCategory;
    const known = this.#table === undefined ? (this.#map.get(id) ?? 0) : this.#table[id];
    return known === 0 ? this.#add(id, column, isCategory) : known - 1;
  }

  #add(id: number, column: number, isCategory: 0 | 1): number {
    const slot = this.columns.length;
    this.columns.push(column);
    this.isCategory.push(isCategory);
    if (this.#table === undefined) this.#map.set(id, slot + 1);
    else this.#table[id] = slot + 1;
    return slot;
  }
}
