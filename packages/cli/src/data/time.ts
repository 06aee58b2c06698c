/** Units of a timestamp column, as nanoseconds. */
const nanoseconds = { s: 1_000_000_000n, ms: 1_000_000n, us: 1_000n, ns: 1n } as const;

export type TimeUnit = keyof typeof nanoseconds;

/**
 * A timestamp as ISO 8601 text with as many digits of the second as it needs: `2024-02-29T12:30:00.5`. What a
 * Date cannot hold (before the year -271821, after 275760) is given as its count.
 */
export function isoTime(count: bigint, unit: TimeUnit): string {
  const perSecond = nanoseconds.s / nanoseconds[unit];
  const fraction = ((count % perSecond) + perSecond) % perSecond;
  const seconds = (count - fraction) / perSecond;
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return `${count} ${unit}`;
  const digits = (fraction * nanoseconds[unit]).toString().padStart(9, '0').replace(/0+$/, '');
  return date.toISOString().slice(0, -5) + (digits === '' ? '' : `.${digits}`);
}

/** A date as ISO 8601 text, from days since 1970. */
export function isoDate(days: number): string {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) ? `${days} days` : date.toISOString().replace(/T.*/, '');
}

/** The float64 nearest to `digits` · 10^-scale. */
export function decimal(digits: bigint, scale: number): number {
  return Number(`${digits}e${-scale}`);
}
