import type { AuditOptions, AuditSource } from './audit.js';
import type { AuditReport } from './report.js';

/**
 * Says whether a file may be let in: what it would do when it is loaded, and whether everything it names is vouched
 * for. Nothing in it is run. Content never makes it throw: what cannot be read is a finding. Works in browsers.
 *
 * @throws READ where the source itself fails, ABORTED, and BAD_ARGUMENT for a policy that makes no sense.
 */
export async function audit(source: AuditSource, options: AuditOptions = {}): Promise<AuditReport> {
  // The tables of names are long: they are loaded when they are needed.
  const { audit: examine } = await import('./audit.js');
  return examine(source, options);
}

/** The report on a file that could not even be opened. */
export async function unopened(file: string, why: string): Promise<AuditReport> {
  return (await import('./audit.js')).unopened(file, why);
}
