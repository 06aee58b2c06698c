import type { OwnName, OwnOperators } from '../../graph/own.js';
import type { Kernel, Site } from '../operator.js';
import { columnOperators } from './columns.js';

/** How an own operator is run: its attributes are typed by `graph/own.ts`. */
export type OwnOperator<K extends OwnName> = (site: Site & { readonly attributes: OwnOperators[K] }) => Kernel;

/** The operators of the `brine` domain. */
export const ownOperators: { readonly [K in OwnName]: (site: Site) => Kernel } = {
  ...columnOperators,
};
