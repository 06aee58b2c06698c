import { GraphBuilder, type V } from '../builder.js';
import type { SupportVectors } from '../support-vectors.js';
import { float64, isCsr, type Tensor } from '../tensor.js';
import { int, ints, rowsOf, slice, typeOf, unsqueeze } from './build.js';
import { denseOf } from './dense.js';
import { expandedSquares, products, squaredGaps } from './distances.js';
import type { Expander, Expansion, Expansions } from './expansion.js';

/**
 * Where γ|y|² of every sparse support vector y stays below this, squares may be expanded: a row far enough for more
 * than 1e-11 of rounding has a kernel value of 0.
 */
const EXPANDED = 1e4;

/** Kernel values of each row with each support vector: [n, vectors]. */
function kernelValues(x: V, machine: SupportVectors, e: Expander): V {
  const { g } = e;
  const { kernel, gamma, coef0, degree } = machine;
  const vectors = g.constant(isCsr(machine.vectors) ? denseOf(machine.vectors) : machine.vectors);
  switch (kernel) {
    case 'linear':
      return products(g, x, vectors);
    case 'rbf': {
      const near = isCsr(machine.vectors) && gamma * longest(machine.vectors) <= EXPANDED;
      return g.exp(g.mul(near ? expandedSquares(g, x, vectors) : squaredGaps(e, x, vectors), -gamma));
    }
    case 'poly':
      return power(g, g.add(g.mul(products(g, x, vectors), gamma), coef0), degree);
    case 'sigmoid':
      return g.tanh(g.add(g.mul(products(g, x, vectors), gamma), coef0));
  }
}

/** The largest squared length of a vector. */
function longest(vectors: Extract<SupportVectors['vectors'], { indptr: unknown }>): number {
  let most = 0;
  for (let r = 0; r < vectors.shape[0]; r++) {
    let sum = 0;
    for (let i = vectors.indptr[r]; i < vectors.indptr[r + 1]; i++) sum += vectors.data[i] ** 2;
    most = Math.max(most, sum);
  }
  return most;
}

/** By squaring, as libsvm has it: a whole number as exponent. */
function power(g: GraphBuilder, base: V, exponent: number): V {
  let result: V | undefined;
  let factor = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result ? g.mul(result, factor) : factor;
    if (rest > 1) factor = g.mul(factor, factor);
  }
  return result ?? g.add(g.mul(base, 0), 1);
}

/**
 * The vectors of one class at a time with all rows of their coefficients, then for each output the columns that are its
 * own: as many products as there are coefficients, not as many as outputs times vectors.
 */
const kernelMachine: Expansion<'KernelMachine'> = ([x], { machine }, e) => {
  const { g } = e;
  const { coefficients, outputs, intercepts } = machine;
  const [count = 0] = machine.vectors.shape;
  const offsets = float64([intercepts.length], intercepts);
  if (count === 0) return [g.add(rowsOf(e, x, outputs.length, 0), offsets)];
  const values = kernelValues(x, machine, e);
  const rows = coefficients.length / count;

  const blocks: V[] = [];
  const starts = new Map<string, number>();
  for (const { from, to } of outputs.flat()) {
    const key = `${from} ${to}`;
    if (from === to || starts.has(key)) continue;
    starts.set(key, blocks.length * rows);
    blocks.push(g.linear(slice(g, values, 1, from, to), weightsOf(coefficients, count, rows, from, to)));
  }
  // A class without vectors adds nothing: the place after all blocks.
  const nothing = blocks.length * rows;
  const sums = g.concat([...blocks, rowsOf(e, x, 1, 0)]);
  const most = Math.max(...outputs.map((ranges) => ranges.length));
  let total: V | undefined;
  for (let i = 0; i < most; i++) {
    const places = outputs.map((ranges) => {
      const range = ranges[i];
      const start = range && starts.get(`${range.from} ${range.to}`);
      return start === undefined ? nothing : start + range.row;
    });
    const part = g.columns(sums, places);
    total = total ? g.add(total, part) : part;
  }
  return [g.add(total ?? rowsOf(e, x, outputs.length, 0), offsets)];
};

/** The coefficients of the vectors `from` … `to` - 1: [rows, to - from]. */
function weightsOf(all: Float64Array, count: number, rows: number, from: number, to: number): Tensor {
  const data = new Float64Array(rows * (to - from));
  for (let r = 0; r < rows; r++) data.set(all.subarray(r * count + from, r * count + to), r * (to - from));
  return float64([rows, to - from], data);
}

/** Pairs are never quite certain. */
const LEAST = 1e-7;

/**
 * The second approach of Wu, Lin and Weng (2004), with libsvm's stopping rule: all rows turn together, and a row whose
 * rule is met changes no more.
 */
