import { GraphBuilder, type V } from '../builder.js';
import { float64 } from '../tensor.js';
import { filled, shapeOf, typeOf } from './build.js';
import type { Expander } from './expansion.js';

/**
 * Trapezoids of K_ν(x) = ∫₀^∞ exp(-x cosh t) cosh(νt) dt: an integrand that dies away twice exponentially at both ends
 * is summed to an error of about exp(-π² / STEP), which is below rounding.
 */
const STEP = 1 / 8;
/** Where exp(-x cosh t) is 0 for the smallest x that a kernel asks for, 2^-52. */
const LAST = 44;
/** Beyond this order cosh(νt) makes numbers too large on the way. */
const MOST_NU = 14;

/** Γ(ν) by the same trapezoids: ∫ exp(νs - e^s) ds over all s. */
function gammaOf(nu: number): number {
  let sum = 0;
  for (let i = -60 / STEP / Math.min(1, nu); i * STEP < 7; i++) {
    const s = i * STEP;
    sum += Math.exp(nu * s - Math.exp(s));
  }
  return sum * STEP;
}

/** Matérn's kernel of any order ν at distances [n, m]: 2^(1-ν) / Γ(ν) · t^ν · K_ν(t), t = √(2ν) · distance. */
export function besselKernel(e: Expander, distance: V, nu: number): V {
  const { g } = e;
  if (!(nu > 0 && nu <= MOST_NU)) return e.refuse(`a Matérn kernel with nu=${nu}`);
  // As the library has it: no distance counts as the smallest there is.
  const t = g.mul(g.where(g.equal(distance, 0), 2 ** -52, distance), Math.sqrt(2 * nu));
  const points = Array.from({ length: LAST / STEP + 1 }, (_, i) => i * STEP);
  const cosines = Float64Array.from(points, Math.cosh);
  // t^ν cosh(νs) as exponents: e^(ν log t ± νs), each with half its weight.
  const turns = Float64Array.from(points, (s) => nu * s);
  const shares = Float64Array.from(points, (_, i) => (i === 0 ? STEP / 4 : STEP / 2));

  const body = new GraphBuilder();
  const table = { dtype: 'float64', shape: t.shape, layout: 'dense' } as const;
  const sum = body.input('sum', table);
  const [cosine, turn, share] = ['cosine', 'turn', 'share'].map((name) => body.input(name, { ...table, shape: [] }));
  const size = body.capture(t);
  const raised = body.capture(g.mul(g.log(t), nu));
  const middle = body.sub(raised, body.mul(size, cosine));
  const both = body.add(body.exp(body.add(middle, turn)), body.exp(body.sub(middle, turn)));
  const graph = body.finish([{ name: 'next', value: body.add(sum, body.mul(both, share)) }]);

  const zeros = filled(g, 0, shapeOf(g, t), t.shape);
  const lists = [cosines, turns, shares].map((list) => g.constant(float64([list.length], list)));
  const attributes = { body: graph, num_scan_inputs: 3 };
  const [total] = g.typed('Scan', [zeros, ...lists], attributes, [typeOf('float64', t.shape)]);
  return g.mul(total, 2 ** (1 - nu) / gammaOf(nu));
}
