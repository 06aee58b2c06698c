import { PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import type { Observer } from '../pickle/world.js';
import { PyBoundMethod, PyModule, PyPartial } from '../python/values.js';
import { callText, valueText } from './call-text.js';
import { denied } from './deny.js';
import { judgeGlobal, type NameJudgement } from './judge.js';
import { isKnown } from './known/index.js';
import type { AuditContext } from './examiner.js';
import type { FindingDetails } from './report.js';
import { rules, type RuleId } from './rules/index.js';

/** Findings of one pickle: a bomb of ten million bad calls is told from a few hundred (CWE-400). */
const MAX_FINDINGS = 500;

/** A finding before it is known whether something larger takes its place. */
interface Draft extends FindingDetails {
  readonly rule: RuleId;
  readonly message: string;
  readonly offset: number;
}

/** A callable made by a call that was made by a call …: followed so far (CWE-674). */
const MAX_CHAIN = 50;

/** Joblib's wrappers, and the package each copy of joblib lives in. */
const WRAPPER = /^(.*?)(?:numpy_pickle|numpy_pickle_compat)$/;

/** Attributes that run or load what they are given. */
const GADGET =
  /^(system|popen|spawn|fork|exec|eval|query|load|loads|call|check_call|check_output|run|Popen|read_pickle|to_pickle|to_csv|pipe|apply|tofile|dump)/;

/** A method that is vouched for by its dotted name, such as ZoneInfo's way to be made again. */
function vouchedMethod({ object, name }: PyBoundMethod): boolean {
  return object instanceof PyGlobal && isKnown(object.module, `${object.name}.${name}`);
}

/** What gives CodeType, FunctionType and the like: calling those makes functions, and runs none. */
const TYPES = new Set(['_builtin_type', '_load_type']);

/** Listens to the machine while it reads, and judges every import and call by the same names that the machine resolved. */
export class Watcher implements Observer {
  readonly findings: Draft[] = [];
  readonly #context: AuditContext;
  readonly #judged = new Map<PyGlobal, NameJudgement>();
  readonly #seen = new Set<string>();
  /** Findings about names, which become findings about calls where the name is called. */
  readonly #named = new Map<string, { at: number; count: number }>();
  readonly #joblibs = new Set<string>();

  constructor(context: AuditContext) {
    this.#context = context;
  }

  global(name: PyGlobal, offset: number): void {
    const { kind, does } = this.#judge(name);
    const key = name.fullName;
    if (!this.#seen.has(key)) {
      this.#seen.add(key);
      this.#context.named(name.module, name.name);
    }
    if (kind === 'known' || kind === 'judged') {
      const home = WRAPPER.exec(name.module)?.[1];
      if (home !== undefined && name.name.endsWith('Wrapper')) this.#wrapper(home, offset);
      return;
    }
    if (kind === 'dangerous') {
      this.#name('dangerous-name', name, offset, `it names ${key}, which ${does ?? ''}`);
    } else if (kind === 'carrier') {
      this.#name(
        'carried-code',
        name,
        offset,
        `it makes a function or class with ${key}: code in the file, which runs when it is used`,
      );
    } else {
      this.#name('unknown-name', name, offset, `it names ${key}, which is on no list of names known to be harmless`);
    }
  }

  call(_made: 'new' | 'call', callable: PyValue, args: PyTuple, offset: number): void {
    if (callable instanceof PyGlobal) this.#callName(callable, args, offset);
    else this.#callMade(callable, args, offset);
  }

  build(target: PyValue, state: PyValue, offset: number): void {
    if (target instanceof PyGlobal || target instanceof PyModule || target instanceof PyBoundMethod) {
      this.#add(
        'state-of-a-name',
        offset,
        `it sets attributes of ${valueText(target, 0)}, for everything that uses it afterwards`,
        {
          call: `${valueText(target, 0)}.__setstate__(${valueText(state, 0)})`,
        },
      );
    }
  }

  persistent(id: PyValue, offset: number): void {
    this.#once('outside-reference', offset, `it refers to an object outside of the file: ${valueText(id, 0)}`);
  }

  extension(code: number, offset: number): void {
    this.#once(
      'outside-reference',
      offset,
      `it names something by the extension code ${code}, which only the loading program resolves`,
    );
  }

  /** Reports everything that was found. `value` is what the pickle holds, if it was read to its end. */
  finish(_value?: PyValue): Promise<void> {
    for (const { rule, message, ...details } of this.findings) this.#context.report(rule, message, details);
    return Promise.resolve();
  }

  /** What this reading would do that another of the same bytes does not. */
  beyond(other: Watcher): Draft[] {
    const known = new Set(other.findings.map((finding) => `${finding.rule} ${finding.offset}`));
    return this.findings.filter(
      ({ rule, offset }) =>
        rules[rule].verdict === 'dangerous' && rule !== 'two-readings' && !known.has(`${rule} ${offset}`),
    );
  }

  #callName(name: PyGlobal, args: PyTuple, offset: number): void {
    const { kind, does } = this.#judge(name);
    if (kind === 'known') return;
    if (kind === 'dangerous') {
      this.#withdraw('dangerous-name', name);
      this.#add('dangerous-call', offset, `loading it calls ${name.fullName}, which ${does ?? ''}`, {
        call: callText(name, args),
        name: name.fullName,
      });
    } else if (kind === 'judged') {
      this.#judgeCall(name, args, offset);
    } else if (!this.#seen.has(name.fullName)) {
      // A name that the file assembled, without importing it by an opcode.
      this.global(name, offset);
    }
  }

  /** A callable that is itself the result of a call. */
  #callMade(callable: PyValue, args: PyTuple, offset: number): void {
    const call = callText(callable, args);
    let root = callable;
    for (let i = 0; i < MAX_CHAIN; i++) {
      if (root instanceof PyPartial) root = root.func;
      else if (root instanceof PyInstance && root.callable !== root) root = root.callable;
      else break;
    }
    if (root instanceof PyBoundMethod) {
      if (vouchedMethod(root)) return;
      this.#add('unknown-call', offset, `it calls a method by its name: ${valueText(root, 0)}`, { call });
      return;
    }
    if (root instanceof PyGlobal) {
      const { kind, does } = this.#judge(root);
      // cloudpickle reaches the types of code and functions through a function of its own.
      if (kind === 'carrier' && TYPES.has(root.name)) return;
      if (kind === 'dangerous' && callable instanceof PyPartial) {
        this.#withdraw('dangerous-name', root);
        this.#add('dangerous-call', offset, `loading it calls ${root.fullName}, which ${does ?? ''}`, {
          call,
          name: root.fullName,
        });
        return;
      }
      if (kind === 'dangerous' || kind === 'carrier') {
        const rule = kind === 'carrier' ? 'runs-carried-code' : 'dangerous-call';
        const what = kind === 'carrier' ? 'code that it carries along' : `what ${root.fullName} gave`;
        this.#add(rule, offset, `loading it calls ${what}`, { call });
        return;
      }
      if (callable instanceof PyPartial && kind === 'known') return;
    }
    this.#add('unknown-call', offset, 'it calls something that another call gave', { call });
  }

  /** Names that are harmless with harmless arguments. */
  #judgeCall(name: PyGlobal, args: PyTuple, offset: number): void {
    const [first, second, third] = args.items;
    const call = callText(name, args);
    switch (name.name) {
      case 'getattr':
        this.#attribute(first, second, call, offset);
        return;
      case 'type':
        // type(x) gives a class; type(name, bases, dict) makes one.
        if (args.items.length !== 1) this.#add('carried-code', offset, 'it makes a class of its own', { call });
        return;
      case '_ufunc_reconstruct': {
        // Imports the module, and gives an attribute of it.
        const module = typeof first === 'string' ? first : '';
        const judged = typeof second === 'string' ? this.#context.judge(module, second) : { kind: 'unknown' as const };
        if (judged.kind === 'dangerous')
          this.#add(
            'dangerous-call',
            offset,
            `it reaches ${module}.${typeof second === 'string' ? second : ''}, which ${judged.does ?? ''}`,
            {
              call,
            },
          );
        else if (judged.kind !== 'known')
          this.#add(
            'unknown-call',
            offset,
            `it imports ${valueText(first ?? null, 0)} and takes ${valueText(second ?? null, 0)} from it`,
            { call },
          );
        return;
      }
      case '_reconstructor': {
        // base.__new__(cls, state), and base.__init__ where it has one: base is then called.
        for (const part of [first, second]) this.#madeOf(part, offset, call);
        if (third instanceof PyInstance && !(third.callable instanceof PyGlobal))
          this.#add('unknown-call', offset, 'it makes an object of what another call gave', { call });
        return;
      }
      case 'partial':
      case '__newobj__':
      case '__newobj_ex__':
        this.#madeOf(first, offset, call);
        return;
      default:
        this.#add('unknown-call', offset, `it calls ${name.fullName}`, { call });
    }
  }

  /** The class or function that another name is given to work on; a name has been judged when it was imported. */
  #madeOf(part: PyValue | undefined, offset: number, call: string): void {
    if (part instanceof PyGlobal || part === undefined) return;
    if (part instanceof PyBoundMethod || part instanceof PyInstance || part instanceof PyModule)
      this.#add('unknown-call', offset, 'it works on something that another call gave', { call });
  }

  /** getattr(object, name): how bound methods are saved, and how everything else is reached. */
  #attribute(object: PyValue | undefined, name: PyValue | undefined, call: string, offset: number): void {
    if (typeof name !== 'string' || object === undefined) {
      this.#add('attribute-chain', offset, 'it takes an attribute whose name another call gives', { call });
      return;
    }
    if (object instanceof PyGlobal && isKnown(object.module, `${object.name}.${name}`)) return;
    const ofName =
      object instanceof PyGlobal
        ? (denied(object.module, `${object.name}.${name}`) ?? denied(object.fullName, name))
        : undefined;
    if (
      name.startsWith('__') ||
      ofName !== undefined ||
      object instanceof PyModule ||
      object instanceof PyBoundMethod
    ) {
      this.#add(
        'attribute-chain',
        offset,
        `it takes the attribute ${valueText(name, 0)} on the way to something else`,
        { call },
      );
    } else if (denied('builtins', name) !== undefined || GADGET.test(name)) {
      this.#add(
        'attribute-chain',
        offset,
        `it takes the attribute ${valueText(name, 0)}, as those do who are after it`,
        { call },
      );
    } else if (object instanceof PyGlobal && this.#judge(object).kind !== 'known') {
      this.#add('unknown-call', offset, `it takes an attribute of ${object.fullName}, which nobody vouches for`, {
        call,
      });
    } else if (object instanceof PyInstance && !(object.callable instanceof PyGlobal)) {
      this.#add('unknown-call', offset, 'it takes an attribute of something that another call gave', { call });
    }
  }

  /** Two packages' wrappers in one file: what one joblib skips as an array's bytes, another reads as opcodes. */
  #wrapper(home: string, offset: number): void {
    this.#joblibs.add(home);
    if (this.#joblibs.size > 1)
      this.#once(
        'two-readings',
        offset,
        `it mixes array wrappers of ${[...this.#joblibs].join(' and ')}: what one joblib skips as numbers, another runs as opcodes`,
      );
  }

  #judge(name: PyGlobal): NameJudgement {
    let judged = this.#judged.get(name);
    if (judged === undefined) this.#judged.set(name, (judged = judgeGlobal(name, this.#context.policy)));
    return judged;
  }

  /** One finding for a name, however often the file has it. */
  #name(rule: RuleId, name: PyGlobal, offset: number, message: string): void {
    const key = `${rule} ${name.fullName}`;
    const before = this.#named.get(key);
    if (before === undefined) {
      this.#named.set(key, { at: this.findings.length, count: 1 });
      this.#push(rule, offset, message, { name: name.fullName });
    } else {
      before.count++;
    }
  }

  /** Takes back what was said of a name before it was called. */
  #withdraw(rule: RuleId, name: PyGlobal): void {
    const key = `${rule} ${name.fullName}`;
    if (!this.#named.has(key)) return;
    const at = this.findings.findIndex((finding) => finding.rule === rule && finding.name === name.fullName);
    if (at >= 0) this.findings.splice(at, 1);
    this.#named.delete(key);
  }

  readonly #said = new Set<string>();

  #once(rule: RuleId, offset: number, message: string): void {
    if (this.#said.has(rule)) return;
    this.#said.add(rule);
    this.#push(rule, offset, message, {});
  }

  #add(rule: RuleId, offset: number, message: string, more: FindingDetails): void {
    this.#push(rule, offset, message, more);
  }

  #push(rule: RuleId, offset: number, message: string, more: FindingDetails): void {
    if (this.findings.length >= MAX_FINDINGS && rules[rule].verdict !== 'dangerous') return;
    if (this.findings.length >= 2 * MAX_FINDINGS) return;
    this.findings.push({ rule, message, offset, ...more });
  }
}
