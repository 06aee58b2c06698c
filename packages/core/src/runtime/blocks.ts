import type { Graph } from '../graph/graph.js';
import { rowWidth } from '../graph/rowwise.js';
import { isTensor, sizeOf, type Tensor, type TypedArray, type Value } from '../graph/tensor.js';
import type { Plan } from './plan.js';

/** Numbers that a block's steps make in all: a megabyte, which mostly stays in the processor's second cache. */
const BLOCK = 2 ** 17;
/** Rows of fewer numbers, in all steps, are quicker all at once. */
const LEAST_WIDTH = 64;
const LEAST_ROWS = 32;

/**
 * A plan of a graph that computes each row by itself, run a block of rows at a time: what its steps hand on never leaves
 * the processor's cache, however many rows there are. Other plans stay as they are.
 * @param rowsAtOnce for tests
 */
export function byBlocks(graph: Graph, plan: Plan, rowsAtOnce?: number): Plan {
  const width = rowWidth(graph);
  if (width === undefined || (rowsAtOnce === undefined && width < LEAST_WIDTH)) return plan;
  const step = rowsAtOnce ?? Math.max(LEAST_ROWS, Math.floor(BLOCK / width));
  return {
    ...plan,
    run: (inputs) => {
      const given = inputs.filter((x): x is Tensor => x !== undefined && isTensor(x));
      const n = given[0]?.shape[0] ?? 0;
      if (n < 2 * step || given.length !== inputs.length || given.some((x) => x.shape[0] !== n))
        return plan.run(inputs);
      let results: Value[] | undefined;
      try {
        results = inBlocks(given, n, step, plan);
      } finally {
        plan.arena.end();
      }
      return results ?? plan.run(inputs);
    },
  };
}

/** Undefined where a row is refused: all at once, it is refused by its own number. */
function inBlocks(given: readonly Tensor[], n: number, step: number, plan: Plan): Value[] | undefined {
  let results: { data: Tensor['data']; out: Tensor }[] | undefined;
  for (let from = 0; from < n; from += step) {
    const rows = Math.min(step, n - from);
    let parts: Tensor[];
    plan.arena.begin();
    try {
      parts = plan.run(given.map((x) => partOf(x, from, rows))) as Tensor[];
    } catch {
      return undefined;
    }
    results ??= parts.map(({ dtype, shape, data }) => {
      const whole = [n, ...shape.slice(1)];
      const size = sizeOf(whole);
      const all = Array.isArray(data)
        ? new Array<unknown>(size)
        : new (data.constructor as new (size: number) => TypedArray)(size);
      return { data: all, out: { dtype, shape: whole, data: all } };
    });
    results.forEach(({ data, out }, i) => {
      const at = from * sizeOf(out.shape.slice(1));
      const part = parts[i].data;
      if (Array.isArray(data)) for (let k = 0; k < part.length; k++) (data as unknown[])[at + k] = part[k];
      else (data as Float64Array).set(part as Float64Array, at);
    });
  }
  return results?.map(({ out }) => out);
}

function partOf({ dtype, shape, data }: Tensor, from: number, rows: number): Tensor {
  const each = sizeOf(shape.slice(1));
  const part = Array.isArray(data)
    ? (data as unknown[]).slice(from * each, (from + rows) * each)
    : (data as Float64Array).subarray(from * each, (from + rows) * each);
  return { dtype, shape: [rows, ...shape.slice(1)], data: part };
}
