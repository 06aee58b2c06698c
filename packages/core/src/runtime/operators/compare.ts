import { isBig, type BigArray, type Tensor, type TensorData } from '../../graph/tensor.js';
import type { Operator, OperatorTable } from '../operator.js';
import { rows } from './binary.js';
import { broadcast, eachRow } from './broadcast.js';
import { badInput, dense, int, make, unsupported, type Numbers } from './common.js';

type Loop = Parameters<typeof rows>[0];

const equal: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] === b[j] ? 1 : 0;
};
const less: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] < b[j] ? 1 : 0;
};
const lessOrEqual: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] <= b[j] ? 1 : 0;
};
const greater: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] > b[j] ? 1 : 0;
};
const greaterOrEqual: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] >= b[j] ? 1 : 0;
};
const and: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] & b[j];
};
const or: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] | b[j];
};
const xor: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] ^ b[j];
};

/** Comparison of what is no plain number: 64-bit integers, strings, objects. */
type Test = (x: unknown, y: unknown) => boolean;

function comparison(run: Loop, other: Test, ordered: boolean): Operator {
  return (site) => (inputs) => {
    const a = dense(inputs, 0);
    const b = dense(inputs, 1);
    if (a.dtype !== b.dtype) throw badInput(`types ${a.dtype} and ${b.dtype} do not go together`);
    if (ordered && (a.dtype === 'string' || a.dtype === 'object')) throw unsupported(`${a.dtype} input`);
    const plan = broadcast([a.shape, b.shape]);
    const data = make(site, 'bool', plan.shape) as Uint8Array;
    if (isBig(a.dtype) || a.dtype === 'string' || a.dtype === 'object') {
      const last = plan.sizes.length - 1;
      const [di, dj] = [plan.steps[0][last], plan.steps[1][last]];
      const [x, y] = [a.data as readonly unknown[], b.data as readonly unknown[]];
      eachRow(plan, (o, starts) => {
        let [i, j] = [starts[0], starts[1]];
        for (let k = 0; k < plan.sizes[last]; k++, i += di, j += dj) data[o + k] = other(x[i], y[j]) ? 1 : 0;
      });
    } else {
      rows(run, plan, data, a.data as Numbers & Uint8Array, b.data as Numbers & Uint8Array);
    }
    return { dtype: 'bool', shape: plan.shape, data };
  };
}

function logic(run: Loop): Operator {
  return (site) => (inputs) => {
    const a = bools(dense(inputs, 0));
    const b = bools(dense(inputs, 1));
    const plan = broadcast([a.shape, b.shape]);
    const data = make(site, 'bool', plan.shape) as Uint8Array;
    rows(run, plan, data, a.data as Uint8Array, b.data as Uint8Array);
    return { dtype: 'bool', shape: plan.shape, data };
  };
}

function bools(x: Tensor): Tensor {
  if (x.dtype !== 'bool') throw badInput(`${x.dtype} input where bool is needed`);
  return x;
}

const not: Operator = (site) => (inputs) => {
  const x = bools(dense(inputs, 0));
  const source = x.data as Uint8Array;
  const data = make(site, 'bool', x.shape) as Uint8Array;
  for (let i = 0; i < data.length; i++) data[i] = source[i] ^ 1;
  return { dtype: 'bool', shape: x.shape, data };
};

/** Of integers nothing is NaN; of objects, what JavaScript or Python calls missing is not asked here. */
const isNaNs: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const data = make(site, 'bool', x.shape) as Uint8Array;
  if (x.dtype === 'string' || x.dtype === 'object') throw unsupported(`${x.dtype} input`);
  const source = x.data;
  if (!isBig(x.dtype)) for (let i = 0; i < data.length; i++) data[i] = source[i] !== source[i] ? 1 : 0;
  return { dtype: 'bool', shape: x.shape, data };
};

const isInfs: Operator = (site) => {
  const positive = int(site, 'detect_positive', 1) !== 0;
  const negative = int(site, 'detect_negative', 1) !== 0;
  return (inputs) => {
    const x = dense(inputs, 0);
    const data = make(site, 'bool', x.shape) as Uint8Array;
    for (let i = 0; i < data.length; i++)
      data[i] = (positive && x.data[i] === Infinity) || (negative && x.data[i] === -Infinity) ? 1 : 0;
    return { dtype: 'bool', shape: x.shape, data };
  };
};

const where: Operator = (site) => (inputs) => {
  const condition = bools(dense(inputs, 0));
  const a = dense(inputs, 1);
  const b = dense(inputs, 2);
  if (a.dtype !== b.dtype) throw badInput(`types ${a.dtype} and ${b.dtype} do not go together`);
  const plan = broadcast([condition.shape, a.shape, b.shape]);
  const data = make(site, a.dtype, plan.shape);
  const last = plan.sizes.length - 1;
  const [dc, di, dj] = plan.steps.map((s) => s[last]) as [number, number, number];
  const n = plan.sizes[last];
  // The arms are of one kind; the cast names the kind that is hot and leaves the loop the same for all.
  const run = isBig(a.dtype) ? chooseBig : choose;
  eachRow(plan, (o, [c, i, j]) => {
    run(
      data as Numbers & BigArray,
      o,
      condition.data as Uint8Array,
      c,
      dc,
      a.data as never,
      i,
      di,
      b.data as never,
      j,
      dj,
      n,
    );
  });
  return { dtype: a.dtype, shape: plan.shape, data: data as TensorData };
};

function choose(
  out: Numbers,
  o: number,
  c: Numbers,
  h: number,
  dh: number,
  a: Numbers,
  i: number,
  di: number,
  b: Numbers,
  j: number,
  dj: number,
  n: number,
): void {
  for (let k = 0; k < n; k++, h += dh, i += di, j += dj) out[o + k] = c[h] !== 0 ? a[i] : b[j];
}

function chooseBig(
  out: BigArray,
  o: number,
  c: Numbers,
  h: number,
  dh: number,
  a: BigArray,
  i: number,
  di: number,
  b: BigArray,
  j: number,
  dj: number,
  n: number,
): void {
  for (let k = 0; k < n; k++, h += dh, i += di, j += dj) out[o + k] = c[h] !== 0 ? a[i] : b[j];
}

/** Any value, itself. */
const identity: Operator = () => (inputs) => {
  const x = inputs[0];
  if (x === undefined) throw badInput('input 0 is missing');
  return x;
};

type Ordered = number | bigint;

export const compareOperators = {
  Equal: comparison(equal, (x, y) => x === y, false),
  Less: comparison(less, (x, y) => (x as Ordered) < (y as Ordered), true),
  LessOrEqual: comparison(lessOrEqual, (x, y) => (x as Ordered) <= (y as Ordered), true),
  Greater: comparison(greater, (x, y) => (x as Ordered) > (y as Ordered), true),
  GreaterOrEqual: comparison(greaterOrEqual, (x, y) => (x as Ordered) >= (y as Ordered), true),
  And: logic(and),
  Or: logic(or),
  Xor: logic(xor),
  Not: not,
  IsNaN: isNaNs,
  IsInf: isInfs,
  Where: where,
  Identity: identity,
} satisfies OperatorTable;
