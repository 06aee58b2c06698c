import { BrineError } from '../../errors.js';
import { tensor } from '../../graph/tensor.js';
import { kernelFunction } from '../kernels/kernel-program.js';
import type { Kernel } from '../operator.js';
import { needTensor } from './columns.js';
import type { OwnOperator } from './index.js';

const kernelMatrix: OwnOperator<'KernelMatrix'> = ({ attributes, budget }): Kernel => {
  const kernel = kernelFunction(attributes.program);
  const { others } = attributes;
  return ([input]) => {
    const { data, shape } = needTensor(input);
    const x = data as Float64Array;
    const [n = 0, p = 0] = shape;
    const y = others ? (others.data as Float64Array) : x;
    const m = others ? (others.shape[0] ?? 0) : n;
    if (others && others.shape[1] !== p)
      throw new BrineError('BAD_INPUT', `the input has ${p} columns, the kernel expects ${others.shape[1] ?? 0}`);
    budget.allocate(n * m, 8);
    const out = new Float64Array(n * m);
    for (let r = 0; r < n; r++)
      for (let c = 0; c < m; c++) out[r * m + c] = kernel({ x, i: r * p, y, j: c * p, p, same: !others && r === c });
    return tensor('float64', [n, m], out);
  };
};

const kernelDiagonal: OwnOperator<'KernelDiagonal'> = ({ attributes }): Kernel => {
  const kernel = kernelFunction(attributes.program);
  return ([input]) => {
    const { data, shape } = needTensor(input);
    const x = data as Float64Array;
    const [n = 0, p = 0] = shape;
    return tensor(
      'float64',
      [n],
      Float64Array.from({ length: n }, (_, r) => kernel({ x, i: r * p, y: x, j: r * p, p, same: true })),
    );
  };
};

const solveLower: OwnOperator<'SolveLower'> = ({ attributes, budget }): Kernel => {
  const { lower } = attributes;
  const m = Math.sqrt(lower.length);
  return ([input]) => {
    const { data, shape } = needTensor(input);
    const [n = 0, width = 0] = shape;
    if (width !== m)
      throw new BrineError(
        'BAD_STATE',
        `a triangular matrix of ${lower.length} values does not go with ${width} columns`,
      );
    budget.allocate(n * m, 8);
    const out = Float64Array.from(data as Float64Array);
    for (let r = 0; r < n; r++) {
      const row = out.subarray(r * m, (r + 1) * m);
      for (let i = 0; i < m; i++) {
        let sum = row[i];
        for (let j = 0; j < i; j++) sum -= lower[i * m + j] * row[j];
        row[i] = sum / lower[i * m + i];
      }
    }
    return tensor('float64', [n, m], out);
  };
};

export const kernelProgramOperators = {
  KernelMatrix: kernelMatrix,
  KernelDiagonal: kernelDiagonal,
  SolveLower: solveLower,
};
