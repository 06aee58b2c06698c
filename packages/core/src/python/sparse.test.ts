import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readPickleSync } from '../pickle/read.js';
import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { Dtype, NdArray } from './ndarray.js';
import { SparseMatrix } from './sparse.js';
import { pythonWorld } from './world.js';

/** Matrices that scipy 1.1 to 1.17 pickled, with what `tocsr()` made of them (oracle/python/make.py). */
const folder = fileURLToPath(new URL('../../../../fixtures/python/', import.meta.url));

describe('toCsr', () => {
  it.each(readdirSync(folder).filter((name) => /-scipy-p\d\.pkl$/.test(name)))('%s', (name) => {
    const bytes = new Uint8Array(readFileSync(folder + name));
    const values = readPickleSync(bytes, { world: pythonWorld() }).value as PyDict;
    const expected = JSON.parse(
      readFileSync(folder + name.replace(/-scipy-p\d\.pkl$/, '-tocsr.json'), 'latin1'),
    ) as Record<string, number[][]>;
    expect(values.size).toBe(Object.keys(expected).length);
    for (const [key, matrix] of values.entries()) {
      const { indptr, indices, data } = (matrix as SparseMatrix).toCsr();
      expect([key, [...indptr], [...indices], [...data]]).toEqual([key, ...expected[key as string]]);
    }
  });

  const csr = (indptr: number[], indices: number[], data: number[], shape: number[]): SparseMatrix => {
    const of = (type: 'f' | 'i', values: ArrayBufferView, size: number): NdArray =>
      new NdArray(
        new Dtype(type, size, '<'),
        [values.byteLength / size],
        false,
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      );
    const instance = new PyInstance('new', new PyGlobal('scipy.sparse', 'csr_matrix'), new PyTuple([]));
    const parts: [string, PyValue][] = [
      ['indptr', of('i', Int32Array.from(indptr), 4)],
      ['indices', of('i', Int32Array.from(indices), 4)],
      ['data', of('f', Float64Array.from(data), 8)],
    ];
    instance.state = PyDict.from(parts);
    return new SparseMatrix('csr', 'matrix', shape, instance);
  };

  it.each([
    ['an index beyond the columns', csr([0, 1], [3], [1], [1, 3]), /index 0 .* is 3, beyond 3/],
    ['a negative index', csr([0, 1], [-1], [1], [1, 3]), /is -1/],
    ['a pointer that falls', csr([0, 2, 1], [0, 1], [1, 1], [2, 3]), /pointer 2 .* falls from 2/],
    ['pointers beyond the entries', csr([0, 9], [0], [1], [1, 3]), /9 entries has 1 indices/],
    ['too few pointers', csr([0, 1], [0], [1], [5, 3]), /5 rows has 2 pointers/],
    ['rows beyond all measure', csr([0, 1], [0], [1], [2 ** 40, 3]), /2\^28 rows/],
  ])('refuses %s', (_, matrix, message) => {
    expect(() => matrix.toCsr()).toThrow(message);
  });
});
