import { isBig, isFloat, type BigArray, type TypedArray } from '../../graph/tensor.js';
import type { Operator, OperatorTable } from '../operator.js';
import { axisOf, dense, int, make, unsupported, type Numbers } from './common.js';
import { around } from './gather.js';
import { convert } from './reduce.js';

/** Running sums or products along an axis. */
function running(start: number, f: (s: number, x: number) => number, bigF: (s: bigint, x: bigint) => bigint): Operator {
  return (site) => {
    const exclusive = int(site, 'exclusive', 0) !== 0;
    const reverse = int(site, 'reverse', 0) !== 0;
    return (inputs) => {
      const x = dense(inputs, 0);
      if (x.dtype === 'string' || x.dtype === 'object' || x.dtype === 'bool') throw unsupported(`${x.dtype} input`);
      const axis = axisOf(Number(dense(inputs, 1).data[0]), x.shape.length);
      const { outer, inner } = around(x.shape, axis);
      const n = x.shape[axis];
      const each = (run: (order: (i: number) => number) => void): void => {
        for (let r = 0; r < outer; r++)
          for (let k = 0; k < inner; k++) run((i) => (r * n + (reverse ? n - 1 - i : i)) * inner + k);
      };
      if (isBig(x.dtype)) {
        const source = x.data as BigArray;
        const data = make(site, x.dtype, x.shape) as BigArray;
        each((place) => {
          let s = BigInt(start);
          for (let i = 0; i < n; i++) {
            const at = place(i);
            if (exclusive) data[at] = s;
            s = BigInt.asIntN(64, bigF(s, source[at]));
            if (!exclusive) data[at] = s;
          }
        });
        return { dtype: x.dtype, shape: x.shape, data };
      }
      const source = x.data as Numbers & TypedArray;
      site.budget.allocate(source.length, 8);
      const data = new Float64Array(source.length);
      const fold = isFloat(x.dtype) ? f : (s: number, v: number) => f(s, v) | 0;
      each((place) => {
        let s = start;
        for (let i = 0; i < n; i++) {
          const at = place(i);
          if (exclusive) data[at] = s;
          s = fold(s, source[at]);
          if (!exclusive) data[at] = s;
        }
      });
      return convert(x.dtype, x.shape, data);
    };
  };
}

export const runningOperators = {
  CumSum: running(
    0,
    (s, x) => s + x,
    (s, x) => s + x,
  ),
  CumProd: running(
    1,
    (s, x) => s * x,
    (s, x) => s * x,
  ),
} satisfies OperatorTable;
