import { isTensor, type Value } from '../../graph/tensor.js';

/** Why two values differ, or undefined. Numbers within atol + rtol · |wanted|; NaN equals NaN. For tests. */
export function sameValue(got: Value | undefined, wanted: Value, rtol: number, atol: number): string | undefined {
  if (got === undefined) return 'no value';
  if ('sequence' in wanted) {
    if (!('sequence' in got)) return 'not a sequence';
    if (got.sequence.length !== wanted.sequence.length)
      return `${got.sequence.length} of ${wanted.sequence.length} elements`;
    for (let i = 0; i < wanted.sequence.length; i++) {
      const why = sameValue(got.sequence[i], wanted.sequence[i], rtol, atol);
      if (why !== undefined) return `[${i}]: ${why}`;
    }
    return undefined;
  }
  if ('optional' in wanted) {
    const inner = 'optional' in got ? got.optional : got;
    if (wanted.optional === null || inner === null) return inner === wanted.optional ? undefined : 'one is empty';
    return sameValue(inner, wanted.optional, rtol, atol);
  }
  if (!isTensor(wanted) || !isTensor(got)) return 'not tensors';
  if (got.dtype !== wanted.dtype) return `${got.dtype} for ${wanted.dtype}`;
  if (got.shape.join() !== wanted.shape.join()) return `[${got.shape.join()}] for [${wanted.shape.join()}]`;
  for (let i = 0; i < wanted.data.length; i++) {
    const [g, w] = [got.data[i], wanted.data[i]];
    if (g === w || (g !== g && w !== w)) continue;
    if (typeof g === 'string' || typeof w === 'string') return `${JSON.stringify(g)} for ${JSON.stringify(w)} at ${i}`;
    if (Math.abs(Number(g) - Number(w)) <= atol + rtol * Math.abs(Number(w))) continue;
    return `${String(Number(g))} for ${String(Number(w))} at ${i}`;
  }
  return undefined;
}
