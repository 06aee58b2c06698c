/**
 * Do two models answer the same? Answers are compared (compare), inputs made from what a model tells (probe), and
 * models of any formats run side by side (verify).
 */
export {
  compareAnswers,
  OutputComparer,
  outputsOf,
  sameBits,
  sameLabel,
  type Answer,
  type CompareOptions,
  type ComparedPlace,
  type Comparison,
  type LargestDifference,
  type OutputComparison,
} from './compare.js';
export { rowsOf, type Rows } from './rows.js';
export { coarser, unitInLastPlace, usualTolerance, type Tolerance } from './tolerance.js';
export { answererOf, RecordedAnswerer, type Answerer } from './answerer.js';
export { graphInput, modelInput } from './feed.js';
export type { SampleGroup } from './make.js';
export { makeProbe, type Probe } from './probe.js';
export type { SampleColumn, Samples } from './samples.js';
export { answersText, isAnswers, readAnswers, type AnswersFile } from './answers-file.js';
export { record, Recording, type RecordedBlock } from './record.js';
export { verifyModels } from './models.js';
export {
  dataBlock,
  verifyAnswerers,
  type GivenRows,
  type MethodReport,
  type Refusal,
  type VerifyOptions,
  type VerifyReport,
} from './verify.js';
