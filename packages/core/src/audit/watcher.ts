import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import type { Observer } from '../pickle/world.js';
import { PyBoundMethod, PyModule, PyPartial } from '../python/values.js';
import { appetite, isHungry } from './appetite.js';
import { judgeAttribute } from './attributes.js';
import { callText, valueText } from './call-text.js';
import { Carried } from './carried.js';
import { describeCall } from './does.js';
import { Drafts, type Draft } from './drafts.js';
import type { AuditContext } from './examiner.js';
import { codeOfMarshal, judgeCode } from './bytecode/index.js';
import { judgeGlobal, judgeModule, mayMake, type NameJudgement } from './judge.js';
import { guardState } from './known/index.js';
import type { FindingDetails } from './report.js';
import { isBuiltin, isType, meaningOf, partsOf, type Meaning } from './resolve.js';
import { rules } from './rules/index.js';
import { Suspects } from './suspects.js';
import { writtenOut } from './written-out.js';

/** Joblib's wrappers, and the package each copy of joblib lives in. */
const WRAPPER = /^(.*?)(?:numpy_pickle|numpy_pickle_compat)$/;

/** Harmless functions that call what they are given. */
const appliers = new Set(
  [
    ['builtins', 'map filter sorted min max iter reduce'],
    ['functools', 'reduce cmp_to_key cached_property'],
    ['itertools', 'starmap accumulate groupby takewhile dropwhile filterfalse'],
  ].flatMap(([module, names]) => names.split(' ').map((name) => `${module} ${name}`)),
);

/** What unpickling looks up on an object while it builds it. */
const hooks: ReadonlySet<string> = new Set(['__setstate__', 'append', 'extend', 'add', '__reduce__', '__reduce_ex__']);
/** What a slots state may not set: it goes through setattr. */
const hidden: ReadonlySet<string> = new Set([
  '__class__',
  '__dict__',
  '__setstate__',
  '__reduce__',
  '__getattr__',
  '__init__',
]);

/** What a finding about an attribute becomes where the attribute is called. */
const asCall = {
  'attribute-chain': 'attribute-chain',
  'dangerous-name': 'dangerous-call',
  'unknown-name': 'unknown-call',
  'unknown-call': 'unknown-call',
} as const;

/** No model shares so much: each of 40 tuples would have to hold the one before twice (CWE-776). */
const MAX_WRITTEN_OUT = 1e12;

type Named = Extract<Meaning, { kind: 'name' }>;

/** Listens to the machine while it reads, and judges every import and call by the same names that the machine resolved. */
export class Watcher implements Observer {
  readonly #context: AuditContext;
  readonly #drafts: Drafts;
  readonly #carried: Carried;
  readonly #suspects: Suspects;
  readonly #persistent: ((id: PyValue) => boolean) | undefined;
  readonly #judged = new Map<PyGlobal, NameJudgement>();
  readonly #joblibs = new Set<string>();

  /** @param persistent what of the persistent ids the format itself explains. */
  constructor(context: AuditContext, persistent?: (id: PyValue) => boolean) {
    this.#context = context;
    this.#persistent = persistent;
    this.#drafts = new Drafts(context);
    this.#carried = new Carried(this.#drafts);
    this.#suspects = new Suspects(context);
  }

  global(name: PyGlobal, offset: number): void {
    const before = this.#judged.get(name);
    // Known names come by the million.
    if (before?.kind === 'known') return;
    const judgement = this.#judge(name);
    if (before === undefined) {
      this.#context.named(name.module, name.name);
      const home = WRAPPER.exec(name.module)?.[1];
      if (home !== undefined && name.name.endsWith('Wrapper')) this.#wrapper(home, offset);
    }
    this.#name(name, name.fullName, judgement, offset);
  }

  call(made: 'new' | 'call', callable: PyValue, args: PyTuple, offset: number): void {
    if (callable instanceof PyGlobal) {
      const judged = this.#judged.get(callable);
      if (judged?.kind === 'known' && mayMake(judged, made)) {
        const asks = isHungry(callable.name) ? appetite(callable.name, args.items) : undefined;
        if (asks !== undefined)
          this.#drafts.add('limit-reached', offset, `it ${asks}`, { call: callText(callable, args) });
        return;
      }
    }
    this.#call(made, callable, args, offset, callText.bind(null, callable, args));
  }

