import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { readPickleSync, type PickleOptions } from '../pickle/read.js';
import { pythonWorld } from '../python/world.js';
import { meaningOf } from './resolve.js';

/**
 * Functions that numba compiled, as UMAP and others keep them: a pickle within bytes, of the class and the states from
 * which `_rebuild` makes it. Source: numba/core/serialize.py, numba/core/dispatcher.py.
 *
 * `holds`: loading makes the function and runs nothing of it. `compiles`: it is compiled meanwhile, for signatures in the
 * file. `runs`: whatever the file says would be run.
 */
export type Rebuilding = 'holds' | 'compiles' | 'runs';

const dispatchers = new Set(['numba.core.registry CPUDispatcher', 'numba.targets.registry CPUDispatcher']);

/** What `_rebuild` takes, in the order in which old numba gave it. */
const STATES = ['uuid', 'py_func', 'locals', 'targetoptions', 'can_compile', 'sigs'];

/** Values that are looked at (CWE-400). */
const MAX_LOOKED_AT = 20_000;

/** What a call of `custom_rebuild(…)` or `_rebuild_reduction(class, …)` comes to. */
export function rebuilding(name: string, args: readonly PyValue[], options: PickleOptions): Rebuilding {
  const parts = name === 'custom_rebuild' ? pickled(args[0], options) : given(args);
  if (parts === undefined || !(parts.made instanceof PyGlobal)) return 'runs';
  if (!dispatchers.has(`${parts.made.module} ${parts.made.name}`)) return 'runs';
  const { states } = parts;
  if (![...states.keys()].every((key) => STATES.includes(key))) return 'runs';
  // An option may name a class that compiles: with that, anything runs.
  if (!isPlain(states.get('targetoptions')) || !isPlain(states.get('locals'))) return 'runs';
  const signatures = states.get('sigs');
  const items = signatures instanceof PyTuple ? signatures.items : signatures;
  if (!Array.isArray(items)) return 'runs';
  if (items.length === 0) return 'holds';
  // While it compiles, numba asks what the function refers to for its types: of carried classes, by their code.
  return carriesClass([...states.values()]) ? 'runs' : 'compiles';
}

interface Parts {
  readonly made: PyValue;
  readonly states: ReadonlyMap<string, PyValue>;
}

/** `custom_rebuild(_unpickle__CustomPickled(bytes))`: the bytes are a pickle of (class, states). */
function pickled(value: PyValue | undefined, options: PickleOptions): Parts | undefined {
  const bytes = value instanceof PyInstance ? value.args.items[0] : undefined;
  if (!(bytes instanceof Uint8Array)) return undefined;
  try {
    const inner = readPickleSync(bytes, { ...options, world: pythonWorld() }).value;
    const [made, states] = inner instanceof PyTuple ? inner.items : [];
    if (made === undefined || !(states instanceof PyDict)) return undefined;
    const named = new Map<string, PyValue>();
    for (const [key, each] of states.entries()) named.set(typeof key === 'string' ? key : '', each);
    return { made, states: named };
  } catch {
    // What cannot be read is told by the examination of the bytes.
    return undefined;
  }
}

function given([made, ...rest]: readonly PyValue[]): Parts | undefined {
  if (made === undefined || rest.length !== STATES.length) return undefined;
  return { made, states: new Map(STATES.map((name, i) => [name, rest[i]])) };
}

/** A dict of texts, numbers and truth values. */
function isPlain(value: PyValue | undefined): boolean {
  return value instanceof PyDict && [...value.keys, ...value.values].every((part) => typeof part !== 'object' || !part);
}

function carriesClass(roots: readonly PyValue[]): boolean {
  const seen = new Set<object>();
  const todo = [...roots];
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || seen.has(value)) continue;
    if (seen.size >= MAX_LOOKED_AT) return true;
    seen.add(value);
    const meaning = meaningOf(value);
    if (meaning.kind === 'code' && meaning.made === 'class') return true;
    if (Array.isArray(value)) todo.push(...value);
    else if (value instanceof PyTuple) todo.push(...value.items);
    else if (value instanceof PyDict) todo.push(...value.parts);
    else if (value instanceof PyInstance)
      todo.push(value.callable, value.args, value.state ?? null, value.kwargs, ...(value.appended ?? []));
  }
  return false;
}
