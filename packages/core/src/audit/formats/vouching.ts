import type { AuditContext } from '../examiner.js';
import type { NameJudgement } from '../judge.js';
import { NamePatterns, Rulebook } from '../policy.js';
import type { RuleId } from '../rules/index.js';

type Vouches = (module: string, name: string) => boolean;

/**
 * A context in which a format's own names are known, such as the classes that a TorchScript archive defines. Names that
 * are denied stay so.
 */
export function vouching(context: AuditContext, vouches: Vouches): AuditContext {
  return {
    file: context.file,
    members: context.members,
    identity: context.identity,
    budget: context.budget,
    policy: new FormatPolicy(context.policy, vouches),
    report: context.report.bind(context),
    incomplete: context.incomplete.bind(context),
    failed: context.failed.bind(context),
    nested: context.nested.bind(context),
    suspected: context.suspected.bind(context),
    named: context.named.bind(context),
    within: (member) => vouching(context.within(member), vouches),
    judge: (module, name): NameJudgement => {
      const judged = context.judge(module, name);
      return judged.kind === 'unknown' && vouches(module, name) ? { kind: 'known', source: 'format' } : judged;
    },
  };
}

/** The caller's policy, and what a format vouches for. */
class FormatPolicy extends Rulebook {
  override readonly vouched: NamePatterns;
  override readonly forbidden: NamePatterns;
  readonly #base: Rulebook;

  constructor(base: Rulebook, vouches: Vouches) {
    super();
    this.#base = base;
    this.vouched = new FormatNames(base.vouched, vouches);
    this.forbidden = base.forbidden;
  }

  override forbids(format: Parameters<Rulebook['forbids']>[0]): boolean {
    return this.#base.forbids(format);
  }

  override verdict(rule: RuleId): ReturnType<Rulebook['verdict']> {
    return this.#base.verdict(rule);
  }
}

class FormatNames extends NamePatterns {
  readonly #base: NamePatterns;
  readonly #vouches: Vouches;

  constructor(base: NamePatterns, vouches: Vouches) {
    super();
    this.#base = base;
    this.#vouches = vouches;
  }

  override get isEmpty(): boolean {
    return false;
  }

  override exact(module: string, name: string): boolean {
    return this.#base.exact(module, name) || this.#vouches(module, name);
  }

  override within(module: string): boolean {
    return this.#base.within(module);
  }
}
