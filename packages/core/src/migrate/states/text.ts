/** Inverse document frequencies: a diagonal matrix became a vector, and lost its meaning on the way. */
import { PyDict, PyGlobal, PyInstance, PyTuple } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';
import { SparseMatrix } from '../../python/sparse.js';
import { rules } from '../define.js';
import { floats, numbersOf } from './arrays.js';
import { Dtype } from '../../python/ndarray.js';

const int32 = new Dtype('i', 4, '<');

function int32s(values: ArrayLike<number>): NdArray {
  const data = Int32Array.from(values);
  return new NdArray(int32, [data.length], false, new Uint8Array(data.buffer));
}

/** The diagonal of a square sparse matrix. */
function diagonalOf(matrix: SparseMatrix): Float64Array {
  const { shape, indptr, indices, data } = matrix.toCsr();
  const out = new Float64Array(shape[0]);
  for (let i = 0; i < shape[0]; i++) {
    for (let k = indptr[i]; k < indptr[i + 1]; k++) if (indices[k] === i) out[i] += data[k];
  }
  return out;
}

/** A diagonal matrix in compressed rows; `scipy.sparse` has the class under this name in every version. */
function diagonal(values: Float64Array): SparseMatrix {
  const n = values.length;
  const instance = new PyInstance('new', new PyGlobal('scipy.sparse', 'csr_matrix'), new PyTuple([]));
  instance.state = PyDict.from([
    ['_shape', new PyTuple([n, n])],
    ['maxprint', 50],
    ['indptr', int32s(Array.from({ length: n + 1 }, (_, i) => i))],
    ['indices', int32s(Array.from({ length: n }, (_, i) => i))],
    ['data', floats(values)],
  ]);
  return new SparseMatrix('csr', 'matrix', [n, n], instance);
}

export const tfidf = rules([
  {
    since: '1.5',
    classes: ['TfidfTransformer'],
    source: 'sklearn/feature_extraction/text.py; #18843',
    what:
      'the weights are a vector idf_, no longer a diagonal matrix _idf_diag. Files of 1.3 and 1.4 are read without a word ' +
      'and their weights left out of account',
    up: (o) => {
      const matrix = o.get('_idf_diag');
      if (!(matrix instanceof SparseMatrix) || o.has('idf_')) return;
      o.set('idf_', floats(diagonalOf(matrix)));
      o.delete('_idf_diag');
      o.tell('_idf_diag written as idf_');
    },
    down: (o) => {
      const values = numbersOf(o.get('idf_'));
      if (!values) return;
      o.set('_idf_diag', diagonal(values));
      o.delete('idf_');
      o.tell('idf_ written as _idf_diag');
    },
  },
]);
