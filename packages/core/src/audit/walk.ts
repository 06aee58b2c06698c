import { decompress, type Compression } from '../bytes/decompress.js';
import type { ExpansionBudget } from '../bytes/expansion.js';
import { canStream, inflating } from '../bytes/inflating.js';
import { BufferSource, type Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { formatNames, identify, type Format, type Identity } from '../formats/identify/index.js';
import type { AuditBudget } from './budget.js';
import type { AuditContext, PickleReceiver } from './examiner.js';
import { Findings } from './findings.js';
import { examiners } from './formats/index.js';
import { judgeName, type NameJudgement } from './judge.js';
import type { Rulebook } from './policy.js';
import { otherReadings } from './readings.js';
import { sentence, type Finding, type FindingDetails } from './report.js';
import type { RuleId } from './rules/index.js';

/** Kinds of content in which nothing is that a program would run, or take for a model. */
export const inert: ReadonlySet<Format> = new Set<Format>([
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

/** The audit of one file: everything inside it shares findings, budget and policy. */
export class Walk {
  readonly file: string;
  readonly budget: AuditBudget;
  readonly policy: Rulebook;
  readonly findings: Findings;
  readonly names = new Set<string>();

  readonly read: PickleReceiver | undefined;

  constructor(file: string, budget: AuditBudget, policy: Rulebook, read?: PickleReceiver) {
    this.file = file;
    this.read = read;
    this.budget = budget;
    this.policy = policy;
    this.findings = new Findings(policy, budget.limits.findings);
  }

  /** Examines a source, and everything inside it. Gives what it was recognised as; undefined where that failed. */
  async visit(source: Source, members: readonly string[]): Promise<Identity | undefined> {
    const place = new Place(this, members);
    try {
      if (members.length > this.budget.limits.depth) this.#tooDeep(members.length);
      if (members.length > 0) this.budget.member();
      const identity = await identify(source, members.at(-1) ?? source.name);
      place.identity = identity;
      await this.#examine(source, identity, place);
      return identity;
    } catch (error) {
      place.failed(error);
      return place.identity;
    }
  }

  async #examine(source: Source, identity: Identity, place: Place): Promise<void> {
    const { format, problem } = identity;
    if (this.policy.forbids(format))
      place.report('forbidden-format', `it is ${article(formatNames[format])}, which the policy forbids`);
    const content = await this.#expanded(source, identity.compression, place);
    if (content === undefined) return;
    if (format === 'zip' && identity.compression.length > 0) {
      // What an archive is, its directory tells; and that lies at the end of what was compressed.
      const inner = await identify(content, place.members.at(-1) ?? source.name);
      if (inner.format !== format && inner.compression.length === 0) {
        place.identity = { ...inner, compression: identity.compression };
        return this.#examine(content, inner, place);
      }
    }
    const examiner = examiners[format];
    if (examiner !== undefined) await this.#run(examiner, content, place);
    for (const other of await otherReadings(content, format)) {
      const load = examiners[other];
      if (load !== undefined) await this.#trial(load, content, place, other);
    }
    if (examiner === undefined) say(format, identity, place);
    const damaged = problem !== undefined && problem.code !== 'NOT_A_MODEL' && problem.code !== 'UNKNOWN_FORMAT';
    if (damaged && !absent.has(format) && identity.compression.length === 0) place.failed(problem);
  }

  /** The content under all compression; undefined, and a finding, where it cannot be had. */
  async #expanded(source: Source, compression: readonly Compression[], place: Place): Promise<Source | undefined> {
    let content = source;
    try {
      for (const codec of compression) content = await expanded(codec, content, this.budget.expansion);
      return content;
    } catch (error) {
      place.failed(error);
      return undefined;
    }
  }

  async #run(load: NonNullable<(typeof examiners)[Format]>, source: Source, place: Place): Promise<void> {
    try {
      const { examiner } = await load();
      await examiner.examine(source, place);
    } catch (error) {
      place.failed(error);
    }
  }

  /** Another reading of the same bytes: what it would do counts, what it would merely stumble over does not. */
  async #trial(
    load: NonNullable<(typeof examiners)[Format]>,
    source: Source,
    place: Place,
    format: Format,
  ): Promise<void> {
    const trial = new Walk(this.file, this.budget, this.policy);
    const aside = new Place(trial, place.members);
    aside.identity = { ...place.identity, format };
    await trial.#run(load, source, aside);
    this.#take(trial, true);
  }

  /** Examines what may be anything; see `AuditContext.suspected`. */
  async suspect(source: Source, members: readonly string[], place: AuditContext): Promise<void> {
    try {
      if (members.length > this.budget.limits.depth) this.#tooDeep(members.length);
      const trial = new Walk(this.file, this.budget, this.policy);
      const identity = await trial.visit(source, members);
      const whole =
        identity !== undefined &&
        !inert.has(identity.format) &&
        !trial.findings.list.some(({ rule, verdict }) => verdict === 'incomplete' || rule === 'not-examined');
      this.#take(trial, !whole);
      if (whole) {
        for (const name of trial.names) this.names.add(name);
        const what = `${members.at(-1) ?? ''} are ${article(formatNames[identity.format])} of ${source.size} bytes`;
        place.report('hidden-pickle', `${what}, which was examined as well`);
      }
    } catch (error) {
      place.failed(error);
    }
  }

  #tooDeep(depth: number): never {
    return this.budget.over('depth', `archives or pickles within each other, ${depth} deep`);
  }

  /** Takes over what a trial found: all of it, or only what is dangerous. */
  #take(trial: Walk, onlyDangerous: boolean): void {
    for (const finding of trial.findings.list) {
      if (onlyDangerous && (finding.verdict !== 'dangerous' || finding.rule === 'two-readings')) continue;
      // Python ends with an error at such an import: text or an archive that is read as opcodes.
      if (onlyDangerous && finding.name?.includes('\0') === true) continue;
      if (onlyDangerous && this.findings.list.some((before) => isOf(before, finding))) continue;
      this.findings.take(finding);
    }
  }
}

