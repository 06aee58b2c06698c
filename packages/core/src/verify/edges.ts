const f64 = new Float64Array(1);
const i64 = new BigInt64Array(f64.buffer);
const f32 = new Float32Array(1);
const i32 = new Int32Array(f32.buffer);

/** The next float64 above x. */
export function nextUp(x: number): number {
  if (!(x < Infinity)) return x;
  if (x === 0) return Number.MIN_VALUE;
  f64[0] = x;
  i64[0] += x > 0 ? 1n : -1n;
  return f64[0];
}

/** The next float64 below x. */
export function nextDown(x: number): number {
  return -nextUp(-x);
}

/** The next float32 above what float32 makes of x. */
export function nextUp32(x: number): number {
  f32[0] = x;
  if (!(f32[0] < Infinity)) return f32[0];
  if (f32[0] === 0) i32[0] = 1;
  else i32[0] += f32[0] > 0 ? 1 : -1;
  return f32[0];
}

export function nextDown32(x: number): number {
  return -nextUp32(-x);
}

/**
 * A threshold and its neighbours in float64 and float32, rising: the numbers around which comparisons in either type
 * change. With `narrow` only those that float32 can hold.
 */
export function around(threshold: number, narrow: boolean): number[] {
  const near = Math.fround(threshold);
  const numbers = new Set([nextDown32(near), near, nextUp32(near)]);
  if (!narrow) for (const x of [nextDown(threshold), threshold, nextUp(threshold)]) numbers.add(x);
  return [...numbers].filter((x) => Number.isFinite(x)).sort((a, b) => a - b);
}

/** Steps by which a computed inverse may be off: rounding once or twice. */
const STEPS = 8;

/**
 * The largest x whose f(x) is at most t, for a rising f (the smallest, for a falling one) near `start`. What is not found
 * within a few steps is `start` itself.
 */
export function exactInverse(f: (x: number) => number, t: number, start: number, rising: boolean): number {
  const up = rising ? nextUp : nextDown;
  const down = rising ? nextDown : nextUp;
  let x = start;
  for (let i = 0; i < STEPS && f(x) > t; i++) x = down(x);
  for (let i = 0; i < STEPS && f(up(x)) <= t; i++) x = up(x);
  return f(x) <= t && f(up(x)) > t ? x : start;
}
