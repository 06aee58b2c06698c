import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { isPlainMaker } from './methods.js';
import { isBuiltin, meaningOf } from './resolve.js';

/** Classes are looked up along their bases, so far (CWE-674). */
const MAX_BASES = 100;

const descriptors = new Set(['property', 'classmethod', 'staticmethod']);

/** Methods of a metaclass that run while a class is made. */
const onClass = ['__new__', '__init__', '__prepare__', '__call__', '__setattr__', '__getattribute__', '__getattr__'];

/** `property(f)` and its kin: which of them, where the value is a call of one. */
export function descriptorOf(value: PyValue | undefined): string | undefined {
  if (!(value instanceof PyInstance)) return undefined;
  const meaning = meaningOf(value.callable);
  return meaning.kind === 'name' && isBuiltin(meaning.module) && descriptors.has(meaning.name)
    ? meaning.name
    : undefined;
}

/** `property(f, g)`, `classmethod(f)`: with functions of the file, texts and None it only keeps them. */
export function isDescriptor(module: string, name: string, args: readonly PyValue[]): boolean {
  return (
    isBuiltin(module) &&
    descriptors.has(name) &&
    args.every((arg) => typeof arg !== 'object' || arg === null || meaningOf(arg).kind === 'code')
  );
}

/** The class of the file that `value` is an instance of. */
export function classOf(value: PyValue | undefined): PyInstance | undefined {
  if (!(value instanceof PyInstance)) return undefined;
  const callee = meaningOf(value.callable);
  if (callee.kind === 'code') return callee.made === 'class' ? callee.value : undefined;
  // copyreg._reconstructor(cls, …), cls.__new__(cls, …).
  const [first] = value.args.items;
  if (callee.kind !== 'name' || !makesOfFirst.has(callee.name)) return undefined;
  const meaning = meaningOf(first);
  return meaning.kind === 'code' && meaning.made === 'class' ? meaning.value : undefined;
}

const makesOfFirst = new Set(['_reconstructor', '__newobj__', '__newobj_ex__']);

/** What the classes in a pickle define, as far as it has been said. */
export class Classes {
  readonly #own = new Map<PyInstance, Map<string, PyValue>>();
  readonly #isHarmless: (name: PyGlobal) => boolean;

  /** @param isHarmless may this name be called with anything? */
  constructor(isHarmless: (name: PyGlobal) => boolean) {
    this.#isHarmless = isHarmless;
  }

  define(made: PyInstance, name: string, value: PyValue): void {
    const own = this.#own.get(made);
    if (own === undefined) this.#own.set(made, new Map([[name, value]]));
    else own.set(name, value);
  }

  /** What a class, or one of the file that it is made from, has under a name. */
  find(made: PyInstance, name: string): PyValue | undefined {
    for (const each of this.#line(made)) {
      const found = this.#own.get(each)?.get(name) ?? given(each, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The first of `methods` that the class defines with something that may run. */
  hook(made: PyInstance, methods: readonly string[]): string | undefined {
    return methods.find((method) => this.#runs(this.find(made, method)));
  }

  /** The first method whose name matches that the class defines with something that may run. */
  first(made: PyInstance, pattern: RegExp): string | undefined {
    for (const each of this.#line(made)) {
      const names = [...(this.#own.get(each)?.keys() ?? []), ...each.args.items.flatMap(keysOf)];
      const found = names.find((name) => typeof name === 'string' && pattern.test(name) && this.hook(made, [name]));
      if (typeof found === 'string') return found;
    }
    return undefined;
  }

  /** Does the metaclass of a class run something of the file while the class is made? */
  madeBy(made: PyInstance): string | undefined {
    for (const each of this.#line(made)) {
      const meta = meaningOf(each.args.items[0]);
      const hook = meta.kind === 'code' && meta.made === 'class' ? this.hook(meta.value, onClass) : undefined;
      if (hook !== undefined) return hook;
    }
    return undefined;
  }

  /** What runs when an attribute of an instance is read: a property, a descriptor, or what stands for all attributes. */
  reading(made: PyInstance, name: string): string | undefined {
    if (this.#runs(this.find(made, '__getattribute__'))) return '__getattribute__';
    const found = this.find(made, name);
    if (found === undefined) return this.#runs(this.find(made, '__getattr__')) ? '__getattr__' : undefined;
    if (!(found instanceof PyInstance) || meaningOf(found).kind === 'code') return undefined;
    const kind = descriptorOf(found);
    if (kind === 'classmethod' || kind === 'staticmethod') return undefined;
    const own = classOf(found);
    return own !== undefined && this.hook(own, ['__get__', '__getattribute__', '__getattr__']) === undefined
      ? undefined
      : name;
  }

  /** What runs when an attribute is set by its name: that of a slot. */
  setting(made: PyInstance, names: readonly PyValue[]): string | undefined {
    for (const name of names) {
      const found = typeof name === 'string' ? this.find(made, name) : undefined;
      if (!(found instanceof PyInstance)) continue;
      const own = classOf(found);
      if (descriptorOf(found) === 'property' || (own !== undefined && this.hook(own, ['__set__']) !== undefined))
        return name as string;
    }
    return undefined;
  }

  /** Is it more than data: something of the file, or a name that is not vouched for as a call? */
  #runs(value: PyValue | undefined): boolean {
    if (typeof value !== 'object' || value === null) return false;
    const meaning = meaningOf(value);
    if (meaning.kind === 'name' && isPlainMaker(meaning.module, meaning.name)) return false;
    return !(value instanceof PyGlobal) || !this.#isHarmless(value);
  }

  /** The class and those of the file that it is made from. */
  *#line(made: PyInstance): Generator<PyInstance> {
    const seen = new Set<PyInstance>([made]);
    for (const each of seen) {
      yield each;
      for (const base of basesOf(each)) if (seen.size < MAX_BASES) seen.add(base);
    }
  }
}

/** The classes of the file among the bases, wherever the call that makes the class has them. */
function* basesOf(made: PyInstance): Generator<PyInstance> {
  for (const arg of made.args.items) {
    if (!(arg instanceof PyTuple)) continue;
    for (const base of arg.items) {
      const meaning = meaningOf(base);
      if (meaning.kind === 'code' && meaning.made === 'class') yield meaning.value;
    }
  }
}

function keysOf(value: PyValue): PyValue[] {
  return value instanceof PyDict ? [...value.keys] : [];
}

/** Made with everything at once: `type(name, bases, dict)`, dill's `_create_type`. */
function given(made: PyInstance, name: string): PyValue | undefined {
  for (const arg of made.args.items.slice(-3)) {
    const found = arg instanceof PyDict ? arg.get(name) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
