import type { AuditReport, Verdict } from '../audit/index.js';
import { compress, type Chunks, type Encoding } from '../bytes/compress.js';
import type { Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { loadArrays } from '../model/artifact.js';
import type { Model } from '../model/model.js';
import { open } from '../model/open.js';
import { SavedModel } from '../model/saved.js';
import type { PyValue } from '../pickle/values.js';
import type { VerifyReport } from '../verify/index.js';
import { failed } from './failed.js';
import { Vetting } from './names.js';
import { sameObject } from './same.js';
import { sameInAllParts } from './same-parts.js';
import type { Comparison, OutputPart, Prepared, Subject, Target, TargetOptions } from './target.js';

export interface ConvertOptions extends TargetOptions {
  /** Verdicts on the input that do not stand in the way. */
  readonly allow?: readonly Exclude<Verdict, 'clean'>[] | undefined;
  /** Names that nobody knows and that are carried over all the same: `module.name`, or `module.*`. */
  readonly keepUnknown?: readonly string[] | undefined;
  /** Leaves out what prediction does not need. */
  readonly lean?: boolean | undefined;
}

/** Something that was left out. */
export interface Dropped {
  /** `RandomForestClassifier.oob_score_`. */
  readonly what: string;
  readonly why: string;
  readonly count: number;
  readonly bytes: number;
}

/** A conversion that is ready to be written. */
export interface Conversion {
  readonly target: string;
  readonly changes: readonly string[];
  readonly lost: readonly string[];
  readonly dropped: readonly Dropped[];
  /** Names that nobody knows and that the output holds because they were named. */
  readonly kept: readonly string[];
  readonly audit: AuditReport;
  /** The whole output, compressed if that was asked for. May be asked for once. */
  chunks(): Chunks;
  /** Files that lie beside the output, which needs them; none mostly. */
  readonly parts: readonly OutputPart[];
  /** Reads the output back and compares. Throws WRITE where it is not what went in: it must not be put in place. */
  verify(output: Source): Promise<Verified>;
}

export interface Verified {
  /** In a sentence or two. */
  readonly how: readonly string[];
  /** The comparison of answers, where there was one. */
  readonly answers: VerifyReport | undefined;
}

/**
 * Prepares to write `model` as `target`. Nothing is written, and nothing of it is run. The verdict on the input stands
 * in the way unless `allow` names it; names that nobody knows are refused unless `keepUnknown` lists them.
 *
 * Throws UNSUPPORTED for what is refused or cannot be said in that format, BAD_ARGUMENT for options that make no sense.
 */
export async function convert(model: Model, target: Target, options: ConvertOptions = {}): Promise<Conversion> {
  const audit = await model.audit();
  checkVerdict(audit, options);
  const saved = model instanceof SavedModel ? model : undefined;
  if (saved) await loadArrays(saved.artifact);
  const vetting = new Vetting({
    keepUnknown: options.keepUnknown ?? [],
    allUnknown: options.allow?.includes('unknown') ?? false,
  });
  let value: PyValue = saved?.value ?? null;
  let dropped: readonly Dropped[] = [];
  if (options.lean === true) {
    if (!saved) throw new BrineError('BAD_ARGUMENT', 'lean leaves out what Python saved; a graph has none of that');
    const leaned = (await import('./lean/index.js')).lean(value);
    value = leaned.value;
    dropped = leaned.dropped;
  }
  if (options.split && target.name !== 'joblib') {
    throw new BrineError(
      'BAD_ARGUMENT',
      `arrays go into files of their own beside a joblib file, and this is ${target.name}`,
    );
  }
  const subject = { model, saved, value, options, vet: vetting.vet };
  const prepared = await target.prepare(subject);
  vetting.settle();
  return {
    target: target.name,
    changes: prepared.changes,
    lost: prepared.lost,
    dropped,
    get kept() {
      return [...vetting.kept].sort();
    },
    audit,
    chunks: () => packed(prepared, options),
    parts: prepared.parts ?? [],
    verify: (output) => verified(subject, prepared, output),
  };
}

function packed(prepared: Prepared, { level }: ConvertOptions): Chunks {
  const encoding: Encoding | undefined = prepared.compress;
  const chunks = prepared.chunks();
  return encoding ? compress(encoding, chunks, level === undefined ? {} : { level }) : chunks;
}

function checkVerdict({ verdict, reason }: AuditReport, { allow = [] }: ConvertOptions): void {
  // Unknown names are vetted one by one.
  if (verdict === 'clean' || verdict === 'unknown' || allow.includes(verdict)) return;
  const said = verdict === 'dangerous' ? 'is dangerous' : 'could not be judged to its end';
  throw new BrineError(
    'UNSUPPORTED',
    `the input ${said}: ${reason}. It is not converted unless you allow it (--allow ${verdict})`,
  );
}

async function verified(subject: Subject, prepared: Prepared, output: Source): Promise<Verified> {
  const { model, value } = subject;
  const how: string[] = [];
  if (prepared.check === 'nothing')
    return { how: ['not compared: the output holds arrays, and no model'], answers: undefined };
  if (prepared.check === 'measured')
    return { how: ['its answers are near, as asked for: what is lost says how near'], answers: undefined };
  let back: Model;
  let comparison: Comparison | undefined;
  try {
    comparison = await prepared.compare?.(output);
    back = await open(output);
  } catch (error) {
    throw failed('the output cannot be read back', error);
  }
  try {
    if (prepared.check !== 'answers') {
      if (!(back instanceof SavedModel)) throw failed(`the output is read as ${back.format}`);
      const proven = await heldAgainst(value, back, prepared, comparison);
      how.push(...proven.how);
      // A program that is given the same object gives the same answers: making them twice would show nothing more.
      if (proven.same && value === subject.saved?.value) return { how, answers: undefined };
    }
    // What is written as the same bytes needs few rows; what differs on purpose needs all that can be made.
    const all = prepared.check === 'answers' || value !== subject.saved?.value;
    const { compared } = await import('./answers.js');
    const { answers, said } = await compared(model, back, all);
    return { how: [...how, said].flatMap((sentence) => sentence ?? []), answers };
  } finally {
    await back.close();
  }
}

/** Holds what was read back against what was written. `same`: it is the very same object, in all its parts. */
async function heldAgainst(
  value: PyValue,
  back: SavedModel,
  prepared: Prepared,
  comparison: Comparison | undefined,
): Promise<{ readonly same: boolean; readonly how: readonly string[] }> {
  await loadArrays(back.artifact);
  const read = back.artifact.value;
  const isSame = await sameInAllParts(value, read, comparison);
  if ((await comparison?.all()) === false) throw failed('the output does not hold what went in');
  if (isSame || (prepared.check === 'same' && (await sameObject(value, read))))
    return { same: true, how: ['read back, it is the same object, bit for bit'] };
  if (prepared.check === 'same') throw failed('the output does not hold what went in');
  if (!(await prepared.again?.(read))) throw failed('the output, read and written again, is another');
  return { same: false, how: ['read back and written again, it is the same in all its parts, byte for byte'] };
}
