import { BlobSource, BufferSource, type Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { formatNames, identify, type Format, type Identity } from '../formats/identify/index.js';
import { readPickleFile } from '../formats/pickle/read.js';
import type { PickleLimits } from '../pickle/limits.js';
import { readPickle } from '../pickle/read.js';
import { pythonWorld } from '../python/world.js';
import { auditArchive } from './archive.js';
import { auditArray } from './arrays.js';
import { sentence, verdictOf, type AuditReport, type Finding, type Verdict } from './report.js';
import { rules } from './rules.js';
import { Watcher } from './watcher.js';

export interface AuditOptions {
  /** What to call the source in findings. */
  readonly name?: string;
  readonly limits?: Partial<PickleLimits>;
  readonly signal?: AbortSignal;
}

export type AuditSource = Source | Uint8Array | ArrayBuffer | Blob;

/** Kinds of content in which nothing is that a program would run, or take for a model. */
const inert: ReadonlySet<Format> = new Set<Format>([
  'csv',
  'json',
  'jsonl',
  'html',
  'xml',
  'text',
  'parquet',
  'arrow',
  'xlsx',
  'sqlite',
  'image',
  'pdf',
  'spss',
  'idl',
]);
/** Not the file that was meant, or nothing at all. */
const absent: ReadonlySet<Format> = new Set<Format>(['empty', 'git-lfs']);

/**
 * Says whether a file may be let in. Content never makes it throw: what cannot be read is a finding. Throws READ
 * where the source itself fails, and ABORTED.
 */
export async function audit(source: AuditSource, options: AuditOptions = {}): Promise<AuditReport> {
  const from = sourceOf(source, options.name);
  const watcher = new Watcher(from.name);
  const identity = await identified(from, watcher);
  const format = identity?.format ?? 'unknown';
  if (identity !== undefined) await examine(from, identity, watcher, options);
  const findings = watcher.finish();
  const model = !inert.has(format) || verdictOf(findings) === 'dangerous';
  const verdict = verdictOf(findings);
  return {
    verdict,
    file: from.name,
    format,
    reason: reasonOf(verdict, findings, watcher.names),
    findings,
    names: watcher.names,
    model,
  };
}

function sourceOf(source: AuditSource, name: string | undefined): Source {
  if (source instanceof Uint8Array) return new BufferSource(source, name);
  if (source instanceof ArrayBuffer) return new BufferSource(new Uint8Array(source), name);
  if (source instanceof Blob) return new BlobSource(source, name);
  return source;
}

async function identified(source: Source, watcher: Watcher): Promise<Identity | undefined> {
  try {
    return await identify(source);
  } catch (error) {
    complain(error, watcher);
    return undefined;
  }
}

async function examine(source: Source, identity: Identity, watcher: Watcher, options: AuditOptions): Promise<void> {
  const { format, problem } = identity;
  if (format === 'pickle' || format === 'joblib' || format === 'torch-legacy') {
    await examinePickle(source, watcher, options, identity.compression.length > 0);
    if (format === 'torch-legacy') watcher.add('not-examined', 'the tensors behind its pickles are not examined yet');
    return;
  }
  await tryAsPickle(source, watcher, options);
  if (absent.has(format)) {
    watcher.add('unreadable', problem === undefined ? `this is an ${formatNames[format]}` : sentence(problem));
  } else if (format === 'npy' || format === 'npz') {
    await guarded(watcher, () => auditArray(source, format, watcher));
  } else if (inert.has(format)) {
    watcher.add('not-a-model', `this is ${article(formatNames[format])}: ${identity.why}`);
  } else {
    if (format === 'zip' || format === 'torch') await guarded(watcher, () => auditArchive(source, watcher, options));
    const damaged = problem !== undefined && problem.code !== 'NOT_A_MODEL' && problem.code !== 'UNKNOWN_FORMAT';
    if (damaged) watcher.add('unreadable', sentence(problem), problem.place.offset);
    else if (format === 'unknown')
      watcher.add(
        'not-examined',
        problem === undefined ? 'its content is of no format that brine knows' : sentence(problem),
      );
    else watcher.add('not-examined', `this is ${article(formatNames[format])}, which brine does not examine yet`);
  }
}

async function examinePickle(
  source: Source,
  watcher: Watcher,
  options: AuditOptions,
  compressed: boolean,
): Promise<void> {
  await guarded(watcher, async () => {
    const file = await readPickleFile(source, { observer: watcher, ...limited(options) });
    for (const note of file.notes) {
      const trailing = /^\d+ bytes from (\d+) on are not read/.exec(note);
      if (trailing) watcher.add('trailing-data', note, Number(trailing[1]));
    }
    // pickle.load takes joblib's arrays for opcodes: it must find nothing there.
    if (file.joblib && !compressed) await tryAsPickle(source, watcher, options, 'two-readings');
  });
}

/**
 * Any file may be given to pickle.load, whatever else it is. What that would run until it fails counts; what it would
 * merely stumble over does not.
 */
async function tryAsPickle(
  source: Source,
  watcher: Watcher,
  options: AuditOptions,
  rule?: 'two-readings',
): Promise<void> {
  if (source.size === 0) return;
  const trial = new Watcher(source.name);
  try {
    await readPickle(source, { world: pythonWorld(), observer: trial, ...limited(options) });
  } catch (error) {
    if (!(error instanceof BrineError)) complain(error, watcher);
    else if (error.code === 'ABORTED' || error.code === 'READ') throw error;
  }
  const known = new Set(watcher.findings.map((finding) => `${finding.rule} ${finding.where.offset ?? ''}`));
  for (const finding of trial.findings) {
    if (rules[finding.rule].verdict !== 'dangerous' || finding.rule === 'two-readings') continue;
    if (known.has(`${finding.rule} ${finding.where.offset ?? ''}`)) continue;
    if (rule !== undefined)
      watcher.add(
        rule,
        `pickle.load, which takes arrays for opcodes, would find: ${finding.message}`,
        finding.where.offset,
      );
    watcher.findings.push(finding);
  }
}

/** Runs a reader; what stops it becomes a finding. */
async function guarded(watcher: Watcher, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    complain(error, watcher);
  }
}

