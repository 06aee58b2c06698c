import { breaks, type Break, type Installed } from './breaks/index.js';
import type { FileFacts } from './facts.js';
import { compareVersions, minorOf } from './ranges.js';

/** Something that goes wrong with a file in an environment, or behind an error. */
export interface Problem {
  readonly id: string;
  readonly stage: Break['stage'] | 'warning';
  /** The words that Python prints; of a silent problem, what happens instead. */
  readonly error: string;
  readonly cause: string;
  readonly fix: readonly string[];
}

/** So much of a pasted text is looked at: a traceback is shorter (CWE-400). */
const MAX_TEXT = 100_000;

/** What is behind an error that Python printed; the file may be any, or none. Undefined for errors that nobody knows. */
export function explainError(text: string): Problem | undefined {
  const clipped = text.slice(-MAX_TEXT);
  for (const entry of breaks) {
    const match = entry.error?.exec(clipped);
    if (match)
      return problemOf(
        entry,
        match[0],
        match.slice(1).filter((g): g is string => g !== undefined),
      );
  }
  return undefined;
}

/** What goes wrong when this environment loads the file and asks it, in the order in which it would be met. */
export function foresee(facts: FileFacts, env: Installed): Problem[] {
  const found: Problem[] = [];
  const told = new Set<string>();
  for (const entry of breaks) {
    const errors = entry.foresee?.(facts, env);
    for (const error of errors === undefined ? [] : typeof errors === 'string' ? [errors] : errors) {
      if (told.has(error)) continue;
      told.add(error);
      const match = entry.error?.exec(error);
      found.push(problemOf(entry, error, match?.slice(1).filter((g): g is string => g !== undefined) ?? []));
    }
  }
  return [...found, ...versionWarning(facts, env)];
}

function problemOf({ id, stage, cause, fix }: Break, error: string, groups: readonly string[]): Problem {
  const filled = (text: string): string => text.replace(/\$(\d)/g, (_, n: string) => groups[Number(n) - 1] ?? '');
  return { id, stage, error, cause: filled(cause), fix: fix.map(filled) };
}

/** scikit-learn's own warning, where another minor version wrote the file. */
function versionWarning(facts: FileFacts, env: Installed): Problem[] {
  const current = env.get('scikit-learn');
  const [version] = facts.sklearnVersions[0] ?? [];
  if (current === undefined || version === undefined || compareVersions(current, version) === 0) return [];
  const kind = compareVersions(current, '1.3') >= 0 ? 'InconsistentVersionWarning' : 'UserWarning';
  return [
    {
      id: 'version',
      stage: 'warning',
      error: `${kind}: Trying to unpickle estimator from version ${version} when using version ${current}.`,
      cause:
        minorOf(current) === minorOf(version)
          ? 'scikit-learn warns of every difference; within one minor version the state means the same.'
          : 'scikit-learn promises nothing across versions: names, attributes and their meaning change.',
      fix: [
        '`brine migrate FILE new.joblib` rewrites it, with its meaning kept',
        'compare with `brine verify FILE new.joblib`',
      ],
    },
  ];
}
