import { PyTuple, type PyGlobal, type PyValue } from '../../../pickle/values.js';
import { hasObject } from '../../../python/check.js';
import { parseDtype } from '../../../python/dtype.js';
import { MaskedArray } from '../../../python/masked.js';
import { Dtype, NdArray, NumpyScalar } from '../../../python/ndarray.js';
import { objectItems } from '../../../python/reduce/numpy.js';
import type { SparseMatrix } from '../../../python/sparse.js';
import { child, children, type Child, Fields, node, unsayable, type Node, type Writing } from './node.js';

/** Array classes that skops makes by calling them with an array. */
const classes = new Map([
  ['numpy.ndarray', 'ndarray'],
  ['numpy.memmap', 'ndarray'],
  ['numpy.matrix', 'matrix'],
]);

export function arrayNode(array: NdArray, writing: Writing): Node {
  const name = classes.get(array.subclass);
  if (name === undefined) throw unsayable(`arrays of class ${array.subclass}`);
  checkDtype(array.dtype);
  if (!hasObject(array.dtype)) {
    return node(
      'NdArrayNode',
      'numpy',
      name,
      ['type', '"numpy"'],
      ['file', JSON.stringify(writing.members.array(array))],
    );
  }
  const shape = new PyTuple([...array.shape]);
  return node('NdArrayNode', 'numpy', name, ['content', listed(array)], ['type', '"json"'], ['shape', child(shape)]);
}

/** An array of objects as lists within lists, one level for each axis but the first. */
function listed(array: NdArray): Child[] {
  const items = objectItems(array);
  const { shape } = array;
  if (array.dtype.type !== 'O') throw unsayable('records of Python objects');
  if (shape.length === 0) throw unsayable('an array of objects without axes');
  if (shape.length === 1) return children(items);
  // numpy makes these of lists, and would take sequences among their items for further axes.
  if (shape.includes(0)) throw unsayable(`an empty array of objects of shape (${shape.join(', ')})`);
  if (items.some((item) => Array.isArray(item) || item instanceof PyTuple || item instanceof NdArray)) {
    throw unsayable('an array of sequences with more than one axis');
  }
  let level: PyValue[] = items;
  for (let axis = shape.length - 1; axis > 0; axis--) {
    const next: PyValue[] = [];
    for (let i = 0; i < level.length; i += shape[axis]) next.push(level.slice(i, i + shape[axis]));
    level = next;
  }
  return children(level);
}

function checkDtype(dtype: Dtype): void {
  if (dtype.type === 'T') throw unsayable('arrays of StringDType');
  if (dtype.metadata !== undefined) throw unsayable('the metadata of a dtype');
}

/** numpy's scalar classes. */
const scalars: Readonly<Record<string, string | undefined>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  f16: 'longdouble',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  c8: 'complex64',
  c16: 'complex128',
};

/** The class of a numpy scalar. */
export function scalarClass({ type, itemsize }: Dtype, { numpy }: Pick<Writing, 'numpy'>): string {
  if (type === 'U') return 'str_';
  if (type === 'S') return 'bytes_';
  // numpy 2 gave it its plain name back.
  if (type === 'b') return numpy === 2 ? 'bool' : 'bool_';
  const name = scalars[`${type}${itemsize}`];
  if (name === undefined) throw unsayable(`a numpy scalar of type ${type}${itemsize}`);
  return name;
}

export function scalarNode({ dtype, data }: NumpyScalar, writing: Writing): Node {
  if (!(data instanceof Uint8Array)) throw unsayable('a numpy scalar of a Python object');
  const file = writing.members.array(new NdArray(dtype, [], false, data));
  const name = scalarClass(dtype, writing);
  return node('NdArrayNode', 'numpy', name, ['type', '"numpy"'], ['file', JSON.stringify(file)]);
}

export function maskedNode({ data, mask, fillValue }: MaskedArray, { numpy, lose }: Writing): Node {
  if (!data || !mask) throw unsayable('a masked array without data');
  if (fillValue !== null) lose('the fill values of masked arrays');
  const module = numpy === 2 ? 'numpy.ma' : 'numpy.ma.core';
  return node('MaskedArrayNode', module, 'MaskedArray', ['content', fields({ data, mask })]);
}

/** A dtype is kept as an array of nothing. */
export function dtypeNode(dtype: Dtype): Node {
  checkDtype(dtype);
  if (hasObject(dtype) && dtype.type !== 'O') throw unsayable('the dtype of records of Python objects');
  if (dtype.subarray) throw unsayable('a dtype that is an array');
  return node('DTypeNode', 'numpy', 'dtype', [
    'content',
    child(new NdArray(dtype, [0], false, dtype.type === 'O' ? [] : new Uint8Array(0))),
  ]);
}

/** What `scipy.sparse.save_npz` stores of each format. */
const sparseParts: Readonly<Record<string, readonly string[] | undefined>> = {
  csr: ['indices', 'indptr'],
  csc: ['indices', 'indptr'],
  bsr: ['indices', 'indptr'],
  dia: ['offsets'],
};

export function sparseNode(matrix: SparseMatrix, writing: Writing): Node {
  const { format, container, shape } = matrix;
  const arrays: [string, NdArray][] = [];
  const parts = sparseParts[format];
  if (parts) for (const part of parts) arrays.push([part, matrix.array(part)]);
  else if (format === 'coo' && shape.length === 2) {
    const [row, col] = matrix.coordinates();
    arrays.push(['row', row], ['col', col]);
  } else throw unsayable(`sparse matrices of format ${format}`);
  arrays.push(['format', bytesScalar(format)]);
  arrays.push(['shape', integers(shape)]);
  arrays.push(['data', matrix.array('data')]);
  if (container === 'array') {
    arrays.push(['_is_array', new NdArray(parseDtype('?')!, [], false, Uint8Array.of(1))]);
  }
  const type = matrix.instance.callable as PyGlobal;
  const file = JSON.stringify(writing.members.archive(arrays));
  return node('SparseMatrixNode', type.module, type.name, ['type', '"scipy"'], ['file', file]);
}

function bytesScalar(text: string): NdArray {
  return new NdArray(parseDtype(`S${text.length}`)!, [], false, new TextEncoder().encode(text));
}

function integers(values: readonly number[]): NdArray {
  const data = BigInt64Array.from(values, BigInt);
  return new NdArray(parseDtype('i8')!, [values.length], false, new Uint8Array(data.buffer));
}

function fields(parts: Readonly<Record<string, PyValue>>): Fields {
  return new Fields(Object.entries(parts).map(([name, value]) => [name, child(value)]));
}
