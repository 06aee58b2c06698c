import { BrineError, type Encoding, open, type Source, type Verdict } from '@brine/core';
import {
  convert,
  type Conversion,
  type Target,
  targetNamed,
  targetOfName,
  targets,
  type Verified,
} from '@brine/core/tools';
import { statSync } from 'node:fs';
import { openOutput, type Output } from '../data/write/output.js';
import { fileSource } from '../source/file.js';
import { useNodeDeflate, useNodeZlib } from '../source/platform.js';
import { colours } from '../terminal/colours.js';
import { formatBytes } from '../terminal/units.js';
import { safe } from '../terminal/width.js';
import { UsageError, hinted } from './failure.js';
import { complain, print, printJson, type Io } from './io.js';

export interface ConvertCommand {
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly compress?: string;
  readonly protocol?: number;
  readonly numpy?: '1' | '2';
  readonly lean?: boolean;
  readonly pick?: string;
  readonly keepUnknown: readonly string[];
  readonly allow: readonly string[];
  readonly method: readonly string[];
  readonly opset?: number;
  readonly float32?: boolean;
  readonly trees?: 'v5' | 'classic';
  readonly inputs?: 'columns' | 'matrix';
  readonly allowApproximate?: boolean;
  readonly force?: boolean;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** Converts one file. The output appears whole and verified, or not at all; the input is only read. */
export async function convertCommand(
  from: string | undefined,
  to: string | undefined,
  options: ConvertCommand,
  io: Io,
): Promise<number> {
  if (options.list === true) {
    await list(io, options);
    return 0;
  }
  if (from === undefined)
    throw new UsageError('which file? `brine convert IN OUT`', '`brine convert --list` lists the formats');
  if (to === undefined && options.dryRun !== true) {
    throw new UsageError('where to? `brine convert IN OUT`', 'or --dry-run, to see what would happen');
  }
  useNodeZlib();
  useNodeDeflate();
  const { target, compress } = chosenTarget(to, options);
  if (to !== undefined) checkPlaces(from, to, options);
  const source = await fileSource(from);
  try {
    const model = await open(source, options.pick === undefined ? {} : { pick: options.pick });
    const conversion = await convert(model, target, {
      ...compress,
      protocol: options.protocol,
      numpy: options.numpy === undefined ? undefined : options.numpy === '1' ? 1 : 2,
      lean: options.lean,
      keepUnknown: options.keepUnknown,
      allow: verdicts(options.allow),
      own: ownOptions(target, options),
    });
    const done = options.dryRun === true || to === undefined ? undefined : await written(conversion, to, io);
    await report({ from, to, source, conversion, done }, options, io);
    return 0;
  } finally {
    await source.close?.();
  }
}

/** Options of one format alone, which make no sense for another. */
function ownOptions(target: Target, options: ConvertCommand): Record<string, unknown> {
  const { method, opset, float32, trees, inputs, allowApproximate } = options;
  const own = Object.entries({
    methods: method.length > 0 ? method : undefined,
    ...{ opset, float32, trees, inputs, allowApproximate },
  }).filter(([, value]) => value !== undefined);
  if (own.length > 0 && target.name !== 'onnx')
    throw new UsageError(`--${flagOf(own[0][0])} is for ONNX files, this is ${target.name}`);
  return Object.fromEntries(own);
}

const flagOf = (name: string): string =>
  name === 'methods' ? 'method' : name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

interface Done {
  readonly size: number;
  readonly verified: Verified | undefined;
}

/** Writes beside the target, reads it back, and puts it in place if it is what went in. */
export async function written(conversion: Conversion, to: string, io: Io): Promise<Done> {
  // What goes to a pipe is verified before, from a temporary file.
  const output: Output = await openOutput(to, true, io.stdout);
  try {
    let size = 0;
    for await (const chunk of conversion.chunks()) {
      await output.write(chunk);
      size += chunk.length;
    }
    const path = await output.written();
    const verified = path === undefined ? undefined : await verify(conversion, path);
    await output.finish();
    return { size, verified };
  } catch (error) {
    await output.abort();
    throw error;
  }
}

async function verify(conversion: Conversion, path: string): Promise<Verified> {
  const source = await fileSource(path);
  try {
    return await conversion.verify(source);
  } finally {
    await source.close?.();
  }
}

export function chosenTarget(
  to: string | undefined,
  options: Pick<ConvertCommand, 'to' | 'compress'>,
): { target: Target; compress: { compress?: Encoding | 'none'; level?: number } } {
  const named = to === undefined || to === '-' ? undefined : targetOfName(to);
  const target = options.to === undefined ? named?.target : targetNamed(options.to);
  if (!target) {
    const known = targets.map((t) => `.${t.extensions[0]}`).join(', ');
    throw new UsageError(
      to === undefined || to === '-'
        ? 'which format? --to says it'
        : `the extension of ${safe(to)} is of no format that is written`,
      `there are ${known}; or --to ${targets.map((t) => t.name).join('|')}`,
    );
  }
  const given = options.compress === undefined ? undefined : parseCompress(options.compress);
  if (given) return { target, compress: given };
  return { target, compress: named?.compress === undefined ? {} : { compress: named.compress } };
}

const ENCODINGS: readonly string[] = ['none', 'zlib', 'gzip', 'lz4', 'xz'];

function parseCompress(text: string): { compress: Encoding | 'none'; level?: number } {
  const [name, level, ...rest] = text.split(':');
  if (!ENCODINGS.includes(name) || rest.length > 0 || (level !== undefined && !/^[1-9]$/.test(level))) {
    throw new UsageError(
      `--compress ${safe(text)}: there are ${ENCODINGS.join(', ')}, and levels from 1 to 9 as in zlib:6`,
    );
  }
  return { compress: name as Encoding | 'none', ...(level === undefined ? {} : { level: Number(level) }) };
}

const VERDICTS = ['dangerous', 'unknown', 'incomplete'] as const;

export function verdicts(given: readonly string[]): Exclude<Verdict, 'clean'>[] {
  return given.map((text) => {
    const verdict = VERDICTS.find((v) => v === text);
    if (!verdict) throw new UsageError(`--allow ${safe(text)}: there are ${VERDICTS.join(', ')}`);
    return verdict;
  });
}

/** An output never replaces the input, and nothing else unasked. */
export function checkPlaces(from: string, to: string, options: Pick<ConvertCommand, 'force' | 'dryRun'>): void {
  if (to === '-') return;
  const there = statSync(to, { throwIfNoEntry: false });
  if (!there) return;
  const here = from === '-' ? undefined : statSync(from, { throwIfNoEntry: false });
  if (here?.ino === there.ino && here.dev === there.dev) {
    throw new UsageError(
      'IN and OUT are the same file: the input stays as it is',
      'write to another name, and rename it',
    );
  }
  if (there.isFile() && options.force !== true && options.dryRun !== true) {
    throw hinted(new BrineError('WRITE', 'the output is there already', { file: to }), '--force overwrites it');
  }
}

interface Outcome {
  readonly from: string;
  readonly to: string | undefined;
  readonly source: Source;
  readonly conversion: Conversion;
  readonly done: Done | undefined;
}

async function report({ from, to, source, conversion, done }: Outcome, options: ConvertCommand, io: Io): Promise<void> {
  const { target, changes, lost, dropped, kept, audit } = conversion;
  const saved = dropped.reduce((sum, d) => sum + d.bytes, 0);
  if (options.json === true) {
    const verified = done?.verified && {
      how: done.verified.how,
      rows: done.verified.answers?.rows ?? 0,
      methods: done.verified.answers?.methods.map((m) => m.name) ?? [],
    };
    const output = to === undefined ? { format: target } : { file: to, format: target, size: done?.size };
    const facts = {
      input: { file: from, size: source.size, verdict: audit.verdict },
      output,
      changes,
      lost,
      dropped,
      kept,
    };
    const text = { ...facts, written: done !== undefined, ...(verified ? { verified } : {}) };
    if (to === '-') complain(io, JSON.stringify(text));
    else await printJson(io, text);
    return;
  }
  const { bold, dim, yellow } = colours(io.stderr, io.env);
  const lines: string[] = [];
  const section = (title: string, items: readonly string[]): void => {
    if (items.length > 0) lines.push(bold(title), ...items.map((item) => `  ${safe(item)}`));
  };
  section(done ? 'changed' : 'would change', changes);
  section(done ? 'lost' : 'would be lost', lost);
  section(
    `left out${saved > 0 ? ` (${formatBytes(saved)} before compression)` : ''}`,
    dropped.map((d) => `${d.what}${d.count > 1 ? ` ×${d.count}` : ''}  ${formatBytes(d.bytes)}  ${d.why}`),
  );
  if (kept.length > 0) section(yellow('carried over though nobody knows it'), kept);
  if (done) {
    section('verified', done.verified?.how ?? ['not: the output is a stream']);
    const ratio = source.size > 0 ? ` (${(done.size / source.size).toFixed(2)} × the input)` : '';
    lines.push(`${safe(to ?? '')}  ${formatBytes(done.size)}${dim(ratio)}`);
  } else lines.push(dim('nothing was written'));
  const text = `${lines.join('\n')}\n`;
  if (to === '-') io.stderr.write(text);
  else await print(io, text);
}

async function list(io: Io, options: ConvertCommand): Promise<void> {
  if (options.json === true) {
    await printJson(
      io,
      targets.map(({ name, extensions, what }) => ({ name, extensions, what })),
    );
    return;
  }
  const width = Math.max(...targets.map((t) => t.name.length));
  await print(
    io,
    targets.map((t) => `${t.name.padEnd(width)}  ${t.what} (${t.extensions.map((e) => `.${e}`).join(' ')})\n`).join(''),
  );
}
