import type { Source } from '../bytes/source.js';
import type { Format, Identity } from '../formats/identify/index.js';
import type { PickleFile } from '../formats/pickle/read.js';
import type { PyGlobal } from '../pickle/values.js';
import type { AuditBudget } from './budget.js';
import type { NameJudgement } from './judge.js';
import type { Rulebook } from './policy.js';
import type { FindingDetails } from './report.js';
import type { RuleId } from './rules/index.js';

/**
 * Looks into one format (or some that are alike). An examiner lists what it finds by `context.report`, hands whatever
 * lies inside to `context.nested`, and says `context.incomplete` of what it could not look at: a format is clean only
 * if its examiner has read it wholly. BrineErrors that it throws become findings; nothing it throws ends the audit.
 */
export interface Examiner {
  readonly formats: readonly Format[];
  examine(source: Source, context: AuditContext): Promise<void>;
}

/** Hears what a file of pickles holds, and every name in it, once each and in its order. */
export type PickleReceiver = (file: PickleFile, names: readonly PyGlobal[]) => void;

/** What an examiner may do. One for each source that is examined; budget and policy are the whole file's. */
export interface AuditContext {
  /** The file as a whole, as messages call it. */
  readonly file: string;
  /** The way to the source being examined; empty for the file itself. */
  readonly members: readonly string[];
  /** What the source was recognised as; `compression` is what is still around it. */
  readonly identity: Identity;
  readonly budget: AuditBudget;
  readonly policy: Rulebook;
  /** Who wants what the file itself holds, where it is examined as what it is. */
  readonly read?: PickleReceiver | undefined;

  /** Adds a finding. The place is the source being examined; `details.offset` a byte of it. */
  report(rule: RuleId, message: string, details?: FindingDetails): void;

  /** This was not read to its end, and why: in a sentence. */
  incomplete(why: string, details?: FindingDetails): void;

  /** The same for an error: what it says and where; LIMIT becomes `limit-reached`. Rethrows ABORTED and READ. */
  failed(error: unknown): void;

  /**
   * Examines something that lies inside, as if it were a file of its own: content decides what it is, every plausible
   * reading is tried, and the same budget holds. Never throws but ABORTED and READ.
   */
  nested(source: Source, member: string): Promise<void>;

  /**
   * Examines bytes that may be anything, such as raw numbers: what is dangerous in them counts, and everything if they
   * turn out to be a whole pickle or archive. That they are of no known format says nothing.
   */
  suspected(source: Source, member: string): Promise<void>;

  /** The same for a member that the examiner reads itself: findings lie there. */
  within(member: string): AuditContext;

  /** What is known of a name, the policy included. Modules and names exactly as the reader resolves them. */
  judge(module: string, name: string): NameJudgement;

  /** Counts a name that loading would import, for the report's figure. */
  named(module: string, name: string): void;
}
