/**
 * A float as Python's `repr` writes it: the shortest digits that give the same number back, `1.0` with its point,
 * an exponent below 1e-4 and from 1e16 on (`1e-05`, `1e+16`), `inf`, `nan`.
 */
export function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e16) {
    // JavaScript's shortest digits are the same; only the layout differs.
    const text = String(value);
    return Number.isInteger(value) ? `${text}.0` : text;
  }
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (value !== value) return 'nan';
  if (size === Infinity) return value > 0 ? 'inf' : '-inf';
  const [digits, exponent] = value.toExponential().split('e');
  const [sign, power] = [exponent[0], exponent.slice(1)];
  return `${digits}e${sign}${power.padStart(2, '0')}`;
}

/** The float64 with the shortest digits that round to the same float32: 0.1 and not 0.10000000149011612. */
export function shortestFloat32(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number.isFinite(value) ? Number(value.toPrecision(9)) : value;
}
