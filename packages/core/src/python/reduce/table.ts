import type { Reduction } from '../../pickle/reduction.js';
import { PyGlobal, PyTuple, type PyObject, type PyValue } from '../../pickle/values.js';

export interface ReduceOptions {
  /** The protocol of the pickle: some libraries say less in older ones. 4 unless said otherwise. */
  readonly protocol?: number | undefined;
  /**
   * 1 or 2 for the names of that numpy alone. Otherwise those that both load without a warning: numpy 2 keeps
   * `numpy.core.multiarray` for old pickles.
   */
  readonly numpy?: 1 | 2 | undefined;
}

/** One writing. */
export interface ReduceContext {
  readonly protocol: number;
  readonly numpy: 1 | 2 | undefined;
  /** numpy has one object for each plain dtype; so has a pickle. */
  readonly dtypes: Map<string, Reduction>;
}

export type Reduce<T extends PyObject> = (value: T, context: ReduceContext) => Reduction | undefined;

/** Ties a function to the class of values it reduces. */
export function reduces<T extends PyObject>(
  type: new (...args: never[]) => T,
  reduce: Reduce<T>,
): readonly [unknown, unknown] {
  return [type, reduce];
}

/** `module.name(*args)`. */
export function call(module: string, name: string, ...args: PyValue[]): Reduction {
  return { made: 'call', callable: new PyGlobal(module, name), args: new PyTuple(args) };
}
