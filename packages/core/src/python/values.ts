/**
 * Values of the standard library that JavaScript has no equal for. Like everything that comes out of a
 * file they are inert: a bound method is a pair, a pattern is its text.
 */
import { PyDict, PyObject, type PyGlobal, type PyTuple, type PyValue } from '../pickle/values.js';

export class PyComplex extends PyObject {
  override readonly kind = 'complex';
  readonly real: number;
  readonly imag: number;
  constructor(real: number, imag: number) {
    super();
    this.real = real;
    this.imag = imag;
  }
}

export class PySlice extends PyObject {
  override readonly kind = 'slice';
  readonly start: PyValue;
  readonly stop: PyValue;
  readonly step: PyValue;
  constructor(start: PyValue, stop: PyValue, step: PyValue) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

export class PyRange extends PyObject {
  override readonly kind = 'range';
  readonly start: number | bigint;
  readonly stop: number | bigint;
  readonly step: number | bigint;
  constructor(start: number | bigint, stop: number | bigint, step: number | bigint) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/** An OrderedDict, defaultdict or Counter: a dict that remembers its class. */
export class PyDictInstance extends PyDict {
  readonly type: PyGlobal;
  /** The `default_factory` of a defaultdict. */
  readonly factory: PyValue | undefined;
  /** What BUILD gave, if anything: attributes of a subclass. */
  attributes: PyValue | undefined;
  constructor(type: PyGlobal, factory?: PyValue) {
    super();
    this.type = type;
    this.factory = factory;
  }
}

export class PyDeque extends PyObject {
  override readonly kind = 'deque';
  readonly items: PyValue[];
  readonly maxlen: PyValue;
  constructor(items: PyValue[], maxlen: PyValue) {
    super();
    this.items = items;
    this.maxlen = maxlen;
  }
}

/**
 * A `datetime`, `date` or `time`: `fields` are what Python's constructor takes (year, month, day, hour,
 * minute, second, microsecond, as far as the class has them).
 */
export class PyDateTime extends PyObject {
  override readonly kind: 'datetime' | 'date' | 'time';
  readonly fields: readonly number[];
  readonly tzinfo: PyValue;
  /** 1 for the second of two equal wall-clock times (PEP 495). */
  readonly fold: 0 | 1;
  constructor(kind: 'datetime' | 'date' | 'time', fields: readonly number[], tzinfo: PyValue = null, fold: 0 | 1 = 0) {
    super();
    this.kind = kind;
    this.fields = fields;
    this.tzinfo = tzinfo;
    this.fold = fold;
  }
}

/** `functools.partial`. Pickle makes it around `func` first and says the rest later. */
export class PyPartial extends PyObject {
  override readonly kind = 'partial';
  func: PyValue;
  args: PyTuple;
  keywords: PyDict;
  /** Attributes set on the partial object, usually null. */
  namespace: PyValue;
  constructor(func: PyValue, args: PyTuple, keywords: PyDict, namespace: PyValue = null) {
    super();
    this.func = func;
    this.args = args;
    this.keywords = keywords;
    this.namespace = namespace;
  }
}

/** `getattr(object, name)`: a bound method, or whatever else the attribute is. Never looked up. */
export class PyBoundMethod extends PyObject {
  override readonly kind = 'method';
  readonly object: PyValue;
  readonly name: string;
  constructor(object: PyValue, name: string) {
    super();
    this.object = object;
    this.name = name;
  }
}

/** A compiled regular expression: its source and `re` flags. */
export class PyPattern extends PyObject {
  override readonly kind = 'pattern';
  readonly pattern: string | Uint8Array;
  readonly flags: number;
  constructor(pattern: string | Uint8Array, flags: number) {
    super();
    this.pattern = pattern;
    this.flags = flags;
  }
}

/** A module as a value. Never imported. */
export class PyModule extends PyObject {
  override readonly kind = 'module';
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}
