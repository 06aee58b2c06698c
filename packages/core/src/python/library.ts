import type { PyDict, PyGlobal, PyInstance, PyTuple, PyValue } from '../pickle/values.js';
import type { Payload } from '../pickle/world.js';

/** A call that a file asks for: `callable(*args, **kwargs)`. */
export interface Call {
  readonly made: 'new' | 'call';
  readonly callable: PyGlobal;
  readonly args: readonly PyValue[];
  readonly kwargs: PyDict | null;
  /** Makes another call in its place, for what only passes calls on (`copyreg.__newobj__`). */
  readonly again: (made: 'new' | 'call', callable: PyValue, args: PyTuple, kwargs?: PyDict) => PyValue;
}

/** The inert value that a call stands for; undefined where the arguments make no sense: a PyInstance stays. */
export type Maker = (call: Call) => PyValue | undefined;

/** What BUILD turns an instance into; undefined where the state makes no sense: the instance keeps it. */
export type Builder = (instance: PyInstance, state: PyValue, payload: Payload) => PyValue | undefined;

/** What BUILD does to a value that a Maker made: see `World.build`. */
export type Settler<T> = (target: T, state: PyValue, payload: Payload) => boolean | { become: PyValue };

/** By module, then by name, both exactly as the file resolves them. */
export type Names<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

/** What is known about the names of one Python library. */
export interface Library {
  /** Calls (REDUCE) and instances (NEWOBJ) that become values of their own. */
  readonly makes?: Names<Maker>;
  /** Instances that become values of their own once their state is known. */
  readonly builds?: Names<Builder>;
  /** Values of our own classes that take a state. */
  readonly settles?: readonly SettlerOf[];
}

/** A class of ours and what BUILD does to its instances. */
export interface SettlerOf {
  readonly type: new (...args: never[]) => object;
  readonly settle: Settler<never>;
}

/** Ties a settler to its class. */
export function settler<T extends object>(type: new (...args: never[]) => T, settle: Settler<T>): SettlerOf {
  return { type, settle };
}

/** The same table for several modules: one library's old and new names. */
export function inModules<T>(modules: readonly string[], names: Readonly<Record<string, T>>): Names<T> {
  return Object.fromEntries(modules.map((module) => [module, names]));
}
