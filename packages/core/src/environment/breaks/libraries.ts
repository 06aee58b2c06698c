import { compareVersions } from '../ranges.js';
import {
  MIGRATE,
  REINSTALL,
  NO_PYTHON,
  sklearnIn,
  olderThan,
  namesLike,
  moduleLike,
  notFound,
  lacksName,
  inOrder,
} from './break.js';

/** Of joblib, numpy, scipy and pandas. */
export const librariesBreaks = inOrder([
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
      namesLike(facts, /^numpy\._core\./) && olderThan(env, 'numpy', '1.26') ? notFound('numpy._core') : undefined,
    cause: 'numpy 2 wrote it: it moved numpy.core to numpy._core, which numpy has under both names from 1.26 on only.',
    fix: ["`pip install 'numpy>=1.26'`", '`brine migrate FILE new.joblib --numpy 1`', NO_PYTHON],
  },
  {
    id: 'numpy-core-numeric',
    stage: 'load',
    error: /No module named 'numpy\._core\.numeric'/,
    foresee: (facts, env) =>
      namesLike(facts, /^numpy\._core\.numeric\./) && !olderThan(env, 'numpy', '1.26') && olderThan(env, 'numpy', '2.0')
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
      if (facts.generatorClasses && olderThan(env, 'numpy', '2.0'))
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
    id: 'ufunc-name',
    stage: 'load',
    error: /_ufunc_reconstruct|no attribute '\w+'.*_multiarray_umath|_multiarray_umath'? has no attribute/,
    cause: 'It names a function of numpy by the module that held it inside, in another version of numpy.',
    fix: ['`brine migrate FILE new.joblib` names it by numpy itself', REINSTALL, NO_PYTHON],
  },
  {
    id: 'numpy-missing',
    stage: 'load',
    error: /No module named 'numpy\.core/,
    cause: 'numpy is not installed whole: every numpy there is has a numpy.core.',
    fix: ['`pip install --force-reinstall numpy`'],
  },
  {
    id: 'pandas-numpy',
    stage: 'load',
    error: /Cannot interpret '<attribute 'dtype' of 'numpy\.generic' objects>' as a data type/,
    cause: 'This pandas is too old for this numpy: numpy 1.20 changed what its types look like.',
    fix: ['`pip install -U pandas`', "`pip install 'numpy<1.20'`"],
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
      const gone = moduleLike(facts, /^scipy\.sparse\._\w+$/);
      return gone !== undefined && olderThan(env, 'scipy', '1.8') ? notFound(gone) : undefined;
    },
    cause: 'scipy 1.8 moved its sparse matrices to modules with an underscore; older ones do not find them.',
    fix: ["`pip install 'scipy>=1.8'`", MIGRATE, NO_PYTHON],
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
    id: 'pandas-numeric-index',
    stage: 'load',
    error: /No module named 'pandas\.(?:core\.indexes\.numeric|indexes)|pandas\.core\.index'/,
    foresee: (facts, env) => {
      const gone = moduleLike(facts, /^pandas\.(?:core\.indexes\.numeric|indexes\.\w+)$/);
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
      namesLike(facts, /\._unpickle_block$/) && olderThan(env, 'pandas', '1.4')
        ? "AttributeError: Can't get attribute '_unpickle_block'"
        : undefined,
    cause: 'It holds a table of a newer pandas than this one.',
    fix: ["`pip install 'pandas>=1.4'`", NO_PYTHON],
  },
  {
    id: 'pandas-module',
    stage: 'load',
    error:
      /No module named '(pandas\.[\w.]+)'|Can't get attribute '(\w+)' on <module 'pandas|module 'pandas[\w.]*' has no attribute '(?!_unpickle_block|new_block)/,
    cause: 'It holds a table, a column or an index of another version of pandas, which keeps $1 elsewhere.',
    fix: ['`brine env FILE` says which pandas wrote it', NO_PYTHON, REINSTALL],
  },
]);
