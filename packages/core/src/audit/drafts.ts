import type { PyValue } from '../pickle/values.js';
import type { AuditContext } from './examiner.js';
import { pathsIn } from './paths.js';
import type { FindingDetails } from './report.js';
import type { RuleId } from './rules/index.js';

/** A finding before it is known whether a larger one takes its place. */
export interface Draft extends FindingDetails {
  readonly rule: RuleId;
  readonly message: string;
  readonly offset: number;
  /** The object in the file that it is about. */
  anchor?: object;
  count?: number;
}

/** As many times the findings that are kept, and reading stops. */
const FLOOD = 20;

/** What was found in one pickle, while it is read. */
export class Drafts {
  readonly #context: AuditContext;
  readonly #all = new Set<Draft>();
  readonly #byKey = new Map<string, Draft>();
  readonly #byAnchor = new Map<object, Draft[]>();
  #last: Draft | undefined;
  #refused = 0;

  constructor(context: AuditContext) {
    this.#context = context;
  }

  get all(): Iterable<Draft> {
    return this.#all;
  }

  /** Adds a finding. One with a `key` is said once; what comes again is counted. */
  add(
    rule: RuleId,
    offset: number,
    message: string,
    details: FindingDetails & { anchor?: object } = {},
    key?: string,
  ): void {
    if (key !== undefined) {
      const before = this.#byKey.get(key);
      if (before !== undefined) {
        before.count = (before.count ?? 1) + 1;
        return;
      }
    }
    if (!this.hasRoom(rule)) return;
    const draft: Draft = { rule, offset, message, ...details };
    this.#all.add(draft);
    this.#last = draft;
    if (key !== undefined) this.#byKey.set(key, draft);
    if (draft.anchor !== undefined) this.#tie(draft, draft.anchor);
  }

  /**
   * May another finding of this rule be added? To be asked before its text is put together. A file that goes on and on is
   * read no further.
   */
  hasRoom(rule: RuleId): boolean {
    const { budget, policy } = this.#context;
    const { findings } = budget.limits;
    if (this.#all.size < findings || (this.#all.size < 2 * findings && policy.verdict(rule) === 'dangerous'))
      return true;
    if (++this.#refused > FLOOD * findings)
      budget.over('findings', `more than ${FLOOD * findings} things to find in it`);
    return false;
  }

  /** The call at `offset` gave `result`: what was said of the call is about that. */
  made(result: object, offset: number): void {
    const last = this.#last;
    if (last?.offset !== offset || last.anchor === result) return;
    last.anchor = result;
    this.#tie(last, result);
  }

  /** Takes back what was said under these keys: more is known by now. */
  withdraw(keys: Iterable<string>): void {
    for (const key of keys) {
      const draft = this.#byKey.get(key);
      if (draft !== undefined) this.#all.delete(draft);
    }
  }

  /** Takes back what was said of the parts of a call that is now told as a whole. */
  fold(parts: Iterable<object>): void {
    if (this.#byAnchor.size === 0) return;
    for (const part of parts) {
      for (const draft of this.#byAnchor.get(part) ?? [])
        if (draft.rule === 'unknown-call' || this.#context.policy.verdict(draft.rule) === 'dangerous')
          this.#all.delete(draft);
    }
  }

  /** Reports everything. `root` is what the pickle holds: where in it, is said as well. */
  report(root?: PyValue): void {
    const anchors = new Set<object>();
    for (const { anchor } of this.#all) if (anchor !== undefined) anchors.add(anchor);
    const paths = root === undefined || anchors.size === 0 ? undefined : pathsIn(root, anchors);
    for (const { rule, message, anchor, ...details } of this.#all) {
      const path = anchor === undefined ? undefined : paths?.get(anchor);
      this.#context.report(rule, message, path === undefined ? details : { ...details, path });
    }
  }

  #tie(draft: Draft, anchor: object): void {
    const drafts = this.#byAnchor.get(anchor);
    if (drafts === undefined) this.#byAnchor.set(anchor, [draft]);
    else drafts.push(draft);
  }
}
