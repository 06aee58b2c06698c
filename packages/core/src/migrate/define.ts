import { PyFloat, PyGlobal, PyTuple, pyFloat, type PyValue } from '../pickle/values.js';
import { NdArray, NumpyScalar } from '../python/ndarray.js';
import { reprOf } from './show.js';
import type { Rule } from './rule.js';
import { sameValue } from './same.js';
import type { Subject } from './subject.js';

/** A Python float, also where it has no fraction. */
export const real = (value: number): PyValue => pyFloat(value);
export const tuple = (...items: PyValue[]): PyTuple => new PyTuple(items);
export const type = (module: string, name: string): PyGlobal => new PyGlobal(module, name);

/** A list of rules; a function, so that what they do needs no types of its own. */
export function rules(list: readonly Rule[]): readonly Rule[] {
  return list;
}

export interface ParameterOptions {
  /**
   * True if the parameter has a say when the fitted model answers: then an older release, which has no such
   * parameter, cannot hold a model with another value than the one that means what it always did. A function, where
   * what the model was trained with decides that.
   */
  readonly answers?: boolean | ((subject: Subject) => boolean);
  /** Where `source` is not the file of the class. */
  readonly note?: string;
}

/** A parameter that came. `value` keeps the meaning that models had before. */
export function added(
  since: string,
  name: string,
  value: PyValue,
  classes: readonly string[],
  source: string,
  options: ParameterOptions = {},
): Rule {
  const shown = reprOf(value);
  return {
    since,
    classes,
    source,
    what: `parameter ${name} came; ${shown} means what models did before${options.note === undefined ? '' : `. ${options.note}`}`,
    up: (o) => {
      if (o.has(name) || !hasParameters(o.instance.state)) return;
      o.set(name, value);
      o.tell(`parameter ${name} = ${shown} added`);
    },
    down: (o) => {
      const had = o.get(name);
      if (had === undefined) return;
      if (!sameValue(had, value)) {
        const matters = typeof options.answers === 'function' ? options.answers(o) : options.answers;
        if (matters) throw o.refusal(`${o.name} has ${name} = ${reprOf(had)}, which came with ${since}`);
        o.delete(name);
        o.tell(`parameter ${name} = ${reprOf(had)} left out: it came with ${since}, and answers do not depend on it`);
        return;
      }
      o.delete(name);
      o.tell(`parameter ${name} = ${shown} left out: it came with ${since}`);
    },
  };
}

/** Plain states only: what has none was saved before it had parameters, or is no estimator. */
function hasParameters(state: PyValue | undefined): boolean {
  return state !== undefined && state !== null;
}

/** A parameter that went. `value` is what an older release is given. */
export function removed(
  since: string,
  name: string,
  value: PyValue,
  classes: readonly string[],
  source: string,
  note?: string,
): Rule {
  return {
    since,
    classes,
    source,
    what: `parameter ${name} went${note === undefined ? '' : `: ${note}`}`,
    up: (o) => {
      const had = o.get(name);
      if (o.delete(name)) o.tell(`parameter ${name} = ${reprOf(had ?? null)} left out: it went with ${since}`);
    },
    down: (o) => {
      if (o.has(name)) return;
      o.set(name, value);
      o.tell(`parameter ${name} = ${reprOf(value)} added, as before ${since}`);
    },
  };
}

/** A parameter or attribute that has another name since. */
export function renamed(
  since: string,
  from: string,
  to: string,
  classes: readonly string[],
  source: string,
  kind: 'parameter' | 'attribute' = 'attribute',
): Rule {
  return {
    since,
    classes,
    source,
    what: `${kind} ${from} is called ${to}`,
    up: (o) => {
      if (o.has(from) && !isSentinel(o.get(from)) && o.rename(from, to)) o.tell(`${kind} ${from} renamed to ${to}`);
    },
    down: (o) => {
      if (o.rename(to, from)) o.tell(`${kind} ${to} renamed back to ${from}`);
    },
  };
}

/**
 * A parameter that has another name since, while the old one stays for a while and says `deprecated`. (Where
 * it goes, `removed` says so.)
 */
export function succeeded(since: string, from: string, to: string, classes: readonly string[], source: string): Rule {
  return {
    since,
    classes,
    source,
    what: `parameter ${from} is called ${to}; ${from} says 'deprecated' until it goes`,
    up: (o) => {
      const value = o.get(from);
      if (value === undefined || isSentinel(value)) return;
      o.set(to, value);
      o.set(from, 'deprecated');
      o.tell(`parameter ${from} renamed to ${to}`);
    },
    down: (o) => {
      const value = o.get(to);
      const old = o.get(from);
      o.delete(to);
      if (old !== undefined && !isSentinel(old)) return;
      o.set(from, value ?? null);
      o.tell(`parameter ${to} renamed back to ${from}`);
    },
  };
}

/** A parameter without effect since: it says `deprecated` until it goes. `value` is what it said before. */
export function retired(since: string, name: string, value: PyValue, classes: readonly string[], source: string): Rule {
  return {
    since,
    classes,
    source,
    what: `parameter ${name} has no effect and says 'deprecated'`,
    up: (o) => {
      const had = o.get(name);
      if (had === undefined || had === 'deprecated') return;
      o.set(name, 'deprecated');
      o.tell(`parameter ${name} = ${reprOf(had)} set to 'deprecated': it has no effect since ${since}`);
    },
    down: (o) => {
      if (o.get(name) !== 'deprecated') return;
      o.set(name, value);
      o.tell(`parameter ${name} set back to ${reprOf(value)}`);
    },
  };
}

