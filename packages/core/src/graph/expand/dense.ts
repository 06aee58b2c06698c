import { float64, type Csr, type Tensor } from '../tensor.js';

/** Sparse rows written out; what occurs twice is added. */
export function denseOf({ shape, indptr, indices, data }: Csr): Tensor {
  const [rows, columns] = shape;
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let i = indptr[r]; i < indptr[r + 1]; i++) out[r * columns + indices[i]] += data[i];
  return float64([rows, columns], out);
}
