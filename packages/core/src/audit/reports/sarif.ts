import type { AuditReport, Finding } from '../report.js';
import { rules, type RuleId } from '../rules/index.js';
import type { Rule, RuleVerdict, Severity } from '../rules/rule.js';
import { placeText } from './place.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

const levels: Readonly<Record<RuleVerdict, 'error' | 'warning' | 'note'>> = {
  dangerous: 'error',
  incomplete: 'warning',
  unknown: 'warning',
  information: 'note',
};

/** GitHub sorts alerts by this figure: 9 and more is critical, 7 high, 4 medium. */
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.8',
  high: '8.1',
  medium: '5.5',
  low: '3.1',
  info: '0.0',
};

export interface SarifOptions {
  /** The version of brine. */
  readonly version: string;
  /** A file's name as a URI relative to the repository's root. By default, slashes are turned and odd characters escaped. */
  readonly uri?: (file: string) => string;
  /** Findings that somebody has accepted: they stay in the report, suppressed. */
  readonly accepted?: ReadonlySet<Finding>;
}

/**
 * SARIF 2.1.0 (OASIS), as GitHub's code scanning takes it: one run, a rule for each that was found, every place a file
 * with a line (1, for these files have none) and, beyond archives, the byte.
 */
export function toSarif(reports: readonly AuditReport[], options: SarifOptions): unknown {
  const { version, uri = relativeUri, accepted } = options;
  const findings = reports.flatMap((report) => report.findings);
  const used = [...new Set(findings.map((finding) => finding.rule))].sort();
  const indexOf = new Map(used.map((id, i) => [id, i]));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'brine', semanticVersion: version, version, rules: used.map(descriptor) },
        },
        invocations: [{ executionSuccessful: true }],
        columnKind: 'utf16CodeUnits',
        artifacts: reports.map(({ file, format, verdict, reason }) => ({
          location: { uri: uri(file) },
          properties: { format, verdict, reason },
        })),
        results: findings.map((finding) => result(finding, indexOf.get(finding.rule) ?? 0, uri, accepted)),
      },
    ],
  };
}

function descriptor(id: RuleId): unknown {
  const { title, severity, verdict, meaning, cwe, advisories, advice }: Rule = rules[id];
  const known = [...(cwe === undefined ? [] : [cwe]), ...(advisories ?? [])];
  const more = known.length === 0 ? '' : `\n\n${known.join(', ')}`;
  return {
    id,
    name: id.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${title[0].toUpperCase()}${title.slice(1)}.` },
    fullDescription: { text: meaning },
    help: {
      text: `${meaning}\n\n${advice}${more}`,
      markdown: `${meaning}\n\n**What to do.** ${advice}${more}`,
    },
    defaultConfiguration: { level: levels[verdict] },
    properties: {
      'security-severity': scores[severity],
      tags: ['security', ...(cwe === undefined ? [] : [`external/cwe/${cwe.toLowerCase()}`])],
      precision: verdict === 'dangerous' ? 'very-high' : 'high',
    },
  };
}

function result(
  finding: Finding,
  ruleIndex: number,
  uri: (file: string) => string,
  accepted: ReadonlySet<Finding> | undefined,
): unknown {
  const { rule, verdict, severity, where, message, call, does, name, advisory, advice, cwe } = finding;
  const sentences = [
    `${message[0].toUpperCase()}${message.slice(1)}${/[.…]$/.test(message) ? '' : '.'}`,
    ...(call === undefined ? [] : [`It would run: ${call}`]),
    ...(does === undefined ? [] : [does]),
    advice,
  ];
  const inside = where.members !== undefined;
  const place = placeText(where);
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[verdict],
    message: { text: sentences.join('\n') },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uri(where.file) },
          region: {
            startLine: 1,
            // Bytes of a member are not bytes of the file.
            ...(inside || where.offset === undefined ? {} : { byteOffset: where.offset, byteLength: 1 }),
          },
        },
        ...(place === '' ? {} : { logicalLocations: [{ fullyQualifiedName: place }] }),
      },
    ],
    partialFingerprints: { 'brineFinding/v1': fingerprint(finding, uri) },
    ...(accepted?.has(finding) === true
      ? { suppressions: [{ kind: 'external', justification: 'accepted by the baseline' }] }
      : {}),
    properties: {
      severity,
      ...Object.fromEntries(
        Object.entries({
          call,
          does,
          name,
          cwe,
          advisory,
          members: where.members,
          offset: where.offset,
          path: where.path,
        }).filter(([, value]) => value !== undefined),
      ),
    },
  };
}

/** The same for the same finding in a later version of the file: where it is may shift, what it is may not. */
function fingerprint({ rule, where, call, name, message }: Finding, uri: (file: string) => string): string {
  const text = [rule, uri(where.file), ...(where.members ?? []), name ?? '', call ?? message].join('\u0000');
  // FNV-1a over 64 bits: a label, no protection.
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

function relativeUri(file: string): string {
  const parts = file.replaceAll('\\', '/').split('/').map(encodeURIComponent);
  return parts
    .join('/')
    .replace(/^(\.\/)+/, '')
    .replaceAll('%3A', ':');
}
