import type { GraphBuilder, Operand, ResultType, V } from '../builder.js';
import type { Dim } from '../graph.js';
import { int64, type DType, type Tensor } from '../tensor.js';
import type { Expander } from './expansion.js';

/** Small graphs that the expansions of several families share. */

/** int64 [n]: shapes, axes, bounds. */
export const ints = (...values: readonly number[]): Tensor => int64([values.length], values);

/** An int64 without dimensions. */
export const int = (value: number): Tensor => int64([], [value]);

export const typeOf = (dtype: DType, shape: readonly Dim[]): ResultType => ({ dtype, shape });

/** The elements `from` … `to` - 1 along an axis; both may be negative, as in numpy. */
export function slice(g: GraphBuilder, x: V, axis: number, from: number, to: number): V {
  const shape = [...x.shape];
  const size = shape[axis];
  shape[axis] = from >= 0 && to >= 0 ? to - from : size === null ? null : at(to, size) - at(from, size);
  return g.typed('Slice', [x, ints(from), ints(to), ints(axis)], {}, [typeOf(x.dtype, shape)])[0];
}

const at = (place: number, size: number): number => Math.max(0, Math.min(size, place < 0 ? size + place : place));

/** A new axis of length 1. */
export function unsqueeze(g: GraphBuilder, x: V, axis: number): V {
  const shape = [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)];
  return g.typed('Unsqueeze', [x, ints(axis)], {}, [typeOf(x.dtype, shape)])[0];
}

/** int64: the sizes of all dimensions. */
export function shapeOf(g: GraphBuilder, x: V): V {
  return g.typed('Shape', [x], {}, [typeOf('int64', [x.shape.length])])[0];
}

/** int64 [1]: the size of one dimension. */
export const sizeOf = (g: GraphBuilder, x: V, axis: number): V => g.gather(shapeOf(g, x), ints(axis), 0);

/** One value many times: int64 sizes in, `shape` as far as it is known. */
export function filled(g: GraphBuilder, value: Operand, sizes: V, shape: readonly Dim[]): V {
  const v = g.value(value);
  return g.typed('Expand', [v, sizes], {}, [typeOf(v.dtype, shape)])[0];
}

/** [n, width], n as many as x has rows, of one value. */
export function rowsOf(e: Expander, x: V, width: number, value: Operand): V {
  const { g } = e;
  const sizes = g.typed('Concat', [e.rows(x), ints(width)], { axis: 0 }, [typeOf('int64', [2])])[0];
  return filled(g, value, sizes, [x.shape[0] ?? null, width]);
}
