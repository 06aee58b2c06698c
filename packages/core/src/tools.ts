/** What models are judged, compared, converted, migrated, bundled and drawn with: more than a page that asks one needs. */
export { codeOf, isCodeType, judgeCode, listCode } from './audit/index.js';
export { AUDIT_LIMITS, judgeName, parsePolicy, rules, unopened } from './audit/index.js';
export { acceptanceOf, applyBaseline, parseBaseline, placeText, toJunit, toSarif } from './audit/index.js';
// What `brine dis` and `brine json` print.
export { describePython, disassembleFile } from './formats/pickle/disassemble.js';
export { entryToJson, formatEntry, type ListingOptions } from './pickle/listing.js';
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
// What a user of skops must vouch for before loading a file: `skops.io.get_untrusted_types`.
export { untrustedTypes } from './formats/skops/index.js';
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
export {
  convert,
  targetNamed,
  targetOfName,
  targets,
  type Conversion,
  type ConvertOptions,
  type Dropped,
  type OutputPart,
  type Prepared,
  type SplitOptions,
  type Subject,
  type Target,
  type TargetOptions,
  type Verified,
} from './convert/index.js';
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
  writtenReleases,
  type Change,
  type Migrated,
  type MigrateOptions,
} from './migrate/index.js';
// `brine info --graph`
export { drawGraph } from './drawing/index.js';
