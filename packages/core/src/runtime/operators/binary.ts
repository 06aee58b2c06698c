import { isBig, isCsr, isFloat, type BigArray, type DType, type Tensor, type TypedArray } from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { broadcast, eachRow } from './broadcast.js';
import { badInput, dense, int, make, text, unsupported, type Inputs, type Numbers } from './common.js';
import { scaleCsr } from './csr.js';
import { roundTo } from './narrow.js';

/**
 * The innermost loop: n results from `o` on, operands from `i` and `j` on, in steps of `di` and `dj` (0 or 1).
 * The hot ones are written out, since a call per element costs more than the arithmetic.
 */
type Loop = (
  out: Numbers,
  o: number,
  a: Numbers,
  i: number,
  di: number,
  b: Numbers,
  j: number,
  dj: number,
  n: number,
) => void;
type BigFn = (x: bigint, y: bigint) => bigint;

interface Arithmetic {
  readonly float: Loop;
  /** Integers that fit in a double; `float` where it does. Results wrap as they are stored. */
  readonly int?: Loop;
  readonly big: BigFn | undefined;
}

const add: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] + b[j];
};
const sub: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] - b[j];
};
const mul: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] * b[j];
};
const mulInt: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = Math.imul(a[i], b[j]);
};
const div: Loop = (out, o, a, i, di, b, j, dj, n) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] / b[j];
};
/** A loop from a function of two numbers, for what is not hot. */
function loop(f: (x: number, y: number) => number): Loop {
  return (out, o, a, i, di, b, j, dj, n) => {
    for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = f(a[i], b[j]);
  };
}

const byZero = (): never => {
  throw badInput('integer division by zero');
};

/** Remainder with the divisor's sign (Python's, and ONNX's fmod=0). */
const floorMod = (x: number, y: number): number => {
  const r = x % y;
  return r !== 0 && r < 0 !== y < 0 ? r + y : r;
};

const arithmetic = {
  Add: { float: add, big: (x, y) => x + y },
  Sub: { float: sub, big: (x, y) => x - y },
  Mul: { float: mul, int: mulInt, big: (x, y) => x * y },
  Div: {
    float: div,
    int: loop((x, y) => (y === 0 ? byZero() : Math.trunc(x / y))),
    big: (x, y) => (y === 0n ? byZero() : x / y),
  },
  // Math.min and max hand a NaN on, as numpy's minimum and maximum do.
  Min: { float: loop(Math.min), big: (x, y) => (x < y ? x : y) },
  Max: { float: loop(Math.max), big: (x, y) => (x > y ? x : y) },
  Mod: {
    float: loop(floorMod),
    int: loop((x, y) => (y === 0 ? byZero() : floorMod(x, y))),
    big: (x, y) => {
      if (y === 0n) return byZero();
      const r = x % y;
      return r !== 0n && r < 0n !== y < 0n ? r + y : r;
    },
  },
  Fmod: {
    float: loop((x, y) => x % y),
    int: loop((x, y) => (y === 0 ? byZero() : x % y)),
    big: (x, y) => (y === 0n ? byZero() : x % y),
  },
} as const satisfies Record<string, Arithmetic>;

/** `a ∘ b` with numpy's broadcasting; both of one dtype. */
function combine(site: Site, op: Arithmetic, a: Tensor, b: Tensor): Tensor {
  if (a.dtype !== b.dtype) throw badInput(`types ${a.dtype} and ${b.dtype} do not go together`);
  const { dtype } = a;
  if (dtype === 'string' || dtype === 'object' || dtype === 'bool') throw unsupported(`${dtype} input`);
  const plan = broadcast([a.shape, b.shape]);
  const data = make(site, dtype, plan.shape) as TypedArray;
  if (isBig(dtype)) {
    if (!op.big) throw unsupported(`${dtype} input`);
    bigRows(op.big, plan, data as BigArray, a.data as BigArray, b.data as BigArray);
  } else {
    const run = isFloat(dtype) ? op.float : (op.int ?? op.float);
    rows(run, plan, data as Numbers & TypedArray, a.data as Numbers & TypedArray, b.data as Numbers & TypedArray);
    if (isFloat(dtype)) roundTo(dtype, data as Numbers & TypedArray);
  }
  return { dtype, shape: plan.shape, data };
}

