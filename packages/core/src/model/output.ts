import type { Result } from '../estimators/index.js';
import type { V } from '../graph/builder.js';
import { isCsr, isTensor, type Csr, type DType, type Tensor, type Value } from '../graph/tensor.js';
import { BrineError } from '../errors.js';

/** What a method answers: a tensor, a sparse matrix, or an array of those where Python gives several. */
export type ModelOutput = Tensor | Csr | readonly (Tensor | Csr)[];

/** How the outputs of a lowered graph make up what the method gives. */
export interface OutputShape {
  readonly values: readonly V[];
  readonly assemble: (values: readonly Value[]) => ModelOutput;
}

export function outputShape(result: Result): OutputShape {
  if (!('kind' in result)) return { values: [result], assemble: ([value]) => plain(value) };
  switch (result.kind) {
    case 'matrix':
    case 'list':
      return { values: [result.value], assemble: ([value]) => plain(value) };
    case 'tuple':
      return { values: result.items, assemble: (values) => values.map(plain) };
    case 'frame': {
      const columns = result.columns.map((c) => c.value);
      return { values: columns, assemble: (values) => interleave(values.map(plain)) };
    }
  }
}

/** Integers that fit come back as Int32Array, which is what JavaScript compares and indexes with. */
function plain(value: Value): Tensor | Csr {
  if (isCsr(value)) return value;
  if (!isTensor(value)) throw new BrineError('UNSUPPORTED', 'the result is neither a tensor nor a sparse matrix');
  if (value.dtype !== 'int64') return value;
  const { buffer, byteOffset, length } = value.data as BigInt64Array;
  // The halves of a 64-bit integer: many times as fast as BigInt.
  const halves = new Int32Array(buffer, byteOffset, 2 * length);
  const out = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const low = halves[2 * i];
    if (halves[2 * i + 1] !== low >> 31) return value;
    out[i] = low;
  }
  return { dtype: 'int32', shape: value.shape, data: out };
}

/** Columns [n] of any types as one [n, p] tensor of text or objects. */
function interleave(columns: readonly (Tensor | Csr)[]): Tensor {
  const rows = columns[0]?.shape[0] ?? 0;
  const width = columns.length;
  const data = new Array<unknown>(rows * width);
  columns.forEach((column, c) => {
    const flag = column.dtype === 'bool';
    for (let r = 0; r < rows; r++) {
      const x = column.data[r];
      data[r * width + c] = flag ? x === 1 : x;
    }
  });
  const dtype: DType = columns.every((c) => c.dtype === 'string') ? 'string' : 'object';
  return { dtype, shape: [rows, width], data };
}
