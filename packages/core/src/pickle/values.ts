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

/**
 * Base of every Python value that JavaScript has no equal for. Subclasses live here and in `python/`. (Those
 * that files hold by the million have `kind` as a getter, which costs them no memory.)
 */
export abstract class PyObject {
  /** A short word for messages, such as `tuple` or `ndarray`. */
  abstract readonly kind: string;
}

/** A float whose value is an integer, or not finite: kept apart from `int`, so that writing gives 1.0 back. */
export class PyFloat extends PyObject {
  get kind(): 'float' {
    return 'float';
  }
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
  get kind(): 'tuple' {
    return 'tuple';
  }
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

/** What every dict begins with; never written to. */
const EMPTY: PyValue[] = [];

/**
 * A dict in insertion order. Any key is allowed. Keys that Python holds equal (1, 1.0, True) are one entry;
 * that is settled on first access and not while reading, so that a file of a million entries reads fast.
 */
export class PyDict extends PyObject {
  get kind(): 'dict' {
    return 'dict';
  }
  /** Key, value, key, value … as they came, until somebody looks; or what makes the entries then. */
  #pending: PyValue[] | ((dict: PyDict) => void) = EMPTY;
  #table: DictTable | undefined;

  static from(entries: Iterable<readonly [PyValue, PyValue]>): PyDict {
    const dict = new PyDict();
    for (const [key, value] of entries) dict.set(key, value);
    return dict;
  }

  /**
   * A dict whose entries `make` puts into it when somebody first looks: nobody can tell it from another. What `make`
   * throws is thrown then, each time.
   */
  static later(make: (dict: PyDict) => void): PyDict {
    const dict = new PyDict();
    dict.#pending = make;
    return dict;
  }

  /** Makes the entries that are to be made later, if it is such a dict. */
  load(): void {
    const make = this.#pending;
    if (typeof make !== 'function') return;
    this.#pending = EMPTY;
    try {
      make(this);
    } catch (error) {
      this.#table = undefined;
      this.#pending = () => {
        throw error;
      };
      throw error;
    }
  }

