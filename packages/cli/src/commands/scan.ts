import {
  BufferSource,
  audit,
  unopened,
  worst,
  type AuditReport,
  type Finding,
  type Source,
  type Verdict,
} from '@brine/core';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileSource } from '../source/file.js';
import { useNodeZlib } from '../source/platform.js';
import { streamBytes } from '../source/stream.js';
import { colours } from '../terminal/colours.js';
import { startProgress } from '../terminal/progress.js';
import { formatCount } from '../terminal/units.js';
import { safe } from '../terminal/width.js';
import { UsageError, failureOf } from './failure.js';
import { print, printJson, type Io } from './io.js';

/** The contract's exit codes; 4 is a command that could not run. */
const exitCodes: Readonly<Record<Verdict, number>> = { clean: 0, dangerous: 1, incomplete: 2, unknown: 3 };

/** Findings shown for each file; JSON has all. */
const SHOWN = 8;

/** `brine scan PATH…`: a verdict for every file, and the worst of them as exit code. */
export async function scan(paths: readonly string[], options: { readonly json?: boolean }, io: Io): Promise<number> {
  useNodeZlib();
  const targets = paths.flatMap(targetsOf);
  const alone = targets.length === 1 && !targets[0].inFolder;
  const progress = startProgress({
    label: 'scanning',
    total: targets.reduce((sum, target) => sum + target.size, 0),
    unit: 'bytes',
    stream: io.stderr,
    env: io.env,
  });
  const reports: Judged[] = [];
  let done = 0;
  try {
    for (const [i, target] of targets.entries()) {
      progress.update(done, `${formatCount(i)} of ${formatCount(targets.length)} files`);
      const report = await reportOn(target, io);
      reports.push({ ...report, counts: report.model || !target.inFolder });
      done += target.size;
    }
  } finally {
    progress.finish();
  }
  const judged = reports.filter((report) => report.counts);
  const verdict = judged.length === 0 ? 'unknown' : worst(judged.map((report) => report.verdict));
  if (options.json === true) await printJson(io, jsonOf(verdict, reports));
  else await print(io, textOf(verdict, reports, alone, io));
  return exitCodes[verdict];
}

/** A report, and whether it counts: text and tables beside the models in a folder do not. */
type Judged = AuditReport & { readonly counts: boolean };

interface Target {
  readonly path: string;
  readonly size: number;
  readonly inFolder: boolean;
}

/** The files of a path, folders within folders included; links to folders are not followed. Throws where there is none. */
function targetsOf(path: string): Target[] {
  if (path === '-') return [{ path, size: 0, inFolder: false }];
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`there is no such file: ${path}`);
  if (!stats.isDirectory()) return [{ path, size: stats.size, inFolder: false }];
  const files: Target[] = [];
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const below = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(below);
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const info = statSync(below, { throwIfNoEntry: false });
        if (info?.isFile() === true || info === undefined)
          files.push({ path: below, size: info?.size ?? 0, inFolder: true });
      }
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function reportOn(target: Target, io: Io): Promise<AuditReport> {
  let source: Source | undefined;
  try {
    source =
      target.path === '-'
        ? new BufferSource(await streamBytes(io.stdin, '(standard input)'), '(standard input)')
        : await fileSource(target.path);
    return await audit(source);
  } catch (error) {
    const { code, message } = failureOf(error);
    if (!target.inFolder || code === 'ABORTED' || code === 'INTERNAL') throw error;
    return unopened(target.path, message);
  } finally {
    await source?.close?.();
  }
}

function jsonOf(verdict: Verdict, reports: readonly Judged[]): unknown {
  return {
    verdict,
    findings: reports.filter((r) => r.counts).flatMap((report) => report.findings),
    files: reports.map(({ file, format, verdict: own, reason, findings, names, counts }) => ({
      file,
      format,
      verdict: own,
      reason,
      names,
      findings: findings.length,
      ...(counts ? {} : { model: false }),
    })),
  };
}

function textOf(verdict: Verdict, reports: readonly Judged[], alone: boolean, io: Io): string {
  const paint = painter(io);
  const lines: string[] = [];
  for (const report of reports) {
    if (!report.counts) continue;
    lines.push(`${paint(report.verdict)}  ${safe(report.file)}  ${dimmed(io, safe(report.reason))}`);
    if (report.verdict === 'clean') continue;
    // One finding that is nothing but the reason again adds where it is, and what would run.
    for (const finding of report.findings.slice(0, SHOWN))
      lines.push(...findingLines(finding, report.findings.length > 1, io));
    if (report.findings.length > SHOWN) lines.push(`    … ${report.findings.length - SHOWN} more (--json lists all)`);
  }
  const others = reports.filter((report) => !report.counts);
  if (!alone) lines.push(summary(verdict, reports, others.length, io));
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: Finding, several: boolean, io: Io): string[] {
  const { where, rule, message, call, severity } = finding;
  const member = where.members === undefined ? '' : `${safe(where.members.join(' → '))}, `;
  const place = where.offset === undefined ? member.replace(/, $/, '') : `${member}byte ${where.offset}`;
  const head = `    ${severity}  ${rule}${place === '' ? '' : `  (${place})`}`;
  const lines = [several ? `${head}  ${safe(message)}` : head];
  if (call !== undefined) lines.push(`      ${colours(io.stdout, io.env).red('>>>')} ${safe(call)}`);
  return lines;
}

function summary(verdict: Verdict, reports: readonly Judged[], others: number, io: Io): string {
  const counts = (['dangerous', 'incomplete', 'unknown', 'clean'] as const)
    .map((each) => [each, reports.filter((r) => r.counts && r.verdict === each).length] as const)
    .filter(([, n]) => n > 0)
    .map(([each, n]) => `${formatCount(n)} ${each}`);
  const judged = reports.length - others;
  const aside =
    others === 0 ? '' : `; ${formatCount(others)} ${others === 1 ? 'file is' : 'files are'} no model and not judged`;
  if (judged === 0) return `${painter(io)(verdict)}  there is no model among ${formatCount(reports.length)} files`;
  return `${painter(io)(verdict)}  ${formatCount(judged)} ${judged === 1 ? 'file' : 'files'}: ${counts.join(', ')}${aside}`;
}

function dimmed(io: Io, text: string): string {
  return colours(io.stdout, io.env).dim(text);
}

function painter(io: Io): (verdict: Verdict) => string {
  const { red, yellow, green, bold } = colours(io.stdout, io.env);
  const paints = { dangerous: (t: string) => bold(red(t)), incomplete: yellow, unknown: yellow, clean: green };
  return (verdict) => paints[verdict](verdict.padEnd(10));
}