function complain(error: unknown, watcher: Watcher): void {
  if (!(error instanceof BrineError)) {
    // A reader that fails otherwise than it should is our defect, and no reason to let the file in, nor to stop.
    watcher.add('unreadable', `brine failed to read it (please report this): ${String(error)}`);
    return;
  }
  if (error.code === 'ABORTED' || error.code === 'READ') throw error;
  const framed = error.code === 'CORRUPT' && /\bframe\b/.test(error.message);
  const what = sentence(error);
  watcher.add(
    framed ? 'broken-frame' : 'unreadable',
    framed ? `${what}: readers that trust frames and readers that do not see different opcodes` : what,
    error.place.offset,
  );
}

function limited({ limits, signal }: AuditOptions): { limits?: Partial<PickleLimits>; signal?: AbortSignal } {
  return { ...(limits === undefined ? {} : { limits }), ...(signal === undefined ? {} : { signal }) };
}

function reasonOf(verdict: Verdict, findings: readonly Finding[], names: number): string {
  if (verdict === 'clean') {
    const what =
      names === 0
        ? 'it names nothing'
        : names === 1
          ? 'its one name is known to be harmless'
          : `all ${names} names in it are known to be harmless`;
    return `read to the end; ${what}`;
  }
  const deciding = findings.filter((finding) => rules[finding.rule].verdict === verdict);
  const more = deciding.length > 1 ? ` (and ${deciding.length - 1} more)` : '';
  return `${deciding[0]?.message ?? ''}${more}`;
}

function article(noun: string): string {
  return /^(XML|JSON|text|safetensors|ONNX|Core ML|GGUF|PMML|XGBoost|LightGBM|CatBoost|TorchScript|TensorFlow|Keras|HDF5|NumPy|PyTorch|Weka)/.test(
    noun,
  )
    ? noun
    : `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
