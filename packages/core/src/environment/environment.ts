import type { Source } from '../bytes/source.js';
import { evidenceOf, type Evidence, type Library } from './evidence.js';
import { readFacts, type FileFacts } from './facts.js';
import { needsOf } from './packages.js';
import { compareVersions, intersection, isEmpty, isIn, type VersionRange } from './ranges.js';
import { releaseOf, releases, type Release } from './releases.js';

/** A package and one version of it. */
export interface Pin {
  readonly package: string;
  readonly version: string | undefined;
}

/** What one library's evidence comes to. */
export interface Conclusion {
  readonly of: Library;
  readonly range: VersionRange;
  /** Exact, where the file records it. */
  readonly recorded: string | undefined;
}

/** Which Python and which libraries wrote a file, and in which it loads. */
export interface EnvironmentReport {
  readonly file: string;
  readonly format: string;
  readonly evidence: readonly Evidence[];
  readonly wrote: readonly Conclusion[];
  readonly loads: readonly Conclusion[];
  /** Sentences about evidence that does not go together. */
  readonly contradictions: readonly string[];
  /** An environment that loads it as it is. */
  readonly python: string;
  readonly pins: readonly Pin[];
  /** Modules of no package that is known: the author's own. */
  readonly own: readonly string[];
  readonly facts: FileFacts;
}

/**
 * Reads what a pickle, joblib or skops file tells of the environment that wrote it. Nothing in it is run.
 * Throws as `open` does, and UNSUPPORTED for files that record no Python environment.
 */
export async function environmentOf(source: Source): Promise<EnvironmentReport> {
  const facts = await readFacts(source);
  const evidence = evidenceOf(facts);
  const contradictions: string[] = [];
  const wrote = conclude(evidence, 'wrote', contradictions);
  const loads = conclude(evidence, 'loads', contradictions);
  const release = chosen(wrote, loads);
  const { packages, own } = needsOf([...facts.modules]);
  return {
    file: facts.file,
    format: facts.format,
    evidence,
    wrote,
    loads,
    contradictions,
    python: pythonFor(release, wrote, loads),
    pins: pinsOf(facts, packages, release, wrote, loads),
    own,
    facts,
  };
}

/** The ranges of every library's evidence, each narrowed to what all of it allows. */
function conclude(evidence: readonly Evidence[], about: Evidence['about'], contradictions: string[]): Conclusion[] {
  const found = new Map<Library, Conclusion>();
  for (const one of evidence) {
    if (one.about !== about) continue;
    const before = found.get(one.of);
    const recorded = before?.recorded ?? (one.recorded === true ? one.range.from : undefined);
    // A version that is recorded says it all; of several, the commonest comes first.
    if (before?.recorded !== undefined) {
      if (one.recorded === true) contradictions.push(`${one.because}, while others record ${before.recorded}`);
      else if (!isIn(before.recorded, one.range))
        contradictions.push(`${one.because}, which ${one.of} ${before.recorded} does not write`);
      continue;
    }
    const range = intersection(before?.range ?? {}, one.range);
    if (isEmpty(range)) {
      contradictions.push(`${one.because}, which does not go with the rest of the evidence on ${one.of}`);
      continue;
    }
    found.set(one.of, { of: one.of, range, recorded });
  }
  return [...found.values()];
}

const rangeOf = (conclusions: readonly Conclusion[], of: Library): VersionRange =>
  conclusions.find((c) => c.of === of)?.range ?? {};

/** The release of scikit-learn that is recorded, else the newest that the evidence allows. */
function chosen(wrote: readonly Conclusion[], loads: readonly Conclusion[]): Release {
  const recorded = wrote.find((c) => c.of === 'scikit-learn')?.recorded;
  if (recorded !== undefined) return { ...releaseOf(recorded), sklearn: recorded };
  const ranges = [rangeOf(wrote, 'scikit-learn'), rangeOf(loads, 'scikit-learn')];
  const numpy = rangeOf(wrote, 'numpy');
  const fitting = releases.filter((r) => ranges.every((range) => isIn(r.sklearn, range)));
  const both = fitting.filter((r) => isIn(r.pins.numpy, numpy));
  return both.at(-1) ?? fitting.at(-1) ?? releases[releases.length - 1];
}

/** The set's own Python where the evidence allows it, else the newest that does. */
function pythonFor(release: Release, wrote: readonly Conclusion[], loads: readonly Conclusion[]): string {
  const range = rangeOf(loads, 'Python');
  if (isIn(release.best, range)) return release.best;
  const minors = ['2.7', ...Array.from({ length: 11 }, (_, i) => `3.${i + 4}`)];
  const [first, last] = release.python;
  const fitting = minors.filter(
    (v) => isIn(v, range) && compareVersions(v, first) >= 0 && compareVersions(v, last) <= 0,
  );
  return fitting.at(-1) ?? rangeOf(wrote, 'Python').from ?? release.best;
}

function pinsOf(
  facts: FileFacts,
  packages: readonly string[],
  release: Release,
  wrote: readonly Conclusion[],
  loads: readonly Conclusion[],
): Pin[] {
  const pins: Pin[] = [];
  const sklearn = packages.includes('scikit-learn');
  const add = (name: string, version: string | undefined): void => {
    if (!pins.some((pin) => pin.package === name)) pins.push({ package: name, version });
  };
  if (sklearn) {
    add('scikit-learn', release.sklearn);
    add('numpy', fittingVersion('numpy', release, loads));
    add('scipy', fittingVersion('scipy', release, loads));
    // Up to 0.20 scikit-learn carried a joblib of its own.
    if (compareVersions(release.sklearn, '0.21') >= 0 || facts.modules.has('joblib.numpy_pickle'))
      add('joblib', fittingVersion('joblib', release, loads));
  }
  for (const name of packages) {
    if (name === 'pandas') add(name, fittingVersion('pandas', release, loads));
    else if (name === 'numpy' || name === 'scipy' || name === 'joblib') add(name, fittingVersion(name, release, loads));
    else add(name, undefined);
  }
  if (facts.compression.includes('lz4')) add('lz4', undefined);
  if (facts.format === 'skops') add('skops', wrote.find((c) => c.of === 'skops')?.recorded);
  if (facts.format === 'joblib' && !sklearn) add('joblib', fittingVersion('joblib', release, loads));
  return pins;
}

/** The set's version of a package where it can load the file, else the first that can. */
function fittingVersion(
  name: 'numpy' | 'scipy' | 'joblib' | 'pandas',
  release: Release,
  loads: readonly Conclusion[],
): string {
  const range = rangeOf(loads, name);
  const pinned = release.pins[name];
  if (isIn(pinned, range)) return pinned;
  const other = releases.map((r) => r.pins[name]).filter((version) => isIn(version, range));
  const later = other.find((version) => compareVersions(version, pinned) > 0);
  return later ?? other.at(-1) ?? range.from ?? pinned;
}
