/**
 * Rewrites what one scikit-learn saved as another would have saved it, with the meaning kept. The rules read
 * like a changelog: one chapter for each module of scikit-learn (`rules/`), applied release by release.
 */
import { BrineError } from '../errors.js';
import type { PyValue } from '../pickle/values.js';
import { Migration, type Change, type Refusal } from './migration.js';
import { indexOfVersion, parseTarget, releases, writtenReleases } from './releases.js';
import { fileVersion } from './file-version.js';

export type { Change, Refusal } from './migration.js';
export { parseTarget, releases, writtenReleases } from './releases.js';
export { chapters } from './rules/index.js';
export type { Chapter, Existence, Move, Rule } from './rule.js';

export interface MigrateOptions {
  /** The scikit-learn that shall load it: `1.7`, `1.7.2`; the newest that brine knows unless told. */
  readonly to?: string | undefined;
  /** The numpy that shall load it; 1 is also loaded by 2 (default 1). */
  readonly numpy?: 1 | 2 | undefined;
  /** What to call the file in errors. */
  readonly file?: string | undefined;
}

export interface Migrated {
  /** What to write; shares arrays with the original, which is not touched. */
  readonly value: PyValue;
  /** The version that the file says, or undefined if none: before 0.18. */
  readonly from: string | undefined;
  readonly to: string;
  readonly changes: readonly Change[];
}

/**
 * The value as scikit-learn `to` would have saved it. Arrays must have been read (`loadArrays`).
 *
 * Throws UNSUPPORTED if something in it cannot be said in that version, naming what, why and the nearest
 * version that can; NOT_A_MODEL if it holds nothing of scikit-learn; BAD_ARGUMENT for a version that is none.
 */
export function migrate(value: PyValue, options: MigrateOptions = {}): Migrated {
  const target = parseTarget(options.to);
  const place = options.file === undefined ? {} : { file: options.file };
  const found = fileVersion(value);
  if (!found.any) throw new BrineError('NOT_A_MODEL', 'the file holds no object of scikit-learn', place);
  const fallback = found.version === undefined ? 0 : (indexOfVersion(found.version) ?? 0);
  const migration = new Migration(target, options.numpy ?? 1);
  const result = migration.run(value, fallback);
  if (migration.refusals.length > 0) throw refused(migration.refusals, target.version, place);
  return { value: result, from: found.version, to: target.version, changes: migration.changes };
}

/** Reasons that one error lists; a forest has as many as trees, all the same. */
const LISTED = 5;

function refused(refusals: readonly Refusal[], version: string, place: { file?: string }): BrineError {
  const reasons = [...new Set(refusals.map((r) => r.reason))];
  const shown = reasons.slice(0, LISTED).join('; ');
  const more = reasons.length > LISTED ? `; and ${reasons.length - LISTED} more` : '';
  const at = refusals.map((r) => releases.findIndex((release) => release.name === r.nearest));
  const goal = releases.findIndex((release) => version.startsWith(`${release.name}.`) || version === release.name);
  // Whichever is furthest from the target can hold all of it.
  const nearest = at.reduce((far, i) => (Math.abs(i - goal) > Math.abs(far - goal) ? i : far), at[0]);
  const release = releases[nearest];
  const where = writtenReleases.includes(release)
    ? `The nearest version that can hold it is ${release.name}`
    : 'No version that brine writes for can hold it';
  return new BrineError(
    'UNSUPPORTED',
    `this cannot be written for scikit-learn ${version}: ${shown}${more}. ${where}`,
    place,
  );
}