type Plan = ReturnType<typeof broadcast>;

export function rows(run: Loop, plan: Plan, out: Numbers, a: Numbers, b: Numbers): void {
  const last = plan.sizes.length - 1;
  const n = plan.sizes[last];
  const di = plan.steps[0][last];
  const dj = plan.steps[1][last];
  if (last === 0) {
    if (plan.size > 0) run(out, 0, a, 0, di, b, 0, dj, n);
    return;
  }
  if (last === 1 && plan.size > 0) {
    // Matrices, mostly: a row, column or matrix on either side.
    const [si, sj] = [plan.steps[0][0], plan.steps[1][0]];
    for (let r = 0, i = 0, j = 0; r < plan.sizes[0]; r++, i += si, j += sj) run(out, r * n, a, i, di, b, j, dj, n);
    return;
  }
  eachRow(plan, (o, starts) => {
    run(out, o, a, starts[0], di, b, starts[1], dj, n);
  });
}

function bigRows(f: BigFn, plan: Plan, out: BigArray, a: BigArray, b: BigArray): void {
  const last = plan.sizes.length - 1;
  const n = plan.sizes[last];
  const di = plan.steps[0][last];
  const dj = plan.steps[1][last];
  eachRow(plan, (o, starts) => {
    let i = starts[0];
    let j = starts[1];
    for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = f(a[i], b[j]);
  });
}

function binary(op: Arithmetic): Operator {
  return (site) => (inputs) => combine(site, op, dense(inputs, 0), legacyOperand(site, inputs));
}

/** Mul and Div also scale the columns or rows of a sparse matrix. */
function scaling(op: Arithmetic, invert: boolean): Operator {
  const plain = binary(op);
  return (site) => {
    const kernel = plain(site);
    return (inputs) => {
      const x = inputs[0];
      return x !== undefined && isCsr(x) ? scaleCsr(x, dense(inputs, 1), invert) : kernel(inputs);
    };
  };
}

/** Up to opset 6, `broadcast=1` with `axis` lined the second operand up from the left. */
function legacyOperand(site: Site, inputs: Inputs): Tensor {
  const b = dense(inputs, 1);
  if (site.opset >= 7 || int(site, 'broadcast', 0) === 0 || site.attributes['axis'] === undefined) return b;
  const rank = dense(inputs, 0).shape.length;
  const axis = int(site, 'axis', 0);
  const trailing = rank - b.shape.length - (axis < 0 ? axis + rank : axis);
  if (trailing < 0) throw badInput(`axis ${axis} does not fit`);
  return { ...b, shape: [...b.shape, ...new Array<number>(trailing).fill(1)] };
}

/** Any number of operands, from the left. */
function variadic(op: Arithmetic, finish?: (site: Site, x: Tensor, count: number) => Tensor): Operator {
  return (site) => (inputs) => {
    let x = dense(inputs, 0);
    for (let i = 1; i < inputs.length; i++) x = combine(site, op, x, dense(inputs, i));
    return finish ? finish(site, x, inputs.length) : x;
  };
}

function mean(site: Site, x: Tensor, count: number): Tensor {
  if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
  const data = make(site, x.dtype, x.shape) as Numbers & TypedArray;
  for (let i = 0; i < data.length; i++) data[i] = (x.data[i] as number) / count;
  roundTo(x.dtype, data);
  return { ...x, data };
}

