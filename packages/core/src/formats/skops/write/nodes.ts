/** Which node each kind of value becomes: the inverse of the loaders. */
import {
  PyByteArray,
  PyDict,
  PyGlobal,
  PyInstance,
  PySet,
  PyTuple,
  type PyObject,
  type PyValue,
} from '../../../pickle/values.js';
import { MaskedArray } from '../../../python/masked.js';
import { Dtype, NdArray, NumpyScalar } from '../../../python/ndarray.js';
import { pythonReducer } from '../../../python/reduce/index.js';
import { SparseMatrix } from '../../../python/sparse.js';
import {
  PyBoundMethod,
  PyComplex,
  PyDateTime,
  PyDictInstance,
  PyPartial,
  PyPattern,
  PyRange,
  PySlice,
} from '../../../python/values.js';
import * as trusted from '../trusted.js';
import { arrayNode, dtypeNode, maskedNode, scalarNode, sparseNode } from './arrays.js';
import { defaultDictNode, dictNode } from './dicts.js';
import { instanceNode } from './instances.js';
import { isAtom, jsonText, type Atom } from './json-text.js';
import { InlineText } from './random.js';
import { Child, child, children, Fields, node, unsayable, type Node, type Writing } from './node.js';

/** The node of a value that stands by itself: `is_json` is what old versions look for. */
export function nodeFor(value: PyValue, writing: Writing): Node {
  if (isAtom(value)) return atomNode(value);
  if (Array.isArray(value)) return node('ListNode', 'builtins', 'list', ['content', children(value)]);
  if (value instanceof Uint8Array) return bytesNode('BytesNode', 'bytes', value, writing);
  const make = makers.get(value.constructor) as ((value: PyObject, writing: Writing) => Node) | undefined;
  if (!make) throw unsayable(`a ${value.kind}`);
  return make(value, writing);
}

type Make<T> = (value: T, writing: Writing) => Node;

const maker = <T>(type: new (...args: never[]) => T, make: Make<T>): readonly [unknown, unknown] => [type, make];

function bytesNode(loader: string, name: string, bytes: Uint8Array, { members }: Writing): Node {
  return node(loader, 'builtins', name, ['file', JSON.stringify(members.bytes(bytes))]);
}

/** `constructor(*args)`: what skops writes of values that are nothing but their constructor's arguments. */
export function callNode(callable: PyGlobal, args: PyTuple): Node {
  checkName(callable);
  return node('ConstructorFromReduceNode', callable.module, callable.name, ['content', child(args)]);
}

/** skops looks names up in their modules, without walking dots. */
export function checkName({ module, name, fullName }: PyGlobal): void {
  if (name.includes('.') || module === '' || ['builtins.NoneType', 'builtins.ellipsis'].includes(fullName)) {
    throw unsayable(`the name ${fullName}, which it cannot look up`);
  }
}

/** Functions and classes load alike; which of the two a name is decides only whether it is trusted. */
function globalNode(global: PyGlobal, { protocol }: Writing): Node {
  checkName(global);
  const { module, name, fullName } = global;
  const isFunction =
    trusted.numpyUfuncs.has(fullName) ||
    trusted.scipyUfuncs.has(fullName) ||
    (!trusted.primitives.has(fullName) &&
      !trusted.containers.has(fullName) &&
      !trusted.dtypes.has(fullName) &&
      module !== 'builtins' &&
      /^[a-z_]+[a-z0-9_]*$/.test(name));
  if (!isFunction) return node('TypeNode', module, name);
  if (protocol > 0) return node('FunctionNode', module, name);
  const path = new Fields([
    ['module_path', JSON.stringify(module)],
    ['function', JSON.stringify(name)],
  ]);
  return node('FunctionNode', module, name, ['content', path]);
}

function methodNode({ object, name }: PyBoundMethod): Node {
  if (!(object instanceof PyInstance && object.made === 'new' && object.callable instanceof PyGlobal)) {
    throw unsayable(`the attribute ${name} of something other than an object`);
  }
  const { module, name: owner } = object.callable;
  const content = new Fields([
    ['func', JSON.stringify(name)],
    ['obj', new Child(object, true)],
  ]);
  return node('MethodNode', module, owner, ['content', content]);
}

function sliceNode({ start, stop, step }: PySlice): Node {
  const end = (value: PyValue): string => {
    if (value === null || typeof value === 'number' || typeof value === 'bigint') return jsonText(value);
    throw unsayable('a slice between other things than whole numbers');
  };
  const content = new Fields([
    ['start', end(start)],
    ['stop', end(stop)],
    ['step', end(step)],
  ]);
  return node('SliceNode', 'builtins', 'slice', ['content', content]);
}

function dictInstanceNode(dict: PyDictInstance, writing: Writing): Node {
  const { attributes, type } = dict;
  if (attributes !== undefined && attributes !== null && !(attributes instanceof PyDict && attributes.size === 0)) {
    throw unsayable(`attributes of a ${type.fullName}`);
  }
  return type.name === 'defaultdict' ? defaultDictNode(dict) : dictNode(dict, type.module, type.name, writing);
}

const reducer = pythonReducer();

/** Values that are a call with arguments, and no more. */
function reducedNode(value: PyObject): Node {
  const reduction = reducer.reduce(value);
  if (reduction?.state !== undefined || !(reduction?.callable instanceof PyGlobal)) throw unsayable(`a ${value.kind}`);
  return callNode(reduction.callable, reduction.args);
}

/** Its fields are text, and nothing else. */
export function atomNode(value: Atom): Node {
  return node('JsonNode', 'builtins', 'str', ['content', JSON.stringify(jsonText(value))], ['is_json', 'true']);
}

const makers = new Map<unknown, unknown>([
  maker(InlineText, ({ text }) => atomNode(text)),
  maker(PyTuple, ({ items }) => node('TupleNode', 'builtins', 'tuple', ['content', children(items)])),
  maker(PyDict, (dict, writing) => dictNode(dict, 'builtins', 'dict', writing)),
  maker(PyDictInstance, dictInstanceNode),
  maker(PySet, ({ kind, items }) =>
    kind === 'set'
      ? node('SetNode', 'builtins', 'set', ['content', children(items)])
      : callNode(new PyGlobal('builtins', 'frozenset'), new PyTuple([items])),
  ),
  maker(PyByteArray, ({ bytes }, writing) => bytesNode('BytearrayNode', 'bytearray', bytes, writing)),
  maker(PyGlobal, globalNode),
  maker(PyBoundMethod, methodNode),
  maker(PySlice, sliceNode),
  maker(PyPartial, ({ func, args, keywords, namespace }) => {
    const content = { func, args, kwds: keywords, namespace };
    const fields = new Fields(Object.entries(content).map(([name, value]) => [name, child(value)]));
    return node('PartialNode', 'functools', 'partial', ['content', fields]);
  }),
  maker(PyComplex, reducedNode),
  maker(PyRange, reducedNode),
  maker(PyDateTime, reducedNode),
  maker(PyPattern, reducedNode),
  maker(NdArray, arrayNode),
  maker(NumpyScalar, scalarNode),
  maker(MaskedArray, maskedNode),
  maker(Dtype, dtypeNode),
  maker(SparseMatrix, sparseNode),
  maker(PyInstance, instanceNode),
]);
