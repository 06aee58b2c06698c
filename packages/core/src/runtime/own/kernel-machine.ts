import { BrineError } from '../../errors.js';
import type { SupportVectors } from '../../graph/support-vectors.js';
import { float64, isCsr, isTensor, type Value } from '../../graph/tensor.js';
import { coupledProbabilities } from '../kernels/coupling.js';
import {
  denseKernelMachine,
  sparseKernelMachine,
  type DenseKernelMachine,
  type KernelSums,
  type SparseKernelMachine,
} from '../kernels/kernel-machine.js';
import { csrRows } from '../kernels/rows.js';
import type { Kernel } from '../operator.js';
import { needTensor } from './columns.js';
import type { OwnOperator } from './index.js';

type Machine =
  | { readonly dense: DenseKernelMachine; readonly sparse?: undefined }
  | { readonly sparse: SparseKernelMachine; readonly dense?: undefined };

/** Packed once per model, however many methods use it. */
const packed = new WeakMap<SupportVectors, Machine>();

function machineOf(machine: SupportVectors): Machine {
  let known = packed.get(machine);
  if (!known) packed.set(machine, (known = pack(machine)));
  return known;
}

function pack(machine: SupportVectors): Machine {
  const { vectors, coefficients, outputs, intercepts } = machine;
  const [count = 0, columns = 0] = vectors.shape;
  const sums: KernelSums = { count, coefficients, outputs, intercepts };
  if (!isCsr(vectors)) return { dense: denseKernelMachine(machine, sums, vectors.data as Float64Array, columns) };
  const rows = csrRows(vectors.data, vectors.indices, vectors.indptr, count, columns);
  return { sparse: sparseKernelMachine(machine, sums, rows) };
}

const kernelMachine: OwnOperator<'KernelMachine'> = ({ attributes, budget }): Kernel => {
  const { machine } = attributes;
  const { dense, sparse } = machineOf(machine);
  const columns = machine.vectors.shape[1] ?? 0;
  const width = machine.outputs.length;
  return ([x]) => {
    const rows = rowsOf(x, columns);
    budget.allocate(rows.count * width, 8);
    const out = new Float64Array(rows.count * width);
    if (sparse) sparse(rows.count, rows.row, out);
    else dense(needDense(x), rows.count, out);
    return float64([rows.count, width], out);
  };
};

interface SomeRows {
  readonly count: number;
  readonly row: (i: number) => { readonly indices: ArrayLike<number>; readonly data: Float64Array };
}

function needDense(x: Value | undefined): Float64Array {
  if (x && isTensor(x) && x.data instanceof Float64Array) return x.data;
  throw new BrineError('BAD_INPUT', 'dense support vectors take a dense matrix of float64');
}

function rowsOf(x: Value | undefined, columns: number): SomeRows {
  const shape = x && 'shape' in x ? x.shape : [];
  if (shape.length !== 2 || shape[1] !== columns)
    throw new BrineError(
      'BAD_INPUT',
      `support vectors of ${columns} columns take a matrix of as many, not [${shape.join(', ')}]`,
    );
  const count = shape[0] ?? 0;
  if (x && isCsr(x)) {
    const { data, indices, indptr } = x;
    return {
      count,
      row: (i) => ({
        indices: indices.subarray(indptr[i], indptr[i + 1]),
        data: data.subarray(indptr[i], indptr[i + 1]),
      }),
    };
  }
  const data = needDense(x);
  const all = Int32Array.from({ length: columns }, (_, j) => j);
  return { count, row: (i) => ({ indices: all, data: data.subarray(i * columns, (i + 1) * columns) }) };
}

const pairwiseCoupling: OwnOperator<'PairwiseCoupling'> = ({ attributes }): Kernel => {
  const { classes, probA, probB } = attributes;
  return ([scores]) => {
    const { shape, data } = needTensor(scores);
    const rows = shape[0] ?? 0;
    return float64([rows, classes], coupledProbabilities(data as Float64Array, rows, classes, probA, probB));
  };
};

export const kernelMachineOperators = { KernelMachine: kernelMachine, PairwiseCoupling: pairwiseCoupling };
