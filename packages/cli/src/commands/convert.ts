import type { Source } from '@brine/core';
import { convert, type Conversion, open, type SplitOptions, type Target, targets } from '@brine/core/convert';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileSource } from '../source/file.js';
import { useNodeDeflate, useNodeZlib } from '../source/platform.js';
import { colours } from '../terminal/colours.js';
import { formatBytes, parseBytes } from '../terminal/units.js';
import { safe } from '../terminal/width.js';
import { checkGoal, choiceFacts, choiceLines, type Choice, chosen, goalOf } from './compression.js';
import { UsageError } from './failure.js';
import { complain, print, printJson, type Io } from './io.js';
import { checkParts, checkPlaces, partsOf, verdicts, written, type Done } from './model-output.js';
import { chosenTarget, type Compression } from './output-format.js';

export interface ConvertCommand {
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly compress?: string;
  readonly protocol?: number;
  readonly numpy?: '1' | '2';
  readonly lean?: boolean;
  /** A size, or true for the usual one. */
  readonly splitArrays?: string | true;
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
  /** False: the output is not read back. */
  readonly verify?: boolean;
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
  if (options.protocol !== undefined && !Number.isInteger(options.protocol))
    throw new UsageError('--protocol: a number is needed, of pickle 2 to 5, of skops 0 to 2');
  if (from !== '-' && statSync(from, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UsageError(
      `${safe(from)} is a folder, and one file is converted`,
      '`brine bundle FOLDER -o OUT` makes one model of files that belong together',
    );
  }
  useNodeZlib();
  useNodeDeflate();
  const goal = goalOf(options.compress);
  const { target, compress } = chosenTarget(to, goal ? { ...options, compress: undefined } : options);
  const split = splitOptions(to, target, options);
  if (goal) checkGoal(goal, target, compress.compress, split !== undefined);
  if (to !== undefined) checkPlaces(from, to, options);
  const source = await fileSource(from);
  try {
    const model = await open(source, { audit: true, ...(options.pick === undefined ? {} : { pick: options.pick }) });
    const make = (how: Compression | Record<string, never>): Promise<Conversion> =>
      convert(model, target, {
        ...how,
        protocol: options.protocol,
        numpy: options.numpy === undefined ? undefined : options.numpy === '1' ? 1 : 2,
        lean: options.lean,
        ahead: options.dryRun !== true,
        split,
        keepUnknown: options.keepUnknown,
        allow: verdicts(options.allow),
        own: ownOptions(target, options),
      });
    const { choice, conversion } = goal
      ? await chosen(goal, target.name, make, io)
      : { choice: undefined, conversion: await make(compress) };
    if (to !== undefined) checkParts({ from, parts: partsOf(model) }, to, conversion, options);
    const done =
      options.dryRun === true || to === undefined ? undefined : await written(conversion, to, io, options.verify);
    await report({ from, to, source, conversion, choice, done }, options, io);
    return 0;
  } finally {
    await source.close?.();
  }
}

function splitOptions(
  to: string | undefined,
  target: Target,
  { splitArrays }: ConvertCommand,
): SplitOptions | undefined {
  if (splitArrays === undefined) return undefined;
  if (target.name !== 'joblib') {
    throw new UsageError(
      `--split-arrays is for joblib files, this is ${target.name}`,
      '--to joblib, or an OUT that ends in .joblib',
    );
  }
  if (to === '-') throw new UsageError('--split-arrays writes several files: standard output takes one');
  const least = splitArrays === true ? undefined : parseBytes(splitArrays);
  if (splitArrays !== true && least === undefined)
    throw new UsageError(`--split-arrays ${safe(splitArrays)}: a size as 64KiB, 1MB or 100000 is needed`);
  return { name: basename(to ?? 'OUT.joblib'), least };
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

interface Outcome {
  readonly from: string;
  readonly to: string | undefined;
  readonly source: Source;
  readonly conversion: Conversion;
  /** Where the compression was chosen by trial. */
  readonly choice: Choice | undefined;
  readonly done: Done | undefined;
}

async function report(outcome: Outcome, options: ConvertCommand, io: Io): Promise<void> {
  const { from, to, source, conversion, choice, done } = outcome;
  const { target, changes, lost, dropped, kept, audit } = conversion;
  const saved = dropped.reduce((sum, d) => sum + d.bytes, 0);
  if (options.json === true) {
    const verified = done?.verified && {
      how: done.verified.how,
      rows: done.verified.answers?.rows ?? 0,
      methods: done.verified.answers?.methods.map((m) => m.name) ?? [],
    };
    const beside = conversion.parts.length > 0 ? { parts: done?.parts ?? conversion.parts.map((p) => p.name) } : {};
    const output = to === undefined ? { format: target } : { file: to, format: target, size: done?.size, ...beside };
    const facts = {
      input: { file: from, size: source.size, verdict: audit.verdict },
      output,
      changes,
      lost,
      dropped,
      kept,
    };
    const tried = choice ? { compression: choiceFacts(choice) } : {};
    const text = { ...facts, ...tried, written: done !== undefined, ...(verified ? { verified } : {}) };
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
  if (choice) section('compression', choiceLines(choice));
  section(done ? 'lost' : 'would be lost', lost);
  section(
    `left out${saved > 0 ? ` (${formatBytes(saved)} before compression)` : ''}`,
    dropped.map((d) => `${d.what}${d.count > 1 ? ` ×${d.count}` : ''}  ${formatBytes(d.bytes)}  ${d.why}`),
  );
  if (kept.length > 0) section(yellow('carried over though nobody knows it'), kept);
  if (done) {
    section('verified', done.verified?.how ?? ['not, as was asked for']);
    const ratio = source.size > 0 ? ` (${(done.size / source.size).toFixed(2)} × the input)` : '';
    lines.push(`${safe(to ?? '')}  ${formatBytes(done.size)}${dim(ratio)}`);
    const [first, second] = done.parts;
    if (first) {
      const sum = done.parts.reduce((bytes, part) => bytes + part.size, 0);
      lines.push(`${safe(first.file)}${second ? ` … (${done.parts.length} files)` : ''}  ${formatBytes(sum)}`);
    }
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
