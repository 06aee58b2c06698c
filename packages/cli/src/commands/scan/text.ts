import { placeText, type Finding, type Verdict } from '@brine/core/audit';
import { colours, type Colours } from '../../terminal/colours.js';
import { formatCount, formatDuration } from '../../terminal/units.js';
import { safe } from '../../terminal/width.js';
import type { Io } from '../io.js';
import type { Judged, ScanResult } from './index.js';
import { wrapped } from './wrap.js';

/** As many files are listed one by one; of more, the harmless ones are only counted. */
const LISTED = 20;
/** Of many files, so many are shown of each verdict … */
const SHOWN = 6;
/** … and so many findings of a file; one that was named alone shows more. */
const FINDINGS = 3;
const FINDINGS_ALONE = 25;

const order: readonly Verdict[] = ['dangerous', 'incomplete', 'unknown', 'clean'];

/** What a person reads. */
export function textOf(result: ScanResult, out: Io['stdout'] | undefined): string {
  const page = new Page(out);
  if (result.alone && result.files.length === 1) page.explain(result.files[0]);
  else page.list(result);
  return page.text();
}

class Page {
  readonly #lines: string[] = [];
  readonly #paint: Colours;
  readonly #width: number;

  constructor(out: Io['stdout'] | undefined) {
    // A file is no terminal: no colours, whatever the environment says.
    this.#paint = colours(out ?? {}, out === undefined ? { NO_COLOR: '1' } : process.env);
    this.#width = Math.min(out?.columns ?? 100, 110);
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  /** One file, at length. */
  explain({ report, accepted }: Judged): void {
    this.#headline(report.verdict, report.file, report.reason);
    const findings = [...report.findings].sort((a, b) => order.indexOf(asVerdict(a)) - order.indexOf(asVerdict(b)));
    const said = new Set<string>();
    for (const finding of findings.slice(0, FINDINGS_ALONE)) this.#finding(finding, said, report.reason);
    const left = findings.length - FINDINGS_ALONE;
    if (left > 0) this.#lines.push('', `  … ${formatCount(left)} more (--json lists all)`);
    this.#accepted(accepted);
    if (report.verdict !== 'clean' && findings.length > 0)
      this.#lines.push('', this.#paint.dim(`  brine scan --explain ${findings[0].rule} says more about the rule`));
  }

  /** Several files: what matters first, and a line that sums them up. */
  list(result: ScanResult): void {
    const counted = result.files.filter((file) => file.counts);
    const few = counted.length <= LISTED;
    for (const verdict of few ? [] : order.slice(0, -1)) this.#group(verdict, counted);
    for (const { report, accepted } of few ? counted : []) {
      this.#headline(report.verdict, report.file, report.reason);
      this.#short(report.findings, report.reason);
      this.#accepted(accepted);
    }
    this.#lines.push(...(this.#lines.length > 0 ? [''] : []), this.#summary(result, counted));
    if (result.verdict !== 'clean' && counted.length > 0)
      this.#lines.push(this.#paint.dim('brine scan FILE explains one; --format json, sarif or junit has everything'));
  }

  #headline(verdict: Verdict, file: string, reason: string): void {
    this.#lines.push(`${this.#verdict(verdict)}  ${safe(file)}  ${this.#paint.dim(safe(reason))}`);
  }

  #finding(finding: Finding, said: Set<string>, reason: string): void {
    const { rule, severity, message, call, does, count, cwe, advisory, advice, where } = finding;
    const { bold, dim } = this.#paint;
    const times = count === undefined ? '' : `  ${formatCount(count)} times`;
    this.#lines.push('', `  ${bold(this.#severity(severity))}  ${rule}${dim(times)}`);
    const add = (label: string, text: string): void => {
      const lines = wrapped(safe(text), this.#width, ' '.repeat(14));
      lines[0] = `    ${dim(label.padEnd(10))}${lines[0].trimStart()}`;
      this.#lines.push(...lines);
    };
    if (call !== undefined) this.#call(call, '    ');
    if (!reason.startsWith(message)) add('what', `${message[0].toUpperCase()}${message.slice(1)}.`);
    if (does !== undefined) add('effect', does);
    const place = placeText(where);
    if (place !== '') add('where', place);
    const known = [cwe, advisory].filter((each) => each !== undefined).join(' · ');
    if (known !== '') add('known as', known);
    if (!said.has(advice)) add('to do', advice);
    said.add(advice);
  }

