import { BrineError } from '@brine/core';
import {
  environmentList,
  environmentOf,
  explainError,
  foresee,
  rangeText,
  type Conclusion,
  type EnvironmentReport,
  type ListFormat,
  type Problem,
} from '@brine/core/tools';
import { fileSource } from '../source/file.js';
import { useNodeZlib } from '../source/platform.js';
import { streamBytes } from '../source/stream.js';
import { colours, type Colours } from '../terminal/colours.js';
import { shell } from '../terminal/shell.js';
import { safe } from '../terminal/width.js';
import { UsageError } from './failure.js';
import { readEnvironment, type Environment } from './installed.js';
import { print, printJson, type Io } from './io.js';

export interface EnvOptions {
  readonly format?: ListFormat | 'text';
  readonly check?: string;
  readonly error?: string;
  readonly json?: boolean;
}

/**
 * `brine env FILE`: what wrote a file and what loads it. With `--check`, what goes wrong in a given environment
 * (exit 1 where something does). With `--error`, what is behind an error that Python printed (exit 1 where nobody knows).
 */
export async function env(file: string | undefined, options: EnvOptions, io: Io): Promise<number> {
  useNodeZlib();
  if (options.error !== undefined) return explain(file, options.error, options.json === true, io);
  if (file === undefined) throw new UsageError('which file?', '`brine env model.pkl`, or `brine env --error "…"`');
  const source = await fileSource(file);
  let report: EnvironmentReport;
  try {
    report = await environmentOf(source);
  } finally {
    await source.close?.();
  }
  if (options.check !== undefined) return check(file, report, await readEnvironment(options.check), options, io);
  const format = options.format ?? 'text';
  if (options.json === true) await printJson(io, jsonOf(report));
  else if (format === 'text') await print(io, textOf(report, colours(io.stdout, io.env)));
  else await print(io, environmentList(report, format));
  return 0;
}

function jsonOf({
  file,
  format,
  evidence,
  wrote,
  loads,
  contradictions,
  python,
  pins,
  own,
}: EnvironmentReport): unknown {
  return { file, format, evidence, wrote, loads, contradictions, python, packages: pins, own };
}

function textOf(report: EnvironmentReport, paint: Colours): string {
  const lines: string[] = [paint.bold(safe(report.file))];
  const row = (label: string, text: string): void => {
    lines.push(`${paint.dim(label.padEnd(12))}${safe(text)}`);
  };
  row('written by', summary(report.wrote) || 'nothing in the file tells');
  row('loads in', summary(report.loads) || 'any version, for all that the file tells');
  lines.push('', paint.dim('evidence'));
  for (const { of, about, range, because, recorded } of report.evidence)
    lines.push(
      `  ${safe(`${of} ${recorded === true ? (range.from ?? '') : rangeText(range)}`.padEnd(26))}${about === 'wrote' ? 'wrote it' : 'loads it'}  ${paint.dim(safe(because))}`,
    );
  for (const sentence of report.contradictions) lines.push(`  ${paint.yellow('odd')}: ${safe(sentence)}`);
  lines.push('', paint.dim(`an environment that loads it as it is: Python ${report.python} with`));
  for (const { package: name, version } of report.pins)
    lines.push(`  ${safe(version === undefined ? name : `${name}==${version}`)}`);
  if (report.own.length > 0) lines.push(`  ${paint.yellow('and the author’s own')} ${safe(report.own.join(', '))}`);
  lines.push(
    '',
    paint.dim('as a file: --format requirements, pyproject, conda or docker; in yours: --check PYTHON or LOCKFILE'),
  );
  return `${lines.join('\n')}\n`;
}

function summary(conclusions: readonly Conclusion[]): string {
  return conclusions.map(({ of, recorded, range }) => `${of} ${recorded ?? rangeText(range)}`).join('; ');
}

async function check(
  file: string,
  report: EnvironmentReport,
  environment: Environment,
  options: EnvOptions,
  io: Io,
): Promise<number> {
  const problems = foresee(report.facts, environment.versions);
  const serious = problems.filter((p) => p.stage !== 'warning');
  if (options.json === true) {
    const versions = Object.fromEntries(environment.versions);
    await printJson(io, {
      file,
      environment: environment.what,
      versions,
      unpinned: environment.unpinned,
      loads: serious.length === 0,
      problems,
    });
    return serious.length === 0 ? 0 : 1;
  }
  const paint = colours(io.stdout, io.env);
  const lines = [`${paint.bold(safe(file))} in ${safe(environment.what)}`];
  const relevant = ['Python', ...report.pins.map((pin) => pin.package)];
  const has = relevant.map(
    (name) =>
      `${name} ${environment.versions.get(name) ?? (environment.unpinned.includes(name) ? '(no version given)' : '(missing)')}`,
  );
  lines.push(paint.dim(safe(has.join(', '))), '');
  if (serious.length === 0) lines.push(paint.green('loads, and answers as when it was saved, for all that is known'));
  for (const problem of problems) lines.push(...problemLines(problem, file, paint));
  await print(io, `${lines.join('\n')}\n`);
  return serious.length === 0 ? 0 : 1;
}

const stages: Readonly<Record<Problem['stage'], string>> = {
  load: 'fails to load',
  predict: 'fails when asked',
  silent: 'WRONG ANSWERS',
  warning: 'warns',
};

function problemLines({ stage, error, cause, fix }: Problem, file: string | undefined, paint: Colours): string[] {
  const colour = stage === 'warning' ? paint.yellow : paint.red;
  const named = (text: string): string => (file === undefined ? text : text.replaceAll('FILE', shell(file)));
  return [
    `${colour(stages[stage])}  ${safe(error)}`,
    `  why: ${safe(cause)}`,
    ...fix.map((each, i) => `  ${i === 0 ? 'do: ' : 'or: '} ${safe(named(each))}`),
    '',
  ];
}

/** `brine env --error TEXT`: the cause of an error, and what to do about it. */
async function explain(file: string | undefined, given: string, json: boolean, io: Io): Promise<number> {
  const text = given === '-' ? new TextDecoder().decode(await streamBytes(io.stdin, '(standard input)')) : given;
  if (text.trim() === '') throw new UsageError('an error message is needed', 'paste the last line of the traceback');
  const problem = explainError(text);
  if (problem === undefined)
    throw new BrineError(
      'UNSUPPORTED',
      'nobody here knows this error; `brine env FILE --check PYTHON` says what breaks where',
    );
  if (json) await printJson(io, problem);
  else await print(io, `${problemLines(problem, file, colours(io.stdout, io.env)).join('\n').trimEnd()}\n`);
  return 0;
}
