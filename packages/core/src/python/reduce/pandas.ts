import type { Reduction } from '../../pickle/reduction.js';
import { PyGlobal, PyTuple } from '../../pickle/values.js';
import { DataFrame, Series } from '../pandas/frame.js';
import { PandasIndex } from '../pandas/pandas-index.js';
import { instanceReduction } from './stdlib.js';
import { call, reduces } from './table.js';

/** Which function makes an index of a class, since pandas 0.20. */
const indexMakers = new Map<string, readonly [string, string]>([
  ['DatetimeIndex', ['pandas.core.indexes.datetimes', '_new_DatetimeIndex']],
  ['PeriodIndex', ['pandas.core.indexes.period', '_new_PeriodIndex']],
  ['IntervalIndex', ['pandas.core.indexes.interval', '_new_IntervalIndex']],
]);

/** An index as the file had it; one that came from elsewhere as pandas writes it today. */
function indexReduction({ className, parts, origin }: PandasIndex): Reduction {
  // Indexes that were arrays are made as numpy makes arrays.
  if (origin?.state instanceof PyTuple && origin.made === 'new') {
    return {
      ...call('numpy.core.multiarray', '_reconstruct', origin.callable, new PyTuple([0]), Uint8Array.of(0x62)),
      state: origin.state,
    };
  }
  if (origin) return origin;
  const [module, name] = indexMakers.get(className) ?? ['pandas.core.indexes.base', '_new_Index'];
  return call(module, name, new PyGlobal('pandas', className), parts);
}

export const pandasReducers = [
  reduces(DataFrame, ({ instance }) => instanceReduction(instance)),
  reduces(Series, ({ instance }) => instanceReduction(instance)),
  reduces(PandasIndex, indexReduction),
];
