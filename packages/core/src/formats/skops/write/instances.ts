import { PyDict, PyGlobal, PyTuple, type PyInstance, type PyValue } from '../../../pickle/values.js';
import { reconstructed } from '../../../python/stdlib.js';
import { namedTuples } from '../named-tuples.js';
import * as trusted from '../trusted.js';
import { dictNode } from './dicts.js';
import { callNode, checkName } from './nodes.js';
import { randomNode } from './random.js';
import { child, children, Fields, node, unsayable, type Node, type Part, type Writing } from './node.js';

/** Objects of classes and results of calls, as a pickle has them. */
export function instanceNode(instance: PyInstance, writing: Writing): Node {
  const { callable, made, kwargs } = instance;
  if (!(callable instanceof PyGlobal)) throw unsayable('what is made by calling something that is itself made');
  if (kwargs && kwargs.size > 0) throw unsayable(`keyword arguments of ${callable.fullName}`);
  return made === 'new' ? objectNode(instance, callable, writing) : calledNode(instance, callable, writing);
}

const isEmpty = (state: PyValue | undefined): boolean =>
  state === undefined || state === null || (state instanceof PyDict && state.size === 0);

function objectNode(instance: PyInstance, type: PyGlobal, writing: Writing): Node {
  checkName(type);
  const { args, state, appended, entries } = instance;
  const { module, name } = type;
  if (entries) return dictLike(instance, type, entries, writing);
  if (appended) {
    if (!isEmpty(state)) throw unsayable(`a list of class ${type.fullName} that has attributes`);
    return node('ListNode', module, name, ['content', children(appended)]);
  }
  const tuple = namedTuple(instance);
  if (tuple) return node('TupleNode', module, name, ['content', children(tuple)]);
  if (args.items.length > 0) throw unsayable(`a ${type.fullName}, which is made with arguments`);
  return state === undefined
    ? node('ObjectNode', module, name)
    : node('ObjectNode', module, name, ['content', child(state)]);
}

/** Classes whose own state means nothing: scikit-learn's Bunch does not look at it. */
const stateless = new Set(['Bunch']);

function dictLike({ state }: PyInstance, type: PyGlobal, entries: PyDict, writing: Writing): Node {
  if (type.name === '_DictWithDeprecatedKeys' && state instanceof PyDict) {
    const renamed = state.get('_deprecated_key_to_new_key');
    const content = new Fields([
      ['main', child(entries)],
      ['_deprecated_key_to_new_key', child(renamed ?? new PyDict())],
    ]);
    return node('_DictWithDeprecatedKeysNode', type.module, type.name, ['content', content]);
  }
  if (!isEmpty(state) && !stateless.has(type.name))
    throw unsayable(`a dict of class ${type.fullName} that has attributes`);
  return dictNode(entries, type.module, type.name, writing);
}

/** The items of a named tuple, whose class is called with them. */
function namedTuple(instance: PyInstance): readonly PyValue[] | undefined {
  const made = reconstructed.get(instance);
  if (made) return made.value instanceof PyTuple && isEmpty(instance.state) ? made.value.items : undefined;
  const named = namedTuples.has(instance) || instance.name === '_ImputerTriplet';
  return named && instance.args.items.length > 0 && isEmpty(instance.state) ? instance.args.items : undefined;
}

/** How a loss of scikit-learn's is made again, and its state. */
interface Made {
  readonly type: PyGlobal;
  readonly args: PyTuple;
  readonly state: PyValue;
}

function calledNode(instance: PyInstance, callable: PyGlobal, writing: Writing): Node {
  const { args, state, appended, entries } = instance;
  if (appended || entries) throw unsayable(`items of what ${callable.fullName} makes`);
  if (callable.fullName === 'sklearn.tree._tree.Tree') {
    return reduceNode('TreeNode', { type: callable, args, state: state ?? new PyDict() });
  }
  const loss = lossOf(instance, callable);
  // Until 0.9 it was called after the only losses there were.
  if (loss) return reduceNode(writing.protocol < 2 ? 'SGDNode' : 'LossNode', loss);
  // Cython's classes make an empty object first: `newObj(cls)`.
  const [type] = args.items;
  if (callable.name === 'newObj' && type instanceof PyGlobal) {
    checkName(type);
    const content: (readonly [string, Part])[] = state === undefined ? [] : [['content', child(state)]];
    return node('ObjectNode', type.module, type.name, ...content);
  }
  if (callable.module === 'operator' && ['attrgetter', 'itemgetter', 'methodcaller'].includes(callable.name)) {
    return node('OperatorFuncNode', 'operator', callable.name, ['attrs', child(args)]);
  }
  const random = randomNode(instance, callable, writing);
  if (random) return random;
  if (!isEmpty(state)) throw unsayable(`what ${callable.fullName} makes, which has a state`);
  return callNode(callable, args);
}

function reduceNode(loader: string, { type, args, state }: Made): Node {
  const reduce = new Fields([['args', child(args)]]);
  return node(loader, type.module, type.name, ['content', child(state)], ['__reduce__', reduce]);
}

/** Losses that skops knows; pickles make them by `Cls(args)` or `__pyx_unpickle_Cls(Cls, checksum, args)`. */
function lossOf({ args, state }: PyInstance, callable: PyGlobal): Made | undefined {
  if (isLoss(callable)) return { type: callable, args, state: state ?? new PyDict() };
  const [type, , held] = args.items;
  if (!callable.name.startsWith('__pyx_unpickle_') || !(type instanceof PyGlobal && isLoss(type))) return undefined;
  if (state !== undefined) return { type, args: new PyTuple([]), state };
  const made = held instanceof PyTuple ? held : new PyTuple([]);
  return { type, args: made, state: new PyDict() };
}

const lossNames = new Set([...trusted.losses].map((full) => full.slice(full.lastIndexOf('.') + 1)));
const olderLosses = new Set(['Huber', 'Log', 'SquaredLoss']);
const lossModules = new Set(['sklearn._loss._loss', '_loss', 'sklearn.linear_model._sgd_fast']);

function isLoss({ module, name }: PyGlobal): boolean {
  return lossModules.has(module) && (lossNames.has(name) || olderLosses.has(name));
}
