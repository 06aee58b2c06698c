import { toJunit, toSarif, type AuditReport } from '@brine/core/audit';
import { isAbsolute, relative, sep } from 'node:path';
import type { Io } from '../io.js';
import { version } from '../version.js';
import type { ScanResult } from './index.js';
import { textOf } from './text.js';

export type ScanFormat = 'text' | 'json' | 'sarif' | 'junit';

export const scanFormats: readonly ScanFormat[] = ['text', 'json', 'sarif', 'junit'];

/** A scan's result in one of its forms. `out` is the terminal it is for, if it is for one. */
export function render(format: ScanFormat, result: ScanResult, out: Io['stdout'] | undefined): string {
  switch (format) {
    case 'text':
      return textOf(result, out);
    case 'json':
      return `${JSON.stringify(jsonOf(result), null, 2)}\n`;
    case 'sarif': {
      // What was accepted stays in the report, suppressed.
      const reports = result.files.filter(({ counts }) => counts).map(withAccepted);
      const accepted = new Set(result.files.flatMap((file) => file.accepted));
      return `${JSON.stringify(toSarif(reports, { version, uri: uriOf, accepted }), null, 2)}\n`;
    }
    case 'junit':
      return toJunit(
        result.files.map(({ report, counts }) => ({ ...report, model: counts })),
        result.milliseconds / 1000,
      );
  }
}

function withAccepted({ report, accepted }: ScanResult['files'][number]): AuditReport {
  return accepted.length === 0 ? report : { ...report, findings: [...report.findings, ...accepted] };
}

/** Relative to the folder the command runs in, as code hosts expect; files elsewhere keep their full path. */
function uriOf(file: string): string {
  const here = isAbsolute(file) ? relative(process.cwd(), file) : file;
  const isOutside = here === '..' || here.startsWith(`..${sep}`) || isAbsolute(here);
  const path = (isOutside ? file : here)
    .split(sep)
    .map(encodeURIComponent)
    .join('/')
    .replace(/^(\.\/)+/, '');
  return isOutside && isAbsolute(file) ? `file://${path}` : path;
}

/** The contract's JSON. */
function jsonOf({ verdict, files }: ScanResult): unknown {
  return {
    verdict,
    findings: files.filter(({ counts }) => counts).flatMap(({ report }) => report.findings),
    files: files.map(({ report, counts, accepted }) => ({
      file: report.file,
      format: report.format,
      verdict: report.verdict,
      reason: report.reason,
      names: report.names,
      findings: report.findings.length,
      ...(accepted.length === 0 ? {} : { accepted: accepted.length }),
      ...(counts ? {} : { model: false }),
    })),
  };
}
