import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { PyDeque } from './values.js';
import type { World } from '../pickle/world.js';
import type { Builder, Library, Maker, Names, Settler } from './library.js';
import { numpy } from './numpy.js';
import { stdlib } from './stdlib.js';
import { scipy } from './scipy.js';
import { pandas } from './pandas/library.js';
import { dill } from './dill.js';

/**
 * The names of Python's standard library, numpy, scipy, pandas and dill as inert values; every other class
 * stays a PyInstance. `more` adds what a format makes and builds (joblib's wrappers); types of ours settle as ever.
 */
export function pythonWorld(...more: Library[]): World {
  base ??= tablesOf(known);
  const tables = base;
  // The names of a format come on top, as they are: putting them into tables would cost more than reading a small file.
  const found = <T>(kind: (library: Library) => Names<T> | undefined, { module, name }: PyGlobal): T | undefined => {
    for (const library of more) {
      const names = kind(library);
      if (names === undefined || !Object.hasOwn(names, module)) continue;
      if (Object.hasOwn(names[module], name)) return names[module][name];
    }
    return undefined;
  };

  const world: World = {
    call(made, callable, args, kwargs) {
      if (!(callable instanceof PyGlobal)) return undefined;
      const maker = found(makes, callable) ?? tables.makers.get(callable.module)?.get(callable.name);
      return maker?.({ made, callable, args: args.items, kwargs, again });
    },
    build(target, state, payload) {
      if (target instanceof PyInstance) {
        const { callable } = target;
        if (!(callable instanceof PyGlobal)) return false;
        const builder = found(builds, callable) ?? tables.builders.get(callable.module)?.get(callable.name);
        if (!builder) return false;
        const become = builder(target, state, payload);
        return become === undefined ? false : { become };
      }
      if (typeof target !== 'object' || target === null) return false;
      const settle = tables.settlers.get(target.constructor);
      return settle ? settle(target as never, state, payload) : false;
    },
    append(target, items) {
      if (!(target instanceof PyDeque)) return false;
      for (const item of items) target.items.push(item);
      return true;
    },
    setItem() {
      return false;
    },
  };
  const again = (made: 'new' | 'call', callable: PyValue, args: PyTuple, kwargs: PyDict | null = null): PyValue =>
    world.call(made, callable, args, kwargs, 0) ?? new PyInstance(made, callable, args, kwargs);
  return world;
}

const known: readonly Library[] = [stdlib, numpy, scipy, pandas, dill];

let base: Tables | undefined;

const makes = (library: Library): Names<Maker> | undefined => library.makes;
const builds = (library: Library): Names<Builder> | undefined => library.builds;

interface Tables {
  readonly makers: ReadonlyMap<string, ReadonlyMap<string, Maker>>;
  readonly builders: ReadonlyMap<string, ReadonlyMap<string, Builder>>;
  readonly settlers: ReadonlyMap<unknown, Settler<never>>;
}

function tablesOf(libraries: readonly Library[]): Tables {
  const settlers = new Map<unknown, Settler<never>>();
  for (const { settles } of libraries) for (const { type, settle } of settles ?? []) settlers.set(type, settle);
  return {
    makers: merge<Maker>(libraries.map((library) => library.makes)),
    builders: merge<Builder>(libraries.map((library) => library.builds)),
    settlers,
  };
}

function merge<T>(tables: readonly (Names<T> | undefined)[]): Map<string, Map<string, T>> {
  const all = new Map<string, Map<string, T>>();
  for (const table of tables) {
    for (const [module, names] of Object.entries(table ?? {})) {
      let known = all.get(module);
      if (!known) all.set(module, (known = new Map<string, T>()));
      for (const [name, value] of Object.entries(names)) known.set(name, value);
    }
  }
  return all;
}
