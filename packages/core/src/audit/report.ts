import type { BrineError } from '../errors.js';
import type { Format } from '../formats/identify/index.js';
import { rules, type RuleId } from './rules.js';

/**
 * `dangerous`: a named reason. `incomplete`: not read to its end. `unknown`: read wholly, but holds what nobody
 * vouches for. `clean`: read wholly, and every name is exactly one that is vouched for.
 */
export type Verdict = 'dangerous' | 'incomplete' | 'unknown' | 'clean';

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** Where something was found: file, member of an archive, byte of the (decompressed) stream. */
export interface FindingPlace {
  readonly file: string;
  readonly offset?: number;
  /** The member of an archive. */
  readonly path?: string;
}

export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly where: FindingPlace;
  /** One sentence: what it is, and what it would do. */
  readonly message: string;
  /** What Python would run, as Python. */
  readonly call?: string;
  /** The name in question. */
  readonly name?: string;
  /** How often, where more than once. */
  readonly count?: number;
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

/** The verdict of several files, or of a file's findings. */
export function worst(several: Iterable<Verdict>): Verdict {
  const seen = new Set(several);
  return verdicts.find((verdict) => seen.has(verdict)) ?? 'clean';
}

export function verdictOf(findings: readonly Finding[]): Verdict {
  return worst(findings.map((finding) => rules[finding.rule].verdict));
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
