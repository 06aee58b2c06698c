import type { BrineError } from '../errors.js';
import type { Format } from '../formats/identify/index.js';
import type { RuleId } from './rules/index.js';
import type { RuleVerdict, Severity } from './rules/rule.js';

/**
 * `dangerous`: a named reason. `incomplete`: not read to its end. `unknown`: read wholly, but holds what nobody
 * vouches for. `clean`: read wholly, and every name is exactly one that is vouched for.
 */
export type Verdict = 'dangerous' | 'incomplete' | 'unknown' | 'clean';

/** Where something was found: file → members of archives, from the outside in → byte → path in the object. */
export interface FindingPlace {
  readonly file: string;
  /** The way through archives: `['inner.zip', 'data.pkl']`. Absent where the file itself is meant. */
  readonly members?: readonly string[];
  /** A byte of the innermost member, after decompression. */
  readonly offset?: number;
  /** Inside the object that the file holds, as Python: `['model'].steps[1][1]`. */
  readonly path?: string;
}

/** What may be said of a finding beyond its rule and its sentence. */
export interface FindingDetails {
  readonly offset?: number;
  readonly path?: string;
  /** What Python would run, as Python. */
  readonly call?: string;
  /** What that would do, in a sentence: `runs the command "id" in a shell`. */
  readonly does?: string;
  /** The name in question. */
  readonly name?: string;
  /** Where it differs from the rule's. */
  readonly severity?: Severity;
  readonly cwe?: string;
  /** A public advisory on this very trick: a CVE or GHSA number. */
  readonly advisory?: string;
  /** What to do, where it differs from the rule's. */
  readonly advice?: string;
  /** How often, where more than once. */
  readonly count?: number;
}

export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What a file with such a finding is at best; `information` leaves it clean. */
  readonly verdict: RuleVerdict;
  readonly where: FindingPlace;
  /** One sentence: what it is. */
  readonly message: string;
  readonly call?: string;
  readonly does?: string;
  readonly name?: string;
  readonly count?: number;
  readonly cwe?: string;
  readonly advisory?: string;
  /** What to do about it. */
  readonly advice: string;
}

export interface AuditReport {
  readonly verdict: Verdict;
  readonly file: string;
  readonly format: Format;
  /** One sentence: why this verdict. */
  readonly reason: string;
  readonly findings: readonly Finding[];
  /** How many different names Python would import to load it. */
  readonly names: number;
  /** False if the content is of a kind that holds no model (text, tables, images): nothing to judge. */
  readonly model: boolean;
}

/** From the worst to the best: the verdict of several files is the first that one of them has. */
export const verdicts: readonly Verdict[] = ['dangerous', 'incomplete', 'unknown', 'clean'];

/** The verdict of several files. */
export function worst(several: Iterable<Verdict>): Verdict {
  const seen = new Set(several);
  return verdicts.find((verdict) => seen.has(verdict)) ?? 'clean';
}

/** The verdict of a file's findings. */
export function verdictOf(findings: readonly Pick<Finding, 'verdict'>[]): Verdict {
  return worst(findings.map(({ verdict }) => (verdict === 'information' ? 'clean' : verdict)));
}

/** An error's message without its place, which the finding has anyway. */
export function sentence({ message, place }: BrineError): string {
  const parts = [
    place.path === undefined || place.path === '' ? '' : `at ${place.path}`,
    place.offset === undefined ? '' : `at byte ${place.offset}`,
    place.file === undefined ? '' : `in ${place.file}`,
  ];
  const suffix = ` (${parts.filter((part) => part !== '').join(', ')})`;
  return message.endsWith(suffix) ? message.slice(0, -suffix.length) : message;
}
