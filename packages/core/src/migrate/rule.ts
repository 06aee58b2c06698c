import type { PyValue } from '../pickle/values.js';
import type { Subject } from './subject.js';

/**
 * One line of the changelog that models live by: what scikit-learn changed in a release about the state of
 * some classes, and what that means for a saved one. Rules run release by release, upwards and downwards.
 */
export interface Rule {
  /** The release that changed it: `1.4`. */
  readonly since: string;
  /** Names of classes; `*` is every estimator. */
  readonly classes: readonly string[];
  /** What changed, in plain words. */
  readonly what: string;
  /** Release note, pull request or upstream file that says so. */
  readonly source: string;
  /** From the release before to this one. None: nothing has to be done. */
  readonly up?: Action;
  /**
   * True if `up` also serves objects that have the target's form already: what even the library that wrote
   * them does not load without a warning.
   */
  readonly lasting?: boolean;
  /** From this release to the one before. */
  readonly down?: Action;
}

export type Action = (o: Subject) => void;

/** A module, or some of its names, that became another. */
export interface Move {
  readonly since: string;
  readonly from: string;
  readonly to: string;
  /** The names that moved, as they are called before and after; everything in the module if there are none. */
  readonly names?: readonly (string | readonly [string, string])[];
  readonly source: string;
}

/** Classes and functions that a release brought or took. */
export interface Existence {
  readonly since: string;
  readonly names: readonly string[];
  readonly change: 'came' | 'went';
  /** What to say beside the fact. */
  readonly note?: string;
}

/** What a file of rules holds: one scikit-learn module's changes. */
export interface Chapter {
  /** `sklearn.tree` */
  readonly module: string;
  readonly moves?: readonly Move[];
  readonly rules?: readonly Rule[];
  readonly existence?: readonly Existence[];
}

/** A parameter's value as the rule files write it; `real(1)` is Python's 1.0. */
export type Plain = PyValue;
