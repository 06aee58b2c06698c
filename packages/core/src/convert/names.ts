import { judgeName } from '../audit/index.js';
import { BrineError } from '../errors.js';
import type { PyGlobal } from '../pickle/values.js';

/** What the caller lets through. */
export interface Vouched {
  /** `module.name`; `module.*` for all of a module. */
  readonly keepUnknown: readonly string[];
  /** True to let every name through that nobody knows (never one that is known to be dangerous). */
  readonly allUnknown: boolean;
}

const WHY: Readonly<Record<string, string>> = {
  dangerous: 'can do harm',
  carrier: 'runs code that is in the file',
  unknown: 'is nothing that brine knows',
};

/** Names that the output would have Python import, judged one by one as its writer tells them. */
export class Vetting {
  /** What was let through though nobody knows it. */
  readonly kept = new Set<string>();
  readonly #vouched: Vouched;
  readonly #seen = new Set<string>();
  readonly #refused = new Map<string, string>();
  #settled = false;

  constructor(vouched: Vouched) {
    this.#vouched = vouched;
  }

  /** To be asked about every name. */
  readonly vet = (name: PyGlobal): void => {
    const { keepUnknown, allUnknown } = this.#vouched;
    const key = `${name.module}\n${name.name}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const why = objection(name, keepUnknown, allUnknown);
    if (why !== undefined) {
      this.#refused.set(name.fullName, why);
      if (this.#settled) this.settle();
    } else if (judgeName(name.module, name.name).kind in WHY) this.kept.add(name.fullName);
  };

  /** Throws UNSUPPORTED, listing all names so far that nobody vouches for; from now on, each at once. */
  settle(): void {
    this.#settled = true;
    if (this.#refused.size > 0) throw refusal([...this.#refused]);
  }
}

function objection(name: PyGlobal, keep: readonly string[], allUnknown: boolean): string | undefined {
  const { kind } = judgeName(name.module, name.name);
  const why = WHY[kind];
  if (why === undefined || (allUnknown && kind === 'unknown')) return undefined;
  const named = keep.some((k) => k === name.fullName || (k.endsWith('.*') && name.module === k.slice(0, -2)));
  return named ? undefined : why;
}

/** Names in one message; a file can hold thousands. */
const LISTED = 8;

function refusal(refused: readonly (readonly [name: string, why: string])[]): BrineError {
  const sorted = [...refused].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = sorted.slice(0, LISTED).map(([name, why]) => `${name}, which ${why}`);
  const more = sorted.length > LISTED ? `; and ${sorted.length - LISTED} more` : '';
  return new BrineError(
    'UNSUPPORTED',
    `whoever loads the output would have Python import ${text.join('; ')}${more}. Name each that you trust: ${sorted
      .slice(0, LISTED)
      .map(([name]) => `--keep-unknown ${name}`)
      .join(' ')}`,
  );
}
