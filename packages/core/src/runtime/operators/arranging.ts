import type { OperatorTable } from '../operator.js';
import { einsumOperators } from './einsum.js';
import { generateOperators } from './generate.js';
import { padOperators } from './pad.js';
import { scatterOperators } from './scatter.js';
import { sortOperators } from './sort.js';

/** Operators that make, move, sort and pad. */
export const arrangingOperators: OperatorTable = {
  ...einsumOperators,
  ...generateOperators,
  ...padOperators,
  ...scatterOperators,
  ...sortOperators,
};
