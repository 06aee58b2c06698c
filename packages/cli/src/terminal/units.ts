const byteUnits = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `17 bytes`, `1.2 MB`, `340 GB`: powers of 1000, two or three digits. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  // 999.5 would be shown as 1000.
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return value === 1 ? '1 byte' : `${value} bytes`;
  return `${value < 9.95 ? value.toFixed(1) : String(Math.round(value))} ${byteUnits[unit]}`;
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `3 ms`, `4.2 s`, `1 min 05 s`, `2 h 03 min`, `3 d 04 h`, from milliseconds. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** Bytes of `64kB`, `1 MB`, `2048`, `1MiB`; undefined for what is no size. */
export function parseBytes(text: string): number | undefined {
  const [, digits, unit = '', binary = ''] = /^(\d+(?:\.\d+)?) ?([kKMGT]?)(i?)[bB]?$/.exec(text.trim()) ?? [];
  const power = ['', 'K', 'M', 'G', 'T'].indexOf(unit.toUpperCase());
  const bytes = Math.round(Number(digits) * (binary === '' ? 1000 : 1024) ** power);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
