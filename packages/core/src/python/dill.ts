/**
 * dill reaches even plain names through `_get_attr(_import_module('numpy.core.multiarray'), '_reconstruct')`.
 * Nothing is imported: the two calls together are the name.
 */
import { PyGlobal, PyTuple, type PyValue } from '../pickle/values.js';
import { inModules, type Call, type Library } from './library.js';
import { NdArray } from './ndarray.js';
import { settleArray } from './numpy.js';
import { PyModule } from './values.js';

function importModule({ args }: Call): PyValue | undefined {
  const [name] = args;
  return typeof name === 'string' ? new PyModule(name) : undefined;
}

function getAttribute({ args }: Call): PyValue | undefined {
  const [owner, name] = args;
  return owner instanceof PyModule && typeof name === 'string' ? new PyGlobal(owner.name, name) : undefined;
}

/** `_create_array(f, args, state, attributes)`: `f(*args)` and its state in one call. */
function createArray({ args, again }: Call): PyValue | undefined {
  const [callable, callArgs, state] = args;
  if (!(callArgs instanceof PyTuple)) return undefined;
  // Only numpy's own: a chain of calls that pass calls on would be a stack bomb (CWE-674).
  if (!(callable instanceof PyGlobal && callable.name === '_reconstruct')) return undefined;
  const made = again('call', callable, callArgs);
  if (!(made instanceof NdArray)) return undefined;
  settleArray(made, state);
  return made;
}

export const dill: Library = {
  makes: inModules(['dill._dill', 'dill.dill'], {
    _import_module: importModule,
    _get_attr: getAttribute,
    _create_array: createArray,
  }),
};
