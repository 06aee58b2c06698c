import type { Rulebook } from './policy.js';
import type { Finding, FindingDetails, FindingPlace } from './report.js';
import { rules, type RuleId } from './rules/index.js';
import type { Rule } from './rules/rule.js';

/** Names in a file may be as long as the file. */
const MAX_MESSAGE = 1000;

/** What was found in one file, up to a limit; the dangerous findings first to be kept. */
export class Findings {
  readonly list: Finding[] = [];
  readonly #limit: number;
  readonly #policy: Rulebook;
  readonly #seen = new Set<string>();

  constructor(policy: Rulebook, limit: number) {
    this.#policy = policy;
    this.#limit = limit;
  }

  add(
    rule: RuleId,
    message: string,
    file: string,
    members: readonly string[],
    { offset, path, ...details }: FindingDetails = {},
  ): void {
    const { severity, cwe, advice } = rules[rule] as Rule;
    const where: FindingPlace = {
      file,
      ...(members.length === 0 ? {} : { members }),
      ...(offset === undefined ? {} : { offset }),
      ...(path === undefined || path === '' ? {} : { path }),
    };
    this.take({
      rule,
      severity,
      verdict: this.#policy.verdict(rule),
      where,
      message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message,
      ...(cwe === undefined ? {} : { cwe }),
      advice,
      ...details,
    });
  }

  /** Adds a finding as it is, unless the same was said of the same place: every plausible reading looks at it once. */
  take(finding: Finding): void {
    const { rule, verdict, where, message } = finding;
    const most = verdict === 'dangerous' || verdict === 'incomplete' ? 2 * this.#limit : this.#limit;
    if (this.list.length >= most) return;
    const key = JSON.stringify([rule, where.members ?? null, where.offset ?? null, message]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.list.push(finding);
  }
}
