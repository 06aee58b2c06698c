import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import type { Target } from './releases.js';

/** Thrown by a rule that cannot be kept; the migration collects the reasons. */
export class Refused extends Error {
  /** A release that can hold it, where that is none just before or behind the rule's. */
  readonly nearest: string | undefined;
  constructor(reason: string, nearest?: string) {
    super(reason);
    this.nearest = nearest;
  }
}

/** What the walk from one version to another is asked by what it walks over. */
export interface Surroundings {
  readonly target: Target;
  subjectOf(instance: PyInstance): Subject;
  /** Leaves an object out of account that nothing refers to any more. */
  forget(instance: PyInstance): void;
  /** The name under which the target keeps what `name` was anywhere. */
  rename(name: PyGlobal): PyGlobal;
  /** Where a release that a rule names stands. */
  releaseOf(name: string): number;
  create(module: string, name: string, state: PyValue | undefined, args: PyValue[], made: 'new' | 'call'): PyInstance;
  changed(subject: Subject, text: string): void;
}

/** A saved object while rules change it: its attributes by name, and what was done to them. */
export class Subject {
  readonly instance: PyInstance;
  /** Where it is in the file: `steps[0][1].estimators_[3]`. */
  readonly path: string;
  /** The index of the release whose form it has now. */
  release: number;
  readonly migration: Surroundings;
  /** The object of scikit-learn that holds this one, if any. */
  readonly holder: Subject | undefined;
  /** What earlier rules want later ones to know. */
  readonly marks = new Set<string>();

  constructor(instance: PyInstance, path: string, release: number, migration: Surroundings, holder?: Subject) {
    this.holder = holder;
    this.instance = instance;
    this.path = path;
    this.release = release;
    this.migration = migration;
  }

  get name(): string {
    return this.instance.name;
  }

  get module(): string {
    return this.instance.module;
  }

  /** The dict of its attributes, if it has one. */
  get attributes(): PyDict | undefined {
    const { state } = this.instance;
    if (state instanceof PyDict) return state;
    // `(dict, slots)`
    const first = state instanceof PyTuple ? state.items[0] : undefined;
    return first instanceof PyDict && (state as PyTuple).items.length === 2 ? first : undefined;
  }

  /** True once it has learned something: an attribute whose name ends in one underscore. */
  get fitted(): boolean {
    return (
      this.attributes?.keys.some(
        (key) => typeof key === 'string' && key.endsWith('_') && !key.startsWith('_') && !key.endsWith('__'),
      ) ?? false
    );
  }

  get(name: string): PyValue | undefined {
    return this.attributes?.get(name);
  }

  has(name: string): boolean {
    return this.attributes?.has(name) ?? false;
  }

  set(name: string, value: PyValue): void {
    const { attributes } = this;
    if (attributes) attributes.set(name, value);
    else this.instance.state = PyDict.from([[name, value]]);
  }

  /** True if it was there. */
  delete(name: string): boolean {
    return this.attributes?.delete(name) ?? false;
  }

  /** True if there was one to rename. */
  rename(from: string, to: string): boolean {
    const value = this.get(from);
    if (value === undefined) return false;
    this.delete(from);
    this.set(to, value);
    return true;
  }

  /** The saved object in attribute `name`, ready to be changed. */
  child(name: string): Subject | undefined {
    const value = this.get(name);
    return value instanceof PyInstance ? this.migration.subjectOf(value) : undefined;
  }

  /** Notes a change, in plain words. */
  tell(text: string): void {
    this.migration.changed(this, text);
  }

  /** To be thrown: what this object means cannot be said in the release that the rule leads to. */
  refusal(reason: string, nearest?: string): Refused {
    return new Refused(reason, nearest);
  }

  /** Makes this object one of another class, in place, so that all who refer to it see it. */
  become(module: string, name: string, state?: PyDict): void {
    Object.assign(this.instance, {
      made: 'new',
      callable: this.migration.rename(new PyGlobal(module, name)),
      args: new PyTuple([]),
      kwargs: null,
      ...(state ? { state } : {}),
    });
  }

  /** A function or class by name, as the target calls it. */
  function(module: string, name: string): PyGlobal {
    return this.migration.rename(new PyGlobal(module, name));
  }

  /** A new object of the form that the release of the running rule gives it; later rules apply to it too. */
  create(module: string, name: string, state: PyValue | undefined, args: PyValue[] = []): PyInstance {
    return this.migration.create(module, name, state, args, 'new');
  }

  /** As `create`, for what pickle makes by calling a class or function. */
  call(module: string, name: string, args: PyValue[], state?: PyValue): PyInstance {
    return this.migration.create(module, name, state, args, 'call');
  }
}
