/** The Cholesky root L of a symmetric positive matrix that grows by a row at a time. */
export class Cholesky {
  readonly #most: number;
  readonly #l: Float64Array;
  #size = 0;

  constructor(most: number) {
    this.#most = most;
    this.#l = new Float64Array(most * most);
  }

  get size(): number {
    return this.#size;
  }

  /** Works out the next row from its products with those before; what its own square leaves is the pivot's square. */
  pivot(products: ArrayLike<number>, own: number): number {
    const l = this.#l;
    const m = this.#most;
    const row = this.#size * m;
    let left = own;
    for (let i = 0; i < this.#size; i++) {
      let sum = products[i];
      for (let c = 0; c < i; c++) sum -= l[i * m + c] * l[row + c];
      l[row + i] = sum / l[i * m + i];
      left -= l[row + i] ** 2;
    }
    return left;
  }

  /** Adds the row that `pivot` worked out, with this on the diagonal. */
  push(diagonal: number): void {
    this.#l[this.#size * this.#most + this.#size] = diagonal;
    this.#size++;
  }

  /** Begins again, from the matrix [n × n] given by `at`. */
  rebuild(n: number, at: (i: number, j: number) => number): void {
    this.#size = 0;
    for (let i = 0; i < n; i++) {
      const square = this.pivot(
        Array.from({ length: i }, (_, j) => at(i, j)),
        at(i, i),
      );
      this.push(Math.sqrt(Math.abs(square)));
    }
  }

  /** Solves L Lᵀ x = b. */
  solve(b: Float64Array): Float64Array<ArrayBuffer> {
    const l = this.#l;
    const m = this.#most;
    const n = this.#size;
    const x = Float64Array.from(b);
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < i; c++) x[i] -= l[i * m + c] * x[c];
      x[i] /= l[i * m + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let c = i + 1; c < n; c++) x[i] -= l[c * m + i] * x[c];
      x[i] /= l[i * m + i];
    }
    return x;
  }
}