  set(key: PyValue, value: PyValue): void {
    if (this.#table) this.#table.set(key, value);
    // An array that grows reserves room for 16 more: a million dicts of one entry each would feel it.
    else if (this.#pending === EMPTY) this.#pending = [key, value];
    else if (typeof this.#pending !== 'function') this.#pending.push(key, value);
    else {
      this.load();
      this.set(key, value);
    }
  }

  /** Sets the pairs `items[from]`, `items[from + 1]` … up to `to`, which is an even number of items away. */
  setPairs(items: readonly PyValue[], from: number, to: number): void {
    if (this.#table === undefined && this.#pending === EMPTY && from < to) {
      this.#pending = items.slice(from, to);
    } else {
      for (let i = from; i < to; i += 2) this.set(items[i], items[i + 1]);
    }
  }

  get(key: PyValue): PyValue | undefined {
    const table = this.#settled();
    const at = table.find(key);
    return at === undefined ? undefined : table.values[at];
  }

  has(key: PyValue): boolean {
    return this.#settled().find(key) !== undefined;
  }

  /** Is one of the keys a text among `words`? Costs a look at each, and no index. */
  hasAnyOf(words: ReadonlySet<string>): boolean {
    this.load();
    const keys = this.#table?.keys ?? (this.#pending as PyValue[]);
    const step = this.#table === undefined ? 2 : 1;
    for (let i = 0; i < keys.length; i += step) {
      const key = keys[i];
      if (typeof key === 'string' && words.has(key)) return true;
    }
    return false;
  }

  /** Every key and every value, in no order, for who only counts or looks: costs no index. */
  get parts(): readonly PyValue[] {
    this.load();
    return this.#table === undefined ? (this.#pending as PyValue[]) : [...this.#table.keys, ...this.#table.values];
  }

  /** Takes the entry of `key` out; false if there is none. */
  delete(key: PyValue): boolean {
    return this.#settled().delete(key);
  }

  get size(): number {
    return this.#settled().keys.length;
  }

  get keys(): readonly PyValue[] {
    return this.#settled().keys;
  }

  get values(): readonly PyValue[] {
    return this.#settled().values;
  }

  *entries(): Generator<[PyValue, PyValue]> {
    const { keys, values } = this.#settled();
    for (let i = 0; i < keys.length; i++) yield [keys[i]!, values[i]!];
  }

  #settled(): DictTable {
    if (this.#table) return this.#table;
    if (typeof this.#pending === 'function') {
      this.load();
      return this.#settled();
    }
    const pending = this.#pending;
    // One entry is settled as it is, in arrays of one.
    const table = pending.length === 2 ? new DictTable([pending[0]], [pending[1]]) : new DictTable([], []);
    this.#table = table;
    if (pending.length > 2) for (let i = 0; i < pending.length; i += 2) table.set(pending[i], pending[i + 1]);
    this.#pending = EMPTY;
    return table;
  }
}

/** As many keys are compared one by one before an index is worth its memory. */
const FEW = 8;

/** The entries of a dict, found by what Python calls equal. */
class DictTable {
  readonly keys: PyValue[];
  readonly values: PyValue[];
  /** Only of more entries than can be looked through: most dicts are small, and there are many of them. */
  #index: Map<unknown, number> | undefined;
  #compound: CompoundKeys | undefined;

  constructor(keys: PyValue[], values: PyValue[]) {
    this.keys = keys;
    this.values = values;
  }

  set(key: PyValue, value: PyValue): void {
    const k = this.#indexKey(key);
    const at = this.#at(k);
    if (at !== undefined) {
      this.values[at] = value;
      return;
    }
    this.#index?.set(k, this.keys.length);
    this.keys.push(key);
    this.values.push(value);
    if (this.#index === undefined && this.keys.length > FEW) {
      this.#index = new Map(this.keys.map((each, i) => [this.#indexKey(each), i]));
    }
  }

  find(key: PyValue): number | undefined {
    return this.#at(this.#indexKey(key));
  }

  delete(key: PyValue): boolean {
    const at = this.find(key);
    if (at === undefined) return false;
    this.keys.splice(at, 1);
    this.values.splice(at, 1);
    if (this.#index) this.#index = new Map(this.keys.map((each, i) => [this.#indexKey(each), i]));
    return true;
  }

  #at(k: unknown): number | undefined {
    if (this.#index) return this.#index.get(k);
    for (let i = 0; i < this.keys.length; i++) if (this.#indexKey(this.keys[i]) === k) return i;
    return undefined;
  }

  /** What a Map may use in place of the key: the same for keys that Python holds equal. */
  #indexKey(key: PyValue): unknown {
    if (typeof key === 'string') return key;
    if (key instanceof PyTuple || key instanceof Uint8Array) return (this.#compound ??= new CompoundKeys()).token(key);
    return simpleKey(key);
  }
}

/**
 * Numbers by value, everything else by identity. (NaN equals only itself as an object, which a Map cannot
 * say of numbers; NaN is always a PyFloat, and so stays distinct.)
 */
function simpleKey(key: PyValue): unknown {
  if (typeof key === 'boolean') return key ? 1 : 0;
  if (key instanceof PyFloat && !Number.isNaN(key.value)) {
    return Number.isSafeInteger(key.value) || !Number.isFinite(key.value) ? key.value + 0 : BigInt(key.value);
  }
  return key;
}

/** Keys with more in them than this equal only themselves: comparing them again for every dict is work without end (CWE-407). */
const MAX_KEY = 5000;

/**
 * Tuples and bytes as keys: equal content gets the same token. Every tuple is visited once, however often
 * it is shared, so that a few bytes of tuples within tuples cannot ask for exponential work; and nothing
 * recurses, since files nest as deep as they like.
 */
class CompoundKeys {
  readonly #tokens = new Map<string, { readonly id: number }>();
  readonly #known = new Map<object, { readonly id: number }>();
  readonly #identities = new Map<object, number>();

  token(key: PyTuple | Uint8Array): object {
    const todo: (PyTuple | Uint8Array)[] = [key];
    let looked = 0;
    while (todo.length > 0) {
      const value = todo[todo.length - 1];
      if (this.#known.has(value)) {
        todo.pop();
        continue;
      }
      looked += value instanceof Uint8Array ? value.length : value.items.length;
      if (looked > MAX_KEY) {
        this.#know(key, `i${this.#identity(key)}`);
        break;
      }
      if (value instanceof Uint8Array) {
        this.#know(value, `b${value.join()}`);
        todo.pop();
      } else {
        const before = todo.length;
        for (const item of value.items) {
          if ((item instanceof PyTuple || item instanceof Uint8Array) && !this.#known.has(item)) todo.push(item);
        }
        if (todo.length > before) continue;
        this.#know(value, `t${value.items.map((item) => this.#part(item)).join()}`);
        todo.pop();
      }
    }
    return this.#known.get(key)!;
  }

  #know(value: object, content: string): void {
    let token = this.#tokens.get(content);
    if (token === undefined) this.#tokens.set(content, (token = { id: this.#tokens.size }));
    this.#known.set(value, token);
  }

  /** An item of a tuple in a form that no other item can have. */
  #part(item: PyValue): string {
    if (typeof item === 'string') return `s${item.length}:${item}`;
    const known = typeof item === 'object' && item !== null ? this.#known.get(item) : undefined;
    if (known) return `t${known.id}`;
    const k = simpleKey(item);
    if (typeof k !== 'object' || k === null) return String(k);
    return `o${this.#identity(k)}`;
  }

  #identity(value: object): number {
    let id = this.#identities.get(value);
    if (id === undefined) this.#identities.set(value, (id = this.#identities.size));
    return id;
  }
}

/** A name that Python would import: a class, function or ufunc. Never resolved to anything that can run. */
export class PyGlobal extends PyObject {
  get kind(): 'global' {
    return 'global';
  }
  readonly module: string;
  readonly name: string;
  /** The name as the file spells it, where Python 2 called it something else. */
  readonly spelled: { readonly module: string; readonly name: string } | undefined;
  constructor(module: string, name: string, spelled?: { readonly module: string; readonly name: string }) {
    super();
    this.module = module;
    this.name = name;
    this.spelled = spelled;
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
  get kind(): 'instance' {
    return 'instance';
  }
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
