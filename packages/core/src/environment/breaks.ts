import { PyTuple, type PyInstance } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';
import type { FileFacts } from './facts.js';
import { needsOf } from './packages.js';
import { compareVersions, isIn, minorOf, type VersionRange } from './ranges.js';
import { hasModule, sklearnSpan } from './sklearn-spans.js';

/** Versions in an environment, by the names of packages (`scikit-learn`, `Python` …). */
export type Installed = ReadonlyMap<string, string>;

/** What is said and advised of one way in which loading goes wrong. */
export interface Break {
  readonly id: string;
  /** When it shows: while loading, when a method is called, or never (a wrong answer). */
  readonly stage: 'load' | 'predict' | 'silent';
  /** What tells it in the error that Python prints; none for what is silent. */
  readonly error?: RegExp;
  /** The words of the error, as that environment would print them; undefined where it does not happen. */
  readonly foresee?: (facts: FileFacts, env: Installed) => string | readonly string[] | undefined;
  readonly cause: string;
  /** What to do, best first; commands in backticks. FILE stands for the file, and $1 … for what the error names. */
  readonly fix: readonly string[];
}

const MIGRATE =
  '`brine migrate FILE new.joblib` rewrites it for the scikit-learn you have (`--to-sklearn` names another)';
const REINSTALL = '`brine env FILE --format requirements` lists an environment that loads it as it is';
const NO_PYTHON = '`brine predict FILE DATA.csv` runs it as it is, without Python';
const OLD_CODE = [MIGRATE, REINSTALL, NO_PYTHON];

const sklearnIn = (env: Installed, range: VersionRange): boolean => {
  const version = env.get('scikit-learn');
  return version !== undefined && isIn(version, range);
};

const olderThan = (env: Installed, library: string, version: string): boolean => {
  const installed = env.get(library);
  return installed !== undefined && compareVersions(installed, version) < 0;
};

const names = (facts: FileFacts, test: RegExp): boolean => [...facts.names.keys()].some((name) => test.test(name));
const module = (facts: FileFacts, test: RegExp): string | undefined =>
  [...facts.modules].find((name) => test.test(name));
const notFound = (name: string): string => `ModuleNotFoundError: No module named '${name}'`;

const lacksFields = (fields: ReadonlySet<string>, field: string): boolean =>
  [...fields].some((each) => !each.split(' ').includes(field));
const hasField = (fields: ReadonlySet<string>, field: string): boolean =>
  [...fields].some((each) => each.split(' ').includes(field));

/** pickle asks for names in two ways, which fail in different words. */
function lacksName({ protocol }: FileFacts, home: string, name: string): string {
  return (protocol ?? 4) < 4
    ? `AttributeError: module '${home}' has no attribute '${name}'`
    : `AttributeError: Can't get attribute '${name}' on <module '${home}'`;
}

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
const asked: readonly (readonly [RegExp, string, VersionRange])[] = [
  [/^DecisionTree(?:Classifier|Regressor)$/, 'monotonic_cst', { from: '1.4', below: '1.9' }],
  [/^ExtraTree(?:Classifier|Regressor)$/, 'monotonic_cst', { from: '1.6', below: '1.9' }],
  [/^HistGradientBoosting/, '_preprocessor', { from: '1.4' }],
  [/^SimpleImputer$/, 'keep_empty_features', { from: '1.2' }],
  [/^SimpleImputer$/, '_fill_dtype', { from: '1.8' }],
  [/^SimpleImputer$/, 'verbose', { below: '1.3' }],
  [/^MaxAbsScaler$/, 'clip', { from: '1.8' }],
  [/^_CalibratedClassifier$/, 'estimator', { from: '1.2' }],
  [/^LogisticRegression(?:CV)?$/, 'multi_class', { below: '1.8' }],
  [/^CalibratedClassifierCV$/, 'estimator', { from: '1.6' }],
  [/^ColumnTransformer$/, '_name_to_fitted_passthrough', { from: '1.1', below: '1.4' }],
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
    for (const [test, attribute, range] of asked)
      if (test.test(name) && !present.has(attribute) && sklearnIn(env, range))
        found.add(`AttributeError: '${name}' object has no attribute '${attribute}'`);
  }
  return [...found];
}

