import { judgeName } from '../audit/index.js';
import { BrineError } from '../errors.js';
import type { PyGlobal, PyValue } from '../pickle/values.js';
import { namesIn } from '../pickle/write.js';
import { pythonReducer } from '../python/reduce/index.js';

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

/**
 * A predicate over names that Python would import on load: throws UNSUPPORTED for one that nobody vouches for. What is
 * let through is told to `kept`.
 */
export function vetting({ keepUnknown, allUnknown }: Vouched, kept: Set<string>): (name: PyGlobal) => void {
  return (name) => {
    const why = objection(name, keepUnknown, allUnknown);
    if (why !== undefined) throw refusal([[name.fullName, why]]);
    if (judgeName(name.module, name.name).kind in WHY) kept.add(name.fullName);
  };
}

/** Refuses all names at once that nobody vouches for, so that one message lists them. */
export function vetAll(value: PyValue, { keepUnknown, allUnknown }: Vouched): void {
  const refused: [string, string][] = [];
  for (const name of namesIn(value, { reducer: pythonReducer() })) {
    const why = objection(name, keepUnknown, allUnknown);
    if (why !== undefined) refused.push([name.fullName, why]);
  }
  if (refused.length > 0) throw refusal(refused);
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
