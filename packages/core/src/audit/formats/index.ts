/**
 * Who examines what. Each is loaded when a file of its format comes: a new examiner is one file in this folder and one
 * line here for each of its formats.
 */
import type { Format } from '../../formats/identify/index.js';
import type { Examiner } from '../examiner.js';

type Load = () => Promise<{ readonly examiner: Examiner }>;

const pickle: Load = () => import('./pickle.js');
const npy: Load = () => import('./npy.js');
const zip: Load = () => import('./zip.js');
const tar: Load = () => import('./tar.js');
const torch: Load = () => import('./torch.js');
const torchOld: Load = () => import('./torch-old.js');
const torchExported: Load = () => import('./torch-exported.js');
const keras: Load = () => import('./keras.js');
const hdf5: Load = () => import('./hdf5.js');
const savedmodel: Load = () => import('./savedmodel.js');
const onnx: Load = () => import('./onnx.js');
const skops: Load = () => import('./skops.js');
const tensors: Load = () => import('./tensors.js');
const tflite: Load = () => import('./tflite.js');
const coreml: Load = () => import('./coreml.js');
const boosting: Load = () => import('./boosting.js');
const pmml: Load = () => import('./pmml.js');
const java: Load = () => import('./java.js');
const r: Load = () => import('./r.js');
const json: Load = () => import('./json.js');
const text: Load = () => import('./text.js');
const mlflow: Load = () => import('./mlflow.js');
const sevenzip: Load = () => import('./sevenzip.js');

export const examiners: Readonly<Partial<Record<Format, Load>>> = {
  pickle,
  joblib: pickle,
  'torch-legacy': torchOld,
  'torch-tar': torchOld,
  pt2: torchExported,
  npy,
  npz: zip,
  zip,
  xlsx: zip,
  tar,
  '7z': sevenzip,
  savedmodel,
  graphdef: savedmodel,
  'keras-metadata': savedmodel,
  'tf-checkpoint': savedmodel,
  'tf-data': savedmodel,
  'tf-fingerprint': savedmodel,
  safetensors: tensors,
  gguf: tensors,
  tflite,
  coreml,
  mlpackage: coreml,
  xgboost: boosting,
  lightgbm: boosting,
  catboost: boosting,
  pmml,
  java,
  weka: java,
  rds: r,
  rdata: r,
  json,
  tfjs: json,
  text,
  mlflow,
  skops,
  onnx,
  keras,
  hdf5,
  torch,
  torchscript: torch,
};
