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
 * stays a PyInstance. `more` adds the names of a format (joblib's wrappers).
 */
export function pythonWorld(...more: Library[]): World {
  base ??= tablesOf(known);
  // The names of a format come on top: putting all of them into new tables would cost more than reading a small file.
  const layers = more.length === 0 ? [base] : [tablesOf(more), base];

  const world: World = {
    call(made, callable, args, kwargs) {
      if (!(callable instanceof PyGlobal)) return undefined;
      const maker = find(layers, 'makers', callable);
      return maker?.({ made, callable, args: args.items, kwargs, again });
    },
    build(target, state, payload) {
      if (target instanceof PyInstance) {
        const { callable } = target;
        if (!(callable instanceof PyGlobal)) return false;
        const builder = find(layers, 'builders', callable);
        if (!builder) return false;
        const become = builder(target, state, payload);
        return become === undefined ? false : { become };
      }
      if (typeof target !== 'object' || target === null) return false;
      for (const { settlers } of layers) {
        const settle = settlers.get(target.constructor);
        if (settle) return settle(target as never, state, payload);
      }
      return false;
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

function find<Kind extends 'makers' | 'builders'>(
  layers: readonly Tables[],
  kind: Kind,
  { module, name }: PyGlobal,
): (Kind extends 'makers' ? Maker : Builder) | undefined {
  for (const layer of layers) {
    const found = layer[kind].get(module)?.get(name);
    if (found) return found as Kind extends 'makers' ? Maker : Builder;
  }
  return undefined;
}

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
