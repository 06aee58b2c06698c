import type { OwnName, OwnOperators } from '../../graph/own.js';
import type { Kernel, OperatorTable, Site } from '../operator.js';
import { categoryOperators } from './categories.js';
import { columnOperators } from './columns.js';
import { forestOperators } from './forest.js';
import { kernelMachineOperators } from './kernel-machine.js';
import { neighborOperators } from './neighbors.js';
import { kernelProgramOperators } from './kernel-program.js';
import { preprocessingOperators } from './preprocessing.js';
import { textOperators } from './text.js';
import { ufuncOperators } from './ufuncs.js';

/** How an own operator is run: its attributes are typed by `graph/own.ts`. */
export type OwnOperator<K extends OwnName> = (
  site: Omit<Site, 'attributes'> & { attributes: OwnOperators[K] },
) => Kernel;

const typed: { readonly [K in OwnName]: OwnOperator<K> } = {
  ...categoryOperators,
  ...columnOperators,
  ...forestOperators,
  ...kernelMachineOperators,
  ...neighborOperators,
  ...kernelProgramOperators,
  ...preprocessingOperators,
  ...textOperators,
  ...ufuncOperators,
};

/** The operators of the `brine` domain. The builder has checked their attributes against `graph/own.ts`. */
export const ownOperators = typed as unknown as OperatorTable;
