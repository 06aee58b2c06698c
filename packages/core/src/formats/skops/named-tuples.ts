import type { PyInstance } from '../../pickle/values.js';

/** Instances that a skops file says to be tuples of a class with names: made of their items, one argument each. */
export const namedTuples = new WeakSet<PyInstance>();
