import { PyFloat, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { elements } from '../../python/elements.js';
import { Dtype, NdArray } from '../../python/ndarray.js';
import { PyPartial } from '../../python/values.js';
import type { FileFacts } from '../facts.js';
import { compareVersions, isIn, minorOf, type VersionRange } from '../ranges.js';
import { hasModule, sklearnSpan } from '../sklearn-spans.js';
import {
  OLD_CODE,
  sklearnIn,
  notFound,
  lacksFields,
  hasField,
  lacksName,
  instancesOf,
  writer,
  inOrder,
  type Installed,
} from './break.js';

/** Of scikit-learn: layouts, modules, names and attributes. */
export const sklearnBreaks = inOrder([
  {
    id: 'tree-nodes',
    stage: 'load',
    error: /node array from the pickle has an incompatible dtype|Did not recogni[sz]e loaded array/,
    foresee: ({ treeNodes }, env) => {
      const old = lacksFields(treeNodes, 'missing_go_to_left') && sklearnIn(env, { from: '1.3' });
      const modern = hasField(treeNodes, 'missing_go_to_left') && sklearnIn(env, { below: '1.3' });
      if (!old && !modern) return undefined;
      return sklearnIn(env, { below: '0.23' })
        ? 'ValueError: Did not recognise loaded array layout'
        : sklearnIn(env, { below: '1.0' })
          ? 'ValueError: Did not recognise loaded array dytpe'
          : 'ValueError: node array from the pickle has an incompatible dtype';
    },
    cause:
      'The nodes of its trees have another layout: scikit-learn 1.3 added the field missing_go_to_left, and no version reads the other’s.',
    fix: OLD_CODE,
  },
  {
    id: 'loss-module',
    stage: 'load',
    error: /No module named '_loss'/,
    foresee: (facts, env) =>
      facts.modules.has('_loss') && env.has('scikit-learn') && !sklearnIn(env, { from: '1.5', below: '1.9' })
        ? notFound('_loss')
        : undefined,
    cause:
      'scikit-learn 1.5 to 1.8 saved the losses of boosted models under the bare module name _loss, which exists in those versions only.',
    fix: OLD_CODE,
  },
  {
    id: 'sklearn-module',
    stage: 'load',
    error: /No module named '(sklearn\.[\w.]+)'/,
    foresee: (facts, env) => sklearnNames(facts, env, true),
    cause:
      'Another version of scikit-learn wrote it: the module has moved, was removed, or is newer than the one installed.',
    fix: OLD_CODE,
  },
  {
    id: 'sklearn-name',
    stage: 'load',
    error:
      /Can't get attribute '(\w+)' on <module '(?:sklearn[\w.]*|_loss)'|module 'sklearn[\w.]*' has no attribute '(\w+)'/,
    foresee: (facts, env) => sklearnNames(facts, env, false),
    cause: 'Another version of scikit-learn wrote it: the class or function was renamed or removed, or is newer.',
    fix: OLD_CODE,
  },
  {
    id: 'old-binary',
    stage: 'predict',
    error: /Buffer dtype mismatch, expected '(\w+(?: \w+)*)' but got/,
    foresee: ({ histogramNodes }, env) => {
      const small = [...histogramNodes].some((fields) => !fields.includes('(56 bytes)'));
      return small && sklearnIn(env, { from: '1.3' })
        ? "ValueError: Buffer dtype mismatch, expected 'intp_t' but got 'unsigned int'"
        : histogramNodes.size > 0 && !small && sklearnIn(env, { below: '1.3' })
          ? "ValueError: Buffer dtype mismatch, expected 'unsigned int' but got 'long long'"
          : undefined;
    },
    cause:
      'The numbers in the file have another width than this build of scikit-learn expects: another version, or another platform (32 bits, Windows).',
    fix: OLD_CODE,
  },
  {
    id: 'passthrough-step',
    stage: 'predict',
    error: /'str' object has no attribute 'transform'/,
    foresee: (facts, env) =>
      compareVersions(writer(facts), '1.4') < 0 &&
      sklearnIn(env, { from: '1.4' }) &&
      instancesOf(facts, /^ColumnTransformer$/).some(passesThrough)
        ? "AttributeError: 'str' object has no attribute 'transform'"
        : undefined,
    cause:
      'Before 1.4 a ColumnTransformer stored the word passthrough for columns that it hands on; later ones expect a transformer there.',
    fix: OLD_CODE,
  },
  {
    id: 'boosting-loss',
    stage: 'predict',
    error: /'(\w+)' object has no attribute 'get_init_raw_predictions'/,
    foresee: (facts, env) => {
      const [loss] = instancesOf(facts, /^GradientBoosting/).map((one) => one.attribute('_loss'));
      return loss instanceof PyInstance &&
        loss.module.startsWith('sklearn._loss') &&
        sklearnIn(env, { from: '1.1', below: '1.4' })
        ? `AttributeError: '${loss.name}' object has no attribute 'get_init_raw_predictions'`
        : undefined;
    },
    cause:
      'Gradient boosting took its losses from another module until 1.4, and asks them for what the new ones do not have.',
    fix: OLD_CODE,
  },
  {
    id: 'attribute-missing',
    stage: 'predict',
    // Of scikit-learn's classes: Python's and other libraries' have reasons of their own.
    error:
      /'(?!NoneType|dict|list|bytes|tuple|set|super|XGB|LGBM|CatBoost|Booster|DataFrame|Series|ndarray|module)(str|[A-Z]\w+|_\w+)' object has no attribute '(\w+)'/,
    foresee: missingAttributes,
    cause: 'Another version of scikit-learn saved it: `$2` was not there yet, or is no longer stored.',
    fix: OLD_CODE,
  },
  {
    id: 'check-array-keyword',
    stage: 'predict',
    error: /check_array\(\) got an unexpected keyword argument '(\w+)'/,
    foresee: (facts, env) =>
      instancesOf(facts, /^FunctionTransformer$/).some(checksAllFinite) && sklearnIn(env, { below: '1.6' })
        ? "TypeError: check_array() got an unexpected keyword argument 'ensure_all_finite'"
        : undefined,
    cause:
      'It holds a call of check_array, whose argument force_all_finite is called ensure_all_finite since scikit-learn 1.6.',
    fix: OLD_CODE,
  },
  {
    id: 'dropped-categories',
    stage: 'predict',
    error: /'>' not supported between instances of 'int' and 'NoneType'/,
    foresee: (facts, env) =>
      instancesOf(facts, /^OneHotEncoder$/).some(dropsSome) && sklearnIn(env, { below: '0.23' })
        ? "TypeError: '>' not supported between instances of 'int' and 'NoneType'"
        : undefined,
    cause: 'Its OneHotEncoder drops a category of some features only, which came with scikit-learn 0.23.',
    fix: OLD_CODE,
  },
  {
    id: 'filling-dtype',
    stage: 'predict',
    error: /The dtype of the filling value \(i\.e\. dtype\('(\w+)'\)\) cannot be cast/,
    foresee: (facts, env) =>
      instancesOf(facts, /^SimpleImputer$/).some(fillsObjects) && sklearnIn(env, { from: '1.4', below: '1.8' })
        ? "ValueError: The dtype of the filling value (i.e. dtype('O')) cannot be cast to the input data"
        : undefined,
    cause:
      'Its SimpleImputer keeps the number that it fills in among objects, as 1.8 does; until 1.7 that was compared with the type of the input.',
    fix: OLD_CODE,
  },
  {
    id: 'idf-missing',
    stage: 'predict',
    error: /idf vector is not fitted|TF-IDF vectorizer is not fitted/,
    foresee: (facts, env) =>
      instancesOf(facts, /^TfidfTransformer$/).some((one) => one.attribute('idf_') !== undefined) &&
      sklearnIn(env, { below: '1.5' })
        ? 'NotFittedError: idf vector is not fitted'
        : undefined,
    cause: 'scikit-learn 1.5 stores the IDF weights as idf_, older versions look for _idf_diag.',
    fix: OLD_CODE,
  },
]);

/** The outermost part of a module's name that a version of scikit-learn lacks. */
function missingModule(name: string, version: string): string {
  const parts = name.split('.');
  for (let i = 2; i <= parts.length; i++) {
    const prefix = parts.slice(0, i).join('.');
    if (hasModule(prefix, version) === false) return prefix;
  }
  return name;
}

function sklearnNames(facts: FileFacts, env: Installed, ofModule: boolean): string[] {
  const version = env.get('scikit-learn');
  if (version === undefined) return [];
  const found = new Set<string>();
  for (const name of facts.names.values()) {
    const span = sklearnSpan(name.module, name.name);
    if (span === undefined || isIn(minorOf(version), span.range)) continue;
    const moduleGone = hasModule(name.module, minorOf(version)) === false;
    if (moduleGone !== ofModule) continue;
    found.add(
      moduleGone ? notFound(missingModule(name.module, minorOf(version))) : lacksName(facts, name.module, name.name),
    );
  }
  return [...found];
}

/**
 * Attributes that some versions ask their estimators for, and that others never stored: [class, attribute, the versions
 * whose code asks]. Seen by loading models of 1.1 to 1.9 in 0.22 to 1.9 (oracle/environment/errors.py).
 */
const asked: readonly (readonly [RegExp, string, VersionRange, when?: (one: PyInstance) => boolean])[] = [
  [/^DecisionTree(?:Classifier|Regressor)$/, 'monotonic_cst', { from: '1.4', below: '1.9' }],
  [/^ExtraTree(?:Classifier|Regressor)$/, 'monotonic_cst', { from: '1.6', below: '1.9' }],
  [/^HistGradientBoosting/, '_preprocessor', { from: '1.4' }],
  [/^SimpleImputer$/, 'keep_empty_features', { from: '1.2' }],
  [/^SimpleImputer$/, '_fill_dtype', { from: '1.8' }],
  [/^SimpleImputer$/, 'verbose', { below: '1.3' }, hasEmptyFeature],
  [/^OneHotEncoder$/, 'drop', { from: '1.3' }],
  [/^OneHotEncoder$/, 'drop_idx_', { from: '0.23', below: '1.3' }],
  [/^MaxAbsScaler$/, 'clip', { from: '1.8' }],
  [/^_CalibratedClassifier$/, 'estimator', { from: '1.2' }],
  [/^_CalibratedClassifier$/, 'classes_', { below: '0.24' }],
  [/^LogisticRegression(?:CV)?$/, 'multi_class', { below: '1.8' }],
  [/^CalibratedClassifierCV$/, 'estimator', { from: '1.6' }],
  [/^ColumnTransformer$/, '_name_to_fitted_passthrough', { from: '1.2', below: '1.4' }],
  [/^ColumnTransformer$/, '_feature_names_in', { below: '1.0' }],
  [/^GradientBoosting/, 'loss_', { below: '1.1' }],
  [/^GradientBoosting/, 'n_features_', { below: '1.0' }],
  [/^SV[CR]$/, 'probA_', { below: '0.24' }],
  [/^(?:DecisionTree|ExtraTree)(?:Classifier|Regressor)$/, 'n_features_', { below: '0.24' }],
  [/^GaussianNB$/, 'sigma_', { below: '1.0' }],
];

function missingAttributes(facts: FileFacts, env: Installed): string[] {
  const found = new Set<string>();
  for (const [path, present] of facts.attributes) {
    const name = path.slice(path.lastIndexOf('.') + 1);
    const one = facts.instances.get(path);
    for (const [test, attribute, range, when] of asked)
      if (test.test(name) && !present.has(attribute) && sklearnIn(env, range) && (!when || !one || when(one)))
        found.add(`AttributeError: '${name}' object has no attribute '${attribute}'`);
  }
  return [...found];
}

/** Does it leave out features that were missing throughout, which it once told of? */
function hasEmptyFeature(imputer: PyInstance): boolean {
  const statistics = imputer.attribute('statistics_');
  if (imputer.attribute('strategy') === 'constant' || !(statistics instanceof NdArray)) return false;
  return elements(statistics).some((x) => x === null || Number.isNaN(asNumber(x)));
}

const asNumber = (x: PyValue): unknown => (x instanceof PyFloat ? x.value : x);

/** Does it call check_array with an argument that older versions call otherwise? */
function checksAllFinite(transformer: PyInstance): boolean {
  const func = transformer.attribute('func');
  return func instanceof PyPartial && func.keywords.has('ensure_all_finite');
}

/** Does it drop a category of some features, and none of others? */
function dropsSome(encoder: PyInstance): boolean {
  const dropped = encoder.attribute('drop_idx_');
  return dropped instanceof NdArray && elements(dropped).includes(null);
}

/** Does it keep a number to fill in among objects, where it was fitted on numbers? */
function fillsObjects(imputer: PyInstance): boolean {
  const [fit, statistics] = [imputer.attribute('_fit_dtype'), imputer.attribute('statistics_')];
  const numbers = fit instanceof Dtype && fit.type !== 'O';
  const objects = statistics instanceof NdArray && statistics.dtype.type === 'O';
  return imputer.attribute('strategy') === 'constant' && numbers && objects;
}

/** Does a ColumnTransformer hold the word `passthrough` in place of a fitted transformer? */
function passesThrough(one: PyInstance): boolean {
  const fitted = one.attribute('transformers_');
  return Array.isArray(fitted) && fitted.some((step) => step instanceof PyTuple && step.items[1] === 'passthrough');
}
