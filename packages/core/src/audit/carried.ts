import { PyDict, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from '../pickle/values.js';
import { codeOf, codeOfValue, judgeCode, type CodeKind } from './bytecode/index.js';
import { valueText } from './call-text.js';
import { Classes, classOf } from './classes.js';
import type { Drafts } from './drafts.js';
import type { FindingDetails } from './report.js';
import { meaningOf } from './resolve.js';
import type { Severity } from './rules/rule.js';

/** Makers of functions, classes and code; the other names of cloudpickle and dill only help them. */
const makers: Readonly<Record<string, string>> = {
  _make_function: 'function',
  _make_skel_func: 'function',
  _create_function: 'function',
  FunctionType: 'function',
  LambdaType: 'function',
  function: 'function',
  MethodType: 'method',
  method: 'method',
  instancemethod: 'method',
  _make_skeleton_class: 'class',
  _make_skeleton_enum: 'class',
  _create_type: 'class',
  classobj: 'class',
  dynamic_subimport: 'module',
  _create_code: 'code',
  CodeType: 'code',
  code: 'code',
};

/** Calls that only help: they make cells, name types and fill in what makers made. */
const helpers = new Set(
  (
    '_make_cell _make_empty_cell _empty_cell_value cell_set _builtin_type _make_dict_keys _make_dict_values _make_dict_items ' +
    '_get_bases _gen_ellipsis _gen_not_implemented _function_setstate _class_setstate _fill_function _rehydrate_skeleton_class ' +
    '_lookup_class_or_track _get_dataclass_field_type_sentinel _make_typevar CellType cell subimport _create_cell _load_type ' +
    '_get_attr _import_module _create_array _setitems _create_typemap _create_dtypemeta _create_lock _create_rlock ' +
    '_unpickle__CustomPickled _CustomPickled CPUDispatcher custom_rebuild _rebuild_reduction'
  ).split(' '),
);

/** Calls that complete what makers made. */
const fillers: Readonly<Record<string, 'class' | 'function'>> = {
  _class_setstate: 'class',
  _rehydrate_skeleton_class: 'class',
  _function_setstate: 'function',
  _fill_function: 'function',
};

/** How grave it is to carry such code; what it does only counts once it runs. */
const gravity = { computes: 'low', unknown: 'medium', reaches: 'high', opaque: 'high' } as const satisfies Record<
  CodeKind,
  Severity
>;

/** Methods that run while an object of a class is made, given its state, filled, or let go. */
const onNew = ['__new__', '__del__'];
const onCall = ['__new__', '__init__', '__del__', '_missing_'];
const onState = ['__setstate__', '__setattr__', '__getattribute__', '__getattr__'];
const onSubclass = ['__init_subclass__', '__mro_entries__'];
const onHash = ['__hash__', '__eq__'];
/** What asks its argument for items, a number or a text, by calling its methods. */
const consumers = new Set(
  (
    'list tuple set frozenset dict bytes bytearray str int float complex bool iter enumerate zip reversed map filter sorted ' +
    'min max sum any all len repr hash format slice range Counter OrderedDict deque array asarray next print abs round'
  ).split(' '),
);
/** Keys, or items, that are looked at (CWE-400). */
const MAX_KEYS = 10_000;
const PROTOCOL =
  /^__(?!init__|new__|module__|doc__|qualname__|reduce|getstate__|setstate__|class_getitem__|slots__)\w+__$/;

/** The code that a pickle carries along: what is made of it, and whether any of it runs. */
export class Carried {
  readonly #drafts: Drafts;
  readonly #classes: Classes;
  readonly #named = new Set<string>();
  #described = false;

  /** Does a key have to be looked at before it goes into a dict or set? */
  hashes = false;
  /** Has the pickle named something that makes code? */
  any = false;

  /** @param isHarmless may this name be called with anything? */
  constructor(drafts: Drafts, isHarmless: (name: PyGlobal) => boolean) {
    this.#drafts = drafts;
    this.#classes = new Classes(isHarmless);
  }

  /** A name that makes code is imported; what it makes comes with a call. */
  named(full: string, offset: number): void {
    this.any = true;
    const name = full.slice(full.lastIndexOf('.') + 1);
    if (helpers.has(name) || this.#described) return;
    this.#named.add(full);
    this.#say(introduction(full), offset, { name: full });
  }

  /** A call of such a name. */
  made(name: string, args: readonly PyValue[], offset: number, text: () => string): void {
    const what = Object.hasOwn(makers, name) ? makers[name] : undefined;
    this.any = true;
    if (what === 'class') this.#make(args, offset, text);
    if (what === 'code') this.#code(args, offset, text);
    if (Object.hasOwn(fillers, name)) this.#fill(name, args, offset, text);
  }

  /** A class: that runs what the file's metaclass, or its bases, define for it. */
  #make(args: readonly PyValue[], offset: number, text: () => string): void {
    const made = new PyInstance('call', null, new PyTuple([...args]));
    const hook = this.#classes.madeBy(made) ?? this.#classes.hook(made, onSubclass);
    if (hook !== undefined) this.#ran(hook, offset, text());
    for (const arg of args) {
      if (!(arg instanceof PyDict)) continue;
      for (const value of arg.values) this.#namedIn(value, offset, text);
    }
  }

  /** The bytecode of a function: what it refers to. Functions inside are part of the outermost, which is made last. */
  #code(args: readonly PyValue[], offset: number, text: () => string): void {
    const code = codeOf(args);
    if (code === undefined) {
      this.#say('it makes code out of arguments that no Python takes', offset, { call: text(), severity: 'high' });
      return;
    }
    const { kind, text: said } = judgeCode(code);
    // What the code is says more than by which function it was made.
    this.#described = true;
    this.#drafts.withdraw([...this.#named].map((full) => keyOf(introduction(full))));
    this.#say(`it carries code: ${said}`, offset, { severity: gravity[kind], name: code.qualifiedName });
  }

  /** `type(name, bases, dict)`. */
  makeClass(args: readonly PyValue[], offset: number, call: string): void {
    const name = typeof args[0] === 'string' ? ` ${args[0]}` : '';
    this.#say(`it makes a class of its own${name}, whose methods run when it is used`, offset, { call });
  }

  /** Calls carried code; `made` is the call that made the function. */
  run(offset: number, call: string, made?: PyInstance): void {
    const [first] = made?.args.items ?? [];
    const code = first === undefined ? undefined : codeOfValue(first);
    this.#drafts.add('runs-carried-code', offset, 'loading it calls code that it carries along', {
      call,
      ...(code === undefined ? {} : { does: `Runs code of the file: ${judgeCode(code).text}.` }),
    });
  }

  /** Makes an object of a carried class, which runs what the class defines for that. */
  instantiate(
    made: PyInstance,
    how: 'new' | 'call',
    args: readonly PyValue[],
    offset: number,
    text: () => string,
  ): void {
    const hook =
      this.#classes.hook(made, how === 'new' ? onNew : onCall) ??
      this.#classes.madeBy(made) ??
      // A metaclass of the file that is called for a class: nobody sees what that runs.
      (args.length === 3 && args[1] instanceof PyTuple && args[2] instanceof PyDict ? '__init__' : undefined);
    if (hook !== undefined) this.#ran(hook, offset, text());
    this.hashes ||= this.#classes.hook(made, onHash) !== undefined;
  }

  /** Gives an object its state. */
  build(target: PyInstance, state: PyValue, offset: number): void {
    const made = classOf(target);
    if (made === undefined) return;
    const slots = state instanceof PyTuple && state.items.length === 2 ? state.items[1] : undefined;
    const hook =
      this.#classes.hook(made, onState) ??
      this.#classes.setting(made, ['__dict__', ...(slots instanceof PyDict ? slots.keys : [])]);
    if (hook !== undefined) this.#ran(hook, offset, `${valueText(target)}.${hook}(…)`);
  }

  /** Puts more into an object: `append`, `extend`, `add` or `__setitem__`. */
  fill(target: PyInstance, methods: readonly string[], offset: number): void {
    const made = classOf(target);
    const hook =
      made === undefined ? undefined : this.#classes.hook(made, [...methods, '__getattribute__', '__getattr__']);
    if (hook !== undefined) this.#ran(hook, offset, `${valueText(target)}.${hook}(…)`);
  }

  /** Keys of a dict or set: Python asks each for its hash. */
  keys(keys: readonly PyValue[], offset: number): void {
    const todo = [...keys];
    for (let key = todo.pop(), i = 0; key !== undefined && i < MAX_KEYS; key = todo.pop(), i++) {
      if (key instanceof PyTuple || key instanceof PySet) todo.push(...key.items);
      const made = classOf(key);
      const hook = made === undefined ? undefined : this.#classes.hook(made, onHash);
      if (hook === undefined) continue;
      this.#ran(hook, offset, `hash(${valueText(key)})`);
      return;
    }
  }

  /** `getattr(object, name)`: a property of a class of the file is code that runs. */
  read(object: PyValue | undefined, name: PyValue | undefined, offset: number, text: () => string): void {
    const made = classOf(object);
    if (made === undefined || typeof name !== 'string') return;
    const hook = this.#classes.reading(made, name);
    if (hook !== undefined) this.#ran(hook, offset, text());
  }

  /** What a class of the file, or that of an object, has under a name. */
  has(object: PyValue | undefined, name: string): PyValue | undefined {
    const meaning = meaningOf(object);
    const made = meaning.kind === 'code' && meaning.made === 'class' ? meaning.value : classOf(object);
    return made === undefined ? undefined : this.#classes.find(made, name);
  }

  /** A harmless function that asks its arguments for what they are: objects of the file answer with code of the file. */
  consumed(name: string, args: readonly PyValue[], offset: number, text: () => string): void {
    if (!consumers.has(name)) return;
    const within = args.flatMap((arg) =>
      Array.isArray(arg)
        ? arg.slice(0, MAX_KEYS)
        : arg instanceof PyTuple
          ? [arg, ...arg.items.slice(0, MAX_KEYS)]
          : [arg],
    );
    for (const value of within) {
      const made = classOf(value);
      const hook = made === undefined ? undefined : this.#classes.first(made, PROTOCOL);
      if (hook === undefined) continue;
      this.#ran(hook, offset, text());
      return;
    }
  }

  #ran(hook: string, offset: number, call: string): void {
    const message = `loading it runs the ${hook} of a class that it carries along`;
    this.#drafts.add('runs-carried-code', offset, message, { call });
  }

  /** Carried code has something at hand: a module, or a name of one. */
  uses(what: string, does: string, offset: number, details: FindingDetails & { anchor?: object }): void {
    const message = `code in the file has ${what} at hand, which ${does}`;
    this.#drafts.add('carried-code', offset, message, { severity: 'high', ...details }, keyOf(message));
  }

  #say(message: string, offset: number, details: FindingDetails): void {
    this.#drafts.add('carried-code', offset, message, details, keyOf(message));
  }

  /** `_class_setstate(cls, (attributes, …))` and its kin; of what was imported, they change the program. */
  #fill(name: string, args: readonly PyValue[], offset: number, text: () => string): void {
    const [target, state] = args;
    const meaning = meaningOf(target);
    const isOwn = meaning.kind === 'code' || meaning.kind === 'result';
    // A function whose globals are a module's: what is added to them is added to the module.
    const shares = target instanceof PyInstance && target.args.items[1] instanceof PyGlobal;
    if (!isOwn || (shares && meaning.kind === 'code' && meaning.made === 'function')) {
      this.#drafts.add('state-of-a-name', offset, changes(valueText(target ?? null)), { call: text() });
      return;
    }
    if (fillers[name] !== 'class' || !(target instanceof PyInstance)) return;
    const own = state instanceof PyTuple ? state.items[0] : state;
    if (!(own instanceof PyDict)) return;
    const hook = this.#classes.madeBy(target);
    if (hook !== undefined) this.#ran(hook, offset, text());
    for (const [key, value] of own.entries()) if (typeof key === 'string') this.#classes.define(target, key, value);
    // Classes that are registered as kinds of an abstract one.
    const abstract = own.get('_abc_impl');
    if (abstract !== undefined && abstract !== null && this.#classes.hook(target, ['register']) !== undefined)
      this.#ran('register', offset, text());
  }

  /** `setattr(cls, name, value)`. */
  set([target, name, value]: readonly PyValue[], offset: number): void {
    if (!this.#described)
      this.#say('it completes a function or class of its own, whose code runs when it is used', offset, {});
    if (!(target instanceof PyInstance) || typeof name !== 'string') return;
    const hook = this.#classes.madeBy(target);
    if (hook !== undefined) this.#ran(hook, offset, `setattr(${valueText(target)}, ${valueText(name)}, …)`);
    this.#classes.define(target, name, value);
  }

  /** An object in a class's dict hears of its name there. */
  #namedIn(value: PyValue, offset: number, text: () => string): void {
    const made = classOf(value);
    const hook = made === undefined ? undefined : this.#classes.hook(made, ['__set_name__']);
    if (hook !== undefined) this.#ran(hook, offset, text());
  }
}

/** What is to be said of setting attributes of something that the file did not make. */
export function changes(what: string): string {
  return `it sets attributes of ${what}, for everything that uses it afterwards`;
}

function introduction(full: string): string {
  return `it makes a function or class with ${full}: code in the file, which runs when it is used`;
}

function keyOf(message: string): string {
  return `c ${message}`;
}
