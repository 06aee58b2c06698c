import type { PyGlobal } from '../pickle/values.js';
import { denied, isCarrier } from './deny.js';
import { isKnown } from './known/index.js';

/**
 * `known`: vouched for. `judged`: harmless or not by its arguments, so each call is looked at. `carrier`: makes
 * functions of code in the file.
 */
export type NameKind = 'dangerous' | 'unknown' | 'known' | 'judged' | 'carrier';

export interface NameJudgement {
  readonly kind: NameKind;
  /** Of a dangerous name: what it does, to follow "which". */
  readonly does?: string;
}

const judgedByCall = new Set([
  'builtins getattr',
  '__builtin__ getattr',
  'functools partial',
  '_functools partial',
  'copyreg _reconstructor',
  'copy_reg _reconstructor',
  'copyreg __newobj__',
  'copy_reg __newobj__',
  'copyreg __newobj_ex__',
  'builtins type',
  '__builtin__ type',
  'numpy.core _ufunc_reconstruct',
  'numpy._core _ufunc_reconstruct',
]);

/** What is known of a pair (module, name), both exactly as Python resolves them. */
export function judgeName(module: string, name: string): NameJudgement {
  if (judgedByCall.has(`${module} ${name}`)) return { kind: 'judged' };
  if (isCarrier(module, name)) return { kind: 'carrier' };
  const bad = denied(module, name);
  if (bad) return { kind: 'dangerous', does: bad.does };
  return { kind: isKnown(module, name) ? 'known' : 'unknown' };
}

const order: readonly NameKind[] = ['dangerous', 'carrier', 'unknown', 'judged', 'known'];

/** Python 2 files name a thing twice: as written, and as Python 3 resolves it. The worse counts, for either may load it. */
export function judgeGlobal(global: PyGlobal): NameJudgement {
  const resolved = judgeName(global.module, global.name);
  const { spelled } = global;
  if (spelled === undefined) return resolved;
  const written = judgeName(spelled.module, spelled.name);
  // What Python 3 renamed need not be listed under both names.
  return written.kind !== 'unknown' && order.indexOf(written.kind) < order.indexOf(resolved.kind) ? written : resolved;
}
