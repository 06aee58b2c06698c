import type { Severity, Verdict } from './report.js';

interface Rule {
  readonly severity: Severity;
  /** What a file with such a finding is at best. */
  readonly verdict: Verdict;
  readonly title: string;
}

/** What the audit looks for. The ids are part of the contract: people filter by them. */
export const rules = {
  'dangerous-call': { severity: 'critical', verdict: 'dangerous', title: 'loading it would run this' },
  'dangerous-name': {
    severity: 'high',
    verdict: 'dangerous',
    title: 'it holds a name that can run code, reach files or the network',
  },
  'attribute-chain': {
    severity: 'critical',
    verdict: 'dangerous',
    title: 'it reaches for what Python hides behind attributes',
  },
  'state-of-a-name': {
    severity: 'critical',
    verdict: 'dangerous',
    title: 'it changes a class or function of a library',
  },
  'runs-carried-code': { severity: 'critical', verdict: 'dangerous', title: 'it calls code that it carries along' },
  'broken-frame': { severity: 'high', verdict: 'dangerous', title: 'its frames hide opcodes from some readers' },
  'two-readings': {
    severity: 'critical',
    verdict: 'dangerous',
    title: 'pickle.load and joblib.load would read it differently',
  },
  unreadable: { severity: 'medium', verdict: 'incomplete', title: 'it could not be read to its end' },
  'trailing-data': { severity: 'medium', verdict: 'incomplete', title: 'bytes behind its end were not understood' },
  'unknown-name': { severity: 'medium', verdict: 'unknown', title: 'it holds names that nobody vouches for' },
  'unknown-call': { severity: 'medium', verdict: 'unknown', title: 'it calls something that nobody vouches for' },
  'carried-code': {
    severity: 'medium',
    verdict: 'unknown',
    title: 'it carries code of its own, which runs when it is used',
  },
  'outside-reference': { severity: 'medium', verdict: 'unknown', title: 'it refers to objects that are not in it' },
  'not-examined': { severity: 'medium', verdict: 'unknown', title: 'brine does not examine this format yet' },
  'not-a-model': { severity: 'info', verdict: 'unknown', title: 'it is no model' },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;
