/** The standard library's own types, under Python 3's and Python 2's module names. */
import { PyByteArray, PyDict, PyFloat, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from '../pickle/values.js';
import { arrayArray, listedArray } from './arrayarray.js';
import { makeDate, makeDatetime, makeTime } from './datetime.js';
import { inModules, settler, type Call, type Library, type Maker } from './library.js';
import { bytesOf, encodeLatin1, encodeUtf8 } from './text.js';
import { PyBoundMethod, PyComplex, PyDeque, PyDictInstance, PyPartial, PyPattern, PyRange, PySlice } from './values.js';

/** The items of a list, tuple or set; nothing for no argument; undefined for anything else. */
function itemsOf(value: PyValue | undefined): readonly PyValue[] | undefined {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  return value instanceof PyTuple || value instanceof PySet ? value.items : undefined;
}

/** Puts what a dict's constructor takes (a dict, or pairs) into `dict`; false if it is neither. */
function fill(dict: PyDict, value: PyValue | undefined): boolean {
  if (value instanceof PyDict) {
    for (const [k, v] of value.entries()) dict.set(k, v);
    return true;
  }
  const items = itemsOf(value);
  if (!items) return false;
  for (const item of items) {
    const pair = itemsOf(item);
    if (pair?.length !== 2) return false;
    dict.set(pair[0], pair[1]);
  }
  return true;
}

function numberOf(value: PyValue | undefined): number | undefined {
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'number' ? value : undefined;
}

function isInt(value: PyValue | undefined): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

const makeSet =
  (kind: 'set' | 'frozenset'): Maker =>
  ({ args }) => {
    const items = itemsOf(args[0]);
    return items && new PySet(kind, [...items]);
  };

const makeDict: Maker = ({ args }) => {
  const dict = new PyDict();
  return fill(dict, args[0]) ? dict : undefined;
};

/** OrderedDict and Counter take entries, defaultdict a factory and entries. */
const makeDictInstance =
  (entriesAt: 0 | 1): Maker =>
  ({ callable, args }) => {
    const dict = new PyDictInstance(callable, entriesAt === 1 ? (args[0] ?? null) : undefined);
    return fill(dict, args[entriesAt]) ? dict : undefined;
  };

/** `bytes(list of ints)`, `bytearray(bytes)`, `bytearray(text, encoding)`. */
function rawBytes(args: readonly PyValue[]): Uint8Array | undefined {
  const [value, encoding] = args;
  if (value === undefined) return new Uint8Array(0);
  if (Array.isArray(value)) {
    return value.every((n) => typeof n === 'number' && n >= 0 && n < 256)
      ? Uint8Array.from(value as number[])
      : undefined;
  }
  return typeof value === 'string' && encoding !== undefined ? encode(value, encoding) : bytesOf(value);
}

/** `_codecs.encode(text, encoding)`, as protocol 2 writes bytes. */
function encode(text: string, encoding: PyValue | undefined): Uint8Array | undefined {
  if (typeof encoding !== 'string') return undefined;
  switch (encoding.toLowerCase().replaceAll('_', '-')) {
    case 'latin1':
    case 'latin-1':
    case 'iso-8859-1':
      return encodeLatin1(text);
    case 'utf8':
    case 'utf-8':
      return encodeUtf8(text);
    default:
      return undefined;
  }
}

const makeComplex: Maker = ({ args }) => {
  const [real, imag] = args.map(numberOf);
  return real !== undefined && imag !== undefined ? new PyComplex(real, imag) : undefined;
};

const makeRange: Maker = ({ args }) => {
  if (!args.every(isInt) || args.length === 0) return undefined;
  const [a, b, c] = args;
  return args.length === 1 ? new PyRange(0, a, 1) : new PyRange(a, b, c ?? 1);
};

const makeSlice: Maker = ({ args: [a, b, c] }) => {
  if (a === undefined) return undefined;
  return b === undefined ? new PySlice(null, a, null) : new PySlice(a, b, c ?? null);
};

/** `getattr(object, name)`: never looked up. */
const makeMethod: Maker = ({ args: [object, name] }) =>
  object !== undefined && typeof name === 'string' ? new PyBoundMethod(object, name) : undefined;

const builtins: Readonly<Record<string, Maker>> = {
  set: makeSet('set'),
  frozenset: makeSet('frozenset'),
  dict: makeDict,
  list: ({ args }) => {
    const items = itemsOf(args[0]);
    return items && [...items];
  },
  tuple: ({ args }) => {
    const items = itemsOf(args[0]);
    return items && new PyTuple([...items]);
  },
  bytes: ({ args }) => rawBytes(args),
  bytearray: ({ args }) => {
    const bytes = rawBytes(args);
    return bytes && new PyByteArray(new Uint8Array(bytes));
  },
  complex: makeComplex,
  slice: makeSlice,
  range: makeRange,
  xrange: makeRange,
  getattr: makeMethod,
  // NoneType has no name of its own to import.
  type: ({ args: [value] }) => (value === null ? new PyGlobal('builtins', 'NoneType') : undefined),
};

const makePartial: Maker = ({ args: [func, ...args], kwargs }) =>
  func === undefined ? undefined : new PyPartial(func, new PyTuple(args), kwargs ?? new PyDict());

/** `partial.__setstate__`: `(func, args, keywords, namespace)`. */
function settlePartial(target: PyPartial, state: PyValue): boolean {
  const [func, args, keywords, namespace] = state instanceof PyTuple ? state.items : [];
  if (func === undefined || !(args instanceof PyTuple)) return false;
  if (!(keywords instanceof PyDict || keywords === null)) return false;
  target.func = func;
  target.args = args;
  target.keywords = keywords ?? new PyDict();
  target.namespace = namespace ?? null;
  return true;
}

/**
 * Instances that `base.__new__(cls, value)` makes, with both. The class's own `__new__` may take other arguments (a
 * named tuple's does) or be too early for items (a `dok_matrix`), so that only the same call writes them back.
 */
export const reconstructed = new WeakMap<PyInstance, { readonly base: PyGlobal; readonly value: PyValue }>();

/** `copyreg._reconstructor(cls, base, state)`: how protocols 0 and 1 make instances of new-style classes. */
function reconstructor({ args: [cls, base, state], again }: Call): PyValue | undefined {
  if (cls === undefined) return undefined;
  const made = again('new', cls, new PyTuple([]));
  if (base instanceof PyGlobal && base.name !== 'object' && made instanceof PyInstance) {
    if (state === undefined || state === null) return made;
    let instance = made;
    if (state instanceof PyDict) made.entries = state;
    else if (Array.isArray(state)) made.appended = state;
    else if (state instanceof PySet) made.appended = state.items;
    // Subclasses of float, int, str, bytes, tuple: their value is what they are made of.
    else instance = new PyInstance('new', cls, new PyTuple([state]));
    reconstructed.set(instance, { base, value: state });
    return instance;
  } else if (made instanceof PyDict && state instanceof PyDict) {
    fill(made, state);
  }
  return made;
}

/**
 * What passes a call on does so only where it was called itself. Passed-on calls are of the kind `new`, so
 * a chain of them ends after one link and is no stack bomb (CWE-674).
 */
const whenCalled =
  (maker: Maker): Maker =>
  (call) =>
    call.made === 'call' ? maker(call) : undefined;

const copyreg: Readonly<Record<string, Maker>> = {
  _reconstructor: whenCalled(reconstructor),
  __newobj__: whenCalled(({ args: [cls, ...args], again }) =>
    cls === undefined ? undefined : again('new', cls, new PyTuple(args)),
  ),
  __newobj_ex__: whenCalled(({ args: [cls, args, kwargs], again }) =>
    cls !== undefined && args instanceof PyTuple && kwargs instanceof PyDict
      ? again('new', cls, args, kwargs)
      : undefined,
  ),
};

const collections: Readonly<Record<string, Maker>> = {
  OrderedDict: makeDictInstance(0),
  Counter: makeDictInstance(0),
  defaultdict: makeDictInstance(1),
  deque: ({ args: [items, maxlen] }) => {
    const list = itemsOf(items);
    return list && new PyDeque([...list], maxlen ?? null);
  },
};

const makePattern: Maker = ({ args: [pattern, flags] }) =>
  typeof pattern === 'string' || pattern instanceof Uint8Array
    ? new PyPattern(pattern, numberOf(flags) ?? 0)
    : undefined;

export const stdlib: Library = {
  makes: {
    ...inModules(['builtins', '__builtin__'], builtins),
    ...inModules(['copyreg', 'copy_reg'], copyreg),
    collections,
    _collections: collections,
    _codecs: {
      encode: ({ args: [text, encoding] }) => (typeof text === 'string' ? encode(text, encoding) : undefined),
    },
    ...inModules(['functools', '_functools'], { partial: makePartial }),
    ...inModules(['datetime', '_pydatetime'], { datetime: makeDatetime, date: makeDate, time: makeTime }),
    ...inModules(['re', 'sre'], { _compile: makePattern, compile: makePattern }),
    array: { _array_reconstructor: arrayArray, array: listedArray },
  },
  settles: [
    settler(PyPartial, settlePartial),
    settler(PyDictInstance, (target, state) => {
      target.attributes = state;
      return true;
    }),
  ],
};
