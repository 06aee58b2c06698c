/** `--compress best` and `auto`: what a model comes to in each compression, which one is taken, and why. */
import type { Encoding } from '@brine/core';
import type { Conversion, Target } from '@brine/core/convert';
import { startProgress } from '../terminal/progress.js';
import { formatTable } from '../terminal/table.js';
import { formatBytes, formatDuration } from '../terminal/units.js';
import { UsageError } from './failure.js';
import type { Io } from './io.js';
import type { Compression } from './output-format.js';

export type Goal = 'best' | 'auto';

export const GOALS: Readonly<Record<Goal, string>> = {
  best: 'the smallest file of all that were tried',
  auto: 'the smallest file of those that unpack at 200 MB/s or more, with nothing but Python; none where that saves less than a tenth',
};

export interface Tried extends Compression {
  readonly size: number;
  /** Milliseconds that unpacking adds to loading in Python, estimated. */
  readonly adds: number;
  readonly readBy: string;
}

export interface Choice {
  readonly goal: Goal;
  readonly tried: readonly Tried[];
  readonly chosen: Tried;
  readonly why: string;
}

/** What is tried, by target and goal. Without compression comes first: the others are held against it. */
const CANDIDATES: Readonly<Record<string, Readonly<Record<Goal, readonly string[]>>>> = {
  pickle: { best: ['none', 'lz4:9', 'gzip:9', 'xz:9'], auto: ['none', 'gzip:9', 'xz:3'] },
  joblib: { best: ['none', 'lz4:9', 'gzip:9', 'xz:9'], auto: ['none', 'gzip:9', 'xz:3'] },
  skops: { best: ['none', 'zlib:3', 'zlib:9'], auto: ['none', 'zlib:3', 'zlib:9'] },
  npz: { best: ['none', 'zlib:3', 'zlib:9'], auto: ['none', 'zlib:3', 'zlib:9'] },
};

/**
 * Milliseconds for each million bytes of content and of the file. Processor time of joblib.load of a forest of 21 MB, less
 * that of the same file without compression (joblib 1.6, Python 3.11, a 2-core Xeon): they tell one way from another.
 */
const RATES: Readonly<Record<Encoding | 'none', readonly [content: number, file: number]>> = {
  none: [0, 0],
  lz4: [0.65, 0],
  zlib: [2.1, 0],
  gzip: [2.1, 0],
  xz: [3, 35],
};

/** Of `auto`: 200 MB a second. */
const QUICK = 5;
/** Of `auto`: what compression has to leave at most, for a file without it can be mapped. */
const WORTH = 0.9;

const JOBLIB_READS: Readonly<Record<Encoding | 'none', string>> = {
  none: 'joblib.load, and its arrays can be mapped',
  lz4: 'joblib.load of 0.12.2 and later, with the lz4 package',
  zlib: 'joblib.load of 0.10 and later',
  gzip: 'joblib.load of 0.10 and later',
  xz: 'joblib.load of 0.10 and later (needs the lzma module, which few Pythons lack)',
};

function readBy(target: string, compress: Encoding | 'none'): string {
  if (target === 'skops') return 'skops.io.load';
  if (target === 'npz') return 'numpy.load';
  if (target === 'joblib') return JOBLIB_READS[compress];
  if (compress === 'none') return 'pickle.load, joblib.load';
  return `${compress === 'gzip' || compress === 'xz' ? `pickle.load of ${compress === 'xz' ? 'lzma' : 'gzip'}.open, ` : ''}${JOBLIB_READS[compress]}`;
}

export const goalOf = (text: string | undefined): Goal | undefined =>
  text === 'best' || text === 'auto' ? text : undefined;

/** Throws where a target or an option leaves nothing to choose. */
export function checkGoal(goal: Goal, target: Target, named: string | undefined, split: boolean): void {
  if (!Object.hasOwn(CANDIDATES, target.name)) {
    const able = Object.keys(CANDIDATES).join(', ');
    throw new UsageError(`--compress ${goal}: ${target.name} files are never compressed`, `it chooses for ${able}`);
  }
  if (split)
    throw new UsageError(`--compress ${goal}: arrays in files of their own are there to be mapped, not packed`);
  if (named !== undefined)
    throw new UsageError(
      `--compress ${goal} chooses, and the name of the output says ${named} already`,
      'leave one of the two off',
    );
}

