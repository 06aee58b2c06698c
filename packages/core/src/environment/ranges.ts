/** Versions from `from` on, up to but without `below`; an end that is missing is open. */
export interface VersionRange {
  readonly from?: string | undefined;
  readonly below?: string | undefined;
}

/** The numbers that a version begins with: `0.22.2.post1` is 0, 22, 2. Suffixes (`rc1`, `.dev0`, `+cpu`) are not looked at. */
function numbers(version: string): number[] {
  const [release = ''] = /^v?\d+(?:\.\d+)*/.exec(version.trim()) ?? [];
  return release.replace('v', '').split('.').map(Number);
}

/** Less than, equal to or greater than zero, as `a` is older than, the same as or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isIn(version: string, range: VersionRange): boolean {
  return (
    (range.from === undefined || compareVersions(version, range.from) >= 0) &&
    (range.below === undefined || compareVersions(version, range.below) < 0)
  );
}

export function intersection(a: VersionRange, b: VersionRange): VersionRange {
  const from = pick(a.from, b.from, 1);
  const below = pick(a.below, b.below, -1);
  return { ...(from === undefined ? {} : { from }), ...(below === undefined ? {} : { below }) };
}

/** The later (`sign` 1) or earlier (-1) of two ends. */
function pick(a: string | undefined, b: string | undefined, sign: 1 | -1): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareVersions(a, b) * sign >= 0 ? a : b;
}

/** True where no version is in it. */
export function isEmpty({ from, below }: VersionRange): boolean {
  return from !== undefined && below !== undefined && compareVersions(from, below) >= 0;
}

/** As pip writes it: `>=1.3,<1.5`; empty for all versions. */
export function rangeText({ from, below }: VersionRange): string {
  return [from === undefined ? '' : `>=${from}`, below === undefined ? '' : `<${below}`]
    .filter((x) => x !== '')
    .join(',');
}

/** `1.3` of `1.3.2`. */
export function minorOf(version: string): string {
  return numbers(version).slice(0, 2).join('.');
}
