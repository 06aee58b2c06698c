import type { FileFacts } from '../facts.js';
import { needsOf } from '../packages.js';
import { REINSTALL, NO_PYTHON, notFound, inOrder, type Installed } from './break.js';

/** Of packages that are missing or of another version; asked last, since they fit nearly everything. */
export const packagesBreaks = inOrder([
  {
    id: 'library-name',
    stage: 'load',
    error:
      /Can't get attribute '(\w+)'(?! on <module '__main__)|module '(?!__main__)([\w.]+)' has no attribute '(\w+)'/,
    cause: 'The installed version of that library has no such name: another version wrote the file.',
    fix: ['`brine env FILE` says which versions wrote it', REINSTALL, NO_PYTHON],
  },
  {
    id: 'missing-sklearn',
    stage: 'load',
    error: /No module named 'sklearn'/,
    cause: 'scikit-learn is not installed in the Python that runs this.',
    fix: ['`pip install scikit-learn`', REINSTALL, NO_PYTHON],
  },
  {
    id: 'missing-known',
    stage: 'load',
    error:
      /No module named '(xgboost|lightgbm|catboost|joblib|pandas|numpy|scipy|skops|cloudpickle|dill|torch|skl2onnx)\b/,
    cause: 'The file, or the program, needs $1, which is not installed in the Python that runs this.',
    fix: ['`pip install $1`', REINSTALL, NO_PYTHON],
  },
  {
    id: 'missing-package',
    stage: 'load',
    error: /No module named '(\w+)(?:\.[\w.]+)?'/,
    foresee: (facts, env) => missingPackages(facts, env),
    cause: 'It needs a package, or a module of the author’s own, that is not installed.',
    fix: ['install the package that has `$1`, or put the author’s module on the path', REINSTALL],
  },
]);

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
