/**
 * What programs open and ask models with. What they compare, rewrite, judge and draw them with is in `@brine/core/tools`,
 * so that a page which only asks a model downloads no more than that.
 */
export { BrineError, type ErrorCode, type Place, errorCodes } from './errors.js';
export { type Source, BlobSource, BufferSource } from './bytes/source.js';
export { setPlatformCrc32 } from './bytes/checksums.js';
export { setPlatformEqual } from './bytes/equal.js';
export { type Codec, type Compression, type PlatformDecoder, setPlatformDecoder } from './bytes/decompress.js';
export { decompress, decompressBytes, sniffCompression } from './bytes/decompress.js';
export {
  compress,
  type CompressOptions,
  type Encoder,
  type Encoding,
  setPlatformEncoder,
  setPlatformPacker,
  type StreamEncoding,
} from './bytes/compress.js';
export { EXPANSION_LIMITS, ExpansionBudget, type ExpansionLimits } from './bytes/expansion.js';
export { open, openFolder, readForPipeline, type OpenOptions, type OpenSource } from './model/open.js';
export type { Artifact } from './model/artifact.js';
export { register, type CustomEstimator, type CustomSelf } from './model/register.js';
export type {
  GraphInput,
  GraphOutput,
  Model,
  ModelInputs,
  ModelPart,
  Description,
  DescribedEstimator,
} from './model/model.js';
export type { ModelInput, SparseInput, TableInput, TensorInput } from './model/input.js';
export type { ModelOutput } from './model/output.js';
export type { Csr, DType, Tensor } from './graph/tensor.js';
// What the command line reads its tables with.
export { LazyBytes } from './bytes/lazy.js';
export { openZip } from './archive/zip.js';
export { readNpy } from './formats/npy/read.js';
export { NdArray } from './python/ndarray.js';
export { fieldArray, toInt64, toStrings, toTyped } from './python/elements.js';
export { type Confidence, type Format, formatNames, identify, type Identity } from './formats/identify/index.js';
export type { DisassemblyEntry, Judgement } from './pickle/disassemble.js';
export { jsonText } from './model/json-text.js';
export type { RunLimits } from './runtime/budget.js';
export { audit } from './audit/lazy.js';
export { worst } from './audit/report.js';
export type {
  AcceptedFinding,
  AuditLimits,
  AuditOptions,
  AuditReport,
  AuditSource,
  Finding,
  Baseline,
  FindingPlace,
  Policy,
  Rule,
  SarifOptions,
  RuleId,
  Severity,
  Verdict,
} from './audit/index.js';
