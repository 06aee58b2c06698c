import { BrineError } from '../errors.js';
import { PyDict, PyGlobal, PyInstance, PySet, PyTuple, type PyObject, type PyValue } from '../pickle/values.js';
import { MaskedArray } from '../python/masked.js';
import { NdArray } from '../python/ndarray.js';
import { PyBoundMethod, PyDictInstance, PyPartial } from '../python/values.js';
import { SparseMatrix } from '../python/sparse.js';
import { copyGraph } from './copy.js';
import { nameTable, type NameTable } from './names.js';
import { indexOf, indexOfVersion, releases, type Target } from './releases.js';
import { numpyName, plainRandom } from './numpy.js';
import { ruleBook } from './rules/index.js';
import type { Rule } from './rule.js';
import { Refused, Subject, type Surroundings } from './subject.js';

/** One kind of change, and how often it was made. */
export interface Change {
  /** In plain words: `parameter monotonic_cst added as None`. */
  readonly text: string;
  /** The class that it was made to. */
  readonly name: string;
  /** The release that asks for it, and where that is said; empty for what every target needs. */
  readonly since: string;
  readonly source: string;
  /** The first place it was made at. */
  readonly path: string;
  count: number;
}

/** Why an object cannot be carried over. */
export interface Refusal {
  readonly name: string;
  readonly path: string;
  readonly reason: string;
  /** The release nearest to the target that can hold it. */
  readonly nearest: string;
}

/** Objects that a migration looks at: beyond, files are no models (CWE-400). */
const MAX_OBJECTS = 20_000_000;

/** Characters of a path: a message shows less, and files nest as deep as they like (CWE-400). */
const LONGEST_PATH = 400;

/** One walk from the version of a file to another. Rules see it through `Subject`. */
export class Migration implements Surroundings {
  readonly target: Target;
  readonly changes: Change[] = [];
  readonly refusals: Refusal[] = [];
  /** The versions that the file's objects say. */
  readonly versions = new Set<string>();
  readonly #subjects = new Map<PyInstance, Subject>();
  readonly #counted = new Map<string, Change>();
  readonly #names: NameTable;
  readonly #numpy: 1 | 2;
  #rule: Rule | undefined;
  /** The release that objects made by the running rule have. */
  #now = 0;

  constructor(target: Target, numpy: 1 | 2 = 1) {
    this.target = target;
    this.#numpy = numpy;
    this.#names = nameTable(target.index);
  }

