import type { AuditReport, Finding } from '../report.js';
import { placeText } from './place.js';

/**
 * JUnit's XML, for the test tabs of CI systems: a case for each file; dangerous and unknown ones fail, incomplete ones
 * are errors, what is no model is skipped.
 */
export function toJunit(reports: readonly AuditReport[], seconds: number): string {
  const counted = reports.map((report) => ({ report, outcome: outcomeOf(report) }));
  const count = (which: string): number => counted.filter(({ outcome }) => outcome === which).length;
  const totals = `tests="${reports.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${seconds.toFixed(3)}"`;
  const cases = counted.map(({ report, outcome }) => testCase(report, outcome));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="brine scan" ${totals}>\n  <testsuite name="brine scan" ${totals}>\n${cases.join('')}  </testsuite>\n</testsuites>\n`;
}

type Outcome = 'failure' | 'error' | 'skipped' | 'passed';

function outcomeOf({ verdict, model }: AuditReport): Outcome {
  if (!model) return 'skipped';
  return verdict === 'clean' ? 'passed' : verdict === 'incomplete' ? 'error' : 'failure';
}

function testCase(report: AuditReport, outcome: Outcome): string {
  const { file, format, verdict, reason, findings } = report;
  const head = `    <testcase name="${escape(file)}" classname="${escape(format)}"`;
  if (outcome === 'passed') return `${head}/>\n`;
  if (outcome === 'skipped') return `${head}><skipped message="${escape(reason)}"/></testcase>\n`;
  const text = findings.filter((finding) => finding.verdict !== 'information').map(findingText);
  return `${head}>\n      <${outcome} type="${verdict}" message="${escape(reason)}">${escape(text.join('\n\n'))}</${outcome}>\n    </testcase>\n`;
}

function findingText({ rule, severity, where, message, call, does, advice }: Finding): string {
  const place = placeText(where);
  return [
    `${severity} ${rule}${place === '' ? '' : ` (${place})`}: ${message}`,
    ...(call === undefined ? [] : [`>>> ${call}`]),
    ...(does === undefined ? [] : [does]),
    advice,
  ].join('\n');
}

/** Characters that XML 1.0 cannot hold become their code points in words. */
function escape(text: string): string {
  return text
    .replace(
      /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
}
