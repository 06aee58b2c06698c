import { audit } from '../audit/lazy.js';
import { worst, type AuditReport } from '../audit/report.js';
import type { Source } from '../bytes/source.js';

/** The audit of a file, or of several that are one model: the worst verdict, and everything that was found. */
export async function auditSources(sources: readonly Source[], file: string): Promise<AuditReport> {
  const reports: AuditReport[] = [];
  for (const source of sources) reports.push(await audit(source));
  const verdict = worst(reports.map((r) => r.verdict));
  const decisive = reports.find((r) => r.verdict === verdict) ?? reports[0];
  if (reports.length === 1) return decisive;
  return {
    ...decisive,
    file,
    findings: reports.flatMap((r) => r.findings),
    names: reports.reduce((sum, r) => sum + r.names, 0),
    model: reports.some((r) => r.model),
  };
}
