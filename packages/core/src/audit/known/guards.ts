import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';

/** The first line of scipy's template: names of shape parameters, then location and scale. */
const HEAD = /^\ndef _parse_args\(self, ((?:[A-Za-z_][A-Za-z0-9_]*, )*) (loc=0, scale=1|loc=0)\):/;

/** No distribution has more parameters than fit in this. */
const MAX_TEMPLATE = 4096;

/**
 * scipy's distributions keep the text of three functions in their state, and `rv_generic.__setstate__` executes it
 * (scipy/stats/_distn_infrastructure.py, 1.6 to 1.17). Is this the text that scipy itself would have written? Anything
 * else in its place is code of the file's author.
 */
function isTemplate(text: PyValue): boolean {
  if (typeof text !== 'string' || text.length > MAX_TEMPLATE) return false;
  const head = HEAD.exec(text);
  if (head === null) return false;
  const [, shapes, given] = head;
  const kept = given === 'loc=0' ? 'loc, 1' : 'loc, scale';
  return (
    text ===
    `\ndef _parse_args(self, ${shapes} ${given}):\n    return (${shapes}), ${kept}\n` +
      `\ndef _parse_args_rvs(self, ${shapes} ${given}, size=None):\n` +
      `    return self._argcheck_rvs(${shapes} ${kept}, size=size)\n` +
      `\ndef _parse_args_stats(self, ${shapes} ${given}, moments='mv'):\n    return (${shapes}), ${kept}, moments\n`
  );
}

/**
 * What is wrong with giving an instance of a guarded class this state, to follow "it": undefined where the library itself
 * would have written it.
 */
export function guardState(state: PyValue, module: string): string | undefined {
  if (module.startsWith('pycaret.')) return guardMemory(state);
  if (state instanceof PyDict) {
    const template = state.get('_parse_arg_template');
    if (template === undefined) return undefined;
    return isTemplate(template) ? undefined : 'executes text of the file: scipy runs the state’s _parse_arg_template';
  }
  // Before scipy 1.6: (constructor's parameters, random state). Anything whose items are pairs would become attributes.
  if (state instanceof PyTuple && state.items.length === 2) {
    const [parameters, random] = state.items;
    const isRandom =
      random === null ||
      (random instanceof PyInstance &&
        random.callable instanceof PyGlobal &&
        random.callable.module.startsWith('numpy.random'));
    if (parameters instanceof PyDict && isRandom) return undefined;
  }
  return 'gives a distribution a state of no form that scipy writes';
}

/** pycaret's pipelines make a cache of the state's `_memory`: a folder, where it is a path. They save None. */
function guardMemory(state: PyValue): string | undefined {
  const memory = state instanceof PyDict ? state.get('_memory') : undefined;
  return memory === null ? undefined : 'gives a pipeline a cache, which pycaret makes a folder for or calls';
}
