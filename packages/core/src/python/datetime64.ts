/**
 * numpy's datetime64 counts as ISO 8601 text, exactly: the proleptic Gregorian calendar, any year, as many
 * digits as the unit has (numpy/_core/src/multiarray/datetime_strings.c).
 */
const NAT = -(2n ** 63n);

/** Parts of a second per unit, and the digits that shows. */
const fractions: Readonly<Record<string, readonly [bigint, number] | undefined>> = {
  s: [1n, 0],
  ms: [1000n, 3],
  us: [1_000_000n, 6],
  μs: [1_000_000n, 6],
  ns: [1_000_000_000n, 9],
  ps: [10n ** 12n, 12],
  fs: [10n ** 15n, 15],
  as: [10n ** 18n, 18],
};

/** Text such as `2020-01-31T12:00:00.000`, or null for NaT. A unit nobody knows gives the count itself. */
export function formatDatetime64(count: bigint, unit: readonly [string, number] | undefined): string | null {
  if (count === NAT) return null;
  const [name, times] = unit ?? ['generic', 1];
  const n = count * BigInt(times);
  switch (name) {
    case 'Y':
      return yearText(1970n + n);
    case 'M':
      return `${yearText(1970n + floorDiv(n, 12n))}-${two(mod(n, 12n) + 1n)}`;
    case 'W':
      return dateText(n * 7n);
    case 'D':
      return dateText(n);
    case 'h':
      return `${dateText(floorDiv(n, 24n))}T${two(mod(n, 24n))}`;
    case 'm':
      return `${dateText(floorDiv(n, 1440n))}T${clock(mod(n, 1440n) * 60n).slice(0, 5)}`;
    default: {
      const fraction = fractions[name];
      if (!fraction) return String(count);
      const [perSecond, digits] = fraction;
      const seconds = floorDiv(n, perSecond);
      const rest = digits === 0 ? '' : `.${String(mod(n, perSecond)).padStart(digits, '0')}`;
      return `${dateText(floorDiv(seconds, 86400n))}T${clock(mod(seconds, 86400n))}${rest}`;
    }
  }
}

function clock(seconds: bigint): string {
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
}

/** Days since 1970-01-01 as a date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function dateText(days: bigint): string {
  const z = days + 719468n;
  const era = floorDiv(z, 146097n);
  const dayOfEra = z - era * 146097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36524n - dayOfEra / 146096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const shifted = (5n * dayOfYear + 2n) / 153n;
  const day = dayOfYear - (153n * shifted + 2n) / 5n + 1n;
  const month = shifted < 10n ? shifted + 3n : shifted - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  return `${yearText(year)}-${two(month)}-${two(day)}`;
}

function yearText(year: bigint): string {
  return year < 0n ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0');
}

function two(n: bigint): string {
  return String(n).padStart(2, '0');
}

function floorDiv(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? q - 1n : q;
}

function mod(a: bigint, b: bigint): bigint {
  return a - floorDiv(a, b) * b;
}
