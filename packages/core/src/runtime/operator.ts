import type { Attribute, Graph, Node } from '../graph/graph.js';
import type { Value } from '../graph/tensor.js';
import type { Arena } from './arena.js';
import type { Plan } from './plan.js';

/** What an operator knows when the graph is planned, once, before any run. */
export interface Site {
  readonly node: Node;
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** The opset version of the node's domain. */
  readonly opset: number;
  /** The value of input `i` where it is a constant of the graph. */
  constant(i: number): Value | undefined;
  /** A subgraph (the body of If, Loop, Scan or a function), planned with the same budget. */
  plan(graph: Graph): Plan;
  readonly budget: Budget;
}

/**
 * Runs one node. Inputs that are left out are undefined. After the node's own inputs come the values that
 * its subgraphs capture, in the order of the subgraphs among its attributes. Inputs must not be changed: they may be constants,
 * views on the caller's arrays, or needed again.
 */
export type Kernel = (inputs: readonly (Value | undefined)[]) => Value | readonly Value[];

/** Makes the kernel of a node: everything that depends only on attributes and constants is done here. */
export type Operator = (site: Site) => Kernel;

export type OperatorTable = Readonly<Record<string, Operator>>;

/** What a run may spend; shared by all subgraphs of a model. Reaching it is a BrineError LIMIT. */
export interface Budget {
  /** Counts one step of a loop or one node; throws when there have been too many or time is up. */
  step(): void;
  /** Asks for `elements` elements of `bytesEach` bytes before they are allocated. */
  allocate(elements: number, bytesEach: number): void;
  /** Where arrays of doubles are to be had; `make` asks it. */
  readonly arena: Arena;
}
