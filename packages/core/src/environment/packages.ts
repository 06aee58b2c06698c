import { standardLibrary } from './stdlib.js';

/** What a module is installed as, where the name differs. */
const installed: Readonly<Record<string, string>> = {
  sklearn: 'scikit-learn',
  _loss: 'scikit-learn',
  imblearn: 'imbalanced-learn',
  category_encoders: 'category-encoders',
  sklearn_pandas: 'sklearn-pandas',
  sklego: 'scikit-lego',
  skopt: 'scikit-optimize',
  cv2: 'opencv-python',
  PIL: 'pillow',
  yaml: 'PyYAML',
  dateutil: 'python-dateutil',
  Bio: 'biopython',
  skimage: 'scikit-image',
  CHAID: 'CHAID',
  Crypto: 'pycryptodome',
  sentence_transformers: 'sentence-transformers',
  umap: 'umap-learn',
  sktree: 'scikit-tree',
  sksurv: 'scikit-survival',
};

/** Packages of which the name of the module is the name of the package. */
const asNamed = new Set(
  'numpy scipy pandas joblib xgboost lightgbm catboost statsmodels mlxtend torch tensorflow keras transformers cloudpickle dill pyarrow polars dask spacy nltk gensim shap boruta ngboost interpret flaml tpot pycaret optbinning treelib treeple sklearn2pmml hyperopt h2o causalml networkx sympy numba cupy jax flax skorch prophet pytz narwhals feature_engine lime eli5 river hdbscan'.split(
    ' ',
  ),
);

export interface Needs {
  /** Packages to install. */
  readonly packages: readonly string[];
  /** Modules of no package that is known: mostly the author's own. */
  readonly own: readonly string[];
}

/** What Python would need to import these modules; its standard library aside. */
export function needsOf(modules: readonly string[]): Needs {
  const packages = new Set<string>();
  const own = new Set<string>();
  for (const module of modules) {
    const [top] = module.split('.');
    if (top === '' || standardLibrary.has(top)) continue;
    if (Object.hasOwn(installed, top)) packages.add(installed[top]);
    else if (asNamed.has(top)) packages.add(top);
    else own.add(module);
  }
  // scikit-learn brings them along.
  if (packages.has('scikit-learn')) for (const name of ['numpy', 'scipy', 'joblib']) packages.delete(name);
  return { packages: [...packages].sort(), own: [...own].sort() };
}
