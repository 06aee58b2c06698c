import { BrineError } from '../../../errors.js';
import { isBig, type TypedArray, type Value } from '../../../graph/tensor.js';
import { forestKernel } from '../../kernels/forest.js';
import { denseRows } from '../../kernels/rows.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { badInput, dense, text, type Inputs, type Numbers } from '../common.js';
import { convert } from '../reduce.js';
import { labelsOf } from './labels.js';
import { postTransform, secondClass, transformScores } from './scores.js';
import { floats, LEAF, readEnsemble, readNodeTables, targetsOf, type TreeTable } from './tree-table.js';
import { checkFeatures, featuresOf, packable, walkRow, type Aggregate } from './tree-walk.js';

/** A matrix of samples as floats: rows, columns, and whether they came in single precision. */
interface Samples {
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** Doubles stay doubles; everything else fits in single precision, or is rounded to it as ONNX asks. */
function samplesOf(inputs: Inputs): Samples {
  const x = dense(inputs, 0);
  const [rows, columns] = x.shape.length === 1 ? [1, x.shape[0]] : [x.shape[0], x.shape[1]];
  if (x.shape.length > 2 || x.shape.length === 0) throw badInput(`samples of shape [${x.shape.join(', ')}]`);
  if (x.dtype === 'float64') return { data: x.data as Float64Array, rows, columns };
  if (x.dtype === 'string' || x.dtype === 'object') throw badInput(`${x.dtype} input`);
  if (x.data instanceof Float32Array) return { data: x.data, rows, columns };
  const data = isBig(x.dtype)
    ? Float32Array.from(x.data as BigInt64Array, Number)
    : Float32Array.from(x.data as Numbers & TypedArray);
  return { data, rows, columns };
}

/** Sums of votes per row: `has` tells which targets got any, where that differs from row to row. */
type Run = (x: Samples, each: (row: number, scores: Float64Array, has: Uint8Array) => void) => void;

/**
 * How to run the trees: with the packed kernel where every target's votes are there for every row or for none,
 * else by walking.
 */
function runner(trees: readonly TreeTable[], outputs: number, aggregate: Aggregate): Run {
  const wanted = featuresOf(trees);
  const presence = presenceOf(trees, outputs);
  const plain = aggregate === 'SUM' || aggregate === 'AVERAGE';
  const packed = new Map<boolean, ReturnType<typeof forestKernel> | undefined>();
  const kernelFor = (narrow: boolean): ReturnType<typeof forestKernel> | undefined => {
    if (!packed.has(narrow)) {
      const ensemble = plain && presence && trees.length > 0 ? packable(trees, outputs, narrow) : undefined;
      packed.set(narrow, ensemble && forestKernel(ensemble));
    }
    return packed.get(narrow);
  };
  return (x, each) => {
    checkFeatures(wanted, x.columns);
    const kernel = kernelFor(x.data instanceof Float32Array);
    if (!kernel) {
      const scores = new Float64Array(outputs);
      const has = new Uint8Array(outputs);
      for (let r = 0; r < x.rows; r++) {
        walkRow(trees, x.data, r * x.columns, aggregate, scores, has);
        each(r, scores, has);
      }
      return;
    }
    const sums = new Float64Array(x.rows * outputs);
    kernel.sum(denseRows(x.data, x.rows, wanted, { rowStride: x.columns }), sums);
    if (aggregate === 'AVERAGE') for (let i = 0; i < sums.length; i++) sums[i] /= trees.length;
    for (let r = 0; r < x.rows; r++) each(r, sums.subarray(r * outputs, (r + 1) * outputs), presence!);
  };
}

/** Per target whether it always gets votes (1) or never (0); undefined where that depends on the row. */
function presenceOf(trees: readonly TreeTable[], outputs: number): Uint8Array | undefined {
  const some = new Uint8Array(outputs);
  const always = new Uint8Array(outputs);
  for (const t of trees) {
    const leaves = new Int32Array(outputs);
    let count = 0;
    for (let i = 0; i < t.mode.length; i++) {
      if (t.mode[i] !== LEAF) continue;
      count++;
      for (let k = t.weightFrom[i]; k < t.weightFrom[i + 1]; k++) {
        leaves[t.target[k]]++;
        some[t.target[k]] = 1;
      }
    }
    for (let c = 0; c < outputs; c++) if (leaves[c] >= count && count > 0) always[c] = 1;
  }
  for (let c = 0; c < outputs; c++) if (some[c] !== always[c]) return undefined;
  return some;
}

function aggregateOf(site: Site): Aggregate {
  const given = site.attributes['aggregate_function'];
  if (typeof given === 'number') return (['AVERAGE', 'SUM', 'MIN', 'MAX'] as const)[given] ?? unknownAggregate(given);
  const name = text(site, 'aggregate_function', 'SUM');
  return name === 'SUM' || name === 'AVERAGE' || name === 'MIN' || name === 'MAX' ? name : unknownAggregate(name);
}

function unknownAggregate(given: string | number): never {
  throw new BrineError('CORRUPT', `an unknown aggregate_function: ${given}`);
}

/** TreeEnsembleRegressor (float out) and TreeEnsemble (the input's type out). */
function regressor(read: (site: Site) => TreeTable[], keepType: boolean): Operator {
  return (site) => {
    const trees = read(site);
    const targets = targetsOf(site, 'n_targets', trees);
    const base = floats(site, 'base_values');
    const transform = postTransform(site.attributes['post_transform']);
    const run = runner(trees, targets, aggregateOf(site));
    if (base.length !== 0 && base.length !== targets)
      throw new BrineError('CORRUPT', `${base.length} base values for ${targets} targets`);
    return (inputs) => {
      const x = samplesOf(inputs);
      const out = new Float64Array(x.rows * targets);
      run(x, (r, scores) => {
        const line = out.subarray(r * targets, (r + 1) * targets);
        for (let c = 0; c < targets; c++) line[c] = scores[c] + (base.length > 0 ? base[c] : 0);
        transformScores(line, transform);
      });
      const dtype = keepType && x.data instanceof Float64Array ? 'float64' : 'float32';
      return convert(dtype, [x.rows, targets], out);
    };
  };
}

/**
 * TreeEnsembleClassifier. What the specification leaves open for two classes (one score or two, weights all
 * positive or not, one base value or two) follows onnxruntime, whose answers people keep.
 */
const classifier: Operator = (site) => {
  const trees = readNodeTables(site, 'class');
  const labels = labelsOf(site);
  const n = labels.count;
  const base = floats(site, 'base_values');
  const transform = postTransform(site.attributes['post_transform']);
  const ids = new Set<number>();
  let positive = true;
  for (const t of trees) {
    for (const c of t.target) {
      if (!(c >= 0 && c < Math.max(n, 1))) throw new BrineError('CORRUPT', `a vote for class ${c} of ${n}`);
      ids.add(c);
    }
    for (const w of t.weight) if (w < 0) positive = false;
  }
  const run = runner(trees, n, 'SUM');
  /** All votes are for one of two classes: the score is a probability, or the side of zero it is on. */
  const binaryCase = n === 2 && ids.size === 1;

  /** The class of one row; `line` gets its scores. */
  const settle = (scores: Float64Array, has: Uint8Array, line: Float64Array): number => {
    line.set(scores);
    if (n !== 2) {
      let best = -1;
      for (let c = 0; c < n; c++) {
        if (c < base.length) line[c] += base[c];
        if ((has[c] !== 0 || c < base.length) && (best < 0 || line[c] > line[best])) best = c;
      }
      transformScores(line, transform);
      return Math.max(0, best);
    }
    const second = has[1] !== 0;
    if (base.length === 2 && second) {
      line[1] = base[1] + scores[0];
      line[0] = -line[1];
    } else for (let c = 0; c < base.length; c++) line[c] += base[c];
    // What got no votes counts as nothing, whatever its base.
    if (base.length > 0) for (let c = 0; c < 2; c++) if (has[c] === 0) line[c] = 0;
    const weight = second ? line[1] : has[0] !== 0 ? line[0] : 0;
    const isSecond = weight > (binaryCase && positive ? 0.5 : 0);
    if (second || base.length === 2) transformScores(line, transform);
    else secondClass(line[0], binaryCase && positive, transform, line);
    return isSecond ? 1 : 0;
  };

  return (inputs) => {
    const x = samplesOf(inputs);
    const out = new Float64Array(x.rows * n);
    const classes = new Int32Array(x.rows);
    run(x, (r, scores, has) => {
      classes[r] = settle(scores, has, out.subarray(r * n, (r + 1) * n));
    });
    const result: Value[] = [labels.at(classes), convert('float32', [x.rows, n], out)];
    return result;
  };
};

export const treeOperators = {
  'ai.onnx.ml:TreeEnsemble': regressor(readEnsemble, true),
  'ai.onnx.ml:TreeEnsembleRegressor': regressor((site) => readNodeTables(site, 'target'), false),
  'ai.onnx.ml:TreeEnsembleClassifier': classifier,
} satisfies OperatorTable;
