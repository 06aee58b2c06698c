import { type TerminalStream, colours, isTerminal } from './colours.js';
import { formatBytes, formatCount, formatDuration } from './units.js';
import { fit, safe, textWidth } from './width.js';

export interface ProgressOptions {
  /** What is being done: `predicting`. */
  readonly label: string;
  /** What `update` will have reached at the end; undefined where nobody knows. */
  readonly total?: number | undefined;
  /** What is counted. */
  readonly unit: 'bytes' | 'rows';
  readonly stream?: TerminalStream;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds, for tests. */
  readonly now?: () => number;
}

export interface Progress {
  /** `done` of `total` so far; `note` is put behind it (rows, where bytes are counted). */
  update(done: number, note?: string): void;
  /** Clears the line. */
  finish(): void;
}

/** Work that is done sooner shows nothing. */
const SHOW_AFTER = 500;
const REDRAW_AFTER = 100;
const BAR = 24;

const silent: Progress = { update: () => undefined, finish: () => undefined };

/**
 * One line on standard error while long work goes on: bar, share, rate, time left. Nothing where standard error
 * is no terminal, so that logs and pipes stay clean.
 */
export function startProgress(options: ProgressOptions): Progress {
  const { label, total, unit, stream = process.stderr, env = process.env, now = () => performance.now() } = options;
  if (!isTerminal(stream, env)) return silent;
  const { cyan, dim } = colours(stream, env);
  const amount = (count: number): string =>
    unit === 'bytes' ? formatBytes(count) : `${formatCount(Math.round(count))} rows`;
  const start = now();
  let drawnAt = start + SHOW_AFTER - REDRAW_AFTER;
  let drawn = false;

  return {
    update(done, note) {
      const time = now();
      if (time - drawnAt < REDRAW_AFTER) return;
      drawnAt = time;
      const elapsed = time - start;
      const rate = (1000 * done) / elapsed;
      const parts: string[] = [];
      let bar = '';
      if (total !== undefined && total > 0) {
        const share = Math.min(1, done / total);
        const full = Math.round(BAR * share);
        bar = `${cyan('█'.repeat(full))}${dim('░'.repeat(BAR - full))} `;
        parts.push(`${Math.floor(100 * share)} %`);
        if (share > 0 && share < 1) parts.push(`${formatDuration((elapsed * (1 - share)) / share)} left`);
      } else {
        parts.push(amount(done), formatDuration(elapsed));
      }
      parts.push(`${amount(rate)}/s`);
      if (note !== undefined) parts.push(safe(note));
      // One column is left free: a full line would wrap on some terminals.
      const width = (stream.columns ?? 80) - 1;
      const text = `${safe(label)}  ${bar}${parts.join('  ')}`;
      const short = textWidth(text) <= width ? text : fit(`${safe(label)}  ${parts.join('  ')}`, width);
      stream.write(`\r\u001b[2K${short}`);
      drawn = true;
    },
    finish() {
      if (drawn) stream.write('\r\u001b[2K');
      drawn = false;
    },
  };
}
