import type { BrineError, ErrorCode } from '../errors.js';
import { python3Name } from './python2.js';
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
import type { Observer, World } from './world.js';

export interface EffectOptions {
  /** Who knows the names in the file. Without one, every call stays a PyInstance. */
  readonly world?: World;
  /** Who is told of every import and call. */
  readonly observer?: Observer;
  /** The name behind a copyreg extension code (EXT1, EXT2, EXT4). */
  readonly extension?: (code: number) => PyGlobal | undefined;
  /** The out-of-band buffers of protocol 5, in the writer's order. */
  readonly buffers?: Iterator<Uint8Array>;
}

/** Makes the error for the opcode at stream offset `at`; CORRUPT unless said otherwise. */
export type Fault = (at: number, message: string, code?: ErrorCode) => BrineError;

/**
 * What the opcodes that import, call and change objects do. Each tells the observer first, then asks the
 * world, and keeps what the world does not know as it is written. `at` is the opcode's stream offset.
 */
export class Effects {
  readonly #options: EffectOptions;
  readonly #fault: Fault;
  readonly #observer: Observer | undefined;
  readonly #globals = new Map<string, PyGlobal>();
  /** The opcode for which the world was last asked: its errors know no offsets. */
  at = 0;

  constructor(options: EffectOptions, fault: Fault) {
    this.#options = options;
    this.#observer = options.observer;
    this.#fault = fault;
  }

