import { isTensor } from '../../graph/tensor.js';
import { rowProgram, type RowProgram } from '../kernels/row-steps.js';
import { make } from '../operators/common.js';
import type { OwnOperator } from './index.js';

/** Fewer numbers than this are computed before a module would be compiled. */
const LEAST_SIZE = 2 ** 12;

const rows: OwnOperator<'Rows'> = ({ attributes: { columns, steps, product, chain }, plan, budget }) => {
  const nodes = plan(chain);
  const outputs = product?.outputs ?? columns;
  let program: RowProgram | undefined | null = null;
  return (inputs) => {
    const x = inputs[0];
    if (x && isTensor(x) && x.data instanceof Float64Array && x.shape.length === 2 && x.shape[1] === columns) {
      const n = x.shape[0];
      if (n * columns >= LEAST_SIZE) {
        if (program === null) program = rowProgram({ columns, steps, product });
        if (program) {
          const shape = [n, outputs];
          const data = make({ budget }, 'float64', shape) as Float64Array;
          if (program(x.data, n, data)) return { dtype: 'float64', shape, data };
        }
      }
    }
    // Which also has the words for what is refused.
    return nodes.run(inputs);
  };
};

export const rowOperators = { Rows: rows };
