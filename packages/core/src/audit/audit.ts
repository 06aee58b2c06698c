import { BlobSource, BufferSource, type Source } from '../bytes/source.js';
import { AuditBudget } from './budget.js';
import type { PickleReceiver } from './examiner.js';
import type { AuditLimits } from './limits.js';
import { Rulebook, type Policy } from './policy.js';
import { verdictOf, type AuditReport, type Finding, type Verdict } from './report.js';
import { inert, Walk } from './walk.js';

export interface AuditOptions {
  /** What to call the source in findings. */
  readonly name?: string;
  /** What the caller vouches for and forbids; see `parsePolicy` for one that somebody wrote. */
  readonly policy?: Policy;
  /** Goes before the policy's. */
  readonly limits?: Partial<AuditLimits>;
  readonly signal?: AbortSignal;
  /** Is given the pickles of an uncompressed file that was read to its end: who needs them need not read it again. */
  readonly read?: PickleReceiver;
}

export type AuditSource = Source | Uint8Array | ArrayBuffer | Blob;

/**
 * Says whether a file may be let in: what it would do when it is loaded, and whether everything it names is vouched
 * for. Nothing in it is run. Content never makes it throw: what cannot be read is a finding.
 *
 * @throws READ where the source itself fails, and ABORTED.
 */
export async function audit(source: AuditSource, options: AuditOptions = {}): Promise<AuditReport> {
  const from = sourceOf(source, options.name);
  const policy = new Rulebook(options.policy);
  const budget = new AuditBudget(from.size, { ...policy.limits, ...options.limits }, options.signal);
  const walk = new Walk(from.name, budget, policy, options.read);
  const identity = await walk.visit(from, []);
  const format = identity?.format ?? 'unknown';
  const findings = [...walk.findings.list].sort(
    (a, b) => order[a.verdict] - order[b.verdict] || severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
  const verdict = verdictOf(findings);
  return {
    verdict,
    file: from.name,
    format,
    reason: reasonOf(verdict, findings, walk.names.size),
    findings,
    names: walk.names.size,
    model: !inert.has(format) || verdict === 'dangerous',
  };
}

/** The report on a file that could not even be opened. */
export function unopened(file: string, why: string): AuditReport {
  const walk = new Walk(file, new AuditBudget(0), new Rulebook());
  walk.findings.add('unreadable', why, file, []);
  const findings = walk.findings.list;
  return { verdict: 'incomplete', file, format: 'unknown', reason: why, findings, names: 0, model: true };
}

const severities: readonly Finding['severity'][] = ['critical', 'high', 'medium', 'low', 'info'];

const order: Readonly<Record<Finding['verdict'], number>> = { dangerous: 0, incomplete: 1, unknown: 2, information: 3 };

function sourceOf(source: AuditSource, name: string | undefined): Source {
  if (source instanceof Uint8Array) return new BufferSource(source, name);
  if (source instanceof ArrayBuffer) return new BufferSource(new Uint8Array(source), name);
  if (source instanceof Blob) return new BlobSource(source, name);
  return source;
}

function reasonOf(verdict: Verdict, findings: readonly Finding[], names: number): string {
  if (verdict === 'clean') {
    const what =
      names === 0
        ? 'it names nothing'
        : names === 1
          ? 'its one name is known to be harmless'
          : `all ${names} names in it are known to be harmless`;
    return `read to the end; ${what}`;
  }
  const deciding = findings.filter((finding) => finding.verdict === verdict);
  const more = deciding.length > 1 ? ` (and ${deciding.length - 1} more)` : '';
  return `${deciding[0]?.message ?? ''}${more}`;
}
