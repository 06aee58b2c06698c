import type { Ensemble } from '../../../graph/ensemble.js';
import { fieldOf } from '../../../graph/node-field.js';
import { badInput, type Numbers } from '../common.js';
import { EQ, GT, GTE, LEAF, LEQ, LT, MEMBER, NEQ, type TreeTable } from './tree-table.js';

export type Aggregate = 'SUM' | 'AVERAGE' | 'MIN' | 'MAX';

/** Leaf values that are packed as one row of all targets per node: beyond this, walking the votes takes less memory. */
const MAX_PACKED_VALUES = 2 ** 26;

/** The features that the trees ask for. */
export function featuresOf(trees: readonly TreeTable[]): number {
  let n = 0;
  for (const t of trees)
    for (let i = 0; i < t.mode.length; i++) if (t.mode[i] !== LEAF) n = Math.max(n, t.feature[i] + 1);
  return n;
}

/** Which branch a value takes. A missing one takes the true branch where the node says so. */
function holds(t: TreeTable, i: number, x: number): boolean {
  const v = t.value[i];
  if (x !== x) return t.missingTrue[i] !== 0 || t.mode[i] === NEQ;
  switch (t.mode[i]) {
    case LEQ:
      return x <= v;
    case LT:
      return x < v;
    case GTE:
      return x >= v;
    case GT:
      return x > v;
    case EQ:
      return x === v;
    case MEMBER:
      return t.members.get(i)!.has(x);
    default:
      return x !== v;
  }
}

/**
 * Aggregates the votes of one row, tree by tree: `scores` and which of them there are. Slower than the packed
 * kernel, and able to do all of ONNX.
 */
export function walkRow(
  trees: readonly TreeTable[],
  x: Numbers,
  from: number,
  aggregate: Aggregate,
  scores: Float64Array,
  has: Uint8Array,
): void {
  scores.fill(0);
  has.fill(0);
  for (const t of trees) {
    let i = 0;
    while (t.mode[i] !== LEAF) i = holds(t, i, x[from + t.feature[i]]) ? t.whenTrue[i] : t.whenFalse[i];
    for (let k = t.weightFrom[i]; k < t.weightFrom[i + 1]; k++) {
      const c = t.target[k];
      const w = t.weight[k];
      if (aggregate === 'MIN') scores[c] = has[c] === 0 || w < scores[c] ? w : scores[c];
      else if (aggregate === 'MAX') scores[c] = has[c] === 0 || w > scores[c] ? w : scores[c];
      else scores[c] += w;
      has[c] = 1;
    }
  }
  if (aggregate === 'AVERAGE') for (let c = 0; c < scores.length; c++) scores[c] /= trees.length;
}

/**
 * The trees as the packed kernel takes them, or undefined where they do more than compare with a threshold.
 * All comparisons become `x <= t`: `x < t` is `x <= the number before t`, and `>` is `<=` with the branches swapped.
 */
export function packable(trees: readonly TreeTable[], outputs: number, narrow: boolean): Ensemble | undefined {
  for (const t of trees)
    for (let i = 0; i < t.mode.length; i++) {
      if (t.mode[i] === EQ || t.mode[i] === NEQ || t.mode[i] === MEMBER) return undefined;
      if (t.mode[i] !== LEAF && !Number.isFinite(t.value[i])) return undefined;
    }
  const one = trees.map((t) => singleTarget(t));
  const columns = one.every((c) => c !== undefined);
  const nodes = trees.reduce((sum, t) => sum + t.mode.length, 0);
  if (!columns && nodes * outputs > MAX_PACKED_VALUES) return undefined;
  return {
    nFeatures: featuresOf(trees),
    comparison: narrow ? 'f32' : 'f64',
    outputs,
    trees: trees.map((t, k) => {
      const n = t.mode.length;
      const left = new Int32Array(n);
      const right = new Int32Array(n);
      const threshold = new Float64Array(n);
      const missing = new Uint8Array(n);
      const leaf = new Uint8Array(n);
      const width = columns ? 1 : outputs;
      const values = new Float64Array(n * width);
      for (let i = 0; i < n; i++) {
        const mode = t.mode[i];
        if (mode === LEAF) {
          leaf[i] = 1;
          left[i] = -1;
          right[i] = -1;
          for (let w = t.weightFrom[i]; w < t.weightFrom[i + 1]; w++)
            values[i * width + (columns ? 0 : t.target[w])] += t.weight[w];
          continue;
        }
        const swapped = mode === GT || mode === GTE;
        left[i] = swapped ? t.whenFalse[i] : t.whenTrue[i];
        right[i] = swapped ? t.whenTrue[i] : t.whenFalse[i];
        missing[i] = (t.missingTrue[i] !== 0) !== swapped ? 1 : 0;
        threshold[i] = mode === LT || mode === GTE ? before(t.value[i], narrow) : t.value[i];
      }
      return {
        count: n,
        left: fieldOf(left),
        right: fieldOf(right),
        feature: fieldOf(t.feature),
        threshold: fieldOf(threshold),
        missingGoLeft: fieldOf(missing),
        isLeaf: fieldOf(leaf),
        values: fieldOf(values, width),
        ...(columns ? { output: one[k] } : {}),
      };
    }),
  };
}

/** The one target that all votes of a tree go to. */
function singleTarget(t: TreeTable): number | undefined {
  const first = t.target.length > 0 ? t.target[0] : 0;
  for (const c of t.target) if (c !== first) return undefined;
  return first;
}

/** The largest number below x, in single or double precision. */
function before(x: number, narrow: boolean): number {
  if (narrow) {
    const f = Float32Array.of(x);
    // A threshold between two singles: comparing singles with it is comparing with the one below.
    if (f[0] < x) return f[0];
    const bits = new Int32Array(f.buffer);
    if (f[0] === 0) bits[0] = 0x80000001 | 0;
    else bits[0] += f[0] > 0 ? -1 : 1;
    return f[0];
  }
  const d = Float64Array.of(x);
  const bits = new BigInt64Array(d.buffer);
  if (x === 0) bits[0] = BigInt.asIntN(64, 0x8000000000000001n);
  else bits[0] += x > 0 ? -1n : 1n;
  return d[0];
}

export function checkFeatures(wanted: number, columns: number): void {
  if (columns < wanted) throw badInput(`the trees ask for ${wanted} features; the input has ${columns}`);
}
