import { BrineError } from '../../errors.js';
import { PyByteArray, PyDict, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from '../../pickle/values.js';
import type { World } from '../../pickle/world.js';
import { NdArray } from '../../python/ndarray.js';
import { PyBoundMethod, PyDictInstance, PyPartial, PySlice } from '../../python/values.js';
import { arrayAs, maskedArray, objectArray, sparseState } from './arrays.js';
import { parseJson, type Objects } from './json.js';
import { keyOf } from './keys.js';
import { namedTuples } from './named-tuples.js';
import {
  corruptSchema,
  list,
  member,
  nodeOf,
  object,
  SchemaHole,
  SchemaObject,
  text,
  type SchemaNode,
  type SchemaValue,
} from './schema.js';
import * as trusted from './trusted.js';

/** What making a value needs to know beside its node. */
export interface Making {
  readonly node: SchemaNode;
  /** The name that was judged, and the only one that is made. */
  readonly type: PyGlobal;
  /** What the node's parts became, in their order. */
  readonly values: readonly PyValue[];
  /** What the node's member of the archive holds. */
  readonly stored: Stored | undefined;
  readonly world: World;
  /** A further name that Python would import. */
  readonly named: (module: string, name: string) => PyGlobal;
  /** Bytes of schema.json: whatever is listed in it is not more. */
  readonly schemaSize: number;
  /** The dict that takes the entries, where it is there already. */
  readonly into?: PyDict | undefined;
}

/** A member of the archive, and how it is read. */
export interface StoredFile {
  readonly name: string;
  readonly kind: 'npy' | 'npz' | 'bytes';
}

/** A member of the archive, read. */
export type Stored = NdArray | Uint8Array | ReadonlyMap<string, NdArray>;

/** One of skops's loaders: which parts a node has, and what becomes of them. */
export interface Loader {
  /** The nodes inside, in the order in which skops visits them: ids are known from there on. */
  readonly parts?: (node: SchemaNode) => readonly SchemaValue[];
  /** The member of the archive that belongs to the node, and how it is read. */
  readonly file?: (node: SchemaNode) => StoredFile | undefined;
  readonly make: (making: Making) => PyValue;
  /** Names that skops trusts here without being told. Undefined: it judges nothing. */
  readonly trusts?: readonly ReadonlySet<string>[];
  /** What is named in a place other than `__module__` and `__class__`. */
  readonly names?: (node: SchemaNode) => readonly [module: string, name: string];
  /** Further names that skops asks to be trusted. */
  readonly asks?: (node: SchemaNode) => readonly string[];
  /** What lies within is trusted too if it is one of scikit-learn's losses. */
  readonly trustsLosses?: boolean;
}

const set = (...names: readonly string[]): ReadonlySet<string> => new Set(names);

function tupleOf(value: PyValue, what: string): PyTuple {
  if (value instanceof PyTuple) return value;
  throw corruptSchema(`${what} are no tuple`);
}

/** The class that skops makes whatever the node says: the two must be one, or the wrong one was judged. */
function mustBe(type: PyGlobal, ...names: readonly string[]): void {
  if (!names.includes(type.fullName))
    throw corruptSchema(`a node names ${type.fullName}, but its loader makes ${names[0] ?? ''}`);
}

// ---- containers -------------------------------------------------------------------------------------

/** An empty dict of a class, and the dict that takes its entries. */
function emptyDict({ type, world, into }: Making): { made: PyValue; entries: PyDict } {
  if (into) return { made: into, entries: into };
  if (type.fullName === 'builtins.dict') {
    const made = new PyDict();
    return { made, entries: made };
  }
  const made = world.call('call', type, new PyTuple([]), null, 0);
  if (made instanceof PyDict) return { made, entries: made };
  const instance = new PyInstance('new', type, new PyTuple([]));
  return { made: instance, entries: (instance.entries = new PyDict()) };
}

function makeDict(making: Making): PyValue {
  const { made, entries } = emptyDict(making);
  const [types, ...values] = making.values;
  const { keys } = object(making.node, 'content');
  // Entries that skops leaves out (properties) have left their types behind.
  if (!Array.isArray(types) || types.length < keys.length)
    throw corruptSchema(`a dict of ${keys.length} entries has the types of fewer keys`);
  keys.forEach((key, i) => {
    entries.set(keyOf(types[i], key), values[i]);
  });
  return made;
}

function makeDefaultDict({ type, values: [main, factory] }: Making): PyValue {
  mustBe(type, 'collections.defaultdict');
  if (!(main instanceof PyDict)) throw corruptSchema('a defaultdict has no dict');
  const made = new PyDictInstance(type, factory);
  for (const [key, value] of main.entries()) made.set(key, value);
  return made;
}

/** Lists and sets, and what is made like them. */
function makeSequence({ type, values, world }: Making): PyValue {
  const items = [...values];
  if (type.fullName === 'builtins.list') return items;
  if (type.fullName === 'builtins.set') return new PySet('set', items);
  const made = world.call('call', type, new PyTuple([items]), null, 0);
  if (made !== undefined) return made;
  const instance = new PyInstance('new', type, new PyTuple([]));
  instance.appended = items;
  return instance;
}

/** Named tuples are made of their items; of other subclasses skops makes plain tuples. */
function makeTuple({ type, values }: Making): PyValue {
  const items = new PyTuple([...values]);
  if (type.fullName === 'builtins.tuple') return items;
  const made = new PyInstance('new', type, items);
  namedTuples.add(made);
  return made;
}

// ---- objects ----------------------------------------------------------------------------------------

/** There are no raw bytes between the nodes of a schema. */
const noPayload = {
  position: 0,
  raw: false,
  peekByte: () => 0,
  take: (): never => {
    throw corruptSchema('bytes are wanted where a schema has none');
  },
  nested: (): never => {
    throw corruptSchema('a pickle is wanted where a schema has none');
  },
};

/** `value.__setstate__(state)`. */
function withState(value: PyValue, state: PyValue, { type, world }: Making): PyValue {
  const taken = world.build(value, state, noPayload);
  if (typeof taken === 'object') return taken.become;
  if (taken) return value;
  if (!(value instanceof PyInstance))
    throw new BrineError('UNSUPPORTED', `the state of a ${type.fullName} has a form that is not read`);
  value.state = state;
  return value;
}

function makeObject(making: Making): PyValue {
  const { type, values, world } = making;
  const made = world.call('new', type, new PyTuple([]), null, 0) ?? new PyInstance('new', type, new PyTuple([]));
  const [state] = values;
  return state === undefined || state === null ? made : withState(made, state, making);
}

/** Python's truth of what may be a state. */
function isEmpty(state: PyValue): boolean {
  if (state instanceof PyDict) return state.size === 0;
  if (state instanceof PyTuple) return state.items.length === 0;
  return (
    state === null || state === false || state === 0 || state === '' || (Array.isArray(state) && state.length === 0)
  );
}

/** `constructor(*args)`, then the state unless it is empty. */
function makeReduced(making: Making): PyValue {
  const [state, args] = making.values;
  const made = new PyInstance('call', making.type, tupleOf(args, 'the arguments of a constructor'));
  if (!isEmpty(state)) made.state = state;
  return made;
}

const reduced = (trusts: readonly ReadonlySet<string>[], ...constructors: readonly string[]): Loader => ({
  parts: (node) => [member(node, 'content'), member(node, '__reduce__', 'args')],
  make: (making) => {
    if (constructors.length > 0) mustBe(making.type, ...constructors);
    return makeReduced(making);
  },
  trusts,
});

const loss: Loader = { ...reduced([trusted.losses]), trustsLosses: true };

function makePartial({ node, values: [func, args, keywords, namespace] }: Making): PyValue {
  if (!(keywords instanceof PyDict)) throw corruptSchema(`the keywords of a ${node.loader} are no dict`);
  return new PyPartial(func, tupleOf(args, 'the arguments of a partial'), keywords, namespace);
}

function makeMethod({ node, type, values: [of] }: Making): PyValue {
  const owner = nodeOf(object(node, 'content', 'obj'));
  // Until 0.9 a method was said to be of the class `method`.
  if (owner.module !== type.module || !(owner.name === type.name || type.name === 'method'))
    throw corruptSchema(`a method of ${type.fullName} is bound to an object of another class`);
  return new PyBoundMethod(of, text(node, 'content', 'func'));
}

/** `call(*args)` of what the world knows, or the call as it stands. */
function makeCall({ type, world }: Making, args: PyTuple): PyValue {
  return world.call('call', type, args, null, 0) ?? new PyInstance('call', type, args);
}

// ---- numpy, scipy -----------------------------------------------------------------------------------

function storedArray(stored: Stored | undefined): NdArray {
  if (stored instanceof NdArray) return stored;
  throw corruptSchema('an array has no content');
}

export const isListed = (node: SchemaNode): boolean => {
  const type = text(node, 'type');
  if (type !== 'json' && type !== 'numpy')
    throw new BrineError('UNSUPPORTED', `arrays stored as ${JSON.stringify(type.slice(0, 40))} are not read`);
  return type === 'json';
};

function makeArray(making: Making): PyValue {
  const { node, type, values, stored, schemaSize } = making;
  if (!isListed(node)) return arrayAs(type, storedArray(stored));
  const [shape, ...items] = [values[values.length - 1], ...values.slice(0, -1)];
  return objectArray(items, shape, schemaSize);
}

function makeDtype({ type, values: [empty] }: Making): PyValue {
  mustBe(type, 'numpy.dtype');
  if (!(empty instanceof NdArray)) throw corruptSchema('a dtype has no array to take it from');
  return empty.dtype;
}

function makeMasked({ type, values: [data, mask] }: Making): PyValue {
  mustBe(type, 'numpy.ma.MaskedArray', 'numpy.ma.core.MaskedArray');
  return maskedArray(data, mask);
}

function makeSparse(making: Making): PyValue {
  const { type, stored } = making;
  if (!(stored instanceof Map)) throw corruptSchema('a sparse matrix has no content');
  return withState(new PyInstance('new', type, new PyTuple([])), sparseState(type, stored), making);
}

function makeRandomState({ type, values: [state] }: Making): PyValue {
  mustBe(type, 'numpy.random.mtrand.RandomState');
  const made = new PyInstance('call', type, new PyTuple([]));
  made.state = state;
  return made;
}

/** The name of the class that a bit generator's state is for. */
function bitGenerator(state: PyValue): string {
  const name = state instanceof PyDict ? state.get('bit_generator') : undefined;
  if (typeof name !== 'string') throw corruptSchema('the state of a random generator does not name its kind');
  return name;
}

/** skops calls the class that this text names, so it is judged like every other name. */
function asksForBitGenerator(node: SchemaNode): readonly string[] {
  const state = object(node, 'content', 'bit_generator');
  const content = state.get('content');
  const entry = content instanceof SchemaObject ? content.get('bit_generator') : undefined;
  // Protocol 0 holds the state itself.
  const name = state.get('__loader__') === undefined ? state.get('bit_generator') : entry;
  const json = name instanceof SchemaObject ? name.get('content') : undefined;
  const kind = typeof json === 'string' ? jsonValue(json) : name;
  if (typeof kind !== 'string') throw corruptSchema('the state of a random generator does not name its kind');
  const full = `numpy.random.${kind}`;
  return trusted.bitGenerators.has(full) ? [] : [full];
}

function makeGenerator({ node, type, values, named }: Making): PyValue {
  mustBe(type, 'numpy.random._generator.Generator');
  const [state, seed] = values.length > 0 ? values : [rawValue(member(node, 'content', 'bit_generator'))];
  const kind = bitGenerator(state);
  if (!trusted.bitGenerators.has(`numpy.random.${kind}`))
    throw corruptSchema(`${JSON.stringify(kind.slice(0, 80))} is no bit generator of numpy's`);
  const seeds: PyValue[] = [];
  if (seed !== undefined) {
    if (!(seed instanceof PyDict)) throw corruptSchema('the seeds of a random generator are no dict');
    const sequence = named('numpy.random.bit_generator', 'SeedSequence');
    // A pickle cannot call with keywords, but it can make a partial that does.
    seeds.push(new PyInstance('call', new PyPartial(sequence, new PyTuple([]), seed), new PyTuple([])));
  }
  const bits = new PyInstance('call', named('numpy.random', kind), new PyTuple(seeds));
  bits.state = state;
  return new PyInstance('call', type, new PyTuple([bits]));
}

// ---- what JSON holds by itself ----------------------------------------------------------------------

const dicts: Objects<PyValue, PyDict> = {
  make: () => new PyDict(),
  add: (dict, key, value) => {
    if (dict.has(key)) return false;
    dict.set(key, value);
    return true;
  },
};

/** Most of what JsonNodes hold. */
const SHORT_INT = /^(?:0|-?[1-9][0-9]{0,14})$/;

/** The value of JSON within JSON. */
export const jsonValue = (content: string): PyValue =>
  SHORT_INT.test(content) ? Number(content) : parseJson(content, dicts, 'the content of a JsonNode');

/** A value that stands in the schema without a node around it. */
function rawValue(value: SchemaValue): PyValue {
  if (!(value instanceof SchemaObject)) {
    if (Array.isArray(value) || value instanceof SchemaHole)
      throw corruptSchema('a list stands in place of a plain value');
    return value;
  }
  const dict = new PyDict();
  for (const [i, key] of value.keys.entries()) {
    const inner = value.values[i];
    // The state of a bit generator nests one level.
    const plain = inner instanceof SchemaObject ? flatDict(inner) : inner;
    if (Array.isArray(plain) || plain instanceof SchemaHole)
      throw corruptSchema('a list stands in place of a plain value');
    dict.set(key, plain);
  }
  return dict;
}

function flatDict(value: SchemaObject): PyDict {
  const dict = new PyDict();
  for (const [i, key] of value.keys.entries()) {
    const inner = value.values[i];
    if (inner instanceof SchemaObject || Array.isArray(inner) || inner instanceof SchemaHole)
      throw corruptSchema('a plain value is wanted, another stands here');
    dict.set(key, inner);
  }
  return dict;
}

function bytesOf(stored: Stored | undefined): Uint8Array {
  if (stored instanceof Uint8Array) return stored;
  throw corruptSchema('bytes have no content');
}

const file =
  (kind: StoredFile['kind']) =>
  (node: SchemaNode): StoredFile => ({ name: text(node, 'file'), kind });

const content = (node: SchemaNode): readonly SchemaValue[] => [member(node, 'content')];

// ---- the table --------------------------------------------------------------------------------------

const loaders = new Map<string, Loader>(
  Object.entries({
    DictNode: {
      parts: (node) => [member(node, 'key_types'), ...object(node, 'content').values],
      make: makeDict,
      trusts: [set('builtins.dict', 'collections.OrderedDict')],
    },
    DefaultDictNode: {
      parts: (node) => [member(node, 'content', 'main'), member(node, 'content', 'default_factory')],
      make: makeDefaultDict,
      trusts: [set('collections.defaultdict')],
    },
    ListNode: { parts: (node) => list(node, 'content'), make: makeSequence, trusts: [set('builtins.list')] },
    SetNode: { parts: (node) => list(node, 'content'), make: makeSequence, trusts: [set('builtins.set')] },
    TupleNode: { parts: (node) => list(node, 'content'), make: makeTuple, trusts: [set('builtins.tuple')] },
    BytesNode: { file: file('bytes'), make: ({ stored }) => bytesOf(stored), trusts: [set('builtins.bytes')] },
    BytearrayNode: {
      file: file('bytes'),
      make: ({ stored }) => new PyByteArray(new Uint8Array(bytesOf(stored))),
      trusts: [set('builtins.bytearray')],
    },
    SliceNode: {
      make: ({ node }) => {
        const [start, stop, step] = ['start', 'stop', 'step'].map((key) => rawValue(member(node, 'content', key)));
        return new PySlice(start, stop, step);
      },
    },
    FunctionNode: { make: ({ type }) => type, trusts: [trusted.scipyUfuncs, trusted.numpyUfuncs] },
    TypeNode: { make: ({ type }) => type, trusts: [trusted.primitives, trusted.containers, trusted.dtypes] },
    MethodNode: {
      parts: (node) => [member(node, 'content', 'obj')],
      make: makeMethod,
      trusts: [],
      asks: (node) => {
        const owner = nodeOf(object(node, 'content', 'obj'));
        return [`${owner.module}.${owner.name}.${text(node, 'content', 'func')}`];
      },
    },
    PartialNode: {
      parts: (node) => ['func', 'args', 'kwds', 'namespace'].map((part) => member(node, 'content', part)),
      make: makePartial,
      trusts: [],
    },
    OperatorFuncNode: {
      parts: (node) => {
        if (text(node, '__module__') !== 'operator') throw corruptSchema('an operator is of another module');
        return [member(node, 'attrs')];
      },
      make: (making) => new PyInstance('call', making.type, tupleOf(making.values[0], 'the arguments of an operator')),
      trusts: [],
    },
    ConstructorFromReduceNode: {
      parts: content,
      make: (making) => makeCall(making, tupleOf(making.values[0], 'the arguments of a constructor')),
      trusts: [],
    },
    ObjectNode: {
      parts: (node) => {
        const state = node.object.get('content');
        return state === undefined || state === null ? [] : [state];
      },
      make: makeObject,
      trusts: [trusted.sklearnTypes],
    },
    JsonNode: { make: ({ node }) => jsonValue(text(node, 'content')) },

    NdArrayNode: {
      parts: (node) => (isListed(node) ? [...list(node, 'content'), member(node, 'shape')] : []),
      file: (node) => (isListed(node) ? undefined : file('npy')(node)),
      make: makeArray,
      trusts: [set('numpy.ndarray'), trusted.dtypes],
    },
    MaskedArrayNode: {
      parts: (node) => [member(node, 'content', 'data'), member(node, 'content', 'mask')],
      make: makeMasked,
      trusts: [set('numpy.ma.MaskedArray')],
    },
    DTypeNode: { parts: content, make: makeDtype, trusts: [] },
    RandomStateNode: { parts: content, make: makeRandomState, trusts: [set('numpy.random.mtrand.RandomState')] },
    RandomGeneratorNode: {
      parts: (node) => [member(node, 'content', 'bit_generator'), member(node, 'content', 'seed_seq')],
      make: makeGenerator,
      trusts: [set('numpy.random._generator.Generator')],
      asks: asksForBitGenerator,
    },
    SparseMatrixNode: {
      file: (node) => {
        if (text(node, 'type') === 'scipy') return file('npz')(node);
        throw new BrineError('UNSUPPORTED', 'a sparse matrix is stored in a way that is not read');
      },
      make: makeSparse,
      trusts: [set('scipy.sparse._matrix.spmatrix', 'scipy.sparse._base.sparray')],
    },

    TreeNode: reduced([], 'sklearn.tree._tree.Tree'),
    LossNode: loss,
    // What 0.9 and before called the losses of stochastic gradient descent.
    SGDNode: loss,
    QuantileForestNode: reduced([], 'quantile_forest._quantile_forest_fast.QuantileForest'),
    _DictWithDeprecatedKeysNode: {
      parts: (node) => [member(node, 'content', 'main'), member(node, 'content', '_deprecated_key_to_new_key')],
      make: ({ type, values: [main, renamed] }) => {
        if (!(main instanceof PyDict)) throw corruptSchema('a dict with deprecated keys has no dict');
        const made = new PyInstance('new', type, new PyTuple([]));
        made.entries = main;
        made.state = PyDict.from([['_deprecated_key_to_new_key', renamed]]);
        return made;
      },
      trusts: [],
    },
  } satisfies Record<string, Loader>),
);

/** Loaders that older protocols had under the same name. */
const olderLoaders: readonly ReadonlyMap<string, Loader>[] = [
  new Map<string, Loader>([
    [
      'FunctionNode',
      {
        make: ({ type }) => type,
        trusts: [trusted.scipyUfuncs],
        names: (node) => [text(node, 'content', 'module_path'), text(node, 'content', 'function')],
      },
    ],
    [
      'RandomGeneratorNode',
      { make: makeGenerator, trusts: loaders.get('RandomGeneratorNode')!.trusts!, asks: asksForBitGenerator },
    ],
  ]),
  new Map<string, Loader>([
    [
      'RandomGeneratorNode',
      { ...loaders.get('RandomGeneratorNode')!, parts: (node) => [member(node, 'content', 'bit_generator')] },
    ],
  ]),
];

/** The newest protocol that is read. */
export const PROTOCOL = 2;

/** The loader that `protocol` has under this name; as in skops, the current one where it has none of its own. */
export function loaderOf(node: SchemaNode, protocol: number): Loader {
  const loader = olderLoaders[protocol]?.get(node.loader) ?? loaders.get(node.loader);
  if (loader) return loader;
  throw new BrineError(
    'UNSUPPORTED',
    `the loader ${JSON.stringify(node.loader.slice(0, 80))} of ${node.module}.${node.name} is not one that skops has`,
  );
}