  /** What Python would run, in full: this is what a reader is after. */
  #call(call: string, indent: string): void {
    for (const [i, line] of safe(call).replaceAll('\\n', '\n').split('\n').entries())
      this.#lines.push(`${indent}${this.#paint.red(i === 0 ? '>>>' : '...')} ${line}`);
  }

  #short(findings: readonly Finding[], reason: string): void {
    const against = findings.filter((finding) => finding.verdict !== 'information');
    for (const { rule, severity, message, call, where } of against.slice(0, FINDINGS)) {
      const place = placeText(where);
      const what = reason.startsWith(message) ? '' : `  ${safe(message)}`;
      this.#lines.push(
        `    ${this.#severity(severity)}  ${rule}${place === '' ? '' : `  ${this.#paint.dim(safe(place))}`}${what}`,
      );
      if (call !== undefined) this.#call(call.length > 200 ? `${call.slice(0, 200)}…` : call, '      ');
    }
    if (against.length > FINDINGS) this.#lines.push(`    … ${formatCount(against.length - FINDINGS)} more`);
  }

  /** The files of one verdict among many. */
  #group(verdict: Verdict, counted: readonly Judged[]): void {
    const own = counted.filter(({ report }) => report.verdict === verdict);
    if (own.length === 0) return;
    if (verdict === 'unknown' && own.length > SHOWN) {
      this.#unknownNames(own);
      return;
    }
    for (const { report } of own.slice(0, SHOWN)) {
      this.#headline(verdict, report.file, report.reason);
      if (verdict === 'dangerous') this.#short(report.findings.slice(0, 1), report.reason);
    }
    if (own.length > SHOWN) this.#lines.push(`            … ${formatCount(own.length - SHOWN)} more ${verdict}`);
  }

  /** Many unknown files mostly share a few names: those are what to vouch for, or to look at. */
  #unknownNames(own: readonly Judged[]): void {
    const files = new Map<string, number>();
    for (const { report } of own) {
      const reasons = new Set(report.findings.filter((f) => f.verdict === 'unknown').map((f) => f.name ?? f.rule));
      for (const reason of reasons) files.set(reason, (files.get(reason) ?? 0) + 1);
    }
    this.#lines.push(
      `${this.#verdict('unknown')}  ${formatCount(own.length)} files, for what nobody vouches for in them:`,
    );
    const most = [...files].sort((a, b) => b[1] - a[1]);
    for (const [name, count] of most.slice(0, SHOWN))
      this.#lines.push(
        `    ${safe(name)}  ${this.#paint.dim(`in ${formatCount(count)} ${count === 1 ? 'file' : 'files'}`)}`,
      );
    if (most.length > SHOWN) this.#lines.push(`    … ${formatCount(most.length - SHOWN)} more`);
  }

  #accepted(accepted: readonly Finding[]): void {
    if (accepted.length > 0)
      this.#lines.push(this.#paint.dim(`    ${formatCount(accepted.length)} accepted by the baseline`));
  }

  #summary({ verdict, files, milliseconds }: ScanResult, counted: readonly Judged[]): string {
    if (files.length === 0) return `${this.#verdict(verdict)}  there is no file to scan`;
    if (counted.length === 0)
      return `${this.#verdict(verdict)}  there is no model among ${formatCount(files.length)} ${files.length === 1 ? 'file' : 'files'}`;
    const counts = order
      .map((each) => [each, counted.filter(({ report }) => report.verdict === each).length] as const)
      .filter(([, n]) => n > 0)
      .map(([each, n]) => `${formatCount(n)} ${each}`);
    const others = files.length - counted.length;
    const aside =
      others === 0 ? '' : `; ${formatCount(others)} ${others === 1 ? 'file is' : 'files are'} no model and not judged`;
    const time = this.#paint.dim(`  in ${formatDuration(milliseconds)}`);
    return `${this.#verdict(verdict)}  ${formatCount(counted.length)} ${counted.length === 1 ? 'file' : 'files'}: ${counts.join(', ')}${aside}${time}`;
  }

  #verdict(verdict: Verdict): string {
    const { red, yellow, green, bold } = this.#paint;
    const paints = { dangerous: (t: string) => bold(red(t)), incomplete: yellow, unknown: yellow, clean: green };
    return paints[verdict](verdict.padEnd(10));
  }

  #severity(severity: Finding['severity']): string {
    const { red, yellow } = this.#paint;
    return severity === 'critical' || severity === 'high'
      ? red(severity)
      : severity === 'medium'
        ? yellow(severity)
        : severity;
  }
}

function asVerdict(finding: Finding): Verdict {
  return finding.verdict === 'information' ? 'clean' : finding.verdict;
}
