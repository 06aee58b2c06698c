import type { GraphBuilder, Operand, V } from '../builder.js';
import { float64 } from '../tensor.js';

/**
 * Functions of one number that onnxruntime computes in float32 only, from operators that it has in float64. Tables of
 * Taylor coefficients around a grid do what polynomials alone would do less exactly: an error below two units in the
 * last place where nothing else is said.
 */

/** Coefficients around the points 0, step, 2·step, …: `terms` for each. */
interface Grid {
  readonly step: number;
  /** By power: one coefficient for each point. */
  readonly powers: readonly Float64Array[];
}

function grid(step: number, cells: number, terms: number, series: (centre: number, terms: number) => number[]): Grid {
  const powers = Array.from({ length: terms }, () => new Float64Array(cells));
  for (let c = 0; c < cells; c++) series(c * step, terms).forEach((value, n) => (powers[n][c] = value));
  return { step, powers };
}

/** The function at x ≥ 0 by the nearest point; beyond the last one the value there. */
function onGrid(g: GraphBuilder, x: V, { step, powers }: Grid): V {
  const last = powers[0].length - 1;
  const near = g.min(x, last * step);
  const place = g.node('Round', [g.div(near, step)]);
  const h = g.sub(near, g.mul(place, step));
  // NaN has no place; it comes back with the distance to it.
  const cell = g.cast(g.where(g.isNaN(place), 0, place), 'int64');
  let sum: V | undefined;
  for (const coefficients of [...powers].reverse()) {
    const term = g.gather(float64([coefficients.length], coefficients), cell, 0);
    sum = sum ? g.add(g.mul(sum, h), term) : term;
  }
  return sum!;
}

const half = (x: number): number => x / 2;

// ---- atan and what follows from it ------------------------------------------------------------------

/** (1 + (c + h)²) f' = 1 gives the coefficients one after another. */
function atanSeries(c: number, terms: number): number[] {
  const slope: number[] = [];
  for (let n = 0; n < terms - 1; n++)
    slope.push(((n === 0 ? 1 : 0) - 2 * c * (slope[n - 1] ?? 0) - (slope[n - 2] ?? 0)) / (1 + c * c));
  return [Math.atan(c), ...slope.map((s, n) => s / (n + 1))];
}

const atanGrid = (): Grid => grid(1 / 16, 17, 12, atanSeries);

export function atan(g: GraphBuilder, x: V): V {
  const a = g.abs(x);
  const large = g.greater(a, 1);
  const inner = onGrid(g, g.where(large, g.div(1, a), a), atanGrid());
  return signed(g, x, g.where(large, g.sub(Math.PI / 2, inner), inner));
}

export function asin(g: GraphBuilder, x: V): V {
  return atan(g, g.div(x, g.sqrt(g.mul(g.sub(1, x), g.add(x, 1)))));
}

function acos(g: GraphBuilder, x: V): V {
  return g.mul(atan(g, g.sqrt(g.div(g.sub(1, x), g.add(x, 1)))), 2);
}

/** |f| with the sign of x; -0 and NaN stay. */
function signed(g: GraphBuilder, x: V, size: V): V {
  return g.where(g.equal(x, 0), x, g.mul(g.sign(x), size));
}

// ---- erf --------------------------------------------------------------------------------------------

/** From here on erf(x) is 1 in double precision. */
const ERF_LIMIT = 6;

/** 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)); Abramowitz and Stegun 7.1.6. From 2 on its complement, 7.1.14. */
function erfAt(x: number): number {
  const bell = Math.exp(-x * x);
  if (x >= 2) {
    let k = x;
    for (let n = 100; n > 0; n--) k = x + half(n) / k;
    return 1 - bell / (Math.sqrt(Math.PI) * k);
  }
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * bell * sum;
}

/** The derivatives are Hermite polynomials times exp(-x²); Abramowitz and Stegun 7.1.19. */
function erfSeries(c: number, terms: number): number[] {
  const d = [erfAt(c), (2 / Math.sqrt(Math.PI)) * Math.exp(-c * c)];
  for (let n = 2; n < terms; n++) d.push(-2 * c * d[n - 1] - (n > 2 ? 2 * (n - 2) * d[n - 2] : 0));
  let factorial = 1;
  return d.map((value, n) => value / (factorial *= Math.max(1, n)));
}

