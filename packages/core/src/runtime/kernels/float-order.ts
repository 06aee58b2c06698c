/**
 * float32 values as int32 keys of the same order, so that `x <= t` becomes one integer comparison:
 * negative numbers have all bits but the sign flipped, -0 is 0, NaN is above everything.
 */

/** The key of NaN: above every threshold, so a comparison with it is false, as in IEEE 754. */
export const NAN_KEY = 0x7fffffff;
/** The key of a threshold that nothing is below or equal to (a NaN threshold). */
export const NEVER_KEY = -0x80000000;

const scratch = new Float32Array(1);
const scratchBits = new Int32Array(scratch.buffer);

/** The key of a float32's bits. NaN gives `NAN_KEY`. */
export function keyOfBits(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return NAN_KEY;
  const key = bits ^ ((bits >> 31) & 0x7fffffff);
  return key === -1 ? 0 : key;
}

/** The next key below. -1 would be -0, which is 0. */
function below(key: number): number {
  return key === 0 ? -2 : key - 1;
}

/**
 * The largest key k with: for every float32 x, key(x) <= k exactly when (double)x <= threshold.
 * So a float32 comparison decides as scikit-learn's `(double)(float)x <= threshold` does.
 */
export function keyAtMost(threshold: number): number {
  scratch[0] = threshold;
  const key = keyOfBits(scratchBits[0]);
  if (key === NAN_KEY) return NEVER_KEY;
  return scratch[0] > threshold ? below(key) : key;
}

/** The same for XGBoost's `x < threshold` with a float32 threshold. */
export function keyLessThan(threshold: number): number {
  scratch[0] = threshold;
  const key = keyOfBits(scratchBits[0]);
  return key === NAN_KEY ? NEVER_KEY : below(key);
}

/** `keyAtMost` of `count` thresholds. */
export function keysAtMost(thresholds: Float64Array, keys: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) keys[i] = keyAtMost(thresholds[i]);
}

/** `keyLessThan` of `count` thresholds. */
export function keysLessThan(thresholds: Float64Array, keys: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) keys[i] = keyLessThan(thresholds[i]);
}

/** The float32 that has this key. `NEVER_KEY` gives NaN: nothing is below or equal to it. */
export function floatOfKey(key: number): number {
  if (key === NEVER_KEY) return NaN;
  scratchBits[0] = key ^ ((key >> 31) & 0x7fffffff);
  return scratch[0];
}

/** Turns the bits of float32 values into keys in place; true if any was NaN. */
export function bitsToKeys(bits: Int32Array, length: number): boolean {
  let nan = 0;
  for (let i = 0; i < length; i++) {
    const b = bits[i];
    const key = b ^ ((b >> 31) & 0x7fffffff);
    if ((b & 0x7fffffff) > 0x7f800000) {
      bits[i] = NAN_KEY;
      nan = 1;
    } else {
      bits[i] = key === -1 ? 0 : key;
    }
  }
  return nan === 1;
}
