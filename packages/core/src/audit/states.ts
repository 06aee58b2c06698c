import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { PyBoundMethod, PyModule, PyPartial } from '../python/values.js';
import { valueText } from './call-text.js';
import { isCode } from './at-hand.js';
import { changes, type Carried } from './carried.js';
import type { Drafts } from './drafts.js';
import { guardState } from './known/index.js';
import type { Names } from './names.js';

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

/** What a pickle would set on objects and names: BUILD. */
export class States {
  readonly #drafts: Drafts;
  readonly #carried: Carried;
  readonly #names: Names;

  constructor(drafts: Drafts, carried: Carried, names: Names) {
    this.#drafts = drafts;
    this.#carried = carried;
    this.#names = names;
  }

  build(target: PyValue, state: PyValue, offset: number): void {
    if (target instanceof PyGlobal || target instanceof PyModule || target instanceof PyBoundMethod) {
      this.#drafts.fold([target]);
      this.#drafts.add('state-of-a-name', offset, changes(valueText(target)), {
        call: `${valueText(target)}.__dict__.update(${valueText(state)})`,
      });
      return;
    }
    if (!isCode(target)) this.#names.given([state]);
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
      this.#carried.build(target, state, offset);
      const { callable } = target;
      if (callable instanceof PyGlobal && this.#names.judge(callable).use === 'guarded')
        this.#guard(target, state, callable.module, offset);
    }
  }

  /** APPEND(S), ADDITEMS, SETITEM(S) on what is neither list, set nor dict. */
  fill(target: PyValue, methods: readonly string[], items: readonly PyValue[], offset: number): void {
    if (target instanceof PyInstance) this.#carried.fill(target, methods, offset);
    else if (target instanceof PyGlobal || target instanceof PyModule || target instanceof PyBoundMethod) {
      this.#drafts.fold([target]);
      this.#drafts.add(
        'state-of-a-name',
        offset,
        `it changes what ${valueText(target)} holds, for everything that uses it`,
        {
          call: `${valueText(target)}.${methods[0]}(…)`,
        },
      );
    }
    if (!isCode(target)) this.#names.given(items);
  }

  /** A class that runs what its state says: is it what its library would have written? */
  #guard(target: PyInstance, state: PyValue, module: string, offset: number): void {
    const wrong = guardState(state, module);
    if (wrong === undefined) return;
    this.#drafts.add('state-runs-code', offset, `it ${wrong}`, {
      call: `${valueText(target)}.__setstate__(${valueText(state)})`,
    });
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
}

function isCallable(value: PyValue): boolean {
  return (
    value instanceof PyGlobal ||
    value instanceof PyInstance ||
    value instanceof PyPartial ||
    value instanceof PyBoundMethod
  );
}
