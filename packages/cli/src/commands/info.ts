import {
  BrineError,
  audit,
  formatNames,
  identify,
  type AuditReport,
  type Description,
  type Format,
  type Identity,
} from '@brine/core';
import { needsOf } from '@brine/core/tools';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { drawTree } from '../render/tree.js';
import { fileSource } from '../source/file.js';
import { useNodeZlib } from '../source/platform.js';
import { colours, type Colours } from '../terminal/colours.js';
import { formatBytes, formatCount } from '../terminal/units.js';
import { shell } from '../terminal/shell.js';
import { safe } from '../terminal/width.js';
import { failureOf, plainMessage } from './failure.js';
import { print, printJson, type Io } from './io.js';
import { isFolder, openModels } from './models.js';

interface InfoOptions {
  readonly pick?: string;
  readonly json?: boolean;
}

/** All that is known of one file. */
interface Found {
  readonly file: string;
  readonly size: number;
  readonly identity: Identity;
  readonly report: AuditReport;
  readonly description: Description | undefined;
  /** Why there is no description. */
  readonly problem: unknown;
}

/** `brine info FILE…`: what files are, and what is inside. Exit 1 where one cannot be opened. */
export async function info(files: readonly string[], options: InfoOptions, io: Io): Promise<number> {
  useNodeZlib();
  const folders = files.filter(isFolder);
  const paths = files.flatMap((file) => (folders.includes(file) ? listed(file) : [file]));
  if (paths.length === 0) throw new BrineError('READ', 'the folder holds no files', { file: files[0] });
  const found: Found[] = [];
  for (const path of paths) found.push(await lookAt(path, options.pick));
  const short = paths.length > 1 || folders.length > 0;
  if (options.json === true) {
    const all = found.map(jsonOf);
    await printJson(io, short ? { files: all } : all[0]);
  } else {
    const paint = colours(io.stdout, io.env);
    const width = io.stdout.columns ?? 100;
    const text = short ? lines(found, paint) : screen(found[0], paint, width, options.pick);
    await print(io, `${text.join('\n')}\n`);
  }
  // What is recognised but holds no model, or cannot be read, is an answer; for scripts it is a failure, too.
  return found.every((each) => each.description !== undefined) ? 0 : 1;
}

function listed(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name))
    .sort();
}

async function lookAt(path: string, pick: string | undefined): Promise<Found> {
  const source = await fileSource(path);
  try {
    const identity = await identify(source);
    const report = await audit(source);
    let description: Description | undefined;
    let problem: unknown;
    try {
      const opened = await openModels([path], pick === undefined ? {} : { pick });
      description = opened.model.describe();
      await opened.close();
    } catch (error) {
      if (!(error instanceof BrineError)) throw error;
      if (error.code === 'BAD_ARGUMENT') throw error;
      problem = error;
    }
    return { file: path, size: source.size, identity, report, description, problem };
  } finally {
    await source.close?.();
  }
}

function jsonOf({ file, size, identity, report, description, problem }: Found): unknown {
  const { format, variant, compression, confidence, why, mismatch } = identity;
  const { verdict, reason, findings } = report;
  const failure = problem === undefined ? undefined : failureOf(problem);
  return {
    file,
    size,
    format,
    variant,
    compression,
    confidence,
    why,
    mismatch,
    verdict,
    reason,
    findings,
    ...(description === undefined ? {} : { ...description, needs: needsOf(description.modules) }),
    ...(failure === undefined ? {} : { error: failure }),
  };
}

/** Several files: a line each. */
function lines(found: readonly Found[], paint: Colours): string[] {
  return found.map(({ file, size, identity, report, description, problem }) => {
    const what = description === undefined ? safe(plainMessage(problem)) : headOf(description);
    return `${verdictText(report, paint, 10)}  ${safe(file)}  ${paint.dim(`${formatNames[identity.format]}, ${formatBytes(size)}`)}  ${what}`;
  });
}

function headOf({ content, versions }: Description): string {
  const version = versions.map(([library, number]) => `${library} ${number}`).join(', ');
  return `${safe(content.name)}${version === '' ? '' : ` (${safe(version)})`}`;
}