/** Is it said already of the same bytes, reached by a longer way? A zip at the end of a tar is read as both. */
function isOf(before: Finding, { rule, message, call, where }: Finding): boolean {
  const way = before.where.members ?? [];
  const members = where.members ?? [];
  return (
    before.rule === rule &&
    before.message === message &&
    before.call === call &&
    before.where.offset === where.offset &&
    members.length > 0 &&
    members.length <= way.length &&
    members.every((member, i) => member === way[way.length - members.length + i])
  );
}

/** Compressed bytes of which the content may be more than is held in memory: measured first. */
const MEASURED_ABOVE = 4 * 1024 * 1024;
/** Content up to this size is held in memory, where everything is a view on it. */
const HELD = 64 * 1024 * 1024;

/** Decompressed content: in memory where it is small, else read again as it is needed. */
async function expanded(codec: Compression, source: Source, budget: ExpansionBudget): Promise<Source> {
  if (source.size > MEASURED_ABOVE && canStream(codec)) {
    const streamed = await inflating(codec, source, budget);
    if (streamed.size > HELD) {
      budget.spend(streamed.size);
      return streamed;
    }
    await streamed.close?.();
  }
  return new BufferSource(await decompress(codec, source, budget), source.name);
}

/** What is to be said of a format that nobody examines. */
function say(format: Format, { why, problem }: Identity, place: Place): void {
  if (absent.has(format)) {
    place.report('unreadable', problem === undefined ? `this is an ${formatNames[format]}` : sentence(problem));
  } else if (inert.has(format)) {
    if (place.members.length === 0) place.report('not-a-model', `this is ${article(formatNames[format])}: ${why}`);
  } else if (format === 'unknown') {
    const what = problem === undefined ? 'its content is of no format that brine knows' : sentence(problem);
    place.report('not-examined', what);
  } else {
    place.report('not-examined', `this is ${article(formatNames[format])}, which brine does not examine yet`);
  }
}

export function article(noun: string): string {
  return /^(XML|JSON|text|safetensors|ONNX|Core ML|GGUF|PMML|XGBoost|LightGBM|CatBoost|TorchScript|TensorFlow|Keras|HDF5|NumPy|PyTorch|Weka|skops|joblib)/.test(
    noun,
  )
    ? noun
    : `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

const nothingKnown: Identity = { format: 'unknown', compression: [], confidence: 'guess', why: '' };

const UNSUPPORTED =
  'Unpack or convert it with a program that reads it, and scan what comes out. Until then do not load it: nobody has looked at all of it.';

/** One source within the walk. */
class Place implements AuditContext {
  identity: Identity = nothingKnown;
  readonly members: readonly string[];
  readonly #walk: Walk;

  constructor(walk: Walk, members: readonly string[]) {
    this.#walk = walk;
    this.members = members;
  }

  get file(): string {
    return this.#walk.file;
  }

  get budget(): AuditBudget {
    return this.#walk.budget;
  }

  get policy(): Rulebook {
    return this.#walk.policy;
  }

  get read(): PickleReceiver | undefined {
    return this.members.length === 0 && this.identity.compression.length === 0 ? this.#walk.read : undefined;
  }

  report(rule: RuleId, message: string, details?: FindingDetails): void {
    this.#walk.findings.add(rule, message, this.file, this.members, details);
  }

  incomplete(why: string, details?: FindingDetails): void {
    this.report('unreadable', why, details);
  }

  failed(error: unknown): void {
    if (!(error instanceof BrineError)) {
      // A reader that fails otherwise than it should is our defect, and no reason to let the file in, nor to stop.
      this.incomplete(`brine failed to read it (please report this): ${String(error)}`);
      return;
    }
    if (error.code === 'ABORTED' || error.code === 'READ') throw error;
    const { offset, path } = error.place;
    const details = {
      ...(offset === undefined ? {} : { offset }),
      ...(path === undefined ? {} : { path }),
      // A fresh copy would be no better.
      ...(error.code === 'UNSUPPORTED' ? { advice: UNSUPPORTED } : {}),
    };
    this.report(error.code === 'LIMIT' ? 'limit-reached' : 'unreadable', sentence(error), details);
  }

  async nested(source: Source, member: string): Promise<void> {
    await this.#walk.visit(source, [...this.members, member]);
  }

  async suspected(source: Source, member: string): Promise<void> {
    await this.#walk.suspect(source, [...this.members, member], this);
  }

  within(member: string): AuditContext {
    const place = new Place(this.#walk, [...this.members, member]);
    place.identity = this.identity;
    return place;
  }

  judge(module: string, name: string): NameJudgement {
    return judgeName(module, name, this.policy);
  }

  named(module: string, name: string): void {
    this.#walk.names.add(`${module}.${name}`);
  }
}
