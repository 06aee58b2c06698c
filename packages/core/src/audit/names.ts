import { PyGlobal, type PyDict, type PyTuple, type PyValue } from '../pickle/values.js';
import { AtHand, isCode } from './at-hand.js';
import type { Carried } from './carried.js';
import type { Drafts } from './drafts.js';
import type { AuditContext } from './examiner.js';
import { judgeGlobal, type NameJudgement } from './judge.js';
import { unpacksKeras } from './keras-bytes.js';
import type { FindingDetails } from './report.js';
import { isBuiltin, meaningOf } from './resolve.js';
import { Setters, waits, type Setter } from './setters.js';

/** Joblib's wrappers, and the package each copy of joblib lives in. */
const WRAPPER = /^(.*?)(?:numpy_pickle|numpy_pickle_compat)$/;

/** Imports of one pickle whose places are kept (CWE-400). */
const MAX_OFFSETS = 100_000;

/** dill's `setattr`, however it was reached. */
const DILLS = { module: 'dill._dill', name: '_setattr' };

/** The names that one pickle imports or reaches: each is judged once, and told once. */
export class Names {
  readonly #context: AuditContext;
  readonly #drafts: Drafts;
  readonly #carried: Carried;
  readonly #judged = new Map<PyGlobal, NameJudgement>();
  readonly #joblibs = new Set<string>();
  readonly #offsets = new Set<number>();
  /** Where somebody asks for them in the end. */
  readonly #imported: Map<string, PyGlobal> | undefined;
  readonly setters = new Setters();
  readonly atHand = new AtHand();

  constructor(context: AuditContext, drafts: Drafts, carried: Carried) {
    this.#context = context;
    this.#drafts = drafts;
    this.#carried = carried;
    this.#imported = context.read && new Map();
  }

  /** An import. */
  met(name: PyGlobal, offset: number): void {
    const key = this.#imported && `${name.module}\n${name.name}`;
    if (key !== undefined && !this.#imported!.has(key)) this.#imported!.set(key, name);
    if (this.#offsets.size < MAX_OFFSETS) this.#offsets.add(offset);
    const before = this.#judged.get(name);
    // Known names come by the million.
    if (before?.kind === 'known') return;
    const judgement = this.judge(name);
    if (before === undefined) {
      this.#context.named(name.module, name.name);
      const home = WRAPPER.exec(name.module)?.[1];
      if (home !== undefined && name.name.endsWith('Wrapper')) this.#wrapper(home, offset);
    }
    const waiting = judgement.forbidden !== true;
    if (waiting && waits(name.module, name.name)) this.setters.met(name, offset);
    else if (waiting && judgement.kind === 'dangerous' && before === undefined && this.#carried.any)
      this.atHand.met(name, offset);
    else if (waiting && this.atHand.has(name)) return;
    else this.report(name, name.fullName, judgement, offset);
  }

  /** The imports so far, once each and in the order of the file. */
  get imported(): readonly PyGlobal[] {
    return [...(this.#imported?.values() ?? [])];
  }

  /** A call: a `setattr` that it hands on is not called where all can see it. */
  handed(callable: PyValue, args: PyTuple, kwargs: PyDict | null): void {
    if (this.setters.any) this.#tell(this.setters.handed(callable, args));
    if (this.atHand.any) this.#tell(this.atHand.handed(callable, args, kwargs));
  }

  /** Values that go into an object that the file makes, whose methods may call them. */
  given(values: readonly PyValue[]): void {
    if (this.atHand.any) this.#tell(this.atHand.given(values));
  }

  /** An attribute is taken: of a class it is `found`, of a function whatever it has. */
  taken(object: PyValue | undefined, found: PyValue | undefined): void {
    if (!this.atHand.any) return;
    const isWhole = isCode(object) && found === undefined;
    this.#tell(isWhole ? this.atHand.rest() : this.atHand.given([found]));
  }

  /** Nothing more comes. `root` is what the pickle holds, if it was read to its end. */
  finish(root?: PyValue): void {
    this.#tell(this.setters.left(root));
    if (root === undefined) this.#tell(this.atHand.rest());
    else this.given([root]);
    for (const [name, offset] of this.atHand.rest()) {
      // Every function has these.
      if (isBuiltin(name.module) && name.name === '__dict__') continue;
      const { does, harm, ...rest } = this.judge(name);
      const severity = harm === 'inspect' ? 'medium' : 'high';
      this.#carried.uses(name.fullName, does ?? '', offset, {
        ...detailsOf(rest),
        name: name.fullName,
        anchor: name,
        severity,
      });
    }
  }

  #tell(setters: Iterable<[Setter, number]>): void {
    for (const [setter, offset] of setters) {
      if (setter instanceof PyGlobal) this.report(setter, setter.fullName, this.judge(setter), offset);
      else {
        const meaning = meaningOf(setter);
        const { module, name } =
          meaning.kind === 'name' && unpacksKeras(meaning.module, meaning.name) ? meaning : DILLS;
        this.report(setter, `${module}.${name}`, this.#context.judge(module, name), offset);
      }
    }
  }

  /** Was a name imported at this offset, whichever? Beyond so many of them, as if it were. */
  isAt(offset: number): boolean {
    return this.#offsets.has(offset) || this.#offsets.size >= MAX_OFFSETS;
  }

  judge(name: PyGlobal): NameJudgement {
    let judged = this.#judged.get(name);
    if (judged === undefined) this.#judged.set(name, (judged = judgeGlobal(name, this.#context.policy)));
    return judged;
  }

  /** The judgement of a name that was imported; undefined for one that was not. */
  judged(name: PyGlobal): NameJudgement | undefined {
    return this.#judged.get(name);
  }

  /** A name that is imported, or reached in another way, and not called yet. */
  report(anchor: object | undefined, full: string, judgement: NameJudgement, offset: number): void {
    const { kind, does } = judgement;
    const details = { name: full, ...(anchor === undefined ? {} : { anchor }), ...detailsOf(judgement) };
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

  /** Two packages' wrappers in one file: what one joblib skips as an array's bytes, another reads as opcodes. */
  #wrapper(home: string, offset: number): void {
    this.#joblibs.add(home);
    if (this.#joblibs.size < 2) return;
    const message = `it mixes array wrappers of ${[...this.#joblibs].join(' and ')}: what one joblib skips as numbers, another runs as opcodes`;
    this.#drafts.add('two-readings', offset, message, {}, 'wrappers');
  }
}

/** What a judgement adds to a finding. */
export function detailsOf({ severity, cwe, advisory }: NameJudgement): FindingDetails {
  return {
    ...(severity === undefined ? {} : { severity }),
    ...(cwe === undefined ? {} : { cwe }),
    ...(advisory === undefined ? {} : { advisory }),
  };
}
