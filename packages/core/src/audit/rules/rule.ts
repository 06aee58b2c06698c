export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** What a file with such a finding is at best; `information` says nothing against it. */
export type RuleVerdict = 'dangerous' | 'incomplete' | 'unknown' | 'information';

/** Makes a small file. */
export type Sample = () => Uint8Array;

/**
 * A rule: one file in this folder, named after its id, whose default export it is. `node tools/rules.mjs` puts it into
 * the index and into docs/rules.md; rules.test.ts runs its samples. Nothing else changes.
 */
export interface Rule {
  /** Part of the contract: people filter by it. */
  readonly id: string;
  /** To follow "the file": a few words. */
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: RuleVerdict;
  /** What a finding of this rule means, for somebody who has to decide: a few sentences. */
  readonly meaning: string;
  readonly cwe?: string;
  /** Public advisories on what it detects. */
  readonly advisories?: readonly string[];
  /** What to do. */
  readonly advice: string;
  /** By a few words about each: files that break the rule … */
  readonly bad: Readonly<Record<string, Sample>>;
  /** … and files that look similar and do not. */
  readonly good: Readonly<Record<string, Sample>>;
}

/** Keeps the id as a literal type, so that the index knows all of them. */
export function rule<const Id extends string>(of: Rule & { readonly id: Id }): Rule & { readonly id: Id } {
  return of;
}
