import { BrineError } from '../errors.js';
import { bytesReduction, basicReduction, settled } from './write-basics.js';
import { Latin1Text, RawBytes, type Reducer, type Reduction } from './reduction.js';
import {
  PyByteArray,
  PyDict,
  PyFloat,
  PyGlobal,
  PyInstance,
  PyObject,
  PyPersistent,
  PySet,
  PyTuple,
  type PyValue,
} from './values.js';

/** What stands for a value in the memo: text by itself, a name by its one PyGlobal, what is made by its reduction. */
export type Key = string | object;

/**
 * What is known before the first opcode is written: how each object is made, and what occurs more than once.
 * Only that is memoised, so that files hold no memo that nobody asks.
 */
export class Plan {
  readonly protocol: number;
  readonly #reducer: Reducer | undefined;
  readonly #reductions = new Map<object, Reduction | null>();
  readonly #globals = new Map<string, PyGlobal>();
  readonly #seen = new Set<Key>();
  readonly #shared = new Set<Key>();
  /** What is being made of what is being visited. */
  readonly #making = new Set<Key>();
  #circular = false;

  constructor(root: PyValue, protocol: number, reducer: Reducer | undefined) {
    this.protocol = protocol;
    this.#reducer = reducer;
    this.#walk(root);
  }

  /** True for what is asked for again after it was written. */
  isShared(key: Key): boolean {
    return this.#circular || this.#shared.has(key);
  }

  /** The names that are written, once each, in no particular order. */
  get globals(): Iterable<PyGlobal> {
    return this.#globals.values();
  }

  /** How `value` is made; null if an opcode makes it. Throws UNSUPPORTED for what nobody can write. */
  reductionOf(value: PyObject | Uint8Array): Reduction | null {
    const known = this.#reductions.get(value);
    if (known !== undefined) return known;
    const reduction = this.#reduce(value);
    this.#reductions.set(value, reduction);
    return reduction;
  }

  /** The one object for all names that are equal. */
  global(value: PyGlobal): PyGlobal {
    const name = `${value.module}\n${value.name}`;
    const known = this.#globals.get(name);
    if (known) return known;
    this.#globals.set(name, value);
    return value;
  }

  #reduce(value: PyObject | Uint8Array): Reduction | null {
    if (value instanceof Uint8Array) return this.protocol < 3 ? bytesReduction(value) : null;
    const reduction = this.#reducer?.reduce(value);
    if (reduction) return settled(reduction, this.protocol);
    const basic = basicReduction(value, this.protocol);
    if (basic) return basic;
    if (opcodes.has(value.constructor)) return null;
    throw new BrineError('UNSUPPORTED', `a ${value.kind} has no form in a pickle`);
  }

  /** Visits everything once, depth first. Nothing recurses. */
  #walk(root: PyValue): void {
    const todo: (PyValue | Made)[] = [];
    const push = (value: PyValue | Made): void => {
      if (typeof value === 'string') this.#count(value);
      else if (typeof value === 'object' && value !== null && !(value instanceof PyFloat) && !this.#isNothing(value))
        todo.push(value);
    };
    push(root);
    for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
      if (value instanceof Made) this.#making.delete(value.key);
      else if (Array.isArray(value)) {
        if (this.#count(value)) for (const item of value) push(item);
      } else if (value instanceof PyTuple) {
        if (value.items.length > 0 && this.#count(value)) this.#make(value, value.items, push);
      } else this.#visit(value as PyObject | Uint8Array, push);
    }
  }

  /** Empty bytes, of which Python has but one: whether two arrays of no elements share them says nothing. */
  #isNothing(value: PyValue | Made): boolean {
    return value instanceof Uint8Array && value.length === 0 && this.protocol >= 3;
  }

  #visit(given: PyObject | Uint8Array, push: (value: PyValue | Made) => void): void {
    const value = given instanceof PyGlobal ? this.global(given) : given;
    const reduction = this.reductionOf(value);
    if (!this.#count(reduction ?? value)) return;
    if (reduction) {
      const { callable, args, kwargs, appended, entries, state } = reduction;
      // Items and state come when the object is there.
      if (state !== undefined) push(state);
      for (const item of appended ?? []) push(item);
      if (entries) pushAll(entries, push);
      this.#make(reduction, kwargs ? [callable, args, kwargs] : [callable, args], push);
    } else if (value instanceof PyDict) pushAll(value, push);
    else if (value instanceof PySet) {
      if (value.kind === 'frozenset') this.#make(value, value.items, push);
      else for (const item of value.items) push(item);
    } else if (value instanceof PyPersistent) push(value.id);
    else if (value instanceof PyGlobal && this.protocol >= 4) {
      this.#count(value.module);
      this.#count(value.name);
    }
  }

  /** `key` exists only when `parts` do. */
  #make(key: Key, parts: readonly PyValue[], push: (value: PyValue | Made) => void): void {
    this.#making.add(key);
    push(new Made(key));
    for (const part of parts) push(part);
  }

  /** True at the first occurrence. */
  #count(key: Key): boolean {
    if (!this.#seen.has(key)) {
      this.#seen.add(key);
      return true;
    }
    this.#shared.add(key);
    // A tuple within a list within that tuple: where the circle is entered decides who must be known by then.
    if (this.#making.has(key)) this.#circular = true;
    return false;
  }
}

/** Everything that `key` is made of has been visited. */
class Made {
  readonly key: Key;
  constructor(key: Key) {
    this.key = key;
  }
}

/** What an opcode makes, in some protocol. */
const opcodes = new Set<unknown>([
  PyDict,
  PySet,
  PyByteArray,
  PyGlobal,
  PyPersistent,
  RawBytes,
  Latin1Text,
  PyInstance,
]);

function pushAll(dict: PyDict, push: (value: PyValue | Made) => void): void {
  for (const key of dict.keys) push(key);
  for (const value of dict.values) push(value);
}
