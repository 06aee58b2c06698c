import { PyInstance, type PyValue } from '../pickle/values.js';
import { childrenOf, isScikitLearn } from './migration.js';

/**
 * The first version that an object of the file says, and whether there is any object of scikit-learn at all.
 * Objects without one of their own have the version of what holds them; before 0.18 none says it.
 */
export function fileVersion(root: PyValue): { readonly any: boolean; readonly version: string | undefined } {
  const seen = new Set<PyValue>();
  const todo: PyValue[] = [root];
  let any = false;
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PyInstance && isScikitLearn(value)) {
      any = true;
      const written = value.attribute('_sklearn_version');
      if (typeof written === 'string') return { any, version: written };
    }
    for (const [, child] of childrenOf(value)) todo.push(child);
  }
  return { any, version: undefined };
}
