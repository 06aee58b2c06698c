import { BrineError } from '../../errors.js';
import {
  hdf5,
  java,
  lightgbm,
  rds,
  safetensors,
  savs,
  xgboostBs64,
  xgboostLegacy,
  xgboostUbj,
} from './detect-models.js';
import { oldPickle, pickle, torchLegacy } from './detect-pickle.js';
import { coreml, graphdef, onnx, savedmodel } from './detect-protobuf.js';
import { kerasMetadata, tfCheckpoint, tfData, tfFingerprint } from './detect-tensorflow.js';
import { csv, gitLfs, html, json, mlflow, text, xgboostTextDump, xml } from './detect-text.js';
import { tar, zip, zipBehind } from './detect-zip.js';
import type { Detector, Format, Match } from './identity.js';
import { at, signature } from './signature.js';

/** Things that are found where a model should be, by signature, and what to say of them. */
const OTHERS: readonly [Format, string | readonly string[], number, string][] = [
  ['parquet', 'PAR1', 0, 'a Parquet table: data, not a model'],
  ['arrow', ['ARROW1', 'FEA1'], 0, 'an Arrow or Feather table: data, not a model'],
  ['sqlite', 'SQLite format 3\0', 0, 'an SQLite database, not a model'],
  ['7z', '7z\xbc\xaf\x27\x1c', 0, 'a 7-Zip archive: unpack it first'],
  ['rar', 'Rar!\x1a\x07', 0, 'a RAR archive: unpack it first'],
  ['image', ['GIF87a', 'GIF89a', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff'], 0, 'an image, not a model'],
  ['pdf', '%PDF-', 0, 'a PDF document, not a model'],
  [
    'program',
    ['\x7fELF', '\xcf\xfa\xed\xfe', '\xfe\xed\xfa\xcf', '\xca\xfe\xba\xbe'],
    0,
    'a program, not a model: do not run it',
  ],
];

const others: Detector[] = OTHERS.map(([format, texts, offset, advice]) => {
  const { test } = signature(format, texts, { offset });
  return {
    format,
    test: async (head): Promise<Match | undefined> => {
      const match = await test(head);
      if (match === undefined) return undefined;
      return { ...match, problem: new BrineError('NOT_A_MODEL', advice, { file: head.name }) };
    },
  };
});

/** MZ alone is two letters; a Windows program also has the offset of its PE header at byte 60. */
const windowsProgram: Detector = {
  format: 'program',
  test: (head): Match | undefined => {
    if (!at(head, 0, 'MZ') || head.bytes.length < 64) return undefined;
    const offset = head.bytes[60] | (head.bytes[61] << 8) | (head.bytes[62] << 16);
    if (!at(head, offset, 'PE\0\0')) return undefined;
    return {
      confidence: 'certain',
      why: 'it begins as a Windows program',
      problem: new BrineError('NOT_A_MODEL', 'a program, not a model: do not run it', { file: head.name }),
    };
  },
};

/** Arrow's stream has no signature: a mark, the length of a flatbuffer, and the schema's version in it. */
const arrowStream: Detector = {
  format: 'arrow',
  test: (head): Match | undefined => {
    if (!at(head, 0, '\xff\xff\xff\xff') || head.bytes.length < 32) return undefined;
    const view = new DataView(head.bytes.buffer, head.bytes.byteOffset, head.bytes.byteLength);
    const length = view.getUint32(4, true);
    if (length % 8 !== 0 || length > head.size - 8 || view.getUint32(8, true) > 64) return undefined;
    return {
      variant: 'stream',
      confidence: 'likely',
      why: `a continuation mark and a message of ${length} bytes, as Arrow’s stream begins`,
      problem: new BrineError('NOT_A_MODEL', 'an Arrow table: data, not a model', { file: head.name }),
    };
  },
};

/** Every detector, the surest first: what a signature decides is not left to what merely makes sense. */
export const detectors: readonly Detector[] = [
  torchLegacy,
  pickle,
  zip,
  signature('npy', '\x93NUMPY'),
  signature('gguf', ['GGUF', 'FUGG']),
  signature('catboost', 'CBM1', { variant: 'cbm' }),
  signature('tflite', 'TFL3', { offset: 4 }),
  signature('rdata', ['RDX2\n', 'RDX3\n', 'RDA2\n', 'RDA3\n', 'RDB2\n', 'RDB3\n']),
  ...savs,
  ...others,
  windowsProgram,
  arrowStream,
  java,
  gitLfs,
  xgboostUbj,
  xgboostBs64,
  lightgbm,
  tfData,
  hdf5,
  safetensors,
  rds,
  xgboostLegacy,
  tar,
  html,
  xml,
  json,
  mlflow,
  xgboostTextDump,
  onnx,
  coreml,
  savedmodel,
  kerasMetadata,
  graphdef,
  tfCheckpoint,
  tfFingerprint,
  oldPickle,
  zipBehind,
  csv,
  text,
];
