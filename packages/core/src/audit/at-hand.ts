import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { visit } from './contents.js';
import { isCarrier } from './deny.js';
import { isType, meaningOf } from './resolve.js';

/** Objects that are visited in search of names, in one pickle: beyond, they are told as if they had been found (CWE-400). */
const MAX_VISITED = 5_000_000;

/** Carriers that put what they are given into the functions and classes they make, and call none of it. */
const takers = new Set(
  (
    '_make_function _make_skel_func _create_function FunctionType LambdaType function _function_setstate _fill_function ' +
    '_make_skeleton_class _make_skeleton_enum _create_type _class_setstate _rehydrate_skeleton_class classobj ' +
    '_make_cell _make_empty_cell _create_cell CellType cell cell_set _setitems'
  ).split(' '),
);

const cells = new Set(['_make_cell', '_make_empty_cell', '_create_cell', 'CellType', 'cell']);

/**
 * Dangerous names that a file imports beside code that it carries: `from os import getcwd` above a function that
 * cloudpickle saves. Among the globals, defaults, cells and attributes of that code they tell what it can do once it runs.
 * Wherever else one turns up (handed to another call, set on an object, part of what the file holds), it is what it always is.
 */
export class AtHand {
  readonly #waiting = new Map<object, { readonly name: PyGlobal; readonly offset: number }>();
  /** What `_setitems(dict, more)` adds to dicts. */
  readonly #added = new Map<object, PyValue[]>();
  #room = MAX_VISITED;

  get any(): boolean {
    return this.#waiting.size > 0;
  }

  has(name: PyGlobal): boolean {
    return this.#waiting.has(name);
  }

  met(name: PyGlobal, offset: number): void {
    if (!this.#waiting.has(name)) this.#waiting.set(name, { name, offset });
  }

  /** It is told as a call, or is one that does nothing. */
  called(name: PyValue): void {
    if (name instanceof PyGlobal) this.#waiting.delete(name);
  }

  /** Those that a call hands on to something that may call them. */
  handed(callable: PyValue, args: PyTuple, kwargs: PyDict | null): [PyGlobal, number][] {
    const { items } = args;
    if (!takes(callable, items)) {
      // What another call gave may take the code apart.
      if (meaningOf(callable).kind === 'result' && items.some((item) => isCode(item))) return this.rest();
      return this.given([callable instanceof PyGlobal ? null : callable, args, kwargs]);
    }
    const [first, second] = items;
    if (callable instanceof PyGlobal && callable.name === '_setitems') {
      if (!(first instanceof PyDict)) return this.given(items);
      const before = this.#added.get(first);
      if (before === undefined) this.#added.set(first, [second]);
      else before.push(second);
      return [];
    }
    // A module's own dict: only where dill puts it, as what a function calls global.
    const isDills = callable instanceof PyGlobal && callable.name === '_create_function';
    return this.given(items.filter((item, i) => isNamespace(item) && !(isDills && i === 1)));
  }

  /** Those in values that go to something that may call them. */
  given(values: Iterable<PyValue | undefined>): [PyGlobal, number][] {
    const found: [PyGlobal, number][] = [];
    if (!this.any) return found;
    this.#room = visit(values, this.#room, (value) => {
      const waiting = this.#waiting.get(value);
      if (waiting !== undefined) {
        this.#waiting.delete(value);
        found.push([waiting.name, waiting.offset]);
      }
      return isCode(value) ? false : (this.#added.get(value) ?? true);
    });
    return this.#room === 0 ? [...found, ...this.rest()] : found;
  }

  /** Those that are left: only the code in the file has them. */
  rest(): [PyGlobal, number][] {
    const left = [...this.#waiting.values()].map(({ name, offset }): [PyGlobal, number] => [name, offset]);
    this.#waiting.clear();
    return left;
  }
}

/** Does a call of `callable` only put its arguments into code of the file? */
function takes(callable: PyValue, args: readonly PyValue[]): boolean {
  const meaning = meaningOf(callable);
  if (meaning.kind !== 'name') return false;
  const { module, name } = meaning;
  return isType(module, name) ? args.length === 3 : takers.has(name) && isCarrier(module, name);
}

/** A function or class of the file, or a cell for one. */
export function isCode(value: unknown): value is PyInstance {
  if (!(value instanceof PyInstance)) return false;
  const meaning = meaningOf(value);
  if (meaning.kind === 'code') return meaning.value === value;
  const callee = meaningOf(value.callable);
  return callee.kind === 'name' && cells.has(callee.name) && isCarrier(callee.module, callee.name);
}

/** `module.__dict__`, as dill names it. */
function isNamespace(value: PyValue): boolean {
  return value instanceof PyGlobal && value.name === '__dict__';
}
