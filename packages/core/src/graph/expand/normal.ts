import type { GraphBuilder, V } from '../builder.js';
import { erf } from './elementary.js';

/** The standard normal distribution. Source of the quotients: S. Moshier, Cephes, ndtri.c (as in scipy.special). */

const MIDDLE_P = [-59.96335010141079, 98.00107541859997, -56.67628574690703, 13.931260938727968, -1.2391658386738126];
const MIDDLE_Q = [
  1, 1.9544885833814176, 4.676279128988815, 86.3602421390891, -225.46268785411937, 200.26021238006066,
  -82.03722561683334, 15.90562251262117, -1.1833162112133,
];
const TAIL_P = [
  4.0554489230596245, 31.525109459989388, 57.16281922464213, 44.08050738932008, 14.684956192885803, 2.1866330685079025,
  -0.1402560791713545, -0.03504246268278482, -0.0008574567851546854,
];
const TAIL_Q = [
  1, 15.779988325646675, 45.39076351288792, 41.3172038254672, 15.04253856929075, 2.504649462083094,
  -0.14218292285478779, -0.03808064076915783, -0.0009332594808954574,
];
const ROOT_TWO_PI = 2.5066282746310007;
/** e⁻²: below this the tail's quotient is the better one. */
const TAIL = 0.1353352832366127;

function polynomial(g: GraphBuilder, x: V, coefficients: readonly number[]): V {
  let y = g.add(g.mul(x, coefficients[0]), coefficients[1]);
  for (const c of coefficients.slice(2)) y = g.add(g.mul(y, x), c);
  return y;
}

/** The x with P(Z ≤ x) = p, for p from e⁻³² to 1 - e⁻³². */
export function normalQuantileOf(g: GraphBuilder, p: V): V {
  const upper = g.greater(p, 1 - TAIL);
  const y = g.where(upper, g.sub(1, p), p);
  const centred = g.sub(y, 0.5);
  const square = g.mul(centred, centred);
  const quotient = g.div(polynomial(g, square, MIDDLE_P), polynomial(g, square, MIDDLE_Q));
  const middle = g.mul(g.add(centred, g.mul(centred, g.mul(square, quotient))), ROOT_TWO_PI);
  const t = g.sqrt(g.mul(g.log(y), -2));
  const z = g.div(1, t);
  const correction = g.div(g.mul(z, polynomial(g, z, TAIL_P)), polynomial(g, z, TAIL_Q));
  const tail = g.sub(g.sub(t, g.div(g.log(t), t)), correction);
  return g.where(g.greater(y, TAIL), middle, g.where(upper, tail, g.neg(tail)));
}

/** P(Z ≤ x), to 1e-16 absolute. */
export function normalCdfOf(g: GraphBuilder, x: V): V {
  return g.mul(g.add(erf(g, g.div(x, Math.SQRT2)), 1), 0.5);
}