export function erf(g: GraphBuilder, x: V): V {
  return signed(g, x, onGrid(g, g.abs(x), grid(1 / 8, 8 * ERF_LIMIT + 1, 14, erfSeries)));
}

// ---- exponentials and logarithms --------------------------------------------------------------------

/** log(1 + y) without what 1 + y loses. Source: W. Kahan's quotient, as in HP-15C Advanced Functions Handbook. */
export function log1p(g: GraphBuilder, y: V): V {
  const u = g.add(y, 1);
  const gap = g.sub(u, 1);
  const lost = g.or(g.equal(gap, 0), g.equal(g.abs(y), Infinity));
  return g.where(lost, g.where(g.equal(gap, 0), y, g.log(u)), g.mul(g.log(u), g.div(y, g.where(lost, 1, gap))));
}

/** e^x / 2 in two factors, so that it overflows only where the result does. */
function halfExp(g: GraphBuilder, x: V): V {
  const root = g.exp(g.mul(x, 0.5));
  return g.mul(g.mul(root, 0.5), root);
}

/** Below 1 the difference of exponentials would cancel. */
function sinh(g: GraphBuilder, x: V): V {
  const a = g.abs(x);
  const square = g.mul(x, x);
  let series: Operand = 1;
  for (let n = 19; n >= 3; n -= 2) series = g.add(g.mul(g.div(square, (n - 1) * n), series), 1);
  const far = g.sub(halfExp(g, a), halfExp(g, g.neg(a)));
  return g.where(g.less(a, 1), g.mul(x, series), g.mul(g.sign(x), far));
}

function cosh(g: GraphBuilder, x: V): V {
  return g.add(halfExp(g, x), halfExp(g, g.neg(x)));
}

/** From here on 1 + x² is x². */
const HUGE = 2 ** 28;

function asinh(g: GraphBuilder, x: V): V {
  const a = g.abs(x);
  const some = g.min(a, HUGE);
  const square = g.mul(some, some);
  const near = log1p(g, g.add(some, g.div(square, g.add(g.sqrt(g.add(square, 1)), 1))));
  return signed(g, x, g.where(g.greater(a, HUGE), g.add(g.log(a), Math.LN2), near));
}

function acosh(g: GraphBuilder, x: V): V {
  const t = g.sub(g.min(x, HUGE), 1);
  const near = log1p(g, g.add(t, g.sqrt(g.add(g.mul(t, 2), g.mul(t, t)))));
  return g.where(g.greater(x, HUGE), g.add(g.log(x), Math.LN2), near);
}

function atanh(g: GraphBuilder, x: V): V {
  const a = g.abs(x);
  return signed(g, x, g.mul(log1p(g, g.div(g.mul(a, 2), g.sub(1, a))), 0.5));
}

function softplus(g: GraphBuilder, x: V): V {
  return g.add(g.max(x, 0), log1p(g, g.exp(g.neg(g.abs(x)))));
}

/** onnxruntime takes 1 - 1 / (1 + eˣ) for negative x, which is zero from -37 on. */
function sigmoid(g: GraphBuilder, x: V): V {
  return g.div(1, g.add(g.exp(g.neg(x)), 1));
}

/** Operators of ONNX that onnxruntime has no kernel for in float64, in operators that it has. */
export const elementary: Readonly<Record<string, ((g: GraphBuilder, x: V) => V) | undefined>> = {
  Acos: acos,
  Acosh: acosh,
  Asin: asin,
  Asinh: asinh,
  Atan: atan,
  Atanh: atanh,
  Cosh: cosh,
  Erf: erf,
  Sigmoid: sigmoid,
  Sinh: sinh,
  Softplus: softplus,
  Tan: (g, x) => g.div(g.node('Sin', [x]), g.node('Cos', [x])),
};