/** One file: a screen. */
function screen(found: Found, paint: Colours, width: number, pick: string | undefined): string[] {
  const { file, size, identity, report, description, problem } = found;
  const out: string[] = [];
  const row = (name: string, value: string): void => {
    if (value !== '') out.push(...wrapped(name, value, width, paint));
  };
  out.push(`${paint.bold(safe(file))}  ${formatTitle(identity)}, ${formatBytes(size)}`);
  if (description === undefined) {
    row('why', safe(identity.why));
    if (identity.mismatch !== undefined) row('note', safe(identity.mismatch));
    row('verdict', verdictLine(report, paint));
    row('problem', safe(plainMessage(problem)));
    row('can do', abilityOf(identity.format));
    return out;
  }
  const { protocol, versions, parts, compression, notes } = description;
  row(
    'written',
    [
      versions.map(([library, version]) => `${library} ${version}`).join(', '),
      protocol === undefined ? '' : `${identity.format === 'skops' ? 'skops' : 'pickle'} protocol ${protocol}`,
      compression.length === 0 ? '' : `compressed with ${compression.join(', then ')}`,
    ]
      .filter((part) => part !== '')
      .map(safe)
      .join('; '),
  );
  if (parts.length > 0) row('parts', safe(someOf(parts, 6)));
  row('verdict', verdictLine(report, paint));
  out.push('');
  out.push(...drawTree(description.content, paint, width));
  out.push('');
  row('takes', takes(description));
  if (description.classes !== undefined && description.classes.length > 0)
    row('classes', safe(someOf(description.classes.map(String), 12)));
  row('methods', description.methods.join(', '));
  row('not run', safe(description.obstacle ?? ''));
  if (description.estimators.length > 0) {
    for (const part of description.estimators.slice(0, 8))
      row(
        'part',
        `${safe(part.path)} is a ${safe(part.name)}: ${paint.cyan(`brine info ${shell(file)} --pick ${shell(part.path)}`)}`,
      );
    if (description.estimators.length > 8)
      row('part', `… ${description.estimators.length - 8} more (--json lists all)`);
  }
  row('needs', needsLine(description));
  for (const note of notes) row('note', safe(note));
  const picked = pick === undefined ? '' : ` --pick ${shell(pick)}`;
  const [method] = ['predict', 'transform', 'run'].filter((name) => description.methods.includes(name));
  if (method !== undefined && description.obstacle === undefined)
    row('try', paint.cyan(`brine predict ${shell(file)}${picked} DATA.csv`));
  return out;
}

function formatTitle({ format, variant, compression }: Identity): string {
  const inside = compression.length === 0 ? '' : `, ${compression.join(' in ')}`;
  return `${formatNames[format]}${variant === undefined || /^protocol/.test(variant) ? '' : ` (${variant})`}${inside}`;
}

function takes({ inputs }: Description): string {
  const { kind, names, features } = inputs;
  if (kind === 'none') return '';
  if (kind === 'documents') return 'one column of text';
  if (kind === 'values') return 'one column of labels';
  if (kind === 'tensors') return safe(`tensors ${someOf(names ?? [], 8)}`);
  const count = names?.length ?? features;
  if (count === undefined) return 'a table';
  const columns = `${formatCount(count)} ${count === 1 ? 'column' : 'columns'}`;
  return names === undefined ? columns : safe(`${columns}: ${someOf(names, 12)}`);
}

function needsLine({ modules, versions }: Description): string {
  const { packages, own } = needsOf(modules);
  const recorded = new Map(versions);
  const named = packages.map((name) => (recorded.has(name) ? `${name} ${recorded.get(name) ?? ''}` : name));
  const numpy = modules.some((m) => m.startsWith('numpy._core')) ? ['numpy ≥ 2 (numpy 1.26 reads it, too)'] : [];
  const code = own.length === 0 ? '' : `the code of ${someOf(own, 4)}`;
  const all = [...named, ...numpy, code].filter((part) => part !== '');
  return all.length === 0 ? '' : safe(`Python with ${all.join(', ')}`);
}

function verdictText(report: AuditReport, paint: Colours, width = 0): string {
  const colour = { dangerous: paint.red, incomplete: paint.yellow, unknown: paint.yellow, clean: paint.green };
  return colour[report.verdict](report.verdict.padEnd(width));
}

function verdictLine(report: AuditReport, paint: Colours): string {
  return `${verdictText(report, paint)}: ${safe(report.reason)}`;
}

/** What brine makes of files that it does not open, today. */
function abilityOf(format: Format): string {
  if (format === 'git-lfs') return 'run `git lfs pull` where it comes from, then look again';
  if (format === 'empty') return 'nothing: get the file again';
  if (format === 'pickle' || format === 'joblib') return '`brine dis` lists what can be read of it';
  return '';
}

function someOf(items: readonly string[], most: number): string {
  return items.length > most
    ? `${items.slice(0, most).join(', ')}, … (${formatCount(items.length)} in all)`
    : items.join(', ');
}

const LABEL = 9;

/** `label    text`, the text wrapped beneath itself. */
function wrapped(label: string, text: string, width: number, paint: Colours): string[] {
  const room = Math.max(40, width - LABEL);
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    if (row !== '' && row.length + 1 + word.length > room) {
      rows.push(row);
      row = word;
    } else row = row === '' ? word : `${row} ${word}`;
  }
  rows.push(row);
  return rows.map((each, i) => (i === 0 ? paint.dim(label.padEnd(LABEL)) : ' '.repeat(LABEL)) + each);
}
