/** Special functions of what fitting left. */

/** ψ, the derivative of log Γ, for x > 0. Source: Abramowitz and Stegun 6.3.5 and 6.3.18. */
export function digamma(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  let shift = 0;
  let y = x;
  for (; y < 12; y++) shift -= 1 / y;
  const r = 1 / (y * y);
  const series =
    r *
    (1 / 12 -
      r *
        (1 / 120 -
          r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r * (1 / 12 - r * (3617 / 8160))))))));
  return shift + Math.log(y) - 0.5 / y - series;
}
