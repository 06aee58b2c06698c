import { PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { PyBoundMethod, PyPartial } from '../python/values.js';
import { judgeAttribute } from './attributes.js';
import { codeOfMarshal, judgeCode } from './bytecode/index.js';
import { valueText } from './call-text.js';
import type { Carried } from './carried.js';
import { isDescriptor } from './classes.js';
import { dillAttribute, isDillRepr } from './dill.js';
import { describeCall } from './does.js';
import type { Drafts } from './drafts.js';
import type { AuditContext } from './examiner.js';
import { kerasBytes, unpacksKeras } from './keras-bytes.js';
import { judgeModule, mayMake, type NameJudgement } from './judge.js';
import { detailsOf, type Names } from './names.js';
import { rebuilding } from './numba.js';
import type { FindingDetails } from './report.js';
import { importOf, isBuiltin, isType, meaningOf, partsOf, type Meaning } from './resolve.js';
import { completes, isSetter, reachesKeras, reachesSetter } from './setters.js';
import type { Suspects } from './suspects.js';

/** Harmless functions that call what they are given. */
const appliers = new Set(
  [
    ['builtins', 'map filter sorted min max iter reduce'],
    ['functools', 'reduce cmp_to_key cached_property'],
    ['itertools', 'starmap accumulate groupby takewhile dropwhile filterfalse'],
  ].flatMap(([module, names]) => names.split(' ').map((name) => `${module} ${name}`)),
);

/** What a finding about an attribute becomes where the attribute is called. */
const asCall = {
  'attribute-chain': 'attribute-chain',
  'dangerous-name': 'dangerous-call',
  'unknown-name': 'unknown-call',
  'unknown-call': 'unknown-call',
} as const;

type Named = Extract<Meaning, { kind: 'name' }>;

/** What a pickle would call, however it came by the callable. */
export class Calls {
  readonly #context: AuditContext;
  readonly #drafts: Drafts;
  readonly #carried: Carried;
  readonly #suspects: Suspects;
  readonly #names: Names;

  constructor(context: AuditContext, drafts: Drafts, carried: Carried, suspects: Suspects, names: Names) {
    this.#context = context;
    this.#drafts = drafts;
    this.#carried = carried;
    this.#suspects = suspects;
    this.#names = names;
  }

  call(made: 'new' | 'call', callable: PyValue, args: PyTuple, offset: number, text: () => string): void {
    const meaning = meaningOf(callable);
    switch (meaning.kind) {
      case 'name':
        this.#callName(made, meaning, callable, args, offset, text);
        return;
      case 'code':
        if (meaning.made === 'class') this.#carried.instantiate(meaning.value, made, args.items, offset, text);
        else this.#carried.run(offset, text(), meaning.value);
        return;
      case 'attribute':
        this.#callAttribute(meaning.object, meaning.name, callable, args, offset, text);
        return;
      case 'result':
        this.#callResult(meaning.of, callable, args, offset, text);
        return;
      case 'module': {
        // dill's `_import_module('os.system')` gives the function; any other module is no callable.
        const dot = meaning.name.lastIndexOf('.');
        if (dot <= 0) return;
        const [module, name] = [meaning.name.slice(0, dot), meaning.name.slice(dot + 1)];
        this.#callName(made, { kind: 'name', module, name, direct: false }, callable, args, offset, text);
        return;
      }
      case 'data':
        // Python raises an error.
        return;
    }
  }

  #callName(
    made: 'new' | 'call',
    meaning: Named,
    callable: PyValue,
    args: PyTuple,
    offset: number,
    text: () => string,
  ): void {
    const { module, name, direct } = meaning;
    const judgement = callable instanceof PyGlobal ? this.#names.judge(callable) : this.#context.judge(module, name);
    const full = `${module}.${name}`;
    const all = effective(callable, args);
    switch (judgement.kind) {
      case 'dangerous':
        if (this.#names.setters.has(callable) && judgement.forbidden !== true && isSetter(module, name)) {
          this.#names.setters.called(callable);
          if (made === 'call' && completes(args.items)) {
            this.#carried.set(args.items, offset);
            return;
          }
        }
        if (judgement.forbidden !== true && this.#isQuiet(module, name, callable, args.items, offset, text)) return;
        if (judgement.forbidden !== true && unpacksKeras(module, name)) {
          const [packed, ...more] = args.items;
          this.#names.setters.called(callable);
          const bytes = more.length === 0 ? kerasBytes(packed) : undefined;
          if (bytes !== undefined && this.#suspects.file(bytes, offset)) return;
        }
        this.#dangerous(judgement, full, callable, args, offset, text);
        return;
      case 'known':
        if (appliers.has(`${module} ${name}`) || (isBuiltin(module) && appliers.has(`builtins ${name}`)))
          this.#applied(full, all, offset, text);
        else if (!mayMake(judgement, made))
          this.#drafts.add(
            'unknown-call',
            offset,
            `it calls ${full}, which may be named, but is not vouched for as a call`,
            {
              call: text(),
              name: full,
            },
          );
        return;
      case 'judged':
        this.#judgeCall(module, name, callable, all, offset, text);
        return;
      case 'carrier':
        this.#carry(name, all, offset, text);
        return;
      case 'unknown':
        if (!direct || this.#names.judged(callable as PyGlobal) === undefined)
          this.#names.report(undefined, full, judgement, offset);
    }
  }

  /** A call of a dangerous name that with these arguments does nothing, as cloudpickle and dill write it. */
  #isQuiet(
    module: string,
    name: string,
    callable: PyValue,
    args: readonly PyValue[],
    offset: number,
    text: () => string,
  ): boolean {
    const reached = dillAttribute(module, name, args);
    const imported = importOf(module, name, args);
    const judged = imported === undefined ? undefined : judgeModule(imported, this.#context.policy);
    if (imported !== undefined && judged !== undefined && judged.kind !== 'dangerous')
      this.#reached(imported, judged, offset, text, true);
    else if (reached !== undefined) this.#attribute(reached[0], reached[1], offset, text);
    else if (!isDillRepr(module, name, args) && !(this.#carried.any && isDescriptor(module, name, args))) return false;
    this.#names.atHand.called(callable);
    this.#drafts.fold([callable as object]);
    return true;
  }

  #dangerous(
    judgement: NameJudgement,
    full: string,
    callable: PyValue,
    args: PyTuple,
    offset: number,
    text: () => string,
  ): void {
    const { does, forbidden } = judgement;
    const all = effective(callable, args);
    const [first] = all;
    const marshalled =
      /(^|\.)marshal\.loads$/.test(full) && first instanceof Uint8Array ? codeOfMarshal(first) : undefined;
    const described =
      marshalled === undefined
        ? describeCall(full, judgement, all)
        : `Makes code out of ${first instanceof Uint8Array ? first.length : 0} bytes: ${judgeCode(marshalled).text}.`;
    const details: FindingDetails = {
      call: text(),
      name: full,
      ...(described === undefined ? {} : { does: described }),
      ...detailsOf(judgement),
    };
    this.#drafts.fold(partsOf(callable, args));
    this.#names.atHand.called(callable);
    if (forbidden === true)
      this.#drafts.add('forbidden-name', offset, `loading it calls ${full}, which the policy forbids`, details);
    else
      this.#drafts.add('dangerous-call', offset, `loading it calls ${full}, which ${does ?? ''}`, {
        ...details,
        severity: 'critical',
      });
    if (judgement.harm === 'pickle') this.#suspects.argument(args.items[0], offset);
  }

  /** Harmless functions that call one of their arguments. */
  #applied(full: string, args: readonly PyValue[], offset: number, text: () => string): void {
    for (const arg of args) {
      const meaning = meaningOf(arg);
      if (meaning.kind === 'code') {
        this.#carried.run(offset, text(), meaning.value);
        return;
      }
      const judged = meaning.kind === 'name' ? this.#context.judge(meaning.module, meaning.name) : undefined;
      if (judged?.kind === 'known' && !mayMake(judged, 'call')) {
        this.#drafts.add('unknown-call', offset, `it has ${full} call ${valueText(arg)}`, { call: text() });
        return;
      }
      if (meaning.kind === 'name' && judged?.kind === 'judged') {
        this.#drafts.add(
          'attribute-chain',
          offset,
          `it has ${full} call ${meaning.module}.${meaning.name} with arguments that are put together while it is loaded`,
          { call: text() },
        );
        return;
      }
      if (
        arg instanceof PyBoundMethod ||
        (arg instanceof PyInstance && meaning.kind === 'result' && isGetter(meaning.of))
      ) {
        this.#drafts.add('unknown-call', offset, `it has ${full} call ${valueText(arg)}`, { call: text() });
        return;
      }
    }
  }

  #callAttribute(
    object: PyValue,
    name: string | undefined,
    callable: PyValue,
    args: PyTuple,
    offset: number,
    text: () => string,
  ): void {
    const judged = judgeAttribute(object, name, (m, n) => this.#context.judge(m, n));
    this.#drafts.fold(partsOf(callable, args));
    const details = { call: text() };
    if (judged?.rule === 'attribute-chain') this.#drafts.add('attribute-chain', offset, judged.message, details);
    else this.#drafts.add('unknown-call', offset, `it calls a method by its name: ${valueText(callable)}`, details);
  }

  /** A callable that is itself the result of a call. */
  #callResult(of: Meaning, callable: PyValue, args: PyTuple, offset: number, text: () => string): void {
    const details = { call: text() };
    if (of.kind === 'code') {
      this.#carried.run(offset, details.call, of.value);
      return;
    }
    if (of.kind === 'name') {
      const { kind } = this.#context.judge(of.module, of.name);
      if (kind === 'dangerous') {
        this.#drafts.fold(partsOf(callable, args));
        this.#drafts.add('dangerous-call', offset, `loading it calls what ${of.module}.${of.name} gave`, details);
        return;
      }
      const getter = callable instanceof PyInstance ? callable.args.items : [];
      if (isGetter(of)) {
        // methodcaller('system', 'id')(os), attrgetter('a', 'b')(x).
        const words = of.name === 'methodcaller' ? getter.slice(0, 1) : getter;
        for (const word of words) {
          const judged = judgeAttribute(args.items[0], word, (m, n) => this.#context.judge(m, n));
          if (judged === undefined) continue;
          this.#drafts.fold(partsOf(callable, args));
          const rule = asCall[judged.rule];
          this.#drafts.add(rule, offset, judged.message, {
            ...details,
            ...(judged.judgement === undefined ? {} : extra(judged.judgement)),
          });
          return;
        }
        if (of.name === 'attrgetter') return;
      }
    }
    this.#drafts.add('unknown-call', offset, 'it calls something that another call gave', details);
  }

  /** Names that are harmless with harmless arguments. */
  #judgeCall(
    module: string,
    name: string,
    callable: PyValue,
    args: readonly PyValue[],
    offset: number,
    text: () => string,
  ): void {
    const [first, second] = args;
    switch (name) {
      case 'getattr':
        // Only with `setattr` as the default is what it gives watched.
        if (args.length === 3 && this.#names.setters.has(args[2]) && reachesSetter(first, second)) return;
        if (args.length === 2 && this.#names.setters.has(first) && reachesKeras(first, second)) {
          // How it is called is what matters.
          this.#names.setters.called(first);
          return;
        }
        this.#attribute(first, second, offset, text);
        return;
      case 'type':
        // type(x) gives a class; type(name, bases, dict) makes one.
        if (isType(module, name) && args.length !== 1) this.#carried.makeClass(args, offset, text());
        return;
      case '_ufunc_reconstruct': {
        const judgement: NameJudgement =
          typeof first === 'string' && typeof second === 'string'
            ? this.#context.judge(first, second)
            : { kind: 'unknown' };
        this.#reached(`${valueWord(first)}.${valueWord(second)}`, judgement, offset, text);
        return;
      }
      case '_reconstructor':
      case '__newobj__':
      case '__newobj_ex__':
        if (first !== undefined && first !== callable)
          this.call('new', first, new PyTuple(args.slice(1)), offset, text);
        return;
      case 'attrgetter':
      case 'methodcaller':
        for (const word of name === 'methodcaller' ? args.slice(0, 1) : args) this.#getter(word, offset, text);
        return;
      case 'reduce':
      case 'starmap':
        this.#applied(`${module}.${name}`, args.slice(0, 1), offset, text);
        return;
      case '_load_from_bytes':
        if (first instanceof Uint8Array) this.#suspects.argument(first, offset);
        else
          this.#drafts.add(
            'dangerous-call',
            offset,
            `loading it calls ${module}.${name}, which loads a pickle nobody sees`,
            {
              call: text(),
              name: `${module}.${name}`,
            },
          );
        return;
      case 'Memory':
        // joblib makes the folder that it is given; estimators that cache nothing are saved with one of None.
        if (first === null || first === undefined) return;
        this.#drafts.add(
          'dangerous-call',
          offset,
          `loading it calls ${module}.Memory, which makes a folder to keep results in`,
          {
            call: text(),
            name: `${module}.${name}`,
          },
        );
        return;
      case 'partial':
        return;
      default:
        this.#drafts.add('unknown-call', offset, `it calls ${module}.${name}`, { call: text() });
    }
  }

  /** Names that make functions and classes of what the file carries, and those that help them. */
  #carry(name: string, args: readonly PyValue[], offset: number, text: () => string): void {
    if (name === 'subimport' || name === '_import_module') {
      const [target] = args;
      const word = typeof target === 'string' ? target : '';
      this.#reached(word === '' ? 'a module' : word, judgeModule(word, this.#context.policy), offset, text, true);
    } else if (name === '_unpickle__CustomPickled') {
      this.#suspects.argument(args[0], offset);
    } else if (name === 'custom_rebuild' || name === '_rebuild_reduction') {
      this.#rebuild(name, args, offset, text);
    } else if (name === '_get_attr') {
      this.#attribute(args[0], args[1], offset, text);
    } else if (name === '_create_array') {
      const [callable, inner] = args;
      if (callable !== undefined && inner instanceof PyTuple) this.call('call', callable, inner, offset, text);
    } else {
      this.#carried.made(name, args, offset, text);
    }
  }

  /** A function that numba compiled. */
  #rebuild(name: string, args: readonly PyValue[], offset: number, text: () => string): void {
    const { budget } = this.#context;
    const [packed] = args;
    const size =
      packed instanceof PyInstance && packed.args.items[0] instanceof Uint8Array ? packed.args.items[0].length : 0;
    const how = rebuilding(name, args, { limits: budget.pickleLimits(size), spent: budget.spent });
    if (how === 'runs') this.#carried.run(offset, text());
    else if (how === 'compiles')
      this.#drafts.add('unknown-call', offset, 'it has numba compile a function of the file while it is loaded', {
        call: text(),
      });
  }

  /** Something is imported or reached by its name as a text. */
  #reached(full: string, judgement: NameJudgement, offset: number, text: () => string, isModule = false): void {
    const what = isModule ? `imports ${full}` : `reaches ${full}`;
    const { kind, does } = judgement;
    const details = { call: text(), name: full, ...detailsOf(judgement) };
    if (kind === 'dangerous') {
      // Importing a module is not yet using it; code that the file carries may.
      if (isModule) this.#carried.uses(`the module ${full}`, does ?? '', offset, { ...details, severity: 'high' });
      else this.#drafts.add('dangerous-name', offset, `it ${what}, which ${does ?? ''}`, details);
    } else if (kind === 'unknown') {
      this.#drafts.add(
        'unknown-name',
        offset,
        `it ${what}, which is on no list of names known to be harmless`,
        details,
        `u ${full}`,
      );
    }
  }

  /** getattr(object, name): how bound methods are saved, and how everything else is reached. */
  #attribute(object: PyValue | undefined, name: PyValue | undefined, offset: number, text: () => string): void {
    this.#carried.read(object, name, offset, text);
    this.#names.taken(object, typeof name === 'string' ? this.#carried.has(object, name) : undefined);
    const judged = judgeAttribute(object, name, (m, n) => this.#context.judge(m, n));
    if (judged === undefined) return;
    if (typeof object === 'object' && object !== null) this.#drafts.fold(partsOf(object, new PyTuple([])));
    this.#drafts.add(judged.rule, offset, judged.message, {
      call: text(),
      ...(judged.name === undefined ? {} : { name: judged.name }),
      ...(judged.judgement === undefined ? {} : extra(judged.judgement)),
    });
  }

  /** attrgetter('a.b') and methodcaller('a') before they get an object. */
  #getter(word: PyValue, offset: number, text: () => string): void {
    const steps = typeof word === 'string' ? word.split('.') : [undefined];
    for (const step of steps) {
      const judged = judgeAttribute(null, step, (m, n) => this.#context.judge(m, n));
      if (judged === undefined) continue;
      this.#drafts.add(judged.rule, offset, judged.message, { call: text() });
      return;
    }
  }
}

function isGetter(meaning: Meaning): boolean {
  return (
    meaning.kind === 'name' &&
    (meaning.module === 'operator' || meaning.module === '_operator') &&
    (meaning.name === 'attrgetter' || meaning.name === 'methodcaller')
  );
}

/** The arguments of a call, with those that partials put before them. */
function effective(callable: PyValue, args: PyTuple): PyValue[] {
  const all = [...args.items];
  for (let at = callable, i = 0; at instanceof PyPartial && i < 50; at = at.func, i++) {
    all.unshift(...at.args.items);
    if (at.keywords.size > 0) all.push(...at.keywords.values);
  }
  return all;
}

function valueWord(value: PyValue | undefined): string {
  return typeof value === 'string' ? value : '…';
}

function extra(judgement: NameJudgement): FindingDetails {
  return { ...detailsOf(judgement), ...(judgement.means === undefined ? {} : { does: judgement.means }) };
}
