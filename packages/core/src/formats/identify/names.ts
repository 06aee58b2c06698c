import { type Format, formatNames } from './identity.js';

const PYTHON: readonly Format[] = ['pickle', 'joblib'];
const TORCH: readonly Format[] = ['torch', 'torchscript', 'torch-legacy', 'torch-tar'];

/** Which formats an extension promises. Extensions that promise nothing (.bin, .dat, .model) are not listed. */
const promises = new Map<string, { what: string; formats: readonly Format[] }>([
  ['pkl', { what: 'a pickle', formats: [...PYTHON, ...TORCH] }],
  ['pickle', { what: 'a pickle', formats: PYTHON }],
  ['dill', { what: 'a pickle', formats: PYTHON }],
  // joblib.dump of an object without arrays writes a plain pickle, and joblib.load reads any.
  ['joblib', { what: 'a joblib file', formats: PYTHON }],
  ['sav', { what: 'a pickle or an SPSS file', formats: [...PYTHON, 'spss', 'idl'] }],
  ['skops', { what: 'a skops file', formats: ['skops'] }],
  ['npy', { what: 'a NumPy array', formats: ['npy'] }],
  ['npz', { what: 'NumPy arrays', formats: ['npz'] }],
  ['onnx', { what: 'an ONNX model', formats: ['onnx'] }],
  ['pt', { what: 'a PyTorch file', formats: TORCH }],
  ['pth', { what: 'a PyTorch file', formats: TORCH }],
  ['pt2', { what: 'a PyTorch exported program', formats: ['pt2'] }],
  ['h5', { what: 'an HDF5 file', formats: ['hdf5'] }],
  ['hdf5', { what: 'an HDF5 file', formats: ['hdf5'] }],
  ['keras', { what: 'a Keras model', formats: ['keras', 'hdf5'] }],
  ['pb', { what: 'a TensorFlow model', formats: ['savedmodel', 'graphdef', 'tf-fingerprint', 'keras-metadata'] }],
  ['tflite', { what: 'a TensorFlow Lite model', formats: ['tflite'] }],
  ['safetensors', { what: 'safetensors', formats: ['safetensors'] }],
  ['gguf', { what: 'a GGUF model', formats: ['gguf'] }],
  ['mlmodel', { what: 'a Core ML model', formats: ['coreml'] }],
  ['ubj', { what: 'an XGBoost model', formats: ['xgboost'] }],
  ['cbm', { what: 'a CatBoost model', formats: ['catboost'] }],
  ['lgb', { what: 'a LightGBM model', formats: ['lightgbm'] }],
  ['pmml', { what: 'PMML', formats: ['pmml'] }],
  ['json', { what: 'JSON', formats: ['json', 'jsonl', 'tfjs', 'xgboost', 'xgboost-dump', 'lightgbm', 'catboost'] }],
  ['rds', { what: 'an R object', formats: ['rds', 'rdata'] }],
  ['rdata', { what: 'an R workspace', formats: ['rdata', 'rds'] }],
  ['rda', { what: 'an R workspace', formats: ['rdata', 'rds'] }],
  ['parquet', { what: 'a Parquet table', formats: ['parquet'] }],
  ['arrow', { what: 'an Arrow table', formats: ['arrow'] }],
  ['csv', { what: 'a CSV table', formats: ['csv', 'text'] }],
]);

/** Extensions that name a compression around another. */
const COMPRESSED = /\.(gz|bz2|xz|lzma|lz4|zst|z)$/i;

/** The sentence for a name that promises another format than the content has; undefined where it keeps its word. */
export function mismatchOf(name: string, format: Format): string | undefined {
  if (format === 'empty' || format === 'unknown' || format === 'git-lfs') return undefined;
  const extension = /\.([A-Za-z0-9]+)$/.exec(name.replace(COMPRESSED, ''))?.[1].toLowerCase();
  const promise = extension === undefined ? undefined : promises.get(extension);
  if (extension === undefined || promise === undefined || promise.formats.includes(format)) return undefined;
  return `named .${extension}, which promises ${promise.what}, but the content says: ${formatNames[format]}`;
}
