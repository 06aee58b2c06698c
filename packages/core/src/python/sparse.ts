import { BrineError } from '../errors.js';
import { PyDict, PyObject, PyTuple, type PyInstance } from '../pickle/values.js';
import { corrupt } from './check.js';
import { numberOf, toFloat64, toIntegers, toObjects } from './elements.js';
import { NdArray } from './ndarray.js';

export type SparseFormat = 'csr' | 'csc' | 'coo' | 'bsr' | 'dia' | 'lil' | 'dok';

/** Compressed rows, checked: `indices[indptr[i]..indptr[i+1]]` are the columns of row i. */
export interface CsrMatrix {
  readonly shape: readonly [number, number];
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly data: Float64Array;
}

/** Row pointers are allocated for every row, so a file must not claim billions of them (CWE-789). */
const MAX_ROWS = 2 ** 28;

/** scipy's sparse matrices and arrays, as their parts. Nothing about the parts is trusted before `toCsr`. */
export class SparseMatrix extends PyObject {
  override readonly kind = 'sparse';
  readonly format: SparseFormat;
  readonly container: 'matrix' | 'array';
  readonly shape: readonly number[];
  /** The instance as the file has it, with every attribute. */
  readonly instance: PyInstance;

  constructor(format: SparseFormat, container: 'matrix' | 'array', shape: readonly number[], instance: PyInstance) {
    super();
    this.format = format;
    this.container = container;
    this.shape = shape;
    this.instance = instance;
  }

  /** One of scipy's parts: `data`, `indices`, `indptr`, `offsets`, `rows`. Throws BAD_STATE if it is missing. */
  array(name: string): NdArray {
    const value = this.instance.attribute(name);
    if (value instanceof NdArray) return value;
    throw new BrineError('BAD_STATE', `a ${this.format} matrix has no array ${JSON.stringify(name)}`);
  }

  /** The coordinates of a `coo` matrix: `coords` today, `row` and `col` before scipy 1.13. */
  coordinates(): NdArray[] {
    const coords = this.instance.attribute('coords');
    const arrays = coords instanceof PyTuple ? coords.items : undefined;
    if (!arrays) return [this.array('row'), this.array('col')];
    if (!arrays.every((a) => a instanceof NdArray)) throw corrupt('a coo matrix has coordinates that are no arrays');
    return arrays;
  }

  /** The entries of a `dok` matrix: keys are tuples of indices. */
  entries(): PyDict {
    const dict = this.instance.attribute('_dict');
    if (dict instanceof PyDict) return dict;
    return this.instance.entries ?? new PyDict();
  }

  /**
   * The matrix in compressed rows of float64; a 1-d array is one row. Duplicates of `coo` are summed and its
   * indices sorted, as `tocsr()` does; other formats keep their order. Every pointer and index is checked:
   * throws CORRUPT for one out of range, LIMIT beyond 2^28 rows or 2^31 entries.
   */
  toCsr(): CsrMatrix {
    const shape = this.shape.length === 1 ? ([1, this.shape[0]] as const) : ([this.shape[0], this.shape[1]] as const);
    if (this.shape.length > 2 || this.shape.length === 0) {
      throw new BrineError('UNSUPPORTED', `a sparse array of ${this.shape.length} dimensions has no rows`);
    }
    if (shape[0] > MAX_ROWS || shape[1] > 2 ** 31) {
      throw new BrineError('LIMIT', `a sparse matrix of ${shape[0]} × ${shape[1]} is beyond 2^28 rows or 2^31 columns`);
    }
    switch (this.format) {
      case 'csr':
        return this.#compressed(shape, shape[0], shape[1]);
      case 'csc': {
        const { indptr, indices, data } = this.#compressed(shape, shape[1], shape[0]);
        const columns = new Int32Array(indices.length);
        for (let j = 0; j < shape[1]; j++) columns.fill(j, indptr[j], indptr[j + 1]);
        return fromTriplets(shape, indices, columns, data);
      }
      case 'coo': {
        const [row, col] = this.coordinates().map(toIntegers);
        const data = toFloat64(this.array('data'));
        const flat = this.shape.length === 1;
        return sumDuplicates(fromTriplets(shape, flat ? new Int32Array(row.length) : row, flat ? row : col, data));
      }
      case 'bsr':
        return this.#blocks(shape);
      case 'dia':
        return this.#diagonals(shape);
      case 'lil':
        return this.#lists(shape);
      case 'dok':
        return this.#dictionary(shape);
    }
  }

