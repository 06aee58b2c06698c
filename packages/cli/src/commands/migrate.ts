import { open, type Source } from '@brine/core';
import {
  type Change,
  convertMigrated,
  type MigratedConversion,
  parseTarget,
  writtenReleases,
  type Verified,
} from '@brine/core/tools';
import { fileSource } from '../source/file.js';
import { useNodeDeflate, useNodeZlib } from '../source/platform.js';
import { colours } from '../terminal/colours.js';
import { formatBytes } from '../terminal/units.js';
import { safe } from '../terminal/width.js';
import { UsageError } from './failure.js';
import { complain, print, printJson, type Io } from './io.js';
import { checkPlaces, verdicts, written } from './model-output.js';
import { chosenTarget } from './output-format.js';

export interface MigrateCommand {
  readonly toSklearn?: string;
  readonly numpy?: '1' | '2';
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly compress?: string;
  readonly protocol?: number;
  readonly pick?: string;
  readonly keepUnknown: readonly string[];
  readonly allow: readonly string[];
  readonly force?: boolean;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** What scikit-learn reads. */
const FORMATS = ['pickle', 'joblib', 'skops'];

/** Rewrites one model. The output appears whole and verified, or not at all; the input is only read. */
export async function migrateCommand(
  from: string | undefined,
  to: string | undefined,
  options: MigrateCommand,
  io: Io,
): Promise<number> {
  if (options.list === true) {
    if (options.json === true)
      await printJson(
        io,
        writtenReleases.map((r) => r.name),
      );
    else await print(io, writtenReleases.map((r) => `${r.name.padEnd(5)} (${r.newest})\n`).join(''));
    return 0;
  }
  if (from === undefined)
    throw new UsageError('which file? `brine migrate IN OUT`', '`brine migrate --list` lists the versions');
  if (to === undefined && options.dryRun !== true) {
    throw new UsageError('where to? `brine migrate IN OUT`', 'or --dry-run, to see what would change');
  }
  // Said before anything is read.
  parseTarget(options.toSklearn);
  const { target, compress } =
    to === undefined && options.to === undefined
      ? chosenTarget(undefined, { ...options, to: 'pickle' })
      : chosenTarget(to, options);
  if (!FORMATS.includes(target.name)) {
    throw new UsageError(`scikit-learn reads ${FORMATS.join(', ')}, not ${target.name}`, '`brine convert` writes that');
  }
  if (to !== undefined) checkPlaces(from, to, options);
  useNodeZlib();
  useNodeDeflate();
  const source = await fileSource(from);
  try {
    const model = await open(source, { audit: true, ...(options.pick === undefined ? {} : { pick: options.pick }) });
    const conversion = await convertMigrated(model, target, {
      ...compress,
      to: options.toSklearn,
      file: from,
      pick: options.pick,
      protocol: options.protocol,
      numpy: options.numpy === undefined ? undefined : options.numpy === '1' ? 1 : 2,
      keepUnknown: options.keepUnknown,
      allow: verdicts(options.allow),
    });
    const done = options.dryRun === true || to === undefined ? undefined : await written(conversion, to, io);
    await report({ from, to, source, conversion, done }, options, io);
    return 0;
  } finally {
    await source.close?.();
  }
}

interface Outcome {
  readonly from: string;
  readonly to: string | undefined;
  readonly source: Source;
  readonly conversion: MigratedConversion;
  readonly done: { readonly size: number; readonly verified: Verified | undefined } | undefined;
}

async function report({ from, to, source, conversion, done }: Outcome, options: MigrateCommand, io: Io): Promise<void> {
  const { migrated, lost, kept } = conversion;
  if (options.json === true) {
    const text = {
      input: { file: from, size: source.size, sklearn: migrated.from ?? null },
      output: { ...(to === undefined ? {} : { file: to }), format: conversion.target, sklearn: migrated.to },
      changes: migrated.changes,
      lost,
      kept,
      written: done !== undefined,
      ...(done?.verified ? { verified: done.verified.how } : {}),
    };
    if (to === '-') complain(io, JSON.stringify(text));
    else await printJson(io, text);
    return;
  }
  const { bold, dim } = colours(io.stderr, io.env);
  const lines = [bold(`scikit-learn ${safe(migrated.from ?? 'before 0.18')} → ${migrated.to}`)];
  const shown = migrated.changes.map(changeText);
  lines.push(...(shown.length === 0 ? ['  nothing but the version'] : shown.map((line) => `  ${safe(line)}`)));
  for (const item of lost) lines.push(`  ${done ? 'lost' : 'would be lost'}: ${safe(item)}`);
  if (done) {
    lines.push(bold('verified'), ...(done.verified?.how ?? ['not: the output is a stream']).map((h) => `  ${safe(h)}`));
    lines.push(`${safe(to ?? '')}  ${formatBytes(done.size)}`);
  } else lines.push(dim('nothing was written'));
  const text = `${lines.join('\n')}\n`;
  if (to === '-') io.stderr.write(text);
  else await print(io, text);
}

/** `RandomForestClassifier: parameter monotonic_cst = None added (1.4, sklearn/ensemble/_forest.py)` */
function changeText({ name, text, since, count }: Change): string {
  const often = count > 1 ? ` ×${count}` : '';
  return `${name}${often}: ${text}${since === '' ? '' : ` (${since})`}`;
}
