import type { OwnName, OwnOperators } from '../../graph/own.js';
import type { Kernel, Operator, Site } from '../operator.js';
import { columnOperators } from './columns.js';

/** How an own operator is run: its attributes are typed by `graph/own.ts`. */
export type OwnOperator<K extends OwnName> = (
  site: Omit<Site, 'attributes'> & { attributes: OwnOperators[K] },
) => Kernel;

// Files load with the first graph that needs them: trees need no regular expressions, texts no neighbours.
const categories = async () => (await import('./categories.js')).categoryOperators;
const columns = () => Promise.resolve(columnOperators);
const decomposition = async () => (await import('./decomposition.js')).decompositionOperators;
const dense = async () => (await import('./dense.js')).denseOperators;
const forest = async () => (await import('./forest.js')).forestOperators;
const kernels = async () => (await import('./kernels.js')).kernelOperators;
const kernelMachine = async () => (await import('./kernel-machine.js')).kernelMachineOperators;
const kernelProgram = async () => (await import('./kernel-program.js')).kernelProgramOperators;
const neighbors = async () => (await import('./neighbors.js')).neighborOperators;
const preprocessing = async () => (await import('./preprocessing.js')).preprocessingOperators;
const rows = async () => (await import('./rows.js')).rowOperators;
const text = async () => (await import('./text.js')).textOperators;
const ufuncs = async () => (await import('./ufuncs.js')).ufuncOperators;

/** The file of each operator. */
const files: { readonly [K in OwnName]: () => Promise<{ readonly [N in K]: OwnOperator<N> }> } = {
  Densify: columns,
  Sparsify: columns,
  RepeatRows: columns,
  ObjectColumns: columns,
  Finite: columns,
  Numbers: columns,
  Require: columns,
  Custom: columns,

  FillMissing: categories,
  Lookup: categories,
  OneHotSlots: categories,

  RavelSingleRow: decomposition,
  NonNegativeFactors: decomposition,
  TopicDistribution: decomposition,
  PoolColumns: decomposition,
  Barycentre: decomposition,
  Patches: decomposition,
  SparseCodes: decomposition,

  Dense: dense,
  Rows: rows,

  Forest: forest,
  ForestStages: forest,
  ForestLeaves: forest,
  ForestPaths: forest,

  KernelMachine: kernelMachine,
  PairwiseCoupling: kernelMachine,
  KernelMatrix: kernelProgram,
  KernelDiagonal: kernelProgram,
  SolveLower: kernelProgram,

  AdditiveChi2: kernels,
  CountSketch: kernels,
  LogDensity: kernels,
  ImputeNeighbors: kernels,

  Neighbors: neighbors,
  NeighborsWithin: neighbors,
  NeighborTable: neighbors,
  NeighborLists: neighbors,
  Connectivity: neighbors,
  NeighborVotes: neighbors,
  NeighborMeans: neighbors,

  RandomClasses: preprocessing,
  Digitize: preprocessing,
  Quantiles: preprocessing,
  Normal: preprocessing,
  SplineBasis: preprocessing,
  LabelSets: preprocessing,
  LabelSetsInverse: preprocessing,

  CountTerms: text,
  HashTerms: text,
  HashFeatures: text,
  CountRecords: text,
  NamesOfRows: text,
  Tfidf: text,

  Ufunc: ufuncs,
  Interpolate: ufuncs,
};

const isOwn = (name: string): name is OwnName => Object.hasOwn(files, name);

/**
 * An operator of the `brine` domain; undefined if there is none of the name. The builder has checked the attributes
 * of its nodes against `graph/own.ts`.
 */
export async function ownOperator(name: string): Promise<Operator | undefined> {
  if (!isOwn(name)) return undefined;
  const table: Partial<Record<OwnName, unknown>> = await files[name]();
  return table[name] as Operator;
}
