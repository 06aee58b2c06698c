import type { Operator, OperatorTable } from '../operator.js';
import { unsupported } from './common.js';

/** Operators that draw at random: their answers are no function of the input, so there is nothing to agree with. */
const refused: Operator = (site) => {
  throw unsupported(`${site.node.op} draws at random, which no two runtimes do alike`);
};

export const randomOperators: OperatorTable = Object.fromEntries(
  ['Bernoulli', 'Multinomial', 'RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike'].map((name) => [
    name,
    refused,
  ]),
);
