import type { Graph } from '../graph.js';
import { categoryExpansions } from './categories.js';
import { columnExpansions } from './columns.js';
import { decompositionExpansions } from './decomposition.js';
import { expandWith, type Expanded, type ExpandOptions } from './expand.js';
import type { Expansions } from './expansion.js';
import { forestExpansions } from './forest.js';
import { kernelMachineExpansions } from './kernel-machine.js';
import { kernelProgramExpansions } from './kernel-program.js';
import { kernelExpansions } from './kernels.js';
import { neighborExpansions } from './neighbors.js';
import { numberExpansions } from './numbers.js';
import { preprocessingExpansions } from './preprocessing.js';
import { textExpansions } from './text.js';

export type { Expanded, ExpandOptions } from './expand.js';

/** Every operator of our own that ONNX can say; the files mirror `runtime/own/`. */
const expansions: Expansions = {
  ...numberExpansions,
  ...columnExpansions,
  ...categoryExpansions,
  ...forestExpansions,
  ...preprocessingExpansions,
  ...decompositionExpansions,
  ...textExpansions,
  ...neighborExpansions,
  ...kernelMachineExpansions,
  ...kernelProgramExpansions,
  ...kernelExpansions,
};

/** A lowered graph in ONNX operators alone: see `expandWith`. */
export function expand(graph: Graph, options: ExpandOptions): Expanded {
  return expandWith(expansions, graph, options);
}