const pairwiseCoupling: Expansion<'PairwiseCoupling'> = ([scores], { classes: k, probA, probB }, e) => {
  const { g } = e;
  const pairs = probA.length;
  const z = g.add(g.mul(scores, float64([pairs], probA)), float64([pairs], probB));
  // 1 / (1 + e^z) without overflow.
  const decay = g.exp(g.neg(g.abs(z)));
  const platt = g.div(g.where(g.greaterOrEqual(z, 0), decay, 1), g.add(decay, 1));
  const sure = g.min(g.max(platt, LEAST), 1 - LEAST);

  // r[n, k · k]: the probability of class i against j; nothing on the diagonal.
  const place = (i: number, j: number): number => (i * (2 * k - i - 1)) / 2 + (j - i - 1);
  const all = g.concat([sure, g.sub(1, sure), rowsOf(e, scores, 1, 0)]);
  const cell = (i: number, j: number): number => (i === j ? 2 * pairs : i < j ? place(i, j) : pairs + place(j, i));
  const each = Array.from({ length: k * k }, (_, at) => [Math.floor(at / k), at % k] as const);
  const r = g.columns(
    all,
    each.map(([i, j]) => cell(i, j)),
  );
  const turned = g.columns(
    all,
    each.map(([i, j]) => cell(j, i)),
  );
  const n = scores.shape[0] ?? null;
  const square = (v: V): V => g.typed('Reshape', [v, ints(-1, k, k)], {}, [typeOf('float64', [n, k, k])])[0];
  // Q: the squares of what others have against t on the diagonal, minus the products beside it.
  const onDiagonal = float64(
    [k, k],
    Float64Array.from({ length: k * k }, (_, at) => (at % (k + 1) === 0 ? 1 : 0)),
  );
  const others = g.sum(square(g.mul(turned, turned)), 2);
  const beside = square(g.mul(g.neg(r), turned));
  const q = g.where(g.cast(g.constant(onDiagonal), 'bool'), others, beside);
  const first = rowsOf(e, scores, k, 1 / k);
  const going = g.typed('Equal', [first, first], {}, [typeOf('bool', [n, k])])[0];
  return [coupled(e, q, first, slice(g, going, 1, 0, 1), k)];
};

function coupled(e: Expander, q: V, first: V, active: V, k: number): V {
  const { g } = e;
  const n = first.shape[0] ?? null;
  const b = new GraphBuilder();
  b.input('turn', { dtype: 'int64', shape: [], layout: 'dense' });
  b.input('going', { dtype: 'bool', shape: [], layout: 'dense' });
  const p0 = b.input('p', { dtype: 'float64', shape: [n, k], layout: 'dense' });
  const was = b.input('active', { dtype: 'bool', shape: [n, 1], layout: 'dense' });
  const Q = b.capture(q);

  let qp = b.sum(b.mul(Q, unsqueeze(b, p0, 1)), 2, false);
  let pqp = b.sum(b.mul(p0, qp), 1);
  const worst = b.reduceMax(b.abs(b.sub(qp, pqp)), 1);
  const still = b.and(was, b.not(b.less(worst, 0.005 / k)));
  let p = p0;
  for (let t = 0; t < k; t++) {
    const row = b.reshape(slice(b, Q, 1, t, t + 1), [-1, k]);
    const own = b.columns(row, [t]);
    const qpt = b.columns(qp, [t]);
    const step = b.div(b.sub(pqp, qpt), own);
    const grown = b.add(step, 1);
    const unit = float64(
      [1, k],
      Float64Array.from({ length: k }, (_, c) => (c === t ? 1 : 0)),
    );
    const inner = b.mul(step, b.add(b.mul(step, own), b.mul(qpt, 2)));
    pqp = b.div(b.div(b.add(pqp, inner), grown), grown);
    qp = b.div(b.add(qp, b.mul(step, row)), grown);
    p = b.div(b.add(p, b.mul(step, unit)), grown);
  }
  const next = b.where(still, p, p0);
  const any = b.greater(
    b.typed('ReduceSum', [b.cast(still, 'int64')], { keepdims: 0 }, [typeOf('int64', [])])[0],
    int(0),
  );
  const body = b.finish([any, next, still].map((value, i) => ({ name: ['going', 'p', 'active'][i], value })));
  const types = [typeOf('float64', [n, k]), typeOf('bool', [n, 1])];
  const begin = { dtype: 'bool', shape: [], data: Uint8Array.of(1) } as const;
  return g.typed('Loop', [int(Math.max(100, k)), begin, first, active], { body }, types)[0];
}

/** The operators of `runtime/own/kernel-machine.ts` in ONNX operators. */
export const kernelMachineExpansions: Expansions = {
  KernelMachine: kernelMachine,
  PairwiseCoupling: pairwiseCoupling,
};
