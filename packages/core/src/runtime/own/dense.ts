import { isTensor } from '../../graph/tensor.js';
import { denseNetwork } from '../kernels/dense.js';
import type { Floats } from '../kernels/gemm-simd.js';
import { make } from '../operators/common.js';
import type { OwnOperator } from './index.js';

/** Multiplications of a row from which on vectors are the quicker way; one answer does not depend on the rows beside it. */
const LEAST_WORK = 2 ** 8;

const dense: OwnOperator<'Dense'> = ({ attributes: { layers, dtype, chain }, plan, budget }) => {
  const nodes = plan(chain);
  const each = layers.reduce((sum, l) => sum + l.inputs * l.outputs, 0);
  const [columns, outputs] = [layers[0].inputs, layers[layers.length - 1].outputs];
  let network: ReturnType<typeof denseNetwork> | null = null;
  return (inputs) => {
    const x = inputs[0];
    if (x && isTensor(x) && x.dtype === dtype && x.shape.length === 2 && x.shape[1] === columns) {
      const n = x.shape[0];
      if (n > 0 && each >= LEAST_WORK) {
        if (network === null) network = denseNetwork(layers, dtype === 'float32' ? 'f32' : 'f64');
        if (network) {
          const shape = [n, outputs];
          const data = make({ budget }, dtype, shape) as Floats;
          network(x.data as Floats, n, data);
          return { dtype, shape, data };
        }
      }
    }
    return nodes.run(inputs);
  };
};

export const denseOperators = { Dense: dense };
