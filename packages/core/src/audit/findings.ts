import type { Rulebook } from './policy.js';
import type { Finding, FindingDetails, FindingPlace } from './report.js';
import { rules, type RuleId } from './rules/index.js';

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
    const { severity, cwe, advice } = rules[rule] as (typeof rules)[RuleId] & { readonly cwe?: string };
    const verdict = this.#policy.verdict(rule);
    const most = verdict === 'dangerous' || verdict === 'incomplete' ? 2 * this.#limit : this.#limit;
    if (this.list.length >= most) return;
    const key = JSON.stringify([rule, members, offset ?? null, message]);
    // The same place is looked at once for every plausible reading.
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const where: FindingPlace = {
      file,
      ...(members.length === 0 ? {} : { members }),
      ...(offset === undefined ? {} : { offset }),
      ...(path === undefined || path === '' ? {} : { path }),
    };
    this.list.push({
      rule,
      severity,
      verdict,
      where,
      message,
      ...(cwe === undefined ? {} : { cwe }),
      advice,
      ...details,
    });
  }
}
