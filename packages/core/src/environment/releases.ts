/**
 * Releases of scikit-learn and a set of packages in which each runs: what its wheels were built for and what its own
 * metadata asks. The sets of 0.18 and later were installed and asked to load models (oracle/environment/README.md).
 */
import { compareVersions, minorOf } from './ranges.js';

export interface Release {
  readonly sklearn: string;
  /** The first and the last Python that it has wheels for. */
  readonly python: readonly [string, string];
  /** The Python of the set. */
  readonly best: string;
  /** The first numpy that it takes, and the first that it no longer takes. */
  readonly numpy: readonly [string, string | undefined];
  readonly pins: Readonly<Record<'numpy' | 'scipy' | 'joblib' | 'pandas', string>>;
}

const release = (
  sklearn: string,
  python: readonly [string, string],
  best: string,
  numpy: readonly [string, string | undefined],
  [n, s, j, p]: readonly [string, string, string, string],
): Release => ({ sklearn, python, best, numpy, pins: { numpy: n, scipy: s, joblib: j, pandas: p } });

/** Oldest first. */
export const releases: readonly Release[] = [
  release('0.17.1', ['2.7', '3.5'], '3.5', ['1.6.1', '1.14'], ['1.11.3', '0.17.1', '0.9.4', '0.18.1']),
  release('0.18.2', ['2.7', '3.6'], '3.6', ['1.6.1', '1.16'], ['1.13.3', '0.19.1', '0.11', '0.20.3']),
  release('0.19.2', ['2.7', '3.7'], '3.6', ['1.8.2', '1.20'], ['1.15.4', '1.1.0', '0.12.5', '0.23.4']),
  release('0.20.4', ['2.7', '3.7'], '3.7', ['1.8.2', '1.20'], ['1.16.6', '1.2.3', '0.14.1', '0.25.3']),
  release('0.21.3', ['3.5', '3.7'], '3.7', ['1.11.0', '1.20'], ['1.17.5', '1.3.3', '0.13.2', '0.25.3']),
  release('0.22.2.post1', ['3.5', '3.8'], '3.8', ['1.11.0', '1.20'], ['1.18.5', '1.4.1', '0.14.1', '1.0.5']),
  release('0.23.2', ['3.6', '3.8'], '3.8', ['1.13.3', '1.20'], ['1.19.5', '1.5.4', '0.16.0', '1.1.5']),
  release('0.24.2', ['3.6', '3.9'], '3.8', ['1.13.3', '1.20'], ['1.19.5', '1.5.4', '1.0.1', '1.2.5']),
  release('1.0.2', ['3.7', '3.10'], '3.9', ['1.14.6', '1.24'], ['1.21.6', '1.7.3', '1.1.1', '1.3.5']),
  release('1.1.3', ['3.8', '3.11'], '3.11', ['1.17.3', '1.25'], ['1.23.5', '1.9.3', '1.1.1', '1.5.3']),
  release('1.2.2', ['3.8', '3.11'], '3.11', ['1.17.3', '1.25'], ['1.24.4', '1.10.1', '1.2.0', '1.5.3']),
  release('1.3.2', ['3.8', '3.12'], '3.11', ['1.17.3', '2.0'], ['1.26.4', '1.11.4', '1.3.2', '2.1.4']),
  release('1.4.2', ['3.9', '3.12'], '3.11', ['1.19.5', undefined], ['1.26.4', '1.13.1', '1.4.2', '2.2.3']),
  release('1.5.2', ['3.9', '3.13'], '3.11', ['1.19.5', undefined], ['2.1.3', '1.14.1', '1.4.2', '2.2.3']),
  release('1.6.1', ['3.9', '3.13'], '3.11', ['1.19.5', undefined], ['2.2.6', '1.15.3', '1.5.1', '2.3.1']),
  release('1.7.2', ['3.10', '3.14'], '3.11', ['1.22.0', undefined], ['2.3.5', '1.16.3', '1.5.2', '2.3.3']),
  release('1.8.0', ['3.11', '3.14'], '3.11', ['1.24.1', undefined], ['2.3.5', '1.16.3', '1.5.3', '2.3.3']),
  release('1.9.1', ['3.11', '3.14'], '3.11', ['1.24.1', undefined], ['2.4.6', '1.17.1', '1.6.0', '3.1.1']),
];

/** The release of the same minor version; the nearest one where there is none. */
export function releaseOf(sklearn: string): Release {
  const same = releases.find((r) => minorOf(r.sklearn) === minorOf(sklearn));
  if (same) return same;
  const older = releases.filter((r) => compareVersions(r.sklearn, sklearn) <= 0);
  return older.at(-1) ?? releases[0];
}