  #compressed(shape: readonly [number, number], major: number, minor: number): CsrMatrix {
    const indptr = pointers(toIntegers(this.array('indptr')), major);
    const nonzero = indptr[major];
    const indices = toIntegers(this.array('indices'));
    const data = toFloat64(this.array('data'));
    if (indices.length < nonzero || data.length < nonzero) {
      throw corrupt(
        `a ${this.format} matrix of ${nonzero} entries has ${indices.length} indices and ${data.length} values`,
      );
    }
    return {
      shape,
      indptr,
      indices: checkedIndices(indices.subarray(0, nonzero), minor),
      data: data.subarray(0, nonzero),
    };
  }

  #blocks(shape: readonly [number, number]): CsrMatrix {
    const blocks = this.array('data');
    const [, height, width] = blocks.shape;
    if (blocks.shape.length !== 3 || height === 0 || width === 0 || shape[0] % height !== 0 || shape[1] % width !== 0) {
      throw corrupt(`blocks of ${blocks.shape.join(' × ')} do not tile a matrix of ${shape.join(' × ')}`);
    }
    const blockRows = shape[0] / height;
    const pointer = pointers(toIntegers(this.array('indptr')), blockRows);
    const columns = checkedIndices(toIntegers(this.array('indices')).subarray(0, pointer[blockRows]), shape[1] / width);
    const values = toFloat64(blocks);
    const count = pointer[blockRows] * height * width;
    if (columns.length < pointer[blockRows] || values.length < count) {
      throw corrupt(
        `a bsr matrix of ${pointer[blockRows]} blocks has ${columns.length} indices, ${values.length} values`,
      );
    }
    const indptr = new Int32Array(shape[0] + 1);
    const indices = new Int32Array(count);
    const data = new Float64Array(count);
    let at = 0;
    for (let row = 0; row < shape[0]; row++) {
      const blockRow = Math.floor(row / height);
      for (let block = pointer[blockRow]; block < pointer[blockRow + 1]; block++) {
        for (let k = 0; k < width; k++) {
          indices[at] = columns[block] * width + k;
          data[at++] = values[(block * height + (row % height)) * width + k];
        }
      }
      indptr[row + 1] = at;
    }
    return { shape, indptr, indices, data };
  }

  /** Zeros inside diagonals are no entries, as in scipy's `dia.tocoo()`. */
  #diagonals(shape: readonly [number, number]): CsrMatrix {
    const offsets = toIntegers(this.array('offsets'));
    const diagonals = this.array('data');
    const length = diagonals.shape[1];
    if (diagonals.shape.length !== 2 || diagonals.shape[0] !== offsets.length) {
      throw corrupt(`a dia matrix has ${offsets.length} offsets for diagonals of ${diagonals.shape.join(' × ')}`);
    }
    const values = toFloat64(diagonals);
    const [rows, columns, data]: [number[], number[], number[]] = [[], [], []];
    for (let d = 0; d < offsets.length; d++) {
      for (let j = 0; j < Math.min(length, shape[1]); j++) {
        const row = j - offsets[d];
        const value = values[d * length + j];
        if (row < 0 || row >= shape[0] || value === 0) continue;
        rows.push(row);
        columns.push(j);
        data.push(value);
      }
    }
    return sumDuplicates(fromTriplets(shape, rows, columns, data));
  }

  #lists(shape: readonly [number, number]): CsrMatrix {
    const rows = toObjects(this.array('rows'));
    const values = toObjects(this.array('data'));
    if (rows.length !== shape[0] || values.length !== shape[0]) {
      throw corrupt(
        `a lil matrix of ${shape[0]} rows lists ${rows.length} rows of indices, ${values.length} of values`,
      );
    }
    const indptr = new Int32Array(shape[0] + 1);
    const indices: number[] = [];
    const data: number[] = [];
    for (let i = 0; i < rows.length; i++) {
      const columns = rows[i];
      const row = values[i];
      if (!Array.isArray(columns) || !Array.isArray(row) || columns.length !== row.length) {
        throw corrupt(`row ${i} of a lil matrix has no two lists of the same length`);
      }
      for (const column of columns) indices.push(numberOf(column));
      for (const value of row) data.push(numberOf(value));
      indptr[i + 1] = indices.length;
    }
    return { shape, indptr, indices: checkedIndices(indices, shape[1]), data: Float64Array.from(data) };
  }

  #dictionary(shape: readonly [number, number]): CsrMatrix {
    const [rows, columns, data]: [number[], number[], number[]] = [[], [], []];
    for (const [key, value] of this.entries().entries()) {
      const index = key instanceof PyTuple ? key.items.map(numberOf) : [numberOf(key)];
      if (index.length !== this.shape.length) throw corrupt(`a dok matrix has a key of ${index.length} indices`);
      rows.push(index.length === 1 ? 0 : index[0]);
      columns.push(index[index.length - 1]);
      data.push(numberOf(value));
    }
    return sumDuplicates(fromTriplets(shape, rows, columns, data));
  }
}

