import { BrineError } from '../../errors.js';
import { PyDict, PyFloat, PyGlobal, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { corrupt } from '../check.js';
import { formatDatetime64 } from '../datetime64.js';
import { elements, toInt64, toIntegers, toTyped } from '../elements.js';
import { NdArray, type Dtype } from '../ndarray.js';
import { rowOf } from './rows.js';
import { arrowStrings } from './arrow.js';
import { PandasIndex } from './pandas-index.js';

/** One column of a DataFrame: its pandas dtype, and its values. */
export interface Column {
  /** As pandas prints it: `float64`, `category`, `Int64`, `datetime64[ns, UTC]`. */
  readonly dtype: string;
  /** The numpy array behind it, where that is all there is. */
  readonly array?: NdArray;
  /**
   * Missing values of nullable types are null; NaN of floats and objects stays. Dates are ISO 8601 text (in
   * UTC with a `Z` where the column has a zone).
   */
  values(): PyValue[];
}

/** Row `row` of a block's values (1-d values are their own only row). Throws UNSUPPORTED for unknown arrays. */
export function columnOf(values: PyValue, row = 0): Column {
  if (values instanceof NdArray) {
    const array = rowOf(values, row);
    return { dtype: numpyName(array.dtype), array, values: () => plainValues(array) };
  }
  if (values instanceof PandasIndex) return values.asColumn();
  if (values instanceof PyInstance) {
    const column = extensionColumn(values, row);
    if (column) return column;
    const name = arrayClassOf(values);
    throw new BrineError('UNSUPPORTED', `a pandas column is a ${name || 'value'} that brine does not read`);
  }
  throw corrupt('a pandas column is no array');
}

/** pandas' name of a numpy dtype. */
export function numpyName(dtype: Dtype): string {
  const bits = dtype.itemsize * 8;
  switch (dtype.type) {
    case 'f':
      return `float${bits}`;
    case 'i':
      return `int${bits}`;
    case 'u':
      return `uint${bits}`;
    case 'b':
      return 'bool';
    case 'c':
      return `complex${bits}`;
    case 'M':
      return `datetime64[${dtype.unit?.[0] ?? 'ns'}]`;
    case 'm':
      return `timedelta64[${dtype.unit?.[0] ?? 'ns'}]`;
    default:
      return 'object';
  }
}

function plainValues(array: NdArray, zone = ''): PyValue[] {
  const { dtype } = array;
  if (dtype.type === 'M') {
    return Array.from(toInt64(array), (count) => {
      const text = formatDatetime64(count, dtype.unit);
      return text === null ? null : text + zone;
    });
  }
  if (dtype.type === 'm') return elements(array).map((count) => (count === -(2n ** 63n) ? null : count));
  return elements(array);
}

function arrayClassOf(instance: PyInstance): string {
  const type = instance.made === 'call' ? instance.args.items[0] : instance.callable;
  return type instanceof PyGlobal ? type.name : instance.name;
}

/** pandas' extension arrays, by class name: their modules moved with nearly every release. */
function extensionColumn(instance: PyInstance, row: number): Column | undefined {
  const kind = arrayClassOf(instance);
  switch (kind) {
    case 'Categorical':
      return categorical(instance, row);
    case 'IntegerArray':
    case 'FloatingArray':
    case 'BooleanArray':
      return masked(instance, row);
    case 'DatetimeArray':
    case 'TimedeltaArray':
    case 'PeriodArray':
    case 'StringArray':
    case 'PandasArray':
    case 'NumpyExtensionArray': {
      const array = backing(instance);
      return array && backed(kind, rowOf(array, row), backingDtype(instance));
    }
    case 'ArrowStringArray':
    case 'ArrowStringArrayNumpySemantics': {
      const strings = arrowStrings(instance.attribute('_pa_array') ?? instance.attribute('_data'));
      const dtype = stringName(instance.attribute('_dtype'));
      const missing = dtype === 'str' ? new PyFloat(NaN) : null;
      return strings && { dtype, values: () => strings.map((text) => text ?? missing) };
    }
    case 'IntervalArray': {
      const [left, right] = [instance.attribute('_left'), instance.attribute('_right')];
      if (left === undefined || right === undefined) return undefined;
      return intervals(left, right, instance.attribute('_closed'));
    }
    default:
      return undefined;
  }
}

/** Intervals as (left, right) tuples. */
export function intervals(left: PyValue, right: PyValue, closed: PyValue | undefined): Column {
  const [from, to] = [columnOf(left), columnOf(right)];
  return {
    dtype: `interval[${from.dtype}, ${typeof closed === 'string' ? closed : 'right'}]`,
    values: () => {
      const ends = to.values();
      return from.values().map((start, i) => new PyTuple([start, ends[i]]));
    },
  };
}

/** The numpy array inside an NDArrayBacked array: state `(dtype, ndarray[, attrs])`, or a dict of old. */
function backing(instance: PyInstance): NdArray | undefined {
  const { state } = instance;
  if (state instanceof PyTuple) return state.items.find((item) => item instanceof NdArray);
  for (const name of ['_ndarray', '_data', '_codes']) {
    const value = instance.attribute(name);
    if (value instanceof NdArray) return value;
  }
  return undefined;
}

function backingDtype(instance: PyInstance): PyValue | undefined {
  const { state } = instance;
  if (state instanceof PyTuple) return state.items.find((item) => !(item instanceof NdArray));
  return instance.attribute('_dtype');
}

function backed(kind: string, array: NdArray, dtype: PyValue | undefined): Column {
  if (kind === 'StringArray') return { dtype: stringName(dtype), values: () => elements(array).map(missingToNull) };
  if (kind === 'PeriodArray') return { dtype: 'period', values: () => elements(array) };
  const zone = kind === 'DatetimeArray' ? zoneName(dtype) : undefined;
  if (zone === undefined) return { dtype: numpyName(array.dtype), array, values: () => plainValues(array) };
  const unit = array.dtype.unit?.[0] ?? 'ns';
  return { dtype: `datetime64[${unit}, ${zone}]`, values: () => plainValues(array, 'Z') };
}

/** `pandas.NA`, which pickles as a reference to a singleton. */
function missingToNull(value: PyValue): PyValue {
  const isNa =
    (value instanceof PyGlobal && value.name === 'NA') ||
    (value instanceof PyInstance && (value.name === 'NAType' || value.name === 'C_NA'));
  return isNa ? null : value;
}

/** `str` is pandas 3's dtype (NaN where missing), `string` the older one (NA where missing). */
function stringName(dtype: PyValue | undefined): string {
  if (!(dtype instanceof PyInstance) || dtype.args.items.length < 2) return 'string';
  const na = dtype.args.items[1];
  return na instanceof PyFloat && Number.isNaN(na.value) ? 'str' : 'string';
}

/** The time zone of a DatetimeTZDtype by name, where the file names it. */
function zoneName(dtype: PyValue | undefined): string | undefined {
  if (!(dtype instanceof PyInstance)) return undefined;
  const zone = dtype.attribute('tz') ?? dtype.args.items[1];
  return zone === undefined || zone === null ? undefined : zoneText(zone);
}

/** A tzinfo by its name: pytz and zoneinfo give it as an argument. */
export function zoneText(zone: PyValue): string {
  if (typeof zone === 'string') return zone;
  const key = zone instanceof PyInstance ? zone.args.items.find((item) => typeof item === 'string') : undefined;
  return typeof key === 'string' ? key : 'UTC';
}

function categorical(instance: PyInstance, row: number): Column | undefined {
  const codes = backing(instance);
  const dtype = backingDtype(instance);
  const categories =
    dtype instanceof PyInstance
      ? (dtype.attribute('categories') ?? dtype.args.items[0])
      : (instance.attribute('_categories') ?? instance.attribute('categories'));
  if (!codes || categories === undefined) return undefined;
  const labels = columnOf(categories);
  return { dtype: 'category', values: () => pick(labels.values(), rowOf(codes, row)) };
}

/** The labels that codes stand for; -1 is missing. Throws CORRUPT for a code out of range. */
export function pick(labels: readonly PyValue[], codes: NdArray): PyValue[] {
  return Array.from(toIntegers(codes), (code) => {
    if (code === -1) return null;
    if (!(code >= 0 && code < labels.length)) throw corrupt(`code ${code} is beyond ${labels.length} categories`);
    return labels[code];
  });
}

function masked(instance: PyInstance, row: number): Column | undefined {
  const [data, mask] = [instance.attribute('_data'), instance.attribute('_mask')];
  if (!(data instanceof NdArray && mask instanceof NdArray)) return undefined;
  const [array, missing] = [rowOf(data, row), rowOf(mask, row)];
  if (array.size !== missing.size) throw corrupt(`a masked column of ${array.size} values has ${missing.size} marks`);
  const name = numpyName(array.dtype);
  const dtype = name === 'bool' ? 'boolean' : name.replace(/^u?[a-z]/, (letters) => letters.toUpperCase());
  return {
    dtype,
    values: () => {
      const marks = toTyped(missing);
      return elements(array).map((value, i) => (marks[i] ? null : value));
    },
  };
}

/** Where a dict says something under one of several names. */
export function firstOf(dict: PyDict, ...names: string[]): PyValue | undefined {
  for (const name of names) {
    const value = dict.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
