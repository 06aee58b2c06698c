import { PyGlobal, PyInstance, type PyTuple, type PyValue } from '../pickle/values.js';
import type { PyBoundMethod } from '../python/values.js';
import { isKerasModel, unpacksKeras } from './keras-bytes.js';
import { pathsIn } from './paths.js';
import { isCarrier } from './deny.js';
import { attributeOf, isBuiltin, isGetattr, meaningOf, partsOf } from './resolve.js';

/** What dill writes of a class or function besides its code, after it was made. */
const described = new Set(
  '__doc__ __module__ __qualname__ __name__ __dict__ __annotations__ __defaults__ __kwdefaults__ __wrapped__ __type_params__'.split(
    ' ',
  ),
);
/** Methods of a class that carried.ts knows to look for when they run. */
const hooks = new Set(['__new__', '__init__', '__setstate__', '__setattr__']);

const cells = new Set(['_create_cell', '_make_cell', '_make_empty_cell', 'CellType', 'cell']);
const dills = new Set(['dill', 'dill._dill', 'dill.dill', 'dill._shims']);

/** `setattr`, and dill's copy of it. */
export function isSetter(module: string, name: string): boolean {
  return (name === 'setattr' && isBuiltin(module)) || isDills(module, name);
}

/**
 * Does `setattr(target, name, value)` complete what the pickle itself has made of carried code? dill writes recursive
 * functions so, and classes. On anything that was imported it changes the program.
 */
export function completes([target, name, ...rest]: readonly PyValue[]): boolean {
  if (!(target instanceof PyInstance) || typeof name !== 'string' || rest.length !== 1) return false;
  const meaning = meaningOf(target);
  if (meaning.kind === 'code')
    return (
      meaning.value === target &&
      (!name.startsWith('__') || described.has(name) || (meaning.made === 'class' && hooks.has(name)))
    );
  const { callable } = target;
  return (
    name === 'cell_contents' &&
    callable instanceof PyGlobal &&
    cells.has(callable.name) &&
    isCarrier(callable.module, callable.name)
  );
}

/** Names that are told only once it is seen how they are used. */
export function waits(module: string, name: string): boolean {
  return isSetter(module, name) || isOfKeras(module, name) || (module === 'dill' && name === '_dill');
}

/** What makes Keras models of bytes, and the classes it is taken from: does nothing unless it is called. */
function isOfKeras(module: string, name: string): boolean {
  return unpacksKeras(module, name) || isKerasModel(module, name);
}

/** An import, or what `getattr(dill._dill, '_setattr', setattr)` gave. */
export type Setter = PyGlobal | PyInstance | PyBoundMethod;

/**
 * Imports of `setattr` are not told at once: called on what the pickle made they say nothing new. Wherever else one turns
 * up (an argument, part of the object), it is as dangerous as ever.
 */
export class Setters {
  readonly #waiting = new Map<object, { readonly setter: Setter; readonly offset: number; called: boolean }>();

  get any(): boolean {
    return this.#waiting.size > 0;
  }

  has(value: PyValue): boolean {
    return typeof value === 'object' && value !== null && this.#waiting.has(value);
  }

  /** Imported, or reached; nothing is said of it yet. */
  met(setter: Setter, offset: number): void {
    if (!this.#waiting.has(setter)) this.#waiting.set(setter, { setter, offset, called: false });
  }

  /** Called, in a way that is harmless or that is told as a call. */
  called(setter: PyValue): void {
    const waiting = typeof setter === 'object' && setter !== null ? this.#waiting.get(setter) : undefined;
    if (waiting !== undefined) waiting.called = true;
  }

  /** Those that a call hands on, to be called who knows where. */
  *handed(callable: PyValue, args: PyTuple): Generator<[Setter, number]> {
    const [object, name, otherwise] = args.items;
    const isGet = callable instanceof PyGlobal && isGetattr(callable.module, callable.name);
    if (isGet && args.items.length === 3 && reachesSetter(object, name)) {
      // `getattr(dill._dill, '_setattr', setattr)`: what it gives is watched in its place.
      this.called(object);
      this.called(otherwise);
      return;
    }
    if (isGet && args.items.length === 2 && reachesKeras(object, name)) {
      this.called(object);
      return;
    }
    for (const part of partsOf(callable instanceof PyGlobal || this.has(callable) ? null : callable, args)) {
      const waiting = this.#waiting.get(part);
      if (waiting !== undefined) yield [waiting.setter, waiting.offset];
    }
  }

  /** Those that were never called, and those that are in what the pickle holds. */
  *left(root?: PyValue): Generator<[Setter, number]> {
    if (!this.any) return;
    const held = root === undefined ? undefined : pathsIn(root, new Set(this.#waiting.keys()));
    for (const { setter, offset, called } of this.#waiting.values()) {
      const meaning = meaningOf(setter);
      const sets = meaning.kind !== 'name' || !isOfKeras(meaning.module, meaning.name);
      // Keras' function does nothing without bytes: a reading that breaks off before has not called it.
      if (sets ? !called || held?.has(setter) === true : !called && root !== undefined) yield [setter, offset];
    }
  }
}

/** Does `getattr(object, name)` give dill's `setattr`? */
export function reachesSetter(object: PyValue | undefined, name: PyValue | undefined): boolean {
  const meaning = attributeOf(object, name);
  return meaning.kind === 'name' && isDills(meaning.module, meaning.name);
}

/** Does `getattr(object, name)` give the method that makes a Keras model of bytes? */
export function reachesKeras(object: PyValue | undefined, name: PyValue | undefined): boolean {
  const meaning = attributeOf(object, name);
  return meaning.kind === 'name' && unpacksKeras(meaning.module, meaning.name);
}

/** `dill._dill` may have been imported as a module, or named as an attribute of dill. */
function isDills(module: string, name: string): boolean {
  const full = `${module}.${name}`;
  return full.endsWith('._setattr') && dills.has(full.slice(0, -'._setattr'.length));
}
