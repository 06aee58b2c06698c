import { rules, type Rule } from '@brine/core/audit';
import { colours } from '../../terminal/colours.js';
import { nearest } from '../../terminal/suggest.js';
import { UsageError } from '../failure.js';
import type { Io } from '../io.js';
import { wrapped } from './wrap.js';

/** `--rules`: all of them, by what they make of a file. */
export function listRules(io: Io, json: boolean): string {
  const all = Object.values<Rule>(rules);
  if (json) {
    const plain = all.map((rule) => ({ ...rule, bad: Object.keys(rule.bad), good: Object.keys(rule.good) }));
    return `${JSON.stringify(plain, null, 2)}\n`;
  }
  const { bold, dim } = colours(io.stdout, io.env);
  const width = Math.max(...all.map((rule) => rule.id.length));
  const groups = (['dangerous', 'incomplete', 'unknown', 'information'] as const).map((verdict) => {
    const own = all.filter((rule) => rule.verdict === verdict);
    const lines = own.map(({ id, severity, title }) => `  ${id.padEnd(width)}  ${dim(severity.padEnd(8))}  ${title}`);
    return own.length === 0 ? '' : `${bold(verdict)}\n${lines.join('\n')}\n`;
  });
  return `${groups.filter((group) => group !== '').join('\n')}\n${dim('brine scan --explain RULE says more about one')}\n`;
}

/** `--explain RULE`. */
export function explain(id: string, io: Io): string {
  if (!Object.hasOwn(rules, id)) {
    const near = nearest(id, Object.keys(rules));
    throw new UsageError(
      `there is no rule ${JSON.stringify(id)}`,
      near === undefined ? 'brine scan --rules lists them' : `did you mean ${near}?`,
    );
  }
  const { title, severity, verdict, meaning, cwe, advisories, advice, bad, good }: Rule =
    rules[id as keyof typeof rules];
  const { bold, dim } = colours(io.stdout, io.env);
  const width = Math.min(io.stdout.columns ?? 100, 100);
  const paragraph = (text: string): string => wrapped(text, width, '  ').join('\n');
  const known = [...(cwe === undefined ? [] : [cwe]), ...(advisories ?? [])];
  const samples = (label: string, names: string[]): string[] =>
    names.length === 0 ? [] : [`  ${dim(label)} ${names.join('; ')}`];
  return `${[
    `${bold(id)}: ${title}`,
    `  ${dim('severity')} ${severity}   ${dim('a file with it is')} ${verdict === 'information' ? 'none the worse' : verdict}`,
    '',
    paragraph(meaning),
    '',
    paragraph(`What to do: ${advice}`),
    ...(known.length === 0 ? [] : ['', `  ${known.join(' · ')}`]),
    '',
    ...samples('found in the samples:', Object.keys(bad)),
    ...samples('not in:', Object.keys(good)),
  ].join('\n')}\n`;
}
