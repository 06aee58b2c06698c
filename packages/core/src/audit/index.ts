/**
 * Whether a file may be let in. The same machine that reads files tells an observer of every import and call; names
 * are judged as exact pairs (module, name): denied (deny.ts), vouched for (known/), or unknown. Every format has an
 * examiner (formats/), every finding a rule (rules/).
 */
export { audit, unopened } from './lazy.js';
export {
  codeOf,
  isCodeType,
  judgeCode,
  listCode,
  type Code,
  type CodeJudgement,
  type CodeUses,
} from './bytecode/index.js';
export type { AuditOptions, AuditSource } from './audit.js';
export type { AuditContext, Examiner } from './examiner.js';
export { judgeName, type Ability, type NameJudgement, type NameKind } from './judge.js';
export { AUDIT_LIMITS, type AuditLimits } from './limits.js';
export { parsePolicy, Rulebook, type Policy } from './policy.js';
export { type AuditReport, type Finding, type FindingPlace, type Verdict, worst } from './report.js';
export { type RuleId, rules } from './rules/index.js';
export type { Rule, RuleVerdict, Severity } from './rules/rule.js';
export { acceptanceOf, applyBaseline, parseBaseline, type AcceptedFinding, type Baseline } from './reports/accepted.js';
export { toJunit } from './reports/junit.js';
export { placeText } from './reports/place.js';
export { toSarif, type SarifOptions } from './reports/sarif.js';
