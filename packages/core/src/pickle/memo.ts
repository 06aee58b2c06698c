import { PyDict, PyGlobal, PyObject, PyTuple, type PyValue } from './values.js';

/** A gap in the indices may be this wide and the memo stays an array. Python 2 counted from 1. */
const GAP = 1024;

/**
 * What a pickle has memoised. Writers count from 0, so it is an array; a file that puts something at four
 * billion gets a Map for it, and not an array of that length (CWE-789).
 */
export class Memo {
  readonly #near: (PyValue | undefined)[] = [];
  readonly #far = new Map<number, PyValue>();
  #size = 0;
  /** The highest index in use: Python keeps an array of that length. */
  top = -1;
  /** Where instances are memoised, for `replace`; complete up to `#indexed`. */
  #places: Map<object, number[]> | undefined;
  #indexed = 0;

  /** How many entries there are. MEMOIZE uses it as the next index. */
  get size(): number {
    return this.#size;
  }

  /** Undefined if there is no such entry; null also if the entry is None. */
  get(index: number): PyValue | undefined {
    return index < this.#near.length ? this.#near[index] : this.#far.get(index);
  }

  has(index: number): boolean {
    return this.get(index) !== undefined;
  }

  add(value: PyValue): void {
    if (this.#size === this.#near.length && this.#far.size === 0) {
      this.#near.push(value);
      this.#size++;
    } else {
      this.put(this.#size, value);
    }
  }

  put(index: number, value: PyValue): void {
    const near = this.#near;
    if (index === near.length && this.#far.size === 0) {
      near.push(value);
      this.#size++;
      return;
    }
    if (this.get(index) === undefined) this.#size++;
    if (index < near.length) {
      near[index] = value;
    } else if (index <= near.length + GAP && this.#far.size === 0) {
      while (near.length < index) near.push(undefined);
      near.push(value);
      return;
    } else {
      this.#far.set(index, value);
      if (index > this.top) this.top = index;
    }
    if (this.#places !== undefined && (index < this.#indexed || index >= near.length)) this.#note(value, index);
  }

  /**
   * Puts `value` wherever `old` is. Entries are indexed when first asked, and each only once, so that
   * reading pays nothing for it and many replacements stay linear.
   */
  replace(old: object, value: PyValue): void {
    const near = this.#near;
    if (this.#places === undefined) {
      this.#places = new Map();
      for (const [index, entry] of this.#far) this.#note(entry, index);
    }
    for (; this.#indexed < near.length; this.#indexed++) this.#note(near[this.#indexed], this.#indexed);
    const places = this.#places.get(old);
    if (places === undefined) return;
    this.#places.delete(old);
    for (const index of places) {
      if (this.get(index) === old) this.put(index, value);
    }
  }

  /** Only instances are ever replaced. */
  #note(value: PyValue | undefined, index: number): void {
    if (!(value instanceof PyObject) || value instanceof PyDict || value instanceof PyTuple) return;
    if (value instanceof PyGlobal) return;
    const places = this.#places!.get(value);
    if (places === undefined) this.#places!.set(value, [index]);
    else places.push(index);
  }
}
