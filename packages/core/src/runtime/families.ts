import { BrineError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { OP_FAMILIES } from './operators/index.js';
import { ownOperator } from './own/index.js';
import type { Operator, OperatorTable } from './operator.js';
import { operatorKey, subgraphsOf } from './plan.js';

/** A group of operators that load together, so that a page which opens a forest does not download LSTM kernels. */
export interface Family {
  /** Keys as `operatorKey` gives them. */
  readonly operators: readonly string[];
  readonly load: () => Promise<OperatorTable>;
}

/** What the keys of our own operators begin with. */
const OWN = 'brine:';

/**
 * The operators that a graph and its subgraphs name.
 * Throws UNSUPPORTED naming every operator that is missing.
 */
export async function loadOperators(graph: Graph): Promise<ReadonlyMap<string, Operator>> {
  const names = new Set<string>();
  const todo: Graph[] = [graph];
  while (todo.length > 0) {
    for (const node of todo.pop()!.nodes) {
      names.add(operatorKey(node));
      todo.push(...subgraphsOf(node));
    }
  }
  const found = new Map<string, Operator>();
  await Promise.all(
    [...names].map(async (name) => {
      const operator = name.startsWith(OWN) ? await ownOperator(name.slice(OWN.length)) : undefined;
      if (operator) found.set(name, operator);
    }),
  );
  const families = OP_FAMILIES.filter((f) => f.operators.some((name) => names.has(name)));
  for (const table of await Promise.all(families.map((f) => f.load())))
    for (const [name, operator] of Object.entries(table)) if (names.has(name)) found.set(name, operator);
  const missing = [...names].filter((name) => !found.has(name));
  if (missing.length > 0)
    throw new BrineError('UNSUPPORTED', `operators that are not supported: ${missing.sort().join(', ')}`);
  return found;
}
