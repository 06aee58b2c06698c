/**
 * What a name that is vouched for may be used for while a file is loaded.
 *
 * - `makes`: calling it with any arguments, or giving its instance any state, only builds data.
 * - `state`: an instance may be made without `__init__` and given any state; a call is not vouched for.
 * - `guarded`: as `makes`, if its state is one that the library itself would have written (guards.ts).
 * - `refers`: it may be named (a metric, the function of a transformer); a call at load time is not vouched for.
 */
export type Use = 'makes' | 'state' | 'guarded' | 'refers';

/**
 * How it was judged. `swept`: by reading, in the library itself, every method that loading runs. `seen`: harmless files of
 * a version that was not swept hold it, and its namesake in other versions was swept. `read`: by a person.
 */
export type KnownBy = 'swept' | 'seen' | 'read';

/** Names of one library that are alike in use, versions and judgement. */
export interface KnownGroup {
  readonly use: Use;
  /** The versions of the library in which the names were met: `0.22–1.9`; empty where none was recorded. */
  readonly versions: string;
  readonly by: KnownBy;
  /** Module → names, separated by blanks. Exact pairs; there is no wildcard. */
  readonly names: Readonly<Record<string, string>>;
}

export interface KnownLibrary {
  readonly library: string;
  readonly groups: readonly KnownGroup[];
}
