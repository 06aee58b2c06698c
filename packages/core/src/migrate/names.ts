import { PyGlobal, type PyValue } from '../pickle/values.js';
import { isEstimatorName } from './estimator-names.js';
import { indexOf, releases } from './releases.js';
import { chapters } from './rules/index.js';
import type { Existence, Move } from './rule.js';

/** What names the target's scikit-learn has for what any release called something. */
export interface NameTable {
  rename(name: PyGlobal): PyGlobal;
  /** Why the target has no such class, if it has not. */
  missing(callable: PyValue): { readonly reason: string; readonly nearest: number } | undefined;
  /** True for classes whose saved state says the version. */
  isEstimator(name: string): boolean;
}

/** A name moves once or twice; a chain that goes on is a mistake in the table. */
const MAX_MOVES = 16;

export function nameTable(target: number): NameTable {
  const up = new Map<string, Map<string, readonly [string, string]>>();
  const down = new Map<string, Map<string, readonly [string, string]>>();
  for (const { moves = [] } of chapters) {
    for (const move of moves) {
      if (indexOf(move.since) <= target) put(up, move, 'up');
      else put(down, move, 'down');
    }
  }
  const gone = new Map<string, Existence>();
  for (const { existence = [] } of chapters) {
    for (const entry of existence) {
      if (entry.change === 'came' ? indexOf(entry.since) > target : indexOf(entry.since) <= target) {
        for (const name of entry.names) gone.set(name, entry);
      }
    }
  }

  return {
    rename(name) {
      let { module, name: own } = name;
      for (const table of [up, down]) {
        for (let i = 0; i < MAX_MOVES; i++) {
          const names = table.get(module);
          const next = names?.get(own) ?? names?.get('*');
          if (next === undefined) break;
          module = next[0];
          if (next[1] !== '*') own = next[1];
        }
      }
      return module === name.module && own === name.name ? name : new PyGlobal(module, own);
    },
    missing(callable) {
      if (!(callable instanceof PyGlobal) || !callable.module.startsWith('sklearn.')) return undefined;
      const entry = gone.get(callable.name);
      if (!entry) return undefined;
      const at = indexOf(entry.since);
      const { name } = releases[target];
      const note = entry.note === undefined ? '' : `; ${entry.note}`;
      return entry.change === 'came'
        ? {
            reason: `${callable.name} came with scikit-learn ${entry.since}; ${name} does not have it${note}`,
            nearest: at,
          }
        : { reason: `${callable.name} went with scikit-learn ${entry.since}${note}`, nearest: at - 1 };
    },
    isEstimator: isEstimatorName,
  };
}

function put(table: Map<string, Map<string, readonly [string, string]>>, move: Move, way: 'up' | 'down'): void {
  const [from, to] = way === 'up' ? [move.from, move.to] : [move.to, move.from];
  let names = table.get(from);
  if (!names) table.set(from, (names = new Map<string, readonly [string, string]>()));
  if (!move.names) names.set('*', [to, '*']);
  else {
    for (const entry of move.names) {
      const [before, after] = typeof entry === 'string' ? [entry, entry] : entry;
      names.set(way === 'up' ? before : after, [to, way === 'up' ? after : before]);
    }
  }
}
