import type { ZipArchive } from '../../archive/zip.js';
import type { Compression } from '../../bytes/decompress.js';
import type { Source } from '../../bytes/source.js';
import type { BrineError } from '../../errors.js';

/** What a file can be, and what people call it. */
export const formatNames = {
  // Python objects
  pickle: 'Python pickle',
  joblib: 'joblib',
  skops: 'skops',
  npy: 'NumPy array',
  npz: 'NumPy arrays (.npz)',
  // deep learning
  torch: 'PyTorch (zip)',
  torchscript: 'TorchScript',
  'torch-legacy': 'PyTorch before 1.6',
  'torch-tar': 'PyTorch before 0.1.10',
  pt2: 'PyTorch exported program (.pt2)',
  keras: 'Keras 3',
  hdf5: 'HDF5',
  tflite: 'TensorFlow Lite',
  savedmodel: 'TensorFlow SavedModel',
  graphdef: 'TensorFlow frozen graph',
  tfjs: 'TensorFlow.js model',
  'tf-checkpoint': 'TensorFlow checkpoint index',
  'tf-data': 'TensorFlow checkpoint data',
  'tf-fingerprint': 'TensorFlow fingerprint',
  'keras-metadata': 'Keras metadata of a SavedModel',
  onnx: 'ONNX',
  coreml: 'Core ML',
  mlpackage: 'Core ML package',
  safetensors: 'safetensors',
  gguf: 'GGUF',
  // trees and statistics
  xgboost: 'XGBoost',
  'xgboost-dump': 'XGBoost tree dump',
  lightgbm: 'LightGBM',
  catboost: 'CatBoost',
  pmml: 'PMML',
  mlflow: 'MLflow model description',
  rds: 'R object (.rds)',
  rdata: 'R workspace (.RData)',
  weka: 'Weka',
  java: 'Java serialised object',
  spss: 'SPSS data',
  idl: 'IDL save file',
  // archives
  zip: 'zip archive',
  tar: 'tar archive',
  '7z': '7-Zip archive',
  rar: 'RAR archive',
  // data and everything else that lies about where a model was expected
  csv: 'CSV table',
  json: 'JSON',
  jsonl: 'JSON Lines',
  html: 'web page',
  xml: 'XML',
  text: 'text',
  parquet: 'Parquet table',
  arrow: 'Arrow table',
  xlsx: 'Excel workbook',
  sqlite: 'SQLite database',
  image: 'image',
  pdf: 'PDF document',
  program: 'program',
  'git-lfs': 'git-LFS pointer',
  empty: 'empty file',
  unknown: 'unknown format',
} as const;

export type Format = keyof typeof formatNames;

/** `certain`: a signature no other format has. `likely`: the structure fits. `guess`: nothing speaks against it. */
export type Confidence = 'certain' | 'likely' | 'guess';

/** What a file is, and how that was found out. */
export interface Identity {
  readonly format: Format;
  /** Which of the format's forms: `json`, `ubj`, `keras`, `protocol 4` … */
  readonly variant?: string;
  /** How it is compressed, outermost first; mostly not at all. */
  readonly compression: readonly Compression[];
  readonly confidence: Confidence;
  /** One sentence: which bytes decided. */
  readonly why: string;
  /** One sentence where the file's name promises another format. */
  readonly mismatch?: string;
  /** Why no model can be read from it, and what to do; absent where one may try. Meant to be thrown as it is. */
  readonly problem?: BrineError;
  /** The archive that was opened to find out, where the source itself is one. */
  readonly archive?: ZipArchive;
}

/** What a detector found. */
export interface Match {
  readonly variant?: string;
  readonly confidence: Confidence;
  readonly why: string;
  readonly problem?: BrineError;
  /** A format more precise than the detector's own. */
  readonly format?: Format;
  /** The archive that was opened to find out. */
  readonly archive?: ZipArchive;
}

/** What a detector looks at: the beginning of the content, decompressed. */
export interface Head {
  /** The first 64 KiB, or less where that is all. */
  readonly bytes: Uint8Array;
  /** The same as characters of one byte each. */
  readonly text: string;
  /** Size of the content; Infinity where compression hides it. */
  readonly size: number;
  /** What to call the file. */
  readonly name: string;
  /** The whole content; absent inside compression. */
  readonly source?: Source;
}

export interface Detector {
  readonly format: Format;
  readonly test: (head: Head) => Match | undefined | Promise<Match | undefined>;
}
