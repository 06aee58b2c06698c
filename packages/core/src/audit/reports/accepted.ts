import { BrineError } from '../../errors.js';
import { verdictOf, type AuditReport, type Finding } from '../report.js';

/** One finding that somebody has looked at and accepted: of one file by its hash, one rule, one place. */
export interface AcceptedFinding {
  readonly sha256: string;
  readonly rule: string;
  /** Members, byte and path; see `acceptanceOf`. */
  readonly place: string;
  /** For people: what file it was, and what was said of it. */
  readonly file?: string;
  readonly message?: string;
}

export interface Baseline {
  readonly version: 1;
  readonly accepted: readonly AcceptedFinding[];
}

/** What a baseline keeps of a finding in a file with this hash. Any change of the file makes it void. */
export function acceptanceOf(finding: Finding, sha256: string): AcceptedFinding {
  const { rule, where, message } = finding;
  const place = [...(where.members ?? []), where.offset === undefined ? '' : String(where.offset)].join('\u2192');
  return { sha256, rule, place, file: where.file, message };
}

/** Checks a baseline that was read from a file. @throws BAD_ARGUMENT */
export function parseBaseline(content: unknown, file?: string): Baseline {
  const wrong = (what: string): BrineError =>
    new BrineError(
      'BAD_ARGUMENT',
      `the baseline ${what} (--write-baseline writes one)`,
      file === undefined ? {} : { file },
    );
  if (typeof content !== 'object' || content === null || !('version' in content) || !('accepted' in content))
    throw wrong('has no version and no list "accepted"');
  if (content.version !== 1) throw wrong(`is of version ${String(content.version)}; known is 1`);
  if (!Array.isArray(content.accepted)) throw wrong('has no list "accepted"');
  for (const entry of content.accepted as unknown[]) {
    const isWhole =
      typeof entry === 'object' &&
      entry !== null &&
      'sha256' in entry &&
      'rule' in entry &&
      'place' in entry &&
      [entry.sha256, entry.rule, entry.place].every((part) => typeof part === 'string');
    if (!isWhole) throw wrong('has an entry without sha256, rule and place');
  }
  return content as Baseline;
}

/** The findings of a report that a baseline accepts, and the verdict without them. */
export function applyBaseline(
  report: AuditReport,
  sha256: string,
  baseline: Baseline,
): { report: AuditReport; accepted: Finding[] } {
  const known = new Set(
    baseline.accepted.filter((entry) => entry.sha256 === sha256).map((entry) => `${entry.rule} ${entry.place}`),
  );
  const isAccepted = (finding: Finding): boolean => {
    const { rule, place } = acceptanceOf(finding, sha256);
    return known.has(`${rule} ${place}`);
  };
  const accepted = report.findings.filter(isAccepted);
  if (accepted.length === 0) return { report, accepted };
  const left = report.findings.filter((finding) => !isAccepted(finding));
  const verdict = verdictOf(left);
  const decisive = left.find((finding) => finding.verdict === verdict);
  const said = `${accepted.length} ${accepted.length === 1 ? 'finding' : 'findings'} accepted by the baseline`;
  const reason = decisive === undefined ? said : decisive.message;
  return { report: { ...report, verdict, reason }, accepted };
}
