import { PyDict, PyGlobal, PyInstance, PyTuple } from '../pickle/values.js';

/** Functions that numpy 2 took out, by what both generations have in their place. */
const gone = new Map([
  ['round_', 'round'],
  ['product', 'prod'],
  ['cumproduct', 'cumprod'],
  ['sometrue', 'any'],
  ['alltrue', 'all'],
  ['float_', 'float64'],
  ['complex_', 'complex128'],
  ['unicode_', 'str_'],
  ['string_', 'bytes_'],
  ['Inf', 'inf'],
  ['NaN', 'nan'],
]);

/** Aliases of Python's own types, which numpy 1.24 took out. */
const builtins = new Set(['int', 'float', 'complex', 'bool', 'object', 'str']);

/**
 * numpy's name for something, in the generation asked for. Names under `numpy.core` are loaded by both
 * generations without a warning only where numpy 2 kept them for old pickles, so that other functions are
 * named by the package itself; 2 names numpy 2's own modules.
 */
export function numpyName(name: PyGlobal, numpy: 1 | 2): PyGlobal {
  const { module, name: own } = name;
  // scipy moved its functions between compiled modules; the package has all of them.
  if (module.startsWith('scipy.special._')) return new PyGlobal('scipy.special', own);
  if (/^scipy\.sparse\.\w+$/.test(module) && /_(?:matrix|array)$/.test(own)) return new PyGlobal('scipy.sparse', own);
  if (module !== 'numpy' && !module.startsWith('numpy.')) return name;
  if (module === 'numpy') {
    const to = gone.get(own);
    if (to !== undefined) return new PyGlobal('numpy', to);
    return builtins.has(own) && own !== 'bool' ? new PyGlobal('builtins', own) : name;
  }
  if (library.test(module) && !own.startsWith('_')) return new PyGlobal('numpy', gone.get(own) ?? own);
  const [, , rest] = /^numpy\.(_?core)(\..*)?$/.exec(module) ?? [];
  if (!/^numpy\._?core(\.|$)/.test(module)) return name;
  if (fromPackage.has(rest ?? '') && !own.startsWith('_') && own !== 'scalar') {
    return new PyGlobal('numpy', gone.get(own) ?? own);
  }
  const wanted = `numpy.${numpy === 2 ? '_core' : 'core'}${rest ?? ''}`;
  return wanted === module ? name : new PyGlobal(wanted, own);
}

/** Modules under `numpy.lib` that numpy 2 renamed; their functions are the package's own. */
const library =
  /^numpy\.lib\.(arraysetops|function_base|index_tricks|nanfunctions|polynomial|shape_base|twodim_base|type_check|ufunclike)$/;

/** Modules of numpy's core whose public functions the package has too. */
const fromPackage = new Set([
  '.fromnumeric',
  '.numeric',
  '.umath',
  '._multiarray_umath',
  '.multiarray',
  '.function_base',
  '.shape_base',
]);

/**
 * Random number generators in the form that numpy 1.17 gave them, which all later ones load: by the name of
 * the bit generator and its state. True if something had to be changed.
 */
export function plainRandom(instance: PyInstance): boolean {
  const generator = instance.name === 'Generator' && instance.module === 'numpy.random._generator';
  if (instance.module !== 'numpy.random._pickle' && !generator) return false;
  const [bits, constructor] = instance.args.items;
  if (typeof bits === 'string' && constructor !== undefined) {
    // What makes the bit generator is given since 1.24, and refused before; it is the same function.
    Object.assign(instance, { args: new PyTuple([bits]) });
    return true;
  }
  if (!(bits instanceof PyInstance)) return false;
  const [type] = bits.args.items;
  const name = generator ? bits.name : type instanceof PyGlobal ? type.name : type;
  if (typeof name !== 'string') return false;
  if (instance.name === '__randomstate_ctor' && instance.state instanceof PyDict) {
    Object.assign(instance, { args: new PyTuple([name]) });
    return true;
  }
  const inner = bits.state instanceof PyTuple ? bits.state.items[0] : bits.state;
  if ((generator || instance.name === '__generator_ctor') && inner instanceof PyDict) {
    const callable = new PyGlobal('numpy.random._pickle', '__generator_ctor');
    Object.assign(instance, { made: 'call', callable, args: new PyTuple([name]), state: inner });
    return true;
  }
  return false;
}
