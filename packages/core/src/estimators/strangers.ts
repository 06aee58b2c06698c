/**
 * What to say of a class that brine does not run. Whose it is decides what helps: a model of another library can be
 * exported to ONNX, a class of the author's own can be taught, and some of scikit-learn's have nothing to run.
 */

/** How models of a library become ONNX files, which brine runs. */
const exporters: Readonly<Record<string, string>> = {
  onnxmltools: 'in Python, onnxmltools exports it to ONNX, which brine runs',
  catboost: 'in Python, save_model(file, format="onnx") exports it to ONNX, which brine runs',
  keras: 'in Python, model.export(file, format="onnx") or tf2onnx exports it to ONNX, which brine runs',
  torch: 'in Python, torch.onnx.export writes it as ONNX, which brine runs',
};

/** Libraries by the name of their module, and the exporter of those that have one. */
const libraries: Readonly<Record<string, readonly [library: string, exporter?: string]>> = {
  xgboost: ['XGBoost', 'onnxmltools'],
  lightgbm: ['LightGBM', 'onnxmltools'],
  catboost: ['CatBoost', 'catboost'],
  keras: ['Keras', 'keras'],
  tensorflow: ['TensorFlow', 'keras'],
  keras_preprocessing: ['Keras'],
  scikeras: ['SciKeras', 'keras'],
  torch: ['PyTorch', 'torch'],
  skorch: ['skorch', 'torch'],
  imblearn: ['imbalanced-learn'],
  category_encoders: ['category-encoders'],
  feature_engine: ['Feature-engine'],
  sklearnex: ['the extension of scikit-learn by Intel'],
  daal4py: ['the extension of scikit-learn by Intel'],
  sklearn_pandas: ['sklearn-pandas'],
  sklego: ['scikit-lego'],
  skopt: ['scikit-optimize'],
  sksurv: ['scikit-survival'],
  mlxtend: ['mlxtend'],
  statsmodels: ['statsmodels'],
  pmdarima: ['pmdarima'],
  prophet: ['Prophet'],
  fbprophet: ['Prophet'],
  sktime: ['sktime'],
  lifelines: ['lifelines'],
  surprise: ['Surprise'],
  implicit: ['implicit'],
  lightfm: ['LightFM'],
  hdbscan: ['hdbscan'],
  umap: ['umap-learn'],
  pycaret: ['PyCaret'],
  tpot: ['TPOT'],
  flaml: ['FLAML'],
  autosklearn: ['auto-sklearn'],
  ngboost: ['NGBoost'],
  interpret: ['InterpretML'],
  shap: ['SHAP'],
  lime: ['LIME'],
  optuna: ['Optuna'],
  hyperopt: ['Hyperopt'],
  nltk: ['NLTK'],
  spacy: ['spaCy'],
  gensim: ['gensim'],
  transformers: ['transformers'],
  sentence_transformers: ['sentence-transformers'],
  fastai: ['fastai', 'torch'],
  mlflow: ['MLflow'],
  cuml: ['cuML'],
  pyspark: ['Spark'],
  h2o: ['H2O'],
};

/** Estimators of scikit-learn that label, or place, only the rows that they were fitted on. */
const fittedRowsOnly = new Set(
  'DBSCAN OPTICS HDBSCAN AgglomerativeClustering SpectralClustering TSNE MDS ClassicalMDS SpectralEmbedding'.split(' '),
);

/** Why a class cannot be run, and what helps; in a sentence without an end. */
export function strangerText(module: string, name: string): string {
  const full = `${module}.${name}`;
  const [top] = module.split('.');
  // What a call gives has no name of its own.
  if (name === '') return 'its class is code that the file carries along, which brine never runs';
  if (top === 'dill' || top === 'cloudpickle')
    return 'it is a function or class of Python code that the file carries along, which brine never runs';
  if (top === 'sklearn')
    return fittedRowsOnly.has(name)
      ? `${name} tells of the rows that it was fitted on only: it has no method for new ones, in scikit-learn neither`
      : `${full} is a class of scikit-learn that brine does not run`;
  if (!Object.hasOwn(libraries, top)) return `${full} is not a class that brine knows; teach it with register()`;
  const [library, exporter] = libraries[top];
  return `${full} is a class of ${library}, which brine does not run; ${
    exporter === undefined ? 'teach it with register()' : exporters[exporter]
  }`;
}