  /** TUPLE, LIST, DICT and FROZENSET. */
  collect(code: number, items: PyValue[], at: number): PyValue {
    if (code === 0x74) return new PyTuple(items);
    if (code === 0x6c) return items;
    if (code === 0x91) {
      if (this.#observer?.watchesKeys === true) this.#hash(items, 0, items.length, 1, at);
      return new PySet('frozenset', items);
    }
    if (items.length % 2 !== 0) throw this.#fault(at, `${items.length} items, which make no pairs`);
    const dict = new PyDict();
    this.fillDict(dict, items, 0, items.length, at);
    return dict;
  }

  /** Sets the pairs `items[from]`, `items[from + 1]` … up to `to`. */
  fillDict(dict: PyDict, items: readonly PyValue[], from: number, to: number, at: number): void {
    if (this.#observer?.watchesKeys === true) this.#hash(items, from, to, 2, at);
    dict.setPairs(items, from, to);
  }

  /** Adds `items[from]` … up to `to`. */
  fillSet(set: PySet, items: readonly PyValue[], from: number, to: number, at: number): void {
    if (this.#observer?.watchesKeys === true) this.#hash(items, from, to, 1, at);
    for (let i = from; i < to; i++) set.items.push(items[i]);
  }

  /** Every `step`th of the items is a key, whose hash Python asks for. */
  #hash(items: readonly PyValue[], from: number, to: number, step: 1 | 2, at: number): void {
    this.#observer?.keys?.(
      items.slice(from, to).filter((_, i) => i % step === 0),
      at,
    );
  }

  append(target: PyValue, items: PyValue[], at: number): void {
    this.#observer?.append?.(target, items, at);
    this.at = at;
    if (this.#options.world?.append(target, items)) return;
    if (!(target instanceof PyInstance)) throw this.#fault(at, `adds items to ${describe(target)}`);
    target.appended ??= [];
    for (const item of items) target.appended.push(item);
  }

  setItem(target: PyValue, key: PyValue, value: PyValue, at: number): void {
    this.#observer?.setItem?.(target, key, value, at);
    this.at = at;
    if (this.#options.world?.setItem(target, key, value)) return;
    if (!(target instanceof PyInstance)) throw this.#fault(at, `sets an item of ${describe(target)}`);
    (target.entries ??= new PyDict()).set(key, value);
  }

  /** The one identity of a name: what the world, the observer and every reader after them see. */
  global(module: string, name: string, protocol: number, at: number): PyGlobal {
    const old = protocol < 3;
    const key = `${old ? 2 : 3} ${module.length} ${module}${name}`;
    let global = this.#globals.get(key);
    if (global === undefined) {
      const [newModule, newName] = old ? python3Name(module, name) : [module, name];
      const renamed = newModule !== module || newName !== name;
      global = new PyGlobal(newModule, newName, renamed ? { module, name } : undefined);
      this.#globals.set(key, global);
    }
    this.#observer?.global?.(global, at);
    return global;
  }

  /** STACK_GLOBAL of what is no text here; gives `at`. */
  unnamed(module: PyValue, name: PyValue, at: number): number {
    this.#observer?.computedName?.(module, name, at);
    return at;
  }

  extension(code: number, at: number): PyGlobal {
    this.#observer?.extension?.(code, at);
    if (code <= 0) throw this.#fault(at, `extension code ${code}; codes begin at 1`);
    const global = this.#options.extension?.(code);
    if (global === undefined) {
      throw this.#fault(
        at,
        `extension code ${code} stands for a name that only its writer’s program knows`,
        'UNSUPPORTED',
      );
    }
    this.#observer?.global?.(global, at);
    return global;
  }

  persistent(id: PyValue, at: number): PyValue {
    this.#observer?.persistent?.(id, at);
    this.at = at;
    return this.#options.world?.persistent?.(id) ?? new PyPersistent(id);
  }

  nextBuffer(at: number): PyValue {
    const next = this.#options.buffers?.next();
    if (next === undefined || next.done === true) {
      const why = next === undefined ? 'none were given' : 'there are no more';
      throw this.#fault(at, `the pickle needs buffers kept outside of it, and ${why}`, 'MISSING_PART');
    }
    return new PyByteArray(next.value);
  }

  /** INST and OBJ: Python makes the object without a call where there is nothing to pass. */
  instantiate(callable: PyValue, args: PyValue[], at: number): PyValue {
    return this.call(args.length === 0 ? 'new' : 'call', callable, new PyTuple(args), null, at);
  }

  call(made: 'new' | 'call', callable: PyValue, args: PyValue, kwargs: PyValue, at: number): PyValue {
    if (!(args instanceof PyTuple)) throw this.#fault(at, `its arguments are ${describe(args)}, not a tuple`);
    if (kwargs !== null && !(kwargs instanceof PyDict)) {
      throw this.#fault(at, `its keyword arguments are ${describe(kwargs)}, not a dict`);
    }
    if (isPlain(callable)) throw this.#fault(at, `calls ${describe(callable)}`);
    this.#observer?.call?.(made, callable, args, at, kwargs);
    this.at = at;
    const result =
      this.#options.world?.call(made, callable, args, kwargs, at) ?? new PyInstance(made, callable, args, kwargs);
    this.#observer?.called?.(result, at);
    return result;
  }

  setState(target: PyValue, state: PyValue, at: number): void {
    if (target instanceof PyInstance) {
      if (target.state instanceof PyDict && state instanceof PyDict) {
        target.state = PyDict.from([...target.state.entries(), ...state.entries()]);
      } else if (target.state === undefined || target.state === null) {
        target.state = state;
      } else {
        throw this.#fault(at, `gives ${target.module}.${target.name} a second state`);
      }
    } else if (!(state === null || (state instanceof PyDict && state.size === 0))) {
      throw this.#fault(at, `sets attributes of ${describe(target)}, which is no object of this file`);
    }
  }
}

/** Values that nothing can call. */
function isPlain(value: PyValue): boolean {
  return (
    !(value instanceof PyObject) ||
    value instanceof PyFloat ||
    value instanceof PyTuple ||
    value instanceof PyDict ||
    value instanceof PySet ||
    value instanceof PyByteArray
  );
}

/** A few words about a value, for messages. */
function describe(value: PyValue): string {
  if (value === null) return 'None';
  if (typeof value === 'string') return 'a str';
  if (typeof value === 'boolean') return 'a bool';
  if (typeof value === 'number' || typeof value === 'bigint') return Number.isInteger(value) ? 'an int' : 'a float';
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof PyGlobal) return `the name ${value.fullName}`;
  if (value instanceof PyInstance && value.name !== '') return `a ${value.module}.${value.name}`;
  return `a ${value.kind}`;
}
