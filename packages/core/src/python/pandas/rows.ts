import { corrupt } from '../check.js';
import { arrayBytes } from '../elements.js';
import { packField } from '../layout.js';
import { NdArray } from '../ndarray.js';

/** Row `row` of a 2-d array as a 1-d array (a view where rows lie together); a 1-d array itself. */
export function rowOf(array: NdArray, row: number): NdArray {
  const { dtype, shape, fortran, data } = array;
  if (shape.length === 1) return array;
  const [rows, columns] = shape;
  if (shape.length !== 2 || row >= rows)
    throw corrupt(`a pandas block of shape (${shape.join(', ')}) has no row ${row}`);
  if (Array.isArray(data)) {
    const at = (i: number): number => (fortran ? i * rows + row : row * columns + i);
    return new NdArray(
      dtype,
      [columns],
      false,
      Array.from({ length: columns }, (_, i) => data[at(i)]),
    );
  }
  const size = dtype.itemsize;
  const bytes = arrayBytes(array);
  return new NdArray(
    dtype,
    [columns],
    false,
    fortran
      ? packField(bytes, rows * size, row * size, size, columns)
      : bytes.subarray(row * columns * size, (row + 1) * columns * size),
  );
}
