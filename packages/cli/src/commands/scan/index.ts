import {
  acceptanceOf,
  applyBaseline,
  parseBaseline,
  parsePolicy,
  worst,
  type AuditReport,
  type Baseline,
  type Finding,
  type Policy,
  type Verdict,
} from '@brine/core/audit';
import { BrineError, BufferSource } from '@brine/core/bytes';
import { readFileSync } from 'node:fs';
import { openOutput } from '../../data/write/output.js';
import { unreadable } from '../../source/file.js';
import { useNodeZlib } from '../../source/platform.js';
import { streamBytes } from '../../source/stream.js';
import { startProgress } from '../../terminal/progress.js';
import { formatCount } from '../../terminal/units.js';
import { UsageError } from '../failure.js';
import { complain, print, type Io } from '../io.js';
import { scanSource, type ScanJob, type Scanned } from './one.js';
import { scanAll } from './pool.js';
import { render, type ScanFormat } from './render.js';
import { explain, listRules } from './rules.js';
import { targetsOf, type Target } from './targets.js';

export interface ScanOptions {
  readonly json?: boolean;
  readonly format?: ScanFormat;
  readonly output?: string;
  readonly policy?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly failOn?: Verdict;
  readonly threads?: number;
  readonly explain?: string;
  readonly rules?: boolean;
}

/** What a scan found in one file. */
export interface Judged {
  readonly report: AuditReport;
  /** Text and tables beside the models in a folder do not count. */
  readonly counts: boolean;
  /** Findings that the baseline accepts. */
  readonly accepted: readonly Finding[];
}

/** Everything a scan found. */
export interface ScanResult {
  readonly verdict: Verdict;
  readonly files: readonly Judged[];
  /** True where a single file was named: it is explained at length. */
  readonly alone: boolean;
  readonly milliseconds: number;
}

/** The contract's exit codes; 4 is a command that could not run. */
const exitCodes: Readonly<Record<Verdict, number>> = { clean: 0, dangerous: 1, incomplete: 2, unknown: 3 };

/** From harmless to bad, for --fail-on. */
const gravity: readonly Verdict[] = ['clean', 'unknown', 'incomplete', 'dangerous'];

/** `brine scan PATH…`: a verdict for every file, and the worst of them as exit code. */
export async function scan(paths: readonly string[], options: ScanOptions, io: Io): Promise<number> {
  if (options.rules === true || options.explain !== undefined) {
    await print(
      io,
      options.explain === undefined ? listRules(io, options.json === true) : explain(options.explain, io),
    );
    return 0;
  }
  if (paths.length === 0)
    throw new UsageError('there is nothing to scan', 'brine scan PATH… takes files and folders; - is standard input');
  const began = performance.now();
  const policy = options.policy === undefined ? undefined : readPolicy(options.policy);
  const baseline = options.baseline === undefined ? undefined : readBaseline(options.baseline);
  const hashed = baseline !== undefined || options.writeBaseline !== undefined;
  const targets = paths.flatMap(targetsOf);
  const all = await scanned(targets, { ...(policy === undefined ? {} : { policy }), hashed }, io, options.threads);
  const files = all.map((each, i) => judged(each, targets[i], baseline));
  const counted = files.filter((file) => file.counts);
  const result: ScanResult = {
    verdict: counted.length === 0 ? 'unknown' : worst(counted.map(({ report }) => report.verdict)),
    files,
    alone: targets.length === 1 && !targets[0].inFolder,
    milliseconds: performance.now() - began,
  };
  if (options.writeBaseline !== undefined) await writeBaseline(options.writeBaseline, all, io);
  const format = options.format ?? (options.json === true ? 'json' : 'text');
  await deliver(options.output, (out) => render(format, result, out), io);
  const passes = gravity.indexOf(result.verdict) < gravity.indexOf(options.failOn ?? 'unknown');
  return passes ? 0 : exitCodes[result.verdict];
}

async function scanned(targets: readonly Target[], job: ScanJob, io: Io, threads?: number): Promise<Scanned[]> {
  useNodeZlib();
  const progress = startProgress({
    label: 'scanning',
    total: targets.reduce((sum, target) => sum + target.size, 0),
    unit: 'bytes',
    stream: io.stderr,
    env: io.env,
  });
  let bytes = 0;
  let files = 0;
  try {
    const fromInput = targets.findIndex((target) => target.path === '-');
    const rest = targets.filter((target) => target.path !== '-');
    const told = (target: Target): void => {
      bytes += target.size;
      progress.update(bytes, `${formatCount(++files)} of ${formatCount(targets.length)} files`);
    };
    const all = await scanAll(rest, job, told, threads);
    if (fromInput >= 0) {
      const name = '(standard input)';
      const source = new BufferSource(await streamBytes(io.stdin, name), name);
      all.splice(fromInput, 0, await scanSource(source, job));
    }
    return all;
  } finally {
    progress.finish();
  }
}

function judged({ report, sha256 }: Scanned, target: Target, baseline: Baseline | undefined): Judged {
  const counts = report.model || !target.inFolder;
  if (baseline === undefined || sha256 === undefined) return { report, counts, accepted: [] };
  return { ...applyBaseline(report, sha256, baseline), counts };
}

function readPolicy(file: string): Policy {
  return parsePolicy(readJson(file, 'policy'), file);
}

function readBaseline(file: string): Baseline {
  return parseBaseline(readJson(file, 'baseline'), file);
}

function readJson(file: string, what: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BrineError('BAD_ARGUMENT', `the ${what} is no JSON: ${why}`, { file }, { cause });
  }
}

async function writeBaseline(file: string, all: readonly Scanned[], io: Io): Promise<void> {
  const accepted = all.flatMap(({ report, sha256 }) =>
    sha256 === undefined
      ? []
      : report.findings
          .filter((finding) => finding.verdict !== 'information')
          .map((finding) => acceptanceOf(finding, sha256)),
  );
  const baseline: Baseline = { version: 1, accepted };
  await written(file, `${JSON.stringify(baseline, null, 2)}\n`, io);
  const count = `${formatCount(accepted.length)} ${accepted.length === 1 ? 'finding' : 'findings'}`;
  complain(
    io,
    `brine: ${count} written to ${file}; --baseline ${file} accepts them as long as the files stay the same`,
  );
}

/** To a file, whole or not at all, or to standard output. */
async function deliver(
  file: string | undefined,
  render: (out: Io['stdout'] | undefined) => string,
  io: Io,
): Promise<void> {
  if (file === undefined || file === '-') await print(io, render(io.stdout));
  else await written(file, render(undefined), io);
}

async function written(file: string, text: string, io: Io): Promise<void> {
  const output = await openOutput(file, false, io.stdout);
  try {
    await output.write(text);
    await output.finish();
  } catch (error) {
    await output.abort();
    throw error;
  }
}
