import type { Reduction } from '../../pickle/reduction.js';
import { PyFloat, PyInstance, PyTuple, pyFloat, type PyValue } from '../../pickle/values.js';
import { reconstructed } from '../stdlib.js';
import {
  PyBoundMethod,
  PyComplex,
  PyDateTime,
  PyDeque,
  PyDictInstance,
  PyModule,
  PyPartial,
  PyPattern,
  PyRange,
  PySlice,
} from '../values.js';
import { call, reduces } from './table.js';

const float = (value: number): PyValue => (Number.isInteger(value) ? new PyFloat(value) : pyFloat(value));

export const stdlibReducers = [
  reduces(PyInstance, instanceReduction),
  reduces(PyComplex, ({ real, imag }) => call('builtins', 'complex', float(real), float(imag))),
  reduces(PySlice, ({ start, stop, step }) => call('builtins', 'slice', start, stop, step)),
  reduces(PyRange, ({ start, stop, step }) => call('builtins', 'range', start, stop, step)),
  reduces(PyBoundMethod, ({ object, name }) => call('builtins', 'getattr', object, name)),
  reduces(PyPattern, ({ pattern, flags }) => call('re', '_compile', pattern, flags)),
  // Only dill keeps modules.
  reduces(PyModule, ({ name }) => call('dill._dill', '_import_module', name)),
  reduces(PyDictInstance, (dict) => ({
    made: 'call',
    callable: dict.type,
    args: new PyTuple(dict.factory === undefined || dict.factory === null ? [] : [dict.factory]),
    entries: dict,
    state: dict.attributes,
  })),
  reduces(PyDeque, ({ items, maxlen }) => ({
    ...call('collections', 'deque', ...(maxlen === null ? [] : [new PyTuple([]), maxlen])),
    appended: items,
  })),
  reduces(PyPartial, ({ func, args, keywords, namespace }) => ({
    ...call('functools', 'partial', func),
    state: new PyTuple([func, args, keywords, namespace]),
  })),
  reduces(PyDateTime, (value) =>
    call('datetime', value.kind, packed(value), ...(value.tzinfo === null ? [] : [value.tzinfo])),
  ),
];

/** An instance as the file made it. */
export function instanceReduction(instance: PyInstance): Reduction {
  const made = reconstructed.get(instance);
  if (!made) return instance;
  return {
    ...call('copyreg', '_reconstructor', instance.callable, made.base, made.value),
    state: instance.state,
  };
}

/** datetime's packed states: Lib/_pydatetime.py, `_getstate`. */
function packed({ kind, fields, fold }: PyDateTime): Uint8Array {
  const time = ([hour, minute, second, micro]: readonly number[]): number[] => [
    hour,
    minute,
    second,
    micro >> 16,
    (micro >> 8) & 0xff,
    micro & 0xff,
  ];
  if (kind === 'time') {
    const bytes = time(fields);
    if (fold) bytes[0] |= 0x80;
    return Uint8Array.from(bytes);
  }
  const [year, month, day, ...rest] = fields;
  const date = [year >> 8, year & 0xff, month, day];
  if (kind === 'date') return Uint8Array.from(date);
  if (fold) date[2] |= 0x80;
  return Uint8Array.from([...date, ...time(rest)]);
}