  /** The value as the target's scikit-learn would have saved it. The original is not touched. */
  run(root: PyValue, fallback: number): PyValue {
    const value = copyGraph(root, (name) => this.rename(name, true));
    this.#collect(value, fallback);
    const low = Math.min(this.target.index, ...[...this.#subjects.values()].map((s) => s.release));
    const high = Math.max(this.target.index, ...[...this.#subjects.values()].map((s) => s.release));
    const present = [...this.#subjects.values()].map((s) => [s, s.release] as const);
    for (let r = low + 1; r <= this.target.index; r++) this.#step(r, 'up');
    for (let r = high; r > this.target.index; r--) this.#step(r, 'down');
    for (const [subject, release] of present) this.#last(subject, release);
    for (const subject of this.#subjects.values()) this.#settle(subject);
    return value;
  }

  /** The name under which the target keeps what `name` was anywhere. */
  rename(name: PyGlobal, tell = false): PyGlobal {
    const renamed = numpyName(this.#names.rename(name), this.#numpy);
    if (renamed !== name && tell) this.#count('', name.name, `moved from ${name.module} to ${renamed.module}`, '', '');
    return renamed;
  }

  subjectOf(instance: PyInstance): Subject {
    let subject = this.#subjects.get(instance);
    if (!subject) {
      subject = new Subject(instance, '', this.#now, this);
      this.#subjects.set(instance, subject);
    }
    return subject;
  }

  /** Leaves an object out of account that nothing refers to any more. */
  forget(instance: PyInstance): void {
    this.#subjects.delete(instance);
  }

  /** Where a release that a rule names stands. */
  releaseOf(name: string): number {
    return indexOf(name);
  }

  create(module: string, name: string, state: PyValue | undefined, args: PyValue[], made: 'new' | 'call'): PyInstance {
    const instance = new PyInstance(made, this.rename(new PyGlobal(module, name)), new PyTuple(args));
    instance.state = state;
    this.subjectOf(instance);
    return instance;
  }

  changed(subject: Subject, text: string): void {
    this.#count(subject.path, subject.name, text, this.#rule?.since ?? '', this.#rule?.source ?? '');
  }

  #count(path: string, name: string, text: string, since: string, source: string): void {
    const key = `${name}\n${text}`;
    const known = this.#counted.get(key);
    if (known) known.count++;
    else {
      const change: Change = { text, name, since, source, path, count: 1 };
      this.#counted.set(key, change);
      this.changes.push(change);
    }
  }

  /** Every rule of one release, for every object that has not that form yet. */
  #step(release: number, direction: 'up' | 'down'): void {
    const rules = ruleBook(release);
    if (!rules) return;
    const to = direction === 'up' ? release : release - 1;
    this.#now = to;
    // Rules may add objects; those have the new form already.
    for (const subject of [...this.#subjects.values()]) {
      if (direction === 'up' ? subject.release >= release : subject.release < release) continue;
      for (const rule of rules.for(subject.name, direction)) this.#apply(rule, subject, direction);
      subject.release = to;
    }
  }

  /** Rules that serve objects of `release`, which had their form when they were written. */
  #last(subject: Subject, release: number): void {
    for (let r = 0; r <= Math.min(release, this.target.index); r++) {
      for (const rule of ruleBook(r)?.for(subject.name, 'up') ?? []) {
        if (rule.lasting) this.#apply(rule, subject, 'up');
      }
    }
  }

  #apply(rule: Rule, subject: Subject, direction: 'up' | 'down'): void {
    this.#rule = rule;
    try {
      rule[direction]?.(subject);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const at = releases.findIndex((r) => r.name === rule.since);
      const nearest = error.nearest === undefined ? undefined : this.releaseOf(error.nearest);
      this.#refuse(subject, error.message, nearest ?? (direction === 'up' ? at - 1 : at));
    } finally {
      this.#rule = undefined;
    }
  }

  #refuse(subject: Subject, reason: string, nearest: number): void {
    this.refusals.push({
      name: subject.name,
      path: subject.path,
      reason,
      nearest: releases[Math.max(0, nearest)].name,
    });
  }

  /** What every object of the target needs: a class that exists there, and its version. */
  #settle(subject: Subject): void {
    const missing = this.#names.missing(subject.instance.callable);
    if (missing) this.#refuse(subject, missing.reason, missing.nearest);
    const { attributes } = subject;
    if (attributes?.has('_sklearn_version') !== true && !this.#names.isEstimator(subject.name)) return;
    const { version } = this.target;
    if (this.target.index === 0) subject.delete('_sklearn_version');
    else if (subject.get('_sklearn_version') !== version) {
      subject.set('_sklearn_version', version);
    }
  }

  /** Finds the objects of scikit-learn, each with the version that it or what holds it says. */
  #collect(root: PyValue, fallback: number): void {
    const seen = new Set<PyValue>();
    const todo: Visit[] = [{ value: root, path: '', release: fallback, holder: undefined }];
    for (let visit = todo.pop(); visit; visit = todo.pop()) {
      const { value, path } = visit;
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array || seen.has(value)) continue;
      seen.add(value);
      if (seen.size > MAX_OBJECTS) {
        throw new BrineError('LIMIT', `the file holds more than ${MAX_OBJECTS} objects, which no model does`);
      }
      let { release, holder } = visit;
      if (value instanceof PyInstance && this.#numpy === 1 && plainRandom(value)) {
        this.#count(path, value.name, 'written in the form that every numpy since 1.17 loads', '', '');
      }
      if (value instanceof PyInstance && isFrozen(value) && this.target.index < FROZEN_SINCE) {
        const reason = 'it keeps a distribution of scipy in a form that came with scipy 1.9';
        this.refusals.push({ name: value.name, path, reason, nearest: releases[FROZEN_SINCE].name });
      }
      if (value instanceof PyInstance && isGenerator(value) && this.target.index < GENERATORS_SINCE) {
        const reason = 'it keeps a distribution of scipy in a form that came with scipy 1.6';
        this.refusals.push({ name: value.name, path, reason, nearest: releases[GENERATORS_SINCE].name });
      }
      if (value instanceof PyInstance && isScikitLearn(value)) {
        release = this.#releaseOf(value, release, path);
        holder = new Subject(value, path, release, this, holder);
        this.#subjects.set(value, holder);
      }
      const before = todo.length;
      for (const [step, child] of childrenOf(value))
        todo.push({ value: child, path: path.length > LONGEST_PATH ? path : path + step, release, holder });
      // In the order of the file.
      const added = todo.splice(before).reverse();
      for (const one of added) todo.push(one);
    }
  }

  #releaseOf(instance: PyInstance, inherited: number, path: string): number {
    const written = instance.attribute('_sklearn_version');
    if (typeof written !== 'string') return inherited;
    this.versions.add(written);
    const release = indexOfVersion(written);
    if (release === undefined) {
      throw new BrineError(
        'UNSUPPORTED',
        `this was saved by scikit-learn ${JSON.stringify(written.slice(0, 40))}, which is no release that brine knows (${releases[0].name} to ${releases[releases.length - 1].name})`,
        { path },
      );
    }
    return release;
  }
}

interface Visit {
  readonly value: PyValue;
  readonly path: string;
  readonly release: number;
  readonly holder: Subject | undefined;
}

/**
 * Objects that the rules are about: scikit-learn's (`_loss` is a module of its own in files of 1.5 to 1.8), and
 * what of scipy they keep.
 */
export function isScikitLearn({ module }: PyInstance): boolean {
  return module.startsWith('sklearn.') || module === '_loss' || module === 'scipy.interpolate._bsplines';
}

/** Distributions of randomised searches, as scipy 1.9 and later save them. */
function isFrozen({ module, name }: PyInstance): boolean {
  return module.startsWith('scipy.stats.') && /^rv_(?:continuous|discrete)_frozen$/.test(name);
}

/** The first release whose usual scipy loads those. */
const FROZEN_SINCE = indexOf('1.1');

/** What frozen distributions are made of, as scipy 1.6 and later save it: by attributes, no longer by arguments. */
function isGenerator({ module, name, state }: PyInstance): boolean {
  return (
    /^scipy\.stats\._(?:continuous|discrete)_distns$/.test(module) && name.endsWith('_gen') && state instanceof PyDict
  );
}

/** The first release whose usual scipy loads those. */
const GENERATORS_SINCE = indexOf('1.0');

/** What a value holds, with the step that leads there. */
export function* childrenOf(value: PyValue[] | PyObject): Generator<[string, PyValue]> {
  if (Array.isArray(value)) yield* indexed(value);
  else if (value instanceof PyTuple || value instanceof PySet) yield* indexed(value.items);
  else if (value instanceof PyInstance) {
    if (value.callable instanceof PyInstance) yield ['()', value.callable];
    yield* indexed(value.args.items);
    if (value.kwargs) yield* keyed(value.kwargs, '.');
    if (value.state instanceof PyDict) yield* keyed(value.state, '.');
    else if (value.state instanceof PyTuple) yield* states(value.state);
    else if (value.state !== undefined) yield ['', value.state];
    if (value.appended) yield* indexed(value.appended);
    if (value.entries) yield* keyed(value.entries, '[');
  } else if (value instanceof PyDict) {
    yield* keyed(value, '[');
    if (value instanceof PyDictInstance) {
      if (value.attributes !== undefined) yield ['', value.attributes];
    }
  } else if (value instanceof NdArray) {
    if (Array.isArray(value.data)) yield* indexed(value.data);
  } else if (value instanceof PyPartial) {
    yield ['.func', value.func];
    yield ['.args', value.args];
    yield ['.keywords', value.keywords];
  } else if (value instanceof PyBoundMethod) yield ['.__self__', value.object];
  else if (value instanceof SparseMatrix) yield ['', value.instance];
  else if (value instanceof MaskedArray && value.data) yield ['.data', value.data];
}

function* indexed(items: readonly PyValue[]): Generator<[string, PyValue]> {
  for (let i = 0; i < items.length; i++) {
    if (typeof items[i] === 'object') yield [`[${i}]`, items[i]];
  }
}

function* keyed(dict: PyDict, joint: '.' | '['): Generator<[string, PyValue]> {
  for (const [key, value] of dict.entries()) {
    if (typeof value !== 'object') continue;
    const name = typeof key === 'string' ? key : '…';
    yield [joint === '.' ? `.${name}` : `[${JSON.stringify(name)}]`, value];
  }
}

function* states(state: PyTuple): Generator<[string, PyValue]> {
  for (const part of state.items) {
    if (part instanceof PyDict) yield* keyed(part, '.');
    else yield ['', part];
  }
}