function instancesOf(facts: FileFacts, test: RegExp): PyInstance[] {
  return [...facts.instances]
    .filter(([path]) => test.test(path.slice(path.lastIndexOf('.') + 1)))
    .map(([, one]) => one);
}

/** The version that the file's estimators record, the commonest; pre-0.18 files record none. */
function writer(facts: FileFacts): string {
  return facts.sklearnVersions[0]?.[0] ?? '0.17';
}

/** In the order in which they would be met. */
export const breaks: readonly Break[] = byStage([
  {
    id: 'empty-file',
    stage: 'load',
    error: /EOFError: Ran out of input/,
    cause: 'The file is empty, or ends right where an object should begin: mostly a download or a copy that failed.',
    fix: ['get the file again', '`brine info FILE` says what is there'],
  },
  {
    id: 'truncated',
    stage: 'load',
    error: /pickle data was truncated|pickle exhausted before end|unexpected end of data|Compressed file ended before/,
    cause: 'The file ends before what it announces.',
    fix: [
      'get the file again, and compare its size with the original’s',
      '`brine dis FILE` shows how far it can be read',
    ],
  },
  {
    id: 'not-a-pickle',
    stage: 'load',
    error:
      /invalid load key, '(.+?)'|could not find MARK|unpickling stack underflow|A load persistent id instruction was encountered/,
    cause:
      'These bytes are no plain pickle: compressed by joblib (`x`, `\\x1f`, `B`), a git-LFS pointer (`v`), a web page (`<`), a joblib file given to pickle.load, or another format with a misleading name.',
    fix: [
      '`brine info FILE` says what it is',
      'load joblib files with joblib.load',
      'run `git lfs pull` where `brine info` says git-LFS',
    ],
  },
  {
    id: 'pickle-protocol',
    stage: 'load',
    error: /unsupported pickle protocol: (\d)/,
    foresee: ({ protocol }, env) => {
      const python = env.get('Python');
      const since = protocol === 5 ? '3.8' : protocol === 4 ? '3.4' : protocol === 3 ? '3.0' : '0';
      return python !== undefined && protocol !== undefined && compareVersions(python, since) < 0
        ? `ValueError: unsupported pickle protocol: ${protocol}`
        : undefined;
    },
    cause: 'The pickle’s protocol is newer than this Python: 5 came with Python 3.8, 4 with 3.4.',
    fix: ['use a newer Python', '`brine convert FILE new.pkl --protocol 2` writes one that every Python reads'],
  },
  {
    id: 'python2-text',
    stage: 'load',
    error: /UnicodeDecodeError: 'ascii' codec can't decode byte/,
    foresee: (facts, env) =>
      facts.python2Strings && !olderThan(env, 'Python', '3.0')
        ? "UnicodeDecodeError: 'ascii' codec can't decode byte"
        : undefined,
    cause: 'Python 2 wrote it, and its strings hold bytes; Python 3 reads them as ASCII unless told otherwise.',
    fix: [MIGRATE, 'pickle.load(file, encoding="latin1")', NO_PYTHON],
  },
  {
    id: 'joblib-python2',
    stage: 'load',
    error: /read with python 3 a joblib pickle generated with python 2/,
    cause:
      'joblib gives this hint for any error inside; mostly the file needs another joblib: before 1.2 it cannot skip the padding that 1.2 puts before arrays.',
    fix: ["`pip install 'joblib>=1.2'`", NO_PYTHON],
  },
  {
    id: 'joblib-padding',
    stage: 'load',
    error: /^(?:KeyError: \d+|.*LONG pickle has negative byte count)$/m,
    foresee: ({ wrappers }, env) =>
      wrappers.has('padded') && olderThan(env, 'joblib', '1.2') ? 'KeyError: 0' : undefined,
    cause:
      'joblib 1.2 and later put padding in front of arrays; an older joblib takes it for opcodes (a KeyError with a number, mostly) or reads arrays that are shifted.',
    fix: ["`pip install 'joblib>=1.2'`", '`brine convert FILE new.pkl` writes a plain pickle', NO_PYTHON],
  },
  {
    id: 'lz4',
    stage: 'load',
    error: /LZ4 is not installed/,
    foresee: ({ compression }, env) =>
      compression.includes('lz4') && env.has('joblib') && !env.has('lz4')
        ? 'ValueError: LZ4 is not installed. Install it with pip: https://python-lz4.readthedocs.io/'
        : undefined,
    cause: 'The file is compressed with lz4, and the package lz4 is not there.',
    fix: ['`pip install lz4`', '`brine convert FILE new.joblib --compress zlib`'],
  },
  {
    id: 'numpy-core',
    stage: 'load',
    error: /No module named 'numpy\._core/,
    foresee: (facts, env) =>
      names(facts, /^numpy\._core\./) && olderThan(env, 'numpy', '1.26') ? notFound('numpy._core') : undefined,
    cause: 'numpy 2 wrote it: it moved numpy.core to numpy._core, which numpy has under both names from 1.26 on only.',
    fix: ["`pip install 'numpy>=1.26'`", '`brine migrate FILE new.joblib --numpy 1`', NO_PYTHON],
  },
  {
    id: 'numpy-core-numeric',
    stage: 'load',
    error: /No module named 'numpy\._core\.numeric'/,
    foresee: (facts, env) =>
      names(facts, /^numpy\._core\.numeric\./) && !olderThan(env, 'numpy', '1.26') && olderThan(env, 'numpy', '2.0')
        ? notFound('numpy._core.numeric')
        : undefined,
    cause:
      'numpy 2 wrote it with pickle protocol 5. numpy 1.26 has numpy._core for such files, but not its part numeric.',
    fix: ["`pip install 'numpy>=2'`", '`brine migrate FILE new.joblib --numpy 1`', NO_PYTHON],
  },
  {
    id: 'bit-generator',
    stage: 'load',
    error: /is not a known BitGenerator module|__(?:randomstate|generator|bit_generator)_ctor\(\) takes from 0 to 1/,
    foresee: (facts, env) => {
      const { randomArguments } = facts;
      const numpy = env.get('numpy');
      if (
        facts.generatorClasses &&
        numpy !== undefined &&
        compareVersions(numpy, '1.24') >= 0 &&
        compareVersions(numpy, '2.0') < 0
      )
        return [...facts.names.values()]
          .filter((name) => /^numpy\.random\._(?!pickle)\w+$/.test(name.module))
          .map((name) => `ValueError: <class '${name.fullName}'> is not a known BitGenerator module.`);
      if (!olderThan(env, 'numpy', '1.24')) return undefined;
      const two = [...randomArguments].find(([, count]) => count > 1);
      return two ? `TypeError: ${two[0]}() takes from 0 to 1 positional arguments but 2 were given` : undefined;
    },
    cause:
      'It holds a random generator of a newer numpy, which saves them in another way (since 1.24, and again in 2.0).',
    fix: ["`pip install 'numpy>=2'`", '`brine migrate FILE new.joblib --numpy 1`', NO_PYTHON],
  },
  {
    id: 'numpy-aliases',
    stage: 'load',
    error: /module 'numpy' has no attribute '(?:float|int|bool|object|str|complex|typeDict)'/,
    foresee: (_, env) => {
      const numpy = env.get('numpy');
      return sklearnIn(env, { below: '1.0' }) && numpy !== undefined && compareVersions(numpy, '1.24') >= 0
        ? "AttributeError: module 'numpy' has no attribute 'float'"
        : undefined;
    },
    cause: 'numpy 1.24 removed names that this old scikit-learn still uses.',
    fix: ["`pip install 'numpy<1.24'`", REINSTALL],
  },
  {
    id: 'numpy-abi',
    stage: 'load',
    error:
      /numpy\.(?:dtype|ndarray|ufunc) size changed|compiled using NumPy 1\.x cannot be run in\s+NumPy 2|numpy\.core\.multiarray failed to import/,
    foresee: (_, env) => {
      const numpy = env.get('numpy');
      return sklearnIn(env, { below: '1.4.2' }) && numpy !== undefined && compareVersions(numpy, '2.0') >= 0
        ? 'ValueError: numpy.dtype size changed, may indicate binary incompatibility'
        : undefined;
    },
    cause: 'The installed packages were built for another numpy: scikit-learn before 1.4.2 needs numpy 1.',
    fix: ["`pip install 'numpy<2'`, or a scikit-learn from 1.4.2 on", REINSTALL],
  },
  {
    id: 'scipy-sparse',
    stage: 'load',
    error: /No module named 'scipy\.sparse\._/,
    foresee: (facts, env) => {
      const gone = module(facts, /^scipy\.sparse\._\w+$/);
      return gone !== undefined && olderThan(env, 'scipy', '1.8') ? notFound(gone) : undefined;
    },
    cause: 'scipy 1.8 moved its sparse matrices to modules with an underscore; older ones do not find them.',
    fix: ["`pip install 'scipy>=1.8'`", MIGRATE, NO_PYTHON],
  },
  {
    id: 'pandas-numeric-index',
    stage: 'load',
    error: /No module named 'pandas\.(?:core\.indexes\.numeric|indexes)|pandas\.core\.index'/,
    foresee: (facts, env) => {
      const gone = module(facts, /^pandas\.(?:core\.indexes\.numeric|indexes\.\w+)$/);
      return gone !== undefined && env.has('pandas') && !olderThan(env, 'pandas', '2.0') ? notFound(gone) : undefined;
    },
    cause: 'It holds a table or an index of an older pandas, whose modules were removed in pandas 2.',
    fix: ["`pip install 'pandas<2'`, load it and save it again", NO_PYTHON],
  },
  {
    id: 'pandas-blocks',
    stage: 'load',
    error:
      /Can't get attribute '(?:_unpickle_block|new_block)'|module 'pandas[\w.]*' has no attribute '(?:_unpickle_block|new_block)'/,
    foresee: (facts, env) =>
      names(facts, /\._unpickle_block$/) && olderThan(env, 'pandas', '1.4')
        ? "AttributeError: Can't get attribute '_unpickle_block'"
        : undefined,
    cause: 'It holds a table of a newer pandas than this one.',
    fix: ["`pip install 'pandas>=1.4'`", NO_PYTHON],
  },
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
    id: 'cloudpickle',
    stage: 'load',
    error:
      /code\(\) argument \d+ must be|code expected at most \d+ arguments|code\(\) takes at (?:least|most)|Can't get attribute '_(?:make_function|function_setstate|make_skeleton_class|class_setstate|builtin_type|fill_function|make_skel_func)'|unknown opcode/,
    foresee: ({ codeArguments }, env) => {
      const python = env.get('Python');
      if (python === undefined) return undefined;
      if (codeArguments.has(18) && compareVersions(python, '3.11') < 0)
        return 'TypeError: code expected at most 16 arguments, got 18';
      if (codeArguments.has(16) && compareVersions(python, '3.11') >= 0)
        return 'TypeError: code() argument 13 must be str, not int';
      return undefined;
    },
    cause:
      'It carries functions as bytecode (cloudpickle, dill), which only the Python minor version that wrote it can run.',
    fix: [REINSTALL, 'save the function in a module of your own instead, and import it'],
  },
  {
    id: 'main-name',
    stage: 'load',
    error: /Can't get attribute '(\w+)' on <module '__main__'|module '__main__' has no attribute '(\w+)'/,
    foresee: (facts) =>
      [...facts.names.values()]
        .filter((name) => name.module === '__main__')
        .map((name) => lacksName(facts, '__main__', name.name)),
    cause: 'It names a function or class of the script that saved it, which this program does not have.',
    fix: [
      'define `$1` in the program that loads it, before loading; better: in a module that both import',
      'brine opens the rest: `brine info FILE`, and `register()` teaches it the missing one',
    ],
  },
  {
    id: 'scipy-frozen',
    stage: 'load',
    error: /Can't get attribute 'rv_(?:continuous|discrete)_frozen'|no attribute 'rv_(?:continuous|discrete)_frozen'/,
    foresee: (facts, env) => {
      const [name] = [...facts.names.values()].filter(({ name: own }) =>
        /^rv_(?:continuous|discrete)_frozen$/.test(own),
      );
      return name && olderThan(env, 'scipy', '1.9') ? lacksName(facts, name.module, name.name) : undefined;
    },
    cause: 'It holds a distribution (of a randomised search) that scipy saves under this name from 1.9 on.',
    fix: ["`pip install 'scipy>=1.9'`", NO_PYTHON],
  },
  {
    id: 'library-name',
    stage: 'load',
    error:
      /Can't get attribute '(\w+)' on <module '(?!__main__)([\w.]+)'|module '(?!__main__)([\w.]+)' has no attribute '(\w+)'/,
    cause: 'The installed version of that library has no such name: another version wrote the file.',
    fix: ['`brine env FILE` says which versions wrote it', REINSTALL, NO_PYTHON],
  },
  {
    id: 'missing-package',
    stage: 'load',
    error: /No module named '(\w+)(?:\.[\w.]+)?'/,
    foresee: (facts, env) => missingPackages(facts, env),
    cause: 'It needs a package, or a module of the author’s own, that is not installed.',
    fix: ['install the package that has `$1`, or put the author’s module on the path', REINSTALL],
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
    id: 'attribute-missing',
    stage: 'predict',
    error: /'(\w+)' object has no attribute '(\w+)'/,
    foresee: missingAttributes,
    cause: 'Another version of scikit-learn saved it: `$2` was not there yet, or is no longer stored.',
    fix: OLD_CODE,
  },
  {
    id: 'idf-missing',
    stage: 'predict',
    error: /idf vector is not fitted/,
    foresee: (facts, env) =>
      instancesOf(facts, /^TfidfTransformer$/).some((one) => one.attribute('idf_') !== undefined) &&
      sklearnIn(env, { below: '1.5' })
        ? 'NotFittedError: idf vector is not fitted'
        : undefined,
    cause: 'scikit-learn 1.5 stores the IDF weights as idf_, older versions look for _idf_diag.',
    fix: OLD_CODE,
  },
  {
    id: 'idf-lost',
    stage: 'silent',
    foresee: (facts, env) =>
      instancesOf(facts, /^TfidfTransformer$/).some((one) => one.attribute('_idf_diag') !== undefined) &&
      sklearnIn(env, { from: '1.5' })
        ? 'no error, wrong answers: the TfidfTransformer loses its IDF weights'
        : undefined,
    cause:
      'scikit-learn from 1.5 on looks for idf_ and takes _idf_diag, which older ones stored, for nothing: every weight becomes 1.',
    fix: OLD_CODE,
  },
  {
    id: 'tree-counts',
    stage: 'silent',
    foresee: (facts, env) =>
      hasField(facts.treeNodes, 'missing_go_to_left') &&
      compareVersions(writer(facts), '1.4') < 0 &&
      ((instancesOf(facts, /^DecisionTreeClassifier$/).length > 0 && sklearnIn(env, { from: '1.9' })) ||
        (instancesOf(facts, /^ExtraTreeClassifier$/).length > 0 &&
          (sklearnIn(env, { from: '1.4', below: '1.6' }) || sklearnIn(env, { from: '1.9' }))))
        ? 'no error, wrong answers: predict_proba gives counts (49.0) instead of probabilities'
        : undefined,
    cause:
      'Trees of scikit-learn 1.3 store how many samples of each class they saw, later ones store fractions, and 1.9 (1.4 and 1.5 in extra trees) does not divide.',
    fix: OLD_CODE,
  },
  {
    id: 'one-vs-rest-lost',
    stage: 'silent',
    foresee: (facts, env) =>
      sklearnIn(env, { from: '1.8' }) &&
      instancesOf(facts, /^LogisticRegression(?:CV)?$/).some(
        (one) =>
          (one.attribute('multi_class') === 'ovr' || one.attribute('solver') === 'liblinear') && moreThanTwo(one),
      )
        ? 'no error, wrong answers: predict_proba gives softmax instead of one-vs-rest probabilities'
        : undefined,
    cause:
      'scikit-learn 1.8 dropped multi_class: a one-vs-rest LogisticRegression with three or more classes is taken for a multinomial one.',
    fix: OLD_CODE,
  },
  {
    id: 'multinomial-binary',
    stage: 'silent',
    foresee: (facts, env) =>
      sklearnIn(env, { from: '1.8' }) &&
      instancesOf(facts, /^LogisticRegression(?:CV)?$/).some(
        (one) => one.attribute('multi_class') === 'multinomial' && !moreThanTwo(one),
      )
        ? 'no error, wrong answers: predict_proba of two classes is less sure than it was'
        : undefined,
    cause:
      'scikit-learn 1.8 dropped multi_class: a multinomial LogisticRegression of two classes took the softmax of both signs of its score, now the logistic function of the score itself.',
    fix: OLD_CODE,
  },
  {
    id: 'multi-class-word',
    stage: 'silent',
    foresee: (facts, env) =>
      sklearnIn(env, { below: '1.5' }) &&
      instancesOf(facts, /^LogisticRegression(?:CV)?$/).some(
        (one) =>
          one.attribute('multi_class') === 'deprecated' &&
          (!moreThanTwo(one) || one.attribute('solver') === 'liblinear'),
      )
        ? 'no error, wrong answers: predict_proba gives softmax where one-vs-rest probabilities are meant'
        : undefined,
    cause: 'scikit-learn 1.5 to 1.7 store the word deprecated for multi_class, which older ones take for multinomial.',
    fix: OLD_CODE,
  },
  {
    id: 'categories-lost',
    stage: 'silent',
    foresee: (facts, env) =>
      sklearnIn(env, { below: '1.4' }) &&
      instancesOf(facts, /^HistGradientBoosting/).some((one) => (one.attribute('_preprocessor') ?? null) !== null)
        ? 'no error, wrong answers: categories are not numbered before they are looked up'
        : undefined,
    cause:
      'Since 1.4 histogram gradient boosting numbers categories with a transformer that older versions do not know.',
    fix: OLD_CODE,
  },
]);

function byStage(entries: readonly Break[]): readonly Break[] {
  const order = ['load', 'predict', 'silent'];
  return [...entries].sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
}

/** Does a ColumnTransformer hold the word `passthrough` in place of a fitted transformer? */
function passesThrough(one: PyInstance): boolean {
  const fitted = one.attribute('transformers_');
  return Array.isArray(fitted) && fitted.some((step) => step instanceof PyTuple && step.items[1] === 'passthrough');
}

/** Has it more than two classes? */
function moreThanTwo(one: PyInstance): boolean {
  const classes = one.attribute('classes_');
  return classes instanceof NdArray && (classes.shape[0] ?? 0) > 2;
}

function missingPackages(facts: FileFacts, env: Installed): string[] {
  const { packages, own } = needsOf([...facts.modules]);
  const gone = packages.filter((name) => !env.has(name)).map((name) => notFound(importName(facts, name)));
  return [
    ...gone,
    ...own.filter((name) => name !== '__main__' && name !== '_loss').map((name) => notFound(name.split('.')[0])),
  ];
}

/** The module by which the file asks for a package. */
function importName(facts: FileFacts, name: string): string {
  for (const one of facts.modules) if (needsOf([one]).packages.includes(name)) return one.split('.')[0];
  return name;
}