/** Other words for the same choices of a parameter. */
export function words(
  since: string,
  name: string,
  choices: readonly (readonly [PyValue, PyValue])[],
  classes: readonly string[],
  source: string,
): Rule {
  return {
    since,
    classes,
    source,
    what: `${name}: ${choices.map(([a, b]) => `${reprOf(a)} is called ${reprOf(b)}`).join(', ')}`,
    // Both words are understood for a while, until the old one goes.
    lasting: true,
    up: (o) => {
      const had = o.get(name);
      const choice = had === undefined ? undefined : choices.find(([old]) => sameValue(old, had));
      if (!choice) return;
      o.set(name, choice[1]);
      o.tell(`${name} = ${reprOf(choice[0])} written as ${reprOf(choice[1])}`);
    },
    down: (o) => {
      const had = o.get(name);
      const choice = had === undefined ? undefined : choices.find(([, fresh]) => sameValue(fresh, had));
      if (!choice) return;
      o.set(name, choice[0]);
      o.tell(`${name} = ${reprOf(choice[1])} written as ${reprOf(choice[0])}`);
    },
  };
}

/**
 * A placeholder for the default (`'warn'`) that the next default ended: models saved with it meant `meaning`.
 * `since` is the release that does not know the placeholder any more, or that brought it.
 */
export function meant(
  since: string,
  name: string,
  placeholder: PyValue,
  meaning: PyValue,
  classes: readonly string[],
  source: string,
  change: 'came' | 'went',
): Rule {
  const put = (o: Parameters<NonNullable<Rule['up']>>[0]): void => {
    const had = o.get(name);
    if (had === undefined || !sameValue(had, placeholder)) return;
    o.set(name, meaning);
    o.tell(`${name} = ${reprOf(placeholder)} written as ${reprOf(meaning)}, which it meant`);
  };
  return {
    since,
    classes,
    source,
    what: `${name}: the placeholder ${reprOf(placeholder)} ${change}; it means ${reprOf(meaning)}`,
    ...(change === 'went' ? { up: put } : { down: put }),
  };
}

/** An attribute that came, made from the others; nothing is made where that gives undefined. */
export function derived(
  since: string,
  name: string,
  make: (o: Parameters<NonNullable<Rule['up']>>[0]) => PyValue | undefined,
  classes: readonly string[],
  source: string,
  what = `attribute ${name} came`,
): Rule {
  return {
    since,
    classes,
    source,
    what,
    up: (o) => {
      if (o.has(name)) return;
      const value = make(o);
      if (value === undefined) return;
      o.set(name, value);
      o.tell(`attribute ${name} added`);
    },
    // The number of features is checked by every version that finds it.
    ...(name === 'n_features_in_'
      ? {}
      : {
          down: (o) => {
            if (o.delete(name)) o.tell(`attribute ${name} left out: it came with ${since}`);
          },
        }),
  };
}

/** The number of features, which trees kept as n_features_ until 1.0, and beside it as n_features_in_ since 0.24. */
export function countedFeatures(classes: readonly string[], source: string): readonly Rule[] {
  return [
    derived('0.24', 'n_features_in_', (o) => o.get('n_features_'), classes, `${source}; #13603`),
    {
      since: '1.0',
      classes,
      source: `${source}; #20272`,
      what: 'attribute n_features_ is n_features_in_',
      up: (o) => {
        if (o.delete('n_features_')) o.tell('attribute n_features_ left out: n_features_in_ says it');
      },
      down: (o) => {
        const count = o.get('n_features_in_');
        if (count === undefined) return;
        o.set('n_features_', count);
        o.tell('attribute n_features_ added');
      },
    },
  ];
}

/** An attribute that nothing reads any more. */
export function dropped(since: string, names: readonly string[], classes: readonly string[], source: string): Rule {
  return {
    since,
    classes,
    source,
    what: `${names.length === 1 ? 'attribute' : 'attributes'} ${names.join(', ')} went`,
    up: (o) => {
      for (const name of names) if (o.delete(name)) o.tell(`attribute ${name} left out: it went with ${since}`);
    },
  };
}

/** `'deprecated'` stands where a value was before. */
export function isSentinel(value: PyValue | undefined): boolean {
  return value === 'deprecated';
}

/** An integer as a file holds it: a plain one, or numpy's. */
export function integerOf(value: PyValue | undefined): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  if (value instanceof PyFloat) return value.value;
  if (value instanceof NumpyScalar && value.data instanceof Uint8Array && 'iu'.includes(value.dtype.type)) {
    let n = 0n;
    const bytes = value.dtype.byteOrder === '>' ? [...value.data] : [...value.data].reverse();
    for (const byte of bytes) n = (n << 8n) | BigInt(byte);
    return Number(value.dtype.type === 'i' ? BigInt.asIntN(8 * value.data.length, n) : n);
  }
  return undefined;
}

/** The length of the last axis of an array: most often the number of features. */
export function widthOf(value: PyValue | undefined): number | undefined {
  if (value instanceof NdArray) return value.shape.length === 0 ? undefined : value.shape[value.shape.length - 1];
  return undefined;
}
