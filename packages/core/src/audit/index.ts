/**
 * Whether a file may be let in. The same machine that reads files tells an observer of every import and call; names
 * are judged as exact pairs (module, name): denied (deny.ts), vouched for (known/), or unknown.
 */
export { audit, type AuditOptions, type AuditSource } from './audit.js';
export { judgeName } from './judge.js';
export { type AuditReport, type Finding, type FindingPlace, type Severity, type Verdict, worst } from './report.js';
export { type RuleId, rules } from './rules.js';
