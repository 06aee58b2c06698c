export { BrineError, type ErrorCode, type Place, errorCodes } from './errors.js';
export { type Source, BlobSource, BufferSource } from './bytes/source.js';
export { setPlatformCrc32 } from './bytes/checksums.js';
export { type Codec, type Compression, type PlatformDecoder, setPlatformDecoder } from './bytes/decompress.js';
export { decompress, decompressBytes, sniffCompression } from './bytes/decompress.js';
export {
  compress,
  type CompressOptions,
  type Encoder,
  type Encoding,
  setPlatformEncoder,
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
export { codeOf, isCodeType, judgeCode, listCode } from './audit/index.js';
export { audit, AUDIT_LIMITS, judgeName, parsePolicy, rules, unopened, worst } from './audit/index.js';
export { acceptanceOf, applyBaseline, parseBaseline, placeText, toJunit, toSarif } from './audit/index.js';
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
// What `brine dis` and `brine json` print.
export { describePython, disassembleFile } from './formats/pickle/disassemble.js';
export type { DisassemblyEntry, Judgement } from './pickle/disassemble.js';
export { entryToJson, formatEntry, type ListingOptions } from './pickle/listing.js';
export { jsonText } from './model/json-text.js';
export {
  environmentList,
  environmentOf,
  explainError,
  foresee,
  listFormats,
  needsOf,
  rangeText,
  type Conclusion,
  type EnvironmentReport,
  type Evidence,
  type Installed,
  type ListFormat,
  type Problem,
} from './environment/index.js';
// Do two models answer the same? (`brine verify`)
export {
  answererOf,
  answersText,
  compareAnswers,
  dataBlock,
  isAnswers,
  makeProbe,
  readAnswers,
  record,
  RecordedAnswerer,
  Recording,
  usualTolerance,
  verifyAnswerers,
  verifyModels,
  type Answer,
  type Answerer,
  type AnswersFile,
  type CompareOptions,
  type ComparedPlace,
  type Comparison,
  type LargestDifference,
  type MethodReport,
  type OutputComparison,
  type Probe,
  type RecordedBlock,
  type Refusal,
  type SampleColumn,
  type SampleGroup,
  type Samples,
  type Tolerance,
  type VerifyOptions,
  type VerifyReport,
} from './verify/index.js';
// What `brine convert` does.
export { convert, type Conversion, type ConvertOptions, type Dropped, type Verified } from './convert/convert.js';
export { targetNamed, targetOfName, targets } from './convert/targets.js';
export type { Prepared, Subject, Target, TargetOptions } from './convert/target.js';
export type { RunLimits } from './runtime/budget.js';
// Graphs run by onnxruntime, where a program has it.
export { runWith, type EngineOptions, type OnnxRuntime } from './model/engine.js';
export { bundle, type Bundle, type BundledFile } from './convert/bundle.js';
// Models of one scikit-learn for another (`brine migrate`)
export { convertMigrated, type MigratedConversion } from './convert/migrate.js';
export {
  chapters,
  migrate,
  parseTarget,
  releases,
  type Change,
  type Migrated,
  type MigrateOptions,
} from './migrate/index.js';
// `brine info --graph`
export { drawGraph } from './drawing/index.js';
