/**
 * How Python's own libraries say their values in a pickle: the inverse of `python/world.ts`. One file for
 * each library; a table by class of value.
 */
import type { Reducer, Reduction } from '../../pickle/reduction.js';
import type { PyObject } from '../../pickle/values.js';
import { numpyReducers } from './numpy.js';
import { pandasReducers } from './pandas.js';
import { stdlibReducers } from './stdlib.js';
import type { Reduce, ReduceOptions } from './table.js';

export type { ReduceOptions } from './table.js';

/** A reducer for one writing of the values that `pythonWorld` makes. */
export function pythonReducer(options: ReduceOptions = {}): Reducer {
  const context = { protocol: options.protocol ?? 4, numpy: options.numpy, dtypes: new Map<string, Reduction>() };
  return {
    reduce: (value: PyObject) => {
      const reduce = table.get(value.constructor) as Reduce<PyObject> | undefined;
      return reduce?.(value, context);
    },
  };
}

const table = new Map<unknown, unknown>([...stdlibReducers, ...numpyReducers, ...pandasReducers]);