export const nameOf = ({ compress, level }: Compression): string =>
  level === undefined ? compress : `${compress}:${level}`;

/**
 * Tries each compression on this very model. `make` prepares the conversion; what wins is held in memory, so that it is
 * not made twice, unless it is the one without compression.
 */
export async function chosen(
  goal: Goal,
  target: string,
  make: (how: Compression) => Promise<Conversion>,
  io: Io,
): Promise<{ readonly choice: Choice; readonly conversion: Conversion }> {
  const tried: Tried[] = [];
  let held: { readonly name: string; readonly conversion: Conversion; readonly chunks: Uint8Array[] } | undefined;
  for (const text of CANDIDATES[target][goal]) {
    const [compress, level] = text.split(':') as [Encoding | 'none', string?];
    const how = { compress, ...(level === undefined ? {} : { level: Number(level) }) };
    const conversion = await make(how);
    const progress = startProgress({ label: `trying ${text}`, unit: 'bytes', stream: io.stderr, env: io.env });
    const keep = compress !== 'none';
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of conversion.chunks()) {
        size += chunk.length;
        if (keep) chunks.push(chunk.slice());
        progress.update(size);
      }
    } finally {
      progress.finish();
    }
    const content = tried.length === 0 ? size : tried[0].size;
    const [perContent, perFile] = RATES[compress];
    const adds = (perContent * content + perFile * size) / 1e6;
    tried.push({ ...how, size, adds, readBy: readBy(target, compress) });
    if (keep && nameOf(decide(goal, tried).chosen) === text) held = { name: text, conversion, chunks };
  }
  const choice = { goal, tried, ...decide(goal, tried) };
  const name = nameOf(choice.chosen);
  if (held?.name !== name) return { choice, conversion: await make(choice.chosen) };
  // The same conversion, with what it made.
  const { conversion, chunks } = held;
  return { choice, conversion: Object.assign(Object.create(conversion) as Conversion, { chunks: () => chunks }) };
}

function decide(goal: Goal, tried: readonly Tried[]): Pick<Choice, 'chosen' | 'why'> {
  const [none, ...packed] = tried;
  const smallest = (of: readonly Tried[]): Tried => of.reduce((least, t) => (t.size < least.size ? t : least));
  if (goal === 'best') return { chosen: smallest(tried), why: GOALS.best };
  const quick = packed.filter(({ compress, adds }) => compress !== 'lz4' && adds <= (QUICK * none.size) / 1e6);
  const chosen = smallest([none, ...quick]);
  if (chosen.size > WORTH * none.size)
    return { chosen: none, why: 'no compression saves a tenth, and this can be mapped or read at once' };
  return { chosen, why: 'the smallest file of those that unpack at 200 MB/s or more' };
}

/** The table of what was tried, and what was taken. */
export function choiceLines({ tried, chosen, why }: Choice): string[] {
  const rows = tried.map((t) => [
    `${t === chosen || nameOf(t) === nameOf(chosen) ? '→' : ' '} ${nameOf(t)}`,
    formatBytes(t.size),
    `${(t.size / tried[0].size).toFixed(2)} ×`,
    t.adds === 0 ? '' : `+ ${formatDuration(t.adds)}`,
    t.readBy,
  ]);
  const columns = [
    { title: '  compression' },
    { title: 'size', align: 'right' as const },
    { title: 'of none', align: 'right' as const },
    { title: 'to load, about', align: 'right' as const },
    { title: 'read by' },
  ];
  return [...formatTable(columns, rows).split('\n'), `${nameOf(chosen)}: ${why}`];
}

/** The same for machines. */
export function choiceFacts({ goal, tried, chosen, why }: Choice): Record<string, unknown> {
  return {
    goal,
    chosen: nameOf(chosen),
    why,
    tried: tried.map((t) => ({
      compress: nameOf(t),
      size: t.size,
      ratio: Number((t.size / tried[0].size).toFixed(4)),
      addsMs: Number(t.adds.toFixed(2)),
      readBy: t.readBy,
    })),
  };
}
