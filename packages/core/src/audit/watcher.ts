import { PyGlobal, PyInstance, type PyDict, type PyTuple, type PyValue } from '../pickle/values.js';
import { PyBoundMethod } from '../python/values.js';
import type { Observer } from '../pickle/world.js';
import { appetite, isHungry } from './appetite.js';
import { callText, valueText } from './call-text.js';
import { Calls } from './calls.js';
import { Carried } from './carried.js';
import { Drafts, type Draft } from './drafts.js';
import type { AuditContext } from './examiner.js';
import { mayTell, noteTexts } from './formats/secrets.js';
import { mayMake } from './judge.js';
import { unpacksKeras } from './keras-bytes.js';
import { Names } from './names.js';
import { meaningOf } from './resolve.js';
import { rules } from './rules/index.js';
import { isSetter } from './setters.js';
import { States } from './states.js';
import { Suspects } from './suspects.js';
import { writtenOut } from './written-out.js';

/** No model shares so much: each of 40 tuples would have to hold the one before twice (CWE-776). */
const MAX_WRITTEN_OUT = 1e12;

/** A name that Python could import: numbers that are taken for opcodes name what no module is called. */
const NAME = /^[A-Za-z_][\w.]*$/;

/** Texts of one pickle that are looked at for keys and paths (CWE-400). */
const MAX_TEXTS = 1000;

/** Listens to the machine while it reads, and judges every import and call by the same names that the machine resolved. */
export class Watcher implements Observer {
  readonly #context: AuditContext;
  readonly #drafts: Drafts;
  readonly #carried: Carried;
  readonly #suspects: Suspects;
  readonly #persistent: ((id: PyValue) => boolean) | undefined;
  readonly #names: Names;
  readonly #calls: Calls;
  readonly #states: States;

  /** @param persistent what of the persistent ids the format itself explains. */
  constructor(context: AuditContext, persistent?: (id: PyValue) => boolean) {
    this.#context = context;
    this.#persistent = persistent;
    this.#drafts = new Drafts(context);
    this.#carried = new Carried(
      this.#drafts,
      (name) => mayMake(this.#names.judge(name), 'call') && this.#names.judge(name).kind === 'known',
    );
    this.#suspects = new Suspects(context);
    this.#names = new Names(context, this.#drafts, this.#carried);
    this.#calls = new Calls(context, this.#drafts, this.#carried, this.#suspects, this.#names);
    this.#states = new States(this.#drafts, this.#carried, this.#names);
  }

  global(name: PyGlobal, offset: number): void {
    this.#names.met(name, offset);
  }

  /** The names so far, once each and in the order of the file. */
  get imported(): readonly PyGlobal[] {
    return this.#names.imported;
  }

  /** A plain field: it is asked at each dict. */
  watchesKeys = false;

  keys(keys: readonly PyValue[], offset: number): void {
    this.#carried.keys(keys, offset);
  }

  append(target: PyValue, items: readonly PyValue[], offset: number): void {
    this.#states.fill(target, ['append', 'extend', 'add'], items, offset);
  }

  setItem(target: PyValue, key: PyValue, value: PyValue, offset: number): void {
    this.#states.fill(target, ['__setitem__'], [key, value], offset);
  }

  call(made: 'new' | 'call', callable: PyValue, args: PyTuple, offset: number, kwargs: PyDict | null): void {
    this.#names.handed(callable, args, kwargs);
    if (callable instanceof PyGlobal) {
      if (this.#carried.any)
        this.#carried.consumed(callable.name, args.items, offset, callText.bind(null, callable, args));
      const judged = this.#names.judged(callable);
      if (judged?.kind === 'known' && mayMake(judged, made)) {
        const asks = isHungry(callable.name) ? appetite(callable.name, args.items) : undefined;
        if (asks !== undefined)
          this.#drafts.add('limit-reached', offset, `it ${asks}`, { call: callText(callable, args) });
        return;
      }
    }
    this.#calls.call(made, callable, args, offset, callText.bind(null, callable, args));
    this.watchesKeys = this.#carried.hashes;
  }

  called(result: PyValue, offset: number): void {
    if (typeof result !== 'object' || result === null) return;
    if (result instanceof Uint8Array) this.#suspects.bytes(result, offset);
    else {
      this.#drafts.made(result, offset);
      if (!this.#names.setters.any) return;
      if (!(result instanceof PyGlobal || result instanceof PyInstance || result instanceof PyBoundMethod)) return;
      const meaning = meaningOf(result);
      if (
        meaning.kind === 'name' &&
        (isSetter(meaning.module, meaning.name) || unpacksKeras(meaning.module, meaning.name))
      )
        this.#names.setters.met(result, offset);
    }
  }

  bytes(content: Uint8Array, offset: number): void {
    this.#suspects.bytes(content, offset);
  }

  build(target: PyValue, state: PyValue, offset: number): void {
    this.#states.build(target, state, offset);
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
  #mayBeText({ made, callable, args, kwargs }: PyInstance): boolean {
    if (!(callable instanceof PyGlobal)) return true;
    const judged = this.#names.judge(callable);
    // `cls.__new__(cls)` gives a new object of whatever class, at most the empty text, which names nothing.
    const isPlain = made === 'new' && args.items.length === 0 && kwargs === null;
    if (isPlain && (judged.kind === 'unknown' || (judged.kind === 'known' && mayMake(judged, made)))) return false;
    const { use } = judged;
    return (use !== 'makes' && use !== 'state') || ['str', 'encode', 'decode'].includes(callable.name);
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

  /**
   * Reports everything that was found. `value` is what the pickle holds, if it was read to its end; `offsetOf` finds a
   * text of it in the file.
   */
  async finish(value?: PyValue, offsetOf?: (text: string) => number | undefined): Promise<void> {
    this.#names.finish(value);
    this.#drafts.report(value);
    const texts = new Set<string>();
    const told = (text: string): void => {
      if (texts.size < MAX_TEXTS && mayTell(text)) texts.add(text);
    };
    const size = value === undefined ? 0 : writtenOut(value, told);
    for (const text of texts) {
      const offset = offsetOf?.(text);
      noteTexts(text, this.#context, 'a text in it', offset === undefined ? {} : { offset });
    }
    if (size > MAX_WRITTEN_OUT)
      this.#context.report(
        'limit-reached',
        `what it holds comes to ${size.toPrecision(2)} objects if what is shared is written out: comparing or printing it would never end`,
      );
    await this.#suspects.examine();
  }

  /** What this reading would do, or import, that another of the same bytes does not. */
  beyond(other: Watcher): Draft[] {
    this.#names.finish();
    const known = new Set([...other.#drafts.all].map((draft) => `${draft.rule} ${draft.offset}`));
    return [...this.#drafts.all].filter(
      ({ rule, offset, name }) =>
        !known.has(`${rule} ${offset}`) &&
        (rule === 'unknown-name'
          ? // Where the other imports something as well, only the memo is out of step.
            NAME.test(name ?? '') && !other.#names.isAt(offset)
          : rules[rule].verdict === 'dangerous' && rule !== 'two-readings'),
    );
  }
}
