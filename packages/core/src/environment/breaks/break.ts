import type { PyInstance } from '../../pickle/values.js';
import type { FileFacts } from '../facts.js';
import { compareVersions, isIn, type VersionRange } from '../ranges.js';

/** Versions in an environment, by the names of packages (`scikit-learn`, `Python` …). */
export type Installed = ReadonlyMap<string, string>;

/** What is said and advised of one way in which loading goes wrong. */
export interface Break {
  readonly id: string;
  /** When it shows: while loading, when a method is called, or never (a wrong answer); or it is a warning. */
  readonly stage: 'load' | 'predict' | 'silent' | 'warning';
  /** What tells it in the error that Python prints; none for what is silent. */
  readonly error?: RegExp;
  /** The words of the error, as that environment would print them; undefined where it does not happen. */
  readonly foresee?: (facts: FileFacts, env: Installed) => string | readonly string[] | undefined;
  readonly cause: string;
  /** What to do, best first; commands in backticks. FILE stands for the file, and $1 … for what the error names. */
  readonly fix: readonly string[];
}

export const MIGRATE =
  '`brine migrate FILE new.joblib` rewrites it for the scikit-learn you have (`--to-sklearn` names another)';
export const REINSTALL = '`brine env FILE --format requirements` lists an environment that loads it as it is';
export const NO_PYTHON = '`brine predict FILE DATA.csv` runs it as it is, without Python';
export const OLD_CODE = [MIGRATE, REINSTALL, NO_PYTHON];

export const sklearnIn = (env: Installed, range: VersionRange): boolean => {
  const version = env.get('scikit-learn');
  return version !== undefined && isIn(version, range);
};

export const olderThan = (env: Installed, library: string, version: string): boolean => {
  const installed = env.get(library);
  return installed !== undefined && compareVersions(installed, version) < 0;
};

export const namesLike = (facts: FileFacts, test: RegExp): boolean =>
  [...facts.names.keys()].some((name) => test.test(name));
export const moduleLike = (facts: FileFacts, test: RegExp): string | undefined =>
  [...facts.modules].find((name) => test.test(name));
export const notFound = (name: string): string => `ModuleNotFoundError: No module named '${name}'`;

export const lacksFields = (fields: ReadonlySet<string>, field: string): boolean =>
  [...fields].some((each) => !each.split(' ').includes(field));
export const hasField = (fields: ReadonlySet<string>, field: string): boolean =>
  [...fields].some((each) => each.split(' ').includes(field));

/** pickle asks for names in two ways, which fail in different words. */
export function lacksName({ protocol }: FileFacts, home: string, name: string): string {
  // 1.5 to 1.8 let a module be found by a short name, and it still says its own.
  const own = home === '_loss' ? 'sklearn._loss._loss' : home;
  return (protocol ?? 4) < 4
    ? `AttributeError: module '${own}' has no attribute '${name}'`
    : `AttributeError: Can't get attribute '${name}' on <module '${own}'`;
}

export function instancesOf(facts: FileFacts, test: RegExp): PyInstance[] {
  return [...facts.instances]
    .filter(([path]) => test.test(path.slice(path.lastIndexOf('.') + 1)))
    .map(([, one]) => one);
}

/** The version that the file's estimators record, the commonest; pre-0.18 files record none. */
export function writer(facts: FileFacts): string {
  return facts.sklearnVersions[0]?.[0] ?? '0.17';
}

/** The entries of one file, checked to be such. */
export function inOrder(entries: readonly Break[]): readonly Break[] {
  return entries;
}