/** Base and exponent may differ in type; the result has the base's. */
const pow: Operator = (site) => (inputs) => {
  const a = dense(inputs, 0);
  const b = dense(inputs, 1);
  const plan = broadcast([a.shape, b.shape]);
  const data = make(site, a.dtype, plan.shape) as TypedArray;
  if (isBig(a.dtype)) {
    const exponents = isBig(b.dtype) ? (b.data as BigArray) : undefined;
    const power: BigFn = (x, y) =>
      y < 0n ? (x === 1n ? 1n : x === -1n ? (y % 2n === 0n ? 1n : -1n) : 0n) : wrappedPower(x, y);
    if (exponents) bigRows(power, plan, data as BigArray, a.data as BigArray, exponents);
    else {
      const fractional = Float64Array.from(a.data as BigArray, Number);
      const out = new Float64Array(data.length);
      rows(loop(Math.pow), plan, out, fractional, b.data as Numbers & TypedArray);
      for (let i = 0; i < out.length; i++) data[i] = bigFrom(out[i]);
    }
  } else {
    const exponents = isBig(b.dtype) ? Float64Array.from(b.data as BigArray, Number) : (b.data as Numbers & TypedArray);
    const whole = isFloat(a.dtype) ? power : (x: number, y: number) => Math.trunc(power(x, y));
    rows(loop(whole), plan, data as Numbers & TypedArray, a.data as Numbers & TypedArray, exponents);
    roundTo(a.dtype, data as Numbers & TypedArray);
  }
  return { dtype: a.dtype, shape: plan.shape, data };
};

/** C's pow, which says 1 where ECMAScript says NaN: 1^NaN and (±1)^±∞. */
function power(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 0.5 && x >= 0) return Math.sqrt(x);
  if (x === 1 || (x === -1 && (y === Infinity || y === -Infinity))) return 1;
  return Math.pow(x, y);
}

/** x^y modulo 2^64: an exponent from a file must not make a number of any length. */
function wrappedPower(x: bigint, y: bigint): bigint {
  let result = 1n;
  for (let base = x; y > 0n; y >>= 1n, base = BigInt.asIntN(64, base * base))
    if (y & 1n) result = BigInt.asIntN(64, result * base);
  return result;
}

export function bigFrom(x: number): bigint {
  return Number.isFinite(x) ? BigInt(Math.trunc(x)) : -(2n ** 63n);
}

const WIDTHS: Partial<Record<DType, number>> = { int8: 8, uint8: 8, int16: 16, uint16: 16, int32: 32, uint32: 32 };

/** Right shifts keep the sign of signed integers. A shift by less than nothing or by the whole width leaves nothing but it. */
const shift: Operator = (site) => {
  const left = text(site, 'direction', 'LEFT') === 'LEFT';
  return (inputs) => {
    const a = dense(inputs, 0);
    const width = WIDTHS[a.dtype] ?? 64;
    const signed = a.dtype.startsWith('int');
    const out = (y: number | bigint): boolean => y < 0 || y >= width;
    const op: Arithmetic = {
      float: loop((x, y) => {
        if (out(y)) return !left && signed && x < 0 ? -1 : 0;
        return left ? x << y : signed ? x >> y : x >>> y;
      }),
      big: (x, y) => {
        if (out(y)) return !left && x < 0n ? -1n : 0n;
        return left ? BigInt.asIntN(64, x << y) : x >> y;
      },
    };
    return combine(site, op, a, dense(inputs, 1));
  };
};

const bitwise = {
  BitwiseAnd: { float: loop((x, y) => x & y), big: (x: bigint, y: bigint) => x & y },
  BitwiseOr: { float: loop((x, y) => x | y), big: (x: bigint, y: bigint) => x | y },
  BitwiseXor: { float: loop((x, y) => x ^ y), big: (x: bigint, y: bigint) => x ^ y },
} as const satisfies Record<string, Arithmetic>;

export const binaryOperators = {
  Add: binary(arithmetic.Add),
  Sub: binary(arithmetic.Sub),
  Mul: scaling(arithmetic.Mul, false),
  Div: scaling(arithmetic.Div, true),
  Mod: (site) => binary(int(site, 'fmod', 0) === 1 ? arithmetic.Fmod : arithmetic.Mod)(site),
  Pow: pow,
  Min: variadic(arithmetic.Min),
  Max: variadic(arithmetic.Max),
  Sum: variadic(arithmetic.Add),
  Mean: variadic(arithmetic.Add, mean),
  BitShift: shift,
  BitwiseAnd: binary(bitwise.BitwiseAnd),
  BitwiseOr: binary(bitwise.BitwiseOr),
  BitwiseXor: binary(bitwise.BitwiseXor),
} satisfies OperatorTable;
