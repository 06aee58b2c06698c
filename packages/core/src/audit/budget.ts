import { ExpansionBudget } from '../bytes/expansion.js';
import { BrineError } from '../errors.js';
import type { PickleLimits } from '../pickle/limits.js';
import type { Spent } from '../pickle/read.js';
import { AUDIT_LIMITS, type AuditLimits } from './limits.js';

const MiB = 1024 * 1024;

/** Python makes an array of this length, of 8 bytes each (CWE-789). */
const MAX_MEMO_INDEX = 2 ** 27;

/** What a list, dict, tuple, byte string or call takes, with what holds it: measured between 100 and 230. */
const BYTES_PER_OBJECT = 170;

/** What the audit of one file has cost so far. Everything inside the file shares it. */
export class AuditBudget {
  readonly limits: AuditLimits;
  readonly signal: AbortSignal | undefined;
  /** How far compressed content may still expand; for readers that take one. */
  readonly expansion: ExpansionBudget;
  /** The opcodes of all pickles; for `readPickle`. */
  readonly spent: Spent = { opcodes: 0, milliseconds: 0 };
  readonly pickle: Partial<PickleLimits>;
  readonly #deadline: number;
  #members = 0;

  /** @param size bytes of the file as it is: large ones may take longer. */
  constructor(size: number, limits: Partial<AuditLimits> = {}, signal?: AbortSignal) {
    this.limits = { ...AUDIT_LIMITS, ...limits };
    this.signal = signal;
    const { member, ratio, ratioExempt, totalExempt, opcodes, milliseconds, millisecondsPerMiB } = this.limits;
    const time = milliseconds + (millisecondsPerMiB * size) / MiB;
    const total = Math.min(this.limits.total, Math.max(totalExempt, ratio * size));
    this.expansion = new ExpansionBudget({ member, total, ratio, ratioExempt, runningExempt: ratioExempt });
    this.pickle = { opcodes, milliseconds: time, memoIndex: MAX_MEMO_INDEX };
    this.#deadline = performance.now() + time;
  }

  /** The limits of a pickle of so many bytes, within the file's. */
  pickleLimits(size: number): Partial<PickleLimits> {
    const { memoryRatio, memoryExempt } = this.limits;
    return { ...this.pickle, objects: Math.ceil((memoryExempt + memoryRatio * size) / BYTES_PER_OBJECT) };
  }

  /** Counts a member. Throws LIMIT where there are too many, and where the time is over. */
  member(): void {
    if (++this.#members > this.limits.members) this.over('members', `more than ${this.limits.members} members`);
    this.check();
  }

  /** To be called once in a while by whoever works long. Throws LIMIT and ABORTED. */
  check(): void {
    if (this.signal?.aborted === true) throw new BrineError('ABORTED', 'the audit was cancelled');
    if (performance.now() > this.#deadline) this.over('milliseconds', 'more work than a file of its size may need');
  }

  /** Throws LIMIT with the name of the limit and how to raise it. */
  over(which: keyof AuditLimits, what: string): never {
    throw new BrineError(
      'LIMIT',
      `${what}: the limit "${which}" of ${this.limits[which]} was reached (a policy may raise it)`,
    );
  }
}