type Numbers = ArrayLike<number>;

/** Row pointers that start at 0 and never fall. */
function pointers(indptr: Numbers, count: number): Int32Array {
  if (indptr.length !== count + 1 || indptr[0] !== 0) {
    throw corrupt(`a sparse matrix of ${count} rows has ${indptr.length} pointers that start at ${indptr[0]}`);
  }
  for (let i = 0; i < count; i++) {
    if (indptr[i + 1] < indptr[i]) throw corrupt(`pointer ${i + 1} of a sparse matrix falls from ${indptr[i]}`);
  }
  if (indptr[count] > 2 ** 31 - 1) throw new BrineError('LIMIT', `a sparse matrix claims ${indptr[count]} entries`);
  return indptr instanceof Int32Array ? indptr : Int32Array.from(indptr);
}

function checkedIndices(indices: Numbers, limit: number): Int32Array {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!(index >= 0 && index < limit)) throw corrupt(`index ${i} of a sparse matrix is ${index}, beyond ${limit}`);
  }
  return indices instanceof Int32Array ? indices : Int32Array.from(indices);
}

/** Entries grouped by row, each row in the order given. */
function fromTriplets(shape: readonly [number, number], rows: Numbers, columns: Numbers, data: Numbers): CsrMatrix {
  const count = data.length;
  if (rows.length !== count || columns.length !== count) {
    throw corrupt(`a sparse matrix has ${rows.length} rows, ${columns.length} columns and ${count} values`);
  }
  const row = checkedIndices(rows, shape[0]);
  const column = checkedIndices(columns, shape[1]);
  const indptr = new Int32Array(shape[0] + 1);
  for (let i = 0; i < count; i++) indptr[row[i] + 1]++;
  for (let r = 0; r < shape[0]; r++) indptr[r + 1] += indptr[r];
  const next = indptr.slice(0, shape[0]);
  const indices = new Int32Array(count);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = next[row[i]]++;
    indices[at] = column[i];
    values[at] = data[i];
  }
  return { shape, indptr, indices, data: values };
}

/** Sorts each row by column and adds up what occurs twice, in the order given. */
function sumDuplicates(matrix: CsrMatrix): CsrMatrix {
  const { shape } = matrix;
  const indptr = new Int32Array(shape[0] + 1);
  const indices = new Int32Array(matrix.indices.length);
  const data = new Float64Array(matrix.indices.length);
  let at = 0;
  for (let r = 0; r < shape[0]; r++) {
    const start = matrix.indptr[r];
    const order = Array.from({ length: matrix.indptr[r + 1] - start }, (_, i) => start + i);
    order.sort((a, b) => matrix.indices[a] - matrix.indices[b] || a - b);
    const first = at;
    for (const i of order) {
      if (at > first && indices[at - 1] === matrix.indices[i]) data[at - 1] += matrix.data[i];
      else {
        indices[at] = matrix.indices[i];
        data[at++] = matrix.data[i];
      }
    }
    indptr[r + 1] = at;
  }
  return { shape, indptr, indices: indices.subarray(0, at), data: data.subarray(0, at) };
}
