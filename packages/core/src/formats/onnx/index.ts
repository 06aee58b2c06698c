/** ONNX: `.onnx` files, with their external weights, to graphs. */
export { describe, typeText, type OnnxSummary } from './describe.js';
export type { OnnxType } from './protos.js';
export { readValue, type ValueKind } from './values.js';
export { readOnnx, type OnnxModel, type OnnxOptions, type OnnxValue } from './read.js';
