import { sizeOf } from '../../graph/tensor.js';
import { badInput, sameShape } from './common.js';

/** How several shapes go together: the common shape, and per coalesced dimension the step of each operand. */
export interface Broadcast {
  readonly shape: readonly number[];
  readonly size: number;
  /** Sizes of the outer dimensions, then the innermost. Neighbours that step alike are one. */
  readonly sizes: readonly number[];
  /** Per operand, the step in elements along each of `sizes`; 0 where it repeats. */
  readonly steps: readonly (readonly number[])[];
}

/** numpy's broadcasting of any number of shapes. */
export function broadcast(shapes: readonly (readonly number[])[]): Broadcast {
  return (shapes.length === 2 ? plainly(shapes[0], shapes[1]) : undefined) ?? generally(shapes);
}

/** Two equal shapes, or a single number on the right: what most operators meet, and a single row feels. */
function plainly(a: readonly number[], b: readonly number[]): Broadcast | undefined {
  const size = sizeOf(a);
  if (size === 0) return undefined;
  let step = 0;
  if (sameShape(a, b)) step = 1;
  else if (b.length > a.length || sizeOf(b) !== 1) return undefined;
  return { shape: a, size, sizes: [size], steps: [[size === 1 ? 0 : 1], [size === 1 ? 0 : step]] };
}

function generally(shapes: readonly (readonly number[])[]): Broadcast {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  const shape = new Array<number>(rank).fill(1);
  for (const s of shapes) {
    for (let i = 0; i < s.length; i++) {
      const at = rank - s.length + i;
      const d = s[i];
      if (d === 1 || d === shape[at]) continue;
      if (shape[at] !== 1)
        throw badInput(`shapes ${shapes.map((x) => `[${x.join(', ')}]`).join(' and ')} do not go together`);
      shape[at] = d;
    }
  }
  const steps = shapes.map((s) => stepsOf(s, shape));
  const sizes: number[] = [];
  const kept: number[][] = shapes.map(() => []);
  for (let i = rank - 1; i >= 0; i--) {
    const d = shape[i];
    if (d === 1) continue;
    const inner = sizes[0];
    if (inner !== undefined && steps.every((s, k) => s[i] === kept[k][0] * inner)) {
      sizes[0] = inner * d;
      continue;
    }
    sizes.unshift(d);
    steps.forEach((s, k) => kept[k].unshift(s[i]));
  }
  if (sizes.length === 0) {
    sizes.push(1);
    kept.forEach((s) => s.push(0));
  }
  return { shape, size: shape.reduce((a, d) => a * d, 1), sizes, steps: kept };
}

function stepsOf(shape: readonly number[], whole: readonly number[]): number[] {
  const out = new Array<number>(whole.length).fill(0);
  let step = 1;
  for (let i = shape.length - 1, at = whole.length - 1; i >= 0; i--, at--) {
    if (shape[i] !== 1) out[at] = step;
    step *= shape[i];
  }
  return out;
}

/**
 * Calls `run(o, starts)` for each stretch of the innermost dimension: `o` is where it starts in the result,
 * `starts` where it starts in each operand (the same array every time). Its length is the last of `sizes`.
 */
export function eachRow(plan: Broadcast, run: (o: number, starts: readonly number[]) => void): void {
  if (plan.size === 0) return;
  const { sizes, steps } = plan;
  const outer = sizes.length - 1;
  const inner = sizes[outer];
  const starts = steps.map(() => 0);
  const at = new Array<number>(outer).fill(0);
  for (let o = 0; o < plan.size; o += inner) {
    run(o, starts);
    for (let d = outer - 1; d >= 0; d--) {
      if (++at[d] < sizes[d]) {
        for (let k = 0; k < starts.length; k++) starts[k] += steps[k][d];
        break;
      }
      for (let k = 0; k < starts.length; k++) starts[k] -= steps[k][d] * (sizes[d] - 1);
      at[d] = 0;
    }
  }
}
