import { BrineError } from '../errors.js';

/** A scikit-learn release series: rules apply from one to the next. */
export interface Release {
  /** `0.24`, `1.3` … */
  readonly name: string;
  /** The newest release of the series: what a target without a patch number means. */
  readonly newest: string;
}

/** Every series that brine knows, in order. Before 0.18 files do not say which wrote them. */
export const releases: readonly Release[] = [
  { name: '0.17', newest: '0.17.1' },
  { name: '0.18', newest: '0.18.2' },
  { name: '0.19', newest: '0.19.2' },
  { name: '0.20', newest: '0.20.4' },
  { name: '0.21', newest: '0.21.3' },
  { name: '0.22', newest: '0.22.2.post1' },
  { name: '0.23', newest: '0.23.2' },
  { name: '0.24', newest: '0.24.2' },
  { name: '1.0', newest: '1.0.2' },
  { name: '1.1', newest: '1.1.3' },
  { name: '1.2', newest: '1.2.2' },
  { name: '1.3', newest: '1.3.2' },
  { name: '1.4', newest: '1.4.2' },
  { name: '1.5', newest: '1.5.2' },
  { name: '1.6', newest: '1.6.1' },
  { name: '1.7', newest: '1.7.2' },
  { name: '1.8', newest: '1.8.0' },
  { name: '1.9', newest: '1.9.1' },
];

/** Where a version stands in `releases`. */
export interface Target {
  /** As `sklearn.__version__` says it. */
  readonly version: string;
  readonly index: number;
}

const NEWEST = releases.length - 1;

/** Older releases are read from and not written for: what was written for them was judged, and some of it was wrong. */
const OLDEST = releases.findIndex((r) => r.name === '0.22');

/** The releases that models are written for. */
export const writtenReleases: readonly Release[] = releases.slice(OLDEST);

/**
 * The release that a person names: `1.7`, `1.7.2`, `sklearn 1.7`, or the newest for nothing. Throws
 * BAD_ARGUMENT for what is no version, UNSUPPORTED for one that brine does not know.
 */
export function parseTarget(text: string | undefined): Target {
  if (text === undefined || text === 'newest' || text === 'latest') {
    return { version: releases[NEWEST].newest, index: NEWEST };
  }
  const [, plain] = /^(?:scikit-learn|sklearn)?[ =v]*(\d[\w.+]*)$/i.exec(text.trim()) ?? [];
  if (plain === undefined || !/^\d+\.\d+/.test(plain)) {
    throw new BrineError('BAD_ARGUMENT', `${JSON.stringify(text)} is not a scikit-learn version such as 1.7 or 1.7.2`);
  }
  const index = indexOfVersion(plain);
  if (index === undefined) {
    throw new BrineError(
      'UNSUPPORTED',
      `scikit-learn ${plain} is not a release that brine knows how to write for; it knows ${releases[OLDEST].name} to ${releases[NEWEST].name}`,
    );
  }
  if (index < OLDEST) {
    throw new BrineError(
      'UNSUPPORTED',
      `brine reads models of scikit-learn ${plain}, and writes for ${releases[OLDEST].name} and later: older ones were not shown to answer the same`,
    );
  }
  const exact = /^\d+\.\d+\.\d/.test(plain);
  return { version: exact ? plain : releases[index].newest, index };
}

/**
 * The series that `version` belongs to; files older than 0.17 count as 0.17, whose rules ask for what is
 * there. Undefined for one that is newer than brine, or no version at all.
 */
export function indexOfVersion(version: string): number | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  if (major === '0' && Number(minor) < 17) return 0;
  const index = releases.findIndex((r) => r.name === `${major}.${minor}`);
  return index === -1 ? undefined : index;
}

/** The index of a series that the rules name. */
export function indexOf(name: string): number {
  const index = releases.findIndex((r) => r.name === name);
  if (index === -1) throw new Error(`no release ${name}`);
  return index;
}
