/**
 * numpy's legacy random numbers: RandomState(seed), for estimators that answer at random from a fixed seed.
 * Source: Matsumoto and Nishimura, Mersenne Twister (1998); numpy/random/src/legacy/legacy-distributions.c.
 */
const SIZE = 624;
const SHIFT = 397;

export class RandomState {
  readonly #state = new Uint32Array(SIZE);
  #at = SIZE;

  constructor(seed: number) {
    let s = seed >>> 0;
    for (let i = 0; i < SIZE; i++) {
      this.#state[i] = s;
      s = (Math.imul(1812433253, s ^ (s >>> 30)) + i + 1) >>> 0;
    }
  }

  #twist(): void {
    const mt = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = (mt[i] & 0x80000000) | (mt[(i + 1) % SIZE] & 0x7fffffff);
      mt[i] = mt[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }

  /** 32 random bits. */
  uint32(): number {
    if (this.#at === SIZE) this.#twist();
    let y = this.#state[this.#at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  double(): number {
    const a = this.uint32() >>> 5;
    const b = this.uint32() >>> 6;
    return (a * 67108864 + b) / 9007199254740992;
  }

  /** `randint(n)`: 0 … n - 1, by masking and rejection. n is below 2^32. */
  below(n: number): number {
    const most = n - 1;
    if (most <= 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(most);
    let value = (this.uint32() & mask) >>> 0;
    while (value > most) value = (this.uint32() & mask) >>> 0;
    return value;
  }

  /** `permutation(n)`. */
  permutation(n: number): Int32Array {
    const out = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }

  /** `binomial(1, p)`. */
  coin(p: number): number {
    return p <= 0.5 ? this.#inversion(p) : 1 - this.#inversion(1 - p);
  }

  #inversion(p: number): number {
    if (p === 0) return 0;
    const q = 1 - p;
    const none = Math.exp(Math.log(q));
    let x = 0;
    let px = none;
    let u = this.double();
    while (u > px) {
      x++;
      if (x > 1) {
        x = 0;
        px = none;
        u = this.double();
      } else {
        u -= px;
        px = ((2 - x) * p * px) / (x * q);
      }
    }
    return x;
  }

  /** `multinomial(1, weights)`: which one. */
  choice(weights: Float64Array): number {
    let left = 1;
    for (let j = 0; j < weights.length - 1; j++) {
      if (this.coin(weights[j] / left) === 1) return j;
      left -= weights[j];
    }
    return weights.length - 1;
  }
}
