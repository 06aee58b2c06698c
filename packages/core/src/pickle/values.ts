/**
 * Python values as inert data. Nothing here can run anything: a class is a pair of strings, an instance is
 * what the file says would be called and with what.
 *
 * | Python              | here                                                          |
 * |---------------------|---------------------------------------------------------------|
 * | None, bool, str     | null, boolean, string (Python 2 `str` is decoded as latin-1)  |
 * | int                 | number if it is a safe integer, else bigint                   |
 * | float               | number if it has a fraction, else PyFloat (1.0 is not 1)      |
 * | bytes               | Uint8Array (a view on the file where possible)                |
 * | list                | Array                                                         |
 * | anything else       | a subclass of PyObject                                        |
 */
export type PyValue = null | boolean | number | bigint | string | Uint8Array | PyValue[] | PyObject;

/** Base of every Python value that JavaScript has no equal for. Subclasses live here and in `python/`. */
export abstract class PyObject {
  /** A short word for messages, such as `tuple` or `ndarray`. */
  abstract readonly kind: string;
}

/** A float whose value is an integer, or not finite: kept apart from `int`, so that writing gives 1.0 back. */
export class PyFloat extends PyObject {
  readonly kind = 'float';
  readonly value: number;
  constructor(value: number) {
    super();
    this.value = value;
  }
}

/** A Python float as a PyValue. */
export function pyFloat(value: number): number | PyFloat {
  return Number.isInteger(value) || !Number.isFinite(value) ? new PyFloat(value) : value;
}

export class PyTuple extends PyObject {
  readonly kind = 'tuple';
  readonly items: PyValue[];
  constructor(items: PyValue[]) {
    super();
    this.items = items;
  }
}

export class PyByteArray extends PyObject {
  readonly kind = 'bytearray';
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }
}

export class PySet extends PyObject {
  readonly kind: 'set' | 'frozenset';
  readonly items: PyValue[];
  constructor(kind: 'set' | 'frozenset', items: PyValue[]) {
    super();
    this.kind = kind;
    this.items = items;
  }
}

/**
 * A dict in insertion order. Any key is allowed. Keys that Python holds equal (1, 1.0, True) are one entry;
 * that is settled on first access and not while reading, so that a file of a million entries reads fast.
 */
export class PyDict extends PyObject {
  readonly kind = 'dict';
  #keys: PyValue[] = [];
  #values: PyValue[] = [];
  #index: Map<unknown, number> | undefined;

  static from(entries: Iterable<readonly [PyValue, PyValue]>): PyDict {
    const dict = new PyDict();
    for (const [key, value] of entries) dict.set(key, value);
    return dict;
  }

  set(key: PyValue, value: PyValue): void {
    if (this.#index) {
      const k = dictKey(key);
      const at = this.#index.get(k);
      if (at !== undefined) {
        this.#values[at] = value;
        return;
      }
      this.#index.set(k, this.#keys.length);
    }
    this.#keys.push(key);
    this.#values.push(value);
  }

  get(key: PyValue): PyValue | undefined {
    const at = this.#settled().get(dictKey(key));
    return at === undefined ? undefined : this.#values[at];
  }

  has(key: PyValue): boolean {
    return this.#settled().has(dictKey(key));
  }

  get size(): number {
    this.#settled();
    return this.#keys.length;
  }

  get keys(): readonly PyValue[] {
    this.#settled();
    return this.#keys;
  }

  get values(): readonly PyValue[] {
    this.#settled();
    return this.#values;
  }