  called(result: PyValue, offset: number): void {
    if (typeof result !== 'object' || result === null) return;
    if (result instanceof Uint8Array) this.#suspects.bytes(result, offset);
    else this.#drafts.made(result, offset);
  }

  bytes(content: Uint8Array, offset: number): void {
    this.#suspects.bytes(content, offset);
  }

  build(target: PyValue, state: PyValue, offset: number): void {
    if (target instanceof PyGlobal || target instanceof PyModule || target instanceof PyBoundMethod) {
      this.#drafts.fold([target]);
      this.#drafts.add(
        'state-of-a-name',
        offset,
        `it sets attributes of ${valueText(target)}, for everything that uses it afterwards`,
        { call: `${valueText(target)}.__dict__.update(${valueText(state)})` },
      );
      return;
    }
    if (state instanceof PyDict) {
      if (state.hasAnyOf(hooks)) this.#hooked(target, state, offset);
    } else if (state instanceof PyTuple && state.items.length === 2) {
      const [own, slots] = state.items;
      if (own instanceof PyDict && own.hasAnyOf(hooks)) this.#hooked(target, own, offset);
      if (slots instanceof PyDict && slots.hasAnyOf(hidden))
        this.#drafts.add('attribute-chain', offset, 'it changes what an object is by setting its hidden attributes', {
          call: `setattr(…, ${valueText(slots)})`,
        });
    }
    if (target instanceof PyInstance) {
      this.#carried.build(target, offset);
      const { callable } = target;
      if (callable instanceof PyGlobal && this.#judge(callable).use === 'guarded') this.#guard(target, state, offset);
    }
  }

  /** A class that runs what its state says: is it what its library would have written? */
  #guard(target: PyInstance, state: PyValue, offset: number): void {
    const wrong = guardState(state);
    if (wrong === undefined) return;
    this.#drafts.add('state-runs-code', offset, `it ${wrong}`, {
      call: `${valueText(target)}.__setstate__(${valueText(state)})`,
    });
  }

  /** A name that is put together while the file is loaded: no library writes such files. */
  computedName(module: PyValue, name: PyValue, offset: number): void {
    const made = [module, name].filter((part) => part instanceof PyInstance && this.#mayBeText(part));
    if (made.length === 0) return;
    this.#drafts.fold(made.filter((part) => typeof part === 'object' && part !== null));
    this.#drafts.add('attribute-chain', offset, 'it imports a name that calls put together while it is loaded', {
      call: `find_class(${valueText(module)}, ${valueText(name)})`,
    });
  }

  /** Could this call have given a text? Classes give instances, and what follows is then no name to Python either. */
  #mayBeText({ callable }: PyInstance): boolean {
    if (!(callable instanceof PyGlobal)) return true;
    return this.#judge(callable).use !== 'makes' || ['str', 'encode', 'decode'].includes(callable.name);
  }

  persistent(id: PyValue, offset: number): void {
    if (this.#persistent?.(id) === true) return;
    const message = `it refers to an object outside of the file: ${valueText(id)}`;
    this.#drafts.add('outside-reference', offset, message, {}, 'persistent');
  }

  extension(code: number, offset: number): void {
    const message = `it names something by the extension code ${code}, which only the loading program resolves`;
    this.#drafts.add('outside-reference', offset, message, {}, 'extension');
  }

  /** Reports everything that was found. `value` is what the pickle holds, if it was read to its end. */
  async finish(value?: PyValue): Promise<void> {
    this.#drafts.report(value);
    const size = value === undefined ? 0 : writtenOut(value);
    if (size > MAX_WRITTEN_OUT)
      this.#context.report(
        'limit-reached',
        `what it holds comes to ${size.toPrecision(2)} objects if what is shared is written out: comparing or printing it would never end`,
      );
    await this.#suspects.examine();
  }

  /** What this reading would do that another of the same bytes does not. */
  beyond(other: Watcher): Draft[] {
    const known = new Set([...other.#drafts.all].map((draft) => `${draft.rule} ${draft.offset}`));
    return [...this.#drafts.all].filter(
      ({ rule, offset }) =>
        rules[rule].verdict === 'dangerous' && rule !== 'two-readings' && !known.has(`${rule} ${offset}`),
    );
  }

  /** A name that is imported, or reached in another way, and not called yet. */
  #name(anchor: object | undefined, full: string, judgement: NameJudgement, offset: number): void {
    const { kind, does } = judgement;
    const details = { name: full, ...(anchor === undefined ? {} : { anchor }), ...of(judgement) };
    if (judgement.forbidden === true)
      this.#drafts.add('forbidden-name', offset, `it names ${full}, which the policy forbids`, details, `f ${full}`);
    else if (kind === 'dangerous')
      this.#drafts.add('dangerous-name', offset, `it names ${full}, which ${does ?? ''}`, details, `d ${full}`);
    else if (kind === 'carrier') this.#carried.named(full, offset);
    else if (kind === 'unknown')
      this.#drafts.add(
        'unknown-name',
        offset,
        `it names ${full}, which is on no list of names known to be harmless`,
        details,
        `u ${full}`,
      );
  }

  #call(made: 'new' | 'call', callable: PyValue, args: PyTuple, offset: number, text: () => string): void {
    const meaning = meaningOf(callable);
    switch (meaning.kind) {
      case 'name':
        this.#callName(made, meaning, callable, args, offset, text);
        return;
      case 'code':
        if (meaning.made === 'class') this.#carried.instantiate(meaning.value, made, offset, text);
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
    const judgement = callable instanceof PyGlobal ? this.#judge(callable) : this.#context.judge(module, name);
    const full = `${module}.${name}`;
    const all = effective(callable, args);
    switch (judgement.kind) {
      case 'dangerous':
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
        if (!direct || !this.#judged.has(callable as PyGlobal)) this.#name(undefined, full, judgement, offset);
    }
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
      ...of(judgement),
    };
    this.#drafts.fold(partsOf(callable, args));
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
          this.#call('new', first, new PyTuple(args.slice(1)), offset, text);
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
    } else if (name === '_get_attr') {
      this.#attribute(args[0], args[1], offset, text);
    } else if (name === '_create_array') {
      const [callable, inner] = args;
      if (callable !== undefined && inner instanceof PyTuple) this.#call('call', callable, inner, offset, text);
    } else {
      this.#carried.made(name, args, offset, text);
    }
  }

  /** Something is imported or reached by its name as a text. */
  #reached(full: string, judgement: NameJudgement, offset: number, text: () => string, isModule = false): void {
    const what = isModule ? `imports ${full}` : `reaches ${full}`;
    const { kind, does } = judgement;
    const details = { call: text(), name: full, ...of(judgement) };
    if (kind === 'dangerous') {
      // Importing a module is not yet using it; code that the file carries may.
      if (isModule) this.#carried.uses(full, does ?? '', offset, details);
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

  #hooked(target: PyValue, state: PyDict, offset: number): void {
    for (const hook of hooks) {
      const value = state.get(hook);
      if (value === undefined || !isCallable(value)) continue;
      this.#drafts.add(
        'hooked-state',
        offset,
        `it sets ${hook} of ${valueText(target)}, which unpickling calls when more of the object comes`,
        { call: `${valueText(target)}.${hook} = ${valueText(value)}` },
      );
      return;
    }
  }

  /** Two packages' wrappers in one file: what one joblib skips as an array's bytes, another reads as opcodes. */
  #wrapper(home: string, offset: number): void {
    this.#joblibs.add(home);
    if (this.#joblibs.size < 2) return;
    const message = `it mixes array wrappers of ${[...this.#joblibs].join(' and ')}: what one joblib skips as numbers, another runs as opcodes`;
    this.#drafts.add('two-readings', offset, message, {}, 'wrappers');
  }

  #judge(name: PyGlobal): NameJudgement {
    let judged = this.#judged.get(name);
    if (judged === undefined) this.#judged.set(name, (judged = judgeGlobal(name, this.#context.policy)));
    return judged;
  }
}

function isGetter(meaning: Meaning): boolean {
  return (
    meaning.kind === 'name' &&
    (meaning.module === 'operator' || meaning.module === '_operator') &&
    (meaning.name === 'attrgetter' || meaning.name === 'methodcaller')
  );
}

function isCallable(value: PyValue): boolean {
  return (
    value instanceof PyGlobal ||
    value instanceof PyInstance ||
    value instanceof PyPartial ||
    value instanceof PyBoundMethod
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

function of({ severity, cwe, advisory }: NameJudgement): FindingDetails {
  return {
    ...(severity === undefined ? {} : { severity }),
    ...(cwe === undefined ? {} : { cwe }),
    ...(advisory === undefined ? {} : { advisory }),
  };
}

function extra(judgement: NameJudgement): FindingDetails {
  return { ...of(judgement), ...(judgement.means === undefined ? {} : { does: judgement.means }) };
}
