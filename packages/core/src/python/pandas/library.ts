/**
 * pandas' names. Only what is seen from outside becomes a class of its own: DataFrame, Series, Index. Blocks,
 * managers and extension arrays stay instances, which those classes read when asked.
 * Renames: pandas/compat/pickle_compat.py, `_class_locations_map`, of 2.2 and 3.1.
 */
import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { inModules, type Builder, type Call, type Library, type Maker } from '../library.js';
import { arrayFromState } from '../numpy.js';
import { DataFrame, Series } from './frame.js';
import { PandasIndex } from './pandas-index.js';

/** `_new_Index(cls, parts)`, and the same of other index classes. */
function newIndex({ callable, args }: Call): PyValue | undefined {
  const [type, parts] = args;
  if (!(type instanceof PyGlobal && parts instanceof PyDict)) return undefined;
  return new PandasIndex(type.name, parts, new PyInstance('call', callable, new PyTuple([...args])));
}

/** Indexes that were arrays: `(array state, (name, …))`, or the array state alone. */
const buildIndex: Builder = (instance, state) => {
  const [array, own] = state instanceof PyTuple && state.items.length === 2 ? state.items : [state];
  const data = array === undefined ? undefined : arrayFromState(array);
  if (!data && !(state instanceof PyDict)) return undefined;
  instance.state = state;
  if (!data) return new PandasIndex(instance.name, state as PyDict, instance);
  const name = own instanceof PyTuple ? (own.items[0] ?? null) : null;
  return new PandasIndex(
    instance.name,
    PyDict.from([
      ['data', data],
      ['name', name],
    ]),
    instance,
  );
};

const withState =
  (make: (instance: PyInstance) => PyValue): Builder =>
  (instance, state) => {
    if (!(state instanceof PyDict)) return undefined;
    instance.state = state;
    return make(instance);
  };

const buildFrame = withState((instance) => new DataFrame(instance));
const buildSeries = withState((instance) => new Series(instance));

const indexMakers: Readonly<Record<string, Maker>> = {
  _new_Index: newIndex,
  _new_DatetimeIndex: newIndex,
  _new_PeriodIndex: newIndex,
  _new_IntervalIndex: newIndex,
  _new_TimedeltaIndex: newIndex,
};

const indexBuilders = Object.fromEntries(
  ['Index', 'Int64Index', 'UInt64Index', 'Float64Index', 'RangeIndex', 'DatetimeIndex', 'TimedeltaIndex'].map(
    (name) => [name, buildIndex],
  ),
);

/** Arrays of pandas' own class, with numpy's state. */
const frozenArray: Builder = (_instance, state) => arrayFromState(state);

const indexModules = ['base', 'numeric', 'range', 'multi', 'datetimes', 'timedeltas', 'period', 'category', 'interval'];

export const pandas: Library = {
  makes: inModules(
    [
      'pandas.core.index',
      'pandas.tseries.index',
      'pandas.tseries.period',
      'pandas.tseries.tdi',
      ...indexModules.flatMap((name) => [`pandas.core.indexes.${name}`, `pandas.indexes.${name}`]),
    ],
    indexMakers,
  ),
  builds: {
    pandas: { DataFrame: buildFrame, Series: buildSeries, ...indexBuilders },
    'pandas.core.frame': { DataFrame: buildFrame },
    'pandas.core.series': { Series: buildSeries, TimeSeries: buildSeries },
    ...inModules(['pandas.core.index', 'pandas.tseries.index', 'pandas.tseries.tdi'], indexBuilders),
    ...inModules(
      ['base', 'numeric', 'range'].flatMap((name) => [`pandas.core.indexes.${name}`, `pandas.indexes.${name}`]),
      indexBuilders,
    ),
    ...inModules(['pandas.core.base', 'pandas.core.indexes.frozen', 'pandas.indexes.frozen'], {
      FrozenNDArray: frozenArray,
    }),
  },
};
