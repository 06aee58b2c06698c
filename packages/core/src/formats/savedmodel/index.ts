/** TensorFlow: SavedModels, frozen graphs, checkpoints. */
export {
  readGraph,
  readSavedModel,
  tryGraph,
  type GraphDef,
  type MetaGraphDef,
  type NodeBudget,
  type NodeDef,
} from './protos.js';
export { readCheckpointIndex, type BundleEntry } from './checkpoint.js';