  *entries(): Generator<[PyValue, PyValue]> {
    this.#settled();
    for (let i = 0; i < this.#keys.length; i++) yield [this.#keys[i]!, this.#values[i]!];
  }

  #settled(): Map<unknown, number> {
    if (this.#index) return this.#index;
    const index = new Map<unknown, number>();
    let kept = 0;
    for (let i = 0; i < this.#keys.length; i++) {
      const k = dictKey(this.#keys[i]!);
      const at = index.get(k);
      if (at !== undefined) {
        this.#values[at] = this.#values[i]!;
      } else {
        index.set(k, kept);
        this.#keys[kept] = this.#keys[i]!;
        this.#values[kept] = this.#values[i]!;
        kept++;
      }
    }
    this.#keys.length = kept;
    this.#values.length = kept;
    return (this.#index = index);
  }
}

/**
 * What a Map may use in place of a Python key: equal for keys that Python holds equal. Strings keep a
 * prefix apart from encoded keys; NaN equals only itself as an object, which Map cannot say, so NaN keys
 * made by PyFloat stay distinct objects.
 */
export function dictKey(key: PyValue): unknown {
  if (typeof key === 'string' || key === null) return key;
  if (typeof key === 'boolean') return key ? 1 : 0;
  if (typeof key === 'number') return key;
  if (typeof key === 'bigint') return key;
  if (key instanceof PyFloat) {
    if (Number.isNaN(key.value)) return key;
    return Number.isSafeInteger(key.value) || !Number.isFinite(key.value) ? key.value + 0 : BigInt(key.value);
  }
  if (key instanceof Uint8Array) return `\u0000b${Array.from(key).join()}`;
  if (key instanceof PyTuple) return `\u0000t${tupleKey(key)}`;
  return key;
}

const objectIds = new WeakMap<object, number>();
let nextObjectId = 1;

function tupleKey(tuple: PyTuple): string {
  // Iterative: a hostile file may nest tuples a million deep.
  const out: string[] = [];
  const todo: (PyValue | ')')[] = [tuple];
  while (todo.length > 0) {
    const value = todo.pop()!;
    if (value instanceof PyTuple) {
      out.push('(');
      todo.push(')');
      for (let i = value.items.length - 1; i >= 0; i--) todo.push(value.items[i]!);
      if (out.length > MAX_KEY_PARTS) return `deep${identity(tuple)}`;
      continue;
    }
    const k = value === ')' ? value : dictKey(value);
    if (typeof k === 'object' && k !== null) out.push(`o${identity(k)}`);
    else if (typeof k === 'string') out.push(`s${k.length}:${k}`);
    else out.push(`${typeof k === 'bigint' ? 'number' : typeof k}:${String(k)}`);
  }
  return out.join(',');
}

/** A tuple key longer than this is compared by identity: nobody's dict needs it, and bombs are made of it. */
const MAX_KEY_PARTS = 10_000;

function identity(object: object): number {
  let id = objectIds.get(object);
  if (id === undefined) objectIds.set(object, (id = nextObjectId++));
  return id;
}

/** A name that Python would import: a class, function or ufunc. Never resolved to anything that can run. */
export class PyGlobal extends PyObject {
  readonly kind = 'global';
  readonly module: string;
  readonly name: string;
  constructor(module: string, name: string) {
    super();
    this.module = module;
    this.name = name;
  }
  get fullName(): string {
    return `${this.module}.${this.name}`;
  }
}

/**
 * What Python would have made by calling `callable(*args, **kwargs)` and then setting its state: an instance
 * of a class (`made` is `new`), or the result of a REDUCE call (`call`). Kept as the file says it.
 */
export class PyInstance extends PyObject {
  readonly kind = 'instance';
  readonly made: 'new' | 'call';
  readonly callable: PyValue;
  readonly args: PyTuple;
  readonly kwargs: PyDict | null;
  /** What BUILD gave; undefined if the file never builds it. */
  state: PyValue | undefined;
  /** What APPEND(S) and ADDITEMS added (subclasses of list, deque, set). */
  appended: PyValue[] | undefined;
  /** What SETITEM(S) set (subclasses of dict). */
  entries: PyDict | undefined;

  constructor(made: 'new' | 'call', callable: PyValue, args: PyTuple, kwargs: PyDict | null = null) {
    super();
    this.made = made;
    this.callable = callable;
    this.args = args;
    this.kwargs = kwargs;
  }

  /** The module of the class or function, or '' where what is called is itself the result of a call. */
  get module(): string {
    return this.callable instanceof PyGlobal ? this.callable.module : '';
  }

  get name(): string {
    return this.callable instanceof PyGlobal ? this.callable.name : '';
  }

  /**
   * The attribute `name` of the state, whether the state is a dict or a `(dict, slots)` pair;
   * undefined if there is none.
   */
  attribute(name: string): PyValue | undefined {
    const state = this.state;
    if (state instanceof PyDict) return state.get(name);
    if (state instanceof PyTuple) {
      for (let i = state.items.length - 1; i >= 0; i--) {
        const part = state.items[i];
        const value = part instanceof PyDict ? part.get(name) : undefined;
        if (value !== undefined) return value;
      }
    }
    return undefined;
  }
}

/** A `persistent_id` that only the writer's program can resolve (torch storages, for one). */
export class PyPersistent extends PyObject {
  readonly kind = 'persistent';
  readonly id: PyValue;
  constructor(id: PyValue) {
    super();
    this.id = id;
  }
}
