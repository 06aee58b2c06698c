import { BrineError } from '../../errors.js';
import type { Ensemble } from '../../graph/ensemble.js';
import { float64, int64, isCsr, isTensor, type Csr, type Tensor, type Value } from '../../graph/tensor.js';
import { forestKernel, type ForestKernel } from '../kernels/forest.js';
import { csrRows, denseRows, type Rows } from '../kernels/rows.js';
import type { Kernel } from '../operator.js';
import type { OwnOperator } from './index.js';

/** Packed once per ensemble, however many methods and input types use it. */
const packed = new WeakMap<Ensemble, ForestKernel>();

function kernelOf(ensemble: Ensemble): ForestKernel {
  let kernel = packed.get(ensemble);
  if (!kernel) packed.set(ensemble, (kernel = forestKernel(ensemble)));
  return kernel;
}

function rowsOf(value: Value | undefined, columns?: number): Rows {
  if (value && isCsr(value)) {
    return csrRows(value.data, value.indices, value.indptr, value.shape[0], value.shape[1]);
  }
  if (value && isTensor(value) && (value.data instanceof Float64Array || value.data instanceof Float32Array)) {
    const width = value.shape[1] ?? 0;
    if (columns !== undefined && columns < width)
      return denseRows(value.data, value.shape[0] ?? 0, columns, { rowStride: width });
    return denseRows(value.data, value.shape[0] ?? 0, width);
  }
  throw new BrineError('BAD_INPUT', 'trees take a matrix of float64 or float32');
}

/** A fresh [rows, outputs] array that holds the base in every row. */
function begin(base: Value | undefined, rows: number, kernel: ForestKernel): Float64Array<ArrayBuffer> {
  const width = kernel.outputs;
  const out = new Float64Array(rows * width);
  if (base === undefined) return kernel.trees === 1 ? out.fill(-0) : out;
  if (!isTensor(base) || !(base.data instanceof Float64Array)) throw new BrineError('BAD_STATE', 'a base is float64');
  if (base.data.length === out.length && base.shape.length === 2) out.set(base.data);
  else if (base.data.length === width) for (let i = 0; i < out.length; i++) out[i] = base.data[i % width]!;
  else throw new BrineError('BAD_STATE', `a base of ${base.data.length} values for ${rows} rows × ${width}`);
  return out;
}

const forest: OwnOperator<'Forest'> = ({ attributes }): Kernel => {
  const kernel = kernelOf(attributes.ensemble);
  const { from = 0, to = kernel.trees } = attributes;
  const columns = attributes.wider === true ? attributes.ensemble.nFeatures : undefined;
  return ([x, base]) => {
    const rows = rowsOf(x, columns);
    const out = begin(base, rows.rows, kernel);
    kernel.sum(rows, out, { from, to });
    return float64([rows.rows, kernel.outputs], out);
  };
};

const forestStages: OwnOperator<'ForestStages'> = ({ attributes, budget }): Kernel => {
  const kernel = kernelOf(attributes.ensemble);
  const { perStage } = attributes;
  const stages = Math.floor(kernel.trees / perStage);
  return ([x, base]) => {
    const rows = rowsOf(x);
    const now = begin(base, rows.rows, kernel);
    budget.allocate(stages * now.length, 8);
    const out = new Float64Array(stages * now.length);
    for (let s = 0; s < stages; s++) {
      kernel.sum(rows, now, { from: s * perStage, to: (s + 1) * perStage });
      out.set(now, s * now.length);
    }
    return float64([stages, rows.rows, kernel.outputs], out);
  };
};

const forestLeaves: OwnOperator<'ForestLeaves'> = ({ attributes }): Kernel => {
  const kernel = kernelOf(attributes.ensemble);
  return ([x]): Tensor => {
    const rows = rowsOf(x);
    return int64([rows.rows, kernel.trees], kernel.leaves(rows));
  };
};

const forestPaths: OwnOperator<'ForestPaths'> = ({ attributes }): Kernel => {
  const kernel = kernelOf(attributes.ensemble);
  return ([x]) => {
    const rows = rowsOf(x);
    const { indptr, indices, nodePointers } = kernel.decisionPath(rows);
    const path: Csr = {
      dtype: 'float64',
      shape: [rows.rows, nodePointers[kernel.trees]],
      indptr,
      indices,
      data: new Float64Array(indices.length).fill(1),
    };
    return [path, int64([nodePointers.length], nodePointers)];
  };
};

export const forestOperators = {
  Forest: forest,
  ForestStages: forestStages,
  ForestLeaves: forestLeaves,
  ForestPaths: forestPaths,
};
