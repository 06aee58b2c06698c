import { BrineError } from '../errors.js';
import { formatNames, type Format } from '../formats/identify/index.js';
import { AUDIT_LIMITS, type AuditLimits } from './limits.js';
import { rules, type RuleId } from './rules/index.js';

/**
 * What whoever scans adds to what is known: names of their own to vouch for, names, formats and rules to forbid, other
 * limits. It comes from the caller alone; what a file says of itself is never believed.
 */
export interface Policy {
  readonly names?: {
    /** `acme.models.Churn`, or `acme.models.*` for every plain name in that module and those below it. */
    readonly vouch?: readonly string[];
    readonly forbid?: readonly string[];
  };
  readonly formats?: { readonly forbid?: readonly Format[] };
  readonly rules?: {
    /** Findings of these make a file dangerous. */
    readonly forbid?: readonly RuleId[];
    /** Findings of these change no verdict; only rules whose verdict is `unknown`. */
    readonly accept?: readonly RuleId[];
  };
  readonly limits?: Partial<AuditLimits>;
}

/** A module path: identifiers with dots between. */
const PLAIN = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/** Names by pattern, as policies write them. */
export class NamePatterns {
  readonly #exact: ReadonlySet<string>;
  readonly #prefixes: readonly string[];

  constructor(patterns: readonly string[] = []) {
    this.#exact = new Set(patterns.filter((pattern) => !pattern.endsWith('.*')));
    this.#prefixes = patterns.filter((pattern) => pattern.endsWith('.*')).map((pattern) => pattern.slice(0, -2));
  }

  get isEmpty(): boolean {
    return this.#exact.size === 0 && this.#prefixes.length === 0;
  }

  exact(module: string, name: string): boolean {
    return this.#exact.has(`${module}.${name}`);
  }

  /** By a wildcard: of the module itself and those below, never by a mere beginning of its name. */
  within(module: string): boolean {
    return this.#prefixes.some((prefix) => module === prefix || module.startsWith(`${prefix}.`));
  }
}

/** A policy, looked up. */
export class Rulebook {
  readonly vouched: NamePatterns;
  readonly forbidden: NamePatterns;
  readonly limits: Partial<AuditLimits>;
  readonly #formats: ReadonlySet<Format>;
  readonly #forbiddenRules: ReadonlySet<RuleId>;
  readonly #accepted: ReadonlySet<RuleId>;

  constructor(policy: Policy = {}) {
    this.vouched = new NamePatterns(policy.names?.vouch);
    this.forbidden = new NamePatterns(policy.names?.forbid);
    this.limits = policy.limits ?? {};
    this.#formats = new Set(policy.formats?.forbid);
    this.#forbiddenRules = new Set(policy.rules?.forbid);
    this.#accepted = new Set(policy.rules?.accept);
  }

  forbids(format: Format): boolean {
    return this.#formats.has(format);
  }

  /** What a finding of the rule makes of the file. */
  verdict(rule: RuleId): (typeof rules)[RuleId]['verdict'] {
    if (this.#forbiddenRules.has(rule)) return 'dangerous';
    return this.#accepted.has(rule) ? 'information' : rules[rule].verdict;
  }
}

export const noPolicy = new Rulebook();

/**
 * Checks a policy that somebody wrote: every key, every name, every figure.
 *
 * @throws BAD_ARGUMENT, saying which entry is wrong and what may stand there.
 */
export function parsePolicy(content: unknown, file?: string): Policy {
  const place = file === undefined ? {} : { file };
  const wrong = (path: string, what: string): never => {
    throw new BrineError('BAD_ARGUMENT', `the policy's ${path} ${what}`, place);
  };
  const object = (value: unknown, path: string, keys: readonly string[]): Record<string, unknown> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(path, 'is no object');
    for (const key of Object.keys(value)) {
      if (!keys.includes(key)) wrong(path, `has the key ${JSON.stringify(key)}; it takes ${keys.join(', ')}`);
    }
    return value as Record<string, unknown>;
  };
  const list = (value: unknown, path: string, check: (entry: string) => string | undefined): string[] => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) return wrong(path, 'is no list');
    for (const entry of value) {
      const problem = typeof entry === 'string' ? check(entry) : 'is no text';
      if (problem !== undefined) wrong(path, `has ${JSON.stringify(entry)}, which ${problem}`);
    }
    return value as string[];
  };
  const name = (entry: string): string | undefined => {
    const path = entry.endsWith('.*') ? entry.slice(0, -2) : entry;
    if (path.includes('*')) return 'has a * elsewhere than at its end, behind a dot';
    if (!PLAIN.test(path)) return 'is no module and name such as acme.models.Churn or acme.models.*';
    return !entry.endsWith('.*') && !entry.includes('.') ? 'is one word; a module and a name are two' : undefined;
  };
  const isRule = (entry: string): string | undefined =>
    Object.hasOwn(rules, entry) ? undefined : 'is no rule (brine scan --rules lists them)';

  const top = object(content, 'content', ['names', 'formats', 'rules', 'limits']);
  const names = object(top['names'] ?? {}, 'names', ['vouch', 'forbid']);
  const formats = object(top['formats'] ?? {}, 'formats', ['forbid']);
  const ruleLists = object(top['rules'] ?? {}, 'rules', ['forbid', 'accept']);
  const limits = object(top['limits'] ?? {}, 'limits', Object.keys(AUDIT_LIMITS));
  for (const [which, figure] of Object.entries(limits)) {
    if (typeof figure !== 'number' || !(figure > 0)) wrong(`limits.${which}`, 'is no positive number');
  }
  return {
    names: { vouch: list(names['vouch'], 'names.vouch', name), forbid: list(names['forbid'], 'names.forbid', name) },
    formats: {
      forbid: list(formats['forbid'], 'formats.forbid', (entry) =>
        Object.hasOwn(formatNames, entry)
          ? undefined
          : `is no format; known are ${Object.keys(formatNames).join(', ')}`,
      ) as Format[],
    },
    rules: {
      forbid: list(ruleLists['forbid'], 'rules.forbid', isRule) as RuleId[],
      accept: list(ruleLists['accept'], 'rules.accept', (entry) => {
        const unknown = isRule(entry);
        if (unknown !== undefined) return unknown;
        const { verdict } = rules[entry as RuleId];
        return verdict === 'unknown' || verdict === 'information'
          ? undefined
          : `makes files ${verdict}, and cannot be accepted in general (a baseline accepts single findings)`;
      }) as RuleId[],
    },
    limits: limits,
  };
}
