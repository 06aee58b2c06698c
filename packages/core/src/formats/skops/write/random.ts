/** numpy's random generators: what their pickles of numpy 1 and 2 hold, and what skops keeps of them. */
import { PyDict, PyGlobal, PyInstance, PyObject, PyTuple, type PyValue } from '../../../pickle/values.js';
import { PyPartial } from '../../../python/values.js';
import { child, Fields, node, unsayable, type Node, type Part, type Writing } from './node.js';

/** Text that skops looks for before it knows whose node it is: never a reference. */
export class InlineText extends PyObject {
  readonly kind = 'str';
  readonly text: string;
  constructor(text: string) {
    super();
    this.text = text;
  }
}

const ofGenerator = new Set(['__generator_ctor', 'Generator']);
const ofRandomState = new Set(['__randomstate_ctor', '__RandomState_ctor', 'RandomState']);

/** The node of a Generator or RandomState; undefined for anything else. */
export function randomNode(instance: PyInstance, { module, name }: PyGlobal, writing: Writing): Node | undefined {
  if (!module.startsWith('numpy.random')) return undefined;
  if (ofRandomState.has(name)) return randomState(instance);
  return ofGenerator.has(name) ? generator(instance, writing) : undefined;
}

/** The state is what `set_state` takes, a dict or (before numpy 1.17) a tuple. */
function randomState({ state }: PyInstance): Node {
  const kind = state instanceof PyDict ? state.get('bit_generator') : state instanceof PyTuple ? state.items[0] : null;
  if (kind !== 'MT19937') throw unsayable(`a RandomState of ${typeof kind === 'string' ? kind : 'an unknown kind'}`);
  return node('RandomStateNode', 'numpy.random.mtrand', 'RandomState', ['content', child(state!)]);
}

function generator(instance: PyInstance, { protocol, lose }: Writing): Node {
  if (protocol === 0) throw unsayable('a random generator in protocol 0');
  const [bits] = instance.args.items;
  const held = bits instanceof PyInstance ? bits.state : instance.state;
  const [state, seed] = held instanceof PyTuple ? held.items : [held, undefined];
  const kind = state instanceof PyDict ? state.get('bit_generator') : undefined;
  if (!(state instanceof PyDict) || typeof kind !== 'string') throw unsayable('a random generator without a state');
  const copy = PyDict.from([...state.entries()].map(([k, v]) => [k, k === 'bit_generator' ? new InlineText(kind) : v]));
  const content: [string, Part][] = [['bit_generator', child(copy)]];
  const seeds = seedOf(seed ?? (bits instanceof PyInstance ? bits.args.items[0] : undefined));
  if (protocol === 1 || !seeds) lose('what random generators were seeded with (`spawn` starts anew)');
  if (protocol > 1) content.push(['seed_seq', child(seeds ?? new PyDict())]);
  return node('RandomGeneratorNode', 'numpy.random._generator', 'Generator', ['content', new Fields(content)]);
}

/** The arguments of a SeedSequence, from its pickled state: its attributes in the order of the alphabet. */
function seedOf(seed: PyValue | undefined): PyDict | undefined {
  if (!(seed instanceof PyInstance)) return undefined;
  if (seed.callable instanceof PyPartial) return seed.callable.keywords;
  const state = seed.state ?? seed.args.items[2];
  if (!(state instanceof PyTuple) || state.items.length < 5) return undefined;
  const [entropy, spawned, , poolSize, spawnKey] = state.items;
  return PyDict.from([
    ['entropy', entropy],
    ['spawn_key', spawnKey],
    ['pool_size', poolSize],
    ['n_children_spawned', spawned],
  ]);
}
