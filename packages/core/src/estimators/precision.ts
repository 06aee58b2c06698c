/** Where scikit-learn computes in float32, for what was fitted on it and is asked in it. */
import type { GraphBuilder, V } from '../graph/builder.js';
import type { PyInstance } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';

/** True if an attribute is an array of float32: then the estimator was fitted on that. */
export function isHeldInFloat32(instance: PyInstance, name: string): boolean {
  const held = instance.attribute(name);
  return held instanceof NdArray && held.dtype.itemsize === 4;
}

/** Numbers as float32 holds them, in float64. */
export const inFloat32 = (x: V, g: GraphBuilder): V => g.cast(g.cast(x, 'float32'), 'float64');
