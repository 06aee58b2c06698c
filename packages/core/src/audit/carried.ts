import { PyDict, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { codeOf, codeOfValue, judgeCode, type CodeKind } from './bytecode/index.js';
import { valueText } from './call-text.js';
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

/** How grave it is to carry such code; what it does only counts once it runs. */
const gravity = { computes: 'low', unknown: 'medium', reaches: 'high', opaque: 'high' } as const satisfies Record<
  CodeKind,
  Severity
>;

/** Methods that run while an object of a class is made or given its state. */
const onNew = ['__new__'];
const onCall = ['__new__', '__init__'];
const onState = ['__setstate__', '__setattr__'];

/** The code that a pickle carries along: what is made of it, and whether any of it runs. */
export class Carried {
  readonly #drafts: Drafts;
  /** What the classes in the file define, as far as it has been said. */
  readonly #classes = new Map<object, Set<string>>();
  readonly #named = new Set<string>();
  #described = false;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  /** A name that makes code is imported; what it makes comes with a call. */
  named(full: string, offset: number): void {
    const name = full.slice(full.lastIndexOf('.') + 1);
    if (helpers.has(name) || this.#described) return;
    this.#named.add(full);
    this.#say(introduction(full), offset, { name: full });
  }

  /** A call of such a name. */
  made(name: string, args: readonly PyValue[], offset: number, text: () => string): void {
    const what = Object.hasOwn(makers, name) ? makers[name] : undefined;
    if (what === 'class') {
      const metaclass = args[0];
      const carriedMeta = meaningOf(metaclass).kind === 'code';
      if (carriedMeta) this.run(offset, text());
    }
    if (what === 'code') this.#code(args, offset, text);
    if (name === '_class_setstate' || name === '_rehydrate_skeleton_class') this.#define(args);
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
  instantiate(made: PyInstance, how: 'new' | 'call', offset: number, text: () => string): void {
    const hook = this.#defines(made, how === 'new' ? onNew : onCall);
    if (hook !== undefined)
      this.#drafts.add('runs-carried-code', offset, `loading it runs the ${hook} of a class that it carries along`, {
        call: text(),
      });
  }

  /** Gives an object its state. */
  build(target: PyInstance, offset: number): void {
    const meaning = meaningOf(target.callable);
    if (meaning.kind !== 'code' || meaning.made !== 'class') return;
    const hook = this.#defines(meaning.value, onState);
    if (hook !== undefined)
      this.#drafts.add('runs-carried-code', offset, `loading it runs the ${hook} of a class that it carries along`, {
        call: `${valueText(target)}.${hook}(…)`,
      });
  }

  /** Carried code has a module at hand. */
  uses(module: string, does: string, offset: number, details: FindingDetails): void {
    this.#drafts.add('carried-code', offset, `code in the file has the module ${module} at hand, which ${does}`, {
      ...details,
      severity: 'high',
    });
  }

  #say(message: string, offset: number, details: FindingDetails): void {
    this.#drafts.add('carried-code', offset, message, details, keyOf(message));
  }

  /** `_class_setstate(cls, (attributes, …))`. */
  #define([target, state]: readonly PyValue[]): void {
    if (!(target instanceof PyInstance)) return;
    const own = state instanceof PyTuple ? state.items[0] : state;
    if (!(own instanceof PyDict)) return;
    const defined = this.#classes.get(target) ?? new Set<string>();
    for (const key of own.keys) if (typeof key === 'string') defined.add(key);
    this.#classes.set(target, defined);
  }

  /** `setattr(cls, name, value)`. */
  set([target, name]: readonly PyValue[], offset: number): void {
    if (!this.#described)
      this.#say('it completes a function or class of its own, whose code runs when it is used', offset, {});
    if (!(target instanceof PyInstance) || typeof name !== 'string') return;
    const defined = this.#classes.get(target) ?? new Set<string>();
    this.#classes.set(target, defined.add(name));
  }

  #defines(made: PyInstance, methods: readonly string[]): string | undefined {
    const defined = this.#classes.get(made);
    const hook = defined === undefined ? undefined : methods.find((method) => defined.has(method));
    if (hook !== undefined) return hook;
    // Made with everything at once: type(name, bases, dict), dill's _create_type.
    for (const arg of made.args.items.slice(-2)) {
      if (!(arg instanceof PyDict)) continue;
      const found = methods.find((method) => arg.has(method));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function introduction(full: string): string {
  return `it makes a function or class with ${full}: code in the file, which runs when it is used`;
}

function keyOf(message: string): string {
  return `c ${message}`;
}
